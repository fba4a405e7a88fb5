/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is remembered of terms: a table of fixed size. An entry is one cache line: the weighted count of the past, and
 * the latest comments with the term within 24 h, each of another author. A comment is named by its ordinal, which
 * counts comments as they come. When a bucket is full, the term that weighs least gives way: a flood of new
 * words drives out other new words, never an established one. */
#ifndef EMERGENT_MEMORY_H
#define EMERGENT_MEMORY_H
#include <stdbool.h>
#include <stdint.h>

#define HITS 8u
#define HALF_LIFE_MIN (60 * 24 * 60u) /* of the past */

struct entry {
	uint32_t tag; /* of the hash; 0 = free */
	float past; /* comments before the hits, weighted down to past_min */
	uint32_t past_min;
	uint32_t hits[HITS]; /* ordinals, oldest first */
	uint16_t authors[HITS];
	uint8_t n;
	bool pair;
	uint16_t told_day; /* when a topic had this term; 0 = never */
};
_Static_assert(sizeof(struct entry) == 64, "one cache line");

struct moment { /* when a comment comes */
	uint32_t ordinal, first; /* of this comment, of the first within 24 h */
	uint32_t minute; /* since 1970 */
	uint16_t author;
};

struct memory;
struct memory *memory_new(void);
struct memory *memory_free(struct memory *m);
void memory_prefetch(const struct memory *m, uint64_t hash);
/* The term's entry, found or made, with this comment among its hits unless the author is there already. */
struct entry *memory_touch(struct memory *m, uint64_t hash, bool pair, const struct moment *now);
/* The entry, or NULL. */
struct entry *memory_find(const struct memory *m, uint64_t hash);
/* The share of terms heard once that were not heard again: the discount of Pitman and Yor. */
double memory_discount(const struct memory *m, bool pair);
/* What weighs 1 at one minute weighs this much later. */
double memory_fade(uint32_t minutes);
#endif
