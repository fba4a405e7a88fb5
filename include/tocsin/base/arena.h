/* SPDX-License-Identifier: GPL-3.0-or-later
 * An arena: many small allocations freed together; cleared and reused for each batch. */
#ifndef TOCSIN_BASE_ARENA_H
#define TOCSIN_BASE_ARENA_H
#include <tocsin/base/slice.h>

struct arena_block;
struct arena {
	struct arena_block *first, *current;
	size_t block_size; /* bytes a block with its head, 64 KiB when 0; LARGE_PAGE for megabytes (large.h) */
};

void arena_init(struct arena *a, size_t block_size);
void arena_release(struct arena *a);
/* Forgets every allocation, keeps the blocks. */
void arena_clear(struct arena *a);
/* Aligned for any object, not zeroed. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_zero(struct arena *a, size_t n);
/* A list of n elements of size bytes with room for one more: twice as long when it was full, the old one is left behind in
 * the arena. *cap: how many it may hold; 0 at first. */
void *arena_grow(struct arena *a, void *list, size_t n, size_t *cap, size_t size);
/* Copies; the copy is also NUL-terminated. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_string(struct arena *a, struct slice s);
#endif
