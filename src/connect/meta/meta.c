/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind meta: the comments of a Facebook page, or of an Instagram account, by the Graph API. What happens comes at once by the
 * webhook (tocsin-webhook, the same source); this fills in what was before it, what it missed, and finds what it never tells.
 *
 * A look   the posts from the newest back, page by page; of each post the comments, answers too (filter=stream). When all that was
 *          before us is read, only the newest hundred posts: the comments of those whose count is another
 *          one, and of a few in turn. A comment that was heard and is not in the whole list of its post is asked for by itself;
 *          it is deleted when the API says that it is not there.
 * mark     {"live","after","turn","posts":["ID COUNT"],"gone":["ID POST"],"watch":["ID POST"]} */
#include "look.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#define PAGES 2000u /* of the feed, and of a post's comments, in one look */
#define GAP 20u /* pages of the feed that are read to find one that is known */
#define TURNS 3u /* of the newest posts, read without a reason */
#define OLDER (POSTS_KNOWN - POSTS_PAGE) /* of these one */
#define BACK (INT64_C(10) * 365 * 24 * CLOCK_HOUR)

static const char *const keep[] = {"X-App-Usage", "X-Business-Use-Case-Usage", NULL};

/* --- where we are */

static void print(struct pass *p, struct meta *m)
{
	struct buf *mark = pass_mark(p);
	struct json_writer w = {.out = mark};

	buf_clear(mark);
	json_w_begin(&w, '{');
	json_w_key(&w, "live");
	json_w_bool(&w, m->live);
	json_w_text(&w, "after", buf_slice(&m->after));
	json_w_number(&w, "turn", m->turn);
	json_w_key(&w, "posts");
	posts_print(&m->posts, &w);
	json_w_key(&w, "gone");
	watch_print(&m->gone, &w, SEEN_MARK / 2);
	json_w_key(&w, "watch");
	watch_print(&m->watch, &w, SEEN_MARK - 256);
	json_w_end(&w, '}');
	pass_print(p);
}

static void read_mark(struct pass *p, struct meta *m)
{
	struct json_value v, list;

	if (json_parse(m->json, buf_slice(pass_mark(p)), &v, NULL) < 0)
		return;
	m->live = field_true(v, "live");
	m->turn = field_number(v, "turn");
	buf_add_slice(&m->after, field_text(v, "after"));
	if (field_array(v, "posts", &list))
		posts_read(&m->posts, list);
	if (field_array(v, "gone", &list))
		watch_read(&m->gone, list);
	if (field_array(v, "watch", &list))
		watch_read(&m->watch, list);
}

/* --- the comments of a post */

/* The cursor of the next page; empty: there is none. */
static struct slice next_of(struct json_value v)
{
	struct json_value paging, cursors;

	if (!field_object(v, "paging", &paging) || !field_text(paging, "next").n ||
		!field_object(paging, "cursors", &cursors))
		return (struct slice){"", 0};
	return field_text(cursors, "after");
}

static void take(struct pass *p, struct meta *m, struct json_value v)
{
	struct slice page = slice_of(pass_source(p)->page), key;
	struct json_value replies = {0}, list = {0}, one = {0};
	struct comment c;
	uint32_t it = 0;

	buf_printf(&m->ids, " %.*s ", (int)field_text(v, "id").n, field_text(v, "id").p);
	if (meta_comment(m->words, v, slice_of(m->post), page, &c)) {
		m->heard++;
		pass_add(p, &c);
		watch_add(&m->watch, c.id, slice_of(m->post));
	}
	if (!field_object(v, "replies", &replies))
		return;
	if (next_of(replies).n && field_text(v, "id").n)
		buf_printf(&m->more, "%.*s ", (int)field_text(v, "id").n, field_text(v, "id").p);
	if (field_array(replies, "data", &list))
		while (json_each(list, &it, &key, &one))
			if (!field_array(one, "replies", &replies)) /* they have none themselves */
				take(p, m, one);
}

/* A post whose comments are refused: the others are read all the same, unless nothing can be. */
static int refuse(struct meta *m, int r, enum meta_error fault, struct error *e)
{
	if (r != FETCH_REFUSED || fault == META_EXPIRED)
		return r;
	m->refused++;
	if (fault != META_GONE || !m->fault.text[0])
		error_set(&m->fault, 0, "billet %s : %s", m->post, e->text);
	m->forbidden |= fault != META_GONE;
	return FETCH_BODY;
}

/* All pages of an edge of `node`, the post or a comment of it. ret_whole: nothing of it was left for another look. */
static int read_edge(struct pass *p, struct meta *m, struct slice node, const char *edge,
	bool *ret_whole, struct error *e)
{
	_buf_ struct buf after = {0};
	struct json_value v = {0}, list = {0}, one = {0};
	enum meta_error fault;
	struct slice key;
	int r;

	*ret_whole = false;
	for (unsigned page = 0; page < PAGES && !m->spent; page++) {
		uint32_t it = 0;

		buf_clear(&m->path);
		address_part(&m->path, node);
		buf_printf(&m->path, "/%s&limit=100", edge);
		if (after.n) {
			buf_add_string(&m->path, "&after=");
			address_part(&m->path, buf_slice(&after));
		}
		r = meta_ask(p, m, &v, &fault, e);
		if (r != FETCH_BODY)
			return refuse(m, r, fault, e);
		if (!field_array(v, "data", &list))
			return error_set(e, FETCH_LATER, "ce n'est pas l'API Graph");
		while (json_each(list, &it, &key, &one))
			take(p, m, one);
		buf_clear(&after);
		buf_add_slice(&after, next_of(v));
		print(p, m);
		*ret_whole = !after.n;
		if (!after.n || m->test)
			break;
	}
	return FETCH_BODY;
}

/* Also the answers of which the list shows only the first. */
static int read_comments(
	struct pass *p, struct meta *m, const char *post, bool *ret_whole, struct error *e)
{
	size_t at = 0;
	int r;

	m->post = post;
	m->asked++;
	buf_clear(&m->ids);
	buf_clear(&m->more);
	r = read_edge(p, m, slice_of(post), m->words->comments, ret_whole, e);
	while (r == FETCH_BODY && *ret_whole && at < m->more.n && !m->test) {
		const char *begin = buf_string(&m->more) + at;
		struct slice node = {begin, strcspn(begin, " ")};

		at += node.n + 1;
		r = read_edge(p, m, node, m->words->more, ret_whole, e);
	}
	return r;
}

/* --- the posts */

struct list {
	struct post posts[POSTS_PAGE];
	size_t n;
	struct buf next;
	bool old; /* all of it is older than what counts */
	unsigned page; /* of this look */
};

static int64_t count_of(struct json_value v)
{
	struct json_value comments, summary;

	if (field_object(v, "comments", &comments) && field_object(comments, "summary", &summary))
		return field_number(summary, "total_count");
	return field_number(v, "comments_count");
}

static int read_feed(struct pass *p, struct meta *m, struct list *ret, struct error *e)
{
	int64_t backfill = pass_source(p)->backfill_ms ? pass_source(p)->backfill_ms : BACK;
	struct json_value v = {0}, list = {0}, one = {0};
	enum meta_error fault;
	struct slice key;
	uint32_t it = 0;
	int r;

	buf_clear(&m->path);
	buf_printf(&m->path, "%s/%s?fields=%s&limit=%u", pass_source(p)->page, m->words->feed,
		m->words->feed_fields, POSTS_PAGE);
	if (ret->next.n) {
		buf_add_string(&m->path, "&after=");
		address_part(&m->path, buf_slice(&ret->next));
	}
	r = meta_ask(p, m, &v, &fault, e);
	if (r == FETCH_REFUSED && fault == META_OTHER)
		buf_clear(&m->after); /* a cursor may be of no use any more */
	if (r != FETCH_BODY)
		return r;
	if (!field_array(v, "data", &list))
		return error_set(e, FETCH_LATER, "ce n'est pas l'API Graph");
	ret->n = 0;
	ret->old = true;
	while (ret->n < POSTS_PAGE && json_each(list, &it, &key, &one)) {
		struct slice id = field_text(one, "id");
		int64_t at = meta_time(field_text(one, m->words->time));

		if (!id.n || id.n >= WATCH_ID)
			continue;
		if (at && at < pass_now(p) - backfill)
			continue;
		ret->old = false;
		ret->posts[ret->n] = (struct post){.count = count_of(one)};
		memcpy(ret->posts[ret->n++].id, id.p, id.n);
	}
	buf_clear(&ret->next);
	buf_add_slice(&ret->next, next_of(v));
	return FETCH_BODY;
}

/* Nothing tells of a comment that was edited. */
static bool is_its_turn(const struct meta *m, const struct list *l, size_t i)
{
	size_t turn = (size_t)m->turn % OLDER;

	if (l->page > 0)
		return (l->page - 1) * POSTS_PAGE + i == turn;
	return (i + l->n - TURNS * turn % l->n) % l->n < TURNS;
}

/* The comments of those on a page that have news, or whose turn it is. */
static int read_list(
	struct pass *p, struct meta *m, const struct list *l, bool *ret_known, struct error *e)
{
	int r = FETCH_BODY;

	for (size_t i = l->n; r == FETCH_BODY && i-- > 0 && !m->spent;) { /* the oldest first */
		const struct post *old = posts_find(&m->posts, l->posts[i].id);
		bool whole = true;

		*ret_known |= old != NULL;
		if (old && old->count == l->posts[i].count && !m->test && !is_its_turn(m, l, i))
			continue;
		if (l->posts[i].count || old)
			r = read_comments(p, m, l->posts[i].id, &whole, e);
		if (r == FETCH_BODY && whole &&
			!(old && !m->test && meta_note_missing(m, old, l->posts[i].count)))
			posts_know(&m->posts, l->posts, l->n, i);
	}
	posts_turn_page(&m->posts, l->posts, l->n);
	return r;
}

/* A live look: all those that are known, and on to one that is when there are more new ones. */
static bool is_far_enough(const struct list *l, bool known)
{
	return l->page + 1 >= POSTS_KNOWN / POSTS_PAGE && (known || l->page >= GAP);
}

static int read_all_posts(struct pass *p, struct meta *m, struct error *e)
{
	struct list l = {0};
	bool was_live = m->live, known = false;
	int r = FETCH_BODY;

	m->posts.start = m->live ? 0 : m->posts.n;
	if (!m->live)
		buf_add_slice(&l.next, buf_slice(&m->after));
	for (; r == FETCH_BODY && !m->spent && l.page < PAGES; l.page++) {
		r = read_feed(p, m, &l, e);
		if (r == FETCH_BODY)
			r = read_list(p, m, &l, &known, e);
		if (r != FETCH_BODY || m->spent)
			break; /* this page once more */
		buf_clear(&m->after);
		buf_add_slice(&m->after, buf_slice(&l.next));
		if (m->test || !l.next.n || l.old || (m->live && is_far_enough(&l, known)))
			break;
		print(p, m);
	}
	if (r == FETCH_BODY && !m->spent && !m->test)
		r = meta_bury(p, m, e);
	if (r == FETCH_BODY && !m->spent && !m->test) {
		if (was_live)
			posts_tidy(&m->posts);
		m->live = true;
		m->turn = (m->turn + 1) % OLDER;
	}
	buf_release(&l.next);
	if (r == FETCH_BODY && (m->forbidden || (m->asked && m->refused == m->asked)))
		r = error_set(e, FETCH_REFUSED, "%s", m->fault.text);
	return r;
}

/* A source that is not heard for longer than people expect is not well. */
static int heed_silence(struct pass *p, const struct meta *m, struct error *e)
{
	if (!m->spent || m->test || m->wait_ms <= poller_every(&poller_meta, pass_source(p)))
		return FETCH_BODY;
	return error_set(e, FETCH_LATER,
		"le quota de l'application est presque épuisé : lecture suivante dans %lld min",
		(long long)((m->wait_ms + CLOCK_MINUTE - 1) / CLOCK_MINUTE));
}

static void release(struct meta *m)
{
	json_reader_free(m->json);
	json_reader_free(m->usage);
	buf_release(&m->path);
	buf_release(&m->proof);
	buf_release(&m->after);
	buf_release(&m->answer);
	buf_release(&m->ids);
	buf_release(&m->more);
	free(m);
}

static int read_all(struct pass *p, const char *token, bool test, struct error *e)
{
	struct meta *m = xcalloc(1, sizeof(*m));
	int r;

	m->test = test;
	m->words = meta_words(pass_source(p));
	m->json = json_reader_new(META_ANSWER_MAX);
	m->usage = json_reader_new(FETCH_NAME);
	if (!test)
		read_mark(p, m);
	r = meta_proof(pass_source(p), token, &m->proof, e) < 0 ? FETCH_LATER
								: read_all_posts(p, m, e);
	if (r == FETCH_BODY)
		r = heed_silence(p, m, e);
	print(p, m);
	release(m);
	return r;
}

const struct poller poller_meta = {
	.name = "meta",
	.accept = "application/json",
	.types = " application/json text/javascript ",
	.terms = WORDS_MARK(
		"les commentaires de votre page, par votre application : les conditions de la plate-forme Meta valent, ce qu'elle supprime est effacé ici aussi"),
	.every_ms = 5 * CLOCK_MINUTE,
	.every_min_ms = CLOCK_MINUTE,
	.max = META_ANSWER_MAX,
	.resumes = true,
	.keep = keep,
	.read = read_all,
	.deed = meta_deed,
};
