/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meta.h"
#include <errno.h>
#include <tocsin/json/fields.h>

#define WORD_MAX 256u
#define ID_MAX 200u
#define LATE_MS (10 * CLOCK_MINUTE) /* what is told so late is left to the looks */

bool meta_is(const struct source *source)
{
	return strcmp(source->config->kind, "meta") == 0;
}

/* What happened on a page at one time. */
struct entry {
	int64_t at, now;
	struct buf *url; /* a comment's, while it is taken */
};

static bool knows_the_word(const struct source *source, struct http_request *r)
{
	_buf_ struct buf mode = {0}, word = {0};
	struct slice ours = buf_slice(&source->verify);
	unsigned char a[DIGEST_SIZE], b[DIGEST_SIZE];
	if (http_query(r, "hub.mode", WORD_MAX, &mode) != 0 ||
		!slice_is(buf_slice(&mode), "subscribe") ||
		http_query(r, "hub.verify_token", WORD_MAX, &word) != 0 || !ours.n)
		return false;
	/* of one length, so that the comparison tells nothing of it */
	digest_sha256(buf_slice(&word), a);
	digest_sha256(ours, b);
	return digest_equal(a, b, sizeof(a));
}

void meta_challenge(struct webhook *w, const struct source *source, struct http_request *r)
{
	_buf_ struct buf challenge = {0};
	struct http_response no = {.status = 403, .body = SLICE("{\"error\":\"bad_token\"}")};
	if (!knows_the_word(source, r)) {
		w->bad_signatures++;
		webhook_answer(w, r, no);
		return;
	}
	if (http_query(r, "hub.challenge", WORD_MAX, &challenge) != 0 || !challenge.n) {
		no.status = 400;
		no.body = SLICE("{\"error\":\"malformed\"}");
		webhook_answer(w, r, no);
		return;
	}
	webhook_answer(w, r,
		(struct http_response){
			.status = 200, .type = "text/plain", .body = buf_slice(&challenge)});
}

static bool is_id(struct slice id)
{
	if (!id.n || id.n > ID_MAX)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!(id.p[i] >= '0' && id.p[i] <= '9') && id.p[i] != '_')
			return false;
	return true;
}

static bool is_gone(struct slice verb)
{
	return slice_is(verb, "remove") || slice_is(verb, "delete");
}

/* Hiding changes nothing of what was said. */
static bool is_said(struct slice verb)
{
	return slice_is(verb, "add") || slice_is(verb, "edit") || slice_is(verb, "edited") ||
		slice_is(verb, "update");
}

/* Where people find it: with its post, or by its own number. */
static struct slice address_of(struct json_value v, struct slice id, struct buf *out)
{
	struct json_value post;
	struct slice told = {"", 0};
	if (field_object(v, "post", &post))
		told = field_address(post, "permalink_url");
	if (told.n)
		return told;
	buf_clear(out);
	buf_printf(out, "https://www.facebook.com/%.*s", (int)id.n, id.p);
	return buf_slice(out);
}

/* A page's `feed`. */
static bool read_feed(struct json_value v, struct buf *url, struct comment *c)
{
	struct slice verb = field_text(v, "verb"), post = field_text(v, "post_id");
	if (!slice_is(field_text(v, "item"), "comment") || !is_id(field_text(v, "comment_id")))
		return false;
	c->id = field_text(v, "comment_id");
	c->type = is_gone(verb) ? COMMENT_TOMBSTONE : COMMENT_ITEM;
	c->text = field_text(v, "message");
	c->thread = is_id(post) ? post : (struct slice){"", 0};
	c->parent = field_text(v, "parent_id");
	c->url = address_of(v, c->id, url);
	if (field_number(v, "created_time") > 0 && field_number(v, "created_time") < INT32_MAX)
		c->created_at = field_number(v, "created_time") * CLOCK_SECOND;
	return is_gone(verb) || (is_said(verb) && c->text.n);
}

/* An Instagram account's `comments`, also of live media. */
static bool read_comment(struct json_value v, struct comment *c)
{
	struct json_value media;
	c->id = field_text(v, "id");
	c->text = field_text(v, "text");
	c->parent = field_text(v, "parent_id");
	if (field_object(v, "media", &media) && is_id(field_text(media, "id")))
		c->thread = field_text(media, "id");
	return is_id(c->id) && c->text.n;
}

/* A signature is good for ever and Meta tries again for days: words that were changed or deleted since could come back. The API has
 * those of now. At: when it was sent. An edit says only that, in its envelope. */
static bool is_late(struct json_value v, const struct comment *c, int64_t at, int64_t now)
{
	struct slice verb = field_text(v, "verb");
	bool is_new = !verb.n || slice_is(verb, "add");
	int64_t then = is_new && c->created_at ? c->created_at : at;

	return c->type == COMMENT_ITEM && then && then < now - LATE_MS;
}

static bool read_change(
	struct json_value change, struct slice page, struct entry *entry, struct comment *c)
{
	struct slice field = field_text(change, "field");
	struct json_value v, from;
	bool good = false;
	if (!field_object(change, "value", &v))
		return false;
	if (slice_is(field, "feed"))
		good = read_feed(v, entry->url, c);
	else if (slice_is(field, "comments") || slice_is(field, "live_comments"))
		good = read_comment(v, c);
	if (!good || is_late(v, c, entry->at, entry->now))
		return false;
	if (field_object(v, "from", &from)) {
		c->author = field_name(from, "id");
		c->author_name = field_name(from, "name").n ? field_name(from, "name")
							    : field_name(from, "username");
	}
	if (c->author.n && slice_equal(c->author, page)) /* the town's own */
		return false;
	if (!is_id(c->parent) || slice_equal(c->parent, c->thread))
		c->parent.n = 0;
	c->kind = c->parent.n ? SLICE("reply") : SLICE("comment");
	if (!c->created_at)
		c->created_at = entry->at;
	return true;
}

/* How many it gave. */
static int read_entry(struct json_value changes, const struct source_config *source,
	struct entry *entry, body_take_fn *take, void *user)
{
	struct json_value change;
	struct slice key;
	uint32_t it = 0;
	int n = 0;
	while (json_each(changes, &it, &key, &change)) {
		struct comment c = {.type = COMMENT_ITEM, .source = slice_of(source->id)};
		if (!read_change(change, slice_of(source->page), entry, &c))
			continue;
		take(user, &c);
		n++;
	}
	return n;
}

int meta_changes(struct json_value v, const struct source_config *source, int64_t now,
	body_take_fn *take, void *user)
{
	_buf_ struct buf url = {0};
	struct json_value entries, one, changes;
	struct slice key;
	uint32_t it = 0;
	int n = 0;
	if (!field_array(v, "entry", &entries) || !field_text(v, "object").n)
		return -EINVAL;
	while (json_each(entries, &it, &key, &one)) {
		int64_t at = field_number(one, "time");
		struct entry entry = {.now = now, .url = &url};
		if (!slice_is(field_text(one, "id"), source->page) ||
			!field_array(one, "changes", &changes))
			continue;
		entry.at = at > 0 && at < INT32_MAX ? at * CLOCK_SECOND : 0;
		n += read_entry(changes, source, &entry, take, user);
	}
	return n;
}
