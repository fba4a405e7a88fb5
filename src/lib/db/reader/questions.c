/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many of an alarm's questions wait: asked of the index of their file, before any row is read. */
#include "rd.h"

/* Each there is: so that in each the index is entered at the alarm's beginning. */
#define RANKS "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, " RANK_WAITS ")"

int reader_incident_questions(
	struct reader *r, const struct incident *i, struct incident_questions *ret, struct error *e)
{
	const bool all = i->kind == INCIDENT_WHOLE;
	sqlite3_stmt *s;
	int code;

	*ret = (struct incident_questions){0};
	if ((!all && i->kind != INCIDENT_TOPIC) || !i->facts.since)
		return 0;
	code = sq_query(&r->q, e, &s,
		"SELECT count(*), total(q.rank = " RANK_WAITS " AND EXISTS(SELECT 1 FROM follow f"
		" JOIN decision d ON d.id = f.id AND d.decision = '" DECISION_HOLDING
		"' WHERE f.row = q.row)) FROM queue q INDEXED BY queue_reponse WHERE q.lanes & 2"
		" AND q.rank IN " RANKS " AND (?1 = '' OR instr(q.tags, ' t:' || ?1 || ' '))"
		" AND q.flagged_at >= ?2 AND (?3 = 0 OR q.flagged_at < ?3)",
		"tii", all ? (struct slice){0} : i->topic, i->facts.since,
		i->state == INCIDENT_CLOSED ? i->closed_at : 0);
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
