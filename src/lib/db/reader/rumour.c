/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rd.h"

struct all_rumours {
	rumour_fn *fn;
	void *user;
};

static int hand(void *user, sqlite3_stmt *s)
{
	const struct all_rumours *to = user;
	const struct rumour u = {.row = sq_col_int(s, 0),
		.outcome = (enum rumour_outcome)sq_col_int(s, 1),
		.who = sq_col(s, 2),
		.at = sq_col_int(s, 3)};

	return to->fn(to->user, &u);
}

int reader_rumours(struct reader *r, int64_t incident, rumour_fn *fn, void *user, struct error *e)
{
	struct all_rumours to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT row, outcome, who, at FROM rumour WHERE incident = ? ORDER BY row", "i",
		incident);

	return code < 0 ? code : sq_each(s, hand, &to, e);
}
