/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents as the observers report them. */
#include "incident.h"

#include <errno.h>
#include <tocsin/base/alloc.h>

void incident_changed(struct store *st, int64_t id)
{
	struct store_changes *c = &st->changes;

	for (size_t i = 0; i < c->n_incidents; i++)
		if (c->incidents[i] == id)
			return;
	c->incidents =
		xgrow(c->incidents, c->n_incidents, &c->cap_incidents, sizeof(*c->incidents));
	c->incidents[c->n_incidents++] = id;
}

int incident_entry_add(struct store *st, int64_t incident, int64_t at, enum entry_kind kind,
	int64_t level, struct slice who, struct slice text, struct error *e)
{
	incident_changed(st, incident);
	return sq_do(&st->q, e,
		"INSERT INTO entry(incident, at, written_at, kind, level, who, text)"
		" VALUES(?, ?, ?, ?, ?, ?, ?)",
		"iiiiitt", incident, at, st->wall, (int64_t)kind, level, who, text);
}

static int find_open(
	struct store *st, const struct observation *o, struct current *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, level, state, ack_level, ack_messages FROM incident"
		" WHERE topic = ? AND kind = ? AND state < 2 ORDER BY id DESC LIMIT 1",
		"ti", o->topic, (int64_t)o->kind);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct current){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
		sq_col_int(s, 3), sq_col_int(s, 4)};
	sqlite3_reset(s);
	return 0;
}

struct slice incident_encoded(struct store *st, const struct incident_facts *f)
{
	buf_clear(&st->facts);
	incident_facts_encode(&st->facts, f);
	return buf_slice(&st->facts);
}

int incident_open(struct store *st, const struct observation *o, struct slice who,
	struct slice author, int64_t *ret_id, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO incident(kind, state, level, peak, topic, title, author, opened_at,"
		" raised_at, facts) VALUES(?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iiittBiib", (int64_t)o->kind, (int64_t)o->level, (int64_t)o->level, o->topic,
		o->title, author, o->facts.at, o->facts.at, incident_encoded(st, &o->facts));

	if (r < 0)
		return r;
	*ret_id = sqlite3_last_insert_rowid(st->q.db);
	return incident_entry_add(
		st, *ret_id, o->facts.at, ENTRY_OPENED, o->level, who, o->facts.trigger, e);
}

int incident_break_ack(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	int r;

	if (c->state != INCIDENT_ACKED ||
		((int64_t)o->level <= c->ack_level && !c->anybody &&
			(!c->ack_messages || (int64_t)o->facts.messages < 2 * c->ack_messages)))
		return 0;
	r = sq_do(&st->q, e,
		"UPDATE incident SET state = 0, acked_at = 0, ack_expires_at = 0, acked_by = ''"
		" WHERE id = ?",
		"i", c->id);
	return r < 0 ? r
		     : incident_entry_add(st, c->id, o->facts.at, ENTRY_ACK_BROKEN, o->level,
			       WHO_MACHINE, (struct slice){0}, e);
}

static int change(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	int64_t level = o->level;
	bool up = level > c->level, down = level < c->level;
	int r = sq_do(&st->q, e,
		"UPDATE incident SET level = ?1, peak = max(peak, ?1), title = ?2, facts = ?3,"
		" raised_at = iif(?4, ?5, raised_at) WHERE id = ?6",
		"itbiii", level, o->title, incident_encoded(st, &o->facts), (int64_t)up,
		o->facts.at, c->id);

	incident_changed(st, c->id);
	if (r == 0 && up)
		r = incident_entry_add(st, c->id, o->facts.at, ENTRY_RAISED, level, WHO_MACHINE,
			o->facts.trigger, e);
	if (r == 0 && down)
		r = incident_entry_add(st, c->id, o->facts.at, ENTRY_LOWERED, level, WHO_MACHINE,
			(struct slice){0}, e);
	return r < 0 ? r : incident_break_ack(st, c, o, e);
}

static int close_one(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	/* trend was restarted and could not hear its comments again, or it was opened again by hand: what was counted before is
	 * still true */
	bool counts = o->kind != INCIDENT_GREY && o->kind != INCIDENT_OVERDUE;
	bool unheard = counts && o->facts.messages == 0;
	int r = sq_do(&st->q, e,
		"UPDATE incident SET state = 2, closed_at = ?, level = ?,"
		" facts = CASE WHEN ? THEN facts ELSE ? END WHERE id = ?",
		"iiibi", o->facts.at, (int64_t)o->level, (int64_t)unheard,
		incident_encoded(st, &o->facts), c->id);

	return r < 0 ? r
		     : incident_entry_add(st, c->id, o->facts.at, ENTRY_CLOSED, o->level,
			       WHO_MACHINE, (struct slice){0}, e);
}

int incident_observe_one(struct store *st, const struct observation *o, struct error *e)
{
	struct current c = {0};
	int64_t id;
	int r = find_open(st, o, &c, e);

	if (r < 0)
		return r;
	if (r == SQ_DONE)
		return o->action == OBSERVE_OPEN || o->action == OBSERVE_RAISE
			? incident_open(st, o, WHO_MACHINE, (struct slice){0}, &id, e)
			: 0;
	return o->action == OBSERVE_CLOSE ? close_one(st, &c, o, e) : change(st, &c, o, e);
}

/* The minute that nothing is told twice before. After the clock was put back it says nothing any more, and whoever took
 * charge under the other clock keeps it for as long as was meant, from now. */
static int told_before(struct store *st, int64_t *ret, struct error *e)
{
	int r = note_get_int(st, "observed_minute", INT64_MIN, ret, e);

	if (r < 0 || st->spec.clock_event || !observe_outlived(*ret, st->wall))
		return r;
	*ret = INT64_MIN;
	return sq_do(&st->q, e,
		"UPDATE incident SET ack_expires_at = ?1 + ack_expires_at - acked_at, acked_at = ?1"
		" WHERE state = 1 AND acked_at > ?1",
		"i", st->wall);
}

int incident_observe(struct store *st, struct slice body, struct error *e)
{
	struct observe_request q;
	int64_t last;
	int r;

	arena_clear(&st->arena);
	if (observe_decode(body, &st->arena, &q) < 0)
		return error_set(e, -EBADMSG, "observation illisible");
	r = told_before(st, &last, e);
	if (r < 0 || q.minute <= last)
		return r;
	for (uint32_t i = 0; r == 0 && i < q.n; i++)
		r = incident_observe_one(st, &q.list[i], e);
	if (r == 0)
		r = note_set_int(st, "observed_minute", q.minute, e);
	return r < 0 ? r : note_set_int(st, "observed_seq", q.through_seq, e);
}

/* Acknowledgements that ran out, by the town clock. */
int incident_expire(struct store *st, struct error *e)
{
	int64_t now = town_now(st), id, level;
	sqlite3_stmt *s;
	int r;

	for (;;) {
		r = sq_query(&st->q, e, &s,
			"SELECT id, level FROM incident WHERE state = 1 AND ack_expires_at <= ? LIMIT 1",
			"i", now);
		if (r == 0)
			r = sq_step(s, e);
		if (r)
			return r < 0 ? r : 0;
		id = sq_col_int(s, 0);
		level = sq_col_int(s, 1);
		sqlite3_reset(s);
		r = sq_do(&st->q, e,
			"UPDATE incident SET state = 0, acked_at = 0, ack_expires_at = 0, acked_by = ''"
			" WHERE id = ?",
			"i", id);
		if (r == 0)
			r = incident_entry_add(st, id, now, ENTRY_ACK_EXPIRED, level, WHO_MACHINE,
				(struct slice){0}, e);
		if (r < 0)
			return r;
	}
}
