/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the town hall has validated to say of a comment's topics, for whoever answers it: of the open alarms of each. */
#ifndef CONSOLE_WORDING_H
#define CONSOLE_WORDING_H
#include <tocsin/record/position.h>
#include "../console.h"

enum { WORDINGS_MAX = 4 };
struct wordings { /* begin with all zero; released by wordings_release */
	struct arena arena;
	struct slice topics[VERDICT_LIST_MAX];
	size_t n_topics;
	struct wording {
		int64_t incident;
		struct slice title;
		struct position position;
	} list[WORDINGS_MAX]; /* only those that have validated words, or a consigne */
	size_t n;
};
/* Topics first, while a verdict is at hand; then the reader must be free. 0 or -errno. */
void wordings_about(struct wordings *w, const struct verdict *verdict);
int wordings_read(struct wordings *w, struct visit *v, struct error *e) _must_check_;
/* What the town hall has asked of its teams meanwhile: before anybody writes. */
void wordings_put_instructions(struct visit *v, const struct wordings *w);
/* Each with its version, who validated it, when, and a button that copies it. */
void wordings_put(struct visit *v, const struct wordings *w);
void wordings_release(struct wordings *w);
#endif
