/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is in charge of an alarm gives it back, or asks somebody to take over. Until that one takes it, it is the first one's:
 * nobody is ever in charge who does not know. */
#include <errno.h>

#include "incident.h"

struct charge { /* as far as giving it away needs it */
	int64_t state, level;
	struct slice who, passed_to;
};

static int find(struct store *st, int64_t id, struct charge *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT state, level, acked_by, passed_to FROM incident WHERE id = ?", "i", id);

	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "incident %lld inconnu", (long long)id);
	if (r < 0)
		return r;
	*ret = (struct charge){sq_col_int(s, 0), sq_col_int(s, 1),
		arena_copy(&st->arena, sq_col(s, 2)), arena_copy(&st->arena, sq_col(s, 3))};
	sqlite3_reset(s);
	return 0;
}

static bool is_his(const struct charge *c, const struct close_request *q)
{
	return c->state == INCIDENT_ACKED && slice_equal(c->who, q->who);
}

static int read_request(struct store *st, struct slice body, struct close_request *q,
	struct charge *c, struct error *e)
{
	arena_clear(&st->arena);
	if (close_decode(body, q) < 0 || !q->who.n)
		return error_set(e, -EBADMSG, "demande illisible");
	return find(st, q->incident, c, e);
}

int request_release(struct store *st, struct slice body, struct error *e)
{
	struct close_request q;
	struct charge c = {0};
	int r = read_request(st, body, &q, &c, e);

	if (r < 0)
		return r;
	if (c.state != INCIDENT_ACKED) /* nobody's any more */
		return 0;
	if (!is_his(&c, &q))
		return error_set(e, -EPERM, "cette alerte est à quelqu'un d'autre");
	r = sq_do(&st->q, e,
		"UPDATE incident SET state = 0, acked_at = 0, ack_expires_at = 0, acked_by = '',"
		" passed_to = '' WHERE id = ?",
		"i", q.incident);
	if (r == 0)
		r = incident_entry_add(
			st, q.incident, town_now(st), ENTRY_RELEASED, c.level, q.who, q.text, e);
	return r < 0 ? r : audit(st, q.who, AUDIT_RELEASE, number_text(st, q.incident), q.text, e);
}

static int is_known(struct store *st, struct slice account, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one, "SELECT 1 FROM account WHERE name = ? AND roles <> 0", "t",
		account);

	return r == SQ_DONE ? error_set(e, -ENOENT, "il n'y a pas de compte de ce nom") : r;
}

int request_pass_on(struct store *st, struct slice body, struct error *e)
{
	struct close_request q;
	struct charge c = {0};
	int r = read_request(st, body, &q, &c, e);

	if (r < 0)
		return r;
	if (!is_his(&c, &q) || slice_equal(q.text, q.who))
		return error_set(e, -EPERM, "cette alerte n'est pas à vous");
	if (slice_equal(q.text, c.passed_to)) /* asked again */
		return 0;
	r = is_known(st, q.text, e);
	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE incident SET passed_to = ?, passed_at = ? WHERE id = ?", "tii",
			q.text, town_now(st), q.incident);
	if (r == 0)
		r = incident_entry_add(
			st, q.incident, town_now(st), ENTRY_PASSED, c.level, q.who, q.text, e);
	return r < 0 ? r : audit(st, q.who, AUDIT_PASS_ON, number_text(st, q.incident), q.text, e);
}
