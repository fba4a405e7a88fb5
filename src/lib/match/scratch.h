/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scratch of one thread: the views of the text, and what each atom has there. */
#ifndef MATCH_SCRATCH_H
#define MATCH_SCRATCH_H
#include "regex.h"

#define NO_HIT UINT32_MAX

struct hit {
	struct match_span span;
	uint32_t next; /* of the same atom */
};

struct atom_hits {
	uint32_t stamp; /* equal to match_scratch.stamp: has hits, or for a regex: was announced */
	uint32_t first, last;
};

struct match_scratch {
	const struct match_set *set;
	struct text_views *views;
	struct slice folded;
	hs_scratch_t *scratch;
	struct matcher matcher;
	uint32_t stamp;
	bool limited; /* a limit was hit: a human must look */
	struct hit hits[MATCH_HITS_MAX];
	uint32_t n_hits;
	struct atom_hits *atoms;
	uint64_t *owners; /* a bit an owner */
	size_t n_words; /* of owners */
};
#endif
