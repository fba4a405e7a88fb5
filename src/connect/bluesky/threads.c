/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky: our own posts, the newest hundred at each look and once all that were before, and their threads. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "look.h"
#include "../fields.h"

#define PAGE 100
#define DEPTH 6 /* of one answer: deeper branches are asked for by themselves */
#define ALWAYS 5u /* of our newest posts, whose threads are read at each look … */
#define IN_TURN 5u /* … and of the others */
#define ASKED 80u /* requests of one look; the next one goes on */

static bool feed_url(struct pass *p, struct sky *s, struct slice cursor)
{
	s->step = SKY_FEED;
	s->feed_is_top = !cursor.n;
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "app.bsky.feed.getAuthorFeed", &s->url);
	bluesky_argument(&s->url, "actor", pass_who(p));
	buf_add_string(&s->url, "filter=posts_no_replies&");
	sky_page(&s->url, PAGE, cursor);
	return true;
}

static bool thread_url(struct pass *p, struct sky *s)
{
	s->step = SKY_THREAD;
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "app.bsky.feed.getPostThread", &s->url);
	bluesky_argument(&s->url, "uri", slice_of(s->todo[s->at_todo].uri));
	buf_printf(&s->url, "depth=%d&parentHeight=0", DEPTH);
	return true;
}

bool sky_threads_begin(struct pass *p, struct sky *s)
{
	return feed_url(p, s, (struct slice){"", 0});
}

static void add_todo(struct sky *s, struct slice uri, int64_t replies)
{
	if (s->n_todo < sizeof(s->todo) / sizeof(*s->todo))
		s->todo[s->n_todo++] = (struct thread_todo){xstrndup(uri.p, uri.n), replies};
}

/* Whether the thread of a post of ours, the i-th that has one, is read. */
static bool is_due(const struct sky *s, struct slice key, size_t i)
{
	if (bluesky_own_replies(&s->mark, key) != s->post.replies)
		return true;
	return s->feed_is_top &&
		(i < ALWAYS || (i >= (size_t)s->mark.turn && i < (size_t)s->mark.turn + IN_TURN));
}

/* The posts of a page whose threads are to be read; false: they are older than what was ever asked for. */
static bool read_feed(struct pass *p, struct sky *s, struct json_value list)
{
	struct json_value item, view, other;
	struct slice key;
	struct at_uri u;
	size_t i = 0;
	bool recent = true;

	for (uint32_t it = 0; json_each(list, &it, &key, &item);) {
		if (field_inner(item, "reason", JSON_OBJECT, &other) ||
			!field_inner(item, "post", JSON_OBJECT, &view) ||
			!bluesky_post(view, &s->post) || !slice_equal(s->post.who, pass_who(p)) ||
			!at_uri_parse(s->post.uri, &u))
			continue;
		recent = !s->post.comment.created_at || s->post.comment.created_at >= s->mark.floor;
		if (recent && s->post.replies && is_due(s, u.key, i++))
			add_todo(s, s->post.uri, s->post.replies);
	}
	if (s->feed_is_top) {
		s->mark.turn = s->mark.turn < (int64_t)ALWAYS ? (int64_t)ALWAYS
							      : s->mark.turn + (int64_t)IN_TURN;
		if ((size_t)s->mark.turn >= i)
			s->mark.turn = 0;
	}
	return recent;
}

/* All threads of a page are read: the mark may pass it, and the posts before it come next. */
static bool next_page(struct pass *p, struct sky *s)
{
	struct bluesky_mark *m = &s->mark;

	if (m->fed)
		return false;
	if (!s->feed_is_top || !m->feed.n) {
		buf_clear(&m->feed);
		buf_add_slice(&m->feed, buf_slice(&s->feed_next));
		m->fed = !m->feed.n;
	}
	return !m->fed && s->asked < ASKED && feed_url(p, s, buf_slice(&m->feed));
}

static bool go_on(struct pass *p, struct sky *s)
{
	if (s->at_todo == s->n_todo) {
		s->n_todo = s->at_todo = 0;
		return next_page(p, s);
	}
	return s->asked < ASKED && thread_url(p, s);
}

static void read_branch(struct pass *p, struct sky *s, struct json_value node, int depth)
{
	struct json_value view, replies, one;
	struct slice key;
	bool opened;

	if (!field_inner(node, "post", JSON_OBJECT, &view))
		return;
	opened = field_inner(node, "replies", JSON_ARRAY, &replies);
	sky_add(p, s, view);
	if (!opened && depth >= DEPTH && s->post.replies)
		add_todo(s, field_text(view, "uri"), -1);
	for (uint32_t it = 0; opened && json_each(replies, &it, &key, &one);)
		read_branch(p, s, one, depth + 1); /* as deep as our reader takes JSON */
}

static void read_thread(struct pass *p, struct sky *s, long status, struct json_value v)
{
	struct thread_todo *t = &s->todo[s->at_todo++];
	struct json_value thread;
	struct at_uri u;

	if (field_inner(v, "thread", JSON_OBJECT, &thread))
		read_branch(p, s, thread, 0);
	if (t->replies >= 0 && status && status < 500 && at_uri_parse(slice_of(t->uri), &u))
		bluesky_own_read(&s->mark, u.key, t->replies);
	free(t->uri);
}

bool sky_threads(struct pass *p, struct sky *s, long status, struct json_value v)
{
	struct json_value list;

	s->asked++;
	if (s->step == SKY_THREAD) {
		read_thread(p, s, status, v);
		return go_on(p, s);
	}
	if (status >= 300 || !field_inner(v, "feed", JSON_ARRAY, &list)) {
		buf_clear(&s->mark.feed); /* that cursor is worth nothing any more: from the top */
		return false;
	}
	sky_cursor(v, &s->feed_next);
	if (!read_feed(p, s, list))
		buf_clear(&s->feed_next);
	return go_on(p, s);
}
