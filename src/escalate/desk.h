/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the next messages are decided from: the outbox's rows that may go, and what has gone lately. */
#ifndef ESCALATE_DESK_H
#define ESCALATE_DESK_H
#include <tocsin/policy/dispatch.h>
#include "escalate.h"

/* Everything that may go, decided. The arrays live in the arena. Metrics: how many are open, how many are held. */
int desk_decide(struct escalate *x, struct arena *arena, struct policy_dispatch **ret,
	size_t *ret_n, struct error *e) _must_check_;
/* An attempt's rows have been delivered. */
void desk_sent(struct escalate *x, const struct attempt *a);
/* The database is another one, or is read for the first time. */
void desk_forget(struct escalate *x);
#endif
