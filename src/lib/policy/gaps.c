/* SPDX-License-Identifier: GPL-3.0-or-later
 * The hours in which a level reaches nobody. Duty changes only at known instants, so that looking once between each two
 * of them proves all the time between. */
#include "private.h"

struct walk {
	const struct policy *policy;
	struct arena *arena;
	struct policy_gap *list;
	size_t n, cap;
};

static bool answers(enum policy_chain chain, const struct policy_target *t)
{
	return t->who || chain == CHAIN_JAUNE || chain == CHAIN_GRIS;
}

bool duty_gap(const struct policy *policy, enum policy_chain chain, int64_t ms)
{
	const struct policy_steps *steps = &policy->chains[chain];
	for (size_t i = 0; i < steps->n; i++)
		for (size_t k = 0; k < steps->list[i].n_targets; k++) {
			const struct policy_target *t = &steps->list[i].targets[k];
			if (answers(chain, t) && policy_on_duty(policy, t, ms))
				return false;
		}
	return true;
}

/* An absence that nobody fills says most; then an astreinte without anybody. */
static void explain(const struct policy *policy, struct policy_gap *g)
{
	const struct policy_steps *steps = &policy->chains[g->chain];
	if (policy_trial_at(policy, g->from)) {
		g->why = GAP_TRIAL;
		return;
	}
	for (size_t i = 0; i < steps->n; i++)
		for (size_t k = 0; k < steps->list[i].n_targets; k++) {
			const struct rota *rota = steps->list[i].targets[k].rota;
			size_t planned = ROTA_NOBODY;
			if (!rota || g->why == GAP_ABSENT)
				continue;
			rota_on_duty(rota, g->from, &planned);
			g->rota = rota;
			g->why = planned == ROTA_NOBODY ? GAP_HOLE : GAP_ABSENT;
			g->absent = planned == ROTA_NOBODY ? NULL : &policy->people[planned];
		}
}

static void add(struct walk *w, enum policy_chain chain, int64_t from, int64_t to)
{
	struct policy_gap *last = w->n ? &w->list[w->n - 1] : NULL;
	if (last && last->chain == chain && last->to == from &&
		policy_trial_at(w->policy, from) == policy_trial_at(w->policy, last->from)) {
		last->to = to;
		return;
	}
	w->list = arena_grow(w->arena, w->list, w->n, &w->cap, sizeof(*w->list));
	w->list[w->n] = (struct policy_gap){chain, from, to, GAP_OFF_DUTY, NULL, NULL};
	explain(w->policy, &w->list[w->n++]);
}

size_t policy_gaps(const struct policy *policy, int64_t from, int64_t to, struct arena *arena,
	struct policy_gap **ret)
{
	struct walk w = {.policy = policy, .arena = arena};
	*ret = NULL;
	if (policy->empty)
		return 0;
	for (int c = 0; c < CHAINS; c++) {
		if (c == CHAIN_P1 && policy->untried)
			w.policy = policy->untried;
		for (int64_t at = from, next; at < to; at = next) {
			next = duty_change(w.policy, at);
			if (next > to)
				next = to;
			if (!policy_quiet_at(w.policy, (enum policy_chain)c, at) &&
				duty_gap(w.policy, (enum policy_chain)c, at))
				add(&w, (enum policy_chain)c, at, next);
		}
	}
	*ret = w.list;
	return w.n;
}
