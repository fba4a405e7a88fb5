/* SPDX-License-Identifier: GPL-3.0-or-later
 * The server's side of `put` (ingest): PUTs gather into a group, which is journalled in one commit and
 * answered one by one.
 *
 * Flow control: a sender has a bounded window of unanswered PUTs, so an unanswered group stops it. */
#ifndef TOCSIN_BUS_PUT_SERVER_H
#define TOCSIN_BUS_PUT_SERVER_H
#include <tocsin/bus/put.h>

struct put_peer { /* who sent; copy it to answer */
	unsigned char id[8];
	uint8_t n;
	uint64_t number;
};
struct put_message {
	struct slice source; /* whose cursor it is */
	struct slice cursor; /* empty: none to keep */
	struct slice items; /* as sent: not yet checked */
	uint32_t count; /* as claimed */
};
struct put_server;
struct put_server_spec {
	/* m's slices live until on_turn returns. */
	void (*on_put)(void *user, const struct put_peer *from, const struct put_message *m);
	/* After at least one on_put, once the socket is drained or gather comments (or gather_bytes) wait:
	 * journal the group now, then answer every PUT of it. */
	void (*on_turn)(void *user);
	/* Appends the cursor last kept for source (nothing when none). */
	void (*on_cursor)(void *user, struct slice source, struct buf *cursor);
	uint32_t gather;
	size_t gather_bytes;
	void *user;
};
int put_bind(struct bus *b, const struct put_server_spec *spec, struct put_server **ret,
	struct error *e) _must_check_;
struct put_server *put_unbind(struct put_server *s);
/* A sender that is gone gets nothing and sends again. */
void put_answer(
	struct put_server *s, const struct put_peer *to, enum put_status status, uint32_t retry_ms);
#endif
