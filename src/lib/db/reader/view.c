/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters that people keep under a name. */
#include "rd.h"

struct handing {
	int (*fn)(void *user, const struct kept_view *v);
	void *user;
};

static int hand_view(void *user, sqlite3_stmt *s)
{
	const struct handing *to = user;
	const struct kept_view v = {.id = sq_col_int(s, 0),
		.shared = sq_col_int(s, 1),
		.name = sq_col(s, 2),
		.address = sq_col(s, 3),
		.who = sq_col(s, 4)};

	return to->fn(to->user, &v);
}

int reader_views(struct reader *r, struct slice account,
	int (*fn)(void *user, const struct kept_view *v), void *user, struct error *e)
{
	struct handing to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT id, owner = '', name, address, who FROM view WHERE owner IN (?, '')"
		" ORDER BY owner = '', name",
		"t", account);

	return code < 0 ? code : sq_each(s, hand_view, &to, e);
}
