/* SPDX-License-Identifier: GPL-3.0-or-later
 * The database is asked once what has gone lately; from then on this process knows, for nobody else delivers. */
#include "desk.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

static struct slice kept(struct desk *d, struct slice s)
{
	const struct slice *known = d->names;
	for (size_t i = 0; i < d->n_names; i++)
		if (slice_equal(known[i], s))
			return known[i];
	d->names = xreallocarray(d->names, d->n_names + 1, sizeof(*d->names));
	return d->names[d->n_names++] = arena_copy(&d->arena, s);
}

static void remember(struct desk *d, const struct policy_sent *s)
{
	d->sent = xgrow(d->sent, d->n, &d->cap, sizeof(*d->sent));
	d->sent[d->n] = *s;
	d->sent[d->n].person = kept(d, s->person);
	d->sent[d->n].channel = kept(d, s->channel);
	d->sent[d->n++].target = kept(d, s->target);
}

static int on_sent(void *user, const struct outbox_sent *o)
{
	struct policy_sent s = {.channel = o->channel,
		.target = o->target,
		.person = o->person,
		.at = o->sent_at,
		.message = o->sent_at};
	if (policy_sent_of(o->key, o->drill, &s))
		remember(user, &s);
	return 0;
}

void desk_forget(struct escalate *x)
{
	struct desk *d = &x->desk;
	free(d->sent);
	free(d->names);
	arena_release(&d->arena);
	*d = (struct desk){0};
}

static int load(struct escalate *x, struct error *e)
{
	if (x->desk.loaded)
		return 0;
	desk_forget(x);
	arena_init(&x->desk.arena, 0);
	int r = reader_outbox_sent(x->reader, clock_now() - CLOCK_DAY, on_sent, &x->desk, e);
	x->desk.loaded = r == 0;
	return r;
}

/* What is older than any limit is forgotten; a clock put back makes what lies ahead forgotten too. */
static void prune(struct desk *d, int64_t now)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		if (d->sent[i].at > now - CLOCK_DAY && d->sent[i].at <= now)
			d->sent[n++] = d->sent[i];
	d->n = n;
}

static void add_attempt(struct desk *d, const struct attempt *a, int64_t at)
{
	for (size_t i = 0; i < a->n_parts; i++) {
		const struct part *p = &a->parts[i];
		struct policy_sent s = {.channel = p->row.row.channel,
			.target = p->row.row.target,
			.person = p->row.row.person,
			.at = at,
			.message = -a->parts[0].row.id};
		if (!p->needless && !p->broken && policy_sent_of(p->row.row.key, a->drill, &s))
			remember(d, &s);
	}
}

void desk_sent(struct escalate *x, const struct attempt *a)
{
	add_attempt(&x->desk, a, clock_now());
}

struct gathering {
	struct escalate *x;
	struct arena *arena;
	struct policy_pending *rows;
	size_t n, cap, open;
};

static int on_open(void *user, const struct outbox_open *o)
{
	struct gathering *g = user;
	g->open++;
	if (!o->ready)
		return 0;
	g->rows = arena_grow(g->arena, g->rows, g->n, &g->cap, sizeof(*g->rows));
	g->rows[g->n++] = (struct policy_pending){.id = o->id,
		.due_at = o->due_at,
		.key = arena_copy(g->arena, o->key),
		.channel = arena_copy(g->arena, o->channel),
		.target = arena_copy(g->arena, o->target),
		.person = arena_copy(g->arena, o->person),
		.drill = o->drill,
		.urgent = o->urgent,
		.tried = o->attempts > 0,
		.maybe = o->maybe,
		.attempt_at = o->attempt_at};
	return 0;
}

/* In a past that is replayed an hour lasts a second: there nothing waits, and each is a message. */
static size_t each_alone(
	const struct gathering *g, struct arena *arena, int64_t now, struct policy_dispatch **ret)
{
	*ret = arena_alloc(arena, (g->n + 1) * sizeof(**ret));
	for (size_t i = 0; i < g->n; i++) {
		const struct policy_pending **one = arena_alloc(arena, sizeof(const void *));
		*one = &g->rows[i];
		(*ret)[i] = (struct policy_dispatch){.rows = one, .n = 1, .at = now};
	}
	return g->n;
}

int desk_decide(struct escalate *x, struct arena *arena, struct policy_dispatch **ret,
	size_t *ret_n, struct error *e)
{
	struct gathering g = {.x = x, .arena = arena};
	int64_t now = clock_now();
	size_t held = 0;
	int r = load(x, e);
	if (r == 0)
		r = reader_outbox_open(x->reader, x->clock, now, on_open, &g, e);
	if (r < 0)
		return r;
	prune(&x->desk, now);
	const size_t past = x->desk.n;
	for (size_t i = 0; i < SLOTS; i++) /* what is on its way may arrive */
		if (x->attempts[i].owner)
			add_attempt(&x->desk, &x->attempts[i], now);
	const struct policy_desk desk = {g.rows, g.n, x->desk.sent, x->desk.n, now};
	*ret_n = x->config->clock_event ? each_alone(&g, arena, now, ret)
					: policy_dispatch(&x->policy, &desk, arena, ret);
	x->desk.n = past;
	for (size_t i = 0; i < *ret_n; i++)
		held += (*ret)[i].wait == WAIT_NOT ? 0 : (*ret)[i].n;
	service_metric_set(&x->service, "escalate_pending", NULL, (double)g.open);
	service_metric_set(&x->service, "escalate_held", NULL, (double)held);
	return 0;
}
