/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which atoms make a rule worth a look. « le, la or les near an insult » is no question for every text with an article:
 * the rule sleeps until the insult is there. Where all of several conditions must hold, the rarest wakes the rule; where
 * any suffices, each does, and is a clause of its own: of a rule that knows a hundred ways to threaten, only those are
 * looked at of which the rarest word is there. */
#include <math.h>

#include "loader.h"

#define OFTEN_MAX 1e6 /* more often than anything is: sums stay finite */

static double frequency(const struct loader *l, const struct condition *c);

/* Bits of the clues without one of which the others cannot suffice, and about how often there is one of them. */
static uint64_t required_of(const struct loader *l, const struct condition *c, double *ret_sum)
{
	double often[CLUES_MAX], sum = 0;
	uint64_t required;

	for (size_t i = 0; i < c->n; i++) {
		often[i] = frequency(l, c->children[i]);
		often[i] = often[i] < OFTEN_MAX ? often[i] : OFTEN_MAX;
	}
	required = required_clues(c->worth, often, c->n, c->at_least);
	for (size_t i = 0; i < c->n; i++)
		sum += required >> i & 1 ? often[i] : 0;
	*ret_sum = sum;
	return required;
}

/* About how often the condition may hold; INFINITY: it may in a text where nothing was found. */
static double frequency(const struct loader *l, const struct condition *c)
{
	double sum = 0, least = INFINITY;

	if (c->type == CONDITION_CLUES) {
		required_of(l, c, &sum);
		return sum;
	}
	if (c->type == CONDITION_ATOM)
		return match_frequency(l->match, c->atom);
	if (c->type == CONDITION_NOT || c->type == CONDITION_FIELD)
		return INFINITY;
	for (size_t i = 0; i < c->n; i++) {
		double one = frequency(l, c->children[i]);

		sum += one;
		least = one < least ? one : least;
	}
	return c->type == CONDITION_ANY ? sum : least;
}

static struct condition *rarest(const struct loader *l, const struct condition *c)
{
	struct condition *ret = NULL;
	double least = INFINITY;

	for (size_t i = 0; i < c->n; i++) {
		double one = frequency(l, c->children[i]);

		if (one < least) {
			least = one;
			ret = c->children[i];
		}
	}
	return ret;
}

static uint32_t new_clause(struct loader *l)
{
	*list_add(l->r, clauses) = l->rule;
	return (uint32_t)l->r->n_clauses - 1;
}

static void wake(struct loader *l, struct condition *c, uint32_t clause);

/* Each child is a clause of its own, if nothing but its atoms can make it hold. */
static void wake_each(struct loader *l, struct condition *c, uint32_t clause)
{
	uint32_t *firsts = arena_alloc(&l->r->arena, (c->n + 1) * sizeof(*firsts));
	bool asleep = true;

	for (size_t i = 0; i < c->n; i++) {
		struct condition *child = c->children[i];

		firsts[i] = (uint32_t)l->r->n_clauses;
		if (isinf(frequency(l, child))) {
			wake(l, child, clause);
			asleep = false;
			continue;
		}
		child->clauses.first = new_clause(l);
		wake(l, child, child->clauses.first);
		child->clauses.end = (uint32_t)l->r->n_clauses;
	}
	firsts[c->n] = (uint32_t)l->r->n_clauses;
	c->firsts = asleep ? firsts : NULL;
}

static void wake_clues(struct loader *l, struct condition *c, uint32_t clause)
{
	double often;
	uint64_t required = required_of(l, c, &often);

	for (size_t i = 0; i < c->n; i++)
		if (required >> i & 1)
			wake(l, c->children[i], clause);
}

static void wake(struct loader *l, struct condition *c, uint32_t clause)
{
	struct condition *one;

	if (c->type == CONDITION_ATOM) {
		match_wake(l->match, c->atom, clause);
		return;
	}
	/* what finds nothing is no reason to look: a match has a place in the text */
	if (c->type == CONDITION_NOT || c->type == CONDITION_FIELD)
		return;
	if (c->type == CONDITION_ANY) {
		wake_each(l, c, clause);
		return;
	}
	if (c->type == CONDITION_CLUES) {
		wake_clues(l, c, clause);
		return;
	}
	one = rarest(l, c);
	for (size_t i = 0; i < c->n; i++)
		if (!one || one == c->children[i])
			wake(l, c->children[i], clause);
}

struct clauses set_triggers(struct loader *l, struct condition *c)
{
	struct clauses ret = {new_clause(l), 0};

	wake(l, c, ret.first);
	ret.end = (uint32_t)l->r->n_clauses;
	return ret;
}
