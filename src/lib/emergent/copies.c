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

struct exact {
	uint64_t hash; /* of a text; 0 = free */
	uint32_t text;
};

struct copies {
	struct slot *slots;
	struct exact *exact; /* as many as texts, direct-mapped */
	struct campaign *texts;
	uint32_t n; /* texts ever */
};

struct copies *copies_new(void)
{
	struct copies *c = xcalloc(1, sizeof(*c));

	c->slots = xcalloc(SLOTS, sizeof(*c->slots));
	c->exact = xcalloc(TEXTS, sizeof(*c->exact));
	c->texts = xcalloc(TEXTS, sizeof(*c->texts));
	return c;
}

struct copies *copies_free(struct copies *c)
{
	if (c) {
		free(c->slots);
		free(c->exact);
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

static void count(struct campaign *t, const struct moment *now)
{
	uint32_t kept = t->authors < 16 ? t->authors : 16;

	t->messages++;
	t->last = now->ordinal;
	for (uint32_t i = 0; i < kept; i++)
		if (t->known[i] == now->author)
			return;
	if (kept < 16)
		t->known[kept] = now->author;
	t->authors++;
}

/* The text of that number, if it is one of the latest and was heard within 24 h. */
static struct campaign *latest(const struct copies *c, uint32_t text, const struct moment *now)
{
	struct campaign *t = &c->texts[text & (TEXTS - 1)];

	return c->n - text < TEXTS && now->ordinal - t->last <= now->ordinal - now->first ? t
											  : NULL;
}

static struct exact *exact_of(const struct copies *c, uint64_t hash)
{
	return &c->exact[hash & (TEXTS - 1)];
}

struct campaign *copies_again(struct copies *c, uint64_t text, const struct moment *now)
{
	const struct exact *x = exact_of(c, text);
	struct campaign *t = x->hash == text ? latest(c, x->text, now) : NULL;

	if (t)
		count(t, now);
	return t;
}

/* The number of the text that has two of these hashes; c->n: none. */
static uint32_t copied(const struct copies *c, const uint64_t *least, const struct moment *now)
{
	for (unsigned i = 0; i < SMALLEST; i++) {
		uint32_t text = slot_of(c, least[i])->text, same = 0;
		for (unsigned k = 0; k < SMALLEST; k++) {
			const struct slot *s = slot_of(c, least[k]);
			same += s->tag == (uint32_t)(least[k] >> 20) && s->text == text;
		}
		if (same >= ENOUGH && latest(c, text, now))
			return text;
	}
	return c->n;
}

struct campaign *copies_find(struct copies *c, const struct word *words, size_t n, uint64_t text,
	const struct moment *now)
{
	uint64_t least[SMALLEST];
	uint32_t number;
	struct campaign *t;

	if (n < LEAST_WORDS)
		return NULL;
	smallest(words, n, least);
	number = copied(c, least, now);
	*exact_of(c, text) = (struct exact){text, number};
	t = &c->texts[number & (TEXTS - 1)];
	if (number != c->n) {
		count(t, now);
		return t;
	}
	*t = (struct campaign){.root = now->ordinal};
	count(t, now);
	for (unsigned i = 0; i < SMALLEST; i++)
		*slot_of(c, least[i]) = (struct slot){(uint32_t)(least[i] >> 20), number};
	c->n++;
	return NULL;
}
