/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which atoms make a rule worth a look. « le, la or les near an insult » is no question for every text with an article:
 * the rule sleeps until the insult is there. Where all of several conditions must hold, the rarest wakes the rule; where
 * any suffices, each does. */
#include <math.h>

#include "loader.h"

/* About how often the condition may hold; INFINITY: it may in a text where nothing was found. */
static double frequency(const struct loader *l, const struct condition *c)
{
	double sum = 0, least = INFINITY;

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

static const struct condition *rarest(const struct loader *l, const struct condition *c)
{
	const struct condition *ret = NULL;
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

void set_triggers(struct loader *l, const struct condition *c)
{
	const struct condition *one = NULL;

	if (c->type == CONDITION_ATOM) {
		match_wake(l->match, c->atom, l->rule);
		return;
	}
	/* what finds nothing is no reason to look: a match has a place in the text */
	if (c->type == CONDITION_NOT || c->type == CONDITION_FIELD)
		return;
	if (c->type != CONDITION_ANY)
		one = rarest(l, c);
	if (one) {
		set_triggers(l, one);
		return;
	}
	for (size_t i = 0; i < c->n; i++)
		set_triggers(l, c->children[i]);
}
