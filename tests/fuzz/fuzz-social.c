/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as what Mastodon, Meta and Decidim send, as a stream's events and as a Link header: nothing, or comments that our own
 * reader takes, whose fields fit where they go. */
#include <stdint.h>
#include <stdlib.h>

#include "decidim/decidim.h"
#include "known.h"
#include "mastodon/mastodon.h"
#include "meta/meta.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check(void *user, const struct comment *c)
{
	static struct json_reader *json;
	struct json_value v;
	struct comment back;
	_buf_ struct buf line = {0}, extra = {0};

	(void)user;
	if (!json)
		json = json_reader_new(64u << 20);
	comment_to_json(&line, c);
	require(json_parse(json, buf_slice(&line), &v, NULL) == 0);
	require(comment_from_json(v, SLICE("s"), true, &back, &extra, NULL) == COMMENT_OK);
	require(slice_equal(back.id, c->id) && slice_equal(back.text, c->text));
	require(back.created_at == c->created_at && back.likes == c->likes);
}

static void try_value(struct json_value v)
{
	static const struct source_config networks[] = {
		{.network = "facebook"}, {.network = "instagram"}};
	_buf_ struct buf text = {0};
	struct comment c;
	struct slice why;

	if (mastodon_status(v, SLICE("1"), &text, &c) == MASTODON_COMMENT)
		check(NULL, &c);
	for (size_t i = 0; i < 2; i++)
		if (meta_comment(meta_words(&networks[i]), v, SLICE("1_2"), SLICE("1"), &c))
			check(NULL, &c);
	meta_error(v, &why);
	decidim_comments(
		v, SLICE("https://ville.example/processes/a/f/1/proposals/2"), check, NULL);
}

static void on_event(void *user, struct slice name, struct slice data)
{
	struct json_value v;

	require(name.n <= SSE_MAX && data.n <= SSE_MAX);
	if (json_parse(user, data, &v, NULL) == 0)
		try_value(v);
}

static void forget(void *user, int64_t id)
{
	(void)user;
	require(id > 0);
}

static void try_text(struct slice input)
{
	_buf_ struct buf out = {0};
	struct known k = {0};

	mastodon_link(input, "next", "max_id", &out);
	require(meta_time(input) == meta_time(input));
	known_parse(&k, input);
	known_add(&k, 17, input);
	known_round(&k, forget, NULL);
	for (size_t i = 1; i < k.n; i++)
		require(k.list[i - 1].id < k.list[i].id);
	known_release(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *json;
	struct slice input = {(const char *)data, n};
	struct json_value v;
	struct sse s = {0};
	int64_t ms = 0;

	if (!json)
		json = json_reader_new(8u << 20);
	if (json_parse(json, input, &v, NULL) == 0)
		try_value(v);
	sse_feed(&s, input, on_event, json);
	sse_release(&s);
	meta_usage(json, input, &ms);
	require(ms >= 0);
	try_text(input);
	return 0;
}
