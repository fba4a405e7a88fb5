/* SPDX-License-Identifier: GPL-3.0-or-later
 * Local days against the zone: nights of a change, 29 February, the antipodes; what people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/calendar/hours.h>

static int64_t at(const char *utc)
{
	int64_t ms;
	assert_int_equal(clock_parse(slice_of(utc), &ms), 0);
	return ms;
}

static int64_t local(int year, int month, int day, int minute)
{
	return day_instant(clock_days_of(year, month, day), minute);
}

static void nights_of_change(void **state)
{
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	/* 28 March 2027: 02:00 to 03:00 are left out */
	assert_int_equal(local(2027, 3, 28, 119), at("2027-03-28T00:59:00Z"));
	assert_int_equal(local(2027, 3, 28, 120), at("2027-03-28T01:00:00Z"));
	assert_int_equal(local(2027, 3, 28, 150), at("2027-03-28T01:00:00Z"));
	assert_int_equal(local(2027, 3, 28, 180), at("2027-03-28T01:00:00Z"));
	assert_int_equal(local(2027, 3, 28, 8 * 60), at("2027-03-28T06:00:00Z"));
	/* 31 October 2027: 02:00 to 03:00 come twice, the first counts */
	assert_int_equal(local(2027, 10, 31, 150), at("2027-10-31T00:30:00Z"));
	assert_int_equal(local(2027, 10, 31, 180), at("2027-10-31T02:00:00Z"));
	assert_int_equal(day_of(at("2027-10-31T01:30:00Z"), NULL), clock_days_of(2027, 10, 31));
	/* past midnight goes on */
	assert_int_equal(local(2027, 10, 30, 1440 + 480), at("2027-10-31T07:00:00Z"));
}

/* Every minute of years that hold a 29 February and four changes: there and back. */
static void there_and_back(void **state)
{
	static const char *const zones[] = {
		"Europe/Paris", "Indian/Reunion", "America/Miquelon", "Pacific/Noumea"};
	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(*zones); z++) {
		int64_t last = 0;
		assert_int_equal(clock_zone_set(zones[z]), 0);
		for (int64_t day = clock_days_of(2027, 12, 31); day < clock_days_of(2029, 1, 2);
			day++)
			for (int minute = 0; minute < DAY_MINUTES; minute += 15) {
				int shown;
				int64_t ms = day_instant(day, minute);
				assert_true(ms >= last);
				last = ms;
				int64_t got = day_of(ms, &shown);
				if (got == day && shown == minute)
					continue;
				/* left out by summer time: the first minute behind the change */
				assert_int_equal(got, day);
				assert_true(shown > minute && shown - minute <= 60);
			}
	}
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	assert_int_equal(day_weekday(clock_days_of(2028, 2, 29)), 1);
}

static void what_people_write(void **state)
{
	int64_t day;
	int minute;
	uint8_t bits;
	(void)state;
	assert_int_equal(day_parse(SLICE("2028-02-29"), &day), 0);
	assert_int_equal(day, clock_days_of(2028, 2, 29));
	assert_int_equal(day_parse(SLICE("15/08/2027"), &day), 0);
	assert_int_equal(day, clock_days_of(2027, 8, 15));
	assert_true(day_parse(SLICE("2027-02-29"), &day) < 0);
	assert_true(day_parse(SLICE("2027-08-15 "), &day) < 0);
	assert_true(day_parse(SLICE("15-08-2027"), &day) < 0);
	assert_true(day_parse(SLICE(""), &day) < 0);
	assert_int_equal(day_minute_parse(SLICE("18:00"), &minute), 0);
	assert_int_equal(minute, 1080);
	assert_int_equal(day_minute_parse(SLICE("8h"), &minute), 0);
	assert_int_equal(minute, 480);
	assert_int_equal(day_minute_parse(SLICE("8h30"), &minute), 0);
	assert_int_equal(minute, 510);
	assert_int_equal(day_minute_parse(SLICE("24:00"), &minute), 0);
	assert_true(day_minute_parse(SLICE("24:01"), &minute) < 0);
	assert_true(day_minute_parse(SLICE("18"), &minute) < 0);
	assert_true(day_minute_parse(SLICE("18:"), &minute) < 0);
	assert_true(day_minute_parse(SLICE("18:5"), &minute) < 0);
	assert_int_equal(day_time_parse(SLICE("15/08/2027 22:40"), &day, &minute), 0);
	assert_int_equal(minute, 22 * 60 + 40);
	assert_int_equal(day_time_parse(SLICE("15/08/2027 22:40:00"), &day, &minute), 0);
	assert_int_equal(day_time_parse(SLICE("15/08/2027"), &day, &minute), 0);
	assert_int_equal(minute, -1);
	assert_int_equal(hours_days_parse("lun-ven", &bits), 0);
	assert_int_equal(bits, 0x1f);
	assert_int_equal(hours_days_parse("Sam, dimanche", &bits), 0);
	assert_int_equal(bits, 0x60);
	assert_int_equal(hours_days_parse("fri-mon", &bits), 0);
	assert_int_equal(bits, 0x71);
	assert_int_equal(hours_days_parse("tous", &bits), 0);
	assert_int_equal(bits, 0x7f);
	assert_true(hours_days_parse("lun-vendr", &bits) < 0);
	assert_true(hours_days_parse("", &bits) < 0);
}

static void said(void **state)
{
	char out[DAY_TEXT];
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	assert_string_equal(day_format(at("2026-08-15T16:00:00Z"), false, out), "sam. 15/08 18:00");
	assert_string_equal(day_format(at("2026-08-15T16:00:00Z"), true, out), "sat 15/08 18:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nights_of_change),
		cmocka_unit_test(there_and_back), cmocka_unit_test(what_people_write),
		cmocka_unit_test(said)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
