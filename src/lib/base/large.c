/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/large.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tocsin/base/alloc.h>

void *xlarge(size_t n)
{
	if (n < LARGE_PAGE || n > SIZE_MAX - LARGE_PAGE)
		return xmalloc(n);
	size_t whole = (n + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	void *p = aligned_alloc(LARGE_PAGE, whole);
	if (!p)
		return xmalloc(n); /* dies there, or has just enough */
	(void)madvise(p, whole, MADV_HUGEPAGE); /* a wish */
	return p;
}

void *xlarge_zero(size_t n, size_t size)
{
	if (size && n >= LARGE_PAGE / size && n <= SIZE_MAX / size)
		return memset(xlarge(n * size), 0, n * size);
	return xcalloc(n, size);
}

void *xlarge_grow(void *p, size_t n, size_t *cap, size_t size)
{
	size_t bytes, more = *cap ? 2 * *cap : 64;
	void *grown;

	if (n < *cap)
		return p;
	if (__builtin_mul_overflow(more, size, &bytes) || bytes < LARGE_PAGE)
		return xgrow(p, n, cap, size); /* dies there, or is small */
	grown = xlarge(bytes);
	memcpy(grown, p, n * size);
	free(p);
	*cap = more;
	return grown;
}
