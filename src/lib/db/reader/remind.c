/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rd.h"

struct all_marks {
	int (*fn)(void *user, const struct remind_mark *m);
	void *user;
};

static int hand_mark(void *user, sqlite3_stmt *s)
{
	const struct all_marks *to = user;
	const struct remind_mark m = {
		sq_col_int(s, 0), sq_col_int(s, 1), (uint8_t)sq_col_int(s, 2)};

	return to->fn(to->user, &m);
}

int reader_reminded(struct reader *r, int (*fn)(void *user, const struct remind_mark *m),
	void *user, struct error *e)
{
	struct all_marks to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT row, day, before FROM remind", "");

	return code < 0 ? code : sq_each(s, hand_mark, &to, e);
}
