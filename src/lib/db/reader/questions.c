/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many of an alarm's messages wait for an answer: asked of the index of their file, before any row is read. */
#include "rd.h"

/* Each there is: so that in each the index is entered at the alarm's beginning. */
#define RANKS "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, " RANK_WAITS ")"

/* What its messages have in common in the queue: a tag, a source, or nothing (all of the town). False: that is not known there. */
static bool own_mark(const struct incident *i, struct buf *tag, struct slice *source)
{
	const struct slice topic = i->topic;

	*source = (struct slice){0};
	if (i->kind == INCIDENT_TOPIC && slice_begins(topic, INCIDENT_CATEGORY_TOPIC))
		buf_printf(tag, " c:%.*s ", (int)(topic.n - strlen(INCIDENT_CATEGORY_TOPIC)),
			topic.p + strlen(INCIDENT_CATEGORY_TOPIC));
	else if (i->kind == INCIDENT_TOPIC)
		buf_printf(tag, " t:%.*s ", (int)topic.n, topic.p);
	else if (i->kind == INCIDENT_WHOLE && slice_begins(topic, INCIDENT_SOURCE_TOPIC))
		*source = (struct slice){topic.p + strlen(INCIDENT_SOURCE_TOPIC),
			topic.n - strlen(INCIDENT_SOURCE_TOPIC)};
	else
		return i->kind == INCIDENT_WHOLE && !slice_begins(topic, INCIDENT_THREAD_TOPIC);
	return true;
}

int reader_incident_questions(
	struct reader *r, const struct incident *i, struct incident_questions *ret, struct error *e)
{
	_buf_ struct buf tag = {0};
	struct slice source;
	sqlite3_stmt *s;
	int code;

	*ret = (struct incident_questions){0};
	if (!own_mark(i, &tag, &source) || !i->facts.since)
		return 0;
	code = sq_query(&r->q, e, &s,
		"SELECT count(*), total(q.rank = " RANK_WAITS " AND EXISTS(SELECT 1 FROM follow f"
		" JOIN decision d ON d.id = f.id AND d.decision = '" DECISION_HOLDING
		"' WHERE f.row = q.row)) FROM queue q INDEXED BY queue_reponse WHERE q.lanes & 2"
		" AND q.rank IN " RANKS " AND (?1 = '' OR instr(q.tags, ?1))"
		" AND q.flagged_at >= ?2 AND (?3 = 0 OR q.flagged_at < ?3)"
		" AND (?4 = '' OR q.source = (SELECT id FROM source WHERE name = ?4))",
		"tiit", buf_slice(&tag), i->facts.since,
		i->state == INCIDENT_CLOSED ? i->closed_at : 0, source);
	if (code == 0)
		code = sq_step(s, e);
	if (code < 0)
		return code;
	ret->known = true;
	ret->held = (uint32_t)sq_col_int(s, 1);
	ret->unanswered = (uint32_t)sq_col_int(s, 0) - ret->held;
	sqlite3_reset(s);
	return 0;
}
