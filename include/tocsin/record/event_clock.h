/* SPDX-License-Identifier: GPL-3.0-or-later
 * The town clock in event mode: the newest plausible event time. A time far ahead (a wrong date at the source)
 * moves it only when three in a row agree. Store tells it with each news; trend computes it comment by
 * comment, so that a restart closes the same minutes at the same comments. Pure. */
#ifndef TOCSIN_RECORD_EVENT_CLOCK_H
#define TOCSIN_RECORD_EVENT_CLOCK_H
#include <stdint.h>

struct event_clock { /* all zero before the first comment */
	int64_t now; /* ms, 0 before the first comment */
	int64_t ahead_low, ahead_high;
	int ahead; /* how many in a row were too far ahead, within [low, high] */
};
/* The next comment, in the order of seq, has the time at (ms); wall (ms) bounds the first one. Returns the
 * clock, which never goes back. */
int64_t event_clock_hear(struct event_clock *c, int64_t at, int64_t wall);
#endif
