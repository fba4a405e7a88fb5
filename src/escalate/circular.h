/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages that are no alarm: the bulletin, reminders, what could not be done. */
#ifndef ESCALATE_CIRCULAR_H
#define ESCALATE_CIRCULAR_H
#include "escalate.h"
#include "message.h"
#include "write.h"

/* An empty one to that person; key is in the arena and lives as long as the message. */
struct message circular(const struct escalate *x, const struct policy_target *t, struct slice key,
	struct slice kind);
/* … on its way: due now; all of it in the arena. */
struct outbox_row circular_row(
	struct escalate *x, const struct policy_target *t, const struct message *m);
/* Of one about an incident: its title, in an election period without citizens' words (true: they are left out), for whoever gets
 * it and for who gets it should that fail. Appended. */
bool circular_title(const struct escalate *x, const struct incident *i, struct buf *out);
/* … and its end: what is to be done, with the way to the incident's page; what was left out. */
void circular_end(const struct escalate *x, const struct incident *i, const char *todo,
	bool left_out, struct writer *out);
/* Somebody by the name of his account, by mail or else by SMS. False: the plan does not know him, or nothing reaches him. */
bool circular_person(const struct escalate *x, struct slice who, struct policy_target *ret);
#endif
