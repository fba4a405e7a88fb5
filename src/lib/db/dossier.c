/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dossiers: their pieces, their log, the hold on the texts and its end. A piece that nobody flagged becomes a link of the chain of
 * evidence when it is added. */
#include <tocsin/db/dossier.h>

#include <errno.h>

#include "st.h"

struct log_entry {
	int64_t at;
	enum dossier_entry_kind kind;
	uint8_t purpose;
	int64_t row;
	struct slice who, text;
};

/* In its log, and in the account of what people did. */
static int write_log(struct store *st, int64_t dossier, const struct log_entry *l, struct error *e)
{
	static const char *const verbs[DOSSIER_ENTRY_KINDS] = {
		[DOSSIER_OPENED] = "ouvert",
		[DOSSIER_ADDED] = "pièce ajoutée",
		[DOSSIER_REMOVED] = "pièce retirée",
		[DOSSIER_NOTE] = "note",
		[DOSSIER_SENT] = "envoi",
		[DOSSIER_LIFTED] = "levé",
	};
	const bool says_why = l->kind == DOSSIER_REMOVED || l->kind == DOSSIER_LIFTED;
	_buf_ struct buf what = {0};
	int r = sq_do(&st->q, e,
		"INSERT INTO dossier_entry(dossier, at, written_at, kind, purpose, row, who, text)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
		"iiiiiitb", dossier, l->at ? l->at : st->wall, st->wall, (int64_t)l->kind,
		(int64_t)l->purpose, l->row, l->who, l->text);

	buf_printf(&what, "%lld, %s", (long long)dossier, verbs[l->kind]);
	if (l->row)
		buf_printf(&what, " (n° %lld)", (long long)l->row);
	/* a note may name people: it stays in the dossier */
	return r < 0 ? r
		     : audit(st, l->who, AUDIT_DOSSIER, buf_slice(&what),
			       says_why ? l->text : SLICE(""), e);
}

/* It is there and its hold is not lifted. */
static int is_open(struct store *st, int64_t dossier, struct error *e)
{
	int64_t lifted = 0;
	int r = sq_get(&st->q, e, &lifted,
		"SELECT NOT " DOSSIER_HOLDS("d.id") " FROM dossier d WHERE id = ?", "i", dossier);

	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "il n'y a pas de dossier n° %lld", (long long)dossier);
	return r < 0 || !lifted
		? r
		: error_set(e, -EALREADY, "le dossier n° %lld est levé", (long long)dossier);
}

int dossier_holding(struct store *st, int64_t row, int64_t *ret, struct error *e)
{
	int r = sq_get(&st->q, e, ret,
		"SELECT p.dossier FROM dossier_piece p WHERE p.row = ? AND " DOSSIER_HOLDS(
			"p.dossier") " LIMIT 1",
		"i", row);

	if (r == SQ_DONE)
		*ret = 0;
	return r < 0 ? r : 0;
}

/* --- pieces */

static int add_versions(struct store *st, int64_t dossier, int64_t row, int64_t seq,
	struct slice who, struct error *e)
{
	int r = 0;

	while (r == 0) {
		r = sq_do(&st->q, e,
			"INSERT OR IGNORE INTO dossier_piece(dossier, seq, row, at, who)"
			" VALUES(?, ?, ?, ?, ?)",
			"iiiit", dossier, seq, row, st->wall, who);
		if (r == 0)
			r = evidence_keep(st, seq, e);
		if (r == 0)
			r = sq_get(
				&st->q, e, &seq, "SELECT prev FROM item WHERE seq = ?", "i", seq);
	}
	return r < 0 ? r : 0;
}

int dossier_follow(struct store *st, int64_t row, int64_t seq, struct error *e)
{
	int64_t dossier = 0;
	int r = dossier_holding(st, row, &dossier, e);

	if (r < 0 || !dossier)
		return r;
	r = sq_do(&st->q, e,
		"INSERT OR IGNORE INTO dossier_piece(dossier, seq, row, at, who)"
		" SELECT DISTINCT p.dossier, ?, p.row, ?, '' FROM dossier_piece p WHERE p.row = ?"
		" AND " DOSSIER_HOLDS("p.dossier"),
		"iii", seq, st->wall, row);
	return r < 0 ? r : evidence_keep(st, seq, e);
}

static int has_room(struct store *st, int64_t dossier, struct error *e)
{
	int64_t n = 0;
	int r = sq_get(&st->q, e, &n,
		"SELECT count(DISTINCT row) FROM dossier_piece WHERE dossier = ?", "i", dossier);

	return r < 0 || n < DOSSIER_PIECES_MAX
		? r
		: error_set(e, -E2BIG, "un dossier a %u pièces au plus", DOSSIER_PIECES_MAX);
}

static int is_in(struct store *st, int64_t dossier, int64_t row, struct error *e)
{
	int64_t one;

	return sq_get(&st->q, e, &one, "SELECT 1 FROM dossier_piece WHERE dossier = ? AND row = ?",
		"ii", dossier, row);
}

static int add_piece(
	struct store *st, int64_t dossier, int64_t seq, struct slice who, struct error *e)
{
	int64_t row = 0, newest = 0, there;
	int r = item_newest(st, seq, &row, &newest, e);

	if (r == 0)
		r = is_in(st, dossier, row, e);
	if (r != SQ_DONE)
		return r;
	r = sq_get(&st->q, e, &there, "SELECT 1 FROM item WHERE seq = ? AND state & ? = 0", "ii",
		newest, (int64_t)ITEM_GONE);
	if (r == SQ_DONE)
		return error_set(e, -EALREADY, "ce commentaire n'est plus là");
	if (r == 0)
		r = has_room(st, dossier, e);
	if (r == 0)
		r = add_versions(st, dossier, row, newest, who, e);
	if (r == 0)
		r = item_hold(st, newest, ITEM_HELD, 0, e);
	return r < 0
		? r
		: write_log(st, dossier,
			  &(struct log_entry){.kind = DOSSIER_ADDED, .row = row, .who = who}, e);
}

/* --- the end of a hold */

/* A decision "dossier" of the command line holds a comment by itself. */
static int is_held_otherwise(struct store *st, int64_t row, bool *ret, struct error *e)
{
	int64_t one = 0;
	int r = dossier_holding(st, row, &one, e);

	*ret = one != 0;
	if (r < 0 || one)
		return r;
	r = sq_get(&st->q, e, &one,
		"SELECT decision = 'dossier' FROM decision WHERE row = ?"
		" AND decision IN ('dossier', 'lever') ORDER BY id DESC LIMIT 1",
		"i", row);
	*ret = r == 0 && one;
	return r < 0 ? r : 0;
}

static int let_go(struct store *st, int64_t row, struct error *e)
{
	int64_t newest = 0, same = 0;
	bool held = false;
	int r = is_held_otherwise(st, row, &held, e);

	if (r == 0 && !held)
		r = item_newest(st, row, &same, &newest, e);
	return r < 0 || held ? r : item_hold(st, newest, 0, ITEM_HELD, e);
}

static int let_all_go(struct store *st, int64_t dossier, struct error *e)
{
	int64_t row = 0;
	int r = 0;

	while (r == 0) {
		r = sq_get(&st->q, e, &row,
			"SELECT min(row) FROM dossier_piece WHERE dossier = ? AND row > ?", "ii",
			dossier, row);
		if (r == 0)
			r = let_go(st, row, e);
	}
	return r < 0 ? r : 0;
}

static int remove_piece(struct store *st, const struct dossier_piece *q, struct error *e)
{
	int64_t row = 0, newest = 0;
	int r = item_newest(st, q->seq, &row, &newest, e);

	if (r == 0)
		r = is_in(st, q->dossier, row, e);
	if (r == SQ_DONE)
		return error_set(e, -EALREADY, "cette pièce n'est pas dans le dossier");
	if (r == 0)
		r = sq_do(&st->q, e, "DELETE FROM dossier_piece WHERE dossier = ? AND row = ?",
			"ii", q->dossier, row);
	if (r == 0)
		r = let_go(st, row, e);
	return r < 0 ? r
		     : write_log(st, q->dossier,
			       &(struct log_entry){.kind = DOSSIER_REMOVED,
				       .row = row,
				       .who = q->who,
				       .text = q->reason},
			       e);
}

/* --- requests */

static int open_new(struct store *st, const struct dossier_open *q, int64_t *ret, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO dossier(opened_at, who, purpose, victim, title) VALUES(?, ?, ?, ?, ?)",
		"itiit", st->wall, q->who, (int64_t)q->purpose, (int64_t)q->victim, q->title);

	*ret = sqlite3_last_insert_rowid(st->q.db);
	if (r == 0)
		r = write_log(st, *ret,
			&(struct log_entry){
				.kind = DOSSIER_OPENED, .purpose = q->purpose, .who = q->who},
			e);
	if (r == 0 && q->note.n)
		r = write_log(st, *ret,
			&(struct log_entry){.kind = DOSSIER_NOTE, .who = q->who, .text = q->note},
			e);
	return r < 0 ? r : add_piece(st, *ret, q->seq, q->who, e);
}

int request_dossier_open(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct dossier_open q;
	int64_t row = 0, newest = 0, id = 0;
	int r;

	arena_clear(&st->arena);
	if (dossier_open_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "dossier illisible");
	r = item_newest(st, q.seq, &row, &newest, e);
	if (r == 0)
		r = sq_get(&st->q, e, &id,
			"SELECT d.id FROM dossier d JOIN dossier_piece p ON p.dossier = d.id"
			" WHERE p.row = ? AND d.who = ? AND d.title = ? AND d.purpose = ?"
			" AND d.victim = ? AND " DOSSIER_HOLDS("d.id"),
			"ittii", row, q.who, q.title, (int64_t)q.purpose, (int64_t)q.victim);
	if (r == SQ_DONE)
		r = open_new(st, &q, &id, e);
	if (r == 0)
		wire_put_i64(reply, id);
	return r;
}

int request_dossier_piece(struct store *st, struct slice body, struct error *e)
{
	struct dossier_piece q;
	int r;

	arena_clear(&st->arena);
	if (dossier_piece_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "pièce illisible");
	r = is_open(st, q.dossier, e);
	if (r < 0)
		return r;
	return q.remove ? remove_piece(st, &q, e) : add_piece(st, q.dossier, q.seq, q.who, e);
}

/* What people write is written once, though the form is sent twice. */
static int is_written(struct store *st, const struct dossier_entry_request *q, struct error *e)
{
	int64_t one;

	return sq_get(&st->q, e, &one,
		"SELECT 1 FROM (SELECT * FROM dossier_entry WHERE dossier = ? ORDER BY id DESC LIMIT 1)"
		" WHERE kind = ? AND purpose = ? AND who = ? AND text = ? AND (? = 0 OR at = ?)",
		"iiitbii", q->dossier, (int64_t)q->kind, (int64_t)q->purpose, q->who, q->text,
		q->at, q->at);
}

int request_dossier_entry(struct store *st, struct slice body, struct error *e)
{
	struct dossier_entry_request q;
	int r;

	arena_clear(&st->arena);
	if (dossier_entry_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "note illisible");
	r = is_open(st, q.dossier, e);
	if (r == 0 && q.at > st->wall)
		r = error_set(e, -EINVAL, "un envoi a eu lieu : sa date n'est pas à venir");
	if (r == 0)
		r = is_written(st, &q, e);
	return r != SQ_DONE ? r
			    : write_log(st, q.dossier,
				      &(struct log_entry){.at = q.at,
					      .kind = (enum dossier_entry_kind)q.kind,
					      .purpose = q.purpose,
					      .who = q.who,
					      .text = q.text},
				      e);
}

int request_dossier_lift(struct store *st, struct slice body, struct error *e)
{
	struct dossier_lift q;
	int r;

	arena_clear(&st->arena);
	if (dossier_lift_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "levée illisible");
	r = is_open(st, q.dossier, e);
	if (r == 0)
		r = write_log(st, q.dossier,
			&(struct log_entry){.kind = DOSSIER_LIFTED, .who = q.who, .text = q.reason},
			e);
	if (r == 0)
		r = let_all_go(st, q.dossier, e);
	/* notes may name the victim: in place, so that no copy is left on another page */
	return r < 0 ? r
		     : sq_do(&st->q, e,
			       "UPDATE dossier_entry SET text = zeroblob(length(text))"
			       " WHERE dossier = ? AND kind = 3",
			       "i", q.dossier);
}
