/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dates as feeds and people write them. */
#ifndef CONNECT_DATE_H
#define CONNECT_DATE_H
#include <stdint.h>
#include <tocsin/base/slice.h>

/* RFC 3339 (also a date alone), or RFC 822 with its obsolete forms: two-digit years, no weekday, no seconds, named zones (RFC 5322
 * section 4.3; an unknown one counts as UTC). ms, or 0 when it is no date between 1970 and 2100. */
int64_t date_read(struct slice text);
/* The same, or as French people and their programs write it: 24/11/2026 14:05, 24.11.26, 24 novembre 2026 à 14h05, and
 * seconds or milliseconds since 1970. The day comes before the month; without a zone it is what the town's clocks show. */
int64_t date_read_local(struct slice text);
#endif
