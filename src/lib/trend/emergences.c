/* SPDX-License-Identifier: GPL-3.0-or-later
 * Topics that no rule declares. The emergent room says that one begins, and which comments speak of it; here it is
 * counted, and rings when enough people do whom nothing else explains. It stays at jaune: it informs, a topic of the rules
 * calls. What has rung is remembered for a week, and rings again only for twice as many people. */
#include "state.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>

#define EMERGENCE_WINDOW (24 * 60 * MINUTE) /* in which the people are counted */
#define EMERGENCE_END (12 * 60 * MINUTE) /* without a message: closed */
#define EMERGENCE_KEPT (7 * 24 * 60 * MINUTE) /* … and later forgotten */
#define EMERGENCE_EVENTS 512u
#define SAME_THREAD 2u /* so many comments of an open one below a post: the post is about that */

static void forget(struct emergence *x)
{
	opened_clear(&x->open);
	events_release(&x->events);
	for (uint32_t i = 0; i < x->n_terms; i++)
		free(x->terms[i]);
	free(x->id);
	free(x->title);
	*x = (struct emergence){0};
}

void emergences_release(struct trend *t)
{
	for (uint32_t i = 0; i < EMERGENCES; i++)
		forget(&t->emergences[i]);
}

static struct emergence *find(struct trend *t, struct slice id)
{
	for (uint32_t i = 0; i < EMERGENCES; i++)
		if (t->emergences[i].id && slice_equal(slice_of(t->emergences[i].id), id))
			return &t->emergences[i];
	return NULL;
}

/* A place for one more: a free one, else that of the closed one which was silent longest; NULL when all are open. */
static struct emergence *place(struct trend *t)
{
	struct emergence *best = NULL;
	for (uint32_t i = 0; i < EMERGENCES; i++) {
		struct emergence *x = &t->emergences[i];
		if (!x->id)
			return x;
		if (x->open.level == LEVEL_VERT && (!best || x->last < best->last))
			best = x;
	}
	if (best)
		forget(best);
	return best;
}

static struct emergence *make(struct trend *t, struct slice id, struct slice title)
{
	struct emergence *x = place(t);
	if (!x)
		return NULL;
	x->id = xstrndup(id.n ? id.p : "", id.n);
	x->title = xstrndup(title.n ? title.p : "", title.n);
	x->events.max = EMERGENCE_EVENTS;
	return x;
}

static void hear(struct emergence *x, const struct event *e)
{
	events_add(&x->events, e);
	if (x->open.level)
		opened_count(&x->open, e->at);
	x->last = e->at > x->last ? e->at : x->last;
	x->fresh = true;
}

void emergences_hear(struct trend *t, uint32_t number, const struct event *e)
{
	for (uint32_t i = 0; number && i < EMERGENCES; i++)
		if (t->emergences[i].id && t->emergences[i].number == number)
			hear(&t->emergences[i], e);
}

/* The comment of that seq, if it is one of the latest of the list. */
static const struct event *event_of(const struct events *list, int64_t seq)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct event *e = events_back(list, i);
		if (e->seq == seq)
			return e;
	}
	return NULL;
}

void trend_emerge(struct trend *t, const struct trend_emergent *e)
{
	struct emergence *x = find(t, e->id); /* told again: what it is known for stays */
	if (!x)
		x = make(t, e->id, e->title);
	if (!x)
		return;
	x->number = e->number;
	for (uint32_t i = 0; x->n_terms == 0 && i < e->n_terms && i < EMERGENCE_TERMS; i++)
		x->terms[x->n_terms++] = xstrndup(e->terms[i].p, e->terms[i].n);
	for (uint32_t i = 0; i < e->n_seqs; i++) {
		const struct event *heard = event_of(&t->whole->events, e->seqs[i]);
		if (heard && !event_of(&x->events, e->seqs[i]))
			hear(x, heard);
	}
}

static bool holds_thread(const struct events *events, uint32_t thread)
{
	uint32_t same = 0, n = events->n < EMERGENCE_EVENTS ? events->n : EMERGENCE_EVENTS;
	for (uint32_t i = 0; i < n && same < SAME_THREAD; i++)
		same += events_back(events, i)->thread == thread;
	return same >= SAME_THREAD;
}

/* Another topic is open, and this is said below its post. */
static bool is_beside(const struct trend *t, const struct emergence *x, const struct event *e)
{
	for (uint32_t i = 0; e->thread && i < EMERGENCES; i++)
		if (&t->emergences[i] != x && t->emergences[i].open.level &&
			holds_thread(&t->emergences[i].events, e->thread))
			return true;
	for (uint32_t i = 0; e->thread && t->n_open && i < t->n_series; i++)
		if (t->series[i]->type == SERIES_TOPIC && t->series[i]->open.level &&
			holds_thread(&t->series[i]->events, e->thread))
			return true;
	return false;
}

/* By a topic of the rules, a raid, a copied text, another topic that emerged. */
static bool explained(const struct trend *t, const struct emergence *x, const struct event *e)
{
	if (e->topics[0] != NO_SERIES || is_beside(t, x, e))
		return true;
	for (uint32_t i = 0; t->raid.open.level && i < t->raid.n_authors; i++)
		if (t->raid.authors[i] == e->author)
			return true;
	for (uint32_t i = 0; e->text && i < CAMPAIGNS; i++)
		if (t->campaigns[i].open.level && t->campaigns[i].text == e->text)
			return true;
	return false;
}

/* People whom nothing else explains, within a day; the first that one of them said. */
static uint32_t people(struct trend *t, const struct emergence *x, int64_t end, int64_t *ret_first)
{
	tally_clear(&t->authors);
	*ret_first = end;
	for (uint32_t i = 0; i < x->events.n; i++) {
		const struct event *e = &x->events.list[i];
		if (e->at >= end || e->at < end - EMERGENCE_WINDOW || explained(t, x, e))
			continue;
		tally_add(&t->authors, e->author);
		*ret_first = e->at < *ret_first ? e->at : *ret_first;
	}
	return t->authors.n;
}

static void tell(struct trend *t, struct emergence *x, int64_t m, enum observe_action action)
{
	struct filter f = {.from = x->open.since, .to = (m + 1) * MINUTE};
	struct incident_facts facts;
	facts_make(t, &x->events, &f, &x->open, m, "emergent", &facts);
	facts.terms = arena_alloc(&t->arena, sizeof(*facts.terms) * EMERGENCE_TERMS);
	for (; facts.n_terms < x->n_terms; facts.n_terms++)
		facts.terms[facts.n_terms] = slice_of(x->terms[facts.n_terms]);
	say(t, action, INCIDENT_EMERGENT, x->open.level, x->id, x->title, &facts);
}

static void open_one(struct trend *t, struct emergence *x, int64_t m, int64_t since)
{
	struct filter f = {.from = since, .to = INT64_MAX};
	opened_clear(&x->open);
	x->open.level = LEVEL_JAUNE;
	x->open.since = since;
	facts_refill(t, &x->open, &x->events, &f);
	tell(t, x, m, OBSERVE_OPEN);
}

static void close_one(struct trend *t, struct emergence *x, int64_t m)
{
	x->open.level = LEVEL_VERT;
	tell(t, x, m, OBSERVE_CLOSE);
	x->rang = x->open.authors;
	opened_clear(&x->open);
}

static void judge(struct trend *t, struct emergence *x, int64_t m)
{
	int64_t end = (m + 1) * MINUTE, since;
	uint32_t least = t->config.jaune_authors;
	if (x->open.level && x->last < end - EMERGENCE_END) {
		close_one(t, x, m);
	} else if (x->open.level) {
		if (x->fresh && opened_messages(&x->open, m) != x->open.told)
			tell(t, x, m, OBSERVE_UPDATE);
	} else if (x->fresh) {
		least = 2 * x->rang > least ? 2 * x->rang : least;
		if (people(t, x, end, &since) >= least)
			open_one(t, x, m, since);
	}
	x->fresh &= x->last >= end; /* the rest lies in minutes that are still open */
	if (x->open.level == LEVEL_VERT && x->last < end - EMERGENCE_KEPT)
		forget(x);
}

void judge_emergences(struct trend *t, int64_t m)
{
	for (uint32_t i = 0; i < EMERGENCES; i++)
		if (t->emergences[i].id && (t->emergences[i].fresh || m % 5 == 0))
			judge(t, &t->emergences[i], m);
}

void tell_emergences(struct trend *t, int64_t m)
{
	for (uint32_t i = 0; i < EMERGENCES; i++)
		if (t->emergences[i].open.level)
			tell(t, &t->emergences[i], m, OBSERVE_OPEN);
}

uint32_t emergences_open(const struct trend *t)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < EMERGENCES; i++)
		n += t->emergences[i].open.level != LEVEL_VERT;
	return n;
}

void emergences_adopt(struct trend *t, struct slice id, const struct opened *taken)
{
	struct emergence *x = find(t, id);
	if (x && x->open.level)
		return;
	if (!x)
		x = make(t, id, (struct slice){0});
	if (!x)
		return;
	struct filter f = {.from = taken->since, .to = INT64_MAX};
	x->open = *taken;
	facts_refill(t, &x->open, &x->events, &f);
	if (x->last < taken->since)
		x->last = taken->since;
}
