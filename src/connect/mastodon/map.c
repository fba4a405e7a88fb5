/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mastodon's entities as comments. */
#include <tocsin/markup/markup.h>

#include "mastodon.h"

/* What pictures show, in their author's words. */
static void add_pictures(struct json_value v, struct buf *out)
{
	struct json_value list, picture;
	struct slice key;
	uint32_t it = 0;

	if (!field_array(v, "media_attachments", &list))
		return;
	while (json_each(list, &it, &key, &picture)) {
		struct slice said = field_text(picture, "description");

		if (said.n)
			buf_printf(out, "%s%.*s", out->n ? "\n" : "", (int)said.n, said.p);
	}
}

void mastodon_text(struct json_value v, struct buf *out)
{
	struct slice warning = field_text(v, "spoiler_text");
	size_t start;

	buf_add_slice(out, warning);
	if (warning.n)
		buf_add_string(out, "\n\n");
	start = out->n;
	html_text(field_text(v, "content"), out);
	if (out->n == start && warning.n)
		out->n -= 2;
	add_pictures(v, out);
}

static bool is_id(struct slice id)
{
	if (!id.n || id.n >= COMMENT_ID_MAX)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!(id.p[i] >= '0' && id.p[i] <= '9') && !(id.p[i] >= 'a' && id.p[i] <= 'z') &&
			!(id.p[i] >= 'A' && id.p[i] <= 'Z') && id.p[i] != '-' && id.p[i] != '_')
			return false;
	return true;
}

static uint64_t count_of(struct json_value v, const char *key)
{
	int64_t n = field_number(v, key);

	return n > 0 ? (uint64_t)n : 0;
}

enum mastodon_kind mastodon_status(
	struct json_value v, struct slice me, struct buf *text, struct comment *ret)
{
	struct slice visible = field_text(v, "visibility"),
		     parent = field_text(v, "in_reply_to_id");
	struct json_value account, boosted;
	struct comment c = {.type = COMMENT_ITEM, .id = field_text(v, "id")};

	if (!is_id(c.id) || !field_object(v, "account", &account) || !visible.n)
		return MASTODON_STRANGE;
	if (!slice_is(visible, "public") && !slice_is(visible, "unlisted"))
		return MASTODON_PRIVATE;
	if (field_object(v, "reblog", &boosted) ||
		(me.n && slice_equal(field_text(account, "id"), me)))
		return MASTODON_OTHER;
	buf_clear(text);
	mastodon_text(v, text);
	c.text = buf_slice(text);
	if (!c.text.n) /* a picture of which nothing is said */
		return MASTODON_OTHER;
	c.author = field_name(account, "acct");
	c.author_name = field_name(account, "display_name");
	if (!c.author_name.n)
		c.author_name = field_name(account, "username");
	c.url = field_address(v, "url");
	if (!c.url.n)
		c.url = field_address(v, "uri");
	if (is_id(parent))
		c.parent = c.thread = parent;
	c.lang = field_name(v, "language");
	c.kind = c.parent.n ? SLICE("reply") : SLICE("status");
	c.created_at = field_time(v, "created_at");
	c.edited_at = field_time(v, "edited_at");
	c.likes = count_of(v, "favourites_count");
	c.shares = count_of(v, "reblogs_count");
	*ret = c;
	return MASTODON_COMMENT;
}

#define LATE_MS 3600000 /* servers hear of each other late */
#define SNOWFLAKE_MIN (INT64_C(1388534400000) << 16) /* of 2014: smaller numbers are no dates */

void mastodon_overlap(struct slice top, struct buf *out)
{
	int64_t n;

	if (slice_number(top, &n) && n > SNOWFLAKE_MIN)
		buf_printf(out, "%lld", (long long)(n - ((int64_t)LATE_MS << 16)));
	else
		buf_add_slice(out, top);
}

bool mastodon_is_newer(struct slice id, struct slice top)
{
	int64_t a, b;

	return !slice_number(id, &a) || !slice_number(top, &b) || a > b;
}

static bool find_parameter(struct slice address, const char *name, struct buf *out)
{
	const char *p = address.n ? memchr(address.p, '?', address.n) : NULL;
	const char *end = address.p + address.n;
	size_t n = strlen(name);

	while (p && p < end) {
		const char *stop;

		p++;
		stop = memchr(p, '&', (size_t)(end - p));
		if (!stop)
			stop = end;
		if ((size_t)(stop - p) > n && memcmp(p, name, n) == 0 && p[n] == '=') {
			struct slice value = {p + n + 1, (size_t)(stop - p) - n - 1};

			if (!is_id(value))
				return false;
			buf_add_slice(out, value);
			return true;
		}
		p = stop;
	}
	return false;
}

bool mastodon_link(
	struct slice header, const char *relation, const char *parameter, struct buf *out)
{
	_buf_ struct buf wanted = {0};

	buf_printf(&wanted, "rel=\"%s\"", relation);
	while (header.n) {
		const char *open = memchr(header.p, '<', header.n), *close, *next;
		struct slice address, rest;

		if (!open)
			return false;
		header = (struct slice){open + 1, header.n - (size_t)(open + 1 - header.p)};
		close = header.n ? memchr(header.p, '>', header.n) : NULL;
		if (!close)
			return false;
		address = (struct slice){header.p, (size_t)(close - header.p)};
		rest = (struct slice){close, header.n - address.n};
		next = memchr(rest.p, '<', rest.n);
		header = next ? (struct slice){next, rest.n - (size_t)(next - rest.p)}
			      : (struct slice){"", 0};
		rest.n -= header.n;
		if (memmem(rest.p, rest.n, wanted.p, wanted.n))
			return find_parameter(address, parameter, out);
	}
	return false;
}
