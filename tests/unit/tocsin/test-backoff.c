/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pauses before a restart: fast at first, then doubling, forgiven by a long life. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "backoff.h"

static void crash_loop(void **state)
{
	static const int64_t expected[] = {
		100, 200, 200, 200, 200, 400, 800, 1600, 3200, 6400, 10000, 10000, 10000};
	struct backoff b = {0};
	int64_t now = 5000000;
	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		int64_t pause = backoff_next(&b, now, 50);
		assert_int_equal(pause, expected[i]);
		now += pause + 50;
	}
	/* It goes on failing: never faster again. */
	for (int i = 0; i < 100; i++) {
		assert_int_equal(backoff_next(&b, now, 50), 10000);
		now += 10050;
	}
}

static void long_life_forgives(void **state)
{
	struct backoff b = {0};
	(void)state;
	for (int i = 0; i < 20; i++)
		backoff_next(&b, 1000 + i, 10);
	assert_int_equal(backoff_next(&b, 2000, 9999), 10000);
	assert_int_equal(backoff_next(&b, 2000, 10000), 100);
	assert_int_equal(backoff_next(&b, 2000, 10), 200);
}

static void a_minute_forgives_what_lives(void **state)
{
	struct backoff b = {0};
	(void)state;
	assert_int_equal(backoff_next(&b, 1000, 0), 100);
	for (int i = 0; i < 10; i++)
		backoff_next(&b, 1000, 0);
	assert_int_equal(backoff_next(&b, 60999, 2000), 10000);
	assert_int_equal(backoff_next(&b, 61000, 1999), 10000);
	assert_int_equal(backoff_next(&b, 61000, 2000), 100);
}

/* Five in any order of events within the first minute come at 200 ms at most. */
static void five_fast(void **state)
{
	(void)state;
	for (int64_t gap = 1; gap < 10000; gap += 371) {
		struct backoff b = {0};
		for (int i = 0; i < 5; i++)
			assert_true(backoff_next(&b, 1000 + i * gap, gap) <= 200);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(crash_loop),
		cmocka_unit_test(long_life_forgives),
		cmocka_unit_test(a_minute_forgives_what_lives), cmocka_unit_test(five_fast)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
