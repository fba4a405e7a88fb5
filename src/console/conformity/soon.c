/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soon.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/clocks/clocks.h>

enum { STEP_MS = 2, PAUSE_MS = 1000, PAUSES = 50 };

/* What the count stands on. */
struct basis {
	int64_t seq, decision, today;
};
struct soon {
	uint64_t n;
	struct basis basis;
	int64_t next_at, busy_us; /* monotonic ms; what the count that goes on has taken so far */
	int timer; /* 0: none goes on */
	struct clocks *clocks;
	struct console *c;
};

static void stop(struct soon *s)
{
	if (s->timer)
		bus_timer_cancel(s->c->bus, s->timer);
	s->timer = 0;
	free(s->clocks);
	s->clocks = NULL;
}

static void on_step(void *user)
{
	struct soon *s = user;
	const int64_t began = clock_monotonic_us();
	struct error e = {""};
	int r = clocks_step(s->c->reader, s->clocks, &e);
	s->busy_us += clock_monotonic_us() - began;
	if (r == 0)
		return;
	if (r == READER_END)
		s->n = s->clocks->soon;
	else
		s->basis = (struct basis){0}; /* not now: it is tried again */
	s->next_at = clock_monotonic() + PAUSE_MS + PAUSES * s->busy_us / 1000;
	stop(s);
}

/* Whether it has changed, which it takes note of. */
static bool is_new(struct visit *v, struct basis *basis)
{
	const struct basis last = *basis;
	struct error e = {""};
	struct basis now = {.today = day_of(v->town, NULL)};
	if (visit_reader(v) < 0 || reader_last_seq(v->c->reader, &now.seq, &e) < 0 ||
		reader_last_decision(v->c->reader, &now.decision, &e) < 0)
		return false;
	*basis = now;
	return now.seq != last.seq || now.decision != last.decision || now.today != last.today;
}

uint64_t soon_count(struct visit *v)
{
	struct console *c = v->c;
	if (!c->soon)
		c->soon = xcalloc(1, sizeof(*c->soon));
	struct soon *s = c->soon;
	s->c = c;
	if (s->timer || clock_monotonic() < s->next_at || !is_new(v, &s->basis))
		return s->n;
	s->busy_us = 0;
	s->clocks = xcalloc(1, sizeof(*s->clocks));
	s->clocks->today = s->basis.today;
	s->timer = bus_timer(c->bus, 0, STEP_MS, on_step, s);
	return s->n;
}

void soon_end(struct console *c)
{
	if (c->soon)
		stop(c->soon);
	free(c->soon);
	c->soon = NULL;
}
