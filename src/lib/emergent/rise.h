/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which of a comment's terms rise, and which rise together. */
#ifndef EMERGENT_RISE_H
#define EMERGENT_RISE_H
#include "memory.h"
#include "terms.h"

#define RISERS_MAX 24u

struct riser {
	uint64_t hash;
	const struct word *a, *b; /* one word twice, or two */
	bool said_together; /* two words of the same comments, wherever they stand */
	uint32_t hits
		[HITS]; /* comments of the rise, oldest first, this one last; each of another author */
	unsigned n;
	double score;
};

struct rise {
	struct riser list[RISERS_MAX]; /* the highest first */
	unsigned n;
};

struct term { /* of this comment */
	uint64_t hash;
	const struct word *a, *b;
	const struct entry *entry;
};

struct past { /* of all comments */
	double heard; /* weighted, before the last 24 h */
	double discount[2]; /* of words, of pairs */
};

/* True when the word is in so many comments that it means nothing. */
bool rise_is_common(const struct entry *e, const struct past *past);
/* Fills ret with what rises among the terms of comment `ordinal`. */
void rise_judge(struct rise *ret, const struct term *terms, size_t n, const struct past *past,
	uint32_t ordinal);
/* What else rises in two of a riser's comments, by score, at most `max`. Returns how many. */
unsigned rise_beside(const struct rise *r, const struct riser *seed, const struct riser **ret_with,
	unsigned max);
#endif
