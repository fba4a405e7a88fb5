/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scalar from bytes that may be no UTF-8: never reads beyond the text. */
#ifndef TEXT_SCALAR_H
#define TEXT_SCALAR_H
#include <tocsin/base/slice.h>
#include <stdint.h>

#define SCALAR_BAD 0xfffdu

/* The scalar at s.p[at] (at < s.n) and its length; SCALAR_BAD and 1 for a byte that begins none. */
static inline uint32_t scalar_at(struct slice s, size_t at, size_t *ret_length)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	size_t left = s.n - at;
	uint32_t c;

	*ret_length = 1;
	if (*p < 0x80)
		return *p;
	if (*p < 0xe0) {
		if (*p < 0xc2 || left < 2 || (p[1] & 0xc0) != 0x80)
			return SCALAR_BAD;
		*ret_length = 2;
		return (uint32_t)(*p & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if (left < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
		return SCALAR_BAD;
	if (*p < 0xf0) {
		c = (uint32_t)(*p & 0xf) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
		if (c < 0x800 || (c >= 0xd800 && c < 0xe000))
			return SCALAR_BAD;
		*ret_length = 3;
		return c;
	}
	if (left < 4 || (p[3] & 0xc0) != 0x80 || *p > 0xf4)
		return SCALAR_BAD;
	c = (uint32_t)(*p & 7) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
		(uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	if (c < 0x10000 || c > 0x10ffff)
		return SCALAR_BAD;
	*ret_length = 4;
	return c;
}

/* Where the character before `at` (> 0) begins: at most three continuation bytes back. */
static inline size_t scalar_before(struct slice s, size_t at)
{
	size_t start = at - 1;

	while (start && at - start < 4 && ((unsigned char)s.p[start] & 0xc0) == 0x80)
		start--;
	return start;
}
#endif
