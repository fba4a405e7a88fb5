/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who works on what in the queue: a claim holds until its time by the wall clock, or until the item is decided. And the
 * decision that was made by mistake. */
#include <errno.h>
#include <tocsin/record/account.h>

#include "st.h"

#define CLAIM_MAX_MS (4 * CLOCK_HOUR)

/* Who holds the row now; nobody: who is empty. who lives until the next arena_clear. */
static int holder(struct store *st, int64_t row, struct claim_reply *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT who, until FROM claim WHERE row = ? AND until > ?",
		"ii", row, st->wall);

	ret->who = (struct slice){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	ret->who = arena_copy(&st->arena, sq_col(s, 0));
	ret->until = sq_col_int(s, 1);
	sqlite3_reset(s);
	return 0;
}

static int set(struct store *st, int64_t row, const struct claim_request *q,
	struct claim_reply *ret, struct error *e)
{
	int64_t ms = q->for_ms < CLAIM_MAX_MS ? q->for_ms : CLAIM_MAX_MS;

	if (ms <= 0) {
		*ret = (struct claim_reply){.outcome = CLAIM_LEFT};
		return sq_do(&st->q, e, "DELETE FROM claim WHERE row = ?", "i", row);
	}
	*ret = (struct claim_reply){CLAIM_TAKEN, q->who, st->wall + ms};
	int r = handled_looked(st, row, e);
	return r < 0
		? r
		: sq_do(&st->q, e, "INSERT OR REPLACE INTO claim(row, who, until) VALUES(?, ?, ?)",
			  "iti", row, q->who, ret->until);
}

int request_claim(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct claim_request q;
	struct claim_reply answer = {0};
	int64_t row = 0, seq = 0, waits;
	int r;

	arena_clear(&st->arena);
	if (claim_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "demande illisible");
	r = item_newest(st, q.seq, &row, &seq, e);
	if (r == 0)
		r = sq_get(&st->q, e, &waits, "SELECT 1 FROM queue WHERE row = ?", "i", row);
	if (r == SQ_DONE)
		answer.outcome = CLAIM_GONE;
	if (r == 0)
		r = holder(st, row, &answer, e);
	if (r == 0 && answer.who.n && !slice_equal(answer.who, q.who))
		answer.outcome = CLAIM_OTHERS;
	else if (r == 0)
		r = set(st, row, &q, &answer, e);
	if (r < 0)
		return r;
	st->changes.decision = true;
	claim_reply_encode(reply, &answer);
	return 0;
}

int claim_allows(struct store *st, int64_t row, struct slice who, struct error *e)
{
	struct claim_reply answer = {0};
	int64_t waits;
	int r = sq_get(&st->q, e, &waits, "SELECT 1 FROM queue WHERE row = ?", "i", row);

	if (r == SQ_DONE)
		return error_set(e, -EALREADY, "ce commentaire n'attend plus");
	if (r == 0)
		r = holder(st, row, &answer, e);
	if (r == 0 && answer.who.n && !slice_equal(answer.who, who))
		return error_set(e, -EBUSY, "%.*s s'en occupe", (int)answer.who.n, answer.who.p);
	return r;
}

int claim_end(struct store *st, int64_t row, struct error *e)
{
	return sq_do(
		&st->q, e, "DELETE FROM claim WHERE row = ? OR until <= ?", "ii", row, st->wall);
}

/* --- undoing */

struct undone {
	int64_t row, seq, flagged_at;
	int64_t decision; /* id */
	int64_t missed; /* 1: what was undone is DECISION_MISSED */
	int64_t requalified; /* … is DECISION_REQUALIFIED */
	struct verdict verdict; /* how it stands without it */
};

/* The last decision is his, and fresh. */
static int find_fresh(
	struct store *st, const struct undo_request *q, struct undone *u, struct error *e)
{
	int r = sq_get(&st->q, e, &u->decision,
		"SELECT id FROM (SELECT * FROM decision WHERE row = ? ORDER BY id DESC LIMIT 1)"
		" WHERE who = ? AND at >= ? AND decision <> '" DECISION_UNDONE "'"
		" AND flagged_at IS NOT NULL",
		"iti", u->row, q->who, st->wall - UNDO_MS);

	if (r == SQ_DONE)
		return error_set(e, -ETIME, "trop tard pour annuler : décidez de nouveau");
	if (r == 0)
		r = sq_get(&st->q, e, &u->missed,
			"SELECT decision = '" DECISION_MISSED "' FROM decision WHERE id = ?", "i",
			u->decision);
	if (r == 0)
		r = sq_get(&st->q, e, &u->requalified,
			"SELECT decision = '" DECISION_REQUALIFIED "' FROM decision WHERE id = ?",
			"i", u->decision);
	return r < 0 ? r
		     : sq_get(&st->q, e, &u->flagged_at,
			       "SELECT flagged_at FROM decision WHERE id = ?", "i", u->decision);
}

static int is_there(struct store *st, const struct undone *u, struct error *e)
{
	int64_t gone = 0;
	int r = sq_get(&st->q, e, &gone, "SELECT state & ? FROM item WHERE seq = ?", "ii",
		(int64_t)ITEM_GONE, u->seq);

	return r == 0 && gone ? error_set(e, -ETIME, "ce commentaire n'est plus là") : r;
}

/* To where it stood before, at the time that it had. */
static int put_in_place(struct store *st, const struct undone *u, struct error *e)
{
	const struct queue_place place = {
		.row = u->row, .current = u->seq, .at = u->flagged_at, .decided = true};
	int r;

	if (u->requalified)
		return queue_move(st, &place, &u->verdict, e);
	r = queue_add(st, &place, &u->verdict, e);
	return r < 0 ? r
		     : sq_do(&st->q, e, "UPDATE queue SET flagged_at = ? WHERE row = ?", "ii",
			       u->flagged_at, u->row);
}

static int put_back(
	struct store *st, const struct undo_request *q, struct undone *u, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO decision(row, seq, at, flagged_at, decision, who, reason, category)"
		" VALUES(?, ?, ?, ?, '" DECISION_UNDONE "', ?, '', '')",
		"iiiit", u->row, u->seq, st->wall, u->flagged_at, q->who);

	if (r == 0 && !u->requalified)
		r = handled_undone(st, u->row, e);
	/* a human had put it there */
	if (r == 0 && u->missed)
		return sq_do(&st->q, e, "DELETE FROM queue WHERE row = ?", "i", u->row);
	if (r == 0)
		r = human_standing(st, u->row, u->seq, &u->verdict, e);
	if (r == 0)
		r = put_in_place(st, u, e);
	if (r == 0)
		r = second_undo(st, u->row, u->decision, e);
	return r < 0 ? r : follow_undo(st, u->row, u->decision, e);
}

int undo_one(struct store *st, const struct undo_request *q, struct error *e)
{
	struct undone u = {0};
	int r = item_newest(st, q->seq, &u.row, &u.seq, e);

	if (r == 0)
		r = find_fresh(st, q, &u, e);
	if (r == 0)
		r = is_there(st, &u, e);
	if (r == 0)
		r = action_undo(st, u.decision, e);
	if (r == 0)
		r = put_back(st, q, &u, e);
	if (r == 0)
		r = audit_decided(st, u.row,
			&(struct decide_request){.decision = SLICE(DECISION_UNDONE), .who = q->who},
			e);
	if (r == 0)
		r = human_rings_not(st, u.decision, q->who, e);
	if (r < 0)
		return r;
	st->changes.decision = true;
	return 0;
}

int request_undo(struct store *st, struct slice body, struct error *e)
{
	struct undo_request q;

	arena_clear(&st->arena);
	if (undo_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "demande illisible");
	return undo_one(st, &q, e);
}
