/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>

void tally_release(struct tally *t)
{
	free(t->slots);
	*t = (struct tally){0};
}

void tally_clear(struct tally *t)
{
	t->n = 0;
	t->round++;
	if (t->round == 0) { /* turned over: old rounds would look new */
		for (uint32_t i = 0; t->slots && i < 1u << t->bits; i++)
			t->slots[i].round = 0;
		t->round = 1;
	}
}

static uint32_t place(const struct tally *t, uint64_t key)
{
	return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - t->bits));
}

static struct tally_slot *seek(const struct tally *t, uint64_t key)
{
	uint32_t mask = (1u << t->bits) - 1;
	uint32_t i = place(t, key);
	while (t->slots[i].round == t->round && t->slots[i].key != key)
		i = (i + 1) & mask;
	return &t->slots[i];
}

static void grow(struct tally *t)
{
	struct tally old = *t;
	t->bits = old.slots ? old.bits + 1 : 6;
	t->slots = xcalloc((size_t)1 << t->bits, sizeof(*t->slots));
	if (t->round == 0)
		t->round = 1;
	for (uint32_t i = 0; old.slots && i < 1u << old.bits; i++)
		if (old.slots[i].round == t->round)
			*seek(t, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

struct tally_slot *tally_add(struct tally *t, uint64_t key)
{
	if (!t->slots || (uint64_t)t->n * 2 >= (uint64_t)1 << t->bits)
		grow(t);
	struct tally_slot *s = seek(t, key);
	if (s->round != t->round) {
		*s = (struct tally_slot){.key = key, .round = t->round};
		t->n++;
	}
	s->count++;
	return s;
}

const struct tally_slot *tally_find(const struct tally *t, uint64_t key)
{
	if (!t->slots)
		return NULL;
	const struct tally_slot *s = seek(t, key);
	return s->round == t->round ? s : NULL;
}

uint32_t tally_top(const struct tally *t, uint32_t k)
{
	uint32_t top[8] = {0}, sum = 0;
	for (uint32_t i = 0; t->slots && i < 1u << t->bits; i++) {
		if (t->slots[i].round != t->round)
			continue;
		uint32_t c = t->slots[i].count;
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
