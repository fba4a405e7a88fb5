/* SPDX-License-Identifier: GPL-3.0-or-later
 * Second pair of eyes: what one person proposes to hide, or to answer the public, waits for another one, who confirms or refuses
 * it. Nothing is done at the source before. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/record/account.h>

#include "st.h"

#define HIDE "masquer"
#define TRASH "supprimer"

struct proposal { /* id 0: none waits */
	int64_t id, at;
	struct slice who, decision, category, reason;
	struct slice text, model, service; /* of a reply */
	int64_t until;
	bool mine;
};

void store_two(struct store *st, char *const *ids)
{
	size_t n = 0;

	for (char **id = st->two; id && *id; id++)
		free(*id);
	free(st->two);
	st->two = NULL;
	if (!ids)
		return;
	while (ids[n])
		n++;
	st->two = xcalloc(n + 1, sizeof(*st->two));
	while (n--)
		st->two[n] = xstrdup(ids[n]);
}

bool second_is_proposal(struct slice decision)
{
	return slice_begins(decision, DECISION_PROPOSES);
}

bool second_leaves(struct slice decision)
{
	return second_is_proposal(decision) || slice_is(decision, DECISION_REFUSE) ||
		slice_is(decision, DECISION_WITHDRAWN);
}

static int read_proposal(
	struct store *st, int64_t row, struct slice who, struct proposal *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT d.id, d.at, d.who, d.decision, d.category, d.reason, a.text, a.model,"
		" g.service, g.until FROM second g JOIN decision d ON d.id = g.id"
		" LEFT JOIN answer a ON a.id = g.id WHERE g.row = ? AND g.ended = 0",
		"i", row);

	*ret = (struct proposal){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	*ret = (struct proposal){.id = sq_col_int(s, 0),
		.at = sq_col_int(s, 1),
		.who = arena_copy(&st->arena, sq_col(s, 2)),
		.decision = arena_copy(&st->arena, sq_col(s, 3)),
		.category = arena_copy(&st->arena, sq_col(s, 4)),
		.reason = arena_copy(&st->arena, sq_col(s, 5)),
		.text = arena_copy(&st->arena, sq_col(s, 6)),
		.model = arena_copy(&st->arena, sq_col(s, 7)),
		.service = arena_copy(&st->arena, sq_col(s, 8)),
		.until = sq_col_int(s, 9)};
	sqlite3_reset(s);
	ret->mine = slice_equal(ret->who, who);
	return 0;
}

/* Nobody else has an account that moderates. */
static int is_alone(struct store *st, struct slice who, bool *ret, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one,
		"SELECT 1 FROM account WHERE name <> ? AND roles & ? LIMIT 1", "ti", who,
		(int64_t)(ROLE_MODERATION | ROLE_DIRCOM));

	*ret = r == SQ_DONE;
	return r < 0 ? r : 0;
}

static int may_confirm(
	struct store *st, const struct proposal *p, const struct decide_request *q, struct error *e)
{
	bool alone = false;
	int r = p->mine ? is_alone(st, q->who, &alone, e) : 0;

	if (r < 0 || !p->mine)
		return r;
	if (!alone)
		return error_set(e, -EPERM, "une autre personne doit confirmer");
	if (st->wall - p->at < SECOND_ALONE_MS)
		return error_set(e, -EPERM, "seul, on confirme après une heure");
	return q->reason.n ? 0 : error_set(e, -EINVAL, "seul, on confirme avec un motif");
}

/* The last decision on the row is his, and ended a proposal in this way. */
static int was_answered(
	struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	const bool confirms = slice_is(q->decision, DECISION_CONFIRM);
	int64_t one;
	int r = sq_get(&st->q, e, &one,
		"SELECT 1 FROM second g JOIN decision d ON d.id = g.ended WHERE g.row = ?1 AND d.who = ?2"
		" AND d.id = (SELECT max(id) FROM decision WHERE row = ?1)"
		" AND (d.decision NOT IN ('" DECISION_REFUSE "', '" DECISION_WITHDRAWN "')) = ?3",
		"iti", row, q->who, (int64_t)confirms);

	return r == 0          ? SECOND_AGAIN
		: r == SQ_DONE ? error_set(e, -EALREADY, "aucune proposition n'attend plus ici")
			       : r;
}

/* The text that was read is the one that goes out. A reminder that has passed meanwhile comes a day later. */
static void confirm_reply(
	const struct store *st, const struct proposal *p, struct decide_request *q)
{
	const int64_t now = town_now(st);

	q->text = p->text;
	q->model = p->model;
	q->service = p->service;
	q->until = p->until && p->until <= now ? now + CLOCK_DAY : p->until;
}

static int answer(struct store *st, int64_t row, const struct proposal *p, struct decide_request *q,
	struct error *e)
{
	const bool confirms = slice_is(q->decision, DECISION_CONFIRM);
	int r;

	if (!p->id)
		return was_answered(st, row, q, e);
	if (!confirms && p->mine) {
		q->decision = SLICE(DECISION_WITHDRAWN);
		return 0;
	}
	if (!confirms)
		return q->reason.n ? 0 : error_set(e, -EINVAL, "un refus a un motif");
	r = may_confirm(st, p, q, e);
	if (r < 0)
		return r;
	q->decision = (struct slice){p->decision.p + strlen(DECISION_PROPOSES),
		p->decision.n - strlen(DECISION_PROPOSES)};
	if (!q->category.n)
		q->category = p->category;
	if (!q->reason.n)
		q->reason = p->reason;
	confirm_reply(st, p, q);
	return 0;
}

/* Whether the town has named the account that wrote it, that of somebody who was elected. */
static int is_of_named(struct store *st, int64_t seq, bool *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT (SELECT name FROM source WHERE id = i.source), i.handle FROM item i"
		" WHERE seq = ?",
		"i", seq);

	*ret = false;
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	struct slice author = sq_col(s, 1);
	const char *end = author.n ? memchr(author.p, 0, author.n) : NULL;

	author.n = end ? (size_t)(end - author.p) : 0;
	*ret = author_wants_two(sq_col(s, 0), author, st->two);
	sqlite3_reset(s);
	return 0;
}

/* Whether two people are needed; what is urgent, or was in any of its versions, waits for nobody. */
static int wants_two(struct store *st, int64_t row, int64_t seq, const struct decide_request *q,
	bool *ret_urgent, bool *ret, struct error *e)
{
	struct verdict v = {0};
	struct slice human = {0};
	int64_t rank = 0, state = 0;
	bool named = false;
	int r = sq_get(&st->q, e, &rank, "SELECT rank FROM queue WHERE row = ?", "i", row);

	if (r >= 0)
		r = item_verdict(st, seq, &v, &state, e);
	if (r == 0 && st->two)
		r = is_of_named(st, seq, &named, e);
	if (r == 0)
		r = human_category(st, row, &human, e);
	*ret_urgent = rank == 2 || v.priority == 1;
	*ret = !*ret_urgent &&
		(named || verdict_wants_two(&v, q->category, st->two) ||
			(human.n && verdict_wants_two(&v, human, st->two)));
	return r < 0 ? r : 0;
}

/* Who confirms finds it in the queue. */
static int put_in_queue(struct store *st, int64_t row, int64_t seq, struct error *e)
{
	const struct queue_place place = {row, seq, town_now(st), true};
	struct verdict v = {0};
	int64_t one, state = 0;
	int r = sq_get(&st->q, e, &one, "SELECT 1 FROM queue WHERE row = ?", "i", row);

	if (r != SQ_DONE)
		return r;
	r = item_verdict(st, seq, &v, &state, e);
	if (r == 0 && state & ITEM_GONE)
		return error_set(e, -EALREADY, "ce commentaire n'est plus là");
	return r < 0 ? r : queue_add(st, &place, &v, e);
}

/* What it is when it is only proposed; NULL: one person always decides it. */
static const char *proposal_of(const struct decide_request *q)
{
	static const struct {
		const char *decision, *proposal;
		bool text; /* when the public is told something */
	} all[] = {{HIDE, DECISION_PROPOSES HIDE}, {TRASH, DECISION_PROPOSES TRASH},
		{"repondre", DECISION_PROPOSES "repondre", true},
		{DECISION_HOLDING, DECISION_PROPOSES DECISION_HOLDING, true}};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (slice_is(q->decision, all[i].decision))
			return all[i].text && !q->text.n ? NULL : all[i].proposal;
	return NULL;
}

int second_turn(
	struct store *st, int64_t row, int64_t seq, struct decide_request *q, struct error *e)
{
	const char *proposal = proposal_of(q);
	bool urgent = false, two = false;
	struct proposal p;
	int r = read_proposal(st, row, q->who, &p, e);

	if (r < 0)
		return r;
	if (slice_is(q->decision, DECISION_CONFIRM) || slice_is(q->decision, DECISION_REFUSE))
		return answer(st, row, &p, q, e);
	if (!proposal && (!p.id || p.mine))
		return 0;
	r = wants_two(st, row, seq, q, &urgent, &two, e);
	if (r < 0)
		return r;
	if (p.id && !p.mine && !urgent)
		return error_set(e, -EALREADY,
			"%.*s a proposé quelque chose : confirmez ou refusez d'abord", (int)p.who.n,
			p.who.p);
	if (!proposal || !two)
		return 0;
	q->decision = slice_of(proposal);
	return q->open_only ? 0 : put_in_queue(st, row, seq, e);
}

int second_bars(
	struct store *st, int64_t row, int64_t seq, const struct decide_request *q, struct error *e)
{
	bool urgent = false, two = false;
	struct proposal p;
	int r = wants_two(st, row, seq, q, &urgent, &two, e);

	if (r == 0)
		r = read_proposal(st, row, q->who, &p, e);
	if (r < 0)
		return r;
	return urgent ? BULK_URGENT : p.id || (two && slice_is(q->decision, HIDE)) ? BULK_TWO : 0;
}

int second_begin(
	struct store *st, int64_t row, int64_t id, const struct decide_request *q, struct error *e)
{
	return sq_do(&st->q, e, "INSERT INTO second(id, row, service, until) VALUES(?, ?, ?, ?)",
		"iiti", id, row, q->service, q->until);
}

int second_end(struct store *st, int64_t row, int64_t by, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE second SET ended = ? WHERE row = ? AND ended = 0", "ii", by,
		row);
}

int second_undo(struct store *st, int64_t row, int64_t id, struct error *e)
{
	int r = sq_do(&st->q, e, "UPDATE second SET ended = -1 WHERE id = ?", "i", id);

	return r < 0 ? r
		     : sq_do(&st->q, e, "UPDATE second SET ended = 0 WHERE row = ? AND ended = ?",
			       "ii", row, id);
}
