/* SPDX-License-Identifier: GPL-3.0-or-later
 * Public holidays against dates that are known: Easter of many years (tables of the Bureau des longitudes), a whole year
 * of each zone counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/holidays.h>

static const char *name_of(enum holiday_zone zone, int year, int month, int day)
{
	return holiday_name(zone, clock_days_of(year, month, day));
}

static void easter_mondays(void **state)
{
	static const int known[][3] = {{1998, 4, 13}, {2000, 4, 24}, {2008, 3, 24}, {2011, 4, 25},
		{2016, 3, 28}, {2019, 4, 22}, {2024, 4, 1}, {2025, 4, 21}, {2026, 4, 6},
		{2027, 3, 29}, {2028, 4, 17}, {2029, 4, 2}, {2030, 4, 22}, {2035, 3, 26},
		{2038, 4, 26}, {2049, 4, 19}, {2076, 4, 20}, {2079, 4, 24}};
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const char *name =
			name_of(HOLIDAY_METROPOLE, known[i][0], known[i][1], known[i][2]);
		assert_non_null(name);
		assert_string_equal(name, "Lundi de Pâques");
	}
	/* Ascension of 2008 fell on 1 May, one day with two names */
	assert_non_null(name_of(HOLIDAY_METROPOLE, 2008, 5, 1));
	assert_string_equal(name_of(HOLIDAY_METROPOLE, 2027, 5, 6), "Ascension");
	assert_string_equal(name_of(HOLIDAY_METROPOLE, 2027, 5, 17), "Lundi de Pentecôte");
	assert_null(name_of(HOLIDAY_METROPOLE, 2027, 3, 28));
}

static void zones(void **state)
{
	static const struct {
		enum holiday_zone zone;
		int days; /* in 2027, when no two fall together */
		int month, day; /* one that the metropolis works on; 0 none */
	} cases[] = {{HOLIDAY_METROPOLE, 11, 0, 0}, {HOLIDAY_ALSACE_MOSELLE, 13, 3, 26},
		{HOLIDAY_ALSACE_MOSELLE, 13, 12, 26}, {HOLIDAY_GUADELOUPE, 12, 5, 27},
		{HOLIDAY_GUYANE, 12, 6, 10}, {HOLIDAY_MARTINIQUE, 12, 5, 22},
		{HOLIDAY_MAYOTTE, 12, 4, 27}, {HOLIDAY_REUNION, 12, 12, 20},
		{HOLIDAY_SAINT_BARTHELEMY, 12, 10, 9}, {HOLIDAY_SAINT_MARTIN, 12, 5, 28},
		{HOLIDAY_SAINT_PIERRE, 11, 0, 0}, {HOLIDAY_NOUVELLE_CALEDONIE, 12, 9, 24},
		{HOLIDAY_POLYNESIE, 14, 11, 20}, {HOLIDAY_WALLIS, 13, 4, 28},
		{HOLIDAY_NONE, 0, 0, 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int n = 0;
		for (int64_t d = clock_days_of(2027, 1, 1); d < clock_days_of(2028, 1, 1); d++)
			n += holiday_name(cases[i].zone, d) != NULL;
		assert_int_equal(n, cases[i].days);
		if (!cases[i].month)
			continue;
		assert_non_null(name_of(cases[i].zone, 2027, cases[i].month, cases[i].day));
		assert_null(name_of(HOLIDAY_METROPOLE, 2027, cases[i].month, cases[i].day));
	}
}

static void own_days(void **state)
{
	const int64_t also[] = {clock_days_of(2028, 2, 29)},
		      except[] = {clock_days_of(2027, 5, 17)};
	const struct holidays h = {HOLIDAY_METROPOLE, also, except, 1, 1};
	(void)state;
	assert_true(holiday_is(&h, clock_days_of(2028, 2, 29)));
	assert_false(holiday_is(&h, clock_days_of(2027, 5, 17)));
	assert_true(holiday_is(&h, clock_days_of(2027, 8, 15)));
	assert_false(holiday_is(&h, clock_days_of(2027, 8, 16)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(easter_mondays),
		cmocka_unit_test(zones), cmocka_unit_test(own_days)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
