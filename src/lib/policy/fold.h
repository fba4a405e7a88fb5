/* SPDX-License-Identifier: GPL-3.0-or-later
 * The main courante, folded, oldest entry first, into the stretches of time during which the case has been ringing without
 * anybody in charge. */
#ifndef POLICY_FOLD_H
#define POLICY_FOLD_H
#include "private.h"

struct stretch {
	int64_t base, from, to; /* steps count from base; [from, to) belongs to this chain */
	enum policy_chain chain;
	const struct incident_entry
		*end; /* what ended the ringing: an acknowledgement or a close */
	int64_t ended_at;
};
struct fold {
	const struct policy_case *c;
	struct stretch *list; /* since the last acknowledgement or close */
	size_t n;
	struct stretch *ended; /* those before, in order; NULL: nobody wants them */
	size_t n_ended;
	bool opened, closed, acked, silenced, ack_lost;
	int64_t acked_at;
	enum town_level level, acked_level, silenced_level;
};

/* Both from fold_storage(); ended may be NULL. */
void fold_case(struct fold *f, const struct policy_case *c, struct stretch *storage,
	struct stretch *ended);
/* Room for the stretches of the case; free() it. */
struct stretch *fold_storage(const struct policy_case *c);
/* A silence covers the level that its author saw; one given before anything rose covers all but rouge. */
bool fold_covered(const struct fold *f);
#endif
