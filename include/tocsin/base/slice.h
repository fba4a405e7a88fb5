/* SPDX-License-Identifier: GPL-3.0-or-later
 * Borrowed text: a pointer and a length in bytes. Never owns, never NUL-terminated by promise. */
#ifndef TOCSIN_BASE_SLICE_H
#define TOCSIN_BASE_SLICE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
	return s.n >= n && (n == 0 || memcmp(s.p, with, n) == 0);
}

static inline bool slice_ends(struct slice s, const char *end)
{
	size_t n = strlen(end);
	return s.n >= n && (n == 0 || memcmp(s.p + s.n - n, end, n) == 0);
}

/* One of the words of a list in small letters, each with a blank on both sides; the word's ASCII capitals count as small. */
static inline bool slice_is_listed(const char *list, struct slice word)
{
	for (const char *p = list; *p; p++) {
		size_t i = 0;
		if (*p != ' ')
			continue;
		while (i < word.n && p[1 + i] &&
			(word.p[i] >= 'A' && word.p[i] <= 'Z' ? word.p[i] + 0x20 : word.p[i]) ==
				p[1 + i])
			i++;
		if (i == word.n && p[1 + i] == ' ')
			return true;
	}
	return false;
}

/* A number of at most 18 digits (an int64_t holds it) and nothing else; false, and *ret as it was: it is none. */
static inline bool slice_number(struct slice s, int64_t *ret)
{
	int64_t n = 0;
	if (s.n == 0 || s.n > 18)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = 10 * n + (s.p[i] - '0');
	}
	*ret = n;
	return true;
}

/* Byte order; a prefix sorts first. */
static inline int slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}
#endif
