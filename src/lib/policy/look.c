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

int64_t policy_look_by(const struct policy *policy, unsigned priority, int64_t flagged_at)
{
	static const struct hours_span week = {WORKDAYS, 8 * 60 + 30, 17 * 60 + 30};
	const struct hours office = {.spans = &week, .n_spans = 1, .closed_on = &policy->holidays};
	const size_t i =
		priority && priority <= LOOK_PRIORITIES ? priority - 1 : LOOK_PRIORITIES - 1;
	const int64_t ms = policy->look_ms[i] ? policy->look_ms[i] : usual[i];
	if (i == 0) /* whatever the hour */
		return flagged_at + ms;
	return hours_after(policy->n_hours ? &policy->hours[0] : &office, flagged_at, ms);
}
