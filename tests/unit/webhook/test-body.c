/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies into comments: where they are cut, what is wrong as a whole, what goes into quarantine alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/base/utf8.h>
#include "body.h"

/* "id" for a comment, "!reason@line" for quarantine, with blanks between. */
static void note(void *user, const struct comment *c)
{
	struct buf *out = user;
	assert_true(slice_is(c->source, "site"));
	assert_true(utf8_valid(c->text) && !memchr(c->text.p, 0, c->text.n));
	if (c->type == COMMENT_QUARANTINE) {
		assert_true(c->text.n <= COMMENT_RAW_MAX);
		assert_true(c->id.n > 4 && memcmp(c->id.p, "req:", 4) == 0);
		buf_add_char(out, '!');
		buf_add_slice(out, c->extra);
	} else {
		buf_add_slice(out, c->id);
	}
	buf_add_char(out, ' ');
}

static const char *read_all(struct body *b, enum body_form form, struct slice text, struct buf *out)
{
	struct error e = {""};
	uint32_t line = 0;
	uint64_t byte = 0;
	buf_clear(out);
	int r = body_cut(b, form, text, &e, &line, &byte);
	if (r) {
		assert_true(e.text[0] && line > 0);
		buf_printf(out, "%d@%u", r, line);
		return buf_string(out);
	}
	body_read(b, SLICE("site"), SLICE("req"), note, out);
	assert_int_equal(b->accepted + b->quarantined, b->n);
	return buf_string(out);
}

#define OK(id) "{\"id\":\"" id "\",\"text\":\"t\"}"

static void test_json(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{OK("a"), "a "},
		{" \r\n\t" OK("a") "\n ", "a "},
		{"\xef\xbb\xbf" OK("a"), "a "},
		{"[]", ""},
		{" [ ] ", ""},
		{"[" OK("a") "]", "a "},
		{"[" OK("a") "," OK("b") " , \n" OK("c") "]", "a b c "},
		{"[{\"id\":\"a\",\"text\":\"],[ \\\" }{\"}," OK("b") "]", "a b "},
		{"[{\"id\":\"a\",\"text\":\"\\\\\"}," OK("b") "]", "a b "},
		{"[{\"id\":\"a\",\"text\":\"t\",\"x\":[{},[[]],{\"y\":[1,2]}]}," OK("b") "]",
			"a b "},
		{"[1,\"a\",null,true,[]," OK("a") "]",
			"!not_object !not_object !not_object !not_object !not_object a "},
		{"[{}," OK("a") ",{\"id\":\"b\"},{\"text\":\"t\"}]",
			"!missing_field a !missing_field !missing_field "},
		{"[{\"id\":\"a\",\"text\":1}," OK("b") "]", "!wrong_type b "},
		{"[{\"id\":\"a\" \"text\":\"t\"}," OK("b") "]", "!malformed b "},
		{"[{\"id\":\"a\",\"id\":\"b\",\"text\":\"t\"}," OK("b") "]", "!malformed b "},
		{"[{\"id\":\"a\",\"text\":\"\\u0000\"}," OK("b") "]", "!malformed b "},
		{"[{\"id\":\"a\",\"text\":\"\\ud800\"}," OK("b") "]", "!malformed b "},
		{"[{\"id\":\"a\",\"text\":\"\xff\"}," OK("b") "]", "!bad_utf8 b "},
		{"[{\"id\":\"a\",\"text\":\"t\",\"created_at\":\"hier\"}," OK("b") "]",
			"!bad_date b "},
		{"[{\"id\":\"a\"]}," OK("b") "]", "!malformed b "},
		{"{\"text\":\"t\"}", "!missing_field "},
		/* wrong as a whole */
		{"", "1@1"},
		{" \n\n", "1@3"},
		{"[", "1@1"},
		{"[" OK("a"), "1@1"},
		{"[" OK("a") "\n,", "1@2"},
		{"[" OK("a") ",]", "1@1"},
		{"[," OK("a") "]", "1@1"},
		{"[" OK("a") ",\n," OK("b") "]", "1@2"},
		{"[" OK("a") "] x", "1@1"},
		{"[]\n\n[]", "1@3"},
		{"[{\"id\":\"a]", "1@1"},
		{"7", "1@1"},
		{"\"a\"", "1@1"},
		{"null", "1@1"},
		{"\n{", "1@2"},
		{OK("a") OK("b"), "1@1"},
		{OK("a") "\n" OK("b"), "1@1"},
		{"bonjour", "1@1"},
	};
	struct body b;
	_buf_ struct buf out = {0};
	(void)state;
	body_init(&b, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = read_all(&b, BODY_JSON, slice_of(cases[i].text), &out);
		if (strcmp(got, cases[i].want) != 0)
			print_error("%s\n", cases[i].text);
		assert_string_equal(got, cases[i].want);
	}
	body_release(&b);
}

static void test_lines(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{OK("a"), "a "},
		{OK("a") "\n", "a "},
		{OK("a") "\r\n\r\n \n" OK("b") "\r\n", "a b "},
		{"\xef\xbb\xbf" OK("a") "\n" OK("b"), "a b "},
		{"rien\n" OK("a") "\n[]\n{\n}\n" OK("b"),
			"!malformed a !not_object !malformed !malformed b "},
		{OK("a") OK("b") "\n" OK("c"), "!malformed c "},
		{"\"a\n\"\n" OK("a"), "!malformed !malformed a "},
		{"", "1@1"},
		{"\n \r\n\n", "1@4"},
	};
	struct body b;
	_buf_ struct buf out = {0};
	(void)state;
	body_init(&b, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
			read_all(&b, BODY_LINES, slice_of(cases[i].text), &out), cases[i].want);
	body_release(&b);
}

static void test_places(void **state)
{
	struct body b;
	_buf_ struct buf out = {0};
	(void)state;
	body_init(&b, 1000);
	read_all(&b, BODY_JSON, SLICE("[\n" OK("a") ",\n\n 7,\n{\"id\":\n\"b\"},8]"), &out);
	assert_int_equal(b.quarantined, 3);
	static const uint32_t want[3][2] = {{2, 4}, {3, 5}, {4, 6}};
	for (int i = 0; i < 3; i++) {
		assert_int_equal(b.problems[i].item, want[i][0]);
		assert_int_equal(b.problems[i].line, want[i][1]);
		assert_true(b.problems[i].text[0]);
	}
	body_release(&b);
}

static void test_limits(void **state)
{
	struct body b;
	_buf_ struct buf out = {0}, text = {0};
	(void)state;
	body_init(&b, 100);
	/* One byte too long: quarantine, not its neighbour. */
	buf_add_string(&text, "[" OK("a") ",");
	for (int extra = 0; extra < 2; extra++) {
		size_t begin = text.n;
		buf_printf(&text, "{\"id\":\"b\",\"text\":\"%0*d\"}", 80 + extra, 0);
		assert_int_equal(text.n - begin, 100 + extra);
		buf_add_char(&text, extra ? ']' : ',');
	}
	assert_string_equal(read_all(&b, BODY_JSON, buf_slice(&text), &out), "a b !too_long ");
	buf_clear(&text);
	for (uint32_t i = 0; i < BODY_ITEMS_MAX; i++)
		buf_add_string(&text, "1\n");
	read_all(&b, BODY_LINES, buf_slice(&text), &out);
	assert_int_equal(b.quarantined, BODY_ITEMS_MAX);
	buf_add_string(&text, "1\n");
	assert_string_equal(read_all(&b, BODY_LINES, buf_slice(&text), &out), "2@10001");
	/* Depth costs nothing: brackets are only counted. */
	buf_clear(&text);
	memset(buf_reserve(&text, 1000000), '[', 1000000);
	text.n = 1000000;
	assert_string_equal(read_all(&b, BODY_JSON, buf_slice(&text), &out), "1@1");
	body_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests_name("webhook body", tests, NULL, NULL);
}
