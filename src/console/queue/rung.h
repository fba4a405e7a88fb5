/* SPDX-License-Identifier: GPL-3.0-or-later
 * The alarm that a comment has rung by itself (a threat, a divulged address, distress). To decide on the comment is not to answer
 * the alarm: whoever does the one is led to the other. */
#ifndef CONSOLE_RUNG_H
#define CONSOLE_RUNG_H
#include "../console.h"

/* On the comment's page, for who may see alarms: nothing when it has none. */
void rung_put_link(struct visit *v, int64_t seq);
/* After a decision: an alarm that is still open, and of which nothing waits any more, is said with the notice. */
void rung_decided(struct visit *v, int64_t seq);
/* … there: which comment it was, and what that left open. */
void rung_put_told(struct visit *v);
#endif
