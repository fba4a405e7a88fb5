/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do with incidents: acknowledge, note, close, reopen, silence. */
#include <errno.h>

#include "incident.h"

#define ACK_DEFAULT (60 * CLOCK_MINUTE)
#define PROMISE_MAX (7 * CLOCK_DAY)

struct seen {
	int64_t state, level, messages, expires, kind;
	struct slice acked_by, topic;
};

static int find(struct store *st, int64_t id, struct seen *ret, struct error *e)
{
	struct incident_facts f;
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT state, level, acked_by, ack_expires_at, facts, kind, topic FROM incident"
		" WHERE id = ?",
		"i", id);

	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "incident %lld inconnu", (long long)id);
	if (r < 0)
		return r;
	*ret = (struct seen){.state = sq_col_int(s, 0),
		.level = sq_col_int(s, 1),
		.expires = sq_col_int(s, 3),
		.kind = sq_col_int(s, 5),
		.acked_by = arena_copy(&st->arena, sq_col(s, 2)),
		.topic = arena_copy(&st->arena, sq_col(s, 6))};
	if (incident_facts_decode(arena_copy(&st->arena, sq_col(s, 4)), &st->arena, &f) == 0)
		ret->messages = f.messages;
	sqlite3_reset(s);
	return 0;
}

static struct slice number(struct store *st, int64_t v)
{
	_buf_ struct buf b = {0};

	buf_printf(&b, "%lld", (long long)v);
	return arena_copy(&st->arena, buf_slice(&b));
}

void store_ack_holds(struct store *st, int64_t ms)
{
	st->ack_ms = ms;
}

static int close_now(struct store *st, int64_t id, const struct seen *i, struct slice who,
	struct slice text, struct error *e)
{
	int64_t now = town_now(st);
	int r = sq_do(&st->q, e, "UPDATE incident SET state = 2, closed_at = ? WHERE id = ?", "ii",
		now, id);

	return r < 0 ? r : incident_entry_add(st, id, now, ENTRY_CLOSED, i->level, who, text, e);
}

int incident_take(
	struct store *st, const struct ack_request *q, int64_t *ret_until, struct error *e)
{
	struct seen i = {0};
	int64_t now = town_now(st), until;
	enum entry_kind kind;
	int r;

	*ret_until = 0;
	r = find(st, q->incident, &i, e);
	/* too late changes nothing, and is no fault of the one who rings back */
	if (r < 0 || i.state == INCIDENT_CLOSED)
		return r;
	until = q->until ? q->until : now + (st->ack_ms > 0 ? st->ack_ms : ACK_DEFAULT);
	if (i.state == INCIDENT_ACKED && slice_equal(i.acked_by, q->who) &&
		until <= i.expires + CLOCK_MINUTE) {
		*ret_until = i.expires;
		return 0;
	}
	kind = i.state == INCIDENT_ACKED && !slice_equal(i.acked_by, q->who) ? ENTRY_HANDED
									     : ENTRY_ACKED;
	r = sq_do(&st->q, e,
		"UPDATE incident SET state = 1, acked_at = ?1, ack_expires_at = ?2, acked_by = ?3,"
		" ack_messages = ?4, ack_level = ?5,"
		" passed_to = iif(state = 1 AND acked_by = ?3, passed_to, '') WHERE id = ?6",
		"iitiii", now, until, q->who, i.messages, i.level, q->incident);
	if (r == 0)
		r = incident_entry_add(st, q->incident, now, kind, i.level, q->who, q->text, e);
	if (r == 0 && i.kind == INCIDENT_DRILL) /* somebody has answered: that was to be seen */
		r = close_now(st, q->incident, &i, q->who, (struct slice){0}, e);
	if (r == 0)
		r = audit(st, q->who, AUDIT_ACK, number(st, q->incident), q->text, e);
	*ret_until = until;
	return r;
}

int request_ack(struct store *st, struct slice body, struct error *e)
{
	struct ack_request q;
	int64_t until;

	arena_clear(&st->arena);
	if (ack_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "acquittement illisible");
	return incident_take(st, &q, &until, e);
}

int request_prolong(struct store *st, struct slice body, struct error *e)
{
	struct ack_request q;
	struct seen i = {0};
	int64_t until;
	int r;

	arena_clear(&st->arena);
	if (ack_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "prolongation illisible");
	r = find(st, q.incident, &i, e);
	if (r < 0)
		return r;
	if (i.state == INCIDENT_CLOSED)
		return error_set(e, -EALREADY, "l'alerte %lld est close", (long long)q.incident);
	if (i.state != INCIDENT_ACKED)
		return error_set(e, -EPERM, "personne n'a plus cette alerte");
	if (!slice_equal(i.acked_by, q.who))
		return error_set(
			e, -EPERM, "« %.*s » a cette alerte", (int)i.acked_by.n, i.acked_by.p);
	return incident_take(st, &q, &until, e);
}

enum { SAID_ALREADY = 1 };

/* 0, SAID_ALREADY, or -ESTALE when another entry of the kind is in force than the writer knows of. */
static int comes_over(
	struct store *st, const struct note_request *q, enum entry_kind kind, struct error *e)
{
	sqlite3_stmt *s;
	int64_t last = NOTE_NONE;
	bool same = !q->text.n;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, text FROM entry WHERE incident = ? AND kind = ? ORDER BY id DESC LIMIT 1",
		"ii", q->incident, (int64_t)kind);

	if (r == 0)
		r = sq_step(s, e);
	if (r == 0) {
		last = sq_col_int(s, 0);
		same = slice_equal(sq_col(s, 1), q->text);
		sqlite3_reset(s);
	}
	if (r < 0)
		return r;
	if (same)
		return SAID_ALREADY;
	return last == q->over ? 0 : error_set(e, -ESTALE, "une autre version est en vigueur");
}

/* What somebody writes about then is the point that was promised. */
static int keep_promise(struct store *st, const struct note_request *q, struct error *e)
{
	if (slice_equal(q->who, WHO_MACHINE))
		return 0;
	return sq_do(&st->q, e, "UPDATE incident SET next_at = 0 WHERE id = ? AND next_at <= ?",
		"ii", q->incident, town_now(st) + NEXT_POINT_EARLY);
}

int request_note(struct store *st, struct slice body, enum entry_kind kind, struct error *e)
{
	struct note_request q;
	struct seen i = {0};
	int64_t same;
	int r;

	arena_clear(&st->arena);
	if (note_decode(body, &q) < 0 || !q.who.n || (!q.text.n && kind == ENTRY_NOTE))
		return error_set(e, -EBADMSG, "note illisible");
	r = find(st, q.incident, &i, e);
	if (r < 0)
		return r;
	if (!q.at)
		q.at = town_now(st);
	r = sq_get(&st->q, e, &same,
		"SELECT id FROM entry WHERE incident = ? AND at = ? AND kind = ? AND who = ?"
		" AND text = ?",
		"iiitt", q.incident, q.at, (int64_t)kind, q.who, q.text);
	if (r != SQ_DONE)
		return r;
	r = q.over ? comes_over(st, &q, kind, e) : 0;
	if (r)
		return r < 0 ? r : 0;
	r = incident_entry_add(st, q.incident, q.at, kind, i.level, q.who, q.text, e);
	return r < 0 ? r : keep_promise(st, &q, e);
}

static bool may_promise(const struct store *st, int64_t at)
{
	const int64_t ahead = at - town_now(st);

	return !at || (ahead > 0 && ahead <= PROMISE_MAX);
}

int request_point(struct store *st, struct slice body, struct error *e)
{
	struct note_request q;
	struct seen i = {0};
	int64_t promised = 0;
	int r;

	arena_clear(&st->arena);
	if (note_decode(body, &q) < 0 || !q.who.n || !q.text.n)
		return error_set(e, -EBADMSG, "prochain point illisible");
	r = find(st, q.incident, &i, e);
	if (r == 0)
		r = sq_get(&st->q, e, &promised, "SELECT next_at FROM incident WHERE id = ?", "i",
			q.incident);
	if (r < 0)
		return r;
	if (i.state == INCIDENT_CLOSED)
		return error_set(e, -EALREADY, "l'alerte %lld est close", (long long)q.incident);
	if (q.at == promised)
		return 0;
	if (!may_promise(st, q.at))
		return error_set(e, -EINVAL, "le prochain point vient dans la semaine");
	r = sq_do(
		&st->q, e, "UPDATE incident SET next_at = ? WHERE id = ?", "ii", q.at, q.incident);
	return r < 0 ? r
		     : incident_entry_add(st, q.incident, town_now(st), ENTRY_POINT, i.level, q.who,
			       q.text, e);
}

int request_close(struct store *st, struct slice body, struct error *e)
{
	struct close_request q;
	struct seen i = {0};
	int r;

	arena_clear(&st->arena);
	if (close_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "clôture illisible");
	r = find(st, q.incident, &i, e);
	if (r < 0 || i.state == INCIDENT_CLOSED)
		return r;
	r = close_now(st, q.incident, &i, q.who, q.text, e);
	return r < 0 ? r : audit(st, q.who, AUDIT_CLOSE, number(st, q.incident), q.text, e);
}

/* Whether that very person opened it again with these words, and nothing has closed it since. */
static int reopened_so(struct store *st, const struct close_request *q, struct error *e)
{
	int64_t same;
	int r = sq_get(&st->q, e, &same,
		"SELECT who = ?2 AND text = ?3 FROM entry WHERE incident = ?1 AND kind = ?4"
		" ORDER BY id DESC LIMIT 1",
		"itti", q->incident, q->who, q->text, (int64_t)ENTRY_REOPENED);

	if (r < 0 || (r == 0 && same))
		return r;
	return error_set(e, -EALREADY, "l'alerte %lld est ouverte", (long long)q->incident);
}

static bool ends_by_itself(const struct seen *i)
{
	return i->kind == INCIDENT_DRILL || i->kind == INCIDENT_GREY || i->kind == INCIDENT_OVERDUE;
}

/* Of a P1 each author has one of his own. */
static int stands_alone(struct store *st, int64_t id, struct error *e)
{
	int64_t other;
	int r = sq_get(&st->q, e, &other,
		"SELECT o.id FROM incident i JOIN incident o ON o.topic = i.topic AND o.kind = i.kind"
		" AND o.author IS i.author AND o.state < 2 WHERE i.id = ? ORDER BY o.id DESC LIMIT 1",
		"i", id);

	if (r)
		return r < 0 ? r : 0;
	return error_set(
		e, -EEXIST, "l'alerte %lld est ouverte sur le même sujet", (long long)other);
}

/* What rings again may not be mute under a silence of its topic that was given before. */
static int end_silence(struct store *st, const struct close_request *q, const struct seen *i,
	int64_t now, struct error *e)
{
	_buf_ struct buf text = {0};
	int r = sq_do(&st->q, e, "UPDATE silence SET until = ? WHERE topic = ? AND until > ?",
		"iti", now, i->topic, now);

	if (r < 0 || !sqlite3_changes(st->q.db))
		return r;
	buf_add_string(&text, "silence levé : ");
	buf_add_slice(&text, q->text);
	r = incident_entry_add(
		st, q->incident, now, ENTRY_SILENCED, i->level, q->who, buf_slice(&text), e);
	return r < 0 ? r : audit(st, q->who, AUDIT_SILENCE, i->topic, buf_slice(&text), e);
}

int request_reopen(struct store *st, struct slice body, struct error *e)
{
	struct close_request q;
	struct seen i = {0};
	int64_t now = town_now(st);
	int r;

	arena_clear(&st->arena);
	if (close_decode(body, &q) < 0 || !q.who.n || !q.text.n)
		return error_set(e, -EBADMSG, "réouverture illisible");
	r = find(st, q.incident, &i, e);
	if (r < 0)
		return r;
	if (i.state != INCIDENT_CLOSED)
		return reopened_so(st, &q, e);
	if (ends_by_itself(&i))
		return error_set(e, -EINVAL,
			"un exercice, une source muette ou un retard ne se rouvre pas : il s'en ouvre un autre");
	r = stands_alone(st, q.incident, e);
	if (r < 0)
		return r;
	if (i.level == LEVEL_VERT)
		i.level = LEVEL_JAUNE;
	r = sq_do(&st->q, e,
		"UPDATE incident SET state = 0, level = ?, raised_at = ?, closed_at = 0, acked_at = 0,"
		" ack_expires_at = 0, acked_by = '', next_at = 0 WHERE id = ?",
		"iii", i.level, now, q.incident);
	if (r == 0)
		r = end_silence(st, &q, &i, now, e);
	if (r == 0)
		r = incident_entry_add(
			st, q.incident, now, ENTRY_REOPENED, i.level, q.who, q.text, e);
	return r < 0 ? r : audit(st, q.who, AUDIT_REOPEN, number(st, q.incident), q.text, e);
}

int request_silence(struct store *st, struct slice body, struct error *e)
{
	struct silence_request q;
	int64_t same, id, level;
	int r;

	if (silence_decode(body, &q) < 0 || !q.topic.n || !q.who.n)
		return error_set(e, -EBADMSG, "silence illisible");
	r = sq_get(&st->q, e, &same,
		"SELECT 1 FROM silence WHERE topic = ? AND until = ? AND who = ?", "tit", q.topic,
		q.until, q.who);
	if (r != SQ_DONE)
		return r;
	r = sq_do(&st->q, e,
		"INSERT OR REPLACE INTO silence(topic, until, who, reason) VALUES(?, ?, ?, ?)",
		"titt", q.topic, q.until, q.who, q.reason);
	if (r == 0)
		r = audit(st, q.who, AUDIT_SILENCE, q.topic, q.reason, e);
	if (r < 0)
		return r;
	r = sq_get(&st->q, e, &id,
		"SELECT id FROM incident WHERE topic = ? AND state < 2 ORDER BY id DESC", "t",
		q.topic);
	if (r == 0)
		r = sq_get(&st->q, e, &level, "SELECT level FROM incident WHERE id = ?", "i", id);
	if (r)
		return r < 0 ? r : 0;
	return incident_entry_add(
		st, id, town_now(st), ENTRY_SILENCED, (uint8_t)level, q.who, q.reason, e);
}
