/* SPDX-License-Identifier: GPL-3.0-or-later
 * What changes in the queue, for those who watch it. */
#include "rd.h"

#include <tocsin/base/clock.h>

struct arrivals {
	int (*fn)(void *user, const struct queue_arrival *a);
	void *user;
};

static int arrival(void *user, sqlite3_stmt *s)
{
	const struct arrivals *to = user;
	const int64_t rank = sq_col_int(s, 2);
	const struct queue_arrival a = {.seq = sq_col_int(s, 0),
		.row = sq_col_int(s, 1),
		.priority = (uint8_t)(rank % 2 == 0 && rank <= 8 ? rank / 2 : 0),
		.lanes = (uint8_t)sq_col_int(s, 3)};

	return to->fn(to->user, &a);
}

int reader_arrivals(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_arrival *a), void *user, struct error *e)
{
	struct arrivals to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT seq, row, rank, lanes FROM queue WHERE seq > ? ORDER BY seq LIMIT ?", "ii",
		after, (int64_t)limit);

	return code < 0 ? code : sq_each(s, arrival, &to, e);
}

struct departures {
	int (*fn)(void *user, const struct queue_departure *d);
	void *user;
};

static int departure(void *user, sqlite3_stmt *s)
{
	const struct departures *to = user;
	const struct queue_departure d = {
		sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2), sq_col(s, 3), sq_col(s, 4)};

	return to->fn(to->user, &d);
}

int reader_departures(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_departure *d), void *user, struct error *e)
{
	struct departures to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT id, row, seq, decision, who FROM decision WHERE id > ? ORDER BY id LIMIT ?",
		"ii", after, (int64_t)limit);

	return code < 0 ? code : sq_each(s, departure, &to, e);
}

int reader_last_decision(struct reader *r, int64_t *ret, struct error *e)
{
	return sq_int(r->q.db, "SELECT max(id) FROM decision", 0, ret, e);
}

static int pass_number(void *user, sqlite3_stmt *s)
{
	const struct departures *to = user;
	const struct queue_departure d = {
		.number = sq_col_int(s, 0), .row = sq_col_int(s, 1), .seq = sq_col_int(s, 2)};

	return to->fn(to->user, &d);
}

int reader_gone(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_departure *d), void *user, struct error *e)
{
	struct departures to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT number, row, seq FROM gone WHERE number > ? ORDER BY number LIMIT ?", "ii",
		after, (int64_t)limit);

	return code < 0 ? code : sq_each(s, pass_number, &to, e);
}

int reader_last_gone(struct reader *r, int64_t *ret, struct error *e)
{
	return sq_int(r->q.db, "SELECT max(number) FROM gone", 0, ret, e);
}

struct claims {
	int (*fn)(void *user, const struct queue_claim *c);
	void *user;
};

static int claim(void *user, sqlite3_stmt *s)
{
	const struct claims *to = user;
	const struct queue_claim c = {sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
		sq_col(s, 3), sq_col_int(s, 4), sq_col_int(s, 5)};

	return to->fn(to->user, &c);
}

int reader_claims(struct reader *r, int (*fn)(void *user, const struct queue_claim *c), void *user,
	struct error *e)
{
	struct claims to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT c.row, q.seq, c.until, c.who, q.rank, q.flagged_at FROM claim c JOIN queue q ON q.row = c.row"
		" WHERE c.until > ? ORDER BY c.row",
		"i", clock_now());

	return code < 0 ? code : sq_each(s, claim, &to, e);
}
