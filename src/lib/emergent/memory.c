/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <tocsin/base/alloc.h>

#define BUCKETS (1u << 17)
#define WAYS 4u
#define PAGE (2u << 20) /* a large one */
#define ROOM (PAGE / sizeof(struct entry)) /* to begin on one */
#define DAY_MIN (24 * 60u)
#define DISCOUNT_MIN 0.3 /* a new word is a new word, in the first days too */

struct memory {
	struct entry *entries; /* BUCKETS × WAYS, aligned to large pages */
	void *storage;
	double once[2], twice[2]; /* terms heard, terms heard again; [1] of pairs */
};

struct memory *memory_new(void)
{
	struct memory *m = xcalloc(1, sizeof(*m));

	m->storage = xcalloc(BUCKETS * WAYS + ROOM, sizeof(struct entry));
	m->entries = (void *)(((uintptr_t)m->storage + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
	/* a hint: every look is at another page, large ones spare the translation */
	madvise(m->entries, BUCKETS * WAYS * sizeof(struct entry), MADV_HUGEPAGE);
	return m;
}

struct memory *memory_free(struct memory *m)
{
	if (m)
		free(m->storage);
	free(m);
	return NULL;
}

double memory_fade(uint32_t minutes)
{
	return exp2(-(double)minutes / HALF_LIFE_MIN);
}

double memory_discount(const struct memory *m, bool pair)
{
	double s = 1 - (m->twice[pair] + 1) / (m->once[pair] + 2);

	return s > DISCOUNT_MIN ? s : DISCOUNT_MIN;
}

static struct entry *bucket_of(const struct memory *m, uint64_t hash)
{
	return m->entries + (size_t)(hash & (BUCKETS - 1)) * WAYS;
}

static uint32_t tag_of(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag ? tag : 1;
}

void memory_prefetch(const struct memory *m, uint64_t hash)
{
	const struct entry *e = bucket_of(m, hash);

	for (unsigned i = 0; i < WAYS; i++)
		__builtin_prefetch(e + i, 1);
}

struct entry *memory_find(const struct memory *m, uint64_t hash)
{
	struct entry *e = bucket_of(m, hash);

	for (unsigned i = 0; i < WAYS; i++)
		if (e[i].tag == tag_of(hash))
			return e + i;
	return NULL;
}

/* Hits that are too old, or one when all places are taken, become past. */
static void settle(struct entry *e, const struct moment *now)
{
	unsigned old = 0;

	if (now->minute - e->past_min >= DAY_MIN) {
		e->past *= (float)memory_fade(now->minute - e->past_min);
		e->past_min = now->minute;
	}
	while (old < e->n && now->ordinal - e->hits[old] > now->ordinal - now->first)
		old++;
	if (old == 0 && e->n == HITS)
		old = 1;
	if (old == 0)
		return;
	e->past += (float)old;
	e->n = (uint8_t)(e->n - old);
	memmove(e->hits, e->hits + old, e->n * sizeof(*e->hits));
	memmove(e->authors, e->authors + old, e->n * sizeof(*e->authors));
}

/* The free entry of a bucket, or the one that weighs least. */
static struct entry *least(struct entry *bucket, const struct moment *now)
{
	struct entry *best = bucket;
	double lowest = INFINITY;

	for (unsigned i = 0; i < WAYS; i++) {
		struct entry *e = bucket + i;
		double weight = e->past + e->n;
		if (e->tag == 0)
			return e;
		weight *= 1 - (double)(now->minute - e->past_min) / (4 * HALF_LIFE_MIN);
		if (weight < lowest) {
			lowest = weight;
			best = e;
		}
	}
	return best;
}

static bool has_author(const struct entry *e, uint16_t author)
{
	for (unsigned i = 0; i < e->n; i++)
		if (e->authors[i] == author)
			return true;
	return false;
}

struct entry *memory_touch(struct memory *m, uint64_t hash, bool pair, const struct moment *now)
{
	struct entry *e = memory_find(m, hash);

	if (!e) {
		e = least(bucket_of(m, hash), now);
		*e = (struct entry){.tag = tag_of(hash), .past_min = now->minute, .pair = pair};
		m->once[pair]++;
	}
	settle(e, now);
	if (has_author(e, now->author))
		return e;
	if (e->n + e->past < 1.5 && e->n + e->past > 0)
		m->twice[pair]++;
	e->hits[e->n] = now->ordinal;
	e->authors[e->n++] = now->author;
	return e;
}
