/* SPDX-License-Identifier: GPL-3.0-or-later
 * The queue. Each lane has an index of its own in the order of urgency, in which a page is sought by the key of the item
 * before it: the thousandth page costs what the first one does. */
#include "rd.h"

#include <errno.h>
#include <tocsin/base/clock.h>

#define QUEUE_ROWS \
	" FROM queue q JOIN item i ON i.seq = q.seq" \
	" LEFT JOIN claim c ON c.row = q.row AND c.until > ? "
#define QUEUE_COLUMNS \
	"SELECT q.rank, q.flagged_at, q.row, q.lanes, ifnull(c.who, ''), ifnull(c.until, 0)," \
	" " ITEM_COLUMNS QUEUE_ROWS
#define ORDER " ORDER BY q.rank, q.flagged_at, q.row LIMIT ?"
#define BEHIND "(q.rank, q.flagged_at, q.row) > (?, ?, ?)"

static int each_queued(
	struct reader *r, sqlite3_stmt *s, queue_fn *fn, void *user, size_t *n, struct error *e)
{
	int code = 0;

	while (code == 0) {
		struct queue_item q = {0};

		code = sq_step(s, e);
		if (code)
			break;
		q.key = (struct queue_key){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2)};
		q.flagged_at = q.key.flagged_at;
		q.lanes = (uint8_t)sq_col_int(s, 3);
		q.claimed_by = sq_col(s, 4);
		q.claimed_until = sq_col_int(s, 5);
		reader_item(r, s, 6, true, &q.stored);
		++*n;
		r->handing = true;
		code = fn(user, &q);
		r->handing = false;
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_queue(
	struct reader *r, uint8_t lanes, uint32_t limit, queue_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s, QUEUE_COLUMNS "WHERE q.lanes & ?" ORDER, "iii",
		clock_now(), (int64_t)lanes, (int64_t)limit);

	return code < 0 ? code : each_queued(r, s, fn, user, &n, e);
}

int reader_file(struct reader *r, enum verdict_lane lane, const struct queue_key *after,
	uint32_t limit, queue_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	/* the lane is part of the text: only so does SQLite know which index fits */
	int code = sq_query(&r->q, e, &s,
		lane == LANE_REPONSE ? QUEUE_COLUMNS "WHERE q.lanes & 2 AND " BEHIND ORDER
				     : QUEUE_COLUMNS "WHERE q.lanes & 1 AND " BEHIND ORDER,
		"iiiii", clock_now(), after->rank, after->flagged_at, after->row, (int64_t)limit);

	return code < 0 ? code : each_queued(r, s, fn, user, &n, e);
}

int reader_file_back(struct reader *r, enum verdict_lane lane, const struct queue_key *from,
	uint32_t n, struct queue_key *ret, struct error *e)
{
#define BACK \
	" AND (rank, flagged_at, row) <= (?, ?, ?)" \
	" ORDER BY rank DESC, flagged_at DESC, row DESC LIMIT ?"
	struct queue_key key = {0};
	sqlite3_stmt *s;
	uint32_t seen = 0;
	int code = sq_query(&r->q, e, &s,
		lane == LANE_REPONSE
			? "SELECT rank, flagged_at, row FROM queue WHERE lanes & 2" BACK
			: "SELECT rank, flagged_at, row FROM queue WHERE lanes & 1" BACK,
		"iiii", from->rank, from->flagged_at, from->row, (int64_t)n + 1);

	while (code == 0) {
		code = sq_step(s, e);
		if (code)
			break;
		key = (struct queue_key){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2)};
		seen++;
	}
	*ret = seen > n ? key : (struct queue_key){0};
	return code < 0 ? code : 0;
}

int reader_queue_item(struct reader *r, int64_t seq, queue_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s,
		QUEUE_COLUMNS
		"WHERE q.row = (SELECT ifnull(v.first, v.seq) FROM item v WHERE v.seq = ?)",
		"ii", clock_now(), seq);

	if (code == 0)
		code = each_queued(r, s, fn, user, &n, e);
	return code ? code : n ? 0 : READER_END;
}

/* by: 0 stands for what has no priority. */
static int add_counts(sqlite3_stmt *s, uint64_t by[5], struct error *e)
{
	int code = 0;

	memset(by, 0, 5 * sizeof(*by));
	while (code == 0) {
		int64_t rank;

		code = sq_step(s, e);
		if (code)
			break;
		rank = sq_col_int(s, 0);
		by[rank % 2 == 0 && rank / 2 <= 4 ? rank / 2 : 0] += (uint64_t)sq_col_int(s, 1);
	}
	return code < 0 ? code : 0;
}

int reader_queue_count(struct reader *r, uint64_t by_priority[5], struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT rank, count(*) FROM queue GROUP BY rank", "");

	return code < 0 ? code : add_counts(s, by_priority, e);
}

int reader_file_count(
	struct reader *r, enum verdict_lane lane, uint64_t by_priority[5], struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		lane == LANE_REPONSE
			? "SELECT rank, count(*) FROM queue WHERE lanes & 2 GROUP BY rank"
			: "SELECT rank, count(*) FROM queue WHERE lanes & 1 GROUP BY rank",
		"");

	return code < 0 ? code : add_counts(s, by_priority, e);
}
