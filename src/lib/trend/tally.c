/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>

struct tally_place {
	uint32_t round; /* whether it is of this use */
	uint32_t at; /* in the list */
};

void tally_release(struct tally *t)
{
	free(t->list);
	free(t->places);
	*t = (struct tally){0};
}

void tally_clear(struct tally *t)
{
	t->n = 0;
	t->round++;
	if (t->round == 0) { /* turned over: old rounds would look new */
		for (uint32_t i = 0; t->places && i < 1u << t->bits; i++)
			t->places[i].round = 0;
		t->round = 1;
	}
}

static uint32_t place_of(const struct tally *t, uint64_t key)
{
	return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - t->bits));
}

/* Where the key is, or would be. */
static struct tally_place *seek(const struct tally *t, uint64_t key)
{
	uint32_t mask = (1u << t->bits) - 1;
	uint32_t i = place_of(t, key);
	while (t->places[i].round == t->round && t->list[t->places[i].at].key != key)
		i = (i + 1) & mask;
	return &t->places[i];
}

static void grow(struct tally *t)
{
	free(t->places);
	t->bits = t->places ? t->bits + 1 : 6;
	t->places = xcalloc((size_t)1 << t->bits, sizeof(*t->places));
	t->list = xreallocarray(t->list, (size_t)1 << (t->bits - 1), sizeof(*t->list));
	if (t->round == 0)
		t->round = 1;
	for (uint32_t i = 0; i < t->n; i++)
		*seek(t, t->list[i].key) = (struct tally_place){t->round, i};
}

void tally_expect(const struct tally *t, uint64_t key)
{
	if (t->places)
		__builtin_prefetch(&t->places[place_of(t, key)]);
}

struct tally_count *tally_add(struct tally *t, uint64_t key)
{
	if (!t->places || (uint64_t)t->n * 2 >= (uint64_t)1 << t->bits)
		grow(t);
	struct tally_place *place = seek(t, key);
	if (place->round != t->round) {
		*place = (struct tally_place){t->round, t->n};
		t->list[t->n++] = (struct tally_count){.key = key};
	}
	t->list[place->at].count++;
	return &t->list[place->at];
}

struct tally_count *tally_add_known(struct tally *t, uint64_t key)
{
	const struct tally_place *place = t->n ? seek(t, key) : NULL;
	if (!place || place->round != t->round)
		return NULL;
	t->list[place->at].count++;
	return &t->list[place->at];
}

uint32_t tally_top(const struct tally *t, uint32_t k)
{
	uint32_t top[8] = {0}, sum = 0;
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t c = t->list[i].count;
		for (uint32_t j = 0; j < k && j < 8; j++)
			if (c > top[j]) {
				uint32_t was = top[j];
				top[j] = c;
				c = was;
			}
	}
	for (uint32_t j = 0; j < k && j < 8; j++)
		sum += top[j];
	return sum;
}
