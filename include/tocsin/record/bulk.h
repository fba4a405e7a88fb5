/* SPDX-License-Identifier: GPL-3.0-or-later
 * One decision on many comments at once, and its end. What may not be decided so is left alone and counted: REQUEST_BULK changes
 * the rest, or, asked again under its key, nothing. */
#ifndef TOCSIN_RECORD_BULK_H
#define TOCSIN_RECORD_BULK_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define BULK_MAX 100u /* comments in one */
#define BULK_KEY 64u /* bytes of a key at most */

enum bulk_outcome {
	BULK_DONE,
	BULK_CHANGED, /* decided or answered meanwhile, or it waits no more */
	BULK_TAKEN, /* somebody else works on it */
	BULK_TWO, /* it takes two people (record/verdict.h), or one has proposed something */
	BULK_URGENT, /* P1: one at a time */
	BULK_OUTCOMES
};
struct bulk_item {
	int64_t seq;
	int64_t known; /* as in struct decide_request; never 0 */
};
/* REQUEST_BULK: "laisser" or "masquer", which has a reason. */
struct bulk_request {
	struct slice key, who, decision, reason;
	struct bulk_item *items; /* 1 … BULK_MAX */
	uint32_t n;
};
/* Of both requests; of an undo, BULK_DONE: undone, BULK_CHANGED: too late for it. */
struct bulk_reply {
	int64_t id;
	uint32_t of[BULK_OUTCOMES];
};
/* REQUEST_BULK_UNDO: all of it that can still be undone (UNDO_MS): -ETIME when that is nothing, -ENOENT when it is not his. */
struct bulk_undo {
	int64_t id;
	struct slice who;
};

/* Encoders append to out; decoders borrow from s and take arrays from the arena. 0 or -EBADMSG. */
void bulk_encode(struct buf *out, const struct bulk_request *r);
int bulk_decode(struct slice s, struct arena *a, struct bulk_request *ret) _must_check_;
void bulk_reply_encode(struct buf *out, const struct bulk_reply *r);
int bulk_reply_decode(struct slice s, struct bulk_reply *ret) _must_check_;
void bulk_undo_encode(struct buf *out, const struct bulk_undo *r);
int bulk_undo_decode(struct slice s, struct bulk_undo *ret) _must_check_;
#endif
