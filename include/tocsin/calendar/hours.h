/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening hours: stretches of the week, with or without public holidays. They follow the clocks on the wall: on the
 * night of a change an office that closes at 02:30 closes when the clocks first show it. Pure. */
#ifndef TOCSIN_CALENDAR_HOURS_H
#define TOCSIN_CALENDAR_HOURS_H
#include <tocsin/calendar/holidays.h>

struct hours_span {
	uint8_t days; /* bits: 1 << weekday, 0 = Monday, on which it begins */
	int from, to; /* minutes since midnight; to <= from: it ends on the next day */
};
struct hours {
	const char *id, *title;
	const struct hours_span *spans;
	size_t n_spans;
	const struct holidays *closed_on; /* days on which no span begins; NULL: none */
};
bool hours_open(const struct hours *h, int64_t ms);
/* The next instant after ms at which hours_open() may change its answer. */
int64_t hours_change(const struct hours *h, int64_t ms);
/* When so much open time has passed since ms; at most two years later. */
int64_t hours_after(const struct hours *h, int64_t ms, int64_t open_ms);
/* "lun-ven", "sam, dim", "tous" / "mon-fri", "all" → bits. -EINVAL. */
int hours_days_parse(const char *text, uint8_t *ret);
#endif
