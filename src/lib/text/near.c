/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/text/near.h>

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>

#include "hash.h"

struct entry {
	uint64_t hash; /* of the word, or of it without one byte; 0: a free place */
	uint32_t word; /* in words */
};

struct known {
	uint32_t at, length; /* in text */
	uint32_t id;
};

struct near {
	struct entry
		*slots; /* open addressing; a hash may stand several times in a row of places */
	size_t n, cap;
	struct known *words;
	size_t n_words, words_cap;
	char *text;
	size_t n_text, text_cap;
};

bool near_is_slip(struct slice a, struct slice b)
{
	size_t same = 0, shorter = a.n < b.n ? a.n : b.n, tail_a, tail_b;

	if (a.n > b.n + 1 || b.n > a.n + 1)
		return false;
	while (same < shorter && a.p[same] == b.p[same])
		same++;
	if (same == shorter)
		return a.n != b.n;
	tail_a = same + (a.n >= b.n);
	tail_b = same + (b.n >= a.n);
	if (a.n - tail_a == b.n - tail_b && memcmp(a.p + tail_a, b.p + tail_b, a.n - tail_a) == 0)
		return true;
	return a.n == b.n && same + 1 < a.n && a.p[same] == b.p[same + 1] &&
		a.p[same + 1] == b.p[same] &&
		memcmp(a.p + same + 2, b.p + same + 2, a.n - same - 2) == 0;
}

struct near *near_new(void)
{
	struct near *n = xcalloc(1, sizeof(*n));

	n->cap = 1024;
	n->slots = xcalloc(n->cap, sizeof(*n->slots));
	return n;
}

struct near *near_free(struct near *n)
{
	if (!n)
		return NULL;
	free(n->slots);
	free(n->words);
	free(n->text);
	free(n);
	return NULL;
}

static void insert(struct entry *slots, size_t cap, struct entry e)
{
	size_t i = e.hash & (cap - 1);

	while (slots[i].hash)
		i = (i + 1) & (cap - 1);
	slots[i] = e;
}

static void resize(struct near *n, size_t cap)
{
	struct entry *slots = xlarge_zero(cap, sizeof(*slots));

	for (size_t i = 0; i < n->cap; i++)
		if (n->slots[i].hash)
			insert(slots, cap, n->slots[i]);
	free(n->slots);
	n->slots = slots;
	n->cap = cap;
}

/* Room for so many more entries. */
static void reserve(struct near *n, size_t entries)
{
	size_t cap = n->cap;

	while (3 * (n->n + entries) > 2 * cap)
		cap *= 2;
	if (cap > n->cap)
		resize(n, cap);
}

/* The hashes of a word and of it without each of its bytes: word.n + 1 of them. */
static void hash_all(struct slice word, uint64_t ret[NEAR_MAX + 1])
{
	uint64_t before[NEAR_MAX + 1], behind = 0, power = 1;

	/* hash_add gives the first byte the highest power: sum of (byte + 1) * BASE^(places to the end) */
	before[0] = 0;
	for (size_t i = 0; i < word.n; i++)
		before[i + 1] = hash_add(before[i], word.p[i]);
	for (size_t i = word.n; i-- > 0;) {
		ret[i] = hash_end(before[i] * power + behind);
		power *= HASH_BASE;
		behind += ((unsigned char)word.p[i] + 1u) * power;
	}
	ret[word.n] = hash_end(before[word.n]);
}

static void reserve_text(struct near *n, size_t letters)
{
	size_t cap = n->text_cap ? n->text_cap : 4096;

	while (cap - n->n_text < letters)
		cap *= 2;
	if (cap > n->text_cap)
		n->text = xreallocarray(n->text, cap, 1);
	n->text_cap = cap;
}

void near_reserve(struct near *n, size_t letters)
{
	reserve(n, letters);
	reserve_text(n, letters);
}

static void keep_text(struct near *n, struct slice word)
{
	reserve_text(n, word.n);
	memcpy(n->text + n->n_text, word.p, word.n);
	n->n_text += word.n;
}

void near_add(struct near *n, struct slice word, uint32_t id)
{
	uint64_t hashes[NEAR_MAX + 1];

	if (word.n < NEAR_MIN || word.n > NEAR_MAX)
		return;
	n->words = xgrow(n->words, n->n_words, &n->words_cap, sizeof(*n->words));
	n->words[n->n_words] = (struct known){(uint32_t)n->n_text, (uint32_t)word.n, id};
	keep_text(n, word);
	hash_all(word, hashes);
	reserve(n, word.n + 1);
	for (size_t i = 0; i <= word.n; i++)
		__builtin_prefetch(&n->slots[hashes[i] & (n->cap - 1)], 1);
	for (size_t i = 0; i <= word.n; i++)
		if (!i || hashes[i] != hashes[i - 1]) { /* the same letter twice: one entry */
			insert(n->slots, n->cap, (struct entry){hashes[i], (uint32_t)n->n_words});
			n->n++;
		}
	n->n_words++;
}

/* What of the index shares this hash and is one slip away. */
static size_t look_up(const struct near *n, uint64_t hash, struct slice word, uint32_t *found,
	size_t count, size_t max)
{
	for (size_t i = hash & (n->cap - 1); n->slots[i].hash && count < max;
		i = (i + 1) & (n->cap - 1)) {
		const struct known *k = &n->words[n->slots[i].word];
		bool seen = false;

		if (n->slots[i].hash != hash)
			continue;
		for (size_t j = 0; j < count && !seen; j++)
			seen = found[j] == n->slots[i].word;
		if (!seen && near_is_slip((struct slice){n->text + k->at, k->length}, word))
			found[count++] = n->slots[i].word;
	}
	return count;
}

size_t near_find(const struct near *n, struct slice word, uint32_t *ret_ids, size_t max)
{
	uint64_t hashes[NEAR_MAX + 1];
	size_t count = 0;

	/* one letter fewer than the shortest, one more than the longest */
	if (word.n + 1 < NEAR_MIN || word.n > NEAR_MAX)
		return 0;
	hash_all(word, hashes);
	for (size_t i = 0; i <= word.n && count < max; i++)
		if (!i || hashes[i] != hashes[i - 1])
			count = look_up(n, hashes[i], word, ret_ids, count, max);
	for (size_t i = 0; i < count; i++)
		ret_ids[i] = n->words[ret_ids[i]].id;
	return count;
}
