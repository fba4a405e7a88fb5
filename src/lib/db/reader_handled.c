/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waited for a human, for the team's figures. */
#include "rd.h"

struct all_handled {
	handled_fn *fn;
	void *user;
};

static int hand_handled(void *user, sqlite3_stmt *s)
{
	const struct all_handled *to = user;
	const struct handled row = {.flagged_at = sq_col_int(s, 0),
		.category = sq_col(s, 1),
		.priority = (uint8_t)sq_col_int(s, 2),
		.lanes = (uint8_t)sq_col_int(s, 3),
		.looked_at = sq_col_int(s, 4),
		.decided_at = sq_col_int(s, 5),
		.answered_at = sq_col_int(s, 6)};

	return to->fn(to->user, &row);
}

int reader_handled(
	struct reader *r, int64_t from, int64_t to, handled_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct all_handled all = {fn, user};
	int code = sq_query(&r->q, e, &s,
		"SELECT flagged_at, category, priority, lanes, looked_at, decided_at, answered_at"
		" FROM handled WHERE flagged_at >= ? AND flagged_at < ? ORDER BY flagged_at",
		"ii", from, to);

	return code < 0 ? code : sq_each(s, hand_handled, &all, e);
}
