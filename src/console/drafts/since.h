/* SPDX-License-Identifier: GPL-3.0-or-later
 * Since when the town has listened for a topic: from the versions of the rules that were published, the newest back to the first
 * without it in its present state. Kept until another version is published. */
#ifndef CONSOLE_DRAFTS_SINCE_H
#define CONSOLE_DRAFTS_SINCE_H
#include <tocsin/rules/rules.h>
#include "../console.h"

struct since { /* of one topic */
	int64_t at; /* wall ms */
	bool earlier; /* or earlier: what came before cannot be read any more */
};
/* One for each rule and topic of v->c->names, in its order; rules have at 0. NULL: the database cannot be read. Lives until the next
 * call. topics_refresh() first. */
const struct since *since_all(struct visit *v, struct error *e);
void since_end(struct console *c);
/* Whether a topic is listened for at a moment, or only looked at (shadow). */
bool since_counts(const struct rule_info *i, int64_t now);
#endif
