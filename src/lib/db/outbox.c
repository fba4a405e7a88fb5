/* SPDX-License-Identifier: GPL-3.0-or-later
 * Deliveries: pending → sending (under a lease) → done, dead letter or dropped. A lease that ran out leaves it open whether the
 * message arrived: it goes out again, marked. */
#include <errno.h>
#include <tocsin/db/reader.h>

#include "incident.h"

#define DETAIL_MAX 500u

static int add_one(struct store *st, const struct outbox_row *row, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO outbox(key, channel, target, person, incident, due_at, level, urgent,"
		" added_at, state, detail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT(key) DO NOTHING",
		"ttttiiiiiit", row->key, row->channel, row->target, row->person, row->incident,
		row->due_at, (int64_t)row->level, (int64_t)row->urgent, st->wall,
		(int64_t)(row->told.n ? OUTBOX_DROPPED : OUTBOX_PENDING), row->told);

	if (r < 0 || !sqlite3_changes(st->q.db))
		return r;
	st->changes.outbox = true;
	r = sq_do(&st->q, e, "INSERT INTO outbox_payload(id, payload) VALUES(?, ?)", "ib",
		(int64_t)sqlite3_last_insert_rowid(st->q.db), row->payload);
	return r < 0 || !row->told.n || !row->incident
		? r
		: incident_entry_add(st, row->incident, town_now(st), ENTRY_NOTE, row->level,
			  WHO_MACHINE, row->told, e);
}

int outbox_add(struct store *st, struct slice body, struct error *e)
{
	struct outbox_row *rows;
	uint32_t n;
	int r = 0;

	arena_clear(&st->arena);
	if (outbox_rows_decode(body, &st->arena, &rows, &n) < 0)
		return error_set(e, -EBADMSG, "envois illisibles");
	for (uint32_t i = 0; r == 0 && i < n; i++)
		r = rows[i].key.n ? add_one(st, &rows[i], e)
				  : error_set(e, -EBADMSG, "envoi sans clé");
	return r;
}

#define LEASED_COLUMNS \
	"SELECT id, attempts, maybe_sent OR state = 1, key, channel, target, person, incident," \
	" due_at, level, urgent, payload FROM outbox JOIN outbox_payload USING(id) "

static struct leased_row leased(struct store *st, sqlite3_stmt *s)
{
	return (struct leased_row){.id = sq_col_int(s, 0),
		.attempt = (uint32_t)sq_col_int(s, 1) + 1,
		.maybe_sent = (uint8_t)sq_col_int(s, 2),
		.row = {.key = arena_copy(&st->arena, sq_col(s, 3)),
			.channel = arena_copy(&st->arena, sq_col(s, 4)),
			.target = arena_copy(&st->arena, sq_col(s, 5)),
			.person = arena_copy(&st->arena, sq_col(s, 6)),
			.incident = sq_col_int(s, 7),
			.due_at = sq_col_int(s, 8),
			.level = (uint8_t)sq_col_int(s, 9),
			.urgent = (uint8_t)sq_col_int(s, 10),
			.payload = arena_copy(&st->arena, sq_col(s, 11))}};
}

/* One row, when it may go. */
static int read_one(
	struct store *st, int64_t id, struct leased_row *rows, uint32_t *n, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		LEASED_COLUMNS "WHERE id = ? AND state < 2 AND due_at <= ? AND " OUTBOX_READY,
		"iiii", id, town_now(st), st->wall, st->wall);

	if (r == 0)
		r = sq_step(s, e);
	if (r == 0) {
		rows[(*n)++] = leased(st, s);
		sqlite3_reset(s);
	}
	return r < 0 ? r : 0;
}

static int lease_one(struct store *st, const struct leased_row *row, int64_t lease, struct error *e)
{
	return sq_do(&st->q, e,
		"UPDATE outbox SET state = 1, attempts = ?, maybe_sent = ?, lease_until = ?"
		" WHERE id = ?",
		"iiii", (int64_t)row->attempt, (int64_t)row->maybe_sent, st->wall + lease, row->id);
}

/* What only one person reads bears a code. */
static int give_codes(
	struct store *st, struct leased_row *rows, uint32_t n, int64_t code_ms, struct error *e)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && code_ms > 0 && i < n; i++) {
		struct leased_row *l = &rows[i];

		if (l->row.incident &&
			(slice_is(l->row.channel, "mail") || slice_is(l->row.channel, "sms")))
			r = code_give(st, l->row.incident, l->row.person, code_ms, &l->code, e);
	}
	return r;
}

int outbox_take(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct leased_row *rows;
	struct take_request q;
	uint32_t n = 0;
	int64_t message = 0;
	int r = 0;

	arena_clear(&st->arena);
	if (outbox_take_decode(body, &st->arena, &q) < 0 || q.lease_ms <= 0)
		return error_set(e, -EBADMSG, "demande d'envois illisible");
	rows = arena_zero(&st->arena, (q.n + 1) * sizeof(*rows));
	for (uint32_t i = 0; r == 0 && i < q.n; i++) {
		const uint32_t before = n;

		message += i &&
			!q.with[i]; /* each its own moment: what went together is known by it */
		r = read_one(st, q.ids[i], rows, &n, e);
		if (r == 0 && n > before)
			r = lease_one(st, &rows[before], q.lease_ms + message, e);
	}
	if (r == 0)
		r = give_codes(st, rows, n, q.code_ms, e);
	if (r == 0)
		leased_rows_encode(reply, rows, n);
	return r;
}

static int end_in(
	struct store *st, const struct outbox_result *o, enum outbox_state state, struct error *e)
{
	enum entry_kind kind = state == OUTBOX_DONE ? ENTRY_NOTIFIED
		: state == OUTBOX_DROPPED           ? ENTRY_NOTE
						    : ENTRY_FAILED;
	int64_t incident, level;
	struct slice who;
	sqlite3_stmt *s = NULL;
	int r = sq_do(&st->q, e,
		"UPDATE outbox SET state = ?, sent_at = ?, detail = ? WHERE id = ?", "iiti",
		(int64_t)state, state == OUTBOX_DONE ? st->wall : 0, o->detail, o->id);

	st->changes.outbox = true;
	if (r == 0)
		r = sq_query(&st->q, e, &s,
			"SELECT incident, level, person, channel FROM outbox WHERE id = ?", "i",
			o->id);
	if (r == 0)
		r = sq_step(s, e);
	if (r < 0)
		return r;
	incident = sq_col_int(s, 0);
	level = sq_col_int(s, 1);
	who = arena_copy(&st->arena, sq_col(s, 2));
	buf_clear(&st->scratch);
	buf_add_slice(&st->scratch, sq_col(s, 3));
	sqlite3_reset(s);
	if (!incident)
		return 0;
	if (state == OUTBOX_DROPPED)
		return incident_entry_add(
			st, incident, town_now(st), kind, level, WHO_MACHINE, o->detail, e);
	if (state == OUTBOX_DONE && slice_begins(o->detail, OUTBOX_LEFT)) {
		buf_clear(&st->scratch);
		buf_add_string(&st->scratch, ENTRY_LEFT);
	}
	if (state == OUTBOX_DEAD_LETTER) {
		buf_add_string(&st->scratch, " : ");
		buf_add_slice(&st->scratch, o->detail);
	}
	return incident_entry_add(
		st, incident, town_now(st), kind, level, who, buf_slice(&st->scratch), e);
}

static int try_again(struct store *st, const struct outbox_result *o, struct error *e)
{
	return sq_do(&st->q, e,
		"UPDATE outbox SET state = 0, next_at = ?, maybe_sent = maybe_sent OR ?, detail = ?"
		" WHERE id = ?",
		"iiti", o->retry_at, (int64_t)(o->outcome == OUTBOX_UNKNOWN), o->detail, o->id);
}

static int one_result(struct store *st, struct outbox_result *o, struct error *e)
{
	int64_t state, attempts;
	sqlite3_stmt *s;
	int r;

	if (o->detail.n > DETAIL_MAX)
		o->detail.n = DETAIL_MAX;
	r = sq_query(&st->q, e, &s, "SELECT state, attempts FROM outbox WHERE id = ?", "i", o->id);
	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "envoi %lld inconnu", (long long)o->id);
	if (r < 0)
		return r;
	state = sq_col_int(s, 0);
	attempts = sq_col_int(s, 1);
	sqlite3_reset(s);
	if (state >= OUTBOX_DONE && o->outcome != OUTBOX_SENT)
		return 0;
	if (state == OUTBOX_DONE)
		return 0;
	/* also an attempt whose lease ran out knows that it arrived */
	if (o->outcome == OUTBOX_SENT)
		return end_in(st, o, OUTBOX_DONE, e);
	if (state != OUTBOX_SENDING || attempts != (int64_t)o->attempt)
		return 0;
	switch (o->outcome) {
	case OUTBOX_DEAD: return end_in(st, o, OUTBOX_DEAD_LETTER, e);
	case OUTBOX_NEEDLESS: return end_in(st, o, OUTBOX_DROPPED, e);
	case OUTBOX_FAILED:
	case OUTBOX_UNKNOWN:
	case OUTBOX_SENT:
	default: return try_again(st, o, e);
	}
}

/* Of several that went together each is told, or none: one that is unknown stops no other. */
int outbox_result(struct store *st, struct slice body, struct error *e)
{
	struct outbox_result *list;
	uint32_t n;
	int r = 0;

	arena_clear(&st->arena);
	if (outbox_results_decode(body, &st->arena, &list, &n) < 0)
		return error_set(e, -EBADMSG, "résultat d'envoi illisible");
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		r = one_result(st, &list[i], e);
		if (r == -ENOENT && n > 1)
			r = 0;
	}
	return r;
}
