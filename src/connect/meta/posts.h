/* SPDX-License-Identifier: GPL-3.0-or-later
 * The posts whose number of comments is known: the newest ones, in the order of the feed. Pure. */
#ifndef CONNECT_META_POSTS_H
#define CONNECT_META_POSTS_H
#include "../watch.h"

#define POSTS_PAGE 25u /* of the feed */
#define POSTS_KNOWN 100u

struct post {
	char id[WATCH_ID];
	int64_t count;
	bool met; /* in the feed, in this look */
};
struct posts {
	struct post list[POSTS_KNOWN];
	size_t n;
	size_t start; /* where what the feed shows now belongs */
};
struct post *posts_find(struct posts *k, const char *id);
/* Post i of a page was read: it is known from now on, at its place; of too many the oldest are forgotten. */
void posts_know(struct posts *k, const struct post *page, size_t n, size_t i);
/* The page is read: the next one belongs behind it. */
void posts_turn_page(struct posts *k, const struct post *page, size_t n);
/* The whole feed was read: those that it does not show any more are forgotten. */
void posts_tidy(struct posts *k);
/* As a list of texts "ID COUNT"; and back. */
void posts_print(const struct posts *k, struct json_writer *out);
void posts_read(struct posts *k, struct json_value list);
#endif
