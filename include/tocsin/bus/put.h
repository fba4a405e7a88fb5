/* SPDX-License-Identifier: GPL-3.0-or-later
 * `put`: items into ingest. A PUT is taken when PUTACK says ok, which is after the journal's fsync. */
#ifndef TOCSIN_BUS_PUT_H
#define TOCSIN_BUS_PUT_H
#include <tocsin/bus/bus.h>

enum put_status {
	PUT_OK,
	PUT_BUSY, /* backlog over its limit: try again after retry_ms */
	PUT_FULL, /* disk full or failing: try again after retry_ms */
	PUT_REFUSED, /* the message is not understood; again would not help */
	PUT_LOST /* no answer: ingest restarted, the connection broke, or 10 s have passed. Maybe taken, maybe not:
		    send it again now */
};
struct put_ack {
	uint64_t number; /* of the PUT, from put_send */
	enum put_status status;
	uint32_t retry_ms;
};
struct put;
typedef void put_ack_fn(void *user, const struct put_ack *ack);

/* name tells one sender from another in logs ("connect.facebook"). Every PUT is answered once through on_ack;
 * it is the caller who sends again what was not taken (PUT_BUSY, PUT_FULL, PUT_LOST): the store is idempotent.
 * on_ack may call put_send. After a PUT that was not taken, those sent before its answer came are not taken
 * either (the same status, retry 0): a sender that repeats in order never has a cursor kept ahead of something lost. */
int put_open(struct bus *b, const char *name, put_ack_fn *on_ack, void *user, struct put **ret,
	struct error *e) _must_check_;
struct put *put_close(struct put *p);
/* items: a list made by batch_add, at most BATCH_MAX comments and about BATCH_BYTES_MAX bytes; cursor is kept with
 * it under `source` when cursor.n > 0. Returns 0 with the number, BUS_FULL (not connected, or 256 PUTs or 32 MiB
 * wait for their answer) or -EMSGSIZE. */
int put_send(struct put *p, struct slice source, struct slice items, uint32_t count,
	struct slice cursor, uint64_t *ret_number) _must_check_;
/* How many PUTs wait for an answer; the oldest one's age in ms. */
uint32_t put_waiting(const struct put *p, int64_t *ret_oldest_ms);
/* The cursor that ingest kept last for a source, appended (nothing when none). Blocks at most timeout_ms
 * (runs no other callback). 0, BUS_TIMEOUT or -errno. */
int put_cursor(struct put *p, struct slice source, int64_t timeout_ms, struct buf *ret)
	_must_check_;
#endif
