/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scratch of one thread, and the three steps of a score: match, evaluate rules, add up. */
#ifndef RULES_SCORER_H
#define RULES_SCORER_H
#include "keys.h"
#include "ruleset.h"
#include "tokens.h"

struct offsets {
	uint32_t *list;
	size_t n, cap;
	bool built;
};

/* What adds up while the rules are walked: of a pack. */
struct sum {
	uint32_t by_category[CATEGORIES]; /* under its caps */
	uint32_t of_pack;
	bool any;
};

struct scorer {
	const struct ruleset *r;
	struct match_scratch *match, *cues; /* cues: NULL when no rule asks for a context */
	const struct text_views *views; /* of match */
	struct slice folded;
	const struct comment *comment; /* the one at hand */
	struct match_spans spans; /* a stack: conditions push what they found */
	const uint64_t *woken; /* a bit for each clause that is not asleep */
	struct offsets words, sentences; /* starts in the folded view, made when first asked for */
	struct tokens tokens;
	struct sum *sums; /* one a pack; zero between comments */
	uint64_t *found; /* a bit for each rule that matches the text as it stands */
	bool spelled; /* the reading at hand is of the text with its SMS spelling written out */
	bool cues_limited; /* not all cues were found: a human must look */
	const struct slice *holding; /* rules whose rate holds for this comment */
	uint32_t n_holding;
	struct explainer *explainer; /* who listens to what decides; NULL in the hot loop */

	struct slice categories[VERDICT_LIST_MAX], topics[VERDICT_LIST_MAX];
	struct slice shadows[VERDICT_LIST_MAX], rated[VERDICT_LIST_MAX];
	struct verdict_match matches[VERDICT_MATCHES_MAX];
};

/* scorer.c: matches a comment: which clauses are woken. */
void begin(struct scorer *s, const struct comment *c);
/* The first clause of [at, end) that is not asleep; end: none. */
static inline uint32_t next_woken(const struct scorer *s, uint32_t at, uint32_t end)
{
	while (at < end) {
		uint64_t bits = s->woken[at / 64] >> at % 64;

		if (bits) {
			at += (uint32_t)__builtin_ctzll(bits);
			return at < end ? at : end;
		}
		at = (at / 64 + 1) * 64;
	}
	return end;
}
static inline bool is_woken(const struct scorer *s, struct clauses c)
{
	return next_woken(s, c.first, c.end) < c.end;
}
/* False: the comment was written when the rule had expired. A comment without a date is written before. */
bool is_in_force(const struct rule *rule, const struct comment *c);
/* eval.c: spans of the rule's matches on top of the stack from `mark`; false when it does not match. */
bool evaluate(struct scorer *s, const struct rule *rule, size_t mark);
/* eval.c: whether anything that the condition names is in the text, be it in vain. */
bool touches(const struct scorer *s, const struct condition *c);
/* places.c */
uint32_t words_between(struct scorer *s, uint32_t end, uint32_t start);
uint32_t sentence_of(struct scorer *s, uint32_t at);
#endif
