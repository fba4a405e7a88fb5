/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences that people entered. */
#include "rd.h"

struct absences {
	struct arena *arena;
	struct absence *list;
	size_t n, cap;
};

static int take_absence(void *user, sqlite3_stmt *s)
{
	struct absences *to = user;

	to->list = arena_grow(to->arena, to->list, to->n, &to->cap, sizeof(*to->list));
	to->list[to->n++] = (struct absence){.id = sq_col_int(s, 0),
		.person = arena_copy(to->arena, sq_col(s, 1)),
		.substitute = arena_copy(to->arena, sq_col(s, 2)),
		.from = sq_col_int(s, 3),
		.to = sq_col_int(s, 4),
		.who = arena_copy(to->arena, sq_col(s, 5)),
		.at = sq_col_int(s, 6)};
	return 0;
}

int reader_absences(
	struct reader *r, struct arena *arena, struct absence **ret, size_t *ret_n, struct error *e)
{
	sqlite3_stmt *s;
	struct absences to = {.arena = arena};
	int code = sq_query(&r->q, e, &s,
		"SELECT id, person, substitute, since, until, who, at FROM absence ORDER BY since, id",
		"");

	if (code == 0)
		code = sq_each(s, take_absence, &to, e);
	if (code < 0)
		return code;
	*ret = to.list;
	*ret_n = to.n;
	return 0;
}

static int hand_mark(void *user, sqlite3_stmt *s)
{
	struct absence_mark *ret = user;

	*ret = (struct absence_mark){sq_col_int(s, 0), sq_col_int(s, 1)};
	return 0;
}

int reader_absence_mark(struct reader *r, struct absence_mark *ret, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT ifnull(max(id), 0), count(*) FROM absence", "");

	return code < 0 ? code : sq_each(s, hand_mark, ret, e);
}
