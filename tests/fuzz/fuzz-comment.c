/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line of JSON → comment → wire → comment → JSON → comment: whatever is taken must come back the same.
 * And the same bytes as wire records of every kind: taken or refused, never read past their end. */
#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/request.h>
#include <tocsin/record/verdict.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void as_json(struct json_reader *reader, struct slice s)
{
	_buf_ struct buf extra = {0}, wire = {0}, again = {0}, json = {0};
	struct json_value v;
	struct comment c, back;
	struct error e;

	if (json_parse(reader, s, &v, &e) < 0)
		return;
	if (comment_from_json(v, SLICE("défaut"), (s.n & 1) != 0, &c, &extra, &e) != COMMENT_OK)
		return;
	comment_encode(&wire, &c);
	check(comment_decode(buf_slice(&wire), &back) == 0);
	check(utf8_valid(back.text) && utf8_valid(back.id) && utf8_valid(back.extra));
	comment_to_json(&json, &back);
	check(json_parse(reader, buf_slice(&json), &v, &e) == 0);
	check(comment_from_json(v, SLICE(""), false, &c, &extra, &e) == COMMENT_OK);
	comment_encode(&again, &c);
	check(slice_equal(buf_slice(&wire), buf_slice(&again)));
}

static void as_records(struct slice s)
{
	struct arena a = {0};
	struct comment c;
	struct verdict v;
	struct incident_facts f;
	struct observe_request o;
	struct outbox_row *rows;
	struct leased_row *leased;
	uint32_t count;

	arena_init(&a, 0);
	if (comment_decode(s, &c) == 0) {
		_buf_ struct buf b = {0};

		comment_encode(&b, &c);
	}
	if (verdict_decode(s, &a, &v) == 0) {
		_buf_ struct buf b = {0}, json = {0};

		verdict_encode(&b, &v);
		verdict_to_json(&json, &v, SLICE("1"), SLICE("texte"), "00");
	}
	if (incident_facts_decode(s, &a, &f) == 0) {
		_buf_ struct buf b = {0};

		incident_facts_encode(&b, &f);
	}
	if (observe_decode(s, &a, &o) == 0) {
		_buf_ struct buf b = {0};

		observe_encode(&b, &o);
	}
	if (outbox_rows_decode(s, &a, &rows, &count) == 0 ||
		leased_rows_decode(s, &a, &leased, &count) == 0)
		check(count <= s.n);
	if (batch_count(s, &count) == 0)
		check(count <= s.n / 4);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *reader;
	struct slice s = {(const char *)data, n};

	if (!reader)
		reader = json_reader_new(1 << 20);
	as_json(reader, s);
	as_records(s);
	return 0;
}
