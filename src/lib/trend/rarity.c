/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rarity.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const int64_t window_minutes[WINDOWS] = {30, 240, 1440};

/* The few constants. None is tuned to a series: each may be a third off without harm. */

/* Days of maxima that the prior is worth: with a week of past it weighs a third. */
#define PRIOR_DAYS 3.0
/* A window of a quiet topic holds up to so many even so: the prior's least. */
static const double prior_least[WINDOWS] = {1.5, 4, 6};
/* Spread of the maxima of days (of ln): before anything is known, and at least. e^0.3 = 1.35: that the loudest half
 * hour of a day is a third above that of a usual one is no news for anyone. */
#define PRIOR_SPREAD 0.5
#define LEAST_SPREAD 0.3
/* How often an hour must have been heard before its mean weighs half. */
#define HALF_TRUST 7.0
/* What was reached on more than one in so many days is a rhythm. */
#define PAST_OFTEN 40.0
/* What is unusual for its hour, and what is unusual at any hour, count half and half: at night little is unusual,
 * and wakes people. */
#define SEASON 0.5
/* A mean fades by a thirtieth each time. */
#define MEMORY 30.0

/* A Gumbel law of scale b has its median at 0.3665 b and a MAD of 0.767 b. */
#define GUMBEL_MEDIAN 0.36651
#define GUMBEL_MAD 0.76705
#define NORMAL_MAD 1.4826 /* spreads are given as 1.4826 MAD */

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static double median(float *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2.0;
}

static void learn_past(struct rarity *r)
{
	for (int w = 0; w < WINDOWS && r->days; w++) {
		float x[RARITY_DAYS];
		memcpy(x, r->day_max[w], r->days * sizeof(*x));
		double mid = median(x, r->days);
		uint32_t often =
			1 + r->days / (uint32_t)PAST_OFTEN; /* so many days may be higher */
		r->past_high[w] = r->days > often ? x[r->days - 1 - often] : 0;
		for (uint32_t i = 0; i < r->days; i++)
			x[i] = (float)fabs(x[i] - mid);
		r->past_mid[w] = mid;
		r->past_spread[w] = fmax(NORMAL_MAD * median(x, r->days), LEAST_SPREAD);
	}
}

/* The law of the running hour: the past days and the prior's. */
static void set_law(struct rarity *r)
{
	double a_day = r->heard / fmax(r->shares, 1), all = r->days + PRIOR_DAYS;
	for (int w = 0; w < WINDOWS; w++) {
		double loud = fmin(1, r->peak * (double)window_minutes[w] / 60) * a_day;
		double prior = log1p(prior_least[w] + loud);
		r->mid[w] = (r->days * r->past_mid[w] + PRIOR_DAYS * prior) / all;
		double spread = (r->days * r->past_spread[w] + PRIOR_DAYS * PRIOR_SPREAD) / all;
		r->scale[w] = spread / (NORMAL_MAD * GUMBEL_MAD);
	}
}

void rarity_init(struct rarity *r, uint32_t silent_days, double peak)
{
	*r = (struct rarity){.days = silent_days, .next = silent_days % RARITY_DAYS, .peak = peak};
	for (int w = 0; w < WINDOWS; w++)
		r->today_max[w] = -INFINITY;
	r->now = -1;
	r->day_ended = true;
}

static void learn(float *mean, uint8_t *n, double x)
{
	if (*n < (uint8_t)MEMORY)
		++*n;
	*mean += (float)((x - *mean) / *n);
}

static double trust(uint8_t n)
{
	return n / (n + HALF_TRUST);
}

/* What the hour of the week adds to or takes from x. */
static double season_of(const struct rarity *r, int now)
{
	double sum = 0, n = 0;
	for (int h = 0; h < 24; h++)
		if (r->heard_hour[h]) {
			sum += r->by_hour[h];
			n++;
		}
	int h = now % 24;
	if (n == 0 || !r->heard_hour[h])
		return 0;
	double of_day = (r->by_hour[h] - sum / n) * trust(r->heard_hour[h]);
	double of_week = r->by_week[now] - r->by_hour[h];
	return SEASON * (of_day + of_week * trust(r->heard_week[now]));
}

void rarity_hour(struct rarity *r, int ended, uint32_t count, double share)
{
	double x = count ? log1p(count) : 0;
	learn(&r->by_hour[ended % 24], &r->heard_hour[ended % 24], x);
	learn(&r->by_week[ended], &r->heard_week[ended], x);
	r->heard += count;
	r->shares += share;
	r->hour_ended = true;
}

/* A day has all hours in it. */
static double less_season(const struct rarity *r, enum window w, double count)
{
	return log1p(count) - (w == WINDOW_DAY ? 0 : r->season);
}

void rarity_note(struct rarity *r, enum window w, uint32_t count)
{
	float x = (float)less_season(r, w, count);
	if (x > r->today_max[w])
		r->today_max[w] = x;
}

void rarity_day(struct rarity *r)
{
	for (int w = 0; w < WINDOWS; w++) {
		r->day_max[w][r->next] = isfinite(r->today_max[w]) ? r->today_max[w] : 0;
		r->today_max[w] = -INFINITY;
	}
	r->next = (r->next + 1) % RARITY_DAYS;
	if (r->days < RARITY_DAYS)
		r->days++;
	r->day_ended = true;
}

bool rarity_at(struct rarity *r, int now)
{
	if (r->now == now && !r->day_ended && !r->hour_ended)
		return false;
	if (r->day_ended)
		learn_past(r);
	r->now = now;
	r->season = season_of(r, now);
	set_law(r);
	r->day_ended = r->hour_ended = false;
	return true;
}

double rarity_period(const struct rarity *r, enum window w, double count)
{
	double z = (less_season(r, w, count) - r->mid[w]) / r->scale[w] + GUMBEL_MEDIAN;
	double once = -expm1(-exp(-z)); /* chance that a day's maximum is higher */
	return once * RARITY_LONGEST > 1 ? 1 / once : RARITY_LONGEST;
}

double rarity_count(const struct rarity *r, enum window w, double days)
{
	double z = -log(-log1p(-1 / days));
	double x = r->mid[w] + r->scale[w] * (z - GUMBEL_MEDIAN);
	return fmax(0, expm1(x + (w == WINDOW_DAY ? 0 : r->season)));
}

double rarity_past(const struct rarity *r, enum window w)
{
	double x = r->past_high[w] + LEAST_SPREAD;
	return r->days ? fmax(0, expm1(x + (w == WINDOW_DAY ? 0 : r->season))) : 0;
}
