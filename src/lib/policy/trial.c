/* SPDX-License-Identifier: GPL-3.0-or-later
 * The trial: weeks in which alarms go to a few people, who learn what the town usually says before others are called at
 * night. They stand in the first step of every level, for that time only. */
#include "private.h"
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

enum { DAYS = 14, DAYS_MAX = 92 };

static const struct yaml_key trial_keys[] = {{"start", "début"}, {"period", "période"},
	{"end", "fin"}, {"tell", "prévenir"}, {"by", "par"}};

const struct policy *policy_for(const struct policy *policy, const struct incident *i)
{
	const bool everybody = i->kind == INCIDENT_P1 || i->kind == INCIDENT_DRILL;
	return policy->untried && everybody ? policy->untried : policy;
}

static bool is_told(const struct policy_target *a, const struct policy_target *b)
{
	return strcmp(a->person, b->person) == 0 && strcmp(a->channel, b->channel) == 0;
}

/* Marks whom a step tells in the trial too. */
static void mark(struct policy_step *step, const struct policy_target *t)
{
	for (size_t i = 0; i < step->n_targets; i++)
		step->targets[i].in_trial |= is_told(&step->targets[i], t);
}

static bool has(const struct policy_step *step, const struct policy_target *t)
{
	for (size_t i = 0; i < step->n_targets; i++)
		if (is_told(&step->targets[i], t))
			return true;
	return false;
}

/* The targets of its own, for a chain by default shares the fallback's; with room for more. */
static void own(struct load *l, struct policy_step *step, size_t more)
{
	struct policy_target *targets =
		arena_zero(&l->policy->arena, (step->n_targets + more + 1) * sizeof(*targets));
	memcpy(targets, step->targets, step->n_targets * sizeof(*targets));
	step->targets = targets;
}

static void extend(struct load *l, struct policy_steps *steps, const struct policy_step *told)
{
	for (size_t i = 0; i < steps->n; i++) {
		own(l, &steps->list[i], i ? 0 : told->n_targets);
		for (size_t k = 0; k < told->n_targets; k++)
			mark(&steps->list[i], &told->targets[k]);
	}
	for (size_t k = 0; steps->n && k < told->n_targets; k++) {
		struct policy_step *first = &steps->list[0];
		if (has(first, &told->targets[k]))
			continue;
		struct policy_target *t = &first->targets[first->n_targets++];
		*t = told->targets[k];
		t->rota = NULL;
		t->in_trial = t->only_in_trial = true;
	}
}

static const char *names_of(struct load *l, const struct policy_step *told)
{
	_buf_ struct buf names = {0};
	for (size_t i = 0; i < told->n_targets; i++) {
		bool said = false;
		for (size_t k = 0; k < i; k++)
			said |= strcmp(told->targets[k].person, told->targets[i].person) == 0;
		if (!said)
			buf_printf(&names, "%s%s", names.n ? ", " : "", told->targets[i].name);
	}
	return arena_string(&l->policy->arena, buf_slice(&names));
}

/* A day counts from its midnight. False when absent or (said) wrong. */
static bool read_moment(const struct part *part, const char *key, int64_t *ret)
{
	int64_t day;
	int minute;
	if (!part_time(part, key, &day, &minute))
		return false;
	*ret = day_instant(day, minute < 0 ? 0 : minute);
	return true;
}

/* Until the end that is given: the first moment at which everybody is called again. */
static bool read_end(const struct part *part, struct policy_trial *t)
{
	struct load *l = part->l;
	if (!read_moment(part, "end", &t->to))
		return false;
	if (part_get(part, "period"))
		yaml_problem(l->f, part_get(part, "period"), l->p, "retirez l'un des deux",
			"« end » (fin) et « period » (période) : l'un ou l'autre");
	else if (t->to <= t->from || t->to - t->from > DAYS_MAX * CLOCK_DAY)
		yaml_problem(l->f, part_get(part, "end"), l->p,
			"par exemple start: 2027-01-04, end: 2027-01-18",
			"« end » (fin) : après « start » (début), de %d jours au plus", DAYS_MAX);
	else
		return true;
	return false;
}

/* Whole days from its start; false when (said) wrong. */
static bool read_period(const struct part *part, struct policy_trial *t)
{
	struct load *l = part->l;
	int64_t period = DAYS * CLOCK_DAY;
	int minute;
	part_duration(part, "period", CLOCK_DAY, &period);
	if (period % CLOCK_DAY || period > DAYS_MAX * CLOCK_DAY) {
		yaml_problem(l->f, part_get(part, "period"), l->p, "14 j",
			"« period » : des jours entiers, %d au plus", DAYS_MAX);
		return false;
	}
	const int64_t day = day_of(t->from, &minute);
	t->to = day_instant(day + period / CLOCK_DAY, minute);
	return true;
}

static bool read_time(const struct part *part, struct policy_trial *ret)
{
	struct load *l = part->l;
	if (!part_get(part, "start")) {
		yaml_problem(l->f, part->map, l->p, "start: 2027-01-04",
			"il manque « start » (début) : le jour où le rodage commence");
		return false;
	}
	if (!read_moment(part, "start", &ret->from))
		return false;
	return part_get(part, "end") ? read_end(part, ret) : read_period(part, ret);
}

void load_trial(struct load *l, const struct yaml_node *map)
{
	struct policy *policy = l->policy;
	struct policy_trial trial = {0};
	struct policy_step told = {0};
	struct part part;
	const size_t errors = l->p->errors;
	if (!part_open(l, map, trial_keys, COUNT(trial_keys), "rodage", &part) ||
		!read_time(&part, &trial))
		return;
	if (!part_get(&part, "tell")) {
		yaml_problem(l->f, map, l->p, "tell: dircom",
			"il manque « tell » (prévenir) : qui reçoit les alertes pendant le rodage");
		return;
	}
	load_tell(l, part_get(&part, "tell"), part_get(&part, "by"), &told);
	if (l->p->errors > errors)
		return;
	trial.names = names_of(l, &told);
	struct policy *untried = arena_alloc(&policy->arena, sizeof(*untried));
	for (int c = 0; c < CHAINS; c++)
		extend(l, &policy->chains[c], &told);
	policy->trial = trial;
	*untried = *policy;
	untried->trial.from = untried->trial.to = 0;
	policy->untried = untried;
}
