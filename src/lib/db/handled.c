/* SPDX-License-Identifier: GPL-3.0-or-later
 * When what waits for a human was first looked at, decided, answered: for the team's figures, without who. A row comes in with
 * the queue's (a trigger), and stays when the text is purged: it says nothing of anybody. */
#include <errno.h>
#include <tocsin/record/wire.h>

#include "st.h"

int handled_looked(struct store *st, int64_t row, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE handled SET looked_at = ? WHERE row = ? AND looked_at = 0",
		"ii", town_now(st), row);
}

int request_looked(struct store *st, struct slice body, struct error *e)
{
	struct wire w = wire_reader(body);
	const int64_t seq = wire_i64(&w);
	int64_t row = 0;
	int r;

	if (!wire_done(&w))
		return error_set(e, -EBADMSG, "numéro illisible");
	r = sq_get(&st->q, e, &row, "SELECT ifnull(first, seq) FROM item WHERE seq = ?", "i", seq);
	return r < 0 ? r : r == 0 ? handled_looked(st, row, e) : 0;
}

int handled_decided(struct store *st, int64_t row, struct slice decision, struct error *e)
{
	const bool answers = slice_is(decision, "repondre") || slice_is(decision, DECISION_HOLDING);
	int r = handled_looked(st, row, e);

	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE handled SET decided_at = ? WHERE row = ? AND decided_at = 0", "ii",
			town_now(st), row);
	if (r == 0 && answers)
		r = sq_do(&st->q, e,
			"UPDATE handled SET answered_at = ? WHERE row = ? AND answered_at = 0",
			"ii", town_now(st), row);
	return r;
}

int handled_undone(struct store *st, int64_t row, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE handled SET decided_at = 0, answered_at = 0 WHERE row = ?",
		"i", row);
}
