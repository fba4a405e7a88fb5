/* SPDX-License-Identifier: GPL-3.0-or-later
 * The town clock in event mode: the newest plausible event time. A time far ahead of it (a source's wrong date) does not
 * move it, unless three in a row agree. Pure. */
#ifndef DB_TOWN_CLOCK_H
#define DB_TOWN_CLOCK_H
#include <stdint.h>

struct town_clock {
	int64_t now; /* ms; 0 before the first comment */
	int64_t ahead_low, ahead_high;
	int ahead; /* how many in a row were too far ahead, within [low, high] */
};
/* wall bounds the first one. */
void town_clock_observe(struct town_clock *c, int64_t at, int64_t wall);
#endif
