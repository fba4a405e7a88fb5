/* SPDX-License-Identifier: GPL-3.0-or-later
 * An arena: many small allocations freed together; cleared and reused for each batch. */
#ifndef TOCSIN_BASE_ARENA_H
#define TOCSIN_BASE_ARENA_H
#include <tocsin/base/slice.h>

struct arena_block;
struct arena {
	struct arena_block *first, *current;
	size_t block_size; /* bytes a block, 64 KiB when 0 */
};

void arena_init(struct arena *a, size_t block_size);
void arena_release(struct arena *a);
/* Forgets every allocation, keeps the blocks. */
void arena_clear(struct arena *a);
/* Aligned for any object, not zeroed. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_zero(struct arena *a, size_t n);
/* Copies; the copy is also NUL-terminated. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_string(struct arena *a, struct slice s);
#endif
