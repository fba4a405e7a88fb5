/* SPDX-License-Identifier: GPL-3.0-or-later
 * One incident as it stands in the database, in the arena of the look. */
#ifndef ESCALATE_CASE_H
#define ESCALATE_CASE_H
#include "compose.h"
#include "escalate.h"

struct town_case {
	struct arena *arena;
	struct incident incident;
	/* What something may be due from, and what messages tell; only of these are the texts kept. */
	struct incident_entry *entries;
	size_t n, cap;
};
/* Whether anything is due from such an entry: from most, of which there may be many, nothing is. */
bool case_needs(enum entry_kind kind);
/* Nothing that decides on what is due has changed in the row. */
bool case_same(const struct incident *a, const struct incident *b);
/* -ENOENT; -EAGAIN: it does not hold still; or a fault of the database. */
int case_read(struct escalate *x, int64_t id, struct town_case *c, struct error *e);
/* c must outlive what is returned. */
struct policy_case case_policy(const struct escalate *x, const struct town_case *c);
/* Everything that its messages are composed from; verbatims are read now, and masked. */
void case_compose(struct escalate *x, const struct policy_case *c, struct compose *ret);
#endif
