/* SPDX-License-Identifier: GPL-3.0-or-later
 * Short codes to take charge with. A code is for one person, one incident, one level, and is given out when a message is
 * leased: the same one to every attempt and reminder as long as it holds, has not served, and the incident has not risen.
 *
 * The database holds no code. It has a random salt, from which a code is made with a key beside the database, and a keyed
 * hash of the code, by which the one that somebody sends is found: an index over keyed hashes tells nothing by its pace.
 *
 * Guessing (record/code.h has the figures): the wrong ones that come by the page are counted together, and beyond
 * CODE_WRONG_MINUTE none from there is looked at until the minute is over. An SMS from a number of the policy is neither
 * counted nor kept out: whoever floods the page stops no telephone, and the webhook bounds each number. */
#include <errno.h>

#include "incident.h"

#define SALT_SIZE 16u
#define DRAWS 32 /* of a clear code that nobody has; four in seven are */
#define KEPT_MS (30 * CLOCK_DAY) /* an expired code is still told from none for so long */

void store_people(struct store *st, const struct store_people *people)
{
	st->people = *people;
}

static void keyed(
	const struct store *st, const char *what, struct slice s, unsigned char out[DIGEST_SIZE])
{
	_buf_ struct buf text = {0};

	buf_printf(&text, "tocsin: %s ", what);
	buf_add_slice(&text, s);
	digest_hmac(
		(struct slice){(const char *)st->author_key, DIGEST_KEY}, buf_slice(&text), out);
}

static void from_salt(const struct store *st, struct slice salt, char code[static CODE_TEXT])
{
	unsigned char digest[DIGEST_SIZE];
	uint64_t random;

	keyed(st, "code", salt, digest);
	memcpy(&random, digest, sizeof(random));
	code_write(random, code);
}

static struct slice mark_of(
	const struct store *st, struct slice code, unsigned char mark[static DIGEST_SIZE])
{
	keyed(st, "code mark", code, mark);
	return (struct slice){(const char *)mark, DIGEST_SIZE};
}

struct give {
	int64_t incident, level, until;
	struct slice person;
};

/* 0 and the salt of the code that holds, or SQ_DONE. */
static int find_held(
	struct store *st, const struct give *g, char code[static CODE_TEXT], struct error *e)
{
	sqlite3_stmt *s;
	int64_t id;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, salt FROM code WHERE incident = ? AND person = ? AND level = ?"
		" AND used_at = 0 AND expires_at > ? ORDER BY id DESC LIMIT 1",
		"itii", g->incident, g->person, g->level, st->wall);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	id = sq_col_int(s, 0);
	from_salt(st, sq_col(s, 1), code);
	sqlite3_reset(s);
	return sq_do(&st->q, e, "UPDATE code SET expires_at = ? WHERE id = ?", "ii", g->until, id);
}

int code_forget_old(struct store *st, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM code WHERE expires_at < ?", "i", st->wall - KEPT_MS);
}

static int make(
	struct store *st, const struct give *g, char code[static CODE_TEXT], struct error *e)
{
	unsigned char salt[SALT_SIZE], mark[DIGEST_SIZE];
	const struct slice drawn = {(const char *)salt, sizeof(salt)};
	int r = code_forget_old(st, e);

	for (int i = 0; r == 0 && i < DRAWS; i++) {
		digest_random(salt, sizeof(salt));
		from_salt(st, drawn, code);
		if (!code_is_clear(code))
			continue;
		r = sq_do(&st->q, e,
			"INSERT OR IGNORE INTO code(mark, salt, incident, person, level, expires_at)"
			" VALUES(?, ?, ?, ?, ?, ?)",
			"bbitii", mark_of(st, slice_of(code), mark), drawn, g->incident, g->person,
			g->level, g->until);
		if (r == 0 && sqlite3_changes(st->q.db))
			return 0;
	}
	code[0] = 0; /* the message goes without */
	return r;
}

int code_give(struct store *st, int64_t incident, struct slice person, int64_t ms,
	struct slice *out, struct error *e)
{
	struct give g = {.incident = incident, .until = st->wall + ms, .person = person};
	char code[CODE_TEXT] = "";
	int r = sq_get(&st->q, e, &g.level, "SELECT level FROM incident WHERE id = ? AND state < 2",
		"i", incident);

	if (r == SQ_DONE)
		return 0; /* closed: freshen will say so */
	if (r == 0)
		r = find_held(st, &g, code, e);
	if (r == SQ_DONE)
		r = make(st, &g, code, e);
	if (r == 0)
		*out = arena_copy(&st->arena, slice_of(code));
	digest_wipe(code, sizeof(code));
	return r;
}

struct code { /* of the database, with its incident as it is now */
	int64_t id, incident, level, expires_at, used_at;
	int64_t state, now_level, ack_expires_at;
	struct slice person, acked_by;
	struct store_person who;
};

static int find_code(struct store *st, struct slice typed, struct code *ret, struct error *e)
{
	unsigned char mark[DIGEST_SIZE];
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT c.id, c.incident, c.person, c.level, c.expires_at, c.used_at,"
		" i.state, i.level, i.ack_expires_at, i.acked_by, c.mark"
		" FROM code c JOIN incident i ON i.id = c.incident WHERE c.mark = ?",
		"b", mark_of(st, typed, mark));

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct code){.id = sq_col_int(s, 0),
		.incident = sq_col_int(s, 1),
		.person = arena_copy(&st->arena, sq_col(s, 2)),
		.level = sq_col_int(s, 3),
		.expires_at = sq_col_int(s, 4),
		.used_at = sq_col_int(s, 5),
		.state = sq_col_int(s, 6),
		.now_level = sq_col_int(s, 7),
		.ack_expires_at = sq_col_int(s, 8),
		.acked_by = arena_copy(&st->arena, sq_col(s, 9))};
	r = digest_equal(sq_col(s, 10).p, mark, sizeof(mark)) ? 0 : SQ_DONE;
	sqlite3_reset(s);
	ret->who.name = ret->person;
	if (st->people.find && !st->people.find(st->people.user, ret->person, &ret->who))
		ret->who = (struct store_person){.name = ret->person};
	return r;
}

/* By the page. A clock that was put back begins the minute anew. */
static bool limited(struct store *st)
{
	const int64_t since = st->wall - st->wrong.since;

	if (since < 0 || since >= CLOCK_MINUTE)
		st->wrong = (struct wrong_codes){0};
	return st->wrong.n >= CODE_WRONG_MINUTE;
}

static void count_wrong(struct store *st)
{
	if (!st->wrong.n)
		st->wrong.since = st->wall;
	st->wrong.n++;
}

/* What it comes to before the incident is touched. */
static enum code_outcome judge(
	const struct store *st, const struct code *c, const struct code_request *q)
{
	/* another's number learns nothing of the code */
	if (q->sender.n && !code_same_number(q->sender, c->who.number))
		return CODE_UNKNOWN;
	if (c->state == INCIDENT_CLOSED)
		return CODE_CLOSED;
	if (c->used_at)
		return CODE_USED;
	if (c->expires_at <= st->wall)
		return CODE_EXPIRED;
	return c->now_level > c->level ? CODE_SURPASSED : CODE_TAKEN;
}

static int take(struct store *st, const struct code *c, const struct code_request *q,
	struct code_reply *ret, struct error *e)
{
	const struct ack_request ack = {
		.incident = c->incident, .who = c->who.name, .text = q->means};
	int r = incident_take(st, &ack, &ret->until, e);

	return r < 0 ? r
		     : sq_do(&st->q, e, "UPDATE code SET used_at = ? WHERE id = ?", "ii", st->wall,
			       c->id);
}

static int answer(
	struct store *st, const struct code_request *q, struct code_reply *ret, struct error *e)
{
	struct code c;
	int r = find_code(st, q->code, &c, e);

	ret->outcome = CODE_UNKNOWN;
	if (r == 0)
		ret->outcome = judge(st, &c, q);
	if (r < 0)
		return r;
	if (ret->outcome == CODE_TAKEN)
		return take(st, &c, q, ret, e);
	if (ret->outcome == CODE_UNKNOWN && !q->sender.n)
		count_wrong(st);
	/* sent twice: still in charge */
	if (ret->outcome == CODE_USED && c.state == INCIDENT_ACKED &&
		slice_equal(c.acked_by, c.who.name))
		ret->until = c.ack_expires_at;
	return 0;
}

int request_code(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct code_reply answered = {.outcome = CODE_LIMITED};
	struct code_request q;
	int r = 0;

	arena_clear(&st->arena);
	if (code_request_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "code illisible");
	if (q.sender.n &&
		!(st->people.has_number && st->people.has_number(st->people.user, q.sender)))
		answered.outcome = CODE_STRANGER;
	else if (q.sender.n || !limited(st))
		r = answer(st, &q, &answered, e);
	if (r == 0)
		code_reply_encode(reply, &answered);
	return r;
}
