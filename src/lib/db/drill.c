/* SPDX-License-Identifier: GPL-3.0-or-later
 * A drill: an incident that no observer has seen, marked in its title. Whoever acknowledges it ends it. */
#include <errno.h>

#include "incident.h"

#define TITLE_MAX 300u /* bytes */

static int level_of(struct slice name, enum town_level *ret)
{
	if (slice_is(name, "P1")) {
		*ret = LEVEL_ORANGE; /* as every P1 */
		return 0;
	}
	for (int i = LEVEL_JAUNE; i <= LEVEL_GRIS; i++)
		if (slice_is(name, town_level_names[i])) {
			*ret = (enum town_level)i;
			return 0;
		}
	return -EINVAL;
}

static void answer(struct buf *reply, int64_t id, int64_t at, bool fresh)
{
	wire_put_i64(reply, id);
	wire_put_i64(reply, at);
	wire_put_u8(reply, fresh);
}

/* 1: none is open. */
static int find_open(struct store *st, struct slice topic, struct buf *reply, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, opened_at FROM incident WHERE topic = ? AND kind = ? AND state < 2",
		"ti", topic, (int64_t)INCIDENT_DRILL);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 1;
	answer(reply, sq_col_int(s, 0), sq_col_int(s, 1), false);
	sqlite3_reset(s);
	return 0;
}

int request_drill(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct drill_request q;
	struct observation o = {.kind = INCIDENT_DRILL};
	_buf_ struct buf topic = {0}, title = {0};
	int64_t id, now = town_now(st);
	int r;

	if (drill_decode(body, &q) < 0 || !q.who.n || q.title.n > TITLE_MAX ||
		level_of(q.level, &o.level) < 0)
		return error_set(e, -EBADMSG, "exercice illisible");
	buf_add_string(&topic, INCIDENT_DRILL_TOPIC);
	buf_add_slice(&topic, q.level);
	r = find_open(st, buf_slice(&topic), reply, e);
	if (r <= 0)
		return r;
	buf_add_string(&title, INCIDENT_DRILL_MARK);
	buf_add_slice(&title, q.title);
	o.topic = buf_slice(&topic);
	o.title = buf_slice(&title);
	o.facts = (struct incident_facts){.at = now, .since = now, .trigger = SLICE("drill")};
	r = incident_open(st, &o, q.who, (struct slice){0}, &id, e);
	if (r == 0)
		r = audit(st, q.who, AUDIT_DRILL, o.topic, o.title, e);
	if (r == 0)
		answer(reply, id, now, true);
	return r;
}
