/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results that store has not yet committed. Each is kept with its comments, for store may be away or may
 * lose what it was sent. Bounded by the credit that we pulled. */
#ifndef SCORE_RESULTS_H
#define SCORE_RESULTS_H
#include <tocsin/bus/commit.h>
#include <tocsin/bus/seam.h>

struct kept {
	struct kept *next;
	uint64_t tag, batch;
	uint32_t first, count;
	int64_t accepted_at;
	unsigned char bundle[BUS_BUNDLE];
	struct buf items, verdicts;
	int64_t sent_at; /* monotonic ms; 0: not sent since the last connection */
};
struct results {
	struct kept *first, *last; /* in order of delivery */
	struct kept *spare;
	uint32_t n;
};

/* Keeps the delivery (a copy of its items) at the end of the list, with room for its verdicts. */
struct kept *results_add(struct results *r, const struct delivery *d);
/* Sends what is not sent, or was sent longer than `again_ms` ago; stops when the wire is full. */
void results_send(struct results *r, struct commit_client *store, int64_t now, int64_t again_ms);
/* All of them are to be sent again. */
void results_unsend(struct results *r);
/* Forgets and acks what is covered. Returns the number of comments. */
uint32_t results_committed(struct results *r, struct seam *work, const struct committed *c);
void results_release(struct results *r);
#endif
