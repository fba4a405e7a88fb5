/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Graph API's objects as comments, and what it says of errors and quotas. */
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>

#include "meta.h"

#define SECRET_MAX 4096u

static const struct meta_words facebook = {
	.feed = "feed",
	.feed_fields = "id,created_time,comments.filter(stream).limit(0).summary(true)",
	.comments =
		"comments?filter=stream&order=reverse_chronological&fields=id,message,created_time,from{id,name},"
		"parent{id},permalink_url,like_count",
	.more = "comments?fields=id", /* never: the stream has them */
	.alone = "id,message,is_hidden,can_hide",
	.text = "message",
	.time = "created_time",
	.likes = "like_count",
	.hide = "is_hidden",
	.hidden = "is_hidden",
	.answers = "comments",
};
static const struct meta_words instagram = {
	.feed = "media",
	.feed_fields = "id,timestamp,comments_count",
	.comments = "comments?fields=id,text,timestamp,username,from,parent_id,like_count,"
		    "replies.limit(50){id,text,timestamp,username,from,parent_id,like_count}",
	.more = "replies?fields=id,text,timestamp,username,from,parent_id,like_count",
	.alone = "id,text,hidden",
	.text = "text",
	.time = "timestamp",
	.likes = "like_count",
	.hide = "hide",
	.hidden = "hidden",
	.answers = "replies",
};

const struct meta_words *meta_words(const struct source_config *source)
{
	return strcmp(source->network, "instagram") == 0 ? &instagram : &facebook;
}

int64_t meta_time(struct slice date)
{
	char text[40];
	int64_t ms;

	if (date.n < 6 || date.n >= sizeof(text) - 1)
		return 0;
	memcpy(text, date.p, date.n);
	text[date.n] = 0;
	if (strchr("+-", text[date.n - 5])) { /* a zone without its colon */
		memmove(text + date.n - 1, text + date.n - 2, 3);
		text[date.n - 2] = ':';
	}
	return clock_parse(slice_of(text), &ms) == 0 ? ms : 0;
}

static bool is_id(struct slice id)
{
	if (!id.n || id.n > 200)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!(id.p[i] >= '0' && id.p[i] <= '9') && id.p[i] != '_')
			return false;
	return true;
}

bool meta_comment(const struct meta_words *w, struct json_value v, struct slice post,
	struct slice page, struct comment *ret)
{
	struct comment c = {.type = COMMENT_ITEM, .id = field_text(v, "id"), .thread = post};
	struct json_value from, parent;
	int64_t likes = field_number(v, w->likes);

	if (!is_id(c.id))
		return false;
	c.text = field_text(v, w->text);
	if (!c.text.n) /* a picture alone */
		return false;
	c.created_at = meta_time(field_text(v, w->time));
	c.author_name = field_name(v, "username");
	if (field_object(v, "from", &from)) {
		c.author = field_name(from, "id");
		if (!c.author_name.n)
			c.author_name = field_name(from, "name").n ? field_name(from, "name")
								   : field_name(from, "username");
	}
	if (c.author.n && slice_equal(c.author, page)) /* the town's own */
		return false;
	c.parent = field_object(v, "parent", &parent) ? field_text(parent, "id")
						      : field_text(v, "parent_id");
	if (!is_id(c.parent) || slice_equal(c.parent, post))
		c.parent = (struct slice){"", 0};
	c.url = field_address(v, "permalink_url");
	c.kind = c.parent.n ? SLICE("reply") : SLICE("comment");
	c.likes = likes > 0 ? (uint64_t)likes : 0;
	*ret = c;
	return true;
}

enum meta_error meta_error(struct json_value v, struct slice *ret_why)
{
	struct json_value fault;
	int64_t code;

	*ret_why = (struct slice){"", 0};
	if (!field_object(v, "error", &fault))
		return META_NONE;
	*ret_why = field_text(fault, "message");
	code = field_number(fault, "code");
	if (code == 190 || code == 102)
		return META_EXPIRED;
	if (code == 4 || code == 17 || code == 32 || code == 341 || code == 368 || code == 613 ||
		(code >= 80000 && code <= 80014))
		return META_BUSY;
	if (code == 1 || code == 2 || field_true(fault, "is_transient"))
		return META_LATER;
	if (code == 100 && field_number(fault, "error_subcode") == 33)
		return META_GONE;
	if (code == 3 || code == 10 || (code >= 200 && code <= 299))
		return META_RIGHT;
	return META_OTHER;
}

static int64_t most_of(struct json_value v, int64_t *ret_ms)
{
	static const char *const names[] = {"call_count", "total_time", "total_cputime"};
	int64_t most = 0, minutes = field_number(v, "estimated_time_to_regain_access");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int64_t n = field_number(v, names[i]);

		most = n > most ? n : most;
	}
	if (minutes > 0 && minutes < 24 * 60 && minutes * CLOCK_MINUTE > *ret_ms)
		*ret_ms = minutes * CLOCK_MINUTE;
	return most;
}

int64_t meta_usage(struct json_reader *json, struct slice header, int64_t *ret_ms)
{
	struct json_value v, list, one;
	struct slice key;
	uint32_t it = 0;
	int64_t most;

	if (!header.n || json_parse(json, header, &v, NULL) < 0 || v.type != JSON_OBJECT)
		return 0;
	most = most_of(v, ret_ms);
	while (json_each(v, &it, &key, &list)) { /* by business: a list of uses */
		uint32_t at = 0;

		while (list.type == JSON_ARRAY && json_each(list, &at, &key, &one)) {
			int64_t n = most_of(one, ret_ms);

			most = n > most ? n : most;
		}
	}
	return most;
}

void meta_site(const struct source_config *source, struct buf *url)
{
	size_t n = strcspn(source->url, "?#");

	while (n && source->url[n - 1] == '/')
		n--;
	buf_add(url, source->url, n);
	buf_printf(url, "/%s/", source->api_version);
}

int meta_proof(
	const struct source_config *source, const char *token, struct buf *url, struct error *e)
{
	_buf_ struct buf text = {0};
	unsigned char mac[DIGEST_SIZE];
	char hex[2 * DIGEST_SIZE + 1];
	struct slice secret;
	int r;

	if (!source->secret_file)
		return 0;
	r = file_read(source->secret_file, SECRET_MAX, &text, e);
	if (r < 0)
		return r;
	secret = buf_slice(&text);
	while (secret.n && strchr(" \t\r\n", secret.p[secret.n - 1]))
		secret.n--;
	digest_hmac(secret, slice_of(token), mac);
	buf_printf(url, "&appsecret_proof=%s", digest_hex(mac, sizeof(mac), hex));
	digest_wipe(text.p, text.n);
	return 0;
}
