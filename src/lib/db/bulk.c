/* SPDX-License-Identifier: GPL-3.0-or-later
 * One decision on many comments, each by the rules that hold for one; and the end of all of them at once. */
#include <errno.h>

#include "st.h"

/* Why it is left alone, or BULK_DONE: nothing stands against it. Negative: a fault. */
static int looked_at(struct store *st, const struct decide_request *q, struct error *e)
{
	int64_t row = 0, seq = 0, waits;
	int r = item_newest(st, q->seq, &row, &seq, e);

	if (r == -ENOENT)
		return BULK_CHANGED;
	if (r == 0)
		r = sq_get(&st->q, e, &waits, "SELECT 1 FROM queue WHERE row = ?", "i", row);
	if (r == SQ_DONE)
		return BULK_CHANGED;
	return r < 0 ? r : second_bars(st, row, seq, q, e);
}

static int decide_it(struct store *st, int64_t bulk, const struct bulk_request *b, uint32_t i,
	struct bulk_reply *sum, struct error *e)
{
	struct decide_request q = {.seq = b->items[i].seq,
		.who = b->who,
		.decision = b->decision,
		.reason = b->reason,
		.open_only = 1,
		.known = b->items[i].known};
	int64_t id = 0;
	int r = looked_at(st, &q, e);

	if (r == BULK_DONE)
		r = decide_one(st, &q, &id, e);
	if (r == -EBUSY)
		r = BULK_TAKEN;
	else if (r == -EALREADY || (r == 0 && !id))
		r = BULK_CHANGED;
	if (r < 0)
		return r;
	sum->of[r]++;
	return r == BULK_DONE
		? sq_do(&st->q, e, "UPDATE decision SET bulk = ? WHERE id = ?", "ii", bulk, id)
		: 0;
}

/* What it came to the first time: 0, or SQ_DONE when it was not asked before. */
static int hand_reply(sqlite3_stmt *s, int r, struct buf *reply, struct error *e)
{
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	buf_add_slice(reply, sq_col(s, 0));
	sqlite3_reset(s);
	return 0;
}

static int write_account(struct store *st, const char *what, struct slice who, struct slice why,
	const struct bulk_reply *sum, struct error *e)
{
	_buf_ struct buf text = {0};

	buf_printf(&text, "n° %lld, %s, %u", (long long)sum->id, what, sum->of[BULK_DONE]);
	st->changes.decision = true;
	return audit(st, who, AUDIT_BULK, buf_slice(&text), why, e);
}

int request_bulk(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct bulk_request b;
	struct bulk_reply sum = {0};
	_buf_ struct buf answer = {0};
	sqlite3_stmt *s = NULL;
	int r;

	arena_clear(&st->arena);
	if (bulk_decode(body, &st->arena, &b) < 0)
		return error_set(e, -EBADMSG, "décision groupée illisible");
	r = sq_query(&st->q, e, &s, "SELECT reply FROM bulk WHERE key = ?", "b", b.key);
	r = hand_reply(s, r, reply, e);
	if (r != SQ_DONE)
		return r;
	r = sq_do(&st->q, e, "INSERT INTO bulk(key, at, who, reply) VALUES(?, ?, ?, x'')", "bit",
		b.key, st->wall, b.who);
	sum.id = sqlite3_last_insert_rowid(st->q.db);
	for (uint32_t i = 0; r == 0 && i < b.n; i++)
		r = decide_it(st, sum.id, &b, i, &sum, e);
	bulk_reply_encode(&answer, &sum);
	if (r == 0)
		r = sq_do(&st->q, e, "UPDATE bulk SET reply = ? WHERE id = ?", "bi",
			buf_slice(&answer), sum.id);
	if (r == 0)
		r = write_account(st, slice_is(b.decision, "masquer") ? "masquer" : "laisser",
			b.who, b.reason, &sum, e);
	if (r == 0)
		buf_add_slice(reply, buf_slice(&answer));
	return r;
}

/* --- undoing */

/* Its comments (by any version), gathered first: each is changed then. */
static int gather(
	struct store *st, int64_t bulk, int64_t list[BULK_MAX], uint32_t *ret_n, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(
		&st->q, e, &s, "SELECT seq FROM decision WHERE bulk = ? ORDER BY id", "i", bulk);

	*ret_n = 0;
	while (r == 0) {
		r = sq_step(s, e);
		if (r == 0 && *ret_n < BULK_MAX)
			list[(*ret_n)++] = sq_col_int(s, 0);
	}
	return r < 0 ? r : 0;
}

static int undo_all(
	struct store *st, const struct bulk_undo *u, struct bulk_reply *sum, struct error *e)
{
	int64_t list[BULK_MAX];
	uint32_t n;
	int r = gather(st, u->id, list, &n, e);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		r = undo_one(st, &(struct undo_request){list[i], u->who}, e);
		sum->of[r == -ETIME ? BULK_CHANGED : BULK_DONE] += r == 0 || r == -ETIME;
		r = r == -ETIME ? 0 : r;
	}
	if (r == 0 && !sum->of[BULK_DONE])
		return error_set(e, -ETIME, "trop tard pour annuler");
	return r;
}

int request_bulk_undo(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct bulk_undo u;
	_buf_ struct buf answer = {0};
	struct bulk_reply sum = {0};
	sqlite3_stmt *s = NULL;
	int64_t undone;
	int r;

	arena_clear(&st->arena);
	if (bulk_undo_decode(body, &u) < 0)
		return error_set(e, -EBADMSG, "demande illisible");
	r = sq_get(&st->q, e, &undone,
		"SELECT undone IS NOT NULL FROM bulk WHERE id = ? AND who = ?", "it", u.id, u.who);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "il n'y a pas de décision groupée sous ce numéro");
	if (r < 0)
		return r;
	sum.id = u.id;
	if (undone) {
		r = sq_query(&st->q, e, &s, "SELECT undone FROM bulk WHERE id = ?", "i", u.id);
		return hand_reply(s, r, reply, e);
	}
	r = undo_all(st, &u, &sum, e);
	bulk_reply_encode(&answer, &sum);
	if (r == 0)
		r = sq_do(&st->q, e, "UPDATE bulk SET undone = ? WHERE id = ?", "bi",
			buf_slice(&answer), u.id);
	if (r == 0)
		r = write_account(st, "annulée", u.who, SLICE(""), &sum, e);
	if (r == 0)
		buf_add_slice(reply, buf_slice(&answer));
	return r;
}
