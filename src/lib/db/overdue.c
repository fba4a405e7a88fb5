/* SPDX-License-Identifier: GPL-3.0-or-later
 * Flagged comments that nobody looks at: of each priority one incident, as long as anything waits past its deadline. */
#include <errno.h>

#include "incident.h"

#define EXAMPLES 5u

int request_overdue(struct store *st, struct slice body, struct error *e)
{
	static const char *const topics[] = {
		INCIDENT_OVERDUE_TOPIC "P1", INCIDENT_OVERDUE_TOPIC "P2"};
	static const char *const titles[] = {
		"Signalements P1 que personne n'a vus", "Signalements P2 que personne n'a vus"};
	struct overdue_request q;

	arena_clear(&st->arena);
	if (overdue_decode(body, &st->arena, &q) < 0 || q.n_examples > EXAMPLES)
		return error_set(e, -EBADMSG, "retard illisible");
	const struct observation o = {.action = q.action,
		.kind = INCIDENT_OVERDUE,
		.level = q.level,
		.topic = slice_of(topics[q.priority - 1]),
		.title = slice_of(titles[q.priority - 1]),
		.facts = {.at = town_now(st),
			.since = q.since,
			.messages = q.waiting,
			.examples = q.examples,
			.n_examples = q.n_examples,
			.trigger = SLICE("overdue")}};
	return incident_observe_one(st, &o, e);
}
