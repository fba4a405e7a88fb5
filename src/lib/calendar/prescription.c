/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/calendar/prescription.h>

#include <tocsin/base/clock.h>

int prescription_months(struct slice category)
{
	static const struct {
		const char *category;
		int months;
	} table[] = {
		{"injure_publique", 3},
		{"diffamation", 3},
		{"fausse_nouvelle", 3},
		{"injure_discriminatoire", 12},
		{"provocation_haine", 12},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (slice_is(category, table[i].category))
			return table[i].months;
	return 0;
}

int64_t prescription_day(int64_t said_at, int months)
{
	const struct local_time t = clock_local(said_at);
	const int month = t.month - 1 + months;
	const int year = t.year + month / 12;
	int day = t.day;
	while (!clock_date_exists(year, month % 12 + 1, day))
		day--;
	return clock_days_of(year, month % 12 + 1, day);
}
