/* SPDX-License-Identifier: GPL-3.0-or-later
 * Time. Everywhere int64_t milliseconds since 1970-01-01T00:00:00Z ("ms"), unless a name says
 * otherwise. Local time is the installation's one zone, chosen with clock_zone_set. */
#ifndef TOCSIN_BASE_CLOCK_H
#define TOCSIN_BASE_CLOCK_H
#include <stdint.h>
#include <tocsin/base/cleanup.h>
#include <tocsin/base/slice.h>

#define CLOCK_SECOND INT64_C(1000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR (60 * CLOCK_MINUTE)
#define CLOCK_DAY (24 * CLOCK_HOUR)
/* Dates outside [MIN, MAX] (1970-01-01 to 2100-01-01) are refused at the edge. */
#define CLOCK_MIN INT64_C(0)
#define CLOCK_MAX INT64_C(4102444800000)

int64_t clock_now(void); /* wall, ms */
int64_t clock_monotonic(void); /* ms, for timeouts only */
int64_t clock_monotonic_us(void);

/* RFC 3339 (also a space for T, also no zone = UTC; a leap second counts as :59).
 * Returns 0, or -EINVAL when it is no date, -ERANGE outside [CLOCK_MIN, CLOCK_MAX]. */
int clock_parse(struct slice s, int64_t *ret_ms) _must_check_;
/* "2026-11-24T11:40:00Z" (with .123 when there are milliseconds). out holds CLOCK_TEXT bytes. */
#define CLOCK_TEXT 32
const char *clock_format(int64_t ms, char out[static CLOCK_TEXT]);

/* Days since 1970-01-01 of a Gregorian date, which exists, and back. */
int64_t clock_days_of(int64_t year, int month, int day);
void clock_date_of(int64_t days, int *ret_year, int *ret_month, int *ret_day);
bool clock_date_exists(int year, int month, int day); /* years from 0 */

struct local_time {
	int year, month, day, hour, minute, second, weekday /* 0 = Monday */, yearday /* 1.. */;
};
/* An IANA name such as "Europe/Paris"; -ENOENT if the machine does not know it. Process-wide, once at start. */
int clock_zone_set(const char *zone) _must_check_;
struct local_time clock_local(int64_t ms);
/* "12:10" and "24/11 12:10" in local time. */
const char *clock_format_hm(int64_t ms, char out[static CLOCK_TEXT]);
const char *clock_format_dhm(int64_t ms, char out[static CLOCK_TEXT]);
#endif
