/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum { STEP_MS = 2, AT_ONCE_MS = 15, TICK_MS = 10000, PAUSES = 100 };

/* What they stand on. */
struct basis {
	int64_t changes, minute; /* of the database; of the town clock, for what waits grows late */
};
struct figures {
	struct console *c;
	struct tally shown, next;
	bool has; /* shown is there */
	int timer; /* 0: nothing is being counted */
	struct basis basis;
	int64_t next_at, busy_us,
		ticked_at; /* monotonic ms; what the count that goes on has taken so far */
};

static void stop(struct figures *f)
{
	if (f->timer)
		bus_timer_cancel(f->c->bus, f->timer);
	f->timer = 0;
	tally_release(&f->next);
}

static void counted(struct figures *f, int r)
{
	const int64_t now = clock_monotonic();
	if (r < 0) {
		f->basis = (struct basis){0}; /* not now: it is tried again */
	} else {
		tally_release(&f->shown);
		f->shown = f->next;
		f->next = (struct tally){0};
		f->has = true;
	}
	f->next_at = f->busy_us < AT_ONCE_MS * 1000 ? now : now + PAUSES * f->busy_us / 1000;
	stop(f);
}

static void on_step(void *user)
{
	struct figures *f = user;
	const int64_t began = clock_monotonic_us();
	struct error e = {""};
	int r = f->c->reader ? tally_step(f->c, &f->next, &e) : 0;
	f->busy_us += clock_monotonic_us() - began;
	if (r)
		counted(f, r);
}

static struct figures *of(struct console *c)
{
	if (!c->figures) {
		c->figures = xcalloc(1, sizeof(*c->figures));
		c->figures->c = c;
	}
	return c->figures;
}

/* Begins when something has changed, and it is time. */
static void begin(struct figures *f, int64_t town)
{
	struct basis now = {.minute = town / CLOCK_MINUTE};
	struct error e = {""};
	if (f->timer || clock_monotonic() < f->next_at ||
		reader_changes(f->c->reader, &now.changes, &e) < 0 ||
		(f->has && now.changes == f->basis.changes && now.minute == f->basis.minute))
		return;
	f->basis = now;
	f->busy_us = 0;
	f->next = tally_begin(town, f->c->s->config.clock_event);
	f->timer = bus_timer(f->c->bus, 0, STEP_MS, on_step, f);
}

const struct tally *figures_now(struct visit *v)
{
	struct figures *f = of(v->c);
	const int64_t until = clock_monotonic() + AT_ONCE_MS;
	if (visit_reader(v) < 0)
		return NULL;
	begin(f, v->town);
	while (f->timer && clock_monotonic() < until)
		on_step(f);
	return f->has ? &f->shown : NULL;
}

void figures_tick(struct console *c)
{
	struct figures *f = of(c);
	const int64_t now = clock_monotonic();
	struct error e = {""};
	int64_t town;
	if (!c->reader || now - f->ticked_at < TICK_MS)
		return;
	f->ticked_at = now;
	if (reader_clock(c->reader, c->s->config.clock_event, &town, &e) == 0)
		begin(f, town);
}

void figures_end(struct console *c)
{
	if (!c->figures)
		return;
	stop(c->figures);
	tally_release(&c->figures->shown);
	free(c->figures);
	c->figures = NULL;
}
