/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a human decided, carried out at the source. Store makes a row of the outbox with the decision (channel
 * "source/<id>"); the connector of that source leases it, asks the source what is true, acts, and says what it came to.
 * Nothing can be leased while the decision can be undone (UNDO_MS). */
#ifndef TOCSIN_RECORD_ACTION_H
#define TOCSIN_RECORD_ACTION_H
#include <stdint.h>
#include <tocsin/base/buf.h>

#define ACTION_CHANNEL "source/"

enum outward {
	ACTION_NONE,
	ACTION_HIDE,
	ACTION_SHOW, /* again, what was hidden before */
	ACTION_REPLY,
	ACTION_SPAM, /* hidden, and called spam there */
	ACTION_TRASH
};
/* What a decision means at the source: category is the human's own, text what the public is told. "laisser" is ACTION_SHOW:
 * whether there is something to show again is not known here. */
enum outward outward_of(struct slice decision, struct slice category, struct slice text);

/* REQUEST_ACTION_TAKE: the next one of a source, if any. reply: empty, or one leased_action. */
struct action_take {
	struct slice source;
	int64_t lease_ms;
};
struct leased_action {
	int64_t id;
	uint32_t attempt; /* from 1 */
	enum outward action;
	struct slice
		mark; /* the same over all attempts, no other action has it: by it a reply is found at the source */
	struct slice item; /* native id */
	struct slice seen; /* the text that the human saw */
	struct slice text; /* of ACTION_REPLY */
};
/* REQUEST_ACTION_RESULT */
enum action_outcome {
	ACTION_DONE, /* it is so at the source now, or was already */
	ACTION_DRY, /* à blanc: nothing was changed */
	ACTION_REFUSED, /* the comment is another one by now, or is gone: detail says it to people */
	ACTION_LATER, /* try again; what may have arrived is asked for first */
	ACTION_DEAD /* it cannot be done: a human must know */
};
struct action_result {
	int64_t id;
	uint32_t attempt;
	enum action_outcome outcome;
	int64_t retry_at; /* wall ms, for ACTION_LATER */
	struct slice detail;
};
/* Encoders append to out; decoders borrow from s. 0 or -EBADMSG. */
void action_take_encode(struct buf *out, const struct action_take *t);
int action_take_decode(struct slice s, struct action_take *ret) _must_check_;
void leased_action_encode(struct buf *out, const struct leased_action *a);
int leased_action_decode(struct slice s, struct leased_action *ret) _must_check_;
void action_result_encode(struct buf *out, const struct action_result *r);
int action_result_decode(struct slice s, struct action_result *ret) _must_check_;
#endif
