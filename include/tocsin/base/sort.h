/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOCSIN_BASE_SORT_H
#define TOCSIN_BASE_SORT_H
#include <stddef.h>

#define SORT_SIZE_MAX 64u /* bytes of an element */

/* Like qsort, for short lists in hot loops: stable, and allocates nothing (that of the C library does from 1 KiB on).
 * Quadratic, linear where they are in order. */
void sort_few(void *list, size_t n, size_t size, int (*compare)(const void *, const void *));
#endif
