/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/trend/surge.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "counts.h"
#include "rarity.h"
#include "sources.h"

/* A surge is said again when it is so many times as rare as it was. Steps are aligned on once in 40 days. */
#define STEP 2.0
#define STEP_OF 40.0
#define LEAST 5.0 /* days; what comes every week is never said */
/* It is over when it has been below its highest step for so long: a day has all hours in it. */
#define CALM CLOCK_DAY
/* In shares of a day, by a town's rhythm: a first day cut short leaves no maximum, and before a whole one nothing is said. */
#define HALF_A_DAY 0.5
#define A_DAY 0.999
#define ROWS_BACK 3 /* so many rows from before what is kept, and the clock was wrong */

struct surge {
	struct counts counts;
	struct rarity rarity;
	struct rhythm rhythm; /* a town's, as long as nothing better is known */
	int64_t hour; /* number of the running hour; -1 before the first row */
	int64_t step; /* least distance of two rows, in minutes */
	double highest; /* step of the surge that was said */
	int64_t highest_at; /* when it was last there */
	uint32_t late; /* rows running */
};

struct surge *surge_new(void)
{
	struct surge *s = xcalloc(1, sizeof(*s));
	rhythm_init(&s->rhythm);
	rarity_init(&s->rarity, 0, rhythm_peak(&s->rhythm));
	s->hour = -1;
	s->step = INT64_MAX;
	s->highest = -INFINITY;
	return s;
}

struct surge *surge_free(struct surge *s)
{
	free(s);
	return NULL;
}

/* 1 January 1970 was a Thursday. */
static int hour_of_week(int64_t hour)
{
	return (int)((hour + 3 * 24) % 168);
}

/* What share of a day lies between two hours. Rows may be a day apart; what is longer is a gap, of which nothing is known
 * but its first hour. */
static double share_of(const struct surge *s, int64_t from, int64_t to)
{
	double share = 0;
	for (int64_t h = from; h < (to - from > 24 ? from + 1 : to); h++)
		share += rhythm_share(&s->rhythm, hour_of_week(h) >= 5 * 24, (int)(h % 24));
	return share;
}

static void turn_hour(struct surge *s, int64_t hour)
{
	if (s->hour >= 0 && hour > s->hour) {
		rarity_hour(&s->rarity, hour_of_week(s->hour),
			counts_sum(&s->counts, s->hour * 60 + 59, 60), share_of(s, s->hour, hour));
		if (hour / 24 > s->hour / 24 && s->rarity.shares > HALF_A_DAY)
			rarity_day(&s->rarity);
	}
	if (hour > s->hour)
		s->hour = hour;
	rarity_at(&s->rarity, hour_of_week(s->hour));
}

/* The rarest of all windows that end with minute m; a window shorter than the step of the rows says nothing of its
 * own. */
static double rarest(struct surge *s, int64_t m)
{
	double period = 0;
	for (int w = 0; w < WINDOWS; w++) {
		uint32_t count = w == WINDOW_DAY ? counts_day(&s->counts, m)
						 : counts_sum(&s->counts, m, window_minutes[w]);
		rarity_note(&s->rarity, w, count);
		if (window_minutes[w] >= s->step || w == WINDOW_DAY)
			period = fmax(period, rarity_period(&s->rarity, w, count));
	}
	return period;
}

/* What is new in that period: it, or 0. */
static double news(struct surge *s, double period, int64_t at)
{
	double step = floor(log(period / STEP_OF) / log(STEP));
	if (s->rarity.shares < A_DAY)
		return 0; /* nothing is usual yet */
	if (step > s->highest && period >= LEAST) {
		s->highest = step;
		s->highest_at = at;
		return period;
	}
	if (step >= s->highest)
		s->highest_at = at;
	else if (at - s->highest_at >= CALM) {
		s->highest = step;
		s->highest_at = at;
	}
	return 0;
}

int surge_hear(struct surge *s, int64_t at, uint32_t count, double *ret_score)
{
	int64_t m = at / MINUTE;
	*ret_score = 0;
	if (s->hour >= 0 && m <= s->counts.head - (int64_t)COUNTS_RING) {
		if (++s->late < ROWS_BACK)
			return SURGE_LATE;
		s->counts = (struct counts){0};
		s->hour = m / 60;
		s->highest_at = at;
	}
	s->late = 0;
	if (m > s->counts.head && s->counts.head && m - s->counts.head < s->step)
		s->step = m - s->counts.head;
	turn_hour(s, m / 60);
	counts_add(&s->counts, m, count);
	int64_t now = s->counts.head;
	*ret_score = news(s, rarest(s, now), now * MINUTE);
	return 0;
}
