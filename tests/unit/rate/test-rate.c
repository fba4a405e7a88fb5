/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <tocsin/rate/rate.h>

#define MINUTE INT64_C(60000)
static const struct rate_limit limits[] = {{3, 60 * MINUTE}, {2, MINUTE}, {5, 10 * MINUTE}};

static uint32_t hit(struct rate *r, uint32_t limit, uint64_t key, int64_t row, int64_t minute)
{
	return rate_count(r, &(struct rate_hit){limit, key, row, minute * MINUTE});
}

static void the_third_within_an_hour_reaches(void **state)
{
	struct rate *r = rate_new(limits, 3, 0);
	(void)state;
	assert_int_equal(hit(r, 0, 7, 1, 0), 1);
	assert_int_equal(hit(r, 0, 7, 2, 30), 2);
	assert_int_equal(hit(r, 0, 8, 3, 40), 1); /* another author */
	assert_int_equal(hit(r, 1, 7, 4, 40), 1); /* another limit */
	assert_int_equal(hit(r, 0, 7, 5, 60), 2); /* the first is an hour ago: out */
	assert_int_equal(hit(r, 0, 7, 6, 61), 3);
	assert_int_equal(hit(r, 0, 7, 7, 500), 1);
	rate_free(r);
}

static void late_hits_count_where_they_belong(void **state)
{
	struct rate *r = rate_new(limits, 3, 0);
	(void)state;
	assert_int_equal(hit(r, 0, 7, 1, 100), 1);
	assert_int_equal(hit(r, 0, 7, 2, 200), 1);
	assert_int_equal(hit(r, 0, 7, 3, 150), 2); /* with either neighbour, not with both */
	assert_int_equal(hit(r, 0, 7, 4, 145), 3);
	assert_int_equal(hit(r, 0, 7, 5, -1000), 1);
	assert_int_equal(hit(r, 0, 7, 6, -2000), 1); /* five are kept, all of them later */
	rate_free(r);
}

/* Two scorers worked on it, and the second was done first. */
static void a_flood_whose_newest_part_comes_first_reaches(void **state)
{
	struct rate *r = rate_new(limits, 3, 0);
	unsigned reached = 0;
	(void)state;
	for (int64_t i = 500; i < 700; i++)
		reached += hit(r, 0, 7, i, i / 20) >= 3;
	for (int64_t i = 0; i < 500; i++)
		reached += hit(r, 0, 7, i, i / 20) >= 3;
	assert_int_equal(reached, 698);
	assert_int_equal(hit(r, 0, 7, 1000, -100), 1);
	rate_free(r);
}

static void a_comment_counts_once(void **state)
{
	struct rate *r = rate_new(limits, 3, 0);
	(void)state;
	assert_int_equal(hit(r, 0, 7, 1, 0), 1);
	assert_int_equal(hit(r, 0, 7, 1, 1), 0);
	assert_int_equal(hit(r, 0, 7, 2, 2), 2);
	assert_int_equal(hit(r, 0, 0, 3, 3), 0); /* nobody knows who: nobody is counted */
	assert_int_equal(hit(r, 0, 0, 4, 3), 0);
	rate_free(r);
}

static void memory_is_bounded_and_the_least_recent_goes(void **state)
{
	struct rate *r = rate_new(limits, 3, 4);
	(void)state;
	for (uint64_t key = 1; key <= 4; key++)
		hit(r, 0, key, (int64_t)key, 0);
	hit(r, 0, 1, 10, 1); /* 2 is the least recent now */
	hit(r, 0, 5, 11, 1);
	assert_int_equal(rate_status(r).keys, 4);
	assert_int_equal(rate_status(r).forgotten, 1);
	assert_int_equal(hit(r, 0, 1, 12, 2), 3);
	assert_int_equal(hit(r, 0, 2, 13, 2), 1); /* was forgotten; 3 goes for it */
	assert_int_equal(hit(r, 0, 4, 14, 2), 2);
	for (uint64_t key = 100; key < 10000; key++)
		hit(r, 0, key, (int64_t)key, 3);
	assert_int_equal(rate_status(r).keys, 4);
	rate_free(r);
}

static uint64_t seed = 11;
static unsigned below(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* Against all hits ever, in any order: the same answer wherever it can matter, that is up to at_least. */
static void agrees_with_one_that_forgets_nothing(void **state)
{
	enum { HITS = 60 };
	unsigned reached = 0;
	(void)state;
	for (unsigned round = 0; round < 800; round++) {
		struct rate *r = rate_new(limits, 3, 0);
		uint32_t limit = below(3), least = limits[limit].at_least;
		int64_t at[HITS], span = (int64_t)(1 + below(4)) * limits[limit].within_ms;
		for (unsigned i = 0; i < HITS; i++) {
			/* nearly in order: a late hit is late by less than two windows' hits */
			at[i] = (int64_t)i * span / (int64_t)least / 2 + below(3) * span / 8;
			uint32_t expected = 0;
			for (unsigned a = 0; a <= i; a++) {
				int64_t from = at[a];
				uint32_t n = 0;
				if (at[i] < from || at[i] - from >= limits[limit].within_ms)
					continue;
				for (unsigned b = 0; b <= i; b++)
					n += at[b] >= from &&
						at[b] - from < limits[limit].within_ms;
				expected = n > expected ? n : expected;
			}
			uint32_t n = rate_count(r, &(struct rate_hit){limit, 9, i, at[i]});
			if (n)
				assert_int_equal(n >= least, expected >= least);
			else
				assert_true(i >= 2 * least - 1);
			reached += n >= least;
		}
		rate_free(r);
	}
	assert_true(reached > 3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_within_an_hour_reaches),
		cmocka_unit_test(late_hits_count_where_they_belong),
		cmocka_unit_test(a_flood_whose_newest_part_comes_first_reaches),
		cmocka_unit_test(a_comment_counts_once),
		cmocka_unit_test(memory_is_bounded_and_the_least_recent_goes),
		cmocka_unit_test(agrees_with_one_that_forgets_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
