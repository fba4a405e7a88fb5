/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series.h"
#include <math.h>
#include <tocsin/base/alloc.h>

void events_release(struct events *e)
{
	free(e->list);
	*e = (struct events){.max = e->max, .a_minute = e->a_minute};
}

void events_add(struct events *e, const struct event *ev)
{
	if (e->n == e->cap && e->cap < e->max) {
		uint32_t cap = e->cap ? e->cap * 2 : 16;
		cap = cap > e->max ? e->max : cap;
		/* it was full without turning: next == 0 */
		e->list = xreallocarray(e->list, cap, sizeof(*e->list));
		e->next = e->n;
		e->cap = cap;
	}
	e->list[e->next] = *ev;
	e->next = e->next + 1 == e->cap ? 0 : e->next + 1;
	if (e->n < e->cap)
		e->n++;
}

uint32_t events_since(const struct events *e, int64_t from)
{
	uint32_t n = 0, older = 0;
	while (n < e->n && older < 256)
		older = events_back(e, n++)->at < from ? older + 1 : 0;
	return n - older;
}

/* Room in the curve for minute number m, or NULL when it is too far. */
static uint32_t *place(struct opened *o, int64_t m)
{
	int64_t i = m - o->since / MINUTE;
	if (i < 0 || i >= SERIES_CURVE)
		return NULL;
	if (i >= o->n_curve) {
		uint32_t n = o->n_curve ? o->n_curve : 64;
		while (n <= i)
			n *= 2;
		o->curve = xreallocarray(o->curve, n, sizeof(*o->curve));
		memset(o->curve + o->n_curve, 0, (n - o->n_curve) * sizeof(*o->curve));
		o->n_curve = n;
	}
	return &o->curve[i];
}

void opened_count(struct opened *o, int64_t at)
{
	if (at < o->since)
		return;
	uint32_t *p = place(o, at / MINUTE);
	if (p)
		++*p;
	else
		o->beyond++;
}

void opened_set(struct opened *o, int64_t m, uint32_t messages)
{
	uint32_t *p = place(o, m);
	if (p)
		*p = messages;
}

uint32_t opened_messages(const struct opened *o, int64_t m)
{
	uint32_t sum = o->beyond;
	int64_t n = m - o->since / MINUTE + 1;
	for (int64_t i = 0; i < n && i < o->n_curve; i++)
		sum += o->curve[i];
	return sum;
}

void opened_clear(struct opened *o)
{
	free(o->curve);
	*o = (struct opened){.level = LEVEL_VERT};
}

struct series *series_new(
	struct slice id, struct slice title, enum series_type type, uint32_t events_max)
{
	struct series *s = xcalloc(1, sizeof(*s));
	s->id = xstrndup(id.p, id.n);
	s->title = xstrndup(title.p, title.n);
	s->type = type;
	s->chances = 1;
	s->events.max = events_max;
	s->events.a_minute = events_max / 32;
	return s;
}

struct series *series_free(struct series *s)
{
	if (!s)
		return NULL;
	free(s->id);
	free(s->title);
	events_release(&s->events);
	opened_clear(&s->open);
	free(s);
	return NULL;
}

void series_reuse(struct series *s, struct slice id)
{
	struct series was = *s;
	events_release(&was.events);
	opened_clear(&was.open);
	free(was.id);
	free(was.title);
	*s = (struct series){.id = xstrndup(id.p, id.n),
		.title = xstrndup(id.p, id.n),
		.type = was.type,
		.chances = was.chances,
		.index = was.index,
		.dirty = was.dirty,
		.events = was.events};
}

void series_past(struct series *s, uint32_t days, double peak)
{
	s->days = days;
	s->day_next = days % SERIES_DAYS;
	rarity_init(&s->rarity, days, peak);
}

bool series_count(struct series *s, int64_t m, const struct event *ev, bool today)
{
	s->today_total += today;
	s->total++;
	if (!counts_add(&s->counts, m, 1))
		return false;
	if (ev->echo && m > s->echoed)
		s->echoed = m;
	if (counts_sum(&s->counts, m, 1) <= s->events.a_minute)
		events_add(&s->events, ev);
	return true;
}

int64_t window_from(enum window w, int64_t m)
{
	return w == WINDOW_DAY ? (m / 60 - 23) * 60 : m - window_minutes[w] + 1;
}

uint32_t series_window(const struct series *s, enum window w, int64_t m)
{
	return w == WINDOW_DAY ? counts_day(&s->counts, m)
			       : counts_sum(&s->counts, m, window_minutes[w]);
}

/* A level is "once in 40 days", made easier or harder by the topic's sensitivity; fewer messages than these (a slow rise: one an hour) are no
 * rise, whatever the past. */
#define ONCE_IN 40.0
static const double least[WINDOWS] = {4, 8, 24};

static double threshold(const struct rarity *law, enum window w, double chances, double ease)
{
	return fmax(rarity_count(law, w, ONCE_IN * chances) * ease, least[w]);
}

double series_volume(const struct rarity *law, enum window w, double chances)
{
	return fmax(threshold(law, w, chances, 1), rarity_past(law, w));
}

void series_at(struct series *s, int hour)
{
	static const double ease[] = {
		[TREND_NORMAL] = 1, [TREND_HIGH] = 0.75, [TREND_LOW] = 1.5, [TREND_OFF] = 1};
	if (!rarity_at(&s->rarity, hour))
		return;
	for (int w = 0; w < WINDOWS; w++)
		s->q[w] = s->type < SERIES_THREAD
			? threshold(&s->rarity, w, 1, ease[s->sensitivity])
			: series_volume(&s->rarity, w, s->chances);
}

void series_note(struct series *s, int64_t m)
{
	for (int w = 0; w < WINDOWS; w++)
		rarity_note(&s->rarity, w, series_window(s, w, m));
	uint32_t hour = counts_sum(&s->counts, m, 60);
	if (hour > s->today_hour)
		s->today_hour = hour;
}

void series_hour(struct series *s, int ended, int64_t m, double share)
{
	rarity_hour(&s->rarity, ended, counts_sum(&s->counts, m - 1, 60), share);
}

void series_day(struct series *s)
{
	rarity_day(&s->rarity);
	s->day_total[s->day_next] = s->today_total;
	s->today_total = 0;
	if (s->today_hour > s->hour_max)
		s->hour_max = s->today_hour;
	s->today_hour = 0;
	s->day_next = (s->day_next + 1) % SERIES_DAYS;
	if (s->days < SERIES_DAYS)
		s->days++;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double series_level(const struct series *s)
{
	double x[SERIES_DAYS], sum = 0;
	if (s->days == 0)
		return s->today_total;
	for (uint32_t i = 0; i < s->days; i++)
		x[i] = s->day_total[i];
	qsort(x, s->days, sizeof(*x), by_value);
	uint32_t n = s->days - s->days / 10;
	for (uint32_t i = 0; i < n; i++)
		sum += x[i];
	return sum / n;
}
