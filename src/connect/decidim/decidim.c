/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind decidim: the comments on the proposals, debates, meetings, blog posts and results of a Decidim site's participatory processes,
 * assemblies and initiatives, and on these initiatives themselves, by its GraphQL (/api). Nothing is done there.
 *
 * A look   is a whole round: every space, every component, page by page. What is known in the same words is passed by; what two
 *          whole rounds in a row did not show is deleted: cursors are places in a list, which others change meanwhile. A round in
 *          which anything could not be read proves nothing of what it did not show; one in which no component could be read has
 *          failed, with the first reason that the site gave. Comments come with what they are about, unpaged: when that is too much
 *          for one answer, less of it is asked for at a time, then slowly more; what is too much by itself is passed by, and the log says so.
 *          One that breaks off goes on next time where it was, or behind that if it broke off there at once: neither one component that
 *          fails nor a quota that is short keeps what stands behind from being read.
 * mark     {"known", "from"} */
#include "decidim.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "../known.h"
#include "../poller.h"
#include "../stride.h"
#include <tocsin/json/tame.h>

#define ANSWER_MAX (8u << 20)
#define OBJECTS (500u * DECIDIM_PAGE) /* of a component */
#define COMPONENTS 500u
#define NAME_MAX_ 200u
#define ASK_TOO_BIG 10 /* of ask: the answer was, and is not there */

struct component {
	enum decidim_space space;
	char *slug, *id;
	enum decidim_type
		type; /* DECIDIM_TYPES: the space itself is what is commented, id is its own */
};
struct decidim {
	struct json_reader *json;
	struct component *list;
	size_t n, cap;
	struct known known;
	struct pass *p;
	struct buf query, words, tamed;
	struct buf from; /* the component that a round begins with, its id; "": the first */
	bool translated, whole, test;
	struct stride stride;
	bool told; /* what was too big */
	bool many; /* more than COMPONENTS */
	bool answered; /* the last answer was the API's, whatever it says */
	size_t shown, added; /* added: since it was printed */
	size_t read; /* pages of components */
	struct error why; /* the first that the site said is wrong */
};

static void site(const struct source_config *source, struct buf *url)
{
	size_t n = strcspn(source->url, "?#");

	while (n && source->url[n - 1] == '/')
		n--;
	buf_add(url, source->url, n);
}

/* Whether it says that comments have their words in several languages. */
static bool wants_translations(struct json_value v)
{
	struct json_value list, one;
	struct slice key;
	uint32_t it = 0;

	while (field_array(v, "errors", &list) && json_each(list, &it, &key, &one)) {
		struct slice why = field_text(one, "message");

		if (memmem(why.p, why.n, "must have selections", 20) &&
			memmem(why.p, why.n, "body", 4))
			return true;
	}
	return false;
}

/* What it says is wrong; some of the data may be there all the same. */
static void keep_error(struct json_value v, struct error *e)
{
	struct json_value list, one = {0};
	struct slice key, why = {"", 0};
	uint32_t it = 0;

	if (field_array(v, "errors", &list) && json_each(list, &it, &key, &one))
		why = field_text(one, "message");
	error_set(e, 0, "ce n'est pas l'API de Decidim%s%.*s", why.n ? " : " : "",
		(int)(why.n < 200 ? why.n : 200), why.p);
}

/* The query in d->query: its data. */
static int ask(struct decidim *d, struct json_value *ret, struct error *e)
{
	_buf_ struct buf url = {0};
	struct page page;
	struct json_value v, errors;
	int r;

	*ret = (struct json_value){0};
	d->answered = false;
	site(pass_source(d->p), &url);
	buf_add_string(&url, "/api");
	r = pass_ask(d->p, buf_string(&url), buf_slice(&d->query), &page, e);
	if (r != FETCH_BODY)
		return page.too_big ? ASK_TOO_BIG : r;
	buf_clear(&d->tamed);
	json_tame(page.body, &d->tamed);
	if (json_parse(d->json, buf_slice(&d->tamed), &v, NULL) < 0)
		return error_set(e, FETCH_LATER, "ce n'est pas l'API de Decidim");
	keep_error(v, e);
	d->answered = true;
	if (!d->translated && wants_translations(v)) {
		d->translated = true;
	} else if (field_array(v, "errors", &errors)) {
		d->whole = false;
		if (!d->why.text[0])
			d->why = *e;
	}
	return field_object(v, "data", ret) ? FETCH_BODY : FETCH_LATER;
}

static void print(struct decidim *d)
{
	struct buf *mark = pass_mark(d->p);
	_buf_ struct buf known = {0};
	struct json_writer w = {.out = mark};

	known_print(&d->known, SEEN_MARK - 256, &known);
	buf_clear(mark);
	json_w_begin(&w, '{');
	json_w_text(&w, "known", buf_slice(&known));
	if (d->from.n)
		json_w_text(&w, "from", buf_slice(&d->from));
	json_w_end(&w, '}');
	pass_print(d->p);
	d->added = 0;
}

static bool is_slug(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'z') &&
			!(s.p[i] >= 'A' && s.p[i] <= 'Z') && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n && s.n < NAME_MAX_;
}

static void read_mark(struct decidim *d)
{
	struct json_value v;

	if (json_parse(d->json, buf_slice(pass_mark(d->p)), &v, NULL) < 0)
		return;
	known_parse(&d->known, field_text(v, "known"));
	if (is_slug(field_text(v, "from")))
		buf_add_slice(&d->from, field_text(v, "from"));
}

static void list_one(struct decidim *d, enum decidim_space space, struct slice slug,
	struct slice id, enum decidim_type type)
{
	if (d->n == COMPONENTS && !d->many)
		fprintf(stderr,
			"tocsin-connect: warning: %s : plus de %u composants et initiatives sur ce site ; les "
			"autres ne sont pas lus\n",
			pass_source(d->p)->id, COMPONENTS);
	d->many |= d->n == COMPONENTS;
	if (!is_slug(id) || d->many) {
		d->whole = false;
		return;
	}
	d->list = xgrow(d->list, d->n, &d->cap, sizeof(*d->list));
	d->list[d->n++] =
		(struct component){space, xstrndup(slug.p, slug.n), xstrndup(id.p, id.n), type};
}

static void list_components(struct decidim *d, enum decidim_space kind, struct json_value space)
{
	struct json_value list = {0}, v = {0};
	struct slice key, slug = field_text(space, "slug");
	uint32_t it = 0;

	if (!is_slug(slug) || !field_array(space, "components", &list)) {
		d->whole = false;
		return;
	}
	while (json_each(list, &it, &key, &v)) {
		enum decidim_type type = decidim_type(field_text(v, "__typename"));

		if (type != DECIDIM_TYPES)
			list_one(d, kind, slug, field_text(v, "id"), type);
	}
	if (kind == DECIDIM_INITIATIVES)
		list_one(d, kind, slug, field_text(space, "id"), DECIDIM_TYPES);
}

/* FETCH_BODY too when the site says that these are not there, or not for us: the others are read. */
static int read_spaces(struct decidim *d, enum decidim_space kind, struct error *e)
{
	struct json_value data = {0}, list = {0}, v = {0};
	struct slice key;
	uint32_t it = 0;
	bool whole = d->whole, first = kind == DECIDIM_PROCESSES;
	struct error why = d->why;
	int r;

	buf_clear(&d->query);
	decidim_spaces_query(&d->query, kind);
	r = ask(d, &data, e);
	if (r != FETCH_BODY && (first || !d->answered))
		return r;
	if (!field_array(data, decidim_root(kind), &list)) {
		if (first)
			return FETCH_LATER; /* e says why */
		if (!decidim_has_none(kind, slice_of(e->text))) {
			d->whole = false;
			return FETCH_BODY;
		}
		d->whole = whole;
		d->why = why;
		return FETCH_BODY;
	}
	while (json_each(list, &it, &key, &v))
		list_components(d, kind, v);
	return FETCH_BODY;
}

static void on_comment(void *user, const struct comment *c)
{
	struct decidim *d = user;
	struct comment words = *c;
	int64_t id = 0, backfill = pass_source(d->p)->backfill_ms;

	d->shown++;
	words.likes = 0;
	buf_clear(&d->words);
	comment_to_json(&d->words, &words);
	if (!slice_number(c->id, &id) || !known_add(&d->known, id, buf_slice(&d->words)))
		return;
	if (backfill && c->created_at && c->created_at < pass_now(d->p) - backfill)
		return;
	pass_add(d->p, c);
	d->added++;
}

static void tell_too_big(struct decidim *d, const struct component *at)
{
	if (!d->told)
		fprintf(stderr,
			"tocsin-connect: warning: %s : trop de commentaires sous un élément de l'espace « %s » "
			"pour une réponse de ce site ; ils ne sont pas lus\n",
			pass_source(d->p)->id, at->slug);
	d->told = true;
	d->whole = false;
}

/* What is there alone is more than an answer holds: its comments are passed by, what comes after it is not. */
static int pass_by(struct decidim *d, const struct component *at, struct slice after,
	struct json_value *ret, struct error *e)
{
	tell_too_big(d, at);
	buf_clear(&d->query);
	decidim_page_query(&d->query, slice_of(at->id), at->type, after, 1, d->translated, false);
	return ask(d, ret, e);
}

/* One page; after is moved to the next one, empty: it was the last. */
static int read_page(
	struct decidim *d, const struct component *at, struct buf *after, struct error *e)
{
	struct json_value data = {0}, v = {0}, edge = {0}, info = {0}, nodes = {0}, node = {0};
	struct slice key;
	uint32_t it = 0;
	bool was_translated = d->translated, alone;
	int r;

	buf_clear(&d->query);
	decidim_page_query(&d->query, slice_of(at->id), at->type, buf_slice(after), d->stride.size,
		d->translated, true);
	r = ask(d, &data, e);
	if (r == ASK_TOO_BIG && stride_refused(&d->stride))
		return read_page(d, at, after, e);
	alone = r == ASK_TOO_BIG;
	if (alone)
		r = pass_by(d, at, buf_slice(after), &data, e);
	if (d->translated != was_translated) /* the same, as this version wants it */
		return read_page(d, at, after, e);
	buf_clear(after);
	if (r != FETCH_BODY)
		return r;
	if (!field_object(data, "component", &v) ||
		!field_object(v, decidim_edge(at->type), &edge) ||
		!field_array(edge, "nodes", &nodes) || !field_object(edge, "pageInfo", &info)) {
		d->whole = false; /* closed meanwhile, or not for everybody */
		return FETCH_BODY;
	}
	d->read++;
	while (json_each(nodes, &it, &key, &node)) {
		_buf_ struct buf thread = {0};
		struct slice id = field_text(node, "id");

		site(pass_source(d->p), &thread);
		buf_printf(&thread, "/%s/%s/f/%s/%s/%.*s", decidim_folder(at->space), at->slug,
			at->id, decidim_edge(at->type), (int)id.n, id.p);
		d->whole &= is_slug(id) && !alone &&
			decidim_comments(node, buf_slice(&thread), on_comment, d);
	}
	if (field_true(info, "hasNextPage"))
		buf_add_slice(after, field_text(info, "endCursor"));
	if (d->added)
		print(d);
	return FETCH_BODY;
}

/* An initiative itself. */
static int read_itself(struct decidim *d, const struct component *at, struct error *e)
{
	_buf_ struct buf thread = {0};
	struct json_value data = {0}, v = {0};
	bool was_translated = d->translated;
	int r;

	buf_clear(&d->query);
	decidim_initiative_query(&d->query, slice_of(at->id), d->translated);
	r = ask(d, &data, e);
	if (d->translated != was_translated)
		return read_itself(d, at, e);
	if (r == ASK_TOO_BIG) {
		tell_too_big(d, at);
		return FETCH_BODY;
	}
	if (!field_object(data, "commentable", &v)) { /* closed meanwhile, or not for us */
		d->whole = false;
		return d->answered ? FETCH_BODY : r;
	}
	d->read++;
	site(pass_source(d->p), &thread);
	buf_printf(&thread, "/%s/%s", decidim_folder(at->space), at->slug);
	d->whole &= decidim_comments(v, buf_slice(&thread), on_comment, d);
	if (d->added)
		print(d);
	return FETCH_BODY;
}

static int read_component(struct decidim *d, const struct component *at, struct error *e)
{
	_buf_ struct buf after = {0}, last = {0};
	int r = FETCH_BODY;

	stride_begin(&d->stride, DECIDIM_PAGE);
	for (unsigned asked = 0; r == FETCH_BODY;) {
		r = read_page(d, at, &after, e);
		if (!after.n || d->test)
			break;
		asked += d->stride.size;
		stride_came(&d->stride);
		if (asked >= OBJECTS || slice_equal(buf_slice(&after), buf_slice(&last))) {
			d->whole = false;
			break;
		}
		buf_clear(&last);
		buf_add_slice(&last, buf_slice(&after));
	}
	return r;
}

static void bury(void *user, int64_t id)
{
	struct decidim *d = user;
	_buf_ struct buf text = {0};
	struct comment c = {.type = COMMENT_TOMBSTONE};

	buf_printf(&text, "%lld", (long long)id);
	c.id = buf_slice(&text);
	pass_add(d->p, &c);
}

static size_t begins_at(const struct decidim *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (slice_is(buf_slice(&d->from), d->list[i].id))
			return i;
	return 0;
}

/* Every component once. */
static int read_list(struct decidim *d, struct error *e)
{
	size_t begin = begins_at(d), n = 0, at = begin;
	int r = FETCH_BODY;

	for (; r == FETCH_BODY && n < d->n; n++) {
		at = (begin + n) % d->n;
		r = d->list[at].type == DECIDIM_TYPES ? read_itself(d, &d->list[at], e)
						      : read_component(d, &d->list[at], e);
	}
	buf_clear(&d->from);
	if (r != FETCH_BODY)
		buf_add_string(&d->from, d->list[(at == begin ? at + 1 : at) % d->n].id);
	return r;
}

static int read_round(struct decidim *d, struct error *e)
{
	int r = FETCH_BODY;

	for (int kind = 0; r == FETCH_BODY && kind < DECIDIM_SPACES; kind++)
		r = read_spaces(d, (enum decidim_space)kind, e);
	if (r == FETCH_BODY)
		r = read_list(d, e);
	if (r == FETCH_BODY && d->n && !d->read)
		return error_set(e, FETCH_LATER, "%s",
			d->why.text[0] ? d->why.text : "aucun espace de ce site ne se laisse lire");
	/* a site that shows nothing at all is being worked on */
	if (r == FETCH_BODY && d->whole && !d->test && d->shown)
		known_round(&d->known, bury, d);
	return r;
}

static void release(struct decidim *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].slug);
		free(d->list[i].id);
	}
	free(d->list);
	known_release(&d->known);
	json_reader_free(d->json);
	buf_release(&d->query);
	buf_release(&d->words);
	buf_release(&d->tamed);
	buf_release(&d->from);
	free(d);
}

static int read_all(struct pass *p, const char *password, bool test, struct error *e)
{
	struct decidim *d = xcalloc(1, sizeof(*d));
	int r;

	(void)password;
	d->p = p;
	d->test = test;
	d->whole = true;
	d->json = json_reader_new(2 * ANSWER_MAX); /* mended it is longer */
	if (!test)
		read_mark(d);
	r = read_round(d, e);
	print(d);
	release(d);
	return r;
}

const struct poller poller_decidim = {
	.name = "decidim",
	.accept = "application/json",
	.types = " application/json application/graphql-response+json ",
	.terms = WORDS_MARK(
		"une plate-forme Decidim publie ses débats pour être relus, par une interface faite pour cela"),
	.every_ms = 10 * CLOCK_MINUTE,
	.every_min_ms = CLOCK_MINUTE,
	.max = ANSWER_MAX,
	.resumes = true,
	.read = read_all,
};
