/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rd.h"
#include <tocsin/db/kept.h>

struct all_oppositions {
	int (*fn)(void *user, const struct opposition *o);
	void *user;
};

static int hand(void *user, sqlite3_stmt *s)
{
	const struct all_oppositions *to = user;
	const struct slice author = sq_col(s, 1);
	struct opposition o = {.id = sq_col_int(s, 0),
		.source = sq_col(s, 2),
		.at = sq_col_int(s, 3),
		.who = sq_col(s, 4),
		.reason = sq_col(s, 5),
		.state = (enum opposition_state)sq_col_int(s, 6),
		.decided_at = sq_col_int(s, 7),
		.decided_by = sq_col(s, 8),
		.ground = sq_col(s, 9)};

	if (author.n == sizeof(o.author_key))
		memcpy(o.author_key, author.p, author.n);
	return to->fn(to->user, &o);
}

int reader_oppositions(struct reader *r, uint32_t limit,
	int (*fn)(void *user, const struct opposition *o), void *user, struct error *e)
{
	struct all_oppositions to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT id, author, source, at, who, reason, state, decided_at, decided_by, ground"
		" FROM opposition ORDER BY state = 0 DESC, id DESC LIMIT ?",
		"i", (int64_t)limit);

	return code < 0 ? code : sq_each(s, hand, &to, e);
}
