/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bluesky.h"

#include <tocsin/base/utf8.h>
#include <tocsin/json/tame.h>

#include "../date.h"
#include "../fields.h"

#define PAGES "https://bsky.app/profile/" /* where people read it */
#define URI_MAX 480u /* bytes: its page fits into a comment's thread */
#define NAME_BYTES 200u
#define LINE_BYTES 4000u /* of one description */
#define COUNT_MAX 1000000000 /* likes: who says more exaggerates */
#define ADDED 32u /* addresses and descriptions of one post at most */

/* Up to the next slash. */
static struct slice segment(struct slice *rest)
{
	const char *slash = rest->n ? memchr(rest->p, '/', rest->n) : NULL;
	struct slice part = {rest->p, slash ? (size_t)(slash - rest->p) : rest->n};
	size_t used = part.n + (slash != NULL);

	*rest = (struct slice){rest->p + used, rest->n - used};
	return part;
}

static bool is_plain(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f ||
			strchr("?#\"<>\\,", s.p[i]))
			return false;
	return s.n > 0;
}

bool at_uri_parse(struct slice uri, struct at_uri *ret)
{
	struct slice rest = uri;
	struct at_uri u;

	if (!slice_begins(uri, "at://did:") || uri.n > URI_MAX || !is_plain(uri))
		return false;
	rest.p += 5;
	rest.n -= 5;
	u.who = segment(&rest);
	u.collection = segment(&rest);
	u.key = segment(&rest);
	if (rest.n || !u.collection.n || !u.key.n)
		return false;
	*ret = u;
	return true;
}

void bluesky_method(const struct source_config *source, const char *method, struct buf *url)
{
	size_t n = strcspn(source->url, "?#");

	while (n && source->url[n - 1] == '/')
		n--;
	buf_add(url, source->url, n);
	buf_printf(url, "/xrpc/%s?", method);
}

void bluesky_argument(struct buf *url, const char *name, struct slice value)
{
	buf_printf(url, "%s=", name);
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			buf_add_char(url, (char)c);
		else if ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~')
			buf_add_char(url, (char)c);
		else
			buf_printf(url, "%%%02X", c);
	}
	buf_add_char(url, '&');
}

bool bluesky_parse(
	struct json_reader *json, struct slice body, struct buf *text, struct json_value *ret)
{
	buf_clear(text);
	json_tame(body, text);
	if (json_parse(json, buf_slice(text), ret, NULL) == 0 && ret->type == JSON_OBJECT)
		return true;
	*ret = (struct json_value){0};
	return false;
}

static bool stands_in(const struct buf *text, struct slice words)
{
	return words.n && memmem(text->p, text->n, words.p, words.n);
}

/* A line behind the text, unless it says the same already. */
static void add_line(struct buf *text, struct slice words)
{
	struct slice bare = words = utf8_cut(words, LINE_BYTES);

	if (slice_begins(bare, "https://"))
		bare = (struct slice){bare.p + 8, bare.n - 8};
	while (bare.n && bare.p[bare.n - 1] == '/')
		bare.n--;
	if (!bare.n || (text->n && stands_in(text, bare)))
		return;
	if (text->n)
		buf_add_char(text, '\n');
	buf_add_slice(text, words);
}

/* The addresses behind its words. Where they begin and end does not matter: mentions and tags are in the text. */
static void add_links(struct json_value record, struct buf *text)
{
	struct json_value facets, facet, features, feature;
	struct slice key;
	unsigned n = 0;

	field_inner(record, "facets", JSON_ARRAY, &facets);
	for (uint32_t i = 0; facets.type == JSON_ARRAY && json_each(facets, &i, &key, &facet);) {
		if (!field_inner(facet, "features", JSON_ARRAY, &features))
			continue;
		for (uint32_t k = 0; json_each(features, &k, &key, &feature) && n < ADDED;)
			if (slice_is(
				    field_text(feature, "$type"), "app.bsky.richtext.facet#link")) {
				add_line(text, field_text(feature, "uri"));
				n++;
			}
	}
}

/* Pictures, a film, the card of a page. */
static void add_shown(struct json_value embed, struct buf *text)
{
	struct json_value images, image, card;
	struct slice key;
	unsigned n = 0;

	if (field_inner(embed, "images", JSON_ARRAY, &images))
		for (uint32_t i = 0; json_each(images, &i, &key, &image) && n < ADDED; n++)
			add_line(text, field_text(image, "alt"));
	add_line(text, field_text(embed, "alt"));
	if (field_inner(embed, "external", JSON_OBJECT, &card)) {
		add_line(text, field_text(card, "title"));
		add_line(text, field_text(card, "uri"));
	}
}

static void add_text(struct json_value record, struct buf *text)
{
	struct json_value embed, media;

	buf_add_slice(text, field_text(record, "text"));
	add_links(record, text);
	if (!field_inner(record, "embed", JSON_OBJECT, &embed))
		return;
	add_shown(embed, text);
	if (field_inner(embed, "media", JSON_OBJECT, &media))
		add_shown(media, text);
}

static const char *kind_of(struct json_value record, const struct post *p)
{
	struct json_value embed, quoted;

	if (p->root.n)
		return "reply";
	return field_inner(record, "embed", JSON_OBJECT, &embed) &&
			field_inner(embed, "record", JSON_OBJECT, &quoted)
		? "quote"
		: "post";
}

static void add_page(struct slice uri, struct buf *out)
{
	struct at_uri u;

	if (at_uri_parse(uri, &u))
		buf_printf(
			out, PAGES "%.*s/post/%.*s", (int)u.who.n, u.who.p, (int)u.key.n, u.key.p);
}

static void add_name(struct json_value author, struct buf *out)
{
	struct slice name = utf8_cut(field_text(author, "displayName"), NAME_BYTES),
		     handle = utf8_cut(field_text(author, "handle"), NAME_BYTES);

	buf_add_slice(out, name);
	if (name.n && handle.n)
		buf_printf(out, " (@%.*s)", (int)handle.n, handle.p);
	else if (handle.n)
		buf_printf(out, "@%.*s", (int)handle.n, handle.p);
}

/* When it appeared: its author's clock says what it likes, but not later than the server had it. */
static int64_t time_of(struct json_value view, struct json_value record)
{
	int64_t created = date_read(field_text(record, "createdAt")),
		heard = date_read(field_text(view, "indexedAt"));

	return heard && (!created || created > heard) ? heard : created;
}

static void read_answered(struct json_value record, struct post *p)
{
	struct json_value reply, root, parent;
	struct at_uri u;

	if (!field_inner(record, "reply", JSON_OBJECT, &reply) ||
		!field_inner(reply, "root", JSON_OBJECT, &root) ||
		!field_inner(reply, "parent", JSON_OBJECT, &parent) ||
		!at_uri_parse(field_text(root, "uri"), &u) ||
		!at_uri_parse(field_text(parent, "uri"), &u))
		return;
	p->root = field_text(root, "uri");
	p->root_cid = field_text(root, "cid");
	p->parent = field_text(parent, "uri");
}

static uint64_t count_of(struct json_value view, const char *key)
{
	int64_t n = field_count(view, key);

	return n < COUNT_MAX ? (uint64_t)n : COUNT_MAX;
}

/* The first that the author names. */
static struct slice lang_of(struct json_value record)
{
	struct json_value langs, lang = {0};
	struct slice key;
	uint32_t it = 0;

	if (field_inner(record, "langs", JSON_ARRAY, &langs))
		json_each(langs, &it, &key, &lang);
	return lang.type == JSON_STRING && json_string(lang).n <= 35 && is_plain(json_string(lang))
		? json_string(lang)
		: (struct slice){"", 0};
}

static void describe(struct json_value view, struct json_value record, struct post *p)
{
	struct json_value author;

	field_inner(view, "author", JSON_OBJECT, &author);
	add_text(record, &p->text);
	add_name(author, &p->name);
	add_page(p->root.n ? p->root : p->uri, &p->thread);
	add_page(p->uri, &p->url);
	p->comment = (struct comment){.type = COMMENT_ITEM,
		.id = p->uri,
		.text = buf_slice(&p->text),
		.author = p->who,
		.author_name = buf_slice(&p->name),
		.url = buf_slice(&p->url),
		.thread = buf_slice(&p->thread),
		.parent = p->parent,
		.lang = lang_of(record),
		.kind = slice_of(kind_of(record, p)),
		.created_at = time_of(view, record),
		.likes = count_of(view, "likeCount"),
		.shares = count_of(view, "repostCount") + count_of(view, "quoteCount")};
}

bool bluesky_post(struct json_value view, struct post *ret)
{
	struct post p = {.uri = field_text(view, "uri"),
		.cid = field_text(view, "cid"),
		.text = ret->text,
		.name = ret->name,
		.thread = ret->thread,
		.url = ret->url};
	struct json_value author, record;
	struct at_uri u;

	buf_clear(&p.text);
	buf_clear(&p.name);
	buf_clear(&p.thread);
	buf_clear(&p.url);
	if (!field_inner(view, "author", JSON_OBJECT, &author) ||
		!field_inner(view, "record", JSON_OBJECT, &record) || !at_uri_parse(p.uri, &u) ||
		!slice_is(u.collection, BLUESKY_POSTS) ||
		!slice_equal(u.who, field_text(author, "did")))
		return false;
	p.who = u.who;
	p.replies = field_count(view, "replyCount");
	read_answered(record, &p);
	describe(view, record, &p);
	*ret = p;
	return true;
}

void bluesky_post_release(struct post *p)
{
	buf_release(&p->text);
	buf_release(&p->name);
	buf_release(&p->thread);
	buf_release(&p->url);
}
