/* SPDX-License-Identifier: GPL-3.0-or-later
 * The queue. Each lane has an index of its own in the order of urgency, in which a page is sought by the key of the item
 * before it: the thousandth page costs what the first one does. */
#include "rd.h"

#include <errno.h>
#include <tocsin/base/clock.h>

#define PROPOSED \
	" LEFT JOIN second g ON g.row = q.row AND g.ended = 0 LEFT JOIN decision p ON p.id = g.id" \
	" LEFT JOIN answer a ON a.id = g.id"
#define FOLLOWS " LEFT JOIN follow f ON f.row = q.row AND f.ended = 0" PROPOSED
#define QUEUE_ROWS \
	" FROM queue q JOIN item i ON i.seq = q.seq" \
	" LEFT JOIN claim c ON c.row = q.row AND c.until > ?" FOLLOWS " "
#define QUEUE_HEAD \
	"SELECT q.rank, q.flagged_at, q.row, q.lanes, ifnull(c.who, ''), ifnull(c.until, 0)," \
	" f.since, f.until, f.service, f.state, " LAST_DECISION("q.row") ", " HUMAN_CATEGORY( \
		"q.row") ", q.category, p.id, p.at, p.who, p.decision, p.reason, a.text, " ITEM_COLUMNS
#define QUEUE_COLUMNS QUEUE_HEAD QUEUE_ROWS
#define ORDER " ORDER BY q.rank, q.flagged_at, q.row LIMIT ?"

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
		q.follow = (struct follow_up){sq_col_int(s, 6), sq_col_int(s, 7), sq_col(s, 8),
			(enum follow_state)sq_col_int(s, 9)};
		q.decision = sq_col_int(s, 10);
		q.qualified = sq_col(s, 11);
		q.category = sq_col(s, 12);
		q.proposed = (struct queue_proposal){sq_col_int(s, 13), sq_col_int(s, 14),
			sq_col(s, 15), sq_col(s, 16), sq_col(s, 17), sq_col(s, 18)};
		reader_item(r, s, 19, true, &q.stored);
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

/* Filters are asked of the index, before any row is read: its last columns are what they look at. */
#define FILTERS \
	" AND (?4 = 0 OR q.rank / 2 = ?4)" \
	" AND (?5 = '' OR q.source = (SELECT id FROM source WHERE name = ?5))" \
	" AND (?6 = '' OR instr(q.tags, ' c:' || ?6 || ' '))" \
	" AND (?11 = '' OR instr(q.tags, ' t:' || ?11 || ' '))" \
	" AND (?12 = 0 OR q.flagged_at >= ?12) AND (?13 = 0 OR q.flagged_at < ?13)" \
	" AND (?7 = 0 OR (?7 = 1 AND ifnull(c.who, '') = ?8) OR (?7 = 2 AND ifnull(c.who, ?8) <> ?8)" \
	" OR (?7 = 3 AND EXISTS(SELECT 1 FROM second o WHERE o.row = q.row AND o.ended = 0)))"
#define CLAIMS " LEFT JOIN claim c ON c.row = q.row AND c.until > ?9 "
#define BEHIND "(q.rank, q.flagged_at, q.row) > (?1, ?2, ?3)"
#define UP_TO "(q.rank, q.flagged_at, q.row) <= (?1, ?2, ?3)"

/* The lane is part of the text: only so does SQLite know which index fits. */
#define IN_LANE(lane, before, behind) \
	((lane) == LANE_REPONSE ? before " WHERE q.lanes & 2 AND " behind \
				: before " WHERE q.lanes & 1 AND " behind)

static int ask(struct reader *r, const struct file_query *q, const char *sql, sqlite3_stmt **ret,
	struct error *e)
{
	const struct queue_filter *f = &q->filter;

	return sq_query(&r->q, e, ret, sql, "iiiittitiitii", q->from.rank, q->from.flagged_at,
		q->from.row, (int64_t)f->priority, f->source, f->category, (int64_t)f->on, f->who,
		clock_now(), (int64_t)q->limit, f->topic, f->from, f->to);
}

int reader_file_find(
	struct reader *r, const struct file_query *q, queue_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = ask(r, q,
		IN_LANE(q->lane,
			QUEUE_HEAD " FROM queue q JOIN item i ON i.seq = q.seq" CLAIMS FOLLOWS,
			BEHIND FILTERS " ORDER BY q.rank, q.flagged_at, q.row LIMIT ?10"),
		&s, e);

	return code < 0 ? code : each_queued(r, s, fn, user, &n, e);
}

int reader_file_find_back(
	struct reader *r, const struct file_query *q, struct queue_key *ret, struct error *e)
{
	struct file_query one_more = *q;
	struct queue_key key = {0};
	sqlite3_stmt *s;
	uint32_t seen = 0;
	int code;

	one_more.limit++;
	code = ask(r, &one_more,
		IN_LANE(q->lane, "SELECT q.rank, q.flagged_at, q.row FROM queue q" CLAIMS,
			UP_TO FILTERS
			" ORDER BY q.rank DESC, q.flagged_at DESC, q.row DESC LIMIT ?10"),
		&s, e);
	while (code == 0) {
		code = sq_step(s, e);
		if (code)
			break;
		key = (struct queue_key){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2)};
		seen++;
	}
	*ret = seen > q->limit ? key : (struct queue_key){0};
	return code < 0 ? code : 0;
}

int reader_file(struct reader *r, enum verdict_lane lane, const struct queue_key *after,
	uint32_t limit, queue_fn *fn, void *user, struct error *e)
{
	const struct file_query q = {.lane = lane, .from = *after, .limit = limit};

	return reader_file_find(r, &q, fn, user, e);
}

int reader_file_back(struct reader *r, enum verdict_lane lane, const struct queue_key *from,
	uint32_t n, struct queue_key *ret, struct error *e)
{
	const struct file_query q = {.lane = lane, .from = *from, .limit = n};

	return reader_file_find_back(r, &q, ret, e);
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

#define SENT " WHERE f.sent = 1 AND " IS_AMONG("f.service", "?2")

int reader_service_items(struct reader *r, struct slice services, uint32_t limit, queue_fn *fn,
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s,
		QUEUE_HEAD
		" FROM follow f JOIN queue q ON q.row = f.row AND f.ended = 0"
		" JOIN item i ON i.seq = q.seq LEFT JOIN claim c ON c.row = q.row AND c.until > ?1" PROPOSED
			SENT " ORDER BY f.until, f.row LIMIT ?3",
		"iti", clock_now(), services, (int64_t)limit);

	return code < 0 ? code : each_queued(r, s, fn, user, &n, e);
}

int reader_service_item(struct reader *r, struct slice services, int64_t seq, queue_fn *fn,
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s,
		QUEUE_HEAD
		" FROM queue q JOIN follow f ON f.row = q.row AND f.ended = 0"
		" JOIN item i ON i.seq = q.seq LEFT JOIN claim c ON c.row = q.row AND c.until > ?1" PROPOSED
			SENT
		" AND q.row = (SELECT ifnull(v.first, v.seq) FROM item v WHERE v.seq = ?3)",
		"iti", clock_now(), services, seq);

	if (code == 0)
		code = each_queued(r, s, fn, user, &n, e);
	return code ? code : n ? 0 : READER_END;
}

int reader_proposed_count(struct reader *r, uint64_t *ret, struct error *e)
{
	int64_t n = 0;
	int code = sq_get(&r->q, e, &n,
		"SELECT count(*) FROM second g WHERE g.ended = 0"
		" AND EXISTS(SELECT 1 FROM queue q WHERE q.row = g.row)",
		"");

	*ret = (uint64_t)n;
	return code < 0 ? code : 0;
}

int reader_followed_count(struct reader *r, uint64_t *ret, struct error *e)
{
	int64_t n = 0;
	int code = sq_get(&r->q, e, &n,
		"SELECT count(*) FROM queue WHERE lanes & 2 AND rank = " RANK_WAITS, "");

	*ret = (uint64_t)n;
	return code < 0 ? code : 0;
}

int reader_file_find_count(
	struct reader *r, const struct file_query *q, uint64_t by_priority[5], struct error *e)
{
	struct file_query all = *q;
	sqlite3_stmt *s;
	int code;

	all.from = (struct queue_key){0};
	all.limit = UINT32_MAX;
	code = ask(r, &all,
		IN_LANE(q->lane, "SELECT q.rank, count(*) FROM queue q" CLAIMS,
			BEHIND FILTERS " GROUP BY q.rank LIMIT ?10"),
		&s, e);
	return code < 0 ? code : add_counts(s, by_priority, e);
}
