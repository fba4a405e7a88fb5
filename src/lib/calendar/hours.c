/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/calendar/hours.h>
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

/* The span as it falls on a day; false when it does not begin on it. */
static bool span_on(const struct hours *h, const struct hours_span *s, int64_t day,
	int64_t *ret_from, int64_t *ret_to)
{
	if (!(s->days & (1u << day_weekday(day))) ||
		(h->closed_on && holiday_is(h->closed_on, day)))
		return false;
	*ret_from = day_instant(day, s->from);
	*ret_to = day_instant(day, s->to > s->from ? s->to : s->to + DAY_MINUTES);
	return true;
}

bool hours_open(const struct hours *h, int64_t ms)
{
	int64_t day = day_of(ms, NULL), from, to;
	for (size_t i = 0; i < h->n_spans; i++) {
		const struct hours_span *s = &h->spans[i];
		for (int64_t d = s->to > s->from ? day : day - 1; d <= day; d++)
			if (span_on(h, s, d, &from, &to) && ms >= from && ms < to)
				return true;
	}
	return false;
}

int64_t hours_change(const struct hours *h, int64_t ms)
{
	int64_t day = day_of(ms, NULL), next = INT64_MAX, from, to;
	/* a span that began yesterday may end today; one of tomorrow cannot begin before it */
	for (int64_t d = day - 1; d <= day + 1; d++)
		for (size_t i = 0; i < h->n_spans; i++) {
			if (!span_on(h, &h->spans[i], d, &from, &to))
				continue;
			if (from > ms && from < next)
				next = from;
			if (to > ms && to < next)
				next = to;
		}
	return next < INT64_MAX ? next : day_instant(day + 2, 0);
}

int64_t hours_after(const struct hours *h, int64_t ms, int64_t open_ms)
{
	const int64_t last = ms + 2 * 366 * CLOCK_DAY;
	while (open_ms > 0 && ms < last) {
		int64_t next = hours_change(h, ms);
		if (hours_open(h, ms)) {
			if (next - ms >= open_ms)
				return ms + open_ms;
			open_ms -= next - ms;
		}
		ms = next;
	}
	return ms;
}

static int days_of_word(struct slice word, uint8_t *bits)
{
	int from, to;
	static const char *const all[] = {"tous", "toujours", "all", "every"};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (slice_is(word, all[i])) {
			*bits |= 0x7f;
			return 0;
		}
	const char *dash = word.n ? memchr(word.p, '-', word.n) : NULL;
	struct slice first = {word.p, dash ? (size_t)(dash - word.p) : word.n};
	if (day_weekday_parse(first, &from) < 0)
		return -EINVAL;
	to = from;
	if (dash && day_weekday_parse((struct slice){dash + 1, word.n - first.n - 1}, &to) < 0)
		return -EINVAL;
	for (int d = from;; d = (d + 1) % 7) {
		*bits |= (uint8_t)(1u << d);
		if (d == to)
			return 0;
	}
}

int hours_days_parse(const char *text, uint8_t *ret)
{
	uint8_t bits = 0;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, ", ");
		if (n && days_of_word((struct slice){p, n}, &bits) < 0)
			return -EINVAL;
		p += n + (p[n] != 0);
	}
	if (!bits)
		return -EINVAL;
	*ret = bits;
	return 0;
}
