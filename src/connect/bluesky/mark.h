/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky: how far it was read, as its mark in the cursor says (poller.h). Pure. */
#ifndef CONNECT_BLUESKY_MARK_H
#define CONNECT_BLUESKY_MARK_H
#include <stdint.h>
#include <tocsin/base/buf.h>

#define KNOWN_MAX \
	600u /* posts of others that are asked for again, to see whether they still stand */
#define KNOWN_BYTES (32u << 10)
#define OWN_MAX 300u /* posts of ours whose thread was read */

struct own_post {
	char key[16];
	int64_t replies; /* it had when its thread was read */
};
struct bluesky_mark {
	int64_t floor; /* ms: nothing older was ever asked for (backfill) */
	int64_t until; /* notifications: newer ones than this are new */
	int64_t down; /* … a longer walk is under way, down to this moment, at `walk` */
	struct buf walk; /* the server's cursor; "": none is */
	int64_t swept; /* such a walk through a month was last begun */
	int64_t searched;
	struct buf
		feed; /* our own posts of before: the server's cursor; "" with fed: all were read */
	bool fed;
	int64_t turn; /* of the threads that are read again one after the other */
	struct own_post own[OWN_MAX]; /* the latest last */
	size_t n_own;
	char *known[KNOWN_MAX]; /* "plc:…/KEY"; the one that was checked longest ago first */
	size_t n_known, known_bytes;
};
/* False, and all is zero, for what is no mark of ours. ret is overwritten. */
bool bluesky_mark_read(struct slice text, struct bluesky_mark *ret);
void bluesky_mark_print(const struct bluesky_mark *m, struct buf *out);
void bluesky_mark_release(struct bluesky_mark *m);

/* A post of somebody else stands: nothing for one that is known, or too old (its key tells) to be asked for again. */
void bluesky_know(struct bluesky_mark *m, struct slice uri, int64_t now);
/* at://… of a known one, appended. */
void bluesky_known_uri(const char *known, struct buf *out);
/* The first one goes: behind the others, or altogether. */
void bluesky_known_next(struct bluesky_mark *m, bool forget);

/* -1: its thread was not read yet. */
int64_t bluesky_own_replies(const struct bluesky_mark *m, struct slice key);
void bluesky_own_read(struct bluesky_mark *m, struct slice key, int64_t replies);
/* ms when a record was made, as its key (TID) says; 0: it says nothing. */
int64_t bluesky_key_time(struct slice key);
#endif
