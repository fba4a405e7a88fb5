/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/utf8.h>

/* Length of the valid sequence at p (1 to 4), or 0; *bad is then the length of the maximal subpart. */
static size_t sequence(const unsigned char *p, size_t left, size_t *bad)
{
	static const struct {
		unsigned char from, to, low, high, length;
	} forms[] = {
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	*bad = 1;
	if (p[0] < 0x80)
		return 1;
	for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
		if (p[0] < forms[f].from || p[0] > forms[f].to)
			continue;
		if (left < 2 || p[1] < forms[f].low || p[1] > forms[f].high)
			return 0;
		for (size_t i = 2; i < forms[f].length; i++) {
			if (i >= left || (p[i] & 0xc0) != 0x80) {
				*bad = i;
				return 0;
			}
		}
		return forms[f].length;
	}
	return 0;
}

size_t utf8_valid_prefix(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0, bad;
	while (i < s.n) {
		uint64_t eight;
		while (s.n - i >= 8 &&
			(memcpy(&eight, p + i, 8), !(eight & UINT64_C(0x8080808080808080))))
			i += 8;
		if (i >= s.n)
			break;
		size_t n = sequence(p + i, s.n - i, &bad);
		if (!n)
			return i;
		i += n;
	}
	return s.n;
}

bool utf8_valid(struct slice s)
{
	return utf8_valid_prefix(s) == s.n;
}

size_t utf8_repair(struct buf *out, struct slice s)
{
	size_t repaired = 0;
	while (s.n) {
		size_t good = utf8_valid_prefix(s), bad = 0;
		buf_add(out, s.p, good);
		s.p += good;
		s.n -= good;
		if (!s.n)
			break;
		sequence((const unsigned char *)s.p, s.n, &bad);
		buf_add(out, "\xef\xbf\xbd", 3);
		s.p += bad;
		s.n -= bad;
		repaired++;
	}
	return repaired;
}

uint32_t utf8_next(struct slice s, size_t *i)
{
	const unsigned char *p = (const unsigned char *)s.p + *i;
	if (p[0] < 0x80) {
		*i += 1;
		return p[0];
	}
	if (p[0] < 0xe0) {
		*i += 2;
		return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if (p[0] < 0xf0) {
		*i += 3;
		return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	}
	*i += 4;
	return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
		(uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

size_t utf8_put(char out[static 4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

struct slice utf8_cut(struct slice s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct slice){s.p, max};
}

size_t utf8_length(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}
