/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "copies.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#define SMALLEST 4u
#define ENOUGH 2u
#define LEAST_WORDS 8u
#define SLOTS (1u << 15) /* of hashes, direct-mapped */
#define TEXTS (1u << 13) /* latest texts; a power of two */

struct slot {
	uint32_t tag, text;
};

struct copies {
	struct slot *slots;
	struct campaign *texts;
	uint32_t n; /* texts ever */
};

struct copies *copies_new(void)
{
	struct copies *c = xcalloc(1, sizeof(*c));

	c->slots = xcalloc(SLOTS, sizeof(*c->slots));
	c->texts = xcalloc(TEXTS, sizeof(*c->texts));
	return c;
}

struct copies *copies_free(struct copies *c)
{
	if (c) {
		free(c->slots);
		free(c->texts);
	}
	free(c);
	return NULL;
}

static void smallest(const struct word *words, size_t n, uint64_t ret[static SMALLEST])
{
	for (unsigned i = 0; i < SMALLEST; i++)
		ret[i] = UINT64_MAX;
	for (size_t i = 1; i < n; i++) {
		uint64_t h = terms_pair(words[i - 1].hash, words[i].hash);
		for (unsigned k = 0; k < SMALLEST; k++)
			if (h < ret[k]) {
				uint64_t larger = ret[k];
				ret[k] = h;
				h = larger;
			}
	}
}

/* The smallest hashes have their upper bits in common with nobody's but each other's: the lower ones spread. */
static struct slot *slot_of(const struct copies *c, uint64_t hash)
{
	return &c->slots[hash & (SLOTS - 1)];
}

static void count(struct campaign *t, uint32_t ordinal, uint16_t author)
{
	uint32_t kept = t->authors < 16 ? t->authors : 16;

	t->messages++;
	t->last = ordinal;
	for (uint32_t i = 0; i < kept; i++)
		if (t->known[i] == author)
			return;
	if (kept < 16)
		t->known[kept] = author;
	t->authors++;
}

struct campaign *copies_find(struct copies *c, const struct word *words, size_t n, uint32_t ordinal,
	uint32_t first, uint16_t author)
{
	uint64_t least[SMALLEST];
	struct campaign *t;

	if (n < LEAST_WORDS)
		return NULL;
	smallest(words, n, least);
	for (unsigned i = 0; i < SMALLEST; i++) {
		uint32_t text = slot_of(c, least[i])->text, same = 0;
		for (unsigned k = 0; k < SMALLEST; k++) {
			const struct slot *s = slot_of(c, least[k]);
			same += s->tag == (uint32_t)(least[k] >> 20) && s->text == text;
		}
		t = &c->texts[text & (TEXTS - 1)];
		if (same >= ENOUGH && c->n - text < TEXTS && ordinal - t->last <= ordinal - first) {
			count(t, ordinal, author);
			return t;
		}
	}
	t = &c->texts[c->n & (TEXTS - 1)];
	*t = (struct campaign){.root = ordinal};
	count(t, ordinal, author);
	for (unsigned i = 0; i < SMALLEST; i++)
		*slot_of(c, least[i]) = (struct slot){(uint32_t)(least[i] >> 20), c->n};
	c->n++;
	return NULL;
}
