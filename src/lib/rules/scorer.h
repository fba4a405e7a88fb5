/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scratch of one thread, and the three steps of a score: find hits, evaluate rules, add up. */
#ifndef RULES_SCORER_H
#define RULES_SCORER_H
#include "regex.h"
#include "ruleset.h"

#define NO_HIT UINT32_MAX

struct span { /* bytes of the folded view */
	uint32_t start, end;
	bool squeezed; /* found only because a disguise was undone */
};

struct hit {
	struct span span;
	uint32_t next; /* of the same atom */
};

struct atom_hits {
	uint32_t stamp; /* equal to scorer.stamp: has hits, or for a regex: was announced */
	uint32_t first, last;
};

struct offsets {
	uint32_t *list;
	size_t n, cap;
	bool built;
};

struct scorer {
	const struct ruleset *r;
	struct text_views *views;
	hs_scratch_t *scratch;
	struct matcher matcher;
	struct slice folded;
	uint32_t stamp;
	bool limited; /* a limit was hit: a human must look */
	bool every_status; /* drafts and shadows too */

	struct hit hits[HITS_MAX];
	uint32_t n_hits;
	struct atom_hits *atoms;
	uint64_t *candidates; /* a bit a rule */
	size_t n_words; /* of candidates */

	struct span *spans; /* a stack: conditions push what they found */
	size_t n_spans, cap_spans;
	struct offsets words, sentences; /* starts in the folded view, made when first asked for */

	struct slice categories[VERDICT_LIST_MAX], topics[VERDICT_LIST_MAX];
	struct verdict_match matches[VERDICT_MATCHES_MAX];
};

/* scan.c: views → hits and candidates. */
void scan(struct scorer *s, struct slice text);
/* eval.c: spans of the rule's matches on top of the stack from `mark`; false when it does not match. */
bool evaluate(struct scorer *s, const struct rule *rule, size_t mark);
void push_span(struct scorer *s, struct span span);
/* places.c */
uint32_t words_between(struct scorer *s, uint32_t end, uint32_t start);
uint32_t sentence_of(struct scorer *s, uint32_t at);
#endif
