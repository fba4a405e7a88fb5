/* SPDX-License-Identifier: GPL-3.0-or-later
 * An old stock that is read in under an event clock: hours of alarms pass in a second, and nobody waits for them. While
 * that lasts attempts take a tenth of the time of one processor: one at once, then a pause of nine times its length. What
 * waits is said as things stand when its turn comes, and most of it is overtaken by then. Times are monotonic, in ms. */
#ifndef ESCALATE_BULK_H
#define ESCALATE_BULK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BULK_LEAST 2000 /* comments a second: no town writes so many */

struct bulk {
	int64_t seq, before; /* the last comment that was heard of, and the one a second ago */
	int64_t next_at; /* no attempt before */
	bool lasts;
};
void bulk_hear(struct bulk *b, int64_t seq);
/* Once a second. */
void bulk_second(struct bulk *b);
bool bulk_allows(const struct bulk *b, size_t under_way, int64_t now);
/* An attempt that began then has ended. */
void bulk_ended(struct bulk *b, int64_t began, int64_t now);
#endif
