/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind mastodon: who mentions the town's account, what bears its hashtags, what stands below its own posts.
 *
 * A look     what was published before us, from the newest back (max_id), page by page; then what is newer than the newest that was
 *            seen (min_id), for a hashtag than an hour before it: what comes late from another server has an id of before. What stands below the last posts of the town, for not every answer mentions it. A part of what was heard
 *            is asked for again: it may have been edited or deleted, which only a stream says by itself; a missing one is deleted
 *            only when the server says so of that very one, to the town and to anybody (mastodon/again.c). Then it listens until the next look is due: the streams are opened
 *            before the first page is asked for, so that nothing falls between.
 * Cut off    the next look asks for what came meanwhile; without streams that is all there is.
 * mark       {"places":[{"name","live","at","top"}],"watch":["ID ROOT"]} */
#include "mastodon.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include <tocsin/json/tame.h>

#include "../quota.h"

#define ANSWER_MAX (8u << 20)
#define PAGE 40
#define PAGES 1000 /* of a timeline in one look */
#define OWN 10u /* posts of the town whose answers are asked for … */
#define OWN_MS (14 * 24 * CLOCK_HOUR) /* … when they are not older */
#define WAIT_MS (24 * CLOCK_HOUR) /* nobody makes us wait longer */
#define RESERVE 15 /* requests of the quota that are left to people and actions */

enum { KEPT_LINK, KEPT_LEFT, KEPT_RESET };
static const char *const keep[] = {"Link", "X-RateLimit-Remaining", "X-RateLimit-Reset", NULL};

void mastodon_site(const struct source_config *source, struct buf *url)
{
	size_t n = strcspn(source->url, "?#");

	while (n && source->url[n - 1] == '/')
		n--;
	buf_add(url, source->url, n);
}

void mastodon_heed(struct pass *p, struct mastodon *m, int outcome)
{
	int64_t left, reset;

	if (clock_parse(slice_of(pass_kept(p, KEPT_RESET)), &reset) < 0)
		reset = 0;
	if (!slice_number(slice_of(pass_kept(p, KEPT_LEFT)), &left))
		left = RESERVE + 1;
	if ((outcome != FETCH_LATER || left > 0) && left > RESERVE)
		return;
	m->spent = true;
	m->wait_ms = reset > pass_server_now(p) ? reset - pass_server_now(p) : 0;
	if (m->wait_ms > WAIT_MS)
		m->wait_ms = WAIT_MS;
	if (m->wait_ms)
		pass_spent(p, m->wait_ms);
}

/* A quota that is used up now and then is no trouble; one that lets nothing through, or not for long, looks like calm. */
static int say_spent(const struct mastodon *m, int r, struct error *e)
{
	if (!m->spent || r == FETCH_REFUSED || (m->heard && m->wait_ms <= QUOTA_CALM_MS))
		return r;
	return error_set(e, FETCH_LATER,
		"quota épuisé : ce serveur n'accepte plus de demandes de la ville pour l'instant");
}

bool mastodon_parse(struct mastodon *m, struct slice body, struct json_value *ret)
{
	buf_clear(&m->tamed);
	json_tame(body, &m->tamed);
	return json_parse(m->json, buf_slice(&m->tamed), ret, NULL) == 0;
}

static int say_refused(const struct page *page, int r, struct error *e)
{
	if (r == FETCH_REFUSED && page->status == 401)
		return error_set(e, r,
			"le jeton d'accès est refusé ou a été révoqué (HTTP 401) : en créer un autre dans "
			"Mastodon (Préférences, Développement) et le mettre dans « token_file »");
	return r;
}

int mastodon_ask(struct pass *p, struct mastodon *m, const char *path, struct json_value *ret,
	struct error *e)
{
	_buf_ struct buf url = {0};
	struct page page;
	int r;

	*ret = (struct json_value){0};
	mastodon_site(pass_source(p), &url);
	buf_add_string(&url, path);
	r = pass_ask(p, buf_string(&url), (struct slice){0}, &page, e);
	mastodon_heed(p, m, r);
	if (r != FETCH_BODY)
		return say_refused(&page, r, e);
	if (!mastodon_parse(m, page.body, ret))
		return error_set(e, FETCH_LATER, "ce n'est pas l'API de Mastodon");
	return FETCH_BODY;
}

bool mastodon_take(struct pass *p, struct mastodon *m, struct json_value status, struct slice root)
{
	struct comment c;
	struct json_value account;
	enum mastodon_kind kind = mastodon_status(status, buf_slice(&m->me), &m->text, &c);

	if (kind != MASTODON_COMMENT)
		return kind != MASTODON_STRANGE;
	if (root.n) {
		c.thread = root;
	} else if (c.parent.n) {
		const struct watched *parent = watch_find(&m->watch, c.parent);

		c.thread = parent && parent->root[0] ? slice_of(parent->root) : c.parent;
	}
	pass_add(p, &c);
	watch_add(&m->watch, c.id, c.thread.n ? c.thread : c.id);
	if (field_object(status, "account", &account))
		watch_author(&m->watch, c.id, field_text(account, "id"));
	return true;
}

void mastodon_bury(struct pass *p, struct mastodon *m, struct slice id)
{
	struct comment c = {.type = COMMENT_TOMBSTONE, .id = id};

	pass_add(p, &c);
	watch_remove(&m->watch, id);
}

static void write_mark(struct pass *p, const struct mastodon *m)
{
	struct buf *mark = pass_mark(p);
	struct json_writer w = {.out = mark};

	buf_clear(mark);
	json_w_begin(&w, '{');
	json_w_key(&w, "places");
	json_w_begin(&w, '[');
	for (size_t i = 0; i < m->n_places; i++) {
		const struct place *at = &m->places[i];

		json_w_begin(&w, '{');
		json_w_text(&w, "name", slice_of(at->tag ? at->tag : ""));
		json_w_key(&w, "live");
		json_w_bool(&w, at->live);
		json_w_text(&w, "at", buf_slice(&at->at));
		json_w_text(&w, "top", buf_slice(&at->top));
		json_w_end(&w, '}');
	}
	json_w_end(&w, ']');
	json_w_key(&w, "watch");
	watch_print(&m->watch, &w, SEEN_MARK - 256);
	json_w_end(&w, '}');
}

void mastodon_print(struct pass *p, struct mastodon *m)
{
	write_mark(p, m);
	pass_print(p);
}

static struct place *place_of(struct mastodon *m, struct slice name)
{
	for (size_t i = 0; i < m->n_places; i++)
		if (slice_is(name, m->places[i].tag ? m->places[i].tag : ""))
			return &m->places[i];
	return NULL;
}

static void read_mark(struct pass *p, struct mastodon *m)
{
	struct json_value v = {0}, list = {0}, one = {0};
	struct slice key;
	uint32_t it = 0;

	if (json_parse(m->json, buf_slice(pass_mark(p)), &v, NULL) < 0)
		return;
	while (field_array(v, "places", &list) && json_each(list, &it, &key, &one)) {
		struct place *at = place_of(m, field_text(one, "name"));

		if (!at)
			continue;
		at->live = field_true(one, "live");
		buf_add_slice(&at->at, field_text(one, "at"));
		buf_add_slice(&at->top, field_text(one, "top"));
	}
	if (field_array(v, "watch", &list))
		watch_read(&m->watch, list);
}

static int who_we_are(struct pass *p, struct mastodon *m, struct error *e)
{
	struct json_value v = {0};
	int r = mastodon_ask(p, m, "/api/v1/accounts/verify_credentials", &v, e);

	if (r != FETCH_BODY)
		return r;
	buf_add_slice(&m->me, field_text(v, "id"));
	return m->me.n ? FETCH_BODY : error_set(e, FETCH_LATER, "ce n'est pas l'API de Mastodon");
}

/* --- a timeline */

struct list { /* a page of one */
	size_t n;
	struct buf first, last;
	bool old; /* all of it is older than what counts */
};

static void list_release(struct list *l)
{
	buf_release(&l->first);
	buf_release(&l->last);
}

/* Notifications hold a status, the others are one. */
static void take_list(struct pass *p, struct mastodon *m, const struct place *at,
	struct json_value list, struct list *ret)
{
	int64_t backfill = pass_source(p)->backfill_ms;
	struct json_value v = {0}, status = {0};
	struct slice key;
	uint32_t it = 0;

	ret->old = !at->live && backfill;
	while (json_each(list, &it, &key, &v)) {
		bool old = backfill && !at->live &&
			field_time(v, "created_at") < pass_now(p) - backfill;

		buf_clear(&ret->last);
		buf_add_slice(&ret->last, field_text(v, "id"));
		if (!ret->n++)
			buf_add_slice(&ret->first, buf_slice(&ret->last));
		ret->old &= old;
		status = v;
		if (!old && (at->tag || field_object(v, "status", &status)) &&
			!mastodon_take(p, m, status, (struct slice){0}))
			pass_odd(p, "statut illisible");
	}
}

static int ask_list(struct pass *p, struct mastodon *m, const struct place *at, struct list *ret,
	struct error *e)
{
	struct json_value v = {0};
	int r;

	buf_clear(&m->path);
	if (at->tag) {
		buf_add_string(&m->path, "/api/v1/timelines/tag/");
		address_part(&m->path, slice_of(at->tag));
		buf_printf(&m->path, "?limit=%d", PAGE);
	} else {
		buf_printf(&m->path, "/api/v1/notifications?types[]=mention&limit=%d", PAGE);
	}
	if (at->live || at->at.n) {
		const struct buf *from = at->live ? &at->from : &at->at;

		buf_printf(&m->path, "&%s=%.*s", at->live ? "min_id" : "max_id", (int)from->n,
			from->p);
	}
	r = mastodon_ask(p, m, buf_string(&m->path), &v, e);
	if (r != FETCH_BODY)
		return r;
	if (v.type != JSON_ARRAY)
		return error_set(e, FETCH_LATER, "ce n'est pas l'API de Mastodon");
	take_list(p, m, at, v, ret);
	return FETCH_BODY;
}

/* Where the page that was read leads. False: it was the last. */
static bool move_back(struct pass *p, struct place *at, const struct list *l)
{
	struct slice link = slice_of(pass_kept(p, KEPT_LINK));
	_buf_ struct buf next = {0};

	if (!at->at.n)
		buf_add_slice(&at->top, buf_slice(&l->first));
	if (!mastodon_link(link, "next", "max_id", &next) && !link.n && l->n >= PAGE)
		buf_add_slice(&next, buf_slice(&l->last));
	at->live = at->top.n && (!l->n || l->old || !next.n);
	if (!l->n || at->live || slice_equal(buf_slice(&next), buf_slice(&at->at)))
		return false;
	buf_clear(&at->at);
	buf_add_slice(&at->at, buf_slice(&next));
	return true;
}

static bool move_on(struct pass *p, struct place *at, const struct list *l)
{
	_buf_ struct buf next = {0};

	if (!l->n)
		return false;
	if (!mastodon_link(slice_of(pass_kept(p, KEPT_LINK)), "prev", "min_id", &next))
		buf_add_slice(&next, buf_slice(&l->first));
	if (slice_equal(buf_slice(&next), buf_slice(&at->from))) /* it knows no min_id */
		return false;
	buf_clear(&at->from);
	buf_add_slice(&at->from, buf_slice(&next));
	if (mastodon_is_newer(buf_slice(&next), buf_slice(&at->top))) {
		buf_clear(&at->top);
		buf_add_slice(&at->top, buf_slice(&next));
	}
	return true;
}

/* Where a look at what is new begins. */
static void begin_live(struct place *at)
{
	buf_clear(&at->from);
	if (at->tag)
		mastodon_overlap(buf_slice(&at->top), &at->from);
	else
		buf_add_slice(&at->from, buf_slice(&at->top));
}

static int read_place(
	struct pass *p, struct mastodon *m, struct place *at, bool test, struct error *e)
{
	bool more = true;
	int r = FETCH_BODY;

	begin_live(at);
	for (unsigned page = 0; r == FETCH_BODY && more && !m->spent && page < PAGES; page++) {
		struct list l = {0};
		bool was_live = at->live;

		r = ask_list(p, m, at, &l, e);
		if (r == FETCH_BODY) {
			m->heard = true;
			more = was_live ? move_on(p, at, &l) : move_back(p, at, &l);
			if (at->live && !was_live) {
				begin_live(at);
				more = true;
			}
			more &= !test;
			mastodon_print(p, m);
		}
		list_release(&l);
	}
	return r;
}

/* --- below the town's own posts */

static void take_context(struct pass *p, struct mastodon *m, const char *id, struct json_value v)
{
	struct json_value list = {0}, one = {0};
	struct slice key, root = slice_of(id);
	uint32_t it = 0;

	if (field_array(v, "ancestors", &list) && json_each(list, &it, &key, &one) &&
		field_text(one, "id").n)
		root = field_text(one, "id");
	it = 0;
	while (field_array(v, "descendants", &list) && json_each(list, &it, &key, &one))
		mastodon_take(p, m, one, root);
}

static size_t list_own(struct pass *p, struct json_value list, char ids[static OWN][WATCH_ID])
{
	struct json_value v = {0};
	struct slice key;
	uint32_t it = 0;
	size_t n = 0;

	while (n < OWN && list.type == JSON_ARRAY && json_each(list, &it, &key, &v)) {
		struct slice id = field_text(v, "id");

		if (field_number(v, "replies_count") <= 0 || !id.n || id.n >= WATCH_ID ||
			field_time(v, "created_at") < pass_now(p) - OWN_MS)
			continue;
		memcpy(ids[n], id.p, id.n);
		ids[n++][id.n] = 0;
	}
	return n;
}

static int read_replies(struct pass *p, struct mastodon *m, struct error *e)
{
	char ids[OWN][WATCH_ID];
	struct json_value v = {0};
	size_t n;
	int r;

	if (m->spent)
		return FETCH_BODY;
	buf_clear(&m->path);
	buf_add_string(&m->path, "/api/v1/accounts/");
	address_part(&m->path, buf_slice(&m->me));
	buf_printf(&m->path, "/statuses?exclude_reblogs=true&limit=%d", PAGE);
	r = mastodon_ask(p, m, buf_string(&m->path), &v, e);
	n = r == FETCH_BODY ? list_own(p, v, ids) : 0;
	for (size_t i = 0; i < n && !m->spent; i++) {
		buf_clear(&m->path);
		buf_add_string(&m->path, "/api/v1/statuses/");
		address_part(&m->path, slice_of(ids[i]));
		buf_add_string(&m->path, "/context");
		r = mastodon_ask(p, m, buf_string(&m->path), &v, e);
		if (r == FETCH_LATER)
			return r;
		if (r == FETCH_BODY)
			take_context(p, m, ids[i], v);
		mastodon_print(p, m);
	}
	return r == FETCH_REFUSED && n ? FETCH_BODY : r; /* a post may be gone meanwhile */
}

static int read_site(
	struct pass *p, struct mastodon *m, const char *token, bool test, struct error *e)
{
	int r = who_we_are(p, m, e);

	if (r == FETCH_BODY && !test)
		mastodon_open(p, m, token);
	for (size_t i = 0; r == FETCH_BODY && i < m->n_places; i++)
		r = read_place(p, m, &m->places[i], test, e);
	if (r == FETCH_BODY && !test)
		r = read_replies(p, m, e);
	if (r == FETCH_BODY && !test)
		r = mastodon_look_again(p, m, e);
	if (r == FETCH_BODY && m->stream && !m->spent)
		mastodon_listen(p, m, poller_every(&poller_mastodon, pass_source(p)));
	return say_spent(m, r, e);
}

static void release(struct mastodon *m)
{
	stream_close(m->stream);
	for (size_t i = 0; i < STREAM_MAX; i++)
		sse_release(&m->sse[i]);
	for (size_t i = 0; i < m->n_places; i++) {
		buf_release(&m->places[i].at);
		buf_release(&m->places[i].top);
		buf_release(&m->places[i].from);
	}
	json_reader_free(m->json);
	buf_release(&m->me);
	buf_release(&m->path);
	buf_release(&m->text);
	buf_release(&m->tamed);
	free(m->places);
	free(m);
}

static int read_all(struct pass *p, const char *token, bool test, struct error *e)
{
	struct mastodon *m = xcalloc(1, sizeof(*m));
	char **tags = pass_source(p)->hashtags;
	int r;

	m->json = json_reader_new(2 * ANSWER_MAX); /* mended it is longer */
	for (m->n_places = 1; tags && tags[m->n_places - 1]; m->n_places++)
		;
	m->places = xcalloc(m->n_places, sizeof(*m->places));
	for (size_t i = 1; i < m->n_places; i++)
		m->places[i].tag = tags[i - 1];
	if (!test)
		read_mark(p, m);
	r = read_site(p, m, token, test, e);
	mastodon_print(p, m);
	release(m);
	return r;
}

const struct poller poller_mastodon = {
	.name = "mastodon",
	.accept = "application/json",
	.types = " application/json ",
	.terms = WORDS_MARK(
		"les mentions de votre compte, vos mots-dièse et les réponses à vos messages, publics seulement ; les règles de votre serveur valent pour vous aussi"),
	.every_ms = CLOCK_MINUTE,
	.every_min_ms = 30 * CLOCK_SECOND,
	.max = ANSWER_MAX,
	.resumes = true,
	.keep = keep,
	.read = read_all,
	.deed = mastodon_deed,
};
