/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operators, each over the place where a match stands. */
#ifndef RULES_FIND_H
#define RULES_FIND_H
#include "clause.h"
#include "context.h"

static inline struct finding found_nothing(void)
{
	return (struct finding){.why = ""};
}

static inline struct finding found(const struct place *p, size_t token, const char *why)
{
	const struct token *t = &p->t->list[token];

	return (struct finding){true, why, t->start, t->end};
}

/* thing.c */
struct finding find_thing(const struct place *p);
/* The noun that heads « la décision du maire » when `noun` is « maire »: the leftmost of a chain that prepositions hold
 * together. */
size_t head_of(const struct place *p, size_t noun);
/* address.c */
struct finding find_addressed(const struct place *p);
#endif
