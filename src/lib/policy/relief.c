/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fallback where a level has nobody: in a gap of rouge or P1 it is told at once, and makes the chain of a level that
 * names no step. Only a fallback that the file gives: whoever is named there has agreed to be called. */
#include "private.h"

bool relief_holds(const struct policy *policy, enum policy_chain chain, int64_t ms)
{
	return policy->fallback_given && policy->n_fallback && !policy_trial_at(policy, ms) &&
		(chain == CHAIN_ROUGE || chain == CHAIN_P1) && duty_gap(policy, chain, ms);
}

int64_t relief_first(
	const struct policy *policy, enum policy_chain chain, int64_t ms, int64_t until)
{
	if (!policy->fallback_given || (chain != CHAIN_ROUGE && chain != CHAIN_P1))
		return INT64_MAX;
	for (int64_t at = ms; at <= until; at = duty_change(policy, at))
		if (relief_holds(policy, chain, at))
			return at;
	return INT64_MAX;
}

const struct policy_target *policy_relief(
	const struct policy *policy, enum policy_chain chain, int64_t base, int64_t until)
{
	int64_t first = relief_first(policy, chain, base, until);
	return first > until ? NULL : &policy->fallback[policy_fallback(policy, 0, first)];
}

void load_default_chains(struct policy *policy)
{
	for (int c = 0; c < CHAINS; c++) {
		struct policy_steps *steps = &policy->chains[c];
		if (steps->n || !policy->fallback_given)
			continue;
		steps->list = arena_zero(&policy->arena, STEPS_MAX * sizeof(*steps->list));
		steps->by_default = true;
		/* a person a step, by every channel at once */
		for (size_t i = 0, k; i < policy->n_fallback && steps->n < STEPS_MAX; i += k) {
			k = policy_fallback_run(policy, i);
			steps->list[steps->n] = (struct policy_step){
				.after_ms = (int64_t)steps->n * policy->fallback_after_ms,
				.targets = &policy->fallback[i],
				.n_targets = k};
			steps->n++;
		}
	}
}
