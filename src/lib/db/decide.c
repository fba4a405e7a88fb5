/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people decide on a comment. */
#include <errno.h>
#include <tocsin/record/account.h>
#include <tocsin/record/category.h>

#include "st.h"

struct slice number_text(struct store *st, int64_t v)
{
	_buf_ struct buf b = {0};

	buf_printf(&b, "%lld", (long long)v);
	return arena_copy(&st->arena, buf_slice(&b));
}

static bool is_requalified(const struct decide_request *q)
{
	return slice_is(q->decision, DECISION_REQUALIFIED);
}

int audit_decided(struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	const struct slice more = q->category.n ? q->category : q->service;
	_buf_ struct buf what = {0};

	buf_printf(&what, "%lld, ", (long long)row);
	buf_add_slice(&what, q->decision);
	if (more.n)
		buf_printf(&what, " (%.*s)", (int)more.n, more.p);
	return audit(st, q->who,
		second_leaves(q->decision)  ? AUDIT_SECOND
			: is_requalified(q) ? AUDIT_REQUALIFY
					    : AUDIT_DECIDE,
		buf_slice(&what), q->reason, e);
}

static int end_deleted(struct store *st, int64_t newest, struct error *e)
{
	int64_t deleted = 0;
	int r = sq_get(&st->q, e, &deleted, "SELECT state & ? FROM item WHERE seq = ?", "ii",
		(int64_t)ITEM_DELETED, newest);

	return r == 0 && deleted ? item_wipe_all(st, newest, WIPE_TEXT, ITEM_TOMBSTONE, e) : r;
}

int item_hold(struct store *st, int64_t seq, int64_t set, int64_t clear, struct error *e)
{
	const int64_t newest = seq;
	int r = 0;

	while (r == 0) {
		r = sq_do(&st->q, e, "UPDATE item SET state = (state | ?) & ~? WHERE seq = ?",
			"iii", set, clear, seq);
		/* a purge by age has passed over it and must look again */
		if (r == 0 && clear & ITEM_HELD)
			r = sq_do(&st->q, e,
				"UPDATE note SET value = min(value, ?) WHERE key = 'purge_floor'",
				"i", seq - 1);
		if (r == 0)
			r = sq_get(
				&st->q, e, &seq, "SELECT prev FROM item WHERE seq = ?", "i", seq);
	}
	if (r >= 0 && clear & ITEM_HELD)
		r = end_deleted(st, newest, e);
	return r < 0 ? r : 0;
}

/* The hold covers every version; "lever" takes it away again, unless a dossier has it. */
static int hold(
	struct store *st, int64_t row, int64_t seq, const struct decide_request *q, struct error *e)
{
	bool lifts = slice_is(q->decision, "lever");
	int64_t dossier = 0;
	int r = lifts ? dossier_holding(st, row, &dossier, e) : 0;

	if (dossier)
		return error_set(e, -EBUSY, "le dossier n° %lld le retient", (long long)dossier);
	return r < 0 ? r
		     : item_hold(st, seq,
			       ITEM_DECIDED | (slice_is(q->decision, "dossier") ? ITEM_HELD : 0),
			       lifts ? ITEM_HELD : 0, e);
}

int item_newest(struct store *st, int64_t seq, int64_t *ret_row, int64_t *ret_seq, struct error *e)
{
	struct comment c;
	sqlite3_stmt *s;
	int64_t state;
	int r = sq_query(&st->q, e, &s,
		"SELECT ifnull(first, seq), state, body FROM item WHERE seq = ?", "i", seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "commentaire %lld inconnu", (long long)seq);
	if (r < 0)
		return r;
	*ret_row = sq_col_int(s, 0);
	*ret_seq = seq;
	state = sq_col_int(s, 1);
	if (state & ITEM_SUPERSEDED && comment_decode(sq_col(s, 2), &c) == 0)
		r = keys_find(&st->keys, keys_hash(&st->keys, c.source, c.id), ret_seq, e);
	sqlite3_reset(s);
	return r < 0 ? r : 0;
}

int item_verdict(
	struct store *st, int64_t seq, struct verdict *ret, int64_t *ret_state, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT ifnull((SELECT r.verdict FROM revision r WHERE r.seq = i.seq), i.verdict),"
		" state FROM item i WHERE seq = ?",
		"i", seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : -ENOENT;
	if (verdict_decode(arena_copy(&st->arena, sq_col(s, 0)), &st->arena, ret) < 0)
		*ret = (struct verdict){.unscored = UNSCORED_UNREADABLE};
	*ret_state = sq_col_int(s, 1);
	sqlite3_reset(s);
	return 0;
}

/* The same decision asked for again; not a holding reply whose time has run out since. */
static int is_again(struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	int64_t same;

	return sq_get(&st->q, e, &same,
		"SELECT 1 FROM (SELECT * FROM decision WHERE row = ?1 ORDER BY id DESC LIMIT 1) d"
		" WHERE seq = ?2 AND decision = ?3 AND who = ?4 AND reason = ?5 AND ?6 IN ('', category)"
		" AND ifnull((SELECT text FROM answer a WHERE a.id = d.id), x'') = ?7"
		" AND coalesce((SELECT service FROM follow f WHERE f.id = d.id),"
		" (SELECT service FROM second g WHERE g.id = d.id), '') = ?8"
		" AND NOT EXISTS(SELECT 1 FROM follow f WHERE f.id = d.id AND f.state <> 0)",
		"iittttbt", row, q->seq, q->decision, q->who, q->reason, q->category, q->text,
		q->service);
}

/* What is put into the queue by hand does not wait yet, and is there. */
static int may_be_missed(
	struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one, "SELECT 1 FROM queue WHERE row = ?", "i", row);

	if (r == 0)
		return error_set(e, -EALREADY, "ce commentaire attend déjà");
	if (r == SQ_DONE)
		r = sq_get(&st->q, e, &one, "SELECT 1 FROM item WHERE seq = ? AND state & ? = 0",
			"ii", q->seq, (int64_t)ITEM_GONE);
	if (r == SQ_DONE)
		return error_set(e, -EALREADY, "ce commentaire n'est plus là");
	return r == 0 && (!q->category.n || !q->reason.n)
		? error_set(e, -EINVAL, "un oubli a une catégorie et une note")
		: r;
}

/* Where a human puts it. */
static int put_missed(
	struct store *st, int64_t row, int64_t seq, const struct decide_request *q, struct error *e)
{
	struct slice category = q->category;
	const struct queue_place place = {row, seq, town_now(st), true};
	struct verdict found, v;
	int64_t state;
	int r = item_verdict(st, seq, &found, &state, e);

	human_verdict(&category, &found, &v);
	return r < 0 ? r : queue_add(st, &place, &v, e);
}

/* Whether the one who asks may, and knows what he decides on. */
static int allowed(struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	bool holds = slice_is(q->decision, DECISION_HOLDING) ||
		slice_is(q->decision, DECISION_PROPOSES DECISION_HOLDING);
	bool sent = slice_is(q->decision, DECISION_SENT);
	int64_t last = 0;
	bool missed = slice_is(q->decision, DECISION_MISSED);
	int r = missed                     ? may_be_missed(st, row, q, e)
		: is_requalified(q)        ? human_may_requalify(st, row, q, e)
		: q->open_only || q->until ? claim_allows(st, row, q->who, e)
					   : 0;

	if (r == 0 && holds && (!q->text.n || q->until <= town_now(st)))
		return error_set(
			e, -EINVAL, "une réponse d'attente a un texte et une relance à venir");
	if (r == 0 && sent && (!q->service.n || q->until <= town_now(st)))
		return error_set(e, -EINVAL, "un transfert a un service et une relance à venir");
	if (r == 0 && q->until && !holds && !sent)
		return error_set(e, -EINVAL,
			"on ne suit qu'une réponse d'attente, ou ce qui est transféré à un service");
	if (r == 0 && q->service.n && memchr(q->service.p, ',', q->service.n))
		return error_set(e, -EINVAL, "un seul service");
	if (r < 0 || !q->known)
		return r;
	r = sq_get(&st->q, e, &last, "SELECT " LAST_DECISION("?"), "i", row);
	if (r < 0)
		return r;
	return last + 1 == q->known
		? 0
		: error_set(e, -EALREADY, "une décision a été prise entre-temps");
}

static int write_down(struct store *st, int64_t row, const struct decide_request *q,
	int64_t *ret_id, struct error *e)
{
	int64_t flagged = 0;
	int r = sq_get(&st->q, e, &flagged, "SELECT flagged_at FROM queue WHERE row = ?", "i", row);

	if (slice_is(q->decision, DECISION_MISSED))
		flagged = town_now(st);
	if (r >= 0)
		r = sq_do(&st->q, e,
			"INSERT INTO decision(row, seq, at, flagged_at, decision, who, reason, category)"
			" VALUES(?, ?, ?, nullif(?, 0), ?, ?, ?, ?)",
			"iiiitttt", row, q->seq, st->wall, flagged, q->decision, q->who, q->reason,
			q->category);
	*ret_id = sqlite3_last_insert_rowid(st->q.db);
	if (r == 0)
		r = is_requalified(q) ? handled_looked(st, row, e)
				      : handled_decided(st, row, q->decision, e);
	if (r == 0 && q->text.n)
		r = sq_do(&st->q, e, "INSERT INTO answer(id, row, model, text) VALUES(?, ?, ?, ?)",
			"iitb", *ret_id, row, q->model, q->text);
	return r;
}

/* What a decision changes beside its own line: where the item stands, who works on it, what is done at the source. */
static int carry_out(struct store *st, int64_t row, int64_t seq, int64_t id,
	const struct decide_request *q, struct error *e)
{
	int r = follow_end(st, row, id, e);

	if (r == 0)
		r = slice_is(q->decision, DECISION_MISSED) ? put_missed(st, row, seq, q, e)
			: is_requalified(q)                ? human_requalify(st, row, seq, q, e)
			: q->until                         ? follow_begin(st, row, id, q, e)
				   : sq_do(&st->q, e, "DELETE FROM queue WHERE row = ?", "i", row);
	if (r == 0)
		r = hold(st, row, seq, q, e);
	return r < 0 ? r : action_add(st, row, id, q, e);
}

int decide_one(struct store *st, struct decide_request *q, int64_t *ret_id, struct error *e)
{
	int64_t row = 0, seq = 0;
	int r = item_newest(st, q->seq, &row, &seq, e);

	if (r == 0)
		r = second_turn(st, row, seq, q, e);
	if (r)
		return r < 0 ? r : 0;
	r = is_again(st, row, q, e);
	if (r != SQ_DONE)
		return r;
	r = allowed(st, row, q, e);
	const bool said = q->category.n > 0; /* now, and not by a decision before */
	if (r == 0 && !said && !second_leaves(q->decision))
		r = human_category(st, row, &q->category, e);
	if (r == 0)
		r = write_down(st, row, q, ret_id, e);
	if (r == 0)
		r = second_end(st, row, *ret_id, e);
	if (r == 0 && second_is_proposal(q->decision))
		r = second_begin(st, row, *ret_id, q, e);
	else if (r == 0 && !second_leaves(q->decision))
		r = carry_out(st, row, seq, *ret_id, q, e);
	if (r == 0 && said)
		r = human_rings(st, row, seq, *ret_id, q, e);
	if (r == 0 && !is_requalified(q)) /* he works on */
		r = claim_end(st, row, e);
	if (r == 0)
		r = audit_decided(st, row, q, e);
	st->changes.decision |= r == 0;
	return r;
}

int request_decide(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct decide_request q;
	int64_t id = 0;
	int r;

	arena_clear(&st->arena);
	if (decide_decode(body, &q) < 0 || !q.decision.n || !q.who.n)
		return error_set(e, -EBADMSG, "décision illisible");
	if (q.category.n && !category_known(q.category))
		return error_set(e, -EINVAL, "catégorie inconnue");
	r = decide_one(st, &q, &id, e);
	if (r == 0 && second_is_proposal(q.decision))
		wire_put_u8(reply, DECIDED_PROPOSED);
	return r;
}

/* --- of a service */

/* The open item was transferred to one of his services: else -ENOENT. */
static int is_his(struct store *st, int64_t row, struct slice who, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one,
		"SELECT 1 FROM follow f JOIN queue q ON q.row = f.row JOIN account a ON a.name = ?"
		" WHERE f.row = ? AND f.ended = 0 AND f.sent = 1 AND a.roles & ? AND " IS_AMONG(
			"f.service", "a.services"),
		"tii", who, row, (int64_t)ROLE_SERVICE);

	return r == SQ_DONE ? error_set(e, -ENOENT, "rien ne vous est transféré sous ce numéro")
			    : r;
}

int request_propose(struct store *st, struct slice body, struct error *e)
{
	struct propose_request p;
	struct decide_request q;
	int64_t row = 0, seq = 0, id = 0;
	int r;

	arena_clear(&st->arena);
	if (propose_decode(body, &p) < 0 || !p.who.n || !p.text.n)
		return error_set(e, -EBADMSG, "réponse illisible");
	q = (struct decide_request){
		.seq = p.seq, .decision = SLICE(DECISION_PROPOSED), .who = p.who, .text = p.text};
	r = item_newest(st, p.seq, &row, &seq, e);
	if (r == 0)
		r = is_his(st, row, p.who, e);
	if (r < 0)
		return r;
	r = is_again(st, row, &q, e);
	if (r != SQ_DONE)
		return r;
	r = write_down(st, row, &q, &id, e);
	if (r == 0)
		r = follow_proposed(st, row, e);
	if (r == 0)
		r = audit(st, p.who, AUDIT_PROPOSE, number_text(st, row), SLICE(""), e);
	if (r < 0)
		return r;
	st->changes.decision = true;
	return 0;
}

/* --- of the rules' authors */

int request_missed_end(struct store *st, struct slice body, struct error *e)
{
	struct propose_request q;
	int64_t row = 0, seq = 0, id = 0;
	int r;

	arena_clear(&st->arena);
	if (propose_decode(body, &q) < 0 || !q.who.n || !q.text.n)
		return error_set(e, -EBADMSG, "demande illisible");
	r = item_newest(st, q.seq, &row, &seq, e);
	if (r == 0)
		r = sq_get(&st->q, e, &id,
			"SELECT max(id) FROM decision WHERE row = ? AND decision = '" DECISION_MISSED
			"'",
			"i", row);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "personne n'a signalé cet oubli");
	if (r == 0)
		r = sq_do(&st->q, e, "INSERT OR IGNORE INTO missed_end(id) VALUES(?)", "i", id);
	if (r < 0 || !sqlite3_changes(st->q.db)) /* asked again */
		return r;
	return audit(st, q.who, AUDIT_MISSED, number_text(st, row), q.text, e);
}
