/* SPDX-License-Identifier: GPL-3.0-or-later
 * One item of the queue as people see it: the supposition, the text with its matches, who is on it, what can be done. */
#ifndef CONSOLE_CARD_H
#define CONSOLE_CARD_H
#include "../console.h"

struct card {
	const struct stored_comment *stored;
	const struct queue_item *waits; /* NULL: it waits no more */
	enum verdict_lane lane; /* of the list that it stands in; 0: of none */
	bool reading; /* nothing can be done on it here */
	bool pick, picked; /* it can be chosen with others, and is: bulk.h */
	bool alone; /* the page of this one item, else a list */
	bool paper; /* a part of a page that is printed: no link, a heading below the page's parts */
	struct slice reason; /* typed before, when a decision was not taken */
};
void card_put(struct visit *v, const struct card *c);
/* due.c: by when somebody should look at it. */
void due_put(struct visit *v, const struct queue_item *q);
/* "Laisser en ligne", …; what is no decision of people as it is. */
void card_decision(struct visit *v, struct slice decision);
#endif
