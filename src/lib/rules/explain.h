/* SPDX-License-Identifier: GPL-3.0-or-later
 * Someone listens to what decides. Every call is a caller's « if (s->explainer) »: the hot loop pays a branch. */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H
#include <tocsin/rules/explain.h>

#include "context.h"

struct explainer {
	explained_fn *fn;
	void *user;
	size_t rule; /* the candidate at hand */
};
void explain_views(struct scorer *s);
void explain_rule(struct scorer *s, const struct rule *rule);
void explain_context(struct scorer *s, enum context_operator op, struct match_span span,
	const struct finding *f, bool kept);
/* what: EXPLAINED_MATCH or EXPLAINED_EXCUSED; of the spans [from, end) of the stack. */
void explain_spans(struct scorer *s, enum explained_what what, size_t from, size_t end);
void explain_clue(struct scorer *s, struct match_span span, int32_t worth);
void explain_outcome(struct scorer *s, enum explained_outcome outcome);
void explain_score(
	struct scorer *s, const struct rule *rule, uint32_t weighed, uint32_t added, uint32_t cap);
void explain_pack(struct scorer *s, const struct pack *pack, uint32_t sum);
#endif
