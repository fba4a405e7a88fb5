/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may push: HMAC-SHA256 with the source's secret, a timestamp, and the memory of what was taken. Pure: time is
 * an argument. */
#ifndef WEBHOOK_SIGN_H
#define WEBHOOK_SIGN_H
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/digest/digest.h>

#define SIGN_WINDOW (5 * CLOCK_MINUTE) /* a timestamp may be so far from our clock, either way */
#define SIGN_SECRET_MIN 16u /* bytes */

enum sign_outcome {
	SIGN_BAD = 1, /* missing, malformed or wrong: nobody is told which */
	SIGN_EXPIRED = 2 /* right, but its timestamp is out of the window */
};

struct sign_request {
	struct slice signature; /* "sha256=" and 64 hex digits */
	struct slice timestamp; /* unix seconds; p == NULL when the header is absent */
	struct slice body;
};
/* The MAC is over "timestamp.body", or over the body when there is no timestamp. scratch is overwritten. Returns 0 with
 * the MAC and the time that it vouches for (now without timestamp), or an outcome. */
int sign_check(const struct sign_request *r, struct slice secret, bool timestamp_required,
	int64_t now, struct buf *scratch, unsigned char ret_mac[static DIGEST_SIZE],
	int64_t *ret_at) _must_check_;

/* "Basic …" (RFC 7617) for a user and a password, appended. */
void sign_basic(struct buf *out, struct slice user, struct slice password);

/* What was taken, for as long as its timestamp stays within the window. */
#define REPLAY_MAX 1000000u
#define REPLAY_MINUTES 12u /* twice the window and what is not full */
struct replay {
	struct map *minutes[REPLAY_MINUTES];
	int64_t minute[REPLAY_MINUTES]; /* which minute each holds */
	size_t n;
};
void replay_init(struct replay *p);
void replay_release(struct replay *p);
bool replay_seen(const struct replay *p, const unsigned char mac[static DIGEST_SIZE]);
/* False when REPLAY_MAX are remembered already. */
bool replay_room(struct replay *p, int64_t now);
void replay_add(struct replay *p, const unsigned char mac[static DIGEST_SIZE], int64_t at);
#endif
