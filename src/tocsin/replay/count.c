/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counting what is stored, as tocsin-trend does: the clock, the rates, the series, what emerges, and what they say to store. */
#include <tocsin/record/batch.h>
#include <tocsin/watch/titles.h>
#include "private.h"

static int ask(struct town *t, enum request_verb verb)
{
	int r = store_begin(t->store, t->e);
	buf_clear(&t->reply);
	if (r == 0)
		r = store_request(t->store, verb, buf_slice(&t->body), &t->reply, t->e);
	if (r == 0)
		r = store_commit(t->store, t->e);
	if (r < 0)
		store_rollback(t->store);
	return r < 0 ? r : take_alarms(t);
}

static void on_minute(void *user, const struct observe_request *minute)
{
	struct town *t = user;
	if (t->fault)
		return;
	const struct title_source titles = {
		t->spec.lang, t->aside, config_source_title, t->spec.config};
	for (uint32_t i = 0; i < minute->n; i++)
		title_give(&titles, &minute->list[i], &t->scratch);
	buf_clear(&t->body);
	observe_encode(&t->body, minute);
	t->fault = ask(t, REQUEST_OBSERVE);
	arena_clear(&t->scratch);
}

/* A comment that reaches a rate says more from now on, in the base and in the series. */
static void count_hits(struct town *t, struct stored_comment *c, int64_t at)
{
	struct reached reached;
	if (reach_count(t->reach, c, at, &reached) != REACH_REACHED)
		return;
	buf_clear(&t->one);
	verdict_encode(&t->one, &reached.verdict);
	const struct revise_request r = {.seq = c->seq,
		.verdict = buf_slice(&t->one),
		.rules = reached.rules,
		.n_rules = reached.n_rules};
	buf_clear(&t->body);
	revise_add(&t->body, &r);
	t->fault = ask(t, REQUEST_REVISE);
	c->verdict = reached.verdict;
}

static int on_comment(void *user, const struct stored_comment *c)
{
	struct town *t = user;
	struct stored_comment heard = *c;
	int64_t at = c->comment.created_at ? c->comment.created_at : c->accepted_at;
	t->clock = t->spec.clock_event ? event_clock_hear(&t->event, at, c->accepted_at)
				       : c->accepted_at;
	trend_advance(t->trend, t->clock, on_minute, t);
	if (!t->fault)
		count_hits(t, &heard, at > t->clock ? t->clock : at);
	if (t->fault)
		return t->fault;
	struct trend_fact fact = fact_of(c, at, &heard.verdict);
	emerging_add(t->emerging, t->trend, c, &fact, t->clock);
	t->after = c->seq;
	return 0;
}

int count(struct town *t)
{
	t->fault = 0;
	return reader_comments(t->reader, t->after, BATCH_MAX, true, on_comment, t, t->e);
}

int count_until(struct town *t, int64_t clock)
{
	t->fault = 0;
	trend_advance(t->trend, clock, on_minute, t);
	return t->fault;
}
