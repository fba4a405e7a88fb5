/* SPDX-License-Identifier: GPL-3.0-or-later
 * Local days and the instants on them. A day is counted from 1970-01-01 in the installation's zone; an instant is UTC
 * milliseconds, as everywhere. Zones and their summer time are the C library's (clock_zone_set). */
#ifndef TOCSIN_CALENDAR_DAY_H
#define TOCSIN_CALENDAR_DAY_H
#include <stdint.h>
#include <tocsin/base/cleanup.h>
#include <tocsin/base/slice.h>

#define DAY_MINUTES 1440

/* The day on which an instant falls, and the minute since midnight that the clocks show; ret_minute may be NULL. */
int64_t day_of(int64_t ms, int *ret_minute);
/* 0 = Monday. */
int day_weekday(int64_t day);
/* When the clocks show this minute of this day; minutes past midnight go on into the next day. A time that summer time
 * leaves out is the instant of the change; one that comes twice is the first. */
int64_t day_instant(int64_t day, int minute);

/* "2027-08-15" or "15/08/2027". -EINVAL when it is no such day. */
int day_parse(struct slice s, int64_t *ret) _must_check_;
/* "18:00", "8h", "8h30", "24:00" → minutes since midnight. */
int day_minute_parse(struct slice s, int *ret) _must_check_;
/* A day, and a time behind a blank or T; without it *ret_minute is -1. */
int day_time_parse(struct slice s, int64_t *ret_day, int *ret_minute) _must_check_;
/* "lun", "lundi", "mon", "monday" … → 0 … 6, in any case, with or without a full stop. */
int day_weekday_parse(struct slice s, int *ret) _must_check_;

/* "sam. 15/08 18:00" */
#define DAY_TEXT 40
const char *day_format(int64_t ms, bool english, char out[static DAY_TEXT]);
#endif
