/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/base/clock.h>
#include <tocsin/record/event_clock.h>

#define H CLOCK_HOUR
#define D CLOCK_DAY
#define MONDAY INT64_C(1767571200000) /* 2026-01-05 */

static void test_event_clock(void **state)
{
	struct event_clock c = {0};
	int64_t wall = MONDAY + 300 * D;
	(void)state;
	assert_int_equal(event_clock_hear(&c, MONDAY, wall), MONDAY);
	assert_int_equal(event_clock_hear(&c, MONDAY + H, wall), MONDAY + H);
	assert_int_equal(event_clock_hear(&c, MONDAY - D, wall), MONDAY + H); /* never back */
	/* one wrong date, and another: nothing moves */
	assert_int_equal(event_clock_hear(&c, MONDAY + 90 * D, wall), MONDAY + H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 2 * H, wall), MONDAY + 2 * H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 90 * D, wall), MONDAY + 2 * H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 9 * D, wall), MONDAY + 2 * H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 50 * D, wall), MONDAY + 2 * H);
	/* three that agree are a quiet month that is over */
	assert_int_equal(event_clock_hear(&c, MONDAY + 30 * D, wall), MONDAY + 2 * H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 30 * D + H, wall), MONDAY + 2 * H);
	assert_int_equal(event_clock_hear(&c, MONDAY + 30 * D + 2 * H, wall), MONDAY + 30 * D);
	/* a first comment dated far ahead is held against the wall clock */
	struct event_clock fresh = {0};
	assert_int_equal(event_clock_hear(&fresh, wall + 90 * D, wall), 0);
	assert_int_equal(event_clock_hear(&fresh, MONDAY, wall), MONDAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_event_clock)};
	return cmocka_run_group_tests_name("record event clock", tests, NULL, NULL);
}
