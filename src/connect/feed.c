/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#include <errno.h>
#include <strings.h>

#include <tocsin/base/utf8.h>
#include <tocsin/digest/digest.h>
#include <tocsin/markup/markup.h>

#include "date.h"
#include "headline.h"

#define ATOM "http://www.w3.org/2005/Atom"
#define RSS1 "http://purl.org/rss/1.0/"
#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define DC "http://purl.org/dc/elements/1.1/"
#define CONTENT "http://purl.org/rss/1.0/modules/content/"
#define THREADS "http://purl.org/syndication/thread/1.0"
#define DELETED "http://purl.org/atompub/tombstones/1.0"

#define LANG_MAX 35u

/* One item while it is read; the buffers are used again for the next. */
struct item {
	struct buf id, link, title, text, longest, author, name, thread, parent, lang, joined, hash;
	int64_t created, edited;
	bool answers; /* it says that it answers something */
	bool whole; /* longest is its content, not a summary */
};

struct feed {
	struct item item;
	struct buf lang, title; /* of the whole feed */
	struct map *titles; /* of what it tells of: headline.h */
	feed_fn *each;
	void *user;
	struct buf *next;
};

static void item_clear(struct item *t)
{
	struct buf *const all[] = {&t->id, &t->link, &t->title, &t->text, &t->longest, &t->author,
		&t->name, &t->thread, &t->parent, &t->lang, &t->joined, &t->hash};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		buf_clear(all[i]);
	t->created = t->edited = 0;
	t->answers = t->whole = false;
}

static void item_release(struct item *t)
{
	struct buf *const all[] = {&t->id, &t->link, &t->title, &t->text, &t->longest, &t->author,
		&t->name, &t->thread, &t->parent, &t->lang, &t->joined, &t->hash};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		buf_release(all[i]);
}

static struct slice trimmed(struct slice s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Fit for a field that is one line: blanks for controls, at most max bytes. */
static void set_line(struct buf *out, struct slice s, size_t max)
{
	s = utf8_cut(trimmed(s), max);
	buf_clear(out);
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i]);
}

/* An id as it stands, or its hash when it would not fit. */
static void set_id(struct buf *out, struct slice s)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[DIGEST_HEX];
	bool fits;

	s = trimmed(s);
	fits = s.n <= COMMENT_ID_MAX;
	for (size_t i = 0; i < s.n && fits; i++)
		fits = (unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f;
	buf_clear(out);
	if (fits) {
		buf_add_slice(out, s);
		return;
	}
	digest_sha256(s, digest);
	buf_printf(out, "sha256:%s", digest_hex(digest, DIGEST_SIZE, hex));
}

static bool is_address(struct slice s)
{
	return slice_begins(s, "https://") || slice_begins(s, "http://");
}

/* What an element says: its text, or its page as text. */
static void read_words(const struct xml_node *n, bool atom, struct buf *out)
{
	_buf_ struct buf raw = {0};
	struct slice type = xml_attribute(n, "type");

	if (atom && slice_is(type, "xhtml")) {
		xml_page_text(n, out);
		return;
	}
	xml_text(n, &raw);
	if (atom && !slice_is(type, "html") && !slice_is(type, "text/html"))
		buf_add_slice(out, trimmed(buf_slice(&raw)));
	else
		html_text(buf_slice(&raw), out);
}

/* The content, else the longest summary: WordPress's has its markup as words. */
static void offer_text(struct item *t, const struct xml_node *n, bool atom, bool whole)
{
	buf_clear(&t->text);
	if (atom && xml_attribute(n, "src").n)
		return;
	read_words(n, atom, &t->text);
	if (!t->text.n || (t->whole && !whole))
		return;
	if (t->whole != whole || t->text.n > t->longest.n) {
		t->whole = whole;
		buf_clear(&t->longest);
		buf_add_slice(&t->longest, buf_slice(&t->text));
	}
}

/* "adresse@ville.example (Nom)", a name, or an address alone. */
static void read_author(struct item *t, struct slice s)
{
	const char *open = memchr(s.p, '(', s.n);
	size_t before = open ? (size_t)(open - s.p) : 0;

	if (open && memchr(s.p, '@', before) && s.p[s.n - 1] == ')') {
		set_line(&t->author, (struct slice){s.p, before}, COMMENT_ID_MAX);
		set_line(&t->name, (struct slice){open + 1, s.n - before - 2}, COMMENT_ID_MAX);
	} else {
		set_line(&t->author, s, COMMENT_ID_MAX);
		set_line(&t->name, s, COMMENT_ID_MAX);
	}
}

static void read_person(struct item *t, const struct xml_node *person)
{
	_buf_ struct buf text = {0};
	bool address = false;

	for (const struct xml_node *n = xml_first(person); n; n = xml_next(n)) {
		buf_clear(&text);
		xml_text(n, &text);
		if (xml_is(n, "name")) {
			set_line(&t->name, buf_slice(&text), COMMENT_ID_MAX);
		} else if (xml_is(n, "uri") || (xml_is(n, "email") && !address)) {
			address = xml_is(n, "uri");
			set_line(&t->author, buf_slice(&text), COMMENT_ID_MAX);
		}
	}
	if (!t->author.n)
		buf_add_slice(&t->author, buf_slice(&t->name));
}

/* RFC 4685. What is answered is a comment when its address names one within a page; else it is the page. */
static void read_answer(struct item *t, const struct xml_node *n)
{
	struct slice href = trimmed(xml_attribute(n, "href"));
	const char *hash = memchr(href.p, '#', href.n);

	t->answers = true;
	if (hash)
		set_id(&t->parent, xml_attribute(n, "ref"));
	if (hash)
		href.n = (size_t)(hash - href.p);
	set_id(&t->thread, href.n ? href : xml_attribute(n, "ref"));
}

static void read_atom_link(struct item *t, const struct xml_node *n)
{
	struct slice rel = xml_attribute(n, "rel"), href = trimmed(xml_attribute(n, "href"));

	if (is_address(href) && (!rel.n || slice_is(rel, "alternate")) && !t->link.n)
		set_line(&t->link, href, 8192);
}

static void read_plain(struct item *t, const struct xml_node *n, bool atom)
{
	_buf_ struct buf text = {0};
	struct slice s;

	if (xml_is(n, "title")) {
		buf_clear(&t->title);
		read_words(n, atom, &t->title);
		return;
	}
	if (xml_is(n, "description") || xml_is(n, "summary") || xml_is(n, "content")) {
		offer_text(t, n, atom, xml_is(n, "content"));
		return;
	}
	if (atom && xml_is(n, "link")) {
		read_atom_link(t, n);
		return;
	}
	if (atom && xml_is(n, "author")) {
		read_person(t, n);
		return;
	}
	xml_text(n, &text);
	s = trimmed(buf_slice(&text));
	if (xml_is(n, "guid") || xml_is(n, "id"))
		set_id(&t->id, s);
	else if (xml_is(n, "link") && is_address(s))
		set_line(&t->link, s, 8192);
	else if (xml_is(n, "author") && s.n && !t->author.n)
		read_author(t, s);
	else if (xml_is(n, "pubDate") || xml_is(n, "published"))
		t->created = date_read(s);
	else if (xml_is(n, "updated"))
		t->edited = date_read(s);
}

static void read_member(struct item *t, const struct xml_node *n)
{
	const char *space = xml_space(n);
	bool atom = strcmp(space, ATOM) == 0;
	_buf_ struct buf text = {0};
	struct slice s;

	if (!*space || atom || strcmp(space, RSS1) == 0) {
		read_plain(t, n, atom);
	} else if (strcmp(space, CONTENT) == 0 && xml_is(n, "encoded")) {
		offer_text(t, n, false, true);
	} else if (strcmp(space, THREADS) == 0 && xml_is(n, "in-reply-to")) {
		read_answer(t, n);
	} else if (strcmp(space, DC) == 0) {
		xml_text(n, &text);
		s = trimmed(buf_slice(&text));
		if (xml_is(n, "creator") && s.n)
			read_author(t, s);
		else if (xml_is(n, "date") && !t->created)
			t->created = date_read(s);
		else if (xml_is(n, "language"))
			set_line(&t->lang, s, LANG_MAX);
	}
}

/* The title again at the head of the text, perhaps cut with dots. */
static bool repeats(struct slice title, struct slice text)
{
	if (slice_ends(title, "…"))
		title.n -= 3;
	else if (slice_ends(title, "..."))
		title.n -= 3;
	title = trimmed(title);
	return title.n <= text.n && memcmp(title.p, text.p, title.n) == 0;
}

static void join(const struct feed *f, struct item *t, bool comment)
{
	struct slice title = trimmed(buf_slice(&t->title)), text = trimmed(buf_slice(&t->longest));
	const struct headline h = {
		title, buf_slice(&t->name), buf_slice(&f->title), buf_slice(&t->thread), f->titles};
	bool made = comment && headline_is_made(&h);

	if (title.n && !(text.n && (made || repeats(title, text)))) {
		buf_add_slice(&t->joined, title);
		buf_add_string(&t->joined, text.n ? "\n" : "");
	}
	buf_add_slice(&t->joined, text);
}

static void name_item(struct item *t)
{
	_buf_ struct buf all = {0};

	if (t->id.n)
		return;
	if (t->link.n) {
		set_id(&t->id, buf_slice(&t->link));
		return;
	}
	if (!t->title.n && !t->longest.n)
		return;
	buf_printf(&all, "%lld\n", (long long)t->created);
	buf_add_slice(&all, buf_slice(&t->title));
	buf_add_char(&all, '\n');
	buf_add_slice(&all, buf_slice(&t->longest));
	buf_add_char(&all, '\n'); /* a control character: the hash is taken */
	buf_add_char(&all, '.');
	set_id(&t->id, buf_slice(&all));
}

/* A link into a page ("#comment-12") is a comment's. */
static bool is_comment(struct item *t)
{
	const char *hash = t->link.n ? memchr(t->link.p, '#', t->link.n) : NULL;

	if (!t->answers && hash &&
		slice_begins((struct slice){hash + 1, (size_t)(t->link.p + t->link.n - hash - 1)},
			"comment")) {
		set_id(&t->thread, (struct slice){t->link.p, (size_t)(hash - t->link.p)});
		return true;
	}
	return t->answers;
}

static void emit(struct feed *f)
{
	struct item *t = &f->item;
	bool comment = is_comment(t);
	struct comment c = {.type = COMMENT_ITEM};

	name_item(t);
	if (!t->id.n)
		return;
	join(f, t, comment);
	if (!t->created) {
		t->created = t->edited;
		t->edited = 0;
	}
	c.id = buf_slice(&t->id);
	c.text = buf_slice(&t->joined);
	c.author = buf_slice(&t->author);
	c.author_name = buf_slice(&t->name);
	c.url = buf_slice(&t->link);
	c.thread = buf_slice(&t->thread);
	c.parent = buf_slice(&t->parent);
	c.lang = buf_slice(t->lang.n ? &t->lang : &f->lang);
	c.kind = comment ? SLICE("comment") : SLICE("article");
	c.created_at = t->created;
	c.edited_at = t->edited > t->created ? t->edited : 0;
	f->each(f->user, &c);
}

static void read_item(struct feed *f, const struct xml_node *item)
{
	struct item *t = &f->item;

	item_clear(t);
	set_line(&t->lang, xml_attribute(item, "lang"), LANG_MAX);
	if (xml_attribute(item, "about").n)
		set_id(&t->id, xml_attribute(item, "about"));
	for (const struct xml_node *n = xml_first(item); n; n = xml_next(n))
		read_member(t, n);
	emit(f);
}

static void read_deleted(struct feed *f, const struct xml_node *n)
{
	struct comment c = {.type = COMMENT_TOMBSTONE};

	item_clear(&f->item);
	set_id(&f->item.id, xml_attribute(n, "ref"));
	c.id = buf_slice(&f->item.id);
	c.edited_at = date_read(xml_attribute(n, "when"));
	if (c.id.n)
		f->each(f->user, &c);
}

static void read_next(struct feed *f, const struct xml_node *n)
{
	struct slice href = trimmed(xml_attribute(n, "href"));

	if (slice_is(xml_attribute(n, "rel"), "next") && is_address(href) && !f->next->n)
		buf_add_slice(f->next, href);
}

static bool is_item(const struct xml_node *n)
{
	return xml_is(n, "item") || xml_is(n, "entry");
}

/* The titles of articles, before any item is told: what answers one of them may stand before it. */
static void read_titles(struct feed *f, const struct xml_node *list)
{
	_buf_ struct buf title = {0}, key = {0};

	for (const struct xml_node *n = xml_first(list); n; n = xml_next(n)) {
		if (xml_is(n, "channel"))
			read_titles(f, n);
		for (const struct xml_node *m = is_item(n) ? xml_first(n) : NULL; m;
			m = xml_next(m)) {
			if (!xml_is(m, "title"))
				continue;
			buf_clear(&title);
			buf_clear(&key);
			read_words(m, strcmp(xml_space(m), ATOM) == 0, &title);
			headline_key(buf_slice(&title), &key);
			if (key.n && !headline_answers(buf_slice(&title)))
				*map_at(f->titles, buf_slice(&key), NULL) = 1;
		}
		if (xml_is(n, "title"))
			read_words(n, strcmp(xml_space(n), ATOM) == 0, &f->title);
	}
}

/* Items are the channel's, or, in RSS 1.0, stand beside it. */
static void read_list(struct feed *f, const struct xml_node *list)
{
	_buf_ struct buf text = {0};

	for (const struct xml_node *n = xml_first(list); n; n = xml_next(n)) {
		if (xml_is(n, "channel")) {
			read_list(f, n);
		} else if (is_item(n)) {
			read_item(f, n);
		} else if (xml_is(n, "deleted-entry") && strcmp(xml_space(n), DELETED) == 0) {
			read_deleted(f, n);
		} else if (xml_is(n, "link") && strcmp(xml_space(n), ATOM) == 0) {
			read_next(f, n);
		} else if (xml_is(n, "language")) {
			buf_clear(&text);
			xml_text(n, &text);
			set_line(&f->lang, buf_slice(&text), LANG_MAX);
		}
	}
}

int feed_read(struct slice document, feed_fn *each, void *user, struct buf *next, struct error *e)
{
	struct feed f = {.each = each, .user = user, .next = next};
	const struct xml_node *root;
	struct xml *x;
	int r;

	document = trimmed(document);
	r = xml_parse(document, &x, e);
	if (r < 0)
		return r;
	root = xml_root(x);
	if (xml_is(root, "rss") || xml_is(root, "feed") ||
		(xml_is(root, "RDF") && strcmp(xml_space(root), RDF) == 0)) {
		set_line(&f.lang, xml_attribute(root, "lang"), LANG_MAX);
		f.titles = map_new();
		read_titles(&f, root);
		read_list(&f, root);
		map_free(f.titles);
	} else {
		r = error_set(e, -EINVAL, "ni RSS ni Atom");
	}
	item_release(&f.item);
	buf_release(&f.lang);
	buf_release(&f.title);
	xml_free(x);
	return r;
}
