/* SPDX-License-Identifier: GPL-3.0-or-later
 * A human calls a comment a threat, a divulged address, distress: nobody else may have seen it, so it rings as if a rule had. A
 * row of `rung` is one comment that rang so. */
#include <errno.h>
#include <tocsin/record/category.h>

#include "incident.h"

/* --- that it rings */

static int one_version(struct store *st, int64_t seq, int64_t *ret_prev, bool *ret, struct error *e)
{
	struct verdict v;
	int64_t state;
	int r = item_verdict(st, seq, &v, &state, e);

	if (r == 0)
		r = sq_get(&st->q, e, ret_prev, "SELECT ifnull(prev, 0) FROM item WHERE seq = ?",
			"i", seq);
	*ret = r == 0 && v.priority == 1;
	return r;
}

/* Whether it has rung: a human said so, or a rule found it in one of its versions. */
static int has_rung(struct store *st, int64_t row, int64_t seq, bool *ret, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one, "SELECT 1 FROM rung WHERE row = ?", "i", row);

	*ret = r == 0;
	for (r = r < 0 ? r : 0; r == 0 && !*ret && seq;)
		r = one_version(st, seq, &seq, ret, e);
	return r < 0 ? r : 0;
}

/* A comment as an alarm needs it: what it stands under, and when it was said. */
struct said {
	struct comment comment;
	unsigned char author[16];
	int64_t at;
};

static int read_said(struct store *st, int64_t seq, struct said *ret, struct error *e)
{
	sqlite3_stmt *s;
	int64_t accepted;
	int r = sq_query(&st->q, e, &s,
		"SELECT accepted, state & ?, author, body FROM item WHERE seq = ?", "ii",
		(int64_t)ITEM_OPPOSED, seq);

	*ret = (struct said){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : -ENOENT;
	accepted = sq_col_int(s, 0);
	const bool counts = !sq_col_int(s, 1) && sq_col(s, 2).n == sizeof(ret->author);
	if (counts)
		memcpy(ret->author, sq_col(s, 2).p, sizeof(ret->author));
	if (comment_decode(arena_copy(&st->arena, sq_col(s, 3)), &ret->comment) < 0)
		ret->comment = (struct comment){0};
	sqlite3_reset(s);
	/* who he is stands in his key; of who objects nothing is put together */
	ret->comment.author = counts
		? (struct slice){(const char *)ret->author, sizeof(ret->author)}
		: (struct slice){0};
	ret->at = ret->comment.created_at ? ret->comment.created_at : accepted;
	return 0;
}

static bool is_urgent(const struct decide_request *q)
{
	return q->category.n && category_priority(q->category) == 1 &&
		!slice_is(q->decision, DECISION_REFUSE) &&
		!slice_is(q->decision, DECISION_WITHDRAWN);
}

int human_rings(struct store *st, int64_t row, int64_t seq, int64_t id,
	const struct decide_request *q, struct error *e)
{
	struct said said;
	int64_t incident = 0;
	bool rung = true;
	int r = is_urgent(q) ? has_rung(st, row, seq, &rung, e) : 0;

	if (r < 0 || rung)
		return r;
	r = read_said(st, seq, &said, e);
	if (r < 0)
		return r;
	const struct p1 p = {.seq = seq,
		.at = town_now(st),
		.since = said.at,
		.comment = &said.comment,
		.category = q->category,
		.author = said.author,
		.by = q->who};
	r = incident_p1(st, &p, &incident, e);
	if (r == 0)
		r = evidence_keep(st, seq, e);
	return r < 0
		? r
		: sq_do(&st->q, e, "INSERT INTO rung(id, row, seq, incident) VALUES(?, ?, ?, ?)",
			  "iiii", id, row, seq, incident);
}

/* --- that it does not, after all */

struct rung {
	int64_t seq, incident, level;
	struct incident_facts facts;
};

/* SQ_DONE: the decision has rung nothing, or what it rang is closed. */
static int find_rung(struct store *st, int64_t id, struct rung *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT r.seq, i.id, i.level, i.facts FROM rung r JOIN incident i ON i.id = r.incident"
		" WHERE r.id = ? AND i.state < 2",
		"i", id);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct rung){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2), {0}};
	r = incident_facts_decode(arena_copy(&st->arena, sq_col(s, 3)), &st->arena, &ret->facts);
	sqlite3_reset(s);
	return r < 0 ? error_set(e, -EPROTO, "incident %lld illisible", (long long)ret->incident)
		     : 0;
}

/* Messages that nobody has begun to send are not sent. */
static int call_off(struct store *st, const struct rung *g, struct slice who, struct error *e)
{
	const int64_t now = town_now(st);
	_buf_ struct buf trigger = {0};
	struct incident_facts f = g->facts;
	int r = sq_do(&st->q, e,
		"UPDATE outbox SET state = 4, detail = 'signalement annulé'"
		" WHERE incident = ? AND state = 0 AND attempts = 0",
		"i", g->incident);

	st->changes.outbox |= sqlite3_changes(st->q.db) > 0;
	buf_add_string(&trigger, INCIDENT_CALLED_OFF);
	buf_add_slice(&trigger, incident_reason(f.trigger));
	f.trigger = buf_slice(&trigger);
	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE incident SET state = 2, closed_at = ?, facts = ? WHERE id = ?",
			"ibi", now, incident_encoded(st, &f), g->incident);
	return r < 0 ? r
		     : incident_entry_add(st, g->incident, now, ENTRY_CLOSED, g->level, who,
			       SLICE("signalement annulé"), e);
}

/* Others stand in it too: it is one message less. */
static int leave(struct store *st, struct rung *g, struct slice who, struct error *e)
{
	struct incident_facts *f = &g->facts;
	uint32_t kept = 0;
	int r;

	for (uint32_t i = 0; i < f->n_examples; i++)
		if (f->examples[i] != g->seq)
			f->examples[kept++] = f->examples[i];
	f->n_examples = kept;
	f->messages--;
	f->recent -= f->recent > 0;
	f->offences -= f->offences > 0;
	r = sq_do(&st->q, e, "UPDATE incident SET facts = ? WHERE id = ?", "bi",
		incident_encoded(st, f), g->incident);
	return r < 0 ? r
		     : incident_entry_add(st, g->incident, town_now(st), ENTRY_NOTE, g->level, who,
			       SLICE("un message de moins : signalement annulé"), e);
}

int human_rings_not(struct store *st, int64_t id, struct slice who, struct error *e)
{
	struct rung g;
	int64_t row = 0, seq = 0;
	bool found = false; /* by a rule, in a version that came since: that one rings on */
	int r = find_rung(st, id, &g, e);

	if (r == 0)
		r = item_newest(st, g.seq, &row, &seq, e);
	while (r == 0 && !found && seq)
		r = one_version(st, seq, &seq, &found, e);
	if (r == 0 && !found)
		r = g.facts.messages > 1 ? leave(st, &g, who, e) : call_off(st, &g, who, e);
	return r < 0 ? r : sq_do(&st->q, e, "DELETE FROM rung WHERE id = ?", "i", id);
}
