/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind wordpress: the comments of a site by its REST API (/wp-json/wp/v2/comments). With a user and an application
 * password that may moderate, those that wait for approval too.
 *
 * mark     "walk DATE NEXT,LAST": what was published before us, by its numbers (wordpress/walk.h); DATE is the newest so far.
 *          "back DATE OFFSET": the same in the order of its dates, from DATE on (the site's own clock; OFFSET comments from
 *          that second on are read), where not everything is asked for, or numbers are of no use.
 *          "live DATE IDS": all that is at most a window older than DATE, the newest that was seen, is read at each look,
 *          for WordPress does not say what was edited, nor what was approved: that has the date at which it was written,
 *          and who may not see what waits has a wider window. IDS stood there last time: one that is missing now is asked
 *          for by itself, and is deleted only when the site says so. More than LIVE of them are not read; when they do not
 *          reach DATE (we were away for long) it goes "back" to it. DATE may be DATE/FLOOR: what is older than FLOOR was
 *          never asked for (backfill); or DATE/FLOOR/DUE/TOTAL, where a site is slow (wordpress/calm.c).
 *
 * WordPress leaves out of a page what we may not read (a comment on a private post) after it has counted the page: a short or
 * empty page is the last one only when X-WP-Total says so. */
#include "look.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/markup/markup.h>

#define PAGE 50
#define HIGHEST 10 /* of the highest numbers: some may be of comments that we may not read */
#define LIVE 1000
#define WINDOW (48 * CLOCK_HOUR)
#define WINDOW_PUBLIC (30 * 24 * CLOCK_HOUR) /* what waited for approval for so long is heard */
#define ALL "&context=edit&status=all" /* what waits for approval too */
#define ANSWER_MAX (8u << 20)
#define AHEAD_MS (10 * CLOCK_MINUTE)
#define EAST_MS (15 * CLOCK_HOUR) /* no site's own clock is further ahead of UTC */

/* A mark's next word. */
static struct slice word_of(struct slice *rest, char end)
{
	const char *p = rest->n ? memchr(rest->p, end, rest->n) : NULL;
	struct slice word = {rest->p, p ? (size_t)(p - rest->p) : rest->n};
	size_t used = word.n + (p != NULL);

	*rest = (struct slice){rest->p + used, rest->n - used};
	return word;
}

static void know(struct wp *w, int64_t id)
{
	w->known = xgrow(w->known, w->n_known, &w->cap_known, sizeof(*w->known));
	w->known[w->n_known++] = id;
}

static void read_mark(struct wp *w, struct slice mark)
{
	struct slice word = word_of(&mark, ' '), dates = word_of(&mark, ' ');
	int64_t id;

	w->live = slice_is(word, "live") || slice_is(word, PASS_TEST);
	if (clock_parse(word_of(&dates, '/'), &w->at) < 0)
		w->at = 0;
	if (clock_parse(word_of(&dates, '/'), &w->floor) < 0)
		w->floor = 0;
	if (clock_parse(word_of(&dates, '/'), &w->due_at) < 0 || !slice_number(dates, &w->total))
		w->due_at = w->total = 0;
	if (slice_is(word, "walk"))
		walk_parse(mark, &w->walk);
	else if (!w->live && !slice_number(mark, &w->offset))
		w->offset = 0;
	while (w->live && mark.n)
		if (slice_number(word_of(&mark, ','), &id))
			know(w, id);
	w->from = w->at - w->window > w->floor ? w->at - w->window : w->floor;
	w->began_at = w->at;
}

/* "2026-11-24T10:00:00": the site reads a date without a zone by its own clock, by which it also says it. */
static void add_date(struct buf *out, int64_t ms)
{
	char text[CLOCK_TEXT];

	clock_format(ms - ms % CLOCK_SECOND, text);
	buf_add(out, text, strcspn(text, "Z"));
}

void wordpress_site(const struct source_config *source, struct buf *url)
{
	const char *site = source->url;
	size_t n = strcspn(site, "?#");

	while (n && site[n - 1] == '/')
		n--;
	buf_add(url, site, n);
	buf_add_string(url, "/wp-json/wp/v2/comments");
}

void wordpress_rights(struct pass *p, struct buf *url, bool list)
{
	buf_add_string(url,
		"_fields=id,parent,author,author_name,author_url,date,date_gmt,content,link,"
		"status,type");
	if (pass_source(p)->user)
		buf_add_string(url, list ? ALL : "&context=edit");
}

static int page_most(const struct wp *w)
{
	return w->live || wordpress_walks(w) ? WALK_PAGE : PAGE;
}

static void number_url(struct pass *p, struct wp *w, struct buf *url)
{
	wordpress_site(pass_source(p), url);
	if (w->counting) {
		buf_printf(url, "?per_page=%d&orderby=id&order=desc&_fields=id%s", HIGHEST,
			pass_source(p)->user ? ALL : "");
		return;
	}
	buf_printf(url, "?per_page=%d&orderby=id&order=asc&", w->size);
	wordpress_rights(p, url, true);
	walk_ask(&w->walk, w->size, url);
}

static void list_url(struct pass *p, struct wp *w, struct buf *url)
{
	if (w->counting || wordpress_walks(w)) {
		number_url(p, w, url);
		return;
	}
	wordpress_site(pass_source(p), url);
	buf_printf(url, "?per_page=%d&orderby=date&order=%s&", w->size, w->live ? "desc" : "asc");
	wordpress_rights(p, url, true);
	if (w->offset)
		buf_printf(url, "&offset=%lld", (long long)w->offset);
	if (w->at > w->window) { /* what stands in that very second is asked for again */
		buf_add_string(url, "&after=");
		add_date(url, (w->live ? w->from : w->at) - CLOCK_SECOND);
	}
}

static void first(struct pass *p, struct buf *url)
{
	struct wp *w = *pass_own(p) = xcalloc(1, sizeof(*w));

	w->json = json_reader_new(ANSWER_MAX);
	w->walk.next = 1;
	w->window = pass_source(p)->user ? WINDOW : WINDOW_PUBLIC;
	read_mark(w, buf_slice(pass_mark(p)));
	if (!w->at && !w->live && pass_source(p)->backfill_ms)
		w->at = w->floor = pass_now(p) - pass_source(p)->backfill_ms;
	w->counting = !w->at && !w->offset && !w->live && !wordpress_walks(w);
	w->size = w->live ? PAGE : page_most(w);
	list_url(p, w, url);
}

void wordpress_content(struct json_value v, struct buf *out)
{
	struct json_value content;

	if (json_get(v, SLICE("content"), &content) && content.type == JSON_OBJECT)
		html_text(field_text(content, "rendered"), out);
}

bool wordpress_is_there(struct slice status)
{
	return !status.n || slice_is(status, "approved") || slice_is(status, "hold");
}

static void emit(struct pass *p, struct wp *w, struct json_value v)
{
	struct slice link = field_text(v, "link");
	const char *hash = link.n ? memchr(link.p, '#', link.n) : NULL;
	struct comment c = {.type = COMMENT_ITEM};
	int64_t user = field_number(v, "author"), parent = field_number(v, "parent");

	buf_clear(&w->text);
	buf_clear(&w->id);
	buf_clear(&w->parent);
	buf_clear(&w->author);
	buf_printf(&w->id, "%lld", (long long)field_number(v, "id"));
	if (parent)
		buf_printf(&w->parent, "%lld", (long long)parent);
	if (user)
		buf_printf(&w->author, "user:%lld", (long long)user);
	wordpress_content(v, &w->text);
	c.id = buf_slice(&w->id);
	c.text = buf_slice(&w->text);
	c.author_name = field_text(v, "author_name");
	c.author = user                         ? buf_slice(&w->author)
		: field_text(v, "author_url").n ? field_text(v, "author_url")
						: c.author_name;
	if (slice_begins(link, "https://") || slice_begins(link, "http://")) {
		c.url = link;
		c.thread = (struct slice){link.p, hash ? (size_t)(hash - link.p) : link.n};
	}
	c.parent = buf_slice(&w->parent);
	c.kind = field_text(v, "type").n ? field_text(v, "type") : SLICE("comment");
	c.created_at = field_time(v, "date_gmt");
	pass_add(p, &c);
}

/* Whether its dates may move the mark: a wrong one in the future would make us deaf until then. */
static bool is_dated(const struct pass *p, struct json_value v)
{
	int64_t utc = field_time(v, "date_gmt");

	return utc && utc <= pass_now(p) + AHEAD_MS &&
		field_time(v, "date") <= pass_now(p) + EAST_MS;
}

/* The comments of a page: whether there is any, and the newest date that may be the mark. */
static int read_list(struct pass *p, struct wp *w, struct json_value list, bool *ret_any,
	int64_t *ret_newest, struct error *e)
{
	struct json_value v;
	struct slice key;
	uint32_t it = 0;

	*ret_any = false;
	*ret_newest = 0;
	while (json_each(list, &it, &key, &v)) {
		int64_t id = field_number(v, "id"), at = field_time(v, "date");

		if (v.type != JSON_OBJECT || id <= 0)
			return error_set(e, -EINVAL, "ce n'est pas l'API de WordPress");
		*ret_any = true;
		if (at && (!w->oldest || at < w->oldest))
			w->oldest = at;
		if (wordpress_is_there(field_text(v, "status")))
			emit(p, w, v);
		if (!is_dated(p, v))
			continue;
		if (at > *ret_newest)
			*ret_newest = at;
		w->there = xgrow(w->there, w->n, &w->cap, sizeof(*w->there));
		w->there[w->n++] = (struct there){id, at};
	}
	return 0;
}

void wordpress_write_mark(struct pass *p, struct wp *w)
{
	struct buf *mark = pass_mark(p);
	const char *comma = "";

	buf_clear(mark);
	buf_add_string(mark, w->live ? "live " : wordpress_walks(w) ? "walk " : "back ");
	add_date(mark, w->at);
	if (w->floor || (w->live && w->due_at))
		buf_add_char(mark, '/');
	if (w->floor)
		add_date(mark, w->floor);
	if (w->live && w->due_at) {
		buf_add_char(mark, '/');
		add_date(mark, w->due_at);
		buf_printf(mark, "/%lld", (long long)w->total);
	}
	buf_add_char(mark, ' ');
	if (wordpress_walks(w)) {
		walk_print(&w->walk, mark);
		return;
	}
	if (!w->live) {
		buf_printf(mark, "%lld", (long long)w->offset);
		return;
	}
	/* those that will stand in the next window too, and those whose fate was not asked yet */
	for (size_t i = 0; i < w->n && mark->n < SEEN_MARK - 64; i++) {
		if (w->there[i].at < w->at - w->window)
			continue;
		buf_printf(mark, "%s%lld", comma, (long long)w->there[i].id);
		comma = ",";
	}
	for (size_t i = w->checked; i < w->n_known && mark->n < SEEN_MARK - 64; i++) {
		buf_printf(mark, "%s%lld", comma, (long long)w->known[i]);
		comma = ",";
	}
}

static void list_next(struct pass *p, struct wp *w)
{
	_buf_ struct buf url = {0};

	list_url(p, w, &url);
	pass_next(p, buf_slice(&url));
}

/* The same again, in smaller pages: a few long comments, escaped and twice in an answer, are more than we take at once. */
static int ask_less(struct pass *p, struct wp *w)
{
	if (w->size == 1 || w->counting)
		return -EFBIG;
	w->size /= 2;
	list_next(p, w);
	return 0;
}

/* How many there are tells how the past is read. */
static int map_count(struct pass *p, struct wp *w, struct json_value list, struct error *e)
{
	struct json_value v;
	struct slice key;
	uint32_t it = 0;
	int64_t total, highest = 0;

	while (json_each(list, &it, &key, &v)) {
		int64_t id = field_number(v, "id");

		if (v.type != JSON_OBJECT || id <= 0)
			return error_set(e, -EINVAL, "ce n'est pas l'API de WordPress");
		if (id > highest)
			highest = id;
	}
	if (!slice_number(slice_of(pass_kept(p, 0)), &total))
		total = 0;
	w->counting = false;
	walk_begin(&w->walk, highest, total);
	w->size = page_most(w);
	list_next(p, w);
	wordpress_write_mark(p, w);
	return 0;
}

/* Whether the site has more than what was read; one that does not say how much it has is asked until a page is empty. */
static bool has_more(const struct pass *p, const struct wp *w, bool any)
{
	int64_t total;

	return slice_number(slice_of(pass_kept(p, 0)), &total) ? total > w->offset : any;
}

static void map_back(struct pass *p, struct wp *w, bool more, int64_t newest)
{
	if (newest > w->at) {
		w->at = newest;
		w->offset = 0;
	} /* else all of one second, or none is dated */
	w->live = !more;
	if (more) {
		w->n = 0;
		list_next(p, w);
	}
	wordpress_write_mark(p, w);
}

/* A site that does not know include answers with others: its numbers are of no use, everything is read by its dates. */
static bool is_asked(const struct wp *w, struct json_value list)
{
	struct json_value v;
	struct slice key;
	uint32_t it = 0;

	while (json_each(list, &it, &key, &v))
		if (!walk_asked(&w->walk, w->size, field_number(v, "id")))
			return false;
	return true;
}

/* … as are those of one whose server, or guard, finds a hundred of them too long. */
static bool is_refused(long status)
{
	return status == 400 || status == 414;
}

static int walk_ends(struct pass *p, struct wp *w)
{
	w->walk = (struct walk){1, 0};
	w->at = w->offset = 0;
	w->size = PAGE;
	list_next(p, w);
	wordpress_write_mark(p, w);
	return 0;
}

static void map_walk(struct pass *p, struct wp *w, int size, int64_t newest)
{
	if (newest > w->at)
		w->at = newest;
	w->walk.next += size;
	w->live = !walk_goes_on(&w->walk);
	if (!w->live) {
		w->n = 0;
		list_next(p, w);
	}
	wordpress_write_mark(p, w);
}

static void map_live(struct pass *p, struct wp *w, bool more, int64_t newest)
{
	if (newest > w->at)
		w->at = newest;
	if (more && wordpress_is_calm(p, w)) {
		wordpress_unseen(w);
		wordpress_write_mark(p, w);
		return;
	}
	if (more && w->offset < LIVE) {
		list_next(p, w);
		return; /* the mark stays until the window is read whole */
	}
	if (more && (!w->oldest || w->oldest > w->began_at)) {
		/* what lies between is read in its order */
		w->live = false;
		w->at = w->began_at;
		w->offset = 0;
		wordpress_write_mark(p, w);
		return;
	}
	wordpress_was_whole(p, w);
	wordpress_missing(p, w);
}

static int map(struct pass *p, const struct page *page, struct error *e)
{
	struct wp *w = *pass_own(p);
	struct json_value v;
	int64_t newest;
	bool any, more;
	int r, size;

	if (w->checking) {
		wordpress_fate(p, w, page);
		return 0;
	}
	if (page->too_big)
		return ask_less(p, w);
	if (wordpress_walks(w) && is_refused(page->status))
		return walk_ends(p, w);
	if (page->status >= 300)
		return error_set(e, -EINVAL, "réponse inattendue (HTTP %ld)", page->status);
	if (json_parse(w->json, page->body, &v, e) < 0 || v.type != JSON_ARRAY)
		return error_set(e, -EINVAL, "ce n'est pas l'API de WordPress");
	if (w->counting)
		return map_count(p, w, v, e);
	if (wordpress_walks(w) && !is_asked(w, v))
		return walk_ends(p, w);
	size = w->size;
	r = read_list(p, w, v, &any, &newest, e);
	if (r < 0)
		return r;
	w->size = 2 * size < page_most(w) ? 2 * size : page_most(w);
	if (wordpress_walks(w)) {
		map_walk(p, w, size, newest);
		return 0;
	}
	w->offset += size;
	more = has_more(p, w, any);
	if (w->live)
		map_live(p, w, more, newest);
	else
		map_back(p, w, more, newest);
	return 0;
}

static void end(struct pass *p)
{
	struct wp *w = *pass_own(p);

	if (!w)
		return;
	json_reader_free(w->json);
	buf_release(&w->text);
	buf_release(&w->id);
	buf_release(&w->parent);
	buf_release(&w->author);
	free(w->there);
	free(w->known);
	free(w);
	*pass_own(p) = NULL;
}

static const char *const keep[] = {"X-WP-Total", NULL};

const struct poller poller_wordpress = {
	.name = "wordpress",
	.accept = "application/json",
	.types = " application/json ",
	.terms = WORDS_MARK(
		"le site est le vôtre : un compte qui modère, avec un mot de passe d'application, montre aussi ce qui attend"),
	.every_ms = CLOCK_MINUTE,
	.every_min_ms = 15 * CLOCK_SECOND,
	.max = ANSWER_MAX,
	.pages = 1000000,
	.first = first,
	.end = end,
	.resumes = true,
	.takes_refusals = true,
	.takes_too_big = true,
	.keep = keep,
	.map = map,
	.deed = wordpress_deed,
};
