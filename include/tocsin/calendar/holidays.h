/* SPDX-License-Identifier: GPL-3.0-or-later
 * French public holidays, computed for any year: Code du travail L3133-1, L3134-13 (Alsace-Moselle) and L3422-2
 * (abolition of slavery, by territory), and the days of the Pacific collectivities. What is custom and not law (21 July
 * in the Antilles, a town's feast, a mayor's bridge day) the town adds; what it works on, it takes out. */
#ifndef TOCSIN_CALENDAR_HOLIDAYS_H
#define TOCSIN_CALENDAR_HOLIDAYS_H
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

enum holiday_zone {
	HOLIDAY_METROPOLE,
	HOLIDAY_ALSACE_MOSELLE,
	HOLIDAY_GUADELOUPE,
	HOLIDAY_GUYANE,
	HOLIDAY_MARTINIQUE,
	HOLIDAY_MAYOTTE,
	HOLIDAY_REUNION,
	HOLIDAY_SAINT_BARTHELEMY,
	HOLIDAY_SAINT_MARTIN,
	HOLIDAY_SAINT_PIERRE,
	HOLIDAY_NOUVELLE_CALEDONIE,
	HOLIDAY_POLYNESIE,
	HOLIDAY_WALLIS,
	HOLIDAY_ZONES,
	HOLIDAY_NONE = HOLIDAY_ZONES /* the town counts no holidays but its own */
};
/* As in the file, and in plain ASCII; the last is "aucune". */
extern const char *const holiday_zone_names[HOLIDAY_ZONES + 1];

struct holidays {
	enum holiday_zone zone;
	const int64_t *also, *except; /* days */
	size_t n_also, n_except;
};
bool holiday_is(const struct holidays *h, int64_t day);
/* The law's name of a day in a zone, French; NULL on a working day. */
const char *holiday_name(enum holiday_zone zone, int64_t day);
#endif
