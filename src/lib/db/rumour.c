/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the town hall found of a rumour: its latest word, and an entry of the main courante. */
#include <errno.h>
#include <tocsin/record/rumour.h>

#include "st.h"

static int known(
	struct store *st, const struct rumour_request *q, int64_t *ret_level, struct error *e)
{
	int r = sq_get(&st->q, e, ret_level,
		"SELECT level FROM incident WHERE id = ? AND EXISTS(SELECT 1 FROM item WHERE seq = ?)",
		"ii", q->incident, q->row);

	return r == SQ_DONE ? error_set(e, -ENOENT, "alerte ou commentaire inconnu") : r;
}

/* Whether that very person said so last. */
static int said_already(struct store *st, const struct rumour_request *q, struct error *e)
{
	int64_t same;

	return sq_get(&st->q, e, &same,
		"SELECT 1 FROM rumour r JOIN entry x ON x.incident = r.incident WHERE r.incident = ?1"
		" AND r.row = ?2 AND r.outcome = ?3 AND r.who = ?4 AND x.kind = ?5 AND x.who = ?4"
		" AND x.text = ?6 LIMIT 1",
		"iiitit", q->incident, q->row, (int64_t)q->outcome, q->who, (int64_t)ENTRY_RUMOUR,
		q->text);
}

int request_rumour(struct store *st, struct slice body, struct error *e)
{
	struct rumour_request q;
	int64_t level = 0;
	int r;

	if (rumour_decode(body, &q) < 0 || !q.who.n || !q.text.n)
		return error_set(e, -EBADMSG, "rumeur illisible");
	r = known(st, &q, &level, e);
	if (r < 0)
		return r;
	r = said_already(st, &q, e);
	if (r != SQ_DONE)
		return r;
	r = sq_do(&st->q, e,
		"INSERT OR REPLACE INTO rumour(incident, row, outcome, who, at)"
		" VALUES(?, ?, ?, ?, ?)",
		"iiiti", q.incident, q.row, (int64_t)q.outcome, q.who, town_now(st));
	return r < 0 ? r
		     : incident_entry_add(
			       st, q.incident, town_now(st), ENTRY_RUMOUR, level, q.who, q.text, e);
}
