/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts by minute, a day of them, in fixed memory: the last 512 minutes one by one, the hours before in whole
 * hours. What comes late is counted where it belongs as long as its minute is kept. */
#ifndef TREND_COUNTS_H
#define TREND_COUNTS_H
#include <stdbool.h>
#include <stdint.h>

#define MINUTE INT64_C(60000)
#define COUNTS_RING \
	512u /* minutes kept: the longest window of minutes, the latest lateness, and the open ones */
#define COUNTS_HOURS 32u /* hours kept: a day, and the lateness */

struct counts {
	int64_t head; /* newest minute of the ring that is cleared, as a number of minutes; 0: none yet */
	int64_t last; /* newest minute with a count */
	uint32_t minutes[COUNTS_RING], hours[COUNTS_HOURS];
};

/* Adds n to minute number m. False when m is older than the ring: nothing is counted. */
bool counts_add(struct counts *c, int64_t m, uint32_t n);
/* Sum of the n minutes that end with minute number m, at most COUNTS_RING. */
uint32_t counts_sum(const struct counts *c, int64_t m, int64_t n);
/* Sum of the hour of minute number m, as far as it is heard, and of the 23 before it. */
uint32_t counts_day(const struct counts *c, int64_t m);
#endif
