/* SPDX-License-Identifier: GPL-3.0-or-later
 * The topics that were told last, and which comment speaks of one of them: it says what made the topic, or any two of the
 * words that rose with it at least half as much. */
#ifndef EMERGENT_TOLD_H
#define EMERGENT_TOLD_H
#include "rise.h"

#define TOLD_TOPICS 64u
#define TOLD_WORDS 10u
#define TOLD_SIEVE 64u /* words of 64 bits */

struct told_topic {
	uint32_t number; /* 0: none yet */
	unsigned day;
	uint64_t words[TOLD_WORDS]; /* the seed's first, one or two */
	unsigned n, n_seed;
};

struct told {
	struct told_topic list[TOLD_TOPICS]; /* a ring: by number */
	uint64_t sieve[TOLD_SIEVE]; /* of all words: most comments stop here */
	uint32_t last; /* number */
};

/* Returns the topic's number, from 1. */
uint32_t told_add(struct told *t, const struct riser *seed, const struct riser *const *with,
	unsigned n_with, unsigned day);
/* The latest topic that was told on `since` or later and that these words speak of, or 0. */
uint32_t told_find(const struct told *t, const struct word *words, size_t n, unsigned since);
#endif
