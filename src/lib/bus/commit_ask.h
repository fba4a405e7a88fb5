/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests to store that nobody waits for in place: asked one after the other, since store knows of each peer only the last
 * number, and said again until it answers or the time is over. */
#ifndef BUS_COMMIT_ASK_H
#define BUS_COMMIT_ASK_H
#include <tocsin/bus/commit.h>

struct asker;
struct asker *asker_new(struct bus *b);
struct asker *asker_free(struct asker *a);
int asker_ask(struct asker *a, enum request_verb verb, struct slice body, int64_t timeout_ms,
	commit_done_fn *done, void *user) _must_check_;
/* What a reply says: 0 and its body, or store's -errno with its text, or -EBADMSG. */
int reply_read(struct slice reply, struct slice *ret, struct error *e) _must_check_;
#endif
