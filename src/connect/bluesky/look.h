/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky: one look, step by step; each step is a page asked for and what it says. */
#ifndef CONNECT_BLUESKY_LOOK_H
#define CONNECT_BLUESKY_LOOK_H
#include "bluesky.h"
#include "mark.h"

enum sky_step { SKY_TOP, SKY_WALK, SKY_SEARCH, SKY_FEED, SKY_THREAD, SKY_STANDS, SKY_FATE };
struct thread_todo {
	char *uri;
	int64_t replies; /* of a post of ours; -1: a branch of its thread */
};
struct sky {
	struct bluesky_mark mark;
	enum sky_step step;
	bool first_look, walked /* this look's walk went as far as it may */;
	unsigned pages; /* of this step */
	char refused[256]; /* the first search, or page of our posts, that was no good; "": none */
	unsigned asked; /* threads and pages of our posts in this look */
	size_t term; /* that is searched for */
	bool unsearched; /* an answer to a search was none */
	bool feed_is_top;
	struct buf feed_next; /* the page of our posts after the one whose threads are read */
	struct thread_todo todo[200];
	size_t n_todo, at_todo;
	size_t checked, asked_for; /* known ones: looked at in this look, in the last request */
	char *missing[100];
	size_t n_missing, at_missing;
	struct json_reader *json;
	struct buf text, url;
	struct post post;
};
/* A post that an answer shows: a comment, unless it is ours. */
void sky_add(struct pass *p, struct sky *s, struct json_value view);
/* "&cursor=…" of an answer, as it stands in an address; empty: it was the last page. */
void sky_cursor(struct json_value answer, struct buf *out);
/* limit=…&cursor=… */
void sky_page(struct buf *url, int limit, struct slice cursor);

/* Our own posts and their threads: the next request is in s->url, or it is over (false). */
bool sky_threads_begin(struct pass *p, struct sky *s);
bool sky_threads(struct pass *p, struct sky *s, long status, struct json_value v);
/* What still stands of what is known: the same. */
bool sky_stands_begin(struct pass *p, struct sky *s);
bool sky_stands(struct pass *p, struct sky *s, long status, struct json_value v);
#endif
