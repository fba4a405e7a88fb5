/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading one incident, and what its messages quote. The database is read in short calls: an incident's row is read
 * before and after its entries, and taken only when it has not changed in between. */
#include "case.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/rumours.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include "cabinet.h"

#define VERBATIMS 5u
#define VERBATIM_BYTES 240u
#define P1_BYTES 900u
#define TRIES 5

static int on_incident(void *user, const struct incident *i)
{
	struct town_case *c = user;
	return incident_copy(i, c->arena, &c->incident);
}

bool case_needs(enum entry_kind kind)
{
	return kind != ENTRY_NOTIFIED && kind != ENTRY_FAILED && kind != ENTRY_NOTE &&
		kind != ENTRY_POINT && kind != ENTRY_RUMOUR && kind != ENTRY_PASSED;
}

static int on_entry(void *user, const struct incident_entry *e)
{
	struct town_case *c = user;
	if (!case_needs(e->kind))
		return 0;
	c->entries = arena_grow(c->arena, c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n] = *e;
	c->entries[c->n].who = arena_copy(c->arena, e->who);
	bool told = e->kind == ENTRY_WORDING || e->kind == ENTRY_INSTRUCTION;
	c->entries[c->n].text = told ? arena_copy(c->arena, e->text) : (struct slice){0};
	c->n++;
	return 0;
}

bool case_same(const struct incident *a, const struct incident *b)
{
	return a->state == b->state && a->level == b->level && a->raised_at == b->raised_at &&
		a->acked_at == b->acked_at && a->ack_expires_at == b->ack_expires_at &&
		a->closed_at == b->closed_at && a->silenced_until == b->silenced_until &&
		a->next_at == b->next_at && a->passed_at == b->passed_at;
}

int case_read(struct escalate *x, int64_t id, struct town_case *c, struct error *e)
{
	for (int i = 0; i < TRIES; i++) {
		*c = (struct town_case){.arena = &x->arena};
		int r = reader_incident(x->reader, id, on_incident, c, e);
		struct incident before = c->incident;
		if (r == 0)
			r = reader_entries(x->reader, id, on_entry, c, e);
		if (r == 0)
			r = reader_incident(x->reader, id, on_incident, c, e);
		if (r < 0 || case_same(&before, &c->incident))
			return r;
	}
	return error_set(e, -EAGAIN, "incident %lld en mouvement", (long long)id);
}

struct quotes {
	struct arena *arena;
	struct slice *list, source;
	size_t n, max;
};

static int on_comment(void *user, const struct stored_comment *s)
{
	struct quotes *q = user;
	_buf_ struct buf text = {0};
	if (s->gone)
		return 0;
	mask_text(&text, s->comment.text, q->max);
	if (!text.n)
		return 0;
	if (!q->n)
		q->source = arena_copy(q->arena, s->comment.source);
	for (size_t i = 0; i < q->n; i++) /* a copied text says it once */
		if (slice_equal(q->list[i], buf_slice(&text)))
			return 0;
	q->list[q->n++] = arena_copy(q->arena, buf_slice(&text));
	return 0;
}

/* A comment that is not there (purged since) is no reason to be silent. */
static void read_quotes(struct escalate *x, const struct incident *i, struct quotes *q)
{
	struct error e;
	*q = (struct quotes){.arena = &x->arena,
		.list = arena_zero(&x->arena, VERBATIMS * sizeof(*q->list)),
		.max = i->kind == INCIDENT_P1 ? P1_BYTES : VERBATIM_BYTES};
	for (uint32_t n = 0; n < i->facts.n_examples && q->n < VERBATIMS; n++)
		if (reader_comment(x->reader, i->facts.examples[n], on_comment, q, &e) < 0)
			continue;
}

#define RUMOURS 3u
#define RUMOUR_BYTES 160u

struct told_rumours {
	struct escalate *x;
	struct slice list[RUMOURS];
	size_t n;
};

/* A copied text says it once. */
static void add_rumour(struct told_rumours *t, const struct alarm_rumour *o)
{
	_buf_ struct buf text = {0};
	mask_text(&text, o->text, RUMOUR_BYTES);
	if (o->outcome != RUMOUR_OPEN)
		buf_printf(&text, " (%s)", phrase_rumour(t->x->config->lang, o->outcome));
	for (size_t i = 0; i < t->n; i++)
		if (slice_equal(t->list[i], buf_slice(&text)))
			return;
	if (t->n < RUMOURS)
		t->list[t->n++] = arena_copy(&t->x->arena, buf_slice(&text));
}

/* Those that nobody has checked first, the newest before; nothing of what had no consequence. When they cannot be read the
 * message goes all the same. */
static struct told_rumours *read_rumours(struct escalate *x, const struct incident *i)
{
	struct rumours u;
	struct error e;
	struct told_rumours *t = arena_zero(&x->arena, sizeof(*t));
	t->x = x;
	if (rumours_read(x->reader, i, x->config->clock_event, &u, &e) < 0)
		u.n = 0;
	for (size_t k = 0; k < u.n; k++)
		if (u.list[k].outcome == RUMOUR_OPEN)
			add_rumour(t, &u.list[k]);
	for (size_t k = 0; k < u.n; k++)
		if (u.list[k].outcome == RUMOUR_TRUE || u.list[k].outcome == RUMOUR_FALSE)
			add_rumour(t, &u.list[k]);
	rumours_release(&u);
	return t;
}

struct policy_case case_policy(const struct escalate *x, const struct town_case *c)
{
	return (struct policy_case){&c->incident, c->entries, c->n, x->config->clock_event};
}

/* Where the fiche réflexe of its topic is: on the console, or else where its link leads. */
static struct slice card_of(struct escalate *x, const struct incident *i)
{
	const struct reply_card *card = replies_card(&x->replies, i->topic);
	_buf_ struct buf page = {0};
	if (!card)
		return (struct slice){0};
	if (!x->config->console.public)
		return slice_of(card->link ? card->link : "");
	buf_printf(&page, "%s/situation/%lld#fiche", x->config->console.public, (long long)i->id);
	return arena_copy(&x->arena, buf_slice(&page));
}

/* What cannot be counted is no reason to be silent: the message says how many were heard. */
static struct incident_questions questions_of(struct escalate *x, const struct incident *i)
{
	struct incident_questions q;
	struct error e;
	if (reader_incident_questions(x->reader, i, &q, &e) < 0)
		q.known = false;
	return q;
}

void case_compose(struct escalate *x, const struct policy_case *c, struct compose *ret)
{
	struct quotes q;
	struct slice *counted;
	const size_t n_counted = cabinet_counted(x, &counted);
	read_quotes(x, c->incident, &q);
	const struct told_rumours *rumours = read_rumours(x, c->incident);
	*ret = (struct compose){.policy = &x->policy,
		.c = c,
		.lang = x->config->lang,
		.town = slice_of(x->config->town),
		.bundle = x->bundle,
		.verbatims = q.list,
		.n_verbatims = q.n,
		.rumours = rumours->list,
		.n_rumours = rumours->n,
		.counted = counted,
		.n_counted = n_counted,
		.questions = questions_of(x, c->incident),
		.card = card_of(x, c->incident),
		.verbatim_source = q.source,
		.deaf = x->deaf,
		.n_deaf = x->n_deaf,
		.source_title = config_source_title,
		.user = x->config,
		.now = x->clock,
		.wall = clock_now()};
}
