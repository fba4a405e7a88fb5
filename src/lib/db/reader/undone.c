/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rd.h"

struct all_undone {
	int (*fn)(void *user, const struct undone_action *u);
	void *user;
};

static int hand(void *user, sqlite3_stmt *s)
{
	const struct all_undone *to = user;
	const struct undone_action u = {.id = sq_col_int(s, 0),
		.action = (enum outward)sq_col_int(s, 1),
		.attempts = (uint32_t)sq_col_int(s, 2),
		.source = sq_col(s, 3),
		.who = sq_col(s, 4),
		.detail = sq_col(s, 5),
		.row = sq_col_int(s, 6),
		.seq = sq_col_int(s, 7),
		.decided_at = sq_col_int(s, 8)};

	return to->fn(to->user, &u);
}

int reader_undone(struct reader *r, int64_t after,
	int (*fn)(void *user, const struct undone_action *u), void *user, struct error *e)
{
	struct all_undone to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT o.id, o.level, o.attempts, substr(o.channel, 8), d.who, o.detail, d.row, d.seq,"
		" d.at FROM outbox o INDEXED BY outbox_undone"
		" JOIN decision d ON d.id = CAST(substr(o.key, 8) AS INTEGER)"
		" WHERE o.state = 3 AND o.channel GLOB 'source/*' AND o.lease_until > ? ORDER BY o.id",
		"i", after);

	return code < 0 ? code : sq_each(s, hand, &to, e);
}
