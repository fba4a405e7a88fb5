/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages that are no alarm: the bulletin, reminders, what could not be done. */
#ifndef ESCALATE_CIRCULAR_H
#define ESCALATE_CIRCULAR_H
#include "escalate.h"
#include "message.h"

/* An empty one to that person; key is in the arena and lives as long as the message. */
struct message circular(const struct escalate *x, const struct policy_target *t, struct slice key,
	struct slice kind);
/* … on its way: due now; all of it in the arena. */
struct outbox_row circular_row(
	struct escalate *x, const struct policy_target *t, const struct message *m);
/* Somebody by the name of his account, by mail or else by SMS. False: the plan does not know him, or nothing reaches him. */
bool circular_person(const struct escalate *x, struct slice who, struct policy_target *ret);
#endif
