/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a Bluesky server's answer: what our reader takes as it is stays as it is, what becomes a comment our own reader takes, an
 * action ends with a request that is JSON or with its reason. Any bytes as a mark: nothing, or one that reads as it is written. */
#include <stdint.h>
#include <stdlib.h>
#include <tocsin/json/tame.h>

#include "bluesky/bluesky.h"
#include "bluesky/mark.h"
#include "deed.h"
#include "fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check_tame(struct json_reader *json, struct slice input)
{
	_buf_ struct buf tamed = {0}, twice = {0};
	struct json_value v;

	json_tame(input, &tamed);
	if (json_parse(json, input, &v, NULL) == 0)
		require(slice_equal(buf_slice(&tamed), input));
	json_tame(buf_slice(&tamed), &twice);
	require(slice_equal(buf_slice(&twice), buf_slice(&tamed)));
}

static void check_comment(struct json_reader *json, struct json_value view)
{
	struct post p = {0};
	struct json_value v;
	struct comment back;
	_buf_ struct buf line = {0}, extra = {0};

	if (bluesky_post(view, &p)) {
		comment_to_json(&line, &p.comment);
		require(json_parse(json, buf_slice(&line), &v, NULL) == 0);
		require(comment_from_json(v, SLICE("s"), true, &back, &extra, NULL) == COMMENT_OK);
		require(slice_equal(back.id, p.uri));
	}
	bluesky_post_release(&p);
}

/* The same answer to every question, in turn as a good and as a bad one. */
static void check_deed(struct json_reader *json, struct slice answer, enum outward what, long bad)
{
	static const struct source_config source = {.url = "https://s.example", .user = "ville"};
	struct leased_action a = {.action = what,
		.item = SLICE("at://did:plc:a/app.bsky.feed.post/3l"),
		.seen = SLICE("Bonjour"),
		.text = SLICE("Voir http://x/. https://")};
	struct deed d = {.action = &a, .source = &source, .who = SLICE("did:plc:b"), .json = json};
	struct page page = {.body = answer, .status = 200};
	struct json_reader *other = json_reader_new(1 << 20);
	struct json_value v;
	struct error e = {0};
	int r = bluesky_deed(&d, NULL, &e);

	for (unsigned i = 0; i < DEED_STEPS && (r == DEED_ASK || r == DEED_WRITE); i++) {
		require(r == DEED_ASK ? !d.body.n
				      : json_parse(other, buf_slice(&d.body), &v, NULL) == 0);
		require(slice_begins(buf_slice(&d.url), "https://s.example/xrpc/"));
		buf_clear(&d.url);
		buf_clear(&d.body);
		e.text[0] = 0;
		page.status = i % 2 ? bad : 200;
		r = bluesky_deed(&d, &page, &e);
	}
	require(r == DEED_DONE || r == DEED_ASK || r == DEED_WRITE || e.text[0]);
	json_reader_free(other);
	buf_release(&d.url);
	buf_release(&d.body);
	buf_release(&d.memo);
}

static void check_mark(struct slice input)
{
	struct bluesky_mark m, again;
	_buf_ struct buf text = {0}, back = {0}, uri = {0};

	if (!bluesky_mark_read(input, &m))
		return;
	bluesky_know(&m, SLICE("at://did:plc:a/app.bsky.feed.post/3jzfcijpj2z2a"), 1688137382000);
	bluesky_mark_print(&m, &text);
	require(text.n < SEEN_MARK);
	require(bluesky_mark_read(buf_slice(&text), &again));
	bluesky_mark_print(&again, &back);
	require(slice_equal(buf_slice(&back), buf_slice(&text)));
	if (m.n_known)
		bluesky_known_uri(m.known[0], &uri);
	bluesky_mark_release(&m);
	bluesky_mark_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *json, *second;
	struct slice input = {(const char *)data, n};
	_buf_ struct buf text = {0};
	struct json_value v, posts, view;
	struct slice key;
	uint32_t it = 0;

	if (!json) {
		json = json_reader_new(1 << 20);
		second = json_reader_new(64 << 20);
	}
	check_tame(json, input);
	check_mark(input);
	if (bluesky_parse(json, input, &text, &v)) {
		check_comment(second, v);
		if (field_inner(v, "posts", JSON_ARRAY, &posts))
			while (json_each(posts, &it, &key, &view))
				check_comment(second, view);
	}
	for (int what = ACTION_HIDE; what <= ACTION_TRASH; what++)
		check_deed(json, input, (enum outward)what, what % 2 ? 400 : 200);
	return 0;
}
