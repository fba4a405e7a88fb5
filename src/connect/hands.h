/* SPDX-License-Identifier: GPL-3.0-or-later
 * Actions of a polled source, on the connector's side: one after the other, each leased from store, done by a child
 * (deed.h), and its outcome told to store until store has it. Killed in between, the lease runs out and the next attempt
 * asks the source what the last one did. */
#ifndef CONNECT_HANDS_H
#define CONNECT_HANDS_H
#include <tocsin/bus/commit.h>
#include <tocsin/record/action.h>

#include "connect.h"

struct hands {
	struct connect *c;
	struct commit_client *store;
	bool asking; /* store has not answered yet */
	struct buf job; /* the leased action, encoded; empty: none */
	struct buf result; /* its outcome, encoded, until store has it */
	int64_t id, asked_at; /* monotonic: when its child began */
	uint32_t attempt;
	pid_t pid;
	int out, status;
	bool exited, out_over;
	struct buf said;
	uint64_t done, failed;
};
/* Does nothing, and the rest neither, for a source that cannot act. */
int hands_start(struct hands *h, struct connect *c, struct error *e) _must_check_;
void hands_child(struct hands *h);
void hands_second(struct hands *h);
void hands_release(struct hands *h);
#endif
