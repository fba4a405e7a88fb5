/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series.h"
#include <math.h>
#include <tocsin/base/alloc.h>

const int64_t window_minutes[WINDOWS] = {30, 240};

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

const struct event *events_back(const struct events *e, uint32_t i)
{
	uint32_t at = e->next + e->cap - 1 - i;
	return &e->list[at >= e->cap ? at - e->cap : at];
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
	s->events.max = events_max;
	s->events.a_minute = events_max / 32;
	series_thresholds(s);
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

static void roll(struct series *s, int64_t m)
{
	if (s->head == 0 || m - s->head >= SERIES_RING) {
		memset(s->minutes, 0, sizeof(s->minutes));
		s->head = m;
	}
	while (s->head < m)
		s->minutes[++s->head % SERIES_RING] = 0;
}

bool series_count(struct series *s, int64_t m, const struct event *ev, bool today)
{
	s->today_total += today;
	s->total++;
	roll(s, m);
	if (m <= s->head - (int64_t)SERIES_RING)
		return false;
	if (m > s->last)
		s->last = m;
	if (s->minutes[m % SERIES_RING]++ < s->events.a_minute)
		events_add(&s->events, ev);
	return true;
}

uint32_t series_sum(const struct series *s, int64_t m, int64_t n)
{
	uint32_t sum = 0;
	int64_t first = m - n + 1;
	if (first <= s->head - (int64_t)SERIES_RING)
		first = s->head - (int64_t)SERIES_RING + 1;
	for (int64_t i = first; i <= m && i <= s->head; i++)
		sum += s->minutes[i % SERIES_RING];
	return sum;
}

void series_note(struct series *s, int64_t m)
{
	for (int w = 0; w < WINDOWS; w++) {
		uint32_t c = series_sum(s, m, window_minutes[w]);
		if (c > s->today_max[w])
			s->today_max[w] = c;
	}
	uint32_t hour = series_sum(s, m, 60);
	if (hour > s->today_hour)
		s->today_hour = hour;
}

void series_day(struct series *s)
{
	s->day_total[s->day_next] = s->today_total;
	for (int w = 0; w < WINDOWS; w++) {
		s->day_max[w][s->day_next] = s->today_max[w];
		s->today_max[w] = 0;
	}
	s->today_total = 0;
	if (s->today_hour > s->hour_max)
		s->hour_max = s->today_hour;
	s->today_hour = 0;
	s->day_next = (s->day_next + 1) % SERIES_DAYS;
	if (s->days < SERIES_DAYS)
		s->days++;
	series_thresholds(s);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* Three days of prior: a window of a quiet topic holds up to 1 or 2 (short) or 4 (long)
 * messages. The spread s = 1.4826 MAD has a floor: counts this small cannot say less. A Gumbel law of scale b has its median at
 * 0.367 b, is exceeded once in 40 days at 3.676 b, and has a MAD of 0.767 b; so that level is
 * (3.676 - 0.367) / (1.4826 * 0.767) = 2.9 s above the median. */
#define PRIOR_DAYS 3.0
#define PRIOR_SPREAD 0.45
#define SPREAD_FLOOR 0.35
#define ONCE_IN_40 2.9
void series_thresholds(struct series *s)
{
	static const double prior[WINDOWS] = {1.5, 4}, least[WINDOWS] = {4, 8};
	static const double ease[] = {
		[TREND_NORMAL] = 1, [TREND_HIGH] = 0.75, [TREND_LOW] = 1.5, [TREND_OFF] = 1};
	for (int w = 0; w < WINDOWS; w++) {
		double x[SERIES_DAYS], m = 0, mad = 0;
		for (uint32_t i = 0; i < s->days; i++)
			x[i] = log1p(s->day_max[w][i]);
		if (s->days) {
			m = median(x, s->days);
			for (uint32_t i = 0; i < s->days; i++)
				x[i] = fabs(x[i] - m);
			mad = 1.4826 * median(x, s->days);
		}
		double guess = s->type == SERIES_WHOLE && s->days ? 0 : PRIOR_DAYS;
		double all = s->days + guess;
		double mid = (s->days * m + guess * log1p(prior[w])) / all;
		double spread = (s->days * fmax(mad, SPREAD_FLOOR) + guess * PRIOR_SPREAD) / all;
		double q = expm1(mid + ONCE_IN_40 * spread) * ease[s->sensitivity];
		s->q[w] = fmax(q, least[w]);
	}
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
