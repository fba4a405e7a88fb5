/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a feed: refused, or comments that our own reader takes, whose fields fit where they go. Any bytes as a
 * page: valid text without controls. */
#include <stdint.h>
#include <stdlib.h>

#include <tocsin/base/utf8.h>
#include <tocsin/markup/markup.h>

#include "date.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check(void *user, const struct comment *c)
{
	struct json_reader *json = user;
	struct json_value v;
	struct comment back;
	_buf_ struct buf line = {0}, extra = {0};

	comment_to_json(&line, c);
	require(json_parse(json, buf_slice(&line), &v, NULL) == 0);
	require(comment_from_json(v, SLICE("s"), true, &back, &extra, NULL) == COMMENT_OK);
	require(slice_equal(back.id, c->id) && slice_equal(back.text, c->text));
	require(back.type == c->type && back.created_at == c->created_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *json;
	struct slice input = {(const char *)data, n};
	_buf_ struct buf next = {0}, text = {0};
	struct error e;

	if (!json)
		json = json_reader_new(64u << 20);
	if (feed_read(input, check, json, &next, &e) < 0)
		require(e.text[0] != 0);
	html_text(input, &text);
	require(utf8_valid(buf_slice(&text)));
	for (size_t i = 0; i < text.n; i++)
		require((unsigned char)text.p[i] >= ' ' || text.p[i] == '\n' || text.p[i] == '\t');
	require(date_read(input) >= 0);
	return 0;
}
