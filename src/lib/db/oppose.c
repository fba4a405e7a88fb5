/* SPDX-License-Identifier: GPL-3.0-or-later
 * Objections, by the key of the account. How many are in force is kept in memory: while there are none, no comment pays for them. */
#include <errno.h>
#include <tocsin/record/oppose.h>

#include "st.h"

int oppose_load(struct store *st, struct error *e)
{
	return sq_int(st->q.db, "SELECT count(*) FROM opposition WHERE state = 1", 0,
		&st->now.opposed, e);
}

int oppose_holds(
	struct store *st, const unsigned char author[static 16], bool *ret, struct error *e)
{
	int64_t found;
	int r;

	*ret = false;
	if (!st->now.opposed)
		return 0;
	r = sq_get(&st->q, e, &found, "SELECT 1 FROM opposition WHERE author = ? AND state = 1",
		"b", (struct slice){(const char *)author, 16});
	*ret = r == 0;
	return r < 0 ? r : 0;
}

static const char *state_name(uint8_t state)
{
	static const char *const names[] = {"demandée", "acceptée", "refusée", "levée"};

	return names[state];
}

/* As a look at a person is: the name is not there. */
static int note(struct store *st, int64_t id, const struct oppose_request *q, struct error *e)
{
	_buf_ struct buf what = {0};

	buf_printf(&what, "opposition n° %lld %s", (long long)id, state_name(q->state));
	return audit(
		st, q->who, AUDIT_OPPOSE, buf_slice(&what), q->ground.n ? q->ground : q->reason, e);
}

/* One that is there, asked or accepted: the same again is that one, anything else must be decided there. */
static int same_again(struct store *st, int64_t id, const struct oppose_request *q, struct error *e)
{
	int64_t state = 0;
	int r = sq_get(&st->q, e, &state, "SELECT state FROM opposition WHERE id = ?", "i", id);

	if (r)
		return r < 0 ? r : -ENOENT;
	return state == q->state
		? 0
		: error_set(e, -EALREADY,
			  "une opposition de ce compte est déjà inscrite, sous le n° %lld : décidez-la dans la liste",
			  (long long)id);
}

static int record(
	struct store *st, const struct oppose_request *q, int64_t *ret_id, struct error *e)
{
	unsigned char key[16];
	const struct slice author = {(const char *)key, sizeof(key)};
	const bool decided = q->state != OPPOSITION_ASKED;
	int r;

	if (slice_is(q->source, COMMENT_REPORTED))
		return error_set(e, -EINVAL,
			"un signalement reçu ne dit qui rappeler que si la personne l'a demandé : effacez ce qui en est gardé");
	author_pseudonym(st, q->source, q->author, key);
	r = sq_get(&st->q, e, ret_id, "SELECT id FROM opposition WHERE author = ? AND state < 2",
		"b", author);
	if (r != SQ_DONE)
		return r < 0 ? r : same_again(st, *ret_id, q, e);
	r = sq_do(&st->q, e,
		"INSERT INTO opposition(author, source, at, who, reason, state, decided_at,"
		" decided_by, ground) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"btittiitt", author, q->source, st->wall, q->who, q->reason, (int64_t)q->state,
		decided ? st->wall : 0, decided ? q->who : (struct slice){0}, q->ground);
	if (r < 0)
		return r;
	*ret_id = sqlite3_last_insert_rowid(st->q.db);
	return note(st, *ret_id, q, e);
}

static int decide(struct store *st, const struct oppose_request *q, struct error *e)
{
	const int64_t before =
		q->state == OPPOSITION_ENDED ? OPPOSITION_ACCEPTED : OPPOSITION_ASKED;
	int64_t state = 0;
	int r = sq_get(&st->q, e, &state, "SELECT state FROM opposition WHERE id = ?", "i", q->id);

	if (r)
		return r < 0 ? r : error_set(e, -ENOENT, "cette opposition n'existe pas");
	if (state == q->state)
		return 0;
	if (state != before)
		return error_set(e, -EALREADY, "cette opposition est déjà décidée");
	r = sq_do(&st->q, e,
		"UPDATE opposition SET state = ?, decided_at = ?, decided_by = ?, ground = ?"
		" WHERE id = ?",
		"iitti", (int64_t)q->state, st->wall, q->who, q->ground, q->id);
	return r < 0 ? r : note(st, q->id, q, e);
}

int oppose_forget(struct store *st, const unsigned char author[static 16], struct error *e)
{
	return sq_do(&st->q, e,
		"UPDATE opposition SET reason = " BLANKS("reason") ", ground = " BLANKS(
			"ground") " WHERE author = ?",
		"b", (struct slice){(const char *)author, 16});
}

int request_oppose(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct oppose_request q;
	int64_t id;
	int r;

	if (oppose_decode(body, &q) < 0 || !q.who.n ||
		(q.state == OPPOSITION_REFUSED && !q.ground.n) ||
		(q.id ? q.state == OPPOSITION_ASKED
		      : !q.source.n || !q.author.n || !q.reason.n || q.state == OPPOSITION_ENDED))
		return error_set(e, -EBADMSG, "opposition illisible");
	id = q.id;
	r = id ? decide(st, &q, e) : record(st, &q, &id, e);
	if (r == 0)
		r = oppose_load(st, e);
	if (r == 0)
		wire_put_i64(reply, id);
	return r;
}
