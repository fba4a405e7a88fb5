/* SPDX-License-Identifier: GPL-3.0-or-later
 * The whole past of a site by its comments' numbers: so many at a time are asked for by name (include=), which costs a site the
 * same whether it has a thousand or a million; for each page of a list by date it counts all of that list. Pure. */
#ifndef CONNECT_WORDPRESS_WALK_H
#define CONNECT_WORDPRESS_WALK_H
#include <stdint.h>

#include <tocsin/base/buf.h>

#define WALK_PAGE 100 /* the most that WordPress gives at once */

struct walk {
	int64_t next, last; /* next > last: it is over, or never began */
};
/* From a list of the highest numbers and its X-WP-Total: whether comments are dense enough below them for the walk to pay. */
bool walk_begin(struct walk *w, int64_t last, int64_t total);
static inline bool walk_goes_on(const struct walk *w)
{
	return w->next <= w->last;
}
/* The next `size` numbers, as parameters; appended. */
void walk_ask(const struct walk *w, int size, struct buf *url);
/* Whether what was asked for holds this one: a site that does not know include answers with others. */
bool walk_asked(const struct walk *w, int size, int64_t id);
/* "NEXT,LAST"; appended. False: it is no walk. */
void walk_print(const struct walk *w, struct buf *out);
bool walk_parse(struct slice text, struct walk *ret);
#endif
