/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/calendar/day.h>

enum { ROWS = 500 };

struct counting {
	struct console *c;
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
	c->promises += h->late_promises;
	c->services += h->late_services;
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
	const int64_t by = policy_look_by(&c->c->policy, h->priority, h->flagged_at);
	const bool late = h->looked_at ? h->looked_at > by : c->t->town > by;
	if (h->lanes & QUEUE_REPORTED) { /* apart from what is heard */
		count(cell_of(c->t, week, SLICE(TALLY_REPORTED)), h, late);
		return 0;
	}
	const struct slice category = h->category.n && h->category.n < TALLY_CATEGORY ? h->category
		: h->lanes & LANE_MODERATION                                          ? SLICE("-")
					     : SLICE("demande_usager");
	count(&c->t->weeks[c->t->read], h, late);
	count(cell_of(c->t, week, category), h, late);
	return 0;
}

/* The one that would stand at k in their order; the list is moved about. Hoare's selection: a time that stands many times costs
 * no more. */
static int64_t select_at(int64_t *list, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;
	while (low < high) {
		const int64_t pivot = list[low + (high - low) / 2];
		size_t i = low, j = high;
		for (;; i++, j--) {
			while (list[i] < pivot)
				i++;
			while (list[j] > pivot)
				j--;
			if (i >= j)
				break;
			const int64_t kept = list[i];
			list[i] = list[j];
			list[j] = kept;
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return list[low];
}

static void close_cell(struct tally_cell *c)
{
	for (int i = 0; i < WAITS; i++) {
		struct tally_times *t = &c->waits[i];
		t->median = t->n ? select_at(t->list, t->n, t->n / 2) : -1;
		free(t->list);
		t->list = NULL;
		t->cap = 0;
	}
}

static int by_category(const void *a, const void *b)
{
	return strcmp(
		((const struct tally_cell *)a)->category, ((const struct tally_cell *)b)->category);
}

/* A comment's week is that of its own time, what came is counted by the day of its arrival. */
static int take_received(void *user, struct slice source, uint64_t n)
{
	struct tally *t = user;
	const int64_t week = t->weeks[t->read].week;
	size_t i = t->n_sources;
	t->received[t->read] += n;
	while (i > t->from_source && !slice_is(source, t->sources[i - 1].source))
		i--;
	if (i == t->from_source) {
		t->sources = xgrow(t->sources, t->n_sources, &t->cap_sources, sizeof(*t->sources));
		i = ++t->n_sources;
		t->sources[i - 1] = (struct tally_source){.week = week};
		snprintf(t->sources[i - 1].source, TALLY_SOURCE, "%.*s", (int)source.n, source.p);
	}
	t->sources[i - 1].received += n;
	return 0;
}

static int by_source(const void *a, const void *b)
{
	return strcmp(
		((const struct tally_source *)a)->source, ((const struct tally_source *)b)->source);
}

struct tally tally_begin(int64_t town, bool event)
{
	const int64_t today = day_of(town, NULL);
	const int64_t first = today - day_weekday(today) - 7 * (TALLY_WEEKS - 1);
	struct tally t = {.town = town,
		.at = {day_instant(first, 0), 0, town, event},
		.day = -1,
		.has_received = !event};
	for (int i = 0; i < TALLY_WEEKS; i++)
		t.weeks[i].week = first + 7 * i;
	return t;
}

static void close_week(struct tally *t)
{
	close_cell(&t->weeks[t->read]);
	for (size_t i = t->from; i < t->n; i++)
		close_cell(&t->cells[i]);
	if (t->n > t->from)
		qsort(t->cells + t->from, t->n - t->from, sizeof(*t->cells), by_category);
	if (t->n_sources > t->from_source)
		qsort(t->sources + t->from_source, t->n_sources - t->from_source,
			sizeof(*t->sources), by_source);
	t->from = t->n;
	t->from_source = t->n_sources;
	t->read++;
	t->at.row = 0;
	t->at.flagged_at = t->read < TALLY_WEEKS ? day_instant(t->weeks[t->read].week, 0) : 0;
	t->day = -1;
}

/* The arrivals of one more day of the week. */
static int step_received(struct console *c, struct tally *t, struct error *e)
{
	const int64_t day = t->weeks[t->read].week + t->day;
	int r = reader_received(
		c->reader, day_instant(day, 0), day_instant(day + 1, 0), take_received, t, e);
	t->day++;
	return r;
}

int tally_step(struct console *c, struct tally *t, struct error *e)
{
	const int64_t end = day_instant(t->weeks[t->read].week + 7, 0);
	struct counting counting = {c, t};
	int r = t->day < 0 ? reader_handled_on(c->reader, &t->at, end, ROWS, take, &counting, e)
			   : step_received(c, t, e);
	if (r == READER_END) {
		t->day = t->has_received ? 0 : 7;
		r = 0;
	}
	if (r == 0 && t->day == 7)
		close_week(t);
	return r < 0 ? r : t->read == TALLY_WEEKS ? TALLY_DONE : 0;
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
	free(t->sources);
	*t = (struct tally){0};
}
