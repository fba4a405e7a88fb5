/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/arena.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

struct arena_block {
	struct arena_block *next;
	size_t size, used; /* of data */
	_Alignas(max_align_t) char data[];
};

static size_t block_size(const struct arena *a)
{
	return a->block_size ? a->block_size : (size_t)64 << 10;
}

void arena_init(struct arena *a, size_t size)
{
	*a = (struct arena){.block_size = size};
}

static void free_block(struct arena_block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
	free(b);
}

void arena_release(struct arena *a)
{
	struct arena_block *next;
	for (struct arena_block *b = a->first; b; b = next) {
		next = b->next;
		free_block(b);
	}
	a->first = a->current = NULL;
}

/* Blocks larger than usual, made for one big object, go; otherwise one big comment would cost its
 * memory for ever. */
void arena_clear(struct arena *a)
{
	struct arena_block **at = &a->first;
	while (*at) {
		struct arena_block *b = *at;
		if (b->size > block_size(a)) {
			*at = b->next;
			free_block(b);
			continue;
		}
		b->used = 0;
		ASAN_POISON_MEMORY_REGION(b->data, b->size);
		at = &b->next;
	}
	a->current = a->first;
}

/* Makes a->current a block with room for n bytes. */
static void next_block(struct arena *a, size_t n)
{
	struct arena_block *next = a->current ? a->current->next : NULL;
	if (next && next->used == 0 && next->size >= n) {
		a->current = next;
		return;
	}
	size_t bytes;
	if (__builtin_add_overflow(n, sizeof(struct arena_block), &bytes))
		bytes = SIZE_MAX; /* dies in xmalloc */
	if (bytes < block_size(a))
		bytes = block_size(a);
	struct arena_block *b = xlarge(bytes);
	*b = (struct arena_block){.next = next, .size = bytes - sizeof(*b)};
	ASAN_POISON_MEMORY_REGION(b->data, b->size);
	if (a->current)
		a->current->next = b;
	else
		a->first = b;
	a->current = b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = _Alignof(max_align_t);
	size_t want = n > SIZE_MAX - align ? n : (n + align - 1) & ~(align - 1);
	struct arena_block *b = a->current;
	if (!b || b->size - b->used < want) {
		next_block(a, want);
		b = a->current;
	}
	char *p = b->data + b->used;
	b->used += want;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
}

void *arena_zero(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

void *arena_grow(struct arena *a, void *list, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return list;
	*cap = *cap ? 2 * *cap : 16;
	void *grown = arena_alloc(a, *cap > SIZE_MAX / size ? SIZE_MAX : *cap * size);
	if (n)
		memcpy(grown, list, n * size);
	return grown;
}

char *arena_string(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	return (struct slice){arena_string(a, s), s.n};
}
