/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests of people and processes, each once: asked again it changes nothing. */
#include <errno.h>
#include <tocsin/base/file.h>

#include "intake.h"
#include "st.h"

int note_set_int(struct store *st, const char *key, int64_t v, struct error *e)
{
	return sq_do(&st->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES(?, ?)", "ti",
		slice_of(key), v);
}

int note_get_int(
	struct store *st, const char *key, int64_t otherwise, int64_t *ret, struct error *e)
{
	int r = sq_get(&st->q, e, ret, "SELECT value FROM note WHERE key = ?", "t", slice_of(key));

	if (r == SQ_DONE)
		*ret = otherwise;
	return r < 0 ? r : 0;
}

int64_t town_now(const struct store *st)
{
	return st->spec.clock_event ? st->now.clock.now : st->wall;
}

int audit(struct store *st, struct slice who, enum audit_verb verb, struct slice what,
	struct slice why, struct error *e)
{
	return sq_do(&st->q, e, "INSERT INTO audit(at, who, verb, what, why) VALUES(?, ?, ?, ?, ?)",
		"itttt", st->wall, who, slice_of(audit_verbs[verb]), what, why);
}

static int ping(struct store *st, struct buf *reply)
{
	wire_put_u32(reply, SCHEMA_VERSION);
	wire_put_i64(reply, town_now(st));
	return 0;
}

static bool is_active(const struct store *st, struct slice hex)
{
	char active[DIGEST_HEX];

	return st->now.has_bundle && slice_is(hex, digest_hex(st->now.bundle, DIGEST_SIZE, active));
}

/* What a jurist signed of these rules is written down; nobody else signs. */
static int keep_signature(struct store *st, const struct bundle_request *q, struct error *e)
{
	_buf_ struct buf what = {0};
	int64_t there = 0;
	int r;

	if (!q->signs.n)
		return 0;
	r = sq_get(&st->q, e, &there, "SELECT 1 FROM account WHERE name = ? AND roles & ?", "ti",
		q->jurist, (int64_t)ROLE_JURIST);
	if (r == SQ_DONE)
		return error_set(e, -EPERM, "« %.*s » n'est pas le compte d'un juriste",
			(int)q->jurist.n, q->jurist.p);
	buf_printf(&what, "%.*s %.*s", 12, q->hash.p, (int)q->signs.n, q->signs.p);
	return r < 0 ? r : audit(st, q->jurist, AUDIT_SIGN, buf_slice(&what), q->reason, e);
}

static int activate(struct store *st, const unsigned char hash[DIGEST_SIZE],
	const struct bundle_request *q, struct error *e)
{
	int r;

	if (st->now.has_bundle && !memcmp(st->now.bundle, hash, DIGEST_SIZE))
		return 0;
	if (q->over.n && !is_active(st, q->over))
		return error_set(e, -ESTALE,
			"d'autres règles ont été publiées entre-temps : rien n'est changé");
	r = keep_signature(st, q, e);
	if (r == 0)
		r = sq_do(&st->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES('bundle', ?)",
			"b", (struct slice){(const char *)hash, DIGEST_SIZE});
	if (r == 0)
		r = audit(st, q->who, AUDIT_BUNDLE, q->hash, q->reason, e);
	if (r < 0)
		return r;
	memcpy(st->now.bundle, hash, DIGEST_SIZE);
	st->now.has_bundle = true;
	st->changes.bundle = true;
	return 0;
}

static int keep_note(struct store *st, const char *key, struct slice value, struct error *e)
{
	return sq_do(&st->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES(?, ?)", "tt",
		slice_of(key), value);
}

/* Whether the folder of the configuration says what it said last time. Remembers what it says now. */
static int is_old_news(struct store *st, const struct bundle_request *q, bool *ret, struct error *e)
{
	int64_t same = 0;
	int r = sq_get(&st->q, e, &same,
		"SELECT 1 FROM note WHERE key = 'bundle_folder' AND value = ?", "t", q->folder);

	*ret = r == 0;
	if (r == SQ_DONE)
		r = keep_note(st, "bundle_folder", q->folder, e);
	if (r == 0 && (q->pushed || !*ret))
		r = keep_note(st, "bundle_disputed", q->disputed, e);
	return r;
}

static int bundle(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct bundle_request q;
	unsigned char hash[DIGEST_SIZE];
	char hex[DIGEST_HEX];
	bool old = false;
	int r = 0;

	if (body.n) {
		if (bundle_decode(body, &q) < 0 || !q.who.n ||
			digest_unhex(q.hash, hash, sizeof(hash)) < 0)
			return error_set(e, -EBADMSG, "publication illisible");
		if (q.folder.n)
			r = is_old_news(st, &q, &old, e);
		if (r == 0 && (q.pushed || !(old && st->now.has_bundle)))
			r = activate(st, hash, &q, e);
		if (r < 0)
			return r;
	}
	if (st->now.has_bundle)
		buf_add_string(reply, digest_hex(st->now.bundle, DIGEST_SIZE, hex));
	return 0;
}

/* Rows of journal batches that are gone serve nobody, but a scorer that slept may still send their results: in the
 * journal's row 0 stays up to where they are gone. Ids of another journal are left alone. */
static int released(struct store *st, struct slice body, struct error *e)
{
	_cleanup_(intake_release) struct intake gone = {0};
	struct wire w = wire_reader(body);
	uint64_t id = wire_u64(&w);
	int64_t base = (int64_t)(id >> 32 << 32);
	int r;

	if (!wire_done(&w) || id > INT64_MAX)
		return error_set(e, -EBADMSG, "numéro de lot illisible");
	r = intake_read(&st->q, base, &gone, e);
	if (r < 0 || !(uint32_t)id || intake_has(&gone, (uint32_t)id - 1))
		return r;
	intake_add(&gone, 0, (uint32_t)id);
	r = intake_write(&st->q, base, &gone, e);
	return r < 0 ? r
		     : sq_do(&st->q, e, "DELETE FROM intake WHERE batch > ? AND batch < ?", "ii",
			       base, (int64_t)id);
}

static int search_purged(struct store *st, struct slice body, struct error *e)
{
	struct wire w = wire_reader(body);
	int64_t number = wire_i64(&w);

	if (!wire_done(&w))
		return error_set(e, -EBADMSG, "numéro illisible");
	return sq_do(&st->q, e, "DELETE FROM removal WHERE number <= ?", "i", number);
}

static int searched(struct store *st, struct slice body, struct error *e)
{
	struct searched_request q;

	if (searched_decode(body, &q) < 0 || !q.who.n || !q.query.n || !q.reason.n)
		return error_set(e, -EBADMSG, "recherche illisible");
	return audit(st, q.who, AUDIT_SEARCH, q.query, q.reason, e);
}

static int exported(struct store *st, struct slice body, struct error *e)
{
	struct searched_request q;

	if (searched_decode(body, &q) < 0 || !q.who.n || !q.query.n || !q.reason.n)
		return error_set(e, -EBADMSG, "export illisible");
	return audit(st, q.who, AUDIT_EXPORT, q.query, q.reason, e);
}

static int signed_in(struct store *st, struct slice body, struct error *e)
{
	struct searched_request q;

	if (searched_decode(body, &q) < 0 || !q.who.n || !q.query.n || !q.reason.n)
		return error_set(e, -EBADMSG, "connexion illisible");
	return audit(st, q.who, AUDIT_SIGN_IN, q.query, q.reason, e);
}

#define REFUSED "essais : "
#define NOBODY SLICE("(inconnu)") /* no name of an account; what was typed may be a password */
#define REFUSED_MOST 999999

/* One more of the entry that this account has for this hour; always as long, so that its row stays where it is. */
static int refused_again(struct store *st, int64_t id, bool *ret, struct error *e)
{
	_buf_ struct buf why = {0};
	int64_t n = 0;
	int r = sq_get(&st->q, e, &n,
		"SELECT CAST(substr(why, length('" REFUSED "') + 1) AS INTEGER) FROM audit"
		" WHERE id = ? AND at >= ?",
		"ii", id, st->wall - st->wall % CLOCK_HOUR);

	*ret = r == 0;
	if (r)
		return r < 0 ? r : 0;
	buf_printf(&why, REFUSED "%-6lld", (long long)(n < REFUSED_MOST ? n + 1 : n));
	return sq_do(&st->q, e, "UPDATE audit SET why = ? WHERE id = ?", "ti", buf_slice(&why), id);
}

static int refused(struct store *st, struct slice name, struct error *e)
{
	_buf_ struct buf key = {0};
	int64_t there = 0, id = 0;
	bool again = false;
	int r = sq_get(&st->q, e, &there, "SELECT 1 FROM account WHERE name = ?", "t", name);

	if (r == SQ_DONE)
		name = NOBODY;
	buf_add_string(&key, "refused ");
	buf_add_slice(&key, name);
	if (r >= 0)
		r = note_get_int(st, buf_string(&key), 0, &id, e);
	if (r >= 0)
		r = refused_again(st, id, &again, e);
	if (r < 0 || again)
		return r;
	r = audit(st, name, AUDIT_REFUSED, name, SLICE(REFUSED "1     "), e);
	return r < 0 ? r
		     : note_set_int(st, buf_string(&key), sqlite3_last_insert_rowid(st->q.db), e);
}

/* The name itself is not written down: it must not survive its erasure. */
static int handle(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	_buf_ struct buf what = {0};
	unsigned char key[16];
	struct handle_request q;
	char hex[2 * 4 + 1];

	if (handle_decode(body, &q) < 0 || !q.who.n || !q.source.n || !q.author.n || !q.reason.n)
		return error_set(e, -EBADMSG, "demande d'accès illisible");
	author_pseudonym(st, q.source, q.author, key);
	buf_add_slice(&what, q.source);
	buf_printf(&what, ", n° %s", digest_hex(key, 4, hex));
	buf_add(reply, key, sizeof(key));
	return audit(st, q.who, AUDIT_HANDLE, buf_slice(&what), q.reason, e);
}

int store_request(struct store *st, enum request_verb verb, struct slice body, struct buf *reply,
	struct error *e)
{
	switch (verb) {
	case REQUEST_PING: return ping(st, reply);
	case REQUEST_OBSERVE: return incident_observe(st, body, e);
	case REQUEST_OUTBOX_ADD: return outbox_add(st, body, e);
	case REQUEST_OUTBOX_TAKE: return outbox_take(st, body, reply, e);
	case REQUEST_OUTBOX_RESULT: return outbox_result(st, body, e);
	case REQUEST_ACK: return request_ack(st, body, e);
	case REQUEST_NOTE: return request_note(st, body, ENTRY_NOTE, e);
	case REQUEST_WORDING: return request_note(st, body, ENTRY_WORDING, e);
	case REQUEST_INSTRUCTION: return request_note(st, body, ENTRY_INSTRUCTION, e);
	case REQUEST_CLOSE: return request_close(st, body, e);
	case REQUEST_RUMOUR: return request_rumour(st, body, e);
	case REQUEST_POINT: return request_point(st, body, e);
	case REQUEST_REOPEN: return request_reopen(st, body, e);
	case REQUEST_RELEASE: return request_release(st, body, e);
	case REQUEST_PROLONG: return request_prolong(st, body, e);
	case REQUEST_PASS_ON: return request_pass_on(st, body, e);
	case REQUEST_SILENCE: return request_silence(st, body, e);
	case REQUEST_OVERDUE: return request_overdue(st, body, e);
	case REQUEST_DRILL: return request_drill(st, body, reply, e);
	case REQUEST_DECIDE: return request_decide(st, body, reply, e);
	case REQUEST_BUNDLE: return bundle(st, body, reply, e);
	case REQUEST_RELEASED: return released(st, body, e);
	case REQUEST_SEARCH_PURGED: return search_purged(st, body, e);
	case REQUEST_REVISE: return request_revise(st, body, e);
	case REQUEST_CODE: return request_code(st, body, reply, e);
	case REQUEST_ACCOUNT: return request_account(st, body, e);
	case REQUEST_ACCOUNT_REMOVE: return request_account_remove(st, body, e);
	case REQUEST_SETUP: return request_setup(st, body, reply, e);
	case REQUEST_CLAIM: return request_claim(st, body, reply, e);
	case REQUEST_PROPOSE: return request_propose(st, body, e);
	case REQUEST_UNDO: return request_undo(st, body, e);
	case REQUEST_SEARCHED: return searched(st, body, e);
	case REQUEST_EXPORTED: return exported(st, body, e);
	case REQUEST_SIGNED_IN: return signed_in(st, body, e);
	case REQUEST_REFUSED: return refused(st, body, e);
	case REQUEST_HANDLE: return handle(st, body, reply, e);
	case REQUEST_LOOKED: return request_looked(st, body, e);
	case REQUEST_MISSED_END: return request_missed_end(st, body, e);
	case REQUEST_OPPOSE: return request_oppose(st, body, reply, e);
	case REQUEST_REMIND: return request_remind(st, body, e);
	case REQUEST_ABSENCE: return request_absence(st, body, e);
	case REQUEST_ABSENCE_REMOVE: return request_absence_remove(st, body, e);
	case REQUEST_TOKEN: return request_token(st, body, e);
	case REQUEST_TOKEN_REVOKE: return request_token_revoke(st, body, e);
	case REQUEST_DOSSIER_OPEN: return request_dossier_open(st, body, reply, e);
	case REQUEST_DOSSIER_PIECE: return request_dossier_piece(st, body, e);
	case REQUEST_DOSSIER_ENTRY: return request_dossier_entry(st, body, e);
	case REQUEST_DOSSIER_LIFT: return request_dossier_lift(st, body, e);
	case REQUEST_BULK: return request_bulk(st, body, reply, e);
	case REQUEST_BULK_UNDO: return request_bulk_undo(st, body, reply, e);
	case REQUEST_VIEW: return request_view(st, body, e);
	case REQUEST_VIEW_REMOVE: return request_view_remove(st, body, e);
	case REQUEST_PASSWORD: return request_password(st, body, reply, e);
	case REQUEST_SHORTCUTS: return request_shortcuts(st, body, e);
	case REQUEST_ACTION_TAKE: return action_take(st, body, reply, e);
	case REQUEST_ACTION_RESULT: return action_result(st, body, e);
	case REQUEST_PURGE: break;
	}
	return error_set(e, -EOPNOTSUPP, "demande inconnue (%d)", (int)verb);
}

int store_tick(struct store *st, struct error *e)
{
	int64_t due = 0;
	bool back = false;
	int r = sq_get(&st->q, e, &due,
		"SELECT count(*) FROM incident WHERE state = 1 AND ack_expires_at <= ?", "i",
		store_clock(st));

	if (r >= 0)
		r = follow_is_due(st, &back, e);
	if (r < 0 || (!due && !back))
		return r;
	r = store_begin(st, e);
	if (r < 0)
		return r;
	r = due ? incident_expire(st, e) : 0;
	if (r == 0 && back)
		r = follow_call_back(st, e);
	if (r == 0)
		r = store_commit(st, e);
	if (r < 0)
		store_rollback(st);
	return r < 0 ? r : STORE_TICKED;
}
