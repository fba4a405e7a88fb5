/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sources.h"
#include <math.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>

#define FADE (1 - 1.0 / 30)
#define PRIOR_MESSAGES 200.0 /* how much the prior weighs in the town's rhythm */
#define OWN_PRIOR 60.0 /* … and the town's in a source's own */
#define ECHO_KNOWN 50.0 /* comments after which its usual echo is known */
#define ECHO_MEMORY 1000.0 /* … and over which it fades: an evening does not move it */

void rhythm_init(struct rhythm *r)
{
	static const double prior[24] = {9, 4, 2, 2, 3, 8, 22, 44, 52, 48, 46, 52, 70, 58, 44, 44,
		52, 66, 84, 92, 88, 60, 34, 16};
	for (int w = 0; w < 2; w++) {
		r->total[w] = PRIOR_MESSAGES;
		for (int h = 0; h < 24; h++)
			r->hour[w][h] = prior[h] * PRIOR_MESSAGES / 1000;
	}
}

void rhythm_fade(struct rhythm *r)
{
	for (int w = 0; w < 2; w++) {
		r->total[w] *= FADE;
		for (int h = 0; h < 24; h++)
			r->hour[w][h] *= FADE;
	}
}

void rhythm_count(struct rhythm *r, bool weekend, int hour)
{
	r->hour[weekend][hour]++;
	r->total[weekend]++;
}

double rhythm_share(const struct rhythm *r, bool weekend, int hour)
{
	return (r->hour[weekend][hour] + 0.1) / (r->total[weekend] + 2.4);
}

double rhythm_peak(const struct rhythm *r)
{
	double peak = 0;
	for (int h = 0; h < 24; h++)
		peak = fmax(peak, rhythm_share(r, false, h));
	return peak;
}

uint8_t source_echo(struct source *s, uint32_t weight)
{
	double x = weight ? log2(1.0 + weight) : 0, above = (x - s->liked - 2) / 2;
	bool known = s->n_liked >= ECHO_KNOWN;
	s->n_liked = fmin(s->n_liked + 1, ECHO_MEMORY);
	s->liked += (x - s->liked) / s->n_liked;
	return known && above > 0 ? (uint8_t)(ECHO_PARTS * fmin(above, 1)) : 0;
}

void source_hear(struct source *s, int64_t at, int hour)
{
	if (s->first == 0)
		s->first = at;
	if (at > s->last) {
		/* a silence that was called one is no part of the rhythm */
		if (!s->grey && s->expected > s->longest)
			s->longest = s->expected;
		s->expected = 0;
		s->last = at;
	}
	/* a day that is out of all proportion says nothing of the hours of others */
	if (s->days[0] + s->days[1] == 0 || s->today < 1.5 * fmax(s->level[0], s->level[1]) + 5)
		s->hour[hour]++;
	s->today++;
	s->heard++;
}

static double expect(const struct source *s, const struct rhythm *r, bool weekend, int hour)
{
	double own = 0, level = s->level[weekend];
	if (s->days[weekend] == 0) /* no weekend heard yet: half a weekday */
		level = weekend ? s->level[0] / 2 : s->level[1];
	for (int h = 0; h < 24; h++)
		own += s->hour[h];
	double share =
		(s->hour[hour] + OWN_PRIOR * rhythm_share(r, weekend, hour)) / (own + OWN_PRIOR);
	return level * share / 60;
}

/* Silence counts in the messages it kept from us. Of gaps that chance alone makes, one of more than
 * ln(365 n) expected messages comes once a year where n come a day; one more is a margin. A source that has
 * been quieter than that before must be half as quiet again. Fewer than 7 days or 30 messages are no
 * rhythm, and nothing is called silent within the hour. */
bool source_silent(struct source *s, const struct rhythm *r, int64_t end, bool weekend, int hour)
{
	if (s->last == 0)
		return false;
	if (s->silence_ms)
		return end - s->last >= s->silence_ms;
	s->expected += SOURCE_STEP * expect(s, r, weekend, hour);
	return s->heard >= 30 && s->days[0] + s->days[1] >= 7 && end - s->last >= CLOCK_HOUR &&
		s->expected >= fmax(log(365 * fmax(1, s->level[0])) + 1, 1.5 * s->longest);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static double median(const uint32_t day[], uint32_t days)
{
	uint32_t v[SOURCE_DAYS], n = days < SOURCE_DAYS ? days : SOURCE_DAYS;
	memcpy(v, day, n * sizeof(*v));
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2.0;
}

void source_day(struct source *s, bool weekend)
{
	if (s->first == 0)
		return;
	if (!s->grey) {
		s->day[weekend][s->days[weekend]++ % SOURCE_DAYS] = s->today;
		s->level[weekend] = median(s->day[weekend], s->days[weekend]);
		s->longest *= FADE;
		for (int h = 0; h < 24; h++)
			s->hour[h] *= FADE;
	}
	s->today = 0;
}
