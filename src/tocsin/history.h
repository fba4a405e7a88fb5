/* SPDX-License-Identifier: GPL-3.0-or-later
 * The stored comments, one after the other, with what moderators decided of them. */
#ifndef TOCSIN_HISTORY_H
#define TOCSIN_HISTORY_H
#include "command.h"

enum decision_kind {
	DECISION_NONE,
	DECISION_LEFT, /* left on line: the rules were wrong to show it */
	DECISION_UPHELD /* hidden, sent on, made a case: they were right to show it */
};

struct history_item {
	const struct stored_comment *stored; /* newest version and older ones alike; never gone */
	int64_t at; /* event time, else of acceptance */
	enum decision_kind decision; /* the last one */
	struct slice category; /* that a human gave it with that decision; empty: none */
};
typedef int history_fn(void *user, const struct history_item *h); /* not 0: stop */

/* Comments with from <= at < to (ms), in the order of their commit; shows progress on a terminal. Returns 0, the exit
 * code after saying what is wrong, or what the callback returned. */
int history_each(struct context *x, int64_t from, int64_t to, bool with_text, history_fn *fn,
	void *user) _must_check_;
/* The same with text of the last n that were committed (older versions count too). */
int history_last(struct context *x, const int64_t span[2], int64_t n, history_fn *fn, void *user)
	_must_check_;
#endif
