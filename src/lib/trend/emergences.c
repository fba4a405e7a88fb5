/* SPDX-License-Identifier: GPL-3.0-or-later
 * Topics that no rule declares. The emergent room says that one begins, and which comments speak of it; here it is
 * counted, and rings when enough people do whom nothing else explains. It stays at jaune: it informs, a topic of the rules
 * calls. What has rung is remembered for a week, and rings again only for twice as many people. Several words of one
 * matter, told apart because people say it in several ways, are one topic: their people are counted together, and the
 * others are among its terms. */
#include "state.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>

#define EMERGENCE_WINDOW (24 * 60 * MINUTE) /* in which the people are counted */
#define EMERGENCE_END (12 * 60 * MINUTE) /* without a message: closed */
#define EMERGENCE_KEPT (7 * 24 * 60 * MINUTE) /* … and later forgotten */
#define EMERGENCE_EVENTS 512u
#define SAME_THREAD 2u /* so many comments of a topic below a post: the post is about that */
#define HEARD_MAX 16u /* comments that made a topic, of which we look at so many */
#define BETTER_NAME 1.0 /* tenfold: by so much a later name must be less likely than the first */

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

static struct emergence *make(struct trend *t)
{
	struct emergence *x = place(t);
	if (x)
		x->events.max = EMERGENCE_EVENTS;
	return x;
}

static void set_name(struct emergence *x, const struct trend_emergent *e)
{
	x->id = xstrndup(e->id.n ? e->id.p : "", e->id.n);
	x->title = xstrndup(e->title.n ? e->title.p : "", e->title.n);
	x->score = e->score;
}

static void hear(struct emergence *x, const struct event *e)
{
	events_add(&x->events, e);
	if (x->open.level)
		opened_count(&x->open, e->at);
	x->last = e->at > x->last ? e->at : x->last;
	x->fresh = true;
}

static bool is_called(const struct emergence *x, uint32_t number)
{
	for (uint32_t i = 0; i < EMERGENCE_NUMBERS; i++)
		if (x->numbers[i] == number)
			return true;
	return false;
}

void emergences_hear(struct trend *t, uint32_t number, const struct event *e)
{
	for (uint32_t i = 0; number && i < EMERGENCES; i++)
		if (t->emergences[i].id && is_called(&t->emergences[i], number))
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

static bool holds_thread(const struct events *events, uint32_t thread)
{
	uint32_t same = 0, n = events->n < EMERGENCE_EVENTS ? events->n : EMERGENCE_EVENTS;
	for (uint32_t i = 0; i < n && same < SAME_THREAD; i++)
		same += events_back(events, i)->thread == thread;
	return same >= SAME_THREAD;
}

/* The comments that made a topic, of those that we still have. */
struct made {
	const struct event *list[HEARD_MAX];
	uint32_t n;
};

static struct made made_of(const struct trend *t, const struct trend_emergent *e)
{
	struct made made = {.n = 0};
	for (uint32_t i = 0; i < e->n_seqs && made.n < HEARD_MAX; i++) {
		const struct event *heard = event_of(&t->whole->events, e->seqs[i]);
		if (heard)
			made.list[made.n++] = heard;
	}
	return made;
}

/* Half of what made it is said of x too. What nobody was told of yet takes also what stands below its posts; what rings
 * only when all does: what rings elsewhere as well would ring no more. */
static bool is_same_matter(const struct emergence *x, const struct made *made)
{
	uint32_t shared = 0, same = 0;
	for (uint32_t i = 0; i < made->n; i++) {
		const struct event *e = made->list[i];
		bool is_shared = event_of(&x->events, e->seq);
		shared += is_shared;
		same += is_shared || (e->thread && holds_thread(&x->events, e->thread));
	}
	if (x->open.level && same < made->n)
		same = shared;
	return same && 2 * same >= made->n;
}

/* The topic of today, open or waiting for people, for which this is another word; NULL: none. */
static struct emergence *same_matter(struct trend *t, const struct made *made)
{
	for (uint32_t i = 0; i < EMERGENCES; i++) {
		struct emergence *x = &t->emergences[i];
		bool waits = !x->rang && x->last >= t->clock - EMERGENCE_WINDOW;
		if (x->id && (x->open.level || waits) && is_same_matter(x, made))
			return x;
	}
	return NULL;
}

static bool has_term(const struct emergence *x, struct slice term)
{
	for (uint32_t i = 0; i < x->n_terms; i++)
		if (slice_equal(slice_of(x->terms[i]), term))
			return true;
	return false;
}

static void add_term(struct emergence *x, struct slice term)
{
	if (x->n_terms < EMERGENCE_TERMS && !has_term(x, term))
		x->terms[x->n_terms++] = xstrndup(term.p, term.n);
}

/* What else it is called: for that the oldest term makes place. */
static void add_name(struct emergence *x, struct slice name)
{
	if (x->n_terms == EMERGENCE_TERMS && !has_term(x, name)) {
		free(x->terms[0]);
		memmove(x->terms, x->terms + 1, --x->n_terms * sizeof(*x->terms));
	}
	add_term(x, name);
}

/* What nobody has been told of yet takes the name that is clearly less likely; the other one is a term. */
static void name_also(struct emergence *x, const struct trend_emergent *e)
{
	if (x->open.level || e->score < x->score + BETTER_NAME) {
		add_name(x, e->title);
		return;
	}
	_free_ char *before = x->title;
	free(x->id);
	set_name(x, e);
	add_name(x, slice_of(before));
}

void trend_emerge(struct trend *t, const struct trend_emergent *e)
{
	struct made made = made_of(t, e);
	struct emergence *x = find(t, e->id); /* told again: its name stays */
	if (!x && (x = same_matter(t, &made)))
		name_also(x, e);
	else if (!x && (x = make(t)))
		set_name(x, e);
	if (!x)
		return;
	x->numbers[x->n_numbers++ % EMERGENCE_NUMBERS] = e->number;
	for (uint32_t i = 0; i < e->n_terms; i++)
		add_term(x, e->terms[i]);
	for (uint32_t i = 0; i < made.n; i++)
		if (!event_of(&x->events, made.list[i]->seq))
			hear(x, made.list[i]);
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
	if (!x && (x = make(t)))
		set_name(x, &(struct trend_emergent){.id = id});
	if (!x)
		return;
	struct filter f = {.from = taken->since, .to = INT64_MAX};
	x->open = *taken;
	facts_refill(t, &x->open, &x->events, &f);
	int64_t from = taken->rung > taken->since ? taken->rung : taken->since;
	x->last = x->last > from ? x->last : from;
}
