/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky: what is written to the town's account, and what the town searches for, by the API of its server (AT protocol).
 *
 * A look: the newest notifications (mentions, replies, quotes); those between them and what was heard before, when the first
 * page did not reach it; the searches; the threads of our own posts whose count of replies has changed, and some others in
 * turn, for a reply to a reply is notified to nobody (bluesky/threads.c); whether some of what is known still stands
 * (bluesky/stands.c). The list of notifications is in the order of the dates that authors write, as far as they lie in the past:
 * once an hour a month of it is read, so that nobody hides behind an old date. */
#include "bluesky.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "look.h"
#include "../date.h"
#include "../fields.h"

#define PAGE 100
#define WALK_PAGES 50u /* of one look; the next one goes on */
#define SEARCH_PAGES 20u /* of one term */
#define SLACK_MS (10 * CLOCK_MINUTE) /* servers hear of each other late */
#define SEARCH_SLACK_MS CLOCK_HOUR
#define SWEEP_EVERY_MS CLOCK_HOUR
#define SWEEP_MS (30 * 24 * CLOCK_HOUR)

void sky_add(struct pass *p, struct sky *s, struct json_value view)
{
	if (!bluesky_post(view, &s->post) || slice_equal(s->post.who, pass_who(p)))
		return;
	pass_add(p, &s->post.comment);
	bluesky_know(&s->mark, s->post.uri, pass_now(p));
}

void sky_cursor(struct json_value answer, struct buf *out)
{
	struct slice cursor = field_text(answer, "cursor");

	buf_clear(out);
	if (cursor.n)
		bluesky_argument(out, "&cursor", cursor);
	while (out->n && out->p[out->n - 1] == '&')
		out->n--;
}

void sky_page(struct buf *url, int limit, struct slice cursor)
{
	buf_printf(url, "limit=%d", limit);
	buf_add_slice(url, cursor);
}

static void notes_url(struct pass *p, struct sky *s, struct slice cursor)
{
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "app.bsky.notification.listNotifications", &s->url);
	buf_add_string(&s->url, "reasons=mention&reasons=reply&reasons=quote&");
	sky_page(&s->url, PAGE, cursor);
}

static void first(struct pass *p, struct buf *url)
{
	struct sky *s = *pass_own(p) = xcalloc(1, sizeof(*s));
	int64_t backfill = pass_source(p)->backfill_ms;

	s->json = json_reader_new(2 * BLUESKY_ANSWER);
	s->first_look = !bluesky_mark_read(buf_slice(pass_mark(p)), &s->mark);
	if (s->first_look) {
		s->mark.floor = backfill ? pass_now(p) - backfill : 0;
		s->mark.until = s->mark.searched = s->mark.floor;
		s->mark.swept = pass_now(p);
	}
	notes_url(p, s, (struct slice){"", 0});
	buf_add_slice(url, buf_slice(&s->url));
}

static bool is_heard(struct slice reason)
{
	return slice_is(reason, "mention") || slice_is(reason, "reply") ||
		slice_is(reason, "quote");
}

/* The notifications of a page, and how far down they go; *newest is raised. */
static int64_t read_notes(struct pass *p, struct sky *s, struct json_value list, int64_t *newest)
{
	struct json_value v;
	struct slice key;
	int64_t oldest = pass_now(p);

	for (uint32_t it = 0; json_each(list, &it, &key, &v);) {
		int64_t at = date_read(field_text(v, "indexedAt"));

		if (is_heard(field_text(v, "reason")))
			sky_add(p, s, v);
		if (at && at < oldest)
			oldest = at;
		if (at > *newest && at <= pass_now(p))
			*newest = at;
	}
	return oldest;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The newest page. What lies between it and what was heard before is a walk, kept in the mark until it has come down. */
static void map_top(struct pass *p, struct sky *s, struct json_value list, struct slice cursor)
{
	struct bluesky_mark *m = &s->mark;
	int64_t before = later(m->until - SLACK_MS, m->floor), newest = m->until;
	int64_t oldest = read_notes(p, s, list, &newest);
	bool sweep = pass_now(p) - m->swept > SWEEP_EVERY_MS || pass_now(p) < m->swept;

	m->until = newest;
	if (sweep && !m->walk.n) {
		before = later(pass_now(p) - SWEEP_MS, m->floor);
		m->swept = pass_now(p);
	}
	if (!cursor.n || oldest < before)
		return;
	if (!m->walk.n || before < m->down)
		m->down = before;
	buf_clear(&m->walk);
	buf_add_slice(&m->walk, cursor);
}

static void map_walk(struct pass *p, struct sky *s, struct json_value list, struct slice cursor)
{
	int64_t newest = 0, oldest = read_notes(p, s, list, &newest);

	buf_clear(&s->mark.walk);
	if (oldest >= s->mark.down)
		buf_add_slice(&s->mark.walk, cursor);
}

static bool search_url(struct pass *p, struct sky *s, struct slice cursor)
{
	char **terms = pass_source(p)->search;

	if (!terms || !terms[s->term])
		return false;
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "app.bsky.feed.searchPosts", &s->url);
	bluesky_argument(&s->url, "q", slice_of(terms[s->term]));
	buf_add_string(&s->url, "sort=latest&");
	sky_page(&s->url, PAGE, cursor);
	return true;
}

/* True: s->url is another page of it, or the next term. */
static bool map_search(struct pass *p, struct sky *s, long status, struct json_value v)
{
	int64_t oldest = pass_now(p), before = s->mark.searched - SEARCH_SLACK_MS;
	_buf_ struct buf cursor = {0};
	struct json_value list, view;
	struct slice key;
	bool good;

	sky_cursor(v, &cursor);
	good = field_inner(v, "posts", JSON_ARRAY, &list) && status < 300;
	s->unsearched |= !good;
	for (uint32_t it = 0; good && json_each(list, &it, &key, &view);) {
		sky_add(p, s, view);
		if (s->post.comment.created_at && s->post.comment.created_at < oldest)
			oldest = s->post.comment.created_at;
	}
	if (good && cursor.n && oldest >= before && ++s->pages < SEARCH_PAGES)
		return search_url(p, s, buf_slice(&cursor));
	s->pages = 0;
	s->term++;
	if (search_url(p, s, (struct slice){"", 0}))
		return true;
	if (!s->unsearched) /* else the next look searches as far back as this one was to */
		s->mark.searched = pass_now(p);
	return false;
}

/* The step after one that is over; false: the look is. */
static bool next_step(struct pass *p, struct sky *s)
{
	switch (s->step) {
	case SKY_TOP:
	case SKY_WALK:
		if (s->mark.walk.n && s->pages++ < WALK_PAGES) {
			s->step = SKY_WALK;
			notes_url(p, s, buf_slice(&s->mark.walk));
			return true;
		}
		s->pages = 0;
		s->step = SKY_SEARCH;
		if (search_url(p, s, (struct slice){"", 0}))
			return true;
		__attribute__((fallthrough));
	case SKY_SEARCH:
		s->step = SKY_FEED;
		if (sky_threads_begin(p, s))
			return true;
		__attribute__((fallthrough));
	case SKY_FEED:
	case SKY_THREAD: s->step = SKY_STANDS; return sky_stands_begin(p, s);
	case SKY_STANDS:
	case SKY_FATE:
	default: return false;
	}
}

/* True: s->url is the next request of the same step. */
static bool map_step(struct pass *p, struct sky *s, long status, struct json_value v)
{
	_buf_ struct buf cursor = {0};
	struct json_value list;

	switch (s->step) {
	case SKY_SEARCH: return map_search(p, s, status, v);
	case SKY_FEED:
	case SKY_THREAD: return sky_threads(p, s, status, v);
	case SKY_STANDS:
	case SKY_FATE: return sky_stands(p, s, status, v);
	case SKY_TOP:
	case SKY_WALK:
	default: break;
	}
	sky_cursor(v, &cursor);
	field_inner(v, "notifications", JSON_ARRAY, &list);
	if (s->step == SKY_TOP) {
		map_top(p, s, list, buf_slice(&cursor));
	} else if (list.type == JSON_ARRAY) {
		map_walk(p, s, list, buf_slice(&cursor));
	} else { /* that cursor is worth nothing any more: from the top, as far down as it was to go */
		buf_clear(&s->mark.walk);
		s->mark.until = s->mark.down;
	}
	return false;
}

/* Told when the look is over: its other steps do not wait for a term that the server always refuses. */
static void note_refusal(struct pass *p, struct sky *s, bool good, long status)
{
	if ((good && status < 300) || s->refused[0])
		return;
	if (s->step == SKY_SEARCH)
		snprintf(s->refused, sizeof(s->refused),
			"la recherche « %.120s » est refusée par le serveur (HTTP %ld)",
			pass_source(p)->search[s->term], status);
	else if (s->step == SKY_FEED)
		snprintf(s->refused, sizeof(s->refused),
			"le serveur refuse la liste des messages de la ville (HTTP %ld)", status);
}

static int map(struct pass *p, const struct page *page, struct error *e)
{
	struct sky *s = *pass_own(p);
	struct json_value v, list;
	bool good = bluesky_parse(s->json, page->body, &s->text, &v), more;

	if (s->step == SKY_TOP && (!good || !field_inner(v, "notifications", JSON_ARRAY, &list)))
		return error_set(e, -EINVAL, "ce n'est pas un serveur de Bluesky");
	note_refusal(p, s, good, page->status);
	more = map_step(p, s, good ? page->status : 0, v) || next_step(p, s);
	if (more)
		pass_next(p, buf_slice(&s->url));
	buf_clear(pass_mark(p));
	bluesky_mark_print(&s->mark, pass_mark(p));
	if (more || !s->refused[0])
		return 0;
	pass_print(p); /* what came all the same */
	return error_set(e, -EINVAL, "%s", s->refused);
}

static void end(struct pass *p)
{
	struct sky *s = *pass_own(p);

	if (!s)
		return;
	for (size_t i = s->at_todo; i < s->n_todo; i++)
		free(s->todo[i].uri);
	for (size_t i = s->at_missing; i < s->n_missing; i++)
		free(s->missing[i]);
	json_reader_free(s->json);
	bluesky_mark_release(&s->mark);
	bluesky_post_release(&s->post);
	buf_release(&s->feed_next);
	buf_release(&s->text);
	buf_release(&s->url);
	free(s);
	*pass_own(p) = NULL;
}

const struct poller poller_bluesky = {
	.name = "bluesky",
	.accept = "application/json",
	.types = " application/json ",
	.terms = WORDS_MARK(
		"le compte est celui de la ville, avec un mot de passe d'application ; ce qui ne s'adresse pas à elle n'est lu que si vous le cherchez (search)"),
	.every_ms = 30 * CLOCK_SECOND,
	.every_min_ms = 10 * CLOCK_SECOND,
	.login = &bluesky_login,
	.max = BLUESKY_ANSWER,
	.pages = 1000000,
	.first = first,
	.end = end,
	.resumes = true,
	.takes_refusals = true,
	.map = map,
	.deed = bluesky_deed,
};
