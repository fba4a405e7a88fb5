/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "told.h"

static uint64_t bit_of(uint64_t hash)
{
	return UINT64_C(1) << (hash & 63);
}

static size_t place_of(uint64_t hash)
{
	return hash >> 6 & (TOLD_SIEVE - 1);
}

static bool has(const uint64_t *list, unsigned n, uint64_t hash)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i] == hash)
			return true;
	return false;
}

static void add_word(struct told_topic *t, const struct word *w)
{
	if (t->n < TOLD_WORDS && !has(t->words, t->n, w->hash))
		t->words[t->n++] = w->hash;
}

static void fill_sieve(struct told *t)
{
	for (unsigned i = 0; i < TOLD_SIEVE; i++)
		t->sieve[i] = 0;
	for (unsigned i = 0; i < TOLD_TOPICS; i++)
		for (unsigned k = 0; k < t->list[i].n; k++)
			t->sieve[place_of(t->list[i].words[k])] |= bit_of(t->list[i].words[k]);
}

uint32_t told_add(struct told *t, const struct riser *seed, const struct riser *const *with,
	unsigned n_with, unsigned day)
{
	uint32_t number = ++t->last ? t->last : ++t->last;
	struct told_topic *topic = &t->list[number % TOLD_TOPICS];

	*topic = (struct told_topic){.number = number, .day = day};
	add_word(topic, seed->a);
	add_word(topic, seed->b);
	topic->n_seed = topic->n;
	for (unsigned i = 0; i < n_with; i++)
		if (2 * with[i]->score >= seed->score) {
			add_word(topic, with[i]->a);
			add_word(topic, with[i]->b);
		}
	fill_sieve(t);
	return number;
}

static bool speaks_of(const struct told_topic *t, const uint64_t *hashes, unsigned n)
{
	unsigned seed = 0, all = 0;

	for (unsigned i = 0; i < n; i++) {
		seed += has(t->words, t->n_seed, hashes[i]);
		all += has(t->words, t->n, hashes[i]);
	}
	return seed == t->n_seed || all >= 2;
}

uint32_t told_find(const struct told *t, const struct word *words, size_t n, unsigned since)
{
	uint64_t hashes[WORDS_MAX];
	unsigned left = 0;

	for (size_t i = 0; i < n; i++)
		if (t->sieve[place_of(words[i].hash)] & bit_of(words[i].hash))
			hashes[left++] = words[i].hash;
	for (uint32_t i = 0; left && i < TOLD_TOPICS; i++) {
		const struct told_topic *topic = &t->list[(t->last - i) % TOLD_TOPICS];
		if (topic->number && topic->day >= since && speaks_of(topic, hashes, left))
			return topic->number;
	}
	return 0;
}
