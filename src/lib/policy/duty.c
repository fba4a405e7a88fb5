/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may be told when: hours, astreintes, absences, quiet hours. */
#include "private.h"
#include <tocsin/base/clock.h>

#define HORIZON_MS (62 * CLOCK_DAY) /* further nobody looks for someone on duty */

/* Everybody may always be told. */
static bool plain(const struct policy *p)
{
	return !p->n_hours && !p->n_rotas && !p->n_absences && !p->n_quiet && !p->trial.names;
}

bool policy_trial_at(const struct policy *policy, int64_t ms)
{
	return ms >= policy->trial.from && ms < policy->trial.to;
}

static size_t number_of(const struct policy *p, const struct policy_person *who)
{
	return (size_t)(who - p->people);
}

/* Whether he is there, whatever the trial says. */
static bool present(const struct policy *policy, const struct policy_target *t,
	const struct rota *rota, int64_t ms)
{
	if (!t->who || plain(policy))
		return true;
	size_t who = number_of(policy, t->who);
	if (rota)
		return rota_on_duty(rota, ms, NULL) == who;
	for (size_t i = 0; i < policy->n_rotas; i++)
		if (rota_on_duty(&policy->rotas[i], ms, NULL) == who)
			return true;
	return !rota_absent(policy->absences, policy->n_absences, who, ms) &&
		(!t->who->hours || hours_open(t->who->hours, ms));
}

bool policy_on_duty(const struct policy *policy, const struct policy_target *t, int64_t ms)
{
	if (policy_trial_at(policy, ms)) /* by himself, not for his astreinte */
		return t->in_trial && present(policy, t, NULL, ms);
	return !t->only_in_trial && present(policy, t, t->rota, ms);
}

bool policy_on_call(const struct policy *policy, struct slice person, int64_t ms)
{
	const struct policy_person *who = policy_person(policy, person);
	for (size_t i = 0; who && i < policy->n_rotas; i++)
		if (rota_on_duty(&policy->rotas[i], ms, NULL) == number_of(policy, who))
			return true;
	return false;
}

bool policy_quiet_at(const struct policy *policy, enum policy_chain chain, int64_t ms)
{
	for (size_t i = 0; i < policy->n_quiet; i++) {
		const struct policy_quiet_hours *q = &policy->quiet[i];
		if ((q->chains & (1u << chain)) && hours_open(q->hours, ms) != q->outside)
			return true;
	}
	return false;
}

static void sooner(int64_t at, int64_t *next)
{
	if (at < *next)
		*next = at;
}

int64_t duty_change(const struct policy *policy, int64_t ms)
{
	int64_t next = INT64_MAX;
	if (policy->trial.from > ms)
		sooner(policy->trial.from, &next);
	if (policy->trial.to > ms)
		sooner(policy->trial.to, &next);
	for (size_t i = 0; i < policy->n_hours; i++)
		sooner(hours_change(&policy->hours[i], ms), &next);
	for (size_t i = 0; i < policy->n_rotas; i++)
		sooner(rota_change(&policy->rotas[i], ms), &next);
	for (size_t i = 0; i < policy->n_quiet; i++)
		sooner(hours_change(policy->quiet[i].hours, ms), &next);
	for (size_t i = 0; i < policy->n_absences; i++) {
		const struct rota_absence *a = &policy->absences[i];
		if (a->from > ms)
			sooner(a->from, &next);
		if (a->to > ms)
			sooner(a->to, &next);
	}
	return next;
}

bool duty_holds(const struct policy *policy, enum policy_chain chain, const struct policy_target *t,
	int64_t ms)
{
	return plain(policy) ||
		(!policy_quiet_at(policy, chain, ms) && policy_on_duty(policy, t, ms));
}

int64_t duty_first(const struct policy *policy, enum policy_chain chain,
	const struct policy_target *t, int64_t ms, int64_t until)
{
	for (int64_t at = ms; at <= until; at = duty_change(policy, at))
		if (duty_holds(policy, chain, t, at))
			return at;
	return INT64_MAX;
}

bool duty_reached(const struct policy *policy, const struct policy_step *step, int64_t ms)
{
	for (size_t i = 0; i < step->n_targets; i++)
		if (policy_on_duty(policy, &step->targets[i], ms))
			return true;
	return false;
}

/* The first instant from ms on at which some step reaches somebody. */
static int64_t chain_first(const struct policy *policy, enum policy_chain chain, int64_t ms)
{
	const struct policy_steps *steps = &policy->chains[chain];
	for (int64_t at = ms; at < ms + HORIZON_MS; at = duty_change(policy, at)) {
		if (policy_quiet_at(policy, chain, at))
			continue;
		for (size_t i = 0; i < steps->n; i++)
			if (duty_reached(policy, &steps->list[i], at))
				return at;
	}
	return INT64_MAX;
}

void duty_timetable(
	const struct policy *policy, enum policy_chain chain, int64_t base, struct timetable *ret)
{
	const struct policy_steps *steps = &policy->chains[chain];
	int64_t begin = plain(policy) ? base : chain_first(policy, chain, base);
	int64_t forward = 0;
	ret->nobody = begin == INT64_MAX;
	if (ret->nobody)
		begin = base;
	for (size_t i = 0; i < steps->n; i++) {
		const struct policy_step *step = &steps->list[i];
		int64_t at = ret->at[i] = begin + step->after_ms - forward;
		if (!plain(policy) && !ret->nobody && i + 1 < steps->n &&
			!policy_quiet_at(policy, chain, at) && !duty_reached(policy, step, at))
			forward += steps->list[i + 1].after_ms - step->after_ms;
	}
}

int64_t duty_told(const struct policy *policy, enum policy_chain chain,
	const struct timetable *table, size_t step, const struct policy_target *t, int64_t until)
{
	int64_t at = table->at[step];
	if (table->nobody)
		return at <= until ? at : INT64_MAX;
	return duty_first(policy, chain, t, at, until);
}

int64_t policy_first(const struct policy *policy, enum policy_chain chain, int64_t base,
	uint32_t step, const struct policy_target *t, int64_t until)
{
	struct timetable table;
	if (step < 1 || step > policy->chains[chain].n)
		return INT64_MAX;
	duty_timetable(policy, chain, base, &table);
	return duty_told(policy, chain, &table, step - 1, t, until);
}

size_t policy_fallback(const struct policy *policy, size_t n, int64_t ms)
{
	for (size_t i = n; i < policy->n_fallback; i++)
		if (present(policy, &policy->fallback[i], policy->fallback[i].rota, ms))
			return i;
	return n;
}

size_t policy_fallback_run(const struct policy *policy, size_t n)
{
	size_t k = n;
	while (k < policy->n_fallback &&
		strcmp(policy->fallback[k].person, policy->fallback[n].person) == 0)
		k++;
	return k - n;
}
