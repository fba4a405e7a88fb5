/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences that come from elsewhere than the file. They stand behind the file's, in one list that every astreinte reads. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include "private.h"

static size_t person_number(const struct policy *policy, struct slice id)
{
	const struct policy_person *who = id.n ? policy_person(policy, id) : NULL;
	return who ? (size_t)(who - policy->people) : ROTA_NOBODY;
}

/* By himself, or for this astreinte already. */
static bool is_told(const struct policy_step *step, const struct policy_target *t)
{
	for (size_t i = 0; i < step->n_targets; i++) {
		const struct policy_target *one = &step->targets[i];
		if (one->who == t->who && strcmp(one->channel, t->channel) == 0 &&
			(!one->rota || one->rota == t->rota))
			return true;
	}
	return false;
}

/* A substitute whom the file does not name is told as whom he replaces, while he is on duty for him. Returns whether the step
 * is another one by now. He stays in it: off duty he is told nothing. */
static bool add_substitute(
	struct policy *policy, struct policy_step *step, const struct rota_absence *a)
{
	struct load l = {.policy = policy};
	const size_t before = step->n_targets;
	for (size_t i = 0; i < before && step->n_targets < TARGETS_MAX; i++) {
		const struct policy_target *absent = &step->targets[i];
		struct policy_target t, *more;
		if (!absent->rota || absent->who != &policy->people[a->who])
			continue;
		const struct receiver r = {&policy->people[a->substitute], NULL, absent->rota};
		if ((!load_target(&l, &r, absent->channel, &t) && !load_target(&l, &r, NULL, &t)) ||
			is_told(step, &t))
			continue;
		more = arena_alloc(&policy->arena, (step->n_targets + 1) * sizeof(*more));
		memcpy(more, step->targets, step->n_targets * sizeof(*more));
		more[step->n_targets++] = t;
		step->targets = more;
	}
	return step->n_targets > before;
}

static void add_substitutes(struct policy *policy, struct policy_step *step)
{
	for (bool more = true; more;) { /* a substitute may have one */
		more = false;
		for (size_t i = policy->n_absences_given; i < policy->n_absences; i++)
			if (policy->absences[i].substitute != ROTA_NOBODY)
				more |= add_substitute(policy, step, &policy->absences[i]);
	}
}

void policy_away(struct policy *policy, const struct absence *list, size_t n)
{
	if (policy->empty)
		return;
	struct rota_absence *all = xcalloc(policy->n_absences_given + n + 1, sizeof(*all));
	size_t kept = policy->n_absences_given;
	if (kept)
		memcpy(all, policy->absences, kept * sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		const struct rota_absence a = {list[i].from, list[i].to,
			person_number(policy, list[i].person),
			person_number(policy, list[i].substitute)};
		if (a.who != ROTA_NOBODY)
			all[kept++] = a;
	}
	for (size_t i = 0; i < policy->n_rotas; i++) {
		policy->rotas[i].absences = all;
		policy->rotas[i].n_absences = kept;
	}
	free(policy->absences_owned);
	policy->absences = policy->absences_owned = all;
	policy->n_absences = kept;
	for (int c = 0; c < CHAINS; c++) /* … which the policy without the trial shares */
		for (size_t i = 0; i < policy->chains[c].n; i++)
			add_substitutes(policy, &policy->chains[c].list[i]);
	if (policy->untried) {
		policy->untried->absences = all;
		policy->untried->n_absences = kept;
	}
}
