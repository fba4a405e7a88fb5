/* SPDX-License-Identifier: GPL-3.0-or-later
 * The seam between ingest and score: put · pull(credit) · ack · nak(delay) · extend · close.
 * Splitting, bypass and dead-letter policy lives above it, in ingest. Engines: the journal over ZeroMQ
 * (this room's work.c, embedded in ingest); another engine takes its place behind the same six calls.
 *
 * A delivery is a range of a journalled batch. It is in flight with one consumer under a lease; it ends by
 * ack (its results are committed), by nak, by a lease that runs out, or by the consumer's death. */
#ifndef TOCSIN_BUS_SEAM_H
#define TOCSIN_BUS_SEAM_H
#include <tocsin/bus/bus.h>

struct delivery {
	uint64_t batch; /* journal id */
	uint32_t first, count; /* range of items */
	uint32_t attempt; /* from 1 */
	int64_t accepted_at; /* ms */
	unsigned char bundle[BUS_BUNDLE];
	struct slice items; /* list of `count` wire comments */
	uint64_t tag; /* consumer side: names the delivery in ack, nak, extend */
};
enum nak_reason { NAK_BUNDLE_ABSENT = 1, NAK_SHUTDOWN = 2 };

struct seam;
struct seam_ops {
	int (*put)(
		struct seam *s, const struct delivery *d); /* producer; BUS_FULL: no credit now */
	int (*pull)(struct seam *s,
		uint32_t
			credit); /* consumer: so many more in flight at once; ack and nak give theirs back, don't pull it again */
	int (*ack)(struct seam *s, uint64_t tag);
	int (*nak)(struct seam *s, uint64_t tag, enum nak_reason reason, uint32_t delay_ms);
	int (*extend)(struct seam *s, uint64_t tag); /* I am alive and working on it */
	void (*close)(struct seam *s); /* handshake: returns unstarted deliveries first */
};
struct seam {
	const struct seam_ops *ops;
};

/* Consumer over ZeroMQ: on_delivery gets what pull asked for; d and its items live during the call only
 * (copy what you keep). */
/* Its result is computed and sent: if this consumer dies from now on, the comments are not the cause, and
 * while its loop runs the lease is renewed by itself. Call it after commit_send, before waiting for COMMITTED. */
void seam_scored(struct seam *s, uint64_t tag);
typedef void seam_delivery_fn(void *user, const struct delivery *d);
int seam_consumer_open(struct bus *b, const char *name, seam_delivery_fn *fn, void *user,
	struct seam **ret, struct error *e) _must_check_;

/* Producer over ZeroMQ (ingest): what happened to deliveries. */
enum seam_end { SEAM_DONE, SEAM_NAK, SEAM_LOST /* worker dead or silent, lease over */ };
struct seam_event {
	uint64_t batch;
	uint32_t first, count, attempt;
	enum seam_end end;
	enum nak_reason reason;
	uint32_t delay_ms;
	bool innocent; /* SEAM_LOST though scored already, or the connection and not the worker was lost */
};
typedef void seam_event_fn(void *user, const struct seam_event *ev);
int seam_producer_open(struct bus *b, int64_t lease_ms, seam_event_fn *fn, void *user,
	struct seam **ret, struct error *e) _must_check_;
/* fn(user) is called when a worker came, or pulled more, or gave credit back. */
void seam_on_credit(struct seam *s, void (*fn)(void *user));
uint32_t seam_workers(struct seam *s); /* connected and not silent */
/* Credits open now; with `alone`, 1 if some worker has nothing in flight (for a suspect delivery). */
uint32_t seam_credit(struct seam *s, bool alone);
int seam_put_alone(struct seam *s, const struct delivery *d)
	_must_check_; /* to a worker with nothing else in flight */
/* The supervisor's word (by waitpid) that a worker is dead. */
int seam_report_death(struct bus *b, int64_t pid) _must_check_;
#endif
