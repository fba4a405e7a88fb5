/* SPDX-License-Identifier: GPL-3.0-or-later
 * A row's body is looked through as bytes before anything of it is decoded; no verdict is, whose place is the reader's. */
#include <tocsin/db/nearby.h>

#include "../keys.h"
#include "../label.h"
#include "rd.h"

#define ROW "ifnull(i.first, i.seq)"
#define NEARBY \
	"SELECT i.seq, i.accepted, i.state, i.handle, i.body," \
	" (SELECT name FROM source WHERE id = i.source)," \
	" EXISTS(SELECT 1 FROM evidence v WHERE v.seq = i.seq)," \
	" EXISTS(SELECT 1 FROM queue q WHERE q.row = " ROW ")," \
	" ifnull((SELECT decision FROM decision WHERE id = " LAST_DECISION( \
		ROW) "), '')" \
		     " FROM item i WHERE "
#define BODIES \
	"SELECT i.seq, i.body FROM item i" \
	" WHERE i.source = (SELECT id FROM source WHERE name = ?3) AND "

enum { ENOUGH = 1 };

struct handing {
	nearby_fn *fn;
	void *user;
	struct slice thread, id; /* one of them is looked for; none: any */
	uint32_t n, limit;
	struct nearby_budget *budget;
	struct reader *r;
	struct slice what; /* bytes that a body must have to be read */
	struct error *e;
};

static bool is_spent(struct nearby_budget *b, size_t bytes)
{
	if (!b)
		return false;
	b->spent |= b->used >= b->most;
	b->used += bytes;
	return b->spent;
}

static void read_row(sqlite3_stmt *s, struct nearby *ret)
{
	*ret = (struct nearby){.seq = sq_col_int(s, 0),
		.gone = sq_col_int(s, 2) & ITEM_GONE,
		.flagged = sq_col_int(s, 6),
		.waits = sq_col_int(s, 7),
		.decision = sq_col(s, 8)};
	if (comment_decode(sq_col(s, 4), &ret->comment) < 0) {
		ret->comment = (struct comment){0};
		ret->gone = true;
	}
	ret->at = ret->comment.created_at ? ret->comment.created_at : sq_col_int(s, 1);
	reader_handle(sq_col(s, 3), &ret->comment);
	ret->comment.source = sq_col(s, 5);
}

/* The bytes may stand anywhere in it. */
static bool is_wanted(const struct handing *to, const struct comment *c)
{
	if (to->id.n)
		return slice_equal(c->id, to->id);
	return !to->thread.n || slice_equal(c->thread, to->thread) ||
		slice_equal(c->id, to->thread);
}

static int hand(void *user, sqlite3_stmt *s)
{
	struct handing *to = user;
	struct nearby n;
	int r;

	read_row(s, &n);
	if (!is_wanted(to, &n.comment))
		return 0;
	if (n.gone)
		reader_forget(&n.comment);
	r = to->fn(to->user, &n);
	return r ? r : ++to->n == to->limit ? ENOUGH : 0;
}

static int hand_one(struct handing *to, int64_t seq)
{
	sqlite3_stmt *s;
	int code = sq_query(&to->r->q, to->e, &s, NEARBY "i.seq = ?", "i", seq);

	return code < 0 ? code : sq_each(s, hand, to, to->e);
}

static int hand_body(void *user, sqlite3_stmt *s)
{
	struct handing *to = user;
	struct slice body = sq_col(s, 1);

	if (is_spent(to->budget, body.n))
		return ENOUGH;
	return memmem(body.p, body.n, to->what.p, to->what.n) ? hand_one(to, sq_col_int(s, 0)) : 0;
}

static int seed_of(struct reader *r, uint64_t seed[2], struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT value FROM note WHERE key = 'lookup_seed'", "");

	if (code == 0)
		code = sq_step(s, e);
	if (code)
		return code;
	if (sq_col(s, 0).n == 16)
		memcpy(seed, sq_col(s, 0).p, 16);
	sqlite3_reset(s);
	return 0;
}

static int by_table(
	struct reader *r, const struct named_query *q, struct handing *to, struct error *e)
{
	uint64_t seed[2] = {0}, hash = 0;
	int code = seed_of(r, seed, e);
	bool there = code == 0;

	for (hash = keys_hash_of(seed, q->source, q->id); there && code == 0 && !to->n;
		hash = keys_next(hash)) {
		int64_t seq;

		code = sq_get(&r->q, e, &seq, "SELECT seq FROM lookup WHERE hash = ?", "i",
			(int64_t)hash);
		there = code == 0;
		if (there)
			code = hand_one(to, seq);
	}
	return !there && code == SQ_DONE ? 0 : code;
}

static int look_before(struct handing *to, int64_t from, int64_t end, struct slice source)
{
	sqlite3_stmt *s;
	int code = sq_query(&to->r->q, to->e, &s,
		BODIES "i.seq >= ?1 AND i.seq < ?2 AND (?4 OR i.state & 1 = 0) ORDER BY i.seq DESC",
		"iiti", from, end, source, (int64_t)(to->id.n > 0));

	return code < 0 ? code : sq_each(s, hand_body, to, to->e);
}

static int look_after(struct handing *to, int64_t from, int64_t end, struct slice source)
{
	sqlite3_stmt *s;
	int code = sq_query(&to->r->q, to->e, &s,
		BODIES "i.seq > ?1 AND i.seq <= ?2 AND i.state & 1 = 0 ORDER BY i.seq", "iit", from,
		end, source);

	return code < 0 ? code : sq_each(s, hand_body, to, to->e);
}

int reader_named(
	struct reader *r, const struct named_query *q, nearby_fn *fn, void *user, struct error *e)
{
	struct handing to = {.fn = fn,
		.user = user,
		.id = q->id,
		.limit = 1,
		.budget = q->budget,
		.r = r,
		.what = q->id,
		.e = e};
	int code = q->id.n ? by_table(r, q, &to, e) : 0;

	if (q->id.n && code == 0 && !to.n)
		code = look_before(&to, q->at - q->rows, q->at, q->source);
	if (q->id.n && code == 0 && !to.n)
		code = look_after(&to, q->at, q->at + q->later, q->source);
	if (code < 0 || (code && !to.n && !(q->budget && q->budget->spent))) /* fn's own answer */
		return code;
	return to.n ? 0 : READER_END;
}

int reader_thread(
	struct reader *r, const struct thread_query *q, nearby_fn *fn, void *user, struct error *e)
{
	struct handing to = {.fn = fn,
		.user = user,
		.thread = q->thread,
		.limit = q->limit,
		.budget = q->budget,
		.r = r,
		.what = q->thread,
		.e = e};
	int code = 0;

	if (!q->thread.n)
		return 0;
	code = q->after ? look_after(&to, q->at, q->at + q->rows, q->source)
			: look_before(&to, q->at - q->rows, q->at, q->source);
	return code > 0 && (to.n == q->limit || (q->budget && q->budget->spent)) ? 0 : code;
}

struct counting {
	const struct author_query *q;
	struct author_count *ret;
	struct handing to;
};

static int count(void *user, sqlite3_stmt *s)
{
	struct counting *c = user;
	struct nearby n;

	if (is_spent(c->q->budget, sq_col(s, 4).n))
		return ENOUGH;
	read_row(s, &n);
	if ((c->q->event ? n.at : sq_col_int(s, 1)) < c->q->since)
		return 0;
	c->ret->comments++;
	c->ret->flagged += n.flagged;
	if (c->to.n == c->to.limit)
		return 0;
	c->to.n++;
	if (n.gone)
		reader_forget(&n.comment);
	return c->to.fn(c->to.user, &n);
}

int reader_author_recent(struct reader *r, const struct author_query *q, struct author_count *ret,
	nearby_fn *fn, void *user, struct error *e)
{
	struct counting c = {q, ret, {.fn = fn, .user = user, .limit = q->limit}};
	int64_t last = 0, first = 0, end = 0;
	sqlite3_stmt *s;
	int code = reader_last_seq(r, &last, e);

	*ret = (struct author_count){0};
	if (code == 0)
		code = heard_between(&r->q, q->since, 0, &first, &end, e);
	if (code < 0)
		return code;
	ret->cut = first <= last - q->rows;
	code = sq_query(&r->q, e, &s,
		NEARBY "i.seq > ? AND i.seq >= ? AND i.author = ? AND i.state & 1 = 0"
		       " AND i.state & 128 = 0 ORDER BY i.seq DESC",
		"iib", last - q->rows, first, (struct slice){(const char *)q->key, 16});
	code = code < 0 ? code : sq_each(s, count, &c, e);
	return code > 0 && q->budget && q->budget->spent ? 0 : code;
}
