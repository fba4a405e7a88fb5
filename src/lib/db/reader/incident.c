/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents, main courante, outbox, silences. */
#include "../incident.h"
#include "rd.h"

#include <assert.h>
#include <errno.h>

#define INCIDENT_COLUMNS \
	"SELECT id, kind, state, level, peak, topic, title, opened_at, raised_at, closed_at, acked_at," \
	" ack_expires_at, acked_by, ack_messages," \
	" ifnull((SELECT until FROM silence s WHERE s.topic = i.topic), 0), facts, iif(state < 2, next_at, 0)," \
	" iif(state = 1, passed_to, ''), iif(state = 1 AND passed_to <> '', passed_at, 0)" \
	" FROM incident i "

static int each_incident(
	struct reader *r, sqlite3_stmt *s, incident_fn *fn, void *user, size_t *n, struct error *e)
{
	int code = 0;

	while (code == 0) {
		struct incident i;

		code = sq_step(s, e);
		if (code)
			break;
		i = (struct incident){.id = sq_col_int(s, 0),
			.kind = (enum incident_kind)sq_col_int(s, 1),
			.state = (enum incident_state)sq_col_int(s, 2),
			.level = (enum town_level)sq_col_int(s, 3),
			.peak = (enum town_level)sq_col_int(s, 4),
			.topic = sq_col(s, 5),
			.title = sq_col(s, 6),
			.opened_at = sq_col_int(s, 7),
			.raised_at = sq_col_int(s, 8),
			.closed_at = sq_col_int(s, 9),
			.acked_at = sq_col_int(s, 10),
			.ack_expires_at = sq_col_int(s, 11),
			.acked_by = sq_col(s, 12),
			.ack_messages = (uint32_t)sq_col_int(s, 13),
			.silenced_until = sq_col_int(s, 14),
			.next_at = sq_col_int(s, 16),
			.passed_to = sq_col(s, 17),
			.passed_at = sq_col_int(s, 18)};
		arena_clear(&r->arena);
		/* what rings must ring, also when its figures are damaged */
		if (incident_facts_decode(sq_col(s, 15), &r->arena, &i.facts) < 0)
			i.facts = (struct incident_facts){0};
		code = fn(user, &i);
		++*n;
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_incidents_after(struct reader *r, bool all, int64_t after, uint32_t limit,
	incident_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s,
		INCIDENT_COLUMNS "WHERE state < ? AND id > ? ORDER BY id LIMIT ?", "iii",
		(int64_t)(all ? 3 : 2), after, (int64_t)limit);

	return code < 0 ? code : each_incident(r, s, fn, user, &n, e);
}

int reader_incidents(struct reader *r, bool all, incident_fn *fn, void *user, struct error *e)
{
	return reader_incidents_after(r, all, 0, UINT32_MAX, fn, user, e);
}

int reader_incidents_closed(struct reader *r, int64_t since, uint32_t limit, incident_fn *fn,
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s,
		INCIDENT_COLUMNS "WHERE id > (SELECT max(id) FROM incident) - ? AND state = 2"
				 " AND closed_at >= ? ORDER BY closed_at DESC, id DESC LIMIT ?",
		"iii", (int64_t)INCIDENTS_LATEST, since, (int64_t)limit);

	return code < 0 ? code : each_incident(r, s, fn, user, &n, e);
}

int reader_incident(struct reader *r, int64_t id, incident_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s, INCIDENT_COLUMNS "WHERE id = ?", "i", id);

	if (code == 0)
		code = each_incident(r, s, fn, user, &n, e);
	if (code == 0 && !n)
		return error_set(e, -ENOENT, "incident %lld inconnu", (long long)id);
	return code;
}

#define ENTRY_COLUMNS "SELECT id, incident, at, written_at, kind, level, who, text FROM entry "

static int each_entry(sqlite3_stmt *s, entry_fn *fn, void *user, struct error *e)
{
	int code = 0;

	while (code == 0) {
		struct incident_entry x;

		code = sq_step(s, e);
		if (code)
			break;
		x = (struct incident_entry){.id = sq_col_int(s, 0),
			.incident = sq_col_int(s, 1),
			.at = sq_col_int(s, 2),
			.written_at = sq_col_int(s, 3),
			.kind = (enum entry_kind)sq_col_int(s, 4),
			.level = (enum town_level)sq_col_int(s, 5),
			.who = sq_col(s, 6),
			.text = sq_col(s, 7)};
		code = fn(user, &x);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_entries(struct reader *r, int64_t incident, entry_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(
		&r->q, e, &s, ENTRY_COLUMNS "WHERE incident = ? ORDER BY id", "i", incident);

	return code < 0 ? code : each_entry(s, fn, user, e);
}

int reader_log(struct reader *r, int64_t incident, entry_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(
		&r->q, e, &s, ENTRY_COLUMNS "WHERE incident = ? ORDER BY at, id", "i", incident);

	return code < 0 ? code : each_entry(s, fn, user, e);
}

int reader_entries_since(
	struct reader *r, int64_t after, uint32_t kinds, entry_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code =
		sq_query(&r->q, e, &s, ENTRY_COLUMNS "WHERE id > ? AND (1 << kind) & ? ORDER BY id",
			"ii", after, (int64_t)kinds);

	return code < 0 ? code : each_entry(s, fn, user, e);
}

static struct outbox_view view(sqlite3_stmt *s)
{
	return (struct outbox_view){.id = sq_col_int(s, 0),
		.row = {.key = sq_col(s, 1),
			.channel = sq_col(s, 2),
			.target = sq_col(s, 3),
			.person = sq_col(s, 4),
			.incident = sq_col_int(s, 5),
			.due_at = sq_col_int(s, 6),
			.level = (uint8_t)sq_col_int(s, 7),
			.urgent = (uint8_t)sq_col_int(s, 8),
			.payload = sq_col(s, 9)},
		.state = (enum outbox_state)sq_col_int(s, 10),
		.attempts = (uint32_t)sq_col_int(s, 11),
		.next_at = sq_col_int(s, 12),
		.sent_at = sq_col_int(s, 13),
		.detail = sq_col(s, 14)};
}

#define OUTBOX_COLUMNS \
	"SELECT id, key, channel, target, person, incident, due_at, level, urgent, payload, state," \
	" attempts, next_at, sent_at, detail FROM outbox JOIN outbox_payload USING(id) "

int reader_outbox(struct reader *r, int64_t incident, bool open_only, outbox_fn *fn, void *user,
	struct error *e)
{
	sqlite3_stmt *s;
	int64_t below = open_only ? OUTBOX_DONE : OUTBOX_DROPPED + 1;
	int code = incident
		? sq_query(&r->q, e, &s,
			  OUTBOX_COLUMNS "WHERE incident = ? AND state < ? ORDER BY id", "ii",
			  incident, below)
		: sq_query(&r->q, e, &s, OUTBOX_COLUMNS "WHERE state < ? ORDER BY id", "i", below);

	while (code == 0) {
		struct outbox_view v;

		code = sq_step(s, e);
		if (code)
			break;
		v = view(s);
		code = fn(user, &v);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

/* Not what is done at a source (action.c). */
#define IS_MESSAGE "channel NOT GLOB 'source/*'"
#define IS_DRILL "ifnull((SELECT kind = 7 FROM incident WHERE incident.id = outbox.incident), 0)"
static_assert(INCIDENT_DRILL == 7, "IS_DRILL");

int reader_outbox_open(struct reader *r, int64_t town_clock, int64_t wall,
	int (*fn)(void *user, const struct outbox_open *o), void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT id, due_at, key, channel, target, person, attempts, " IS_DRILL
		", urgent, maybe_sent OR state = 1, iif(state = 0, next_at, lease_until)"
		", due_at <= ? AND " OUTBOX_READY " FROM outbox WHERE state < 2 AND " IS_MESSAGE
		" ORDER BY id",
		"iii", town_clock, wall, wall);

	while (code == 0) {
		struct outbox_open o;

		code = sq_step(s, e);
		if (code)
			break;
		o = (struct outbox_open){.id = sq_col_int(s, 0),
			.due_at = sq_col_int(s, 1),
			.key = sq_col(s, 2),
			.channel = sq_col(s, 3),
			.target = sq_col(s, 4),
			.person = sq_col(s, 5),
			.attempts = (uint32_t)sq_col_int(s, 6),
			.drill = sq_col_int(s, 7) != 0,
			.urgent = sq_col_int(s, 8) != 0,
			.maybe = sq_col_int(s, 9) != 0,
			.attempt_at = sq_col_int(s, 10),
			.ready = sq_col_int(s, 11) != 0};
		code = fn(user, &o);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_outbox_sent(struct reader *r, int64_t after,
	int (*fn)(void *user, const struct outbox_sent *o), void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT sent_at, key, channel, target, person, " IS_DRILL
		" FROM outbox WHERE state = ? AND sent_at > ? AND " IS_MESSAGE
		" ORDER BY sent_at, id",
		"ii", (int64_t)OUTBOX_DONE, after);

	while (code == 0) {
		struct outbox_sent o;

		code = sq_step(s, e);
		if (code)
			break;
		o = (struct outbox_sent){.sent_at = sq_col_int(s, 0),
			.key = sq_col(s, 1),
			.channel = sq_col(s, 2),
			.target = sq_col(s, 3),
			.person = sq_col(s, 4),
			.drill = sq_col_int(s, 5) != 0};
		code = fn(user, &o);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_silences(struct reader *r, int64_t now,
	int (*fn)(void *user, struct slice topic, int64_t until, struct slice who,
		struct slice reason),
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT topic, until, who, reason FROM silence WHERE until > ? ORDER BY topic", "i",
		now);

	while (code == 0) {
		code = sq_step(s, e);
		if (code)
			break;
		code = fn(user, sq_col(s, 0), sq_col_int(s, 1), sq_col(s, 2), sq_col(s, 3));
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}
