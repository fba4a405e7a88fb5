/* SPDX-License-Identifier: GPL-3.0-or-later
 * What came, what waited for a human, and what was promised of it, for the team's figures. */
#include "rd.h"

#include <tocsin/record/account.h>

#define COLUMNS \
	"SELECT flagged_at, category, priority, lanes, looked_at, decided_at, answered_at, row"
/* What follows runs until its reminder is due (follow.c). Of what has ended the town clock of the end is that of the decision
 * when it is the wall's; else, and of what is gone, whether it had come back by then tells. ?5: now, ?6: the clock is that of
 * the comments. */
#define RAN_OUT \
	"CASE WHEN f.ended = 0 THEN f.until <= ?5 WHEN f.ended < 0 OR ?6 THEN f.state = 1" \
	" ELSE (SELECT at FROM decision WHERE id = f.ended) >= f.until END"
/* When a service first proposed an answer that it did not take back at once. */
#define PROPOSED_AT \
	"(SELECT min(d.at) FROM decision d WHERE d.row = f.row AND d.id > f.id" \
	" AND d.decision = '" DECISION_PROPOSED "'" \
	" AND ifnull((SELECT n.decision FROM decision n WHERE n.row = d.row AND n.id > d.id" \
	" ORDER BY n.id LIMIT 1), '') <> '" DECISION_UNDONE "')"
#define LATE_PROMISES \
	"(SELECT count(*) FROM follow f WHERE f.row = h.row" \
	" AND (SELECT decision FROM decision WHERE id = f.id) = '" DECISION_HOLDING \
	"' AND " RAN_OUT ")"
#define LATE_SERVICES \
	"(SELECT count(*) FROM follow f WHERE f.row = h.row AND f.sent = 1" \
	" AND iif(f.state = 2, NOT ?6 AND " PROPOSED_AT " >= f.until, " RAN_OUT "))"

static const char handled_on[] = COLUMNS
	", " LATE_PROMISES ", " LATE_SERVICES " FROM handled h"
	" WHERE (flagged_at, row) > (?1, ?2) AND flagged_at < ?3 ORDER BY flagged_at, row LIMIT ?4";
static const char received[] =
	"SELECT (SELECT name FROM source s WHERE s.id = l.source), sum(l.fresh) FROM ledger l"
	" WHERE l.hour >= ? AND l.hour < ? AND l.fresh > 0 GROUP BY l.source";
const char *const reader_handled_queries[] = {handled_on, received, NULL};

struct all_handled {
	handled_fn *fn;
	void *user;
	int64_t flagged_at, row; /* of the last one */
	uint32_t n;
	bool late; /* the columns of what is late are there */
};

static int hand_handled(void *user, sqlite3_stmt *s)
{
	struct all_handled *to = user;
	struct handled row = {.flagged_at = sq_col_int(s, 0),
		.category = sq_col(s, 1),
		.priority = (uint8_t)sq_col_int(s, 2),
		.lanes = (uint8_t)sq_col_int(s, 3),
		.looked_at = sq_col_int(s, 4),
		.decided_at = sq_col_int(s, 5),
		.answered_at = sq_col_int(s, 6)};

	if (to->late) {
		row.late_promises = (uint32_t)sq_col_int(s, 8);
		row.late_services = (uint32_t)sq_col_int(s, 9);
	}
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
		COLUMNS
		" FROM handled WHERE flagged_at >= ? AND flagged_at < ? ORDER BY flagged_at",
		"ii", from, to);

	return code < 0 ? code : sq_each(s, hand_handled, &all, e);
}

int reader_handled_on(struct reader *r, struct handled_at *at, int64_t to, uint32_t rows,
	handled_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct all_handled all = {
		.fn = fn, .user = user, .flagged_at = at->flagged_at, .row = at->row, .late = true};
	int code = sq_query(&r->q, e, &s, handled_on, "iiiiii", at->flagged_at, at->row, to,
		(int64_t)rows, at->now, (int64_t)at->event);

	if (code == 0)
		code = sq_each(s, hand_handled, &all, e);
	at->flagged_at = all.flagged_at;
	at->row = all.row;
	return code ? code : all.n < rows ? READER_END : 0;
}

struct all_received {
	received_fn *fn;
	void *user;
};

static int hand_received(void *user, sqlite3_stmt *s)
{
	const struct all_received *to = user;

	return to->fn(to->user, sq_col(s, 0), (uint64_t)sq_col_int(s, 1));
}

int reader_received(
	struct reader *r, int64_t from, int64_t to, received_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct all_received all = {fn, user};
	int code = sq_query(&r->q, e, &s, received, "ii", from, to);

	return code < 0 ? code : sq_each(s, hand_received, &all, e);
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
