/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why a comment gets its verdict: the views of its text, then each rule that was a candidate with its contexts, its
 * matches and what excused them, its score and the cap that cut it, then each pack's sum beside its thresholds.
 *
 *   VIEW* (RULE (CONTEXT | CLUE)* EXCUSED* OUTCOME MATCH* SCORE?)* (VIEW (RULE … SCORE?)*)? PACK*
 *
 * The second VIEW is that of a text in SMS spelling, written out; behind it come the rules that match only there. */
#ifndef TOCSIN_RULES_EXPLAIN_H
#define TOCSIN_RULES_EXPLAIN_H
#include <tocsin/rules/rules.h>

enum explained_what {
	EXPLAINED_VIEW,
	EXPLAINED_RULE, /* a candidate: something that it looks for is there */
	EXPLAINED_CONTEXT, /* an operator was asked about a match */
	EXPLAINED_CLUE, /* counted in a sum that is reached (« indices ») */
	EXPLAINED_EXCUSED, /* a match that « sauf » takes away */
	EXPLAINED_OUTCOME, /* of the candidate */
	EXPLAINED_MATCH,
	EXPLAINED_SCORE,
	EXPLAINED_PACK
};
enum explained_outcome {
	OUTCOME_COUNTS, /* it matches */
	OUTCOME_NO_MATCH, /* its conditions do not hold, or all was excused */
	OUTCOME_SHADOW, /* it matches, in observation: no effect */
	OUTCOME_RATED, /* it matches, and waits for its rate */
	OUTCOME_NOT_HEARD /* draft, retired or expired: not tried */
};
/* How a match was read; the later, the less it counts. */
enum explained_reading {
	READING_TEXT,
	READING_SPELLED, /* SMS spelling, written out: jvé */
	READING_DISGUISE,
	READING_FRAGMENTS, /* abru ti */
	READING_SLIP, /* one letter wrong: connrad */
	READING_SOUND /* konar */
};
struct explained { /* slices live until the callback returns */
	enum explained_what what;
	size_t rule; /* for ruleset_info; of all but VIEW and PACK */
	const char *
		name; /* VIEW: "clair", "sans accents", "déguisements défaits", "en toutes lettres"; CONTEXT: the operator's key */
	struct slice text; /* VIEW: the view; PACK: the pack's id */
	int32_t worth; /* CLUE: points; below 0: against */
	uint32_t start, end; /* CONTEXT, CLUE, EXCUSED, MATCH: bytes of the original text */
	bool disguised; /* MATCH, CLUE, EXCUSED, SCORE: found only because a disguise was undone */
	enum explained_reading reading; /* MATCH, CLUE, EXCUSED */
	/* CONTEXT */
	bool holds; /* what was found */
	bool kept; /* whether the rule wanted that */
	const char *why; /* French; "" when nothing decided */
	uint32_t cue_start, cue_end; /* of the cue in the original text; equal: none */
	enum explained_outcome outcome; /* OUTCOME */
	/* SCORE, hundredths: the rule's, what a disguise leaves of it, what the category's cap leaves of that */
	uint32_t score, weighed, added, cap;
	/* PACK, hundredths; level is what this pack asks for */
	uint32_t sum, queue, alert;
	enum verdict_level level;
};
typedef void explained_fn(void *user, const struct explained *e);

/* scorer_score, telling fn what decides. The verdict is the same. */
void scorer_explain(struct scorer *s, const struct comment *c, explained_fn *fn, void *user,
	struct verdict *ret);
#endif
