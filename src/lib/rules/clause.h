/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a match stands: its sentence, its clause, the words beside it. */
#ifndef RULES_CLAUSE_H
#define RULES_CLAUSE_H
#include "scorer.h"

struct tokens_range {
	size_t first, end; /* end: behind the last */
};
struct place {
	const struct tokens *t;
	struct slice text; /* the folded view */
	size_t first, last; /* tokens of the match */
	struct tokens_range sentence, clause;
};

#define NONE SIZE_MAX

/* False when the span has no word at all (an emoji). */
bool place_of(struct scorer *s, struct match_span span, struct place *ret);
static inline bool has(const struct place *p, size_t token, uint32_t cues)
{
	return (p->t->list[token].cues & cues) != 0;
}
bool is_word(const struct place *p, size_t token, const char *word);
/* Nothing but a blank or an apostrophe between the token and the one before it. */
bool joined_to(const struct place *p, size_t token);
/* The token before the match and before all that may stand between (articles, adverbs, small adjectives); NONE at
 * the clause's start or behind a comma. */
size_t before_links(const struct place *p);
/* No article between that token and the match: « c'est débile », not « c'est un clown ». */
bool is_bare(const struct place *p);
/* The clause's first token, or that of a short noun phrase before its comma: « le maire, c'est un … ». */
size_t dislocated(const struct place *p);
/* negation.c: why the match is negated, in French, and the cue; NULL when it is not. */
const char *find_negation(const struct place *p, bool joined, size_t *ret_cue);
#endif
