/* SPDX-License-Identifier: GPL-3.0-or-later
 * Context operators: how a match is said. French, by cue words and by the clause that the match stands in; no
 * grammar is parsed, so what is found is likely, not sure, and each answer names the cue that decided.
 *
 *   addressed  a word to a person in the same clause (tu, vous, dégage), an insult's frame just before (espèce de;
 *              quel, sale, gros), an @mention, or a person's word within a few words; never of oneself (je suis),
 *              nor, but for « tu » and « vous », of a thing
 *   quoted     between quotation marks, or behind a frame that reports (m'a traité de) in the same clause. Marks
 *              around a few words behind « vous êtes » quote nobody
 *   negated    the negation takes the predicate that is nearest to it. « vous n'êtes pas un X »: X is negated.
 *              « je ne supporte pas les X »: supporter is, X is not. « il n'y a pas de X », « sans X », « aucun X »,
 *              « ne veut pas X-er »: X is. Also all that is behind « je ne dis pas que » and « stop aux », and what
 *              the sentence itself condemns (dire que … est raciste). « ne … que » negates nothing
 *   thing      stands beside the name of a thing (décision stupide), is said of one (cette route est pourrie), or of
 *              « ça » (c'est débile)
 *   question   the sentence ends with a question mark, or begins with an interrogative
 *
 * A clause ends at a semicolon, a parenthesis, « mais », « car », … and where a comma or « et » is followed by a
 * subject (« …, vous êtes »). */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H
#include "scorer.h"

struct finding {
	bool holds;
	const char *why; /* French; "" when nothing decided */
	uint32_t start, end; /* of the cue in the folded view; equal: none */
};

/* Whether the operator holds for a span of the folded view. joined: the span was made of several matches (« near »),
 * so that a negation inside it is not the author's own word. */
struct finding context_find(
	struct scorer *s, enum context_operator op, struct match_span span, bool joined);
#endif
