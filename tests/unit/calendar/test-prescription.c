/* SPDX-License-Identifier: GPL-3.0-or-later
 * The short clocks of the press law, from date to date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/prescription.h>

static void months(void **state)
{
	(void)state;
	assert_int_equal(prescription_months(SLICE("injure_publique")), 3);
	assert_int_equal(prescription_months(SLICE("diffamation")), 3);
	assert_int_equal(prescription_months(SLICE("injure_discriminatoire")), 12);
	assert_int_equal(prescription_months(SLICE("provocation_haine")), 12);
	assert_int_equal(prescription_months(SLICE("menace")), 0);
	assert_int_equal(prescription_months(SLICE("critique_politique")), 0);
	assert_int_equal(prescription_months(SLICE("")), 0);
}

static void days(void **state)
{
	static const struct {
		const char *said;
		int months, year, month, day;
	} table[] = {
		{"2026-08-24T10:00:00Z", 3, 2026, 11, 24},
		{"2026-11-30T10:00:00Z", 3, 2027, 2, 28}, /* there is no 30 February */
		{"2027-11-30T10:00:00Z", 3, 2028, 2, 29}, {"2026-01-31T10:00:00Z", 3, 2026, 4, 30},
		{"2026-10-01T10:00:00Z", 3, 2027, 1, 1}, {"2026-12-31T10:00:00Z", 3, 2027, 3, 31},
		{"2028-02-29T10:00:00Z", 12, 2029, 2, 28},
		{"2026-06-15T10:00:00Z", 12, 2027, 6, 15},
		{"2026-08-24T22:30:00Z", 3, 2026, 11, 25}, /* it was the 25th already, in Paris */
	};
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		int64_t said;
		assert_int_equal(clock_parse(slice_of(table[i].said), &said), 0);
		assert_int_equal(prescription_day(said, table[i].months),
			clock_days_of(table[i].year, table[i].month, table[i].day));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(months), cmocka_unit_test(days)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
