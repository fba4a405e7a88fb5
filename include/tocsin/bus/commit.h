/* SPDX-License-Identifier: GPL-3.0-or-later
 * `commit`: results into store, and requests to it. Store binds, everyone else connects. */
#ifndef TOCSIN_BUS_COMMIT_H
#define TOCSIN_BUS_COMMIT_H
#include <tocsin/bus/bus.h>
#include <tocsin/record/request.h>

/* RESULT: verdicts for a range of a batch, with the comments themselves (store has no other copy). */
struct result {
	uint64_t batch;
	uint32_t first, count;
	int64_t accepted_at;
	unsigned char bundle[BUS_BUNDLE];
	struct slice items; /* list of wire comments */
	struct slice verdicts; /* list of wire verdicts, same count */
};
struct committed {
	uint64_t batch;
	uint32_t first, count;
};

/* --- clients (score, ingest, trend, escalate, search, console, tocsin) */
struct commit_client;
typedef void committed_fn(void *user, const struct committed *c);
typedef void active_bundle_fn(void *user, const unsigned char hash[BUS_BUNDLE]);
/* on_committed gets every COMMITTED of this client's own results; with all_ranges (ingest) of everyone's.
 * on_bundle (may be NULL) is called on connecting and whenever the active bundle changes. */
struct commit_client_spec {
	const char *name;
	bool all_ranges;
	committed_fn *on_committed;
	active_bundle_fn *on_bundle;
	void *user;
	/* May be NULL. Connected, or connected anew (store restarted): results without COMMITTED may be lost, send
	 * them all again. Comes before on_bundle. */
	void (*on_connected)(void *user);
};
int commit_open(struct bus *b, const struct commit_client_spec *spec, struct commit_client **ret,
	struct error *e) _must_check_;
struct commit_client *commit_close(struct commit_client *c);
int commit_send(struct commit_client *c, const struct result *r)
	_must_check_; /* 0, BUS_FULL (also while not connected) or -EMSGSIZE */
/* Asks and waits (other callbacks do not run): 0 and the reply appended, BUS_TIMEOUT, or store's -errno with its text. */
int commit_request(struct commit_client *c, enum request_verb verb, struct slice body,
	int64_t timeout_ms, struct buf *reply, struct error *e) _must_check_;

/* The same for a loop that goes on meanwhile: done is called once, from the loop, with what commit_request would return; reply
 * and e live during it, and it may ask again. Several are asked one after the other. BUS_TIMEOUT: store may do it yet;
 * -ENOTCONN: it was not there to be asked; -EAGAIN: others were asked all the time. 0, or -errno (done is not called then).
 * commit_close forgets what is not answered. */
typedef void commit_done_fn(void *user, int r, struct slice reply, const struct error *e);
int commit_ask(struct commit_client *c, enum request_verb verb, struct slice body,
	int64_t timeout_ms, commit_done_fn *done, void *user) _must_check_;

/* The same without waiting for the answer: 0 or BUS_FULL. It may be lost; say it again later. */
int commit_tell(struct commit_client *c, enum request_verb verb, struct slice body) _must_check_;

/* --- the server (store) */
struct commit_server;
struct commit_peer { /* who asked; copy it to answer later */
	unsigned char id[8];
	uint8_t n;
	uint64_t number;
};
struct commit_server_spec {
	/* Results gather; on_turn follows when the socket is drained, `gather` comments (or 64 MiB) are waiting or a
	 * request comes: commit then. r's slices live until on_turn returns. */
	void (*on_result)(void *user, const struct commit_peer *from, const struct result *r);
	void (*on_turn)(void *user);
	void (*on_request)(void *user, const struct commit_peer *from, enum request_verb verb,
		struct slice body);
	uint32_t gather; /* comments a transaction at most, e.g. 8192 */
	void *user;
};
int commit_bind(struct bus *b, const struct commit_server_spec *spec, struct commit_server **ret,
	struct error *e) _must_check_;
struct commit_server *commit_unbind(struct commit_server *s);
/* To the sender of the result and to every all_ranges client. */
void commit_say(struct commit_server *s, const struct commit_peer *to, const struct committed *c);
/* status 0 and a body, or -errno and a text. */
void commit_reply(struct commit_server *s, const struct commit_peer *to, int status,
	struct slice body_or_text);
void commit_announce_bundle(struct commit_server *s, const unsigned char hash[BUS_BUNDLE]);
#endif
