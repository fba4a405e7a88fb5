/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts, their rarity, and a series judged row by row. */
#include "feed.h"
#include <math.h>
#include <tocsin/trend/surge.h>
#include "../../../src/lib/trend/counts.h"
#include "../../../src/lib/trend/rarity.h"

static uint32_t draw(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* Sums are those of a plain loop over what came, whatever the order. */
static void test_counts(void **state)
{
	static struct counts c;
	static uint32_t plain[20000];
	uint32_t seed = 7;
	int64_t base = 29452800, head = base;
	(void)state;
	for (int i = 0; i < 20000; i++) {
		head += draw(&seed, 50) == 0 ? draw(&seed, 700) : draw(&seed, 2);
		int64_t m = head - (draw(&seed, 4) ? 0 : draw(&seed, 600));
		if (head - base >= 20000)
			break;
		if (m < base)
			continue;
		if (head > c.head)
			counts_add(&c, head, 0);
		uint32_t n = draw(&seed, 5);
		bool kept = counts_add(&c, m, n);
		assert_int_equal(kept, m > head - 512);
		plain[m - base] += kept ? n : 0;
		uint32_t sum = 0, day = 0;
		for (int64_t k = head - 239; k <= head; k++)
			sum += k >= base ? plain[k - base] : 0;
		for (int64_t k = (head / 60 - 23) * 60; k <= head; k++)
			day += k >= base ? plain[k - base] : 0;
		assert_int_equal(counts_sum(&c, head, 240), sum);
		assert_int_equal(counts_day(&c, head), day);
	}
	assert_true(head > base + 5000);
	counts_add(&c, head, UINT32_MAX); /* no sum overflows */
	counts_add(&c, head, UINT32_MAX);
	assert_true(counts_sum(&c, head, 512) >= UINT32_MAX / 512);
}

/* 64 days whose maxima follow a Gumbel law of ln: a level that is passed once in T days is called so. */
static void test_period(void **state)
{
	struct rarity r;
	double scale = 0.5, place = 4;
	(void)state;
	rarity_init(&r, 0, 0.1);
	for (int d = 0; d < 64; d++) {
		rarity_at(&r, 12);
		double p = (d * 37 % 64 + 0.5) / 64; /* every quantile, in no order */
		rarity_note(
			&r, WINDOW_SHORT, (uint32_t)lround(expm1(place - scale * log(-log(p)))));
		rarity_day(&r);
	}
	assert_true(rarity_at(&r, 12));
	assert_false(rarity_at(&r, 12)); /* nothing is worked out twice */
	for (double days = 5; days < 1000; days *= 2) {
		double count = expm1(place - scale * log(-log1p(-1 / days)));
		double said = rarity_period(&r, WINDOW_SHORT, count);
		assert_true(said > days / 1.6 && said < days * 1.6);
		assert_float_equal(rarity_count(&r, WINDOW_SHORT, said) / count, 1, 1e-6);
	}
	assert_float_equal(rarity_period(&r, WINDOW_SHORT, 1e9), RARITY_LONGEST, 0);
}

/* 40 messages at four in the morning are rarer than 40 at noon, once some weeks are known; a single day proves nothing. */
static void test_season(void **state)
{
	double ratio[2];
	(void)state;
	for (int weeks = 0; weeks < 2; weeks++) {
		struct rarity r;
		rarity_init(&r, 0, 0.1);
		for (int h = 0; h < (weeks ? 28 * 24 : 24); h++) {
			uint32_t n = h % 24 < 7 ? 0 : 60;
			rarity_at(&r, h % 168);
			rarity_note(&r, WINDOW_SHORT, n / 2);
			rarity_hour(&r, h % 168, n, 1 / 24.0);
			if (h % 24 == 23)
				rarity_day(&r);
		}
		rarity_at(&r, 4);
		double night = rarity_count(&r, WINDOW_SHORT, 40);
		rarity_at(&r, 12);
		ratio[weeks] = rarity_count(&r, WINDOW_SHORT, 40) / night;
	}
	assert_true(ratio[0] > 1 && ratio[0] < 2);
	assert_true(ratio[1] > 2.5);
}

#define ROW (5 * M)
/* Rows of ordinary life with some noise, five minutes apart, from `from` until `to`; returns the highest score. */
static double ordinary(struct surge *s, int64_t from, int64_t to, uint32_t times)
{
	uint32_t seed = 11;
	double highest = 0, score;
	for (int64_t at = from; at < to; at += ROW) {
		int hour = (int)(at / H % 24);
		uint32_t n = hour < 7 ? draw(&seed, 2) : 3 + draw(&seed, 6);
		assert_int_equal(surge_hear(s, at, n * times, &score), 0);
		assert_true(isfinite(score) && score >= 0);
		highest = fmax(highest, score);
	}
	return highest;
}

/* Said at once, again only as it climbs, and anew when it has been calm for a day. */
static void test_pulse(void **state)
{
	struct surge *s = surge_new();
	double score;
	int said = 0;
	(void)state;
	assert_true(ordinary(s, MONDAY, MONDAY + 21 * D + 12 * H, 1) < 40);
	for (int64_t at = MONDAY + 21 * D + 12 * H; at < MONDAY + 21 * D + 15 * H; at += ROW) {
		assert_int_equal(surge_hear(s, at, 60, &score), 0);
		said += score >= 40;
		if (at < MONDAY + 21 * D + 12 * H + 3 * ROW)
			assert_true(said > 0 || at < MONDAY + 21 * D + 12 * H + 2 * ROW);
	}
	assert_true(said >= 1 && said <= 12);
	assert_true(ordinary(s, MONDAY + 21 * D + 15 * H, MONDAY + 23 * D + 12 * H, 1) < 40);
	double again = 0;
	for (int i = 0; i < 12; i++) {
		surge_hear(s, MONDAY + 23 * D + 12 * H + i * ROW, 60, &score);
		again = fmax(again, score);
	}
	assert_true(again >= 40);
	surge_free(s);
}

/* No half hour and no four hours of it are out of the ordinary; the day is. */
static void test_slow(void **state)
{
	struct surge *s = surge_new();
	(void)state;
	double usual = 0, score, highest = 0;
	for (int64_t at = MONDAY; at < MONDAY + 30 * D; at += ROW) {
		int hour = (int)(at / H % 24);
		bool rise = at >= MONDAY + 26 * D;
		/* every day a loud evening; in the end the whole day is half as loud */
		uint32_t n = hour >= 19 && hour < 23 ? 20 : rise ? 16 : 2;
		assert_int_equal(surge_hear(s, at, n, &score), 0);
		if (rise)
			highest = fmax(highest, score);
		else
			usual = fmax(usual, score);
	}
	assert_true(usual < 40);
	assert_true(highest >= 40);
	surge_free(s);
}

/* The level is four times as high for good: said on the first day, and once more when a whole day is; then no more. */
static void test_new_level(void **state)
{
	struct surge *s = surge_new();
	(void)state;
	ordinary(s, MONDAY, MONDAY + 14 * D, 1);
	assert_true(ordinary(s, MONDAY + 14 * D, MONDAY + 15 * D, 4) >= 40);
	ordinary(s, MONDAY + 15 * D, MONDAY + 16 * D, 4);
	assert_true(ordinary(s, MONDAY + 16 * D, MONDAY + 60 * D, 4) < 40);
	surge_free(s);
}

static void test_clocks(void **state)
{
	struct surge *s = surge_new();
	double score;
	(void)state;
	ordinary(s, MONDAY, MONDAY + 14 * D, 1);
	int64_t now = MONDAY + 14 * D + 12 * H;
	surge_hear(s, now, 5, &score);
	/* a little late is counted, long ago is not, whatever it holds */
	assert_int_equal(surge_hear(s, now - 2 * H, 5, &score), 0);
	assert_int_equal(surge_hear(s, now - 400 * D, 1000000, &score), SURGE_LATE);
	assert_true(score == 0);
	assert_int_equal(surge_hear(s, now + ROW, 5, &score), 0);
	assert_true(score == 0);
	/* one row from the next century: the third row after it is heard again */
	surge_hear(s, now + 36500 * D, 5, &score);
	assert_int_equal(surge_hear(s, now + 2 * ROW, 5, &score), SURGE_LATE);
	assert_int_equal(surge_hear(s, now + 3 * ROW, 5, &score), SURGE_LATE);
	assert_int_equal(surge_hear(s, now + 4 * ROW, 5, &score), 0);
	assert_true(ordinary(s, now + 5 * ROW, now + 3 * D, 1) < 40);
	double highest = 0;
	for (int i = 0; i < 12; i++) {
		surge_hear(s, now + 3 * D + i * ROW, 80, &score);
		highest = fmax(highest, score);
	}
	assert_true(highest >= 40);
	surge_free(s);
	s = surge_new(); /* the edges of time and of counts */
	assert_int_equal(surge_hear(s, 0, UINT32_MAX, &score), 0);
	assert_int_equal(surge_hear(s, CLOCK_MAX, UINT32_MAX, &score), 0);
	assert_true(isfinite(score));
	surge_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts),
		cmocka_unit_test(test_period), cmocka_unit_test(test_season),
		cmocka_unit_test(test_pulse), cmocka_unit_test(test_slow),
		cmocka_unit_test(test_new_level), cmocka_unit_test(test_clocks)};
	return cmocka_run_group_tests_name("trend surge", tests, NULL, NULL);
}
