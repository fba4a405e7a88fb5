/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inhibition: a rise of the whole that one topic makes up is one alarm, not two; for whoever hears of the topic. */
#include "private.h"

static bool begins(struct slice s, const char *with)
{
	size_t n = strlen(with);
	return s.n > n && memcmp(s.p, with, n) == 0;
}

static bool is_sum(const struct incident *i)
{
	return i->kind == INCIDENT_WHOLE ||
		(i->kind == INCIDENT_TOPIC && begins(i->topic, INCIDENT_CATEGORY_TOPIC));
}

bool policy_may_be_explained(const struct policy *policy, const struct incident *i)
{
	return policy->inhibit && is_sum(i);
}

static bool may_explain(const struct policy_open *o)
{
	const struct incident *i = o->incident;
	return (i->kind == INCIDENT_TOPIC || i->kind == INCIDENT_EMERGENT) && !is_sum(i) &&
		i->state != INCIDENT_CLOSED && (o->quiet == QUIET_NOT || o->quiet == QUIET_ACKED);
}

/* Half of all, and half of what is new. */
static bool makes_half(const struct incident_facts *part, const struct incident_facts *all)
{
	return 2 * (uint64_t)part->messages >= all->messages &&
		2 * (uint64_t)part->recent >= all->recent;
}

static bool heavier(const struct incident *a, const struct incident *b)
{
	return !b || a->level > b->level || (a->level == b->level && a->id < b->id);
}

static bool is_person(const struct policy_target *a, const struct policy_target *b)
{
	return strcmp(a->person, b->person) == 0;
}

/* Whether the person stands in the incident's chain and is on duty there, by whatever channel. */
static bool tells(const struct policy *policy, const struct incident *i,
	const struct policy_target *to, int64_t now)
{
	const enum policy_chain chain = policy_chain_of(i, i->level);
	if (chain == CHAIN_NONE)
		return false;
	const struct policy_steps *steps = &policy->chains[chain];
	for (size_t k = 0; k < steps->n; k++)
		for (size_t t = 0; t < steps->list[k].n_targets; t++) {
			const struct policy_target *other = &steps->list[k].targets[t];
			if (is_person(other, to) && duty_holds(policy, chain, other, now))
				return true;
		}
	return relief_holds(policy, chain, now) &&
		is_person(&policy->fallback[policy_fallback(policy, 0, now)], to);
}

const struct incident *policy_explains(const struct policy *policy, const struct incident *i,
	const struct policy_open *open, size_t n, const struct policy_target *to, int64_t now)
{
	const struct incident *best = NULL;
	if (!policy_may_be_explained(policy, i))
		return NULL;
	for (size_t k = 0; k < n; k++) {
		const struct incident *o = open[k].incident;
		if (o->id != i->id && may_explain(&open[k]) && o->level >= i->level &&
			makes_half(&o->facts, &i->facts) && heavier(o, best) &&
			tells(policy, o, to, now))
			best = o;
	}
	return best;
}
