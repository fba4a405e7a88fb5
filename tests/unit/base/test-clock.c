/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <time.h>
#include <tocsin/base/clock.h>

static void test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int result;
		int64_t ms;
	} cases[] = {
		{"1970-01-01T00:00:00Z", 0, 0},
		{"2026-11-24T11:40:00Z", 0, INT64_C(1795520400000)},
		{"2026-11-24T12:40:00+01:00", 0, INT64_C(1795520400000)},
		{"2026-11-24T06:10:00-0530", 0, INT64_C(1795520400000)},
		{"2026-11-24 11:40:00", 0, INT64_C(1795520400000)},
		{"2026-11-24t11:40:00z", 0, INT64_C(1795520400000)},
		{"2026-11-24T11:40:00.5Z", 0, INT64_C(1795520400500)},
		{"2026-11-24T11:40:00.123999+00:00", 0, INT64_C(1795520400123)},
		{"2026-11-25T00:10:00+12:30", 0, INT64_C(1795520400000)},
		{"2024-02-29T00:00:00Z", 0, INT64_C(1709164800000)},
		{"2000-02-29T00:00:00Z", 0, INT64_C(951782400000)},
		{"2016-12-31T23:59:60Z", 0, INT64_C(1483228799000)},
		{"2100-01-01T00:00:00Z", 0, CLOCK_MAX},
		{"2100-01-01T00:00:00.001Z", -ERANGE, 0},
		{"1969-12-31T23:59:59Z", -ERANGE, 0},
		{"1970-01-01T00:30:00+01:00", -ERANGE, 0},
		{"9999-12-31T23:59:59Z", -ERANGE, 0},
		{"0000-01-01T00:00:00Z", -ERANGE, 0},
		{"2023-02-29T00:00:00Z", -EINVAL, 0},
		{"2100-02-29T00:00:00Z", -EINVAL, 0},
		{"2026-13-01T00:00:00Z", -EINVAL, 0},
		{"2026-00-01T00:00:00Z", -EINVAL, 0},
		{"2026-04-31T00:00:00Z", -EINVAL, 0},
		{"2026-11-24T24:00:00Z", -EINVAL, 0},
		{"2026-11-24T11:60:00Z", -EINVAL, 0},
		{"2026-11-24T11:40:61Z", -EINVAL, 0},
		{"2026-11-24T11:40:00.Z", -EINVAL, 0},
		{"2026-11-24T11:40:00+24:00", -EINVAL, 0},
		{"2026-11-24T11:40:00+01", -EINVAL, 0},
		{"2026-11-24T11:40:00+1:00", -EINVAL, 0},
		{"2026-11-24T11:40:00Zx", -EINVAL, 0},
		{"2026-11-24T11:40:00 Z", -EINVAL, 0},
		{"2026-11-24T11:40Z", -EINVAL, 0},
		{"2026-11-24", -EINVAL, 0},
		{"2026/11/24 11:40:00", -EINVAL, 0},
		{"24-11-2026T11:40:00", -EINVAL, 0},
		{"hier à midi pile, vers", -EINVAL, 0},
		{"", -EINVAL, 0},
		{"1795520400", -EINVAL, 0},
		{"-026-11-24T11:40:00Z", -EINVAL, 0},
		{"2026-11-24T1 :40:00Z", -EINVAL, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = 42;
		int r = clock_parse(slice_of(cases[i].text), &ms);
		if (r != cases[i].result || ms != (r ? 42 : cases[i].ms))
			fail_msg("%s: %d, %lld", cases[i].text, r, (long long)ms);
	}
	int64_t ms;
	assert_int_equal(clock_parse((struct slice){"2026-11-24T11:40:00Z", 18}, &ms), -EINVAL);
}

/* Against the C library, on every day and at odd moments. */
static void test_round_trip(void **state)
{
	(void)state;
	for (int64_t ms = 0; ms <= CLOCK_MAX; ms += CLOCK_DAY * 3 + 12345678) {
		char text[CLOCK_TEXT], want[CLOCK_TEXT];
		int64_t back;
		time_t t = (time_t)(ms / 1000);
		struct tm tm;
		gmtime_r(&t, &tm);
		size_t n = strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S", &tm);
		if (ms % 1000)
			snprintf(want + n, sizeof(want) - n, ".%03dZ", (int)(ms % 1000));
		else
			snprintf(want + n, sizeof(want) - n, "Z");
		assert_string_equal(clock_format(ms, text), want);
		assert_int_equal(clock_parse(slice_of(text), &back), 0);
		assert_int_equal(back, ms);
	}
	char text[CLOCK_TEXT];
	assert_string_equal(clock_format(-1, text), "1969-12-31T23:59:59.999Z");
	clock_format(INT64_MIN, text);
	assert_true(strlen(text) < CLOCK_TEXT);
	clock_format(INT64_MAX, text);
	assert_true(strlen(text) < CLOCK_TEXT);
}

static void test_local(void **state)
{
	(void)state;
	char text[CLOCK_TEXT];
	int64_t ms;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	assert_int_equal(clock_parse(SLICE("2026-11-24T11:10:00Z"), &ms), 0);
	assert_string_equal(clock_format_hm(ms, text), "12:10");
	assert_string_equal(clock_format_dhm(ms, text), "24/11 12:10");
	struct local_time t = clock_local(ms);
	assert_true(
		t.year == 2026 && t.month == 11 && t.day == 24 && t.hour == 12 && t.minute == 10);
	assert_int_equal(t.weekday, 1); /* Tuesday */
	assert_int_equal(t.yearday, 328);
	/* both sides of the change to winter time */
	assert_int_equal(clock_parse(SLICE("2026-10-25T00:59:59Z"), &ms), 0);
	assert_string_equal(clock_format_hm(ms, text), "02:59");
	assert_string_equal(clock_format_hm(ms + 1000, text), "02:00");
	assert_int_equal(clock_parse(SLICE("2026-12-31T23:30:00Z"), &ms), 0);
	t = clock_local(ms);
	assert_true(t.year == 2027 && t.yearday == 1 && t.weekday == 4);
	assert_int_equal(clock_zone_set("America/Cayenne"), 0);
	assert_string_equal(clock_format_hm(ms, text), "20:30");
	assert_int_equal(clock_local(-1).year, 1969);
}

static void test_unknown_zones(void **state)
{
	(void)state;
	static const char *const names[] = {"Europe/Pari", "", "Europe", "../../etc/passwd",
		"/etc/passwd", ":Europe/Paris", "CET-1CEST"};
	assert_int_equal(clock_zone_set(NULL), -ENOENT);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(clock_zone_set(names[i]), -ENOENT);
}

static void test_now(void **state)
{
	(void)state;
	int64_t a = clock_monotonic_us(), ms = clock_monotonic(), b = clock_monotonic_us();
	assert_true(a <= b && ms >= a / 1000 && ms <= b / 1000);
	int64_t wall = clock_now();
	assert_true(
		wall / 1000 - (int64_t)time(NULL) >= -1 && wall / 1000 - (int64_t)time(NULL) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_unknown_zones),
		cmocka_unit_test(test_now),
	};
	return cmocka_run_group_tests_name("base clock", tests, NULL, NULL);
}
