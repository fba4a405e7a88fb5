/* SPDX-License-Identifier: GPL-3.0-or-later
 * Allocation that dies on out-of-memory: a process restarts cleanly and loses nothing.
 * Bound every size that comes from outside before calling these. */
#ifndef TOCSIN_BASE_ALLOC_H
#define TOCSIN_BASE_ALLOC_H
#include <tocsin/base/slice.h>

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
/* Array growth with overflow check: size is of one element. */
void *xreallocarray(void *p, size_t n, size_t size);
/* An array of n elements of size bytes with room for one more: twice as long when it was full. *cap: how many it may
 * hold; 0 at first. */
static inline void *xgrow(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap ? 2 * *cap : 64;
	return xreallocarray(p, *cap, size);
}
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
#endif
