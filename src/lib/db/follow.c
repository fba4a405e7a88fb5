/* SPDX-License-Identifier: GPL-3.0-or-later
 * Items that wait for a service: they stay in the file of questions, last, and come first when the service is to be
 * reminded. And what is left of a comment's answers when its text goes. */
#include "st.h"

int follow_begin(
	struct store *st, int64_t row, int64_t id, const struct decide_request *q, struct error *e)
{
	/* a holding reply takes nothing away from the service that has it */
	int r = sq_do(&st->q, e,
		"INSERT INTO follow(id, row, service, since, until, sent) VALUES(?1, ?2, ?3, ?4, ?5,"
		" ?6 OR EXISTS(SELECT 1 FROM follow WHERE row = ?2 AND ended = ?1 AND sent AND service = ?3))",
		"iitiii", id, row, q->service, town_now(st), q->until,
		(int64_t)slice_is(q->decision, DECISION_SENT));

	/* a human has looked at it: it waits for nothing but its answer */
	return r < 0 ? r
		     : sq_do(&st->q, e,
			       "UPDATE queue SET rank = " RANK_WAITS ", lanes = ? WHERE row = ?",
			       "ii", (int64_t)LANE_REPONSE, row);
}

int follow_end(struct store *st, int64_t row, int64_t by, struct error *e)
{
	/* what nobody was called back to yet was late all the same */
	return sq_do(&st->q, e,
		"UPDATE follow SET ended = ?, state = iif(state = 0 AND until <= ?, 1, state)"
		" WHERE row = ? AND ended = 0",
		"iii", by, town_now(st), row);
}

int follow_undo(struct store *st, int64_t row, int64_t id, struct error *e)
{
	int64_t state;
	int r = sq_do(&st->q, e, "DELETE FROM follow WHERE id = ?", "i", id);

	if (r == 0)
		r = sq_do(&st->q, e, "UPDATE follow SET ended = 0 WHERE row = ? AND ended = ?",
			"ii", row, id);
	/* a proposal that is taken back */
	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE follow SET state = until <= ? WHERE row = ? AND ended = 0 AND state = 2"
			" AND EXISTS(SELECT 1 FROM decision WHERE id = ? AND decision = '" DECISION_PROPOSED
			"')",
			"iii", town_now(st), row, id);
	if (r == 0)
		r = sq_get(&st->q, e, &state,
			"SELECT state FROM follow WHERE row = ? AND ended = 0", "i", row);
	if (r)
		return r < 0 ? r : 0;
	return sq_do(&st->q, e,
		"UPDATE queue SET rank = iif(?, " RANK_BACK ", " RANK_WAITS
		"), lanes = ? WHERE row = ?",
		"iii", state, (int64_t)LANE_REPONSE, row);
}

int follow_proposed(struct store *st, int64_t row, struct error *e)
{
	int r = sq_do(
		&st->q, e, "UPDATE follow SET state = 2 WHERE row = ? AND ended = 0", "i", row);

	return r < 0
		? r
		: sq_do(&st->q, e, "UPDATE queue SET rank = " RANK_BACK " WHERE row = ?", "i", row);
}

int follow_is_due(struct store *st, bool *ret, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one,
		"SELECT 1 FROM follow WHERE ended = 0 AND state = 0 AND until <= ? LIMIT 1", "i",
		store_clock(st));

	*ret = r == 0;
	return r < 0 ? r : 0;
}

int follow_call_back(struct store *st, struct error *e)
{
	const int64_t now = town_now(st);
	int r = sq_do(&st->q, e,
		"UPDATE queue SET rank = " RANK_BACK " WHERE row IN"
		" (SELECT row FROM follow WHERE ended = 0 AND state = 0 AND until <= ?)",
		"i", now);

	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE follow SET state = 1 WHERE ended = 0 AND state = 0 AND until <= ?",
			"i", now);
	st->changes.decision = true;
	return r;
}

int row_forget(struct store *st, int64_t row, struct error *e)
{
	int r = sq_do(&st->q, e, "DELETE FROM queue WHERE row = ?", "i", row);

	if (r == 0)
		r = follow_end(st, row, -1, e);
	if (r == 0)
		r = second_end(st, row, -1, e);
	return r < 0
		? r
		: sq_do(&st->q, e, "UPDATE answer SET text = zeroblob(length(text)) WHERE row = ?",
			  "i", row);
}
