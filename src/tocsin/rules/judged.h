/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people decided of the comments that a rule found: how often it was right. */
#ifndef TOCSIN_RULES_JUDGED_H
#define TOCSIN_RULES_JUDGED_H
#include <tocsin/json/json.h>
#include "../history.h"
#include "../table.h"

struct judged {
	uint64_t upheld; /* acted upon, and not called anything else */
	uint64_t
		other; /* acted upon, but a human gave another category than the rule's: wrong name */
	uint64_t left; /* left on line */
};
/* One comment more; category: the rule's, empty for a topic, which names no offence. h NULL: nobody decided. */
void judged_add(struct judged *j, const struct history_item *h, struct slice category);
uint64_t judged_all(const struct judged *j);
/* Three columns: "2/3", and the two kinds of miss; empty while nothing is decided. */
#define JUDGED_COLUMNS(x) _w(x, ">confirmés"), _w(x, ">autre catégorie"), _w(x, ">laissés")
void judged_print(struct table *t, const struct judged *j);
void judged_json(struct json_writer *w, const struct judged *j);
#endif
