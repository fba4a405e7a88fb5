/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a, size_t block_size)
{
	*a = (struct arena){.block_size = block_size ? block_size : 64 << 10};
}

void arena_release(struct arena *a)
{
	for (struct arena_block *b = a->first, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	a->first = a->current = NULL;
}

void arena_clear(struct arena *a)
{
	a->current = a->first;
	if (a->current)
		a->current->used = 0;
}

/* The next kept block if it is large enough, else a new one behind the current. */
static struct arena_block *grow(struct arena *a, size_t n)
{
	struct arena_block *next = a->current ? a->current->next : NULL;
	if (!next || next->size < n) {
		size_t least = a->block_size ? a->block_size : 64 << 10;
		size_t size = n > least ? n : least;
		struct arena_block *b = xmalloc(sizeof(*b) + size);
		b->size = size;
		b->next = next;
		if (a->current)
			a->current->next = b;
		else
			a->first = b;
		next = b;
	}
	next->used = 0;
	a->current = next;
	return next;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = alignof(max_align_t);
	if (n > SIZE_MAX / 2)
		return xmalloc(SIZE_MAX); /* dies */
	n = (n + align - 1) & ~(align - 1);
	struct arena_block *b = a->current;
	if (!b || b->size - b->used < n)
		b = grow(a, n);
	void *p = b->bytes + b->used;
	b->used += n;
	return p;
}

void *arena_zero(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	return (struct slice){arena_string(a, s), s.n};
}

char *arena_string(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}
