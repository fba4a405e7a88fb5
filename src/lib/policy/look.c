/* SPDX-License-Identifier: GPL-3.0-or-later
 * By when somebody should have looked at what waits. */
#include "private.h"
#include <tocsin/base/clock.h>

enum { WORKDAYS = 0x1f };

static const int64_t usual[LOOK_PRIORITIES] = {
	15 * CLOCK_MINUTE, 2 * CLOCK_HOUR, 8 * CLOCK_HOUR, 24 * CLOCK_HOUR};
static const struct yaml_key look_keys[] = {{"P1", NULL}, {"P2", NULL}, {"P3", NULL}, {"P4", NULL}};

void load_look(struct load *l, const struct yaml_node *map)
{
	struct part part;
	if (!part_open(l, map, look_keys, COUNT(look_keys), "first_look", &part))
		return;
	for (size_t i = 0; i < LOOK_PRIORITIES; i++)
		part_duration(&part, look_keys[i].english, CLOCK_MINUTE, &l->policy->look_ms[i]);
}

static const struct hours_span week = {WORKDAYS, 8 * 60 + 30, 17 * 60 + 30};

/* The first declared, else the usual ones. */
static struct hours working(const struct policy *policy)
{
	return policy->n_hours
		? policy->hours[0]
		: (struct hours){.spans = &week, .n_spans = 1, .closed_on = &policy->holidays};
}

static size_t look_of(unsigned priority)
{
	return priority && priority <= LOOK_PRIORITIES ? priority - 1 : LOOK_PRIORITIES - 1;
}

int64_t policy_look_ms(const struct policy *policy, unsigned priority)
{
	const size_t i = look_of(priority);
	return policy->look_ms[i] ? policy->look_ms[i] : usual[i];
}

int64_t policy_look_again(
	const struct policy *policy, unsigned priority, int64_t flagged_at, unsigned n)
{
	const struct hours office = working(policy);
	const int64_t ms = n * policy_look_ms(policy, priority);
	if (look_of(priority) == 0) /* whatever the hour */
		return flagged_at + ms;
	return hours_after(&office, flagged_at, ms);
}

int64_t policy_look_by(const struct policy *policy, unsigned priority, int64_t flagged_at)
{
	return policy_look_again(policy, priority, flagged_at, 1);
}

/* Of the open time of a week, the part of one day on which anything is open. */
static int64_t working_day(const struct hours *h)
{
	int64_t minutes = 0;
	unsigned days = 0;
	for (size_t i = 0; i < h->n_spans; i++) {
		const struct hours_span *s = &h->spans[i];
		const int length = s->to - s->from + (s->to > s->from ? 0 : 24 * 60);
		minutes += (int64_t)length * __builtin_popcount(s->days);
		days |= s->days;
	}
	return days ? minutes * CLOCK_MINUTE / __builtin_popcount(days) : CLOCK_DAY;
}

int64_t policy_answer_by(const struct policy *policy, int64_t from, int64_t ms)
{
	const struct hours office = working(policy);
	const int64_t days = ms / CLOCK_DAY;
	return hours_after(&office, from, days * working_day(&office) + ms % CLOCK_DAY);
}
