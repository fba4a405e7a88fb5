/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pure: queries, and comments of what they bring. */
#include <tocsin/markup/markup.h>

#include "decidim.h"

static const struct {
	const char *type, *edge;
} types[DECIDIM_TYPES] = {
	[DECIDIM_PROPOSALS] = {"Proposals", "proposals"},
	[DECIDIM_DEBATES] = {"Debates", "debates"},
	[DECIDIM_MEETINGS] = {"Meetings", "meetings"},
	[DECIDIM_BLOGS] = {"Blogs", "posts"},
	[DECIDIM_RESULTS] = {"Accountability", "results"},
};
static const struct {
	const char *root, *folder;
} spaces[DECIDIM_SPACES] = {
	[DECIDIM_PROCESSES] = {"participatoryProcesses", "processes"},
	[DECIDIM_ASSEMBLIES] = {"assemblies", "assemblies"},
	[DECIDIM_INITIATIVES] = {"initiatives", "initiatives"},
};

const char *decidim_root(enum decidim_space space)
{
	return spaces[space].root;
}

const char *decidim_folder(enum decidim_space space)
{
	return spaces[space].folder;
}

bool decidim_has_none(enum decidim_space space, struct slice error)
{
	_buf_ struct buf words = {0};

	buf_printf(&words, "Field '%s' doesn't exist on type 'Query'", spaces[space].root);
	return memmem(error.p, error.n, words.p, words.n) != NULL;
}

enum decidim_type decidim_type(struct slice name)
{
	size_t i = 0;

	while (i < DECIDIM_TYPES && !slice_is(name, types[i].type))
		i++;
	return (enum decidim_type)i;
}

const char *decidim_edge(enum decidim_type type)
{
	return types[type].edge;
}

static void post(struct buf *out, const struct buf *query)
{
	struct json_writer w = {.out = out};

	json_w_begin(&w, '{');
	json_w_text(&w, "query", buf_slice(query));
	json_w_end(&w, '}');
}

void decidim_spaces_query(struct buf *out, enum decidim_space space)
{
	_buf_ struct buf q = {0};

	buf_printf(&q, "{ %s { id slug components { id __typename } } }", spaces[space].root);
	post(out, &q);
}

/* A string of GraphQL; what comes from their side goes back to them. */
static void quote(struct buf *q, struct slice text)
{
	struct json_writer w = {.out = q};

	json_w_string(&w, text);
}

static void comment_fields(struct buf *q, bool translated, unsigned depth)
{
	buf_printf(q,
		" comments { id body%s createdAt alignment upVotes hasComments "
		"author { name nickname deleted }",
		translated ? " { translations { locale text } }" : "");
	if (depth > 1)
		comment_fields(q, translated, depth - 1);
	buf_add_string(q, " }");
}

void decidim_page_query(struct buf *out, struct slice component, enum decidim_type type,
	struct slice after, unsigned size, bool translated, bool with)
{
	_buf_ struct buf q = {0};

	buf_add_string(&q, "{ component(id: ");
	quote(&q, component);
	buf_printf(&q, ") { id ... on %s { %s(first: %u", types[type].type, types[type].edge, size);
	if (after.n) {
		buf_add_string(&q, ", after: ");
		quote(&q, after);
	}
	buf_add_string(&q, ") { pageInfo { hasNextPage endCursor } nodes { id");
	if (with)
		comment_fields(&q, translated, DECIDIM_DEPTH);
	buf_add_string(&q, " } } } } }");
	post(out, &q);
}

void decidim_initiative_query(struct buf *out, struct slice id, bool translated)
{
	_buf_ struct buf q = {0};

	buf_add_string(&q, "{ commentable(id: ");
	quote(&q, id);
	buf_add_string(&q,
		", type: \"Decidim::Initiative\", locale: \"fr\", toggleTranslations: false) { id");
	comment_fields(&q, translated, DECIDIM_DEPTH);
	buf_add_string(&q, " } }");
	post(out, &q);
}

/* French, or the first. */
static struct slice translated(struct json_value body)
{
	struct json_value list, one;
	struct slice key, first = {"", 0};
	uint32_t it = 0;

	if (!field_array(body, "translations", &list))
		return first;
	while (json_each(list, &it, &key, &one)) {
		struct slice text = field_text(one, "text");

		if (slice_begins(field_text(one, "locale"), "fr") && text.n)
			return text;
		if (!first.n)
			first = text;
	}
	return first;
}

static struct slice body_of(struct json_value v)
{
	struct json_value body;

	return field_object(v, "body", &body) ? translated(body) : field_text(v, "body");
}

/* Some sites let people write with an editor. */
static bool is_page(struct slice text)
{
	return memmem(text.p, text.n, "<p>", 3) || memmem(text.p, text.n, "<br", 3) ||
		memmem(text.p, text.n, "</", 2);
}

static bool is_id(struct slice id)
{
	int64_t n;

	return slice_number(id, &n) && n > 0;
}

struct walk {
	decidim_fn *each;
	void *user;
	struct slice thread;
	struct buf text, url, extra;
};

static bool emit(struct walk *w, struct json_value v, struct slice parent)
{
	struct comment c = {.type = COMMENT_ITEM, .id = field_text(v, "id"), .parent = parent};
	struct slice body = body_of(v);
	struct json_value author;
	int64_t likes = field_number(v, "upVotes");

	if (!is_id(c.id))
		return false;
	buf_clear(&w->text);
	buf_clear(&w->url);
	buf_clear(&w->extra);
	if (is_page(body))
		html_text(body, &w->text);
	else
		buf_add_slice(&w->text, body);
	c.text = buf_slice(&w->text);
	if (!c.text.n)
		return true;
	if (field_object(v, "author", &author) && !field_true(author, "deleted")) {
		c.author = field_name(author, "nickname");
		c.author_name = field_name(author, "name");
	}
	buf_printf(&w->url, "%.*s?commentId=%.*s#comment_%.*s", (int)w->thread.n, w->thread.p,
		(int)c.id.n, c.id.p, (int)c.id.n, c.id.p);
	c.url = buf_slice(&w->url);
	c.thread = w->thread.n <= COMMENT_ID_MAX ? w->thread : (struct slice){"", 0};
	c.kind = parent.n ? SLICE("reply") : SLICE("comment");
	c.created_at = field_time(v, "createdAt");
	c.likes = likes > 0 ? (uint64_t)likes : 0;
	if (field_number(v, "alignment")) {
		buf_printf(
			&w->extra, "{\"alignment\":%d}", field_number(v, "alignment") > 0 ? 1 : -1);
		c.extra = buf_slice(&w->extra);
	}
	w->each(w->user, &c);
	return true;
}

static bool walk(struct walk *w, struct json_value object, struct slice parent, unsigned depth)
{
	struct json_value list, v;
	struct slice key;
	uint32_t it = 0;
	bool whole = true;

	if (!field_array(object, "comments", &list))
		return depth > DECIDIM_DEPTH && !field_true(object, "hasComments");
	while (json_each(list, &it, &key, &v))
		whole &= v.type == JSON_OBJECT && emit(w, v, parent) &&
			walk(w, v, field_text(v, "id"), depth + 1);
	return whole;
}

bool decidim_comments(struct json_value object, struct slice thread, decidim_fn *each, void *user)
{
	struct walk w = {.each = each, .user = user, .thread = thread};
	bool whole = walk(&w, object, (struct slice){"", 0}, 1);

	buf_release(&w.text);
	buf_release(&w.url);
	buf_release(&w.extra);
	return whole;
}
