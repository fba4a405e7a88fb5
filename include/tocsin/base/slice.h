/* SPDX-License-Identifier: GPL-3.0-or-later
 * Borrowed text: a pointer and a length in bytes. Never owns, never NUL-terminated by promise. */
#ifndef TOCSIN_BASE_SLICE_H
#define TOCSIN_BASE_SLICE_H
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

static inline struct slice slice_of(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_is(struct slice a, const char *s)
{
	return slice_equal(a, slice_of(s));
}

static inline bool slice_begins(struct slice s, const char *with)
{
	size_t n = strlen(with);
	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static inline bool slice_ends(struct slice s, const char *end)
{
	size_t n = strlen(end);
	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* Byte order; a prefix sorts first. */
static inline int slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}
#endif
