/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/text/near.h>

/* Open addressing over the words' hashes; 0 is a free place. A sealed set keeps the upper half of each hash; the lower
 * one says where it is looked for. */
struct wordset {
	uint64_t *slots; /* NULL: sealed */
	uint32_t *prints;
	size_t n, cap; /* cap: a power of two, at most two thirds full */
};

struct wordset *wordset_new(void)
{
	struct wordset *w = xcalloc(1, sizeof(*w));

	w->cap = 1024;
	w->slots = xcalloc(w->cap, sizeof(*w->slots));
	return w;
}

struct wordset *wordset_free(struct wordset *w)
{
	if (w) {
		free(w->slots);
		free(w->prints);
	}
	free(w);
	return NULL;
}

static uint64_t *slot_of(uint64_t *slots, size_t cap, uint64_t hash)
{
	size_t i = hash & (cap - 1);

	while (slots[i] && slots[i] != hash)
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

static void resize(struct wordset *w, size_t cap)
{
	uint64_t *slots = xlarge_zero(cap, sizeof(*slots));

	for (size_t i = 0; i < w->cap; i++)
		if (w->slots[i])
			*slot_of(slots, cap, w->slots[i]) = w->slots[i];
	free(w->slots);
	w->slots = slots;
	w->cap = cap;
}

void wordset_reserve(struct wordset *w, size_t words)
{
	size_t cap = w->cap;

	while (3 * words > 2 * cap)
		cap *= 2;
	if (cap > w->cap)
		resize(w, cap);
}

static uint32_t *print_of(uint32_t *prints, size_t cap, uint64_t hash)
{
	uint32_t print = (uint32_t)(hash >> 32) | 1;
	size_t i = hash & (cap - 1);

	while (prints[i] && prints[i] != print)
		i = (i + 1) & (cap - 1);
	return &prints[i];
}

void wordset_seal(struct wordset *w)
{
	w->prints = xlarge_zero(w->cap, sizeof(*w->prints));
	for (size_t i = 0; i < w->cap; i++)
		if (w->slots[i])
			*print_of(w->prints, w->cap, w->slots[i]) =
				(uint32_t)(w->slots[i] >> 32) | 1;
	free(w->slots);
	w->slots = NULL;
}

void wordset_add_hashes(struct wordset *w, const uint64_t *hashes, size_t n)
{
	assert(w->slots);
	wordset_reserve(w, w->n + n);
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&w->slots[hashes[i] & (w->cap - 1)], 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t *slot = slot_of(w->slots, w->cap, hashes[i]);

		w->n += *slot == 0;
		*slot = hashes[i];
	}
}

void wordset_add(struct wordset *w, struct slice word)
{
	uint64_t hash = wordhash(word);

	wordset_add_hashes(w, &hash, 1);
}

bool wordset_has_hash(const struct wordset *w, uint64_t hash)
{
	return w->slots ? *slot_of(w->slots, w->cap, hash) != 0
			: *print_of(w->prints, w->cap, hash) != 0;
}

void wordset_prefetch(const struct wordset *w, uint64_t hash)
{
	size_t i = hash & (w->cap - 1);

	if (w->slots)
		__builtin_prefetch(&w->slots[i]);
	else
		__builtin_prefetch(&w->prints[i]);
}

bool wordset_has(const struct wordset *w, struct slice word)
{
	return wordset_has_hash(w, wordhash(word));
}

bool wordset_cover(const struct wordset *w, struct slice text, size_t shortest)
{
	uint64_t reach = 1; /* places that whole words lead to */

	if (text.n > 63 || !shortest)
		return false;
	for (size_t start = 0; start < text.n; start++)
		for (size_t end = start + shortest; (reach >> start & 1) && end <= text.n; end++)
			if (wordset_has(w, (struct slice){text.p + start, end - start}))
				reach |= UINT64_C(1) << end;
	return reach >> text.n & 1;
}
