/* SPDX-License-Identifier: GPL-3.0-or-later
 * Memory for tables of megabytes that are looked into everywhere. */
#ifndef TOCSIN_BASE_LARGE_H
#define TOCSIN_BASE_LARGE_H
#include <stddef.h>

#define LARGE_PAGE ((size_t)2 << 20)
/* As xmalloc; from LARGE_PAGE bytes on aligned to it, and huge pages are asked for where the system lends them on demand:
 * with small ones each look-up waits for the translation of its address too. free() gives it back. */
void *xlarge(size_t n);
/* The same, zeroed. */
void *xlarge_zero(size_t n, size_t size);
/* As xgrow (alloc.h), for a list that may become so large. */
void *xlarge_grow(void *p, size_t n, size_t *cap, size_t size);
#endif
