/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waited for a human, for the team's figures. */
#include "rd.h"

#define COLUMNS \
	"SELECT flagged_at, category, priority, lanes, looked_at, decided_at, answered_at, row FROM handled "

struct all_handled {
	handled_fn *fn;
	void *user;
	int64_t flagged_at, row; /* of the last one */
	uint32_t n;
};

static int hand_handled(void *user, sqlite3_stmt *s)
{
	struct all_handled *to = user;
	const struct handled row = {.flagged_at = sq_col_int(s, 0),
		.category = sq_col(s, 1),
		.priority = (uint8_t)sq_col_int(s, 2),
		.lanes = (uint8_t)sq_col_int(s, 3),
		.looked_at = sq_col_int(s, 4),
		.decided_at = sq_col_int(s, 5),
		.answered_at = sq_col_int(s, 6)};

	to->flagged_at = row.flagged_at;
	to->row = sq_col_int(s, 7);
	to->n++;
	return to->fn(to->user, &row);
}

int reader_handled(
	struct reader *r, int64_t from, int64_t to, handled_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct all_handled all = {.fn = fn, .user = user};
	int code = sq_query(&r->q, e, &s,
		COLUMNS "WHERE flagged_at >= ? AND flagged_at < ? ORDER BY flagged_at", "ii", from,
		to);

	return code < 0 ? code : sq_each(s, hand_handled, &all, e);
}

int reader_handled_on(struct reader *r, struct handled_at *at, int64_t to, uint32_t rows,
	handled_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct all_handled all = {
		.fn = fn, .user = user, .flagged_at = at->flagged_at, .row = at->row};
	int code = sq_query(&r->q, e, &s,
		COLUMNS "WHERE (flagged_at, row) > (?, ?) AND flagged_at < ?"
			" ORDER BY flagged_at, row LIMIT ?",
		"iiii", at->flagged_at, at->row, to, (int64_t)rows);

	if (code == 0)
		code = sq_each(s, hand_handled, &all, e);
	*at = (struct handled_at){all.flagged_at, all.row};
	return code ? code : all.n < rows ? READER_END : 0;
}

int reader_looked(struct reader *r, int64_t seq, bool *ret, struct error *e)
{
	int64_t open = 0;
	int code = sq_get(&r->q, e, &open,
		"SELECT 1 FROM handled WHERE looked_at = 0"
		" AND row = (SELECT ifnull(first, seq) FROM item WHERE seq = ?)",
		"i", seq);

	*ret = code != 0;
	return code < 0 ? code : 0;
}

int reader_changes(struct reader *r, int64_t *ret, struct error *e)
{
	int code = sq_get(&r->q, e, ret, "PRAGMA data_version", "");

	return code < 0 ? code : 0;
}
