/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long a polled source is left alone. Pure: chance is an argument. */
#ifndef CONNECT_REST_H
#define CONNECT_REST_H
#include <stdint.h>

#define REST_FIRST_MS 5000 /* after a first failure, or the interval if that is shorter */
#define REST_MAX_MS (15 * 60 * 1000) /* … doubled up to this, or the interval if that is longer */
#define REST_ACT_MS (10 * 60 * 1000)
#define REST_ASKED_MS (24 * 60 * 60 * 1000) /* a server may ask for so long at most */

#define REST_ASKED_MAX_MS \
	(24 * 60 * 60 * 1000) /* nobody is left alone for longer, whatever he asks for */

struct rest {
	int64_t every_ms, least_ms; /* between two looks: its interval, what its kind promises */
	int64_t bad_ms; /* the last pause after a failure; 0: it went well */
};
/* Milliseconds until the next look: the interval, up to a tenth shorter so that many sources do not ask together; not less than
 * the least. */
int64_t rest_good(struct rest *r, uint32_t chance);
/* A wish within reason: at least 1, at most REST_ASKED_MAX_MS. */
int64_t rest_wish(int64_t ms);
/* What a failed answer asks for: its Retry-After (0: not said), or, when it means "go away" and does not say for how long,
 * the least between two looks that its kind promises. */
int64_t rest_asked(long status, int64_t retry_ms, int64_t least_ms);
/* … after a failure: doubled each time, between half and all of it by chance, never less than the server asked for
 * (asked_ms: rest_asked, 0 when it did not say). */
int64_t rest_bad(struct rest *r, int64_t asked_ms, uint32_t chance);
/* … before an action is tried again, when this was its nth attempt: doubled with each up to REST_ACT_MS, never less than the
 * server asked for, were it a day. */
int64_t rest_act(uint32_t attempt, int64_t asked_ms);
#endif
