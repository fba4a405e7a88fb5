/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom the policy would have told of each alarm, nobody taking charge: the first call of every step, no repeats. */
#ifndef TOCSIN_REPLAY_TOLD_H
#define TOCSIN_REPLAY_TOLD_H
#include <tocsin/policy/policy.h>
#include "town.h"

struct told {
	size_t alarm; /* its number in town_alarms() */
	int64_t at;
	const struct policy_target *target; /* the policy's */
};
struct told_list {
	struct told *list; /* in the order of alarms, then of time */
	size_t n, cap;
};
int told_read(struct town *t, const struct policy *policy, struct told_list *ret, struct error *e)
	_must_check_;
void told_release(struct told_list *l);
#endif
