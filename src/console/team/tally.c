/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/calendar/day.h>

struct counting {
	struct visit *v;
	struct tally *t;
};

static void add_time(struct tally_times *t, int64_t ms)
{
	t->list = xgrow(t->list, t->n, &t->cap, sizeof(*t->list));
	t->list[t->n++] = ms > 0 ? ms : 0;
}

static void count(struct tally_cell *c, const struct handled *h, bool late)
{
	const int64_t ends[WAITS] = {h->looked_at, h->decided_at, h->answered_at};
	c->flagged++;
	c->late += late;
	for (int i = 0; i < WAITS; i++)
		if (ends[i])
			add_time(&c->waits[i], ends[i] - h->flagged_at);
}

/* They come in the order of time: a week's cells are the last ones. */
static struct tally_cell *cell_of(struct tally *t, int64_t week, struct slice category)
{
	for (size_t i = t->n; i > 0 && t->cells[i - 1].week == week; i--)
		if (slice_is(category, t->cells[i - 1].category))
			return &t->cells[i - 1];
	t->cells = xgrow(t->cells, t->n, &t->cap, sizeof(*t->cells));
	struct tally_cell *c = &t->cells[t->n++];
	*c = (struct tally_cell){.week = week};
	snprintf(c->category, sizeof(c->category), "%.*s", (int)category.n,
		category.n ? category.p : "");
	return c;
}

static int take(void *user, const struct handled *h)
{
	const struct counting *c = user;
	const int64_t week = c->t->weeks[c->t->read].week;
	const int64_t by = policy_look_by(&c->v->c->policy, h->priority, h->flagged_at);
	const bool late = h->looked_at ? h->looked_at > by : c->v->town > by;
	const struct slice category = h->category.n && h->category.n < TALLY_CATEGORY ? h->category
		: h->lanes & LANE_MODERATION                                          ? SLICE("-")
					     : SLICE("demande_usager");
	count(&c->t->weeks[c->t->read], h, late);
	count(cell_of(c->t, week, category), h, late);
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void sort(struct tally_cell *c)
{
	for (int i = 0; i < WAITS; i++)
		if (c->waits[i].n)
			qsort(c->waits[i].list, c->waits[i].n, sizeof(int64_t), by_time);
}

static int by_category(const void *a, const void *b)
{
	return strcmp(
		((const struct tally_cell *)a)->category, ((const struct tally_cell *)b)->category);
}

struct tally tally_begin(const struct visit *v)
{
	const int64_t today = day_of(v->town, NULL);
	struct tally t = {.first = today - day_weekday(today) - 7 * (TALLY_WEEKS - 1)};
	for (int i = 0; i < TALLY_WEEKS; i++)
		t.weeks[i].week = t.first + 7 * i;
	return t;
}

int tally_step(struct visit *v, struct tally *t, struct error *e)
{
	const int64_t week = t->weeks[t->read].week;
	const size_t before = t->n;
	struct counting c = {v, t};
	int r = visit_reader(v);
	if (r == 0)
		r = reader_handled(
			v->c->reader, day_instant(week, 0), day_instant(week + 7, 0), take, &c, e);
	if (r < 0)
		return r;
	sort(&t->weeks[t->read]);
	for (size_t i = before; i < t->n; i++)
		sort(&t->cells[i]);
	if (t->n > before)
		qsort(t->cells + before, t->n - before, sizeof(*t->cells), by_category);
	return ++t->read == TALLY_WEEKS ? TALLY_DONE : 0;
}

static void cell_release(struct tally_cell *c)
{
	for (int i = 0; i < WAITS; i++)
		free(c->waits[i].list);
}

void tally_release(struct tally *t)
{
	for (int i = 0; i < TALLY_WEEKS; i++)
		cell_release(&t->weeks[i]);
	for (size_t i = 0; i < t->n; i++)
		cell_release(&t->cells[i]);
	free(t->cells);
	*t = (struct tally){0};
}

int64_t tally_median(const struct tally_times *t)
{
	return t->n ? t->list[t->n / 2] : -1;
}
