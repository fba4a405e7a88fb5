/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/utf8.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Bytes of ASCII from s[i] on. */
static inline size_t ascii_run(const unsigned char *s, size_t i, size_t n)
{
	size_t start = i;
	while (n - i >= 8) {
		uint64_t w;
		memcpy(&w, s + i, 8);
		w &= HIGH_BITS;
		if (w) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return i + (size_t)(__builtin_ctzll(w) >> 3) - start;
#else
			return i + (size_t)(__builtin_clzll(w) >> 3) - start;
#endif
		}
		i += 8;
	}
	while (i < n && s[i] < 0x80)
		i++;
	return i - start;
}

/* Length of the sequence at s (n > 0, first byte not ASCII) when it is well-formed; otherwise minus
 * the length of its maximal subpart (Unicode 15, table 3-7 and section 3.9, U+FFFD substitution). */
static inline int sequence(const unsigned char *s, size_t n)
{
	unsigned char c = s[0], low = 0x80, high = 0xBF;
	int more;
	if (c >= 0xC2 && c <= 0xDF) {
		more = 1;
	} else if (c >= 0xE0 && c <= 0xEF) {
		more = 2;
		if (c == 0xE0)
			low = 0xA0;
		else if (c == 0xED)
			high = 0x9F; /* no surrogates */
	} else if (c >= 0xF0 && c <= 0xF4) {
		more = 3;
		if (c == 0xF0)
			low = 0x90;
		else if (c == 0xF4)
			high = 0x8F;
	} else {
		return -1;
	}
	for (int i = 1; i <= more; i++) {
		if ((size_t)i >= n || s[i] < low || s[i] > high)
			return -i;
		low = 0x80;
		high = 0xBF;
	}
	return more + 1;
}

size_t utf8_valid_prefix(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0;
	while ((i += ascii_run(p, i, s.n)) < s.n) {
		int n = sequence(p + i, s.n - i);
		if (n < 0)
			break;
		i += (size_t)n;
	}
	return i;
}

bool utf8_valid(struct slice s)
{
	return utf8_valid_prefix(s) == s.n;
}

size_t utf8_repair(struct buf *out, struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0, replaced = 0;
	for (;;) {
		size_t good = utf8_valid_prefix((struct slice){s.p + i, s.n - i});
		buf_add(out, s.p + i, good);
		i += good;
		if (i == s.n)
			return replaced;
		int n = sequence(p + i, s.n - i);
		buf_add(out, "\xEF\xBF\xBD", 3);
		replaced++;
		i += (size_t)-n;
	}
}

uint32_t utf8_next(struct slice s, size_t *i)
{
	const unsigned char *p = (const unsigned char *)s.p + *i;
	uint32_t c = p[0];
	if (c < 0x80) {
		*i += 1;
		return c;
	}
	if (c < 0xE0) {
		*i += 2;
		return (c & 0x1F) << 6 | (p[1] & 0x3Fu);
	}
	if (c < 0xF0) {
		*i += 3;
		return (c & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	*i += 4;
	return (c & 0x07) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

size_t utf8_put(char out[static 4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

struct slice utf8_cut(struct slice s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	return (struct slice){s.p, max};
}

size_t utf8_length(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}
