/* SPDX-License-Identifier: GPL-3.0-or-later
 * One look at WordPress: what its parts share. */
#ifndef CONNECT_WORDPRESS_LOOK_H
#define CONNECT_WORDPRESS_LOOK_H
#include "wordpress.h"
#include "walk.h"

struct there { /* a comment that stands in the window */
	int64_t id, at; /* at: the site's own clock, as if it were UTC */
};
struct wp {
	bool live;
	bool counting; /* asked how many there are, and the highest number */
	struct walk walk;
	int64_t at; /* live: newest of all */
	int64_t offset; /* of the page, in what was asked for */
	int64_t window, from; /* its length; live: its begin */
	int64_t floor; /* nothing older was ever asked for (backfill); 0: everything was */
	int64_t oldest; /* live: how far back the pages came, 0: no page yet */
	int64_t began_at; /* live: at, when the look began */
	int64_t due_at, total; /* live: wordpress/calm.c; 0: the window is read whole, not known */
	int size; /* of a page, what we may not read counts too */
	struct there *there;
	size_t n, cap;
	int64_t *known; /* of the last look; then those that are missing */
	size_t n_known, cap_known, checked;
	bool checking;
	struct json_reader *json;
	struct buf text, id, parent, author;
};
static inline bool wordpress_walks(const struct wp *w)
{
	return !w->live && walk_goes_on(&w->walk);
}
/* The fields that are read, and all that this account may see. */
void wordpress_rights(struct pass *p, struct buf *url, bool list);
void wordpress_write_mark(struct pass *p, struct wp *w);
/* Whether a comment of this status is there to be read. */
bool wordpress_is_there(struct slice status);
/* Whether the pages that were read are enough for this look; then, that its window was read whole. */
bool wordpress_is_calm(const struct pass *p, struct wp *w);
void wordpress_was_whole(const struct pass *p, struct wp *w);
/* Whether it stood in the pages of this look. */
bool wordpress_stands(const struct wp *w, int64_t id);
/* known is what stood there last time and was not seen now … */
void wordpress_unseen(struct wp *w);
/* … and as everything was read, each of it is asked for by itself, */
void wordpress_missing(struct pass *p, struct wp *w);
/* and this is what the site said of one. */
void wordpress_fate(struct pass *p, struct wp *w, const struct page *page);
#endif
