/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any body that a webhook gets (first byte: which form): refused as a whole with a place, or every piece becomes one
 * sound item. */
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/record/batch.h>
#include "../../src/webhook/body.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct seen {
	uint32_t n;
	struct buf batch;
};

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void look(void *user, const struct comment *c)
{
	struct seen *s = user;
	struct comment again;
	_buf_ struct buf wire = {0};
	require(utf8_valid(c->text) && utf8_valid(c->id) && c->id.n > 0);
	require(slice_is(c->source, "fuzz"));
	require(c->type != COMMENT_QUARANTINE || c->text.n <= COMMENT_RAW_MAX);
	comment_encode(&wire, c);
	require(comment_decode(buf_slice(&wire), &again) == 0 && slice_equal(again.text, c->text));
	batch_add(&s->batch, c);
	s->n++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct body b; /* kept: made to be reused */
	struct seen s = {0};
	struct error e = {""};
	uint32_t line = 0, count = 0;
	uint64_t byte = 0;
	if (!b.json)
		body_init(&b, 4096);
	if (n == 0)
		return 0;
	struct slice text = {(const char *)data + 1, n - 1};
	int r = body_cut(&b, data[0] & 1 ? BODY_LINES : BODY_JSON, text, &e, &line, &byte);
	if (r) {
		require(e.text[0] && line > 0 && byte <= n + 1);
		return 0;
	}
	for (uint32_t i = 0; i < b.n; i++) {
		struct slice p = b.pieces[i].text;
		require(p.n > 0 && p.p >= text.p && p.p + p.n <= text.p + text.n);
		require(i == 0 || p.p >= b.pieces[i - 1].text.p + b.pieces[i - 1].text.n);
	}
	body_read(&b, SLICE("fuzz"), SLICE("0123456789ab"), look, &s);
	require(s.n == b.n && b.accepted + b.quarantined == b.n);
	require(batch_count(buf_slice(&s.batch), &count) == 0 && count == s.n);
	buf_release(&s.batch);
	return 0;
}
