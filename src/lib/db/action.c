/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decisions carried out at the source. A row of outbox is one action: channel "source/<id>", key "action/<decision>", level its
 * enum outward, person who decided. Everything else is read from the decision at each attempt, so that nothing is copied
 * that a purge would have to find. */
#include <tocsin/record/action.h>

#include <assert.h>
#include <errno.h>
#include <tocsin/db/reader.h>

#include "st.h"

#define KEY "action/"
#define DETAIL_MAX 500u
/* … of a row of outbox, the decision that it carries out. */
#define DECISION_OF "CAST(substr(o.key, 8) AS INTEGER)"
/* Of a comment: the actions that change whether it is seen. */
#define SEEN_ACTIONS \
	" FROM outbox o JOIN decision d ON o.key = '" KEY "' || d.id" \
	" WHERE d.row = ? AND o.level <> 3"
static_assert(ACTION_REPLY == 3, "SEEN_ACTIONS");

void store_sources(struct store *st, store_source_fn *fn, void *user)
{
	st->source = fn;
	st->source_user = user;
}

static struct store_source settings(const struct store *st, struct slice source)
{
	return st->source ? st->source(st->source_user, source) : (struct store_source){0};
}

static struct slice printed(struct store *st, const char *before, int64_t n)
{
	buf_clear(&st->scratch);
	buf_printf(&st->scratch, "%s%lld", before, (long long)n);
	return arena_copy(&st->arena, buf_slice(&st->scratch));
}

/* --- with the decision */

/* "source/<id>" when decisions on its comments are carried out there, else empty. */
static int channel_of(struct store *st, int64_t row, struct slice *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT name FROM source WHERE id = (SELECT source FROM item WHERE seq = ?)", "i",
		row);

	*ret = (struct slice){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	if (settings(st, sq_col(s, 0)).acts) {
		buf_clear(&st->scratch);
		buf_add_string(&st->scratch, ACTION_CHANNEL);
		buf_add_slice(&st->scratch, sq_col(s, 0));
		*ret = arena_copy(&st->arena, buf_slice(&st->scratch));
	}
	sqlite3_reset(s);
	return 0;
}

/* What waits to be done to it and has not begun is overtaken. */
static int overtake(struct store *st, int64_t row, struct error *e)
{
	return sq_do(&st->q, e,
		"UPDATE outbox SET state = 4, detail = 'remplacée par une décision plus récente'"
		" WHERE state = 0 AND level <> 3 AND key IN"
		" (SELECT '" KEY "' || id FROM decision WHERE row = ?)",
		"i", row);
}

/* Whether the last that was done to it, or may have been, took it away. */
static int is_hidden(struct store *st, int64_t row, bool *ret, struct error *e)
{
	int64_t last = ACTION_NONE;
	int r = sq_get(&st->q, e, &last,
		"SELECT o.level" SEEN_ACTIONS " AND o.state IN (1, 2) ORDER BY o.id DESC LIMIT 1",
		"i", row);

	*ret = last != ACTION_NONE && last != ACTION_SHOW;
	return r < 0 ? r : 0;
}

/* Without a payload: whoever reads messages finds none. */
static int insert(struct store *st, int64_t id, enum outward action, struct slice channel,
	struct slice who, struct error *e)
{
	return sq_do(&st->q, e,
		"INSERT INTO outbox(key, channel, target, person, incident, due_at, level, urgent,"
		" added_at, next_at) VALUES(?, ?, '', ?, 0, 0, ?, 0, ?, ?)",
		"tttiii", printed(st, KEY, id), channel, who, (int64_t)action, st->wall,
		st->wall + UNDO_MS + 1);
}

int action_add(
	struct store *st, int64_t row, int64_t id, const struct decide_request *q, struct error *e)
{
	enum outward action = outward_of(q->decision, q->category, q->text);
	struct slice channel;
	bool hidden = false;
	int r;

	if (action == ACTION_NONE)
		return 0;
	r = channel_of(st, row, &channel, e);
	if (r < 0 || !channel.n)
		return r;
	if (action != ACTION_REPLY)
		r = overtake(st, row, e);
	if (r == 0 && action == ACTION_SHOW) {
		r = is_hidden(st, row, &hidden, e);
		if (r < 0 || !hidden)
			return r;
	} else if (r == 0 && action != ACTION_REPLY) {
		r = evidence_keep(st, q->seq, e);
	}
	if (r == 0)
		r = insert(st, id, action, channel, q->who, e);
	if (r == 0)
		st->changes.outbox = true;
	return r;
}

int action_undo(struct store *st, int64_t id, struct error *e)
{
	struct slice key = printed(st, KEY, id);
	int64_t begun;
	int r = sq_get(&st->q, e, &begun,
		"SELECT 1 FROM outbox WHERE key = ? AND state BETWEEN 1 AND 3", "t", key);

	if (r == 0)
		return error_set(e, -ETIME, "trop tard pour annuler : décidez de nouveau");
	return r < 0
		? r
		: sq_do(&st->q, e, "UPDATE outbox SET state = 4, detail = 'annulée' WHERE key = ?",
			  "t", key);
}

int action_keeps(struct store *st, int64_t seq, struct slice source, bool *ret, struct error *e)
{
	int64_t row = seq;
	int r = sq_get(
		&st->q, e, &row, "SELECT ifnull(first, seq) FROM item WHERE seq = ?", "i", seq);

	if (r >= 0)
		r = is_hidden(st, row, ret, e);
	if (r == 0)
		*ret |= settings(st, source).keeps_deleted;
	return r;
}

/* --- the connector's side */

struct job { /* one row of outbox with its decision */
	int64_t id, attempts, state, decision, row, seq, at;
	enum outward action;
};

/* The next one that may go: 0, or SQ_DONE. */
static int read_next(struct store *st, struct slice channel, struct job *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT o.id, o.attempts, o.state, o.level, d.id, d.row, d.seq, d.at"
		" FROM outbox o JOIN decision d ON d.id = " DECISION_OF
		" WHERE o.channel = ? AND o.state < 2 AND " OUTBOX_READY " ORDER BY o.id LIMIT 1",
		"tii", channel, st->wall, st->wall);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct job){.id = sq_col_int(s, 0),
		.attempts = sq_col_int(s, 1),
		.state = sq_col_int(s, 2),
		.action = (enum outward)sq_col_int(s, 3),
		.decision = sq_col_int(s, 4),
		.row = sq_col_int(s, 5),
		.seq = sq_col_int(s, 6),
		.at = sq_col_int(s, 7)};
	sqlite3_reset(s);
	return 0;
}

/* What the comment says now; its text, and what is answered, in the arena. ret_why: why it cannot be done any more. */
static int read_texts(struct store *st, const struct job *j, struct leased_action *ret,
	const char **ret_why, struct error *e)
{
	struct comment c;
	sqlite3_stmt *s;
	int64_t row, newest;
	int r = item_newest(st, j->seq, &row, &newest, e);

	if (r == 0)
		r = sq_query(&st->q, e, &s,
			"SELECT state, body, (SELECT text FROM answer WHERE id = ?) FROM item"
			" WHERE seq = ?",
			"ii", j->decision, newest);
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : -ENOENT;
	if (sq_col_int(s, 0) & ITEM_GONE)
		*ret_why = "ce commentaire n'est plus là";
	else if (newest != j->seq)
		*ret_why = "ce commentaire a été modifié depuis la décision";
	else if (comment_decode(arena_copy(&st->arena, sq_col(s, 1)), &c) < 0)
		*ret_why = "commentaire illisible";
	else {
		ret->item = c.id;
		ret->seen = c.text;
		ret->text = arena_copy(&st->arena, sq_col(s, 2));
	}
	if (!*ret_why && j->action == ACTION_REPLY && (!ret->text.n || !ret->text.p[0]))
		*ret_why = "le texte de la réponse a été effacé";
	sqlite3_reset(s);
	return 0;
}

/* A later one of the same comment decides what is seen. */
static int is_overtaken(struct store *st, const struct job *j, bool *ret, struct error *e)
{
	int64_t one;
	int r = j->action == ACTION_REPLY
		? SQ_DONE
		: sq_get(&st->q, e, &one, "SELECT 1" SEEN_ACTIONS " AND o.id > ? AND o.state < 3",
			  "ii", j->row, j->id);

	*ret = r == 0;
	return r < 0 ? r : 0;
}

/* It waits for a human again: what he decided did not come true. Not when there is nothing more to decide on. */
static int put_back(struct store *st, const struct job *j, struct error *e)
{
	struct queue_place place = {.at = st->wall, .decided = true};
	struct verdict v;
	sqlite3_stmt *s;
	int64_t state;
	int r = item_newest(st, j->seq, &place.row, &place.current, e);

	if (r == 0)
		r = sq_query(&st->q, e, &s,
			"SELECT state, ifnull((SELECT r.verdict FROM revision r WHERE r.seq = i.seq),"
			" i.verdict) FROM item i WHERE seq = ?",
			"i", place.current);
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	state = sq_col_int(s, 0);
	if (verdict_decode(arena_copy(&st->arena, sq_col(s, 1)), &st->arena, &v) < 0)
		v = (struct verdict){.unscored = UNSCORED_UNREADABLE};
	sqlite3_reset(s);
	return state & ITEM_GONE ? 0 : queue_add(st, &place, &v, e);
}

static int end_in(struct store *st, const struct job *j, enum outbox_state state,
	struct slice detail, struct error *e)
{
	if (detail.n > DETAIL_MAX)
		detail.n = DETAIL_MAX;
	st->changes.decision = st->changes.outbox = true;
	return sq_do(&st->q, e,
		"UPDATE outbox SET state = ?, sent_at = iif(?1 = 2, ?, 0), detail = ? WHERE id = ?",
		"iiti", (int64_t)state, st->wall, detail, j->id);
}

static int refuse(struct store *st, const struct job *j, enum outbox_state state,
	struct slice detail, struct error *e)
{
	int r = end_in(st, j, state, detail, e);

	return r < 0 ? r : put_back(st, j, e);
}

static int lease(struct store *st, const struct job *j, int64_t ms, struct error *e)
{
	return sq_do(&st->q, e,
		"UPDATE outbox SET state = 1, attempts = ?, maybe_sent = maybe_sent OR state = 1,"
		" lease_until = ? WHERE id = ?",
		"iii", j->attempts + 1, st->wall + ms, j->id);
}

/* 0: it is leased, or was not to be done any more (then a has no id). SQ_DONE: there is none. */
static int take_next(struct store *st, struct slice channel, int64_t ms, struct leased_action *a,
	struct error *e)
{
	const char *why = NULL;
	bool overtaken = false;
	struct job j;
	int r = read_next(st, channel, &j, e);

	if (r)
		return r;
	r = is_overtaken(st, &j, &overtaken, e);
	if (r == 0 && overtaken)
		return end_in(st, &j, OUTBOX_DROPPED,
			SLICE("remplacée par une décision plus récente"), e);
	*a = (struct leased_action){.attempt = (uint32_t)j.attempts + 1, .action = j.action};
	if (r == 0)
		r = read_texts(st, &j, a, &why, e);
	if (r == 0 && why)
		return refuse(st, &j, OUTBOX_DROPPED, slice_of(why), e);
	if (r == 0)
		r = lease(st, &j, ms, e);
	if (r < 0)
		return r;
	buf_clear(&st->scratch);
	buf_printf(&st->scratch, "tocsin/%lld-%lld", (long long)j.decision, (long long)j.at);
	a->mark = arena_copy(&st->arena, buf_slice(&st->scratch));
	a->id = j.id;
	return 0;
}

int action_take(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	_buf_ struct buf channel = {0};
	struct leased_action a = {0};
	struct action_take q;
	int r;

	arena_clear(&st->arena);
	if (action_take_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "demande d'actions illisible");
	buf_add_string(&channel, ACTION_CHANNEL);
	buf_add_slice(&channel, q.source);
	do
		r = take_next(st, buf_slice(&channel), q.lease_ms, &a, e);
	while (r == 0 && !a.id);
	if (r == 0)
		leased_action_encode(reply, &a);
	return r < 0 ? r : 0;
}

static int find(struct store *st, int64_t id, struct job *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT o.attempts, o.state, d.row, d.seq FROM outbox o JOIN decision d ON d.id = " DECISION_OF
		" WHERE o.id = ? AND o.key GLOB '" KEY "*'",
		"i", id);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : error_set(e, -ENOENT, "action %lld inconnue", (long long)id);
	*ret = (struct job){.id = id,
		.attempts = sq_col_int(s, 0),
		.state = sq_col_int(s, 1),
		.row = sq_col_int(s, 2),
		.seq = sq_col_int(s, 3)};
	sqlite3_reset(s);
	return 0;
}

int action_result(struct store *st, struct slice body, struct error *e)
{
	struct action_result q;
	struct job j = {0};
	int r;

	arena_clear(&st->arena);
	if (action_result_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "résultat d'action illisible");
	r = find(st, q.id, &j, e);
	/* only the attempt that holds the lease speaks; one whose lease ran out still knows that it is done */
	if (r < 0 || j.state >= OUTBOX_DONE ||
		(q.outcome != ACTION_DONE &&
			(j.state != OUTBOX_SENDING || j.attempts != (int64_t)q.attempt)))
		return r;
	switch (q.outcome) {
	case ACTION_DONE: return end_in(st, &j, OUTBOX_DONE, q.detail, e);
	case ACTION_DRY: return end_in(st, &j, OUTBOX_DROPPED, q.detail, e);
	case ACTION_REFUSED: return refuse(st, &j, OUTBOX_DROPPED, q.detail, e);
	case ACTION_DEAD: return refuse(st, &j, OUTBOX_DEAD_LETTER, q.detail, e);
	case ACTION_LATER:
	default:
		st->changes.decision = true;
		return sq_do(&st->q, e,
			"UPDATE outbox SET state = 0, next_at = ?, detail = ? WHERE id = ?", "iti",
			q.retry_at, q.detail, q.id);
	}
}
