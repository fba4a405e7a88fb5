/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/record/comment.h>

struct fixture {
	struct json_reader *reader;
	struct comment c;
	struct buf extra;
	struct error e;
};

static int setup(void **state)
{
	static struct fixture f;
	f = (struct fixture){.reader = json_reader_new(1 << 16)};
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	json_reader_free(f->reader);
	buf_release(&f->extra);
	return 0;
}

static enum comment_refusal read_as(
	struct fixture *f, const char *text, const char *source, bool force)
{
	struct json_value v;
	f->e.text[0] = 0;
	if (json_parse(f->reader, slice_of(text), &v, &f->e) < 0)
		fail_msg("%s: %s", text, f->e.text);
	return comment_from_json(v, slice_of(source), force, &f->c, &f->extra, &f->e);
}

static void every_field_is_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		read_as(f,
			"{\"id\":\"a1\",\"text\":\"Bonjour l'été\",\"source\":\"fb\",\"author\":\"u\","
			"\"author_name\":\"Ursule\",\"created_at\":\"2026-01-27T11:40:35+01:00\",\"url\":\"https://x.example\","
			"\"thread\":\"t\",\"parent\":\"p\",\"channel\":\"ch\",\"lang\":\"fr\",\"kind\":\"comment\",\"likes\":3,"
			"\"shares\":4,\"edited_at\":\"2026-01-27T11:00:00Z\"}",
			"défaut", false),
		COMMENT_OK);
	assert_slice(f->c.id, "a1");
	assert_slice(f->c.text, "Bonjour l'été");
	assert_slice(f->c.source, "fb");
	assert_slice(f->c.author, "u");
	assert_slice(f->c.author_name, "Ursule");
	assert_slice(f->c.url, "https://x.example");
	assert_slice(f->c.thread, "t");
	assert_slice(f->c.parent, "p");
	assert_slice(f->c.channel, "ch");
	assert_slice(f->c.lang, "fr");
	assert_slice(f->c.kind, "comment");
	assert_int_equal(f->c.created_at, 1769510435000);
	assert_int_equal(f->c.edited_at, 1769511600000);
	assert_int_equal(f->c.likes, 3);
	assert_int_equal(f->c.shares, 4);
	assert_int_equal(f->c.type, COMMENT_ITEM);
	assert_int_equal(f->c.extra.n, 0);
}

static void unknown_fields_are_kept_apart(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		read_as(f, "{\"id\":\"1\",\"text\":\"x\",\"a\":[1, 2],\"z\":null}", "s", false), 0);
	assert_slice(f->c.extra, "{\"a\":[1,2],\"z\":null}");
}

static void ts_serves_for_created_at(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_as(f, "{\"id\":\"1\",\"text\":\"\",\"ts\":\"2026-01-27T10:40:35Z\"}",
				 "s", false),
		0);
	assert_int_equal(f->c.created_at, 1769510435000);
	/* when both are there, ts is some other field */
	assert_int_equal(
		read_as(f,
			"{\"id\":\"1\",\"text\":\"\",\"ts\":5,\"created_at\":\"2026-01-27T10:40:35Z\"}",
			"s", false),
		0);
	assert_slice(f->c.extra, "{\"ts\":5}");
}

static void ts_may_be_seconds(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *ts;
		int refusal;
		int64_t at;
	} cases[] = {
		{"1795000000", 0, 1795000000000},
		{"1795000000.06", 0, 1795000000060},
		{"\"1795000000.060\"", 0, 1795000000060},
		{"\"1795000000\"", 0, 1795000000000},
		{"-1", COMMENT_BAD_DATE, 0},
		{"4102444800", COMMENT_BAD_DATE, 0},
		{"\"99999999999999999\"", COMMENT_BAD_DATE, 0},
		{"\"1795000000.\"", COMMENT_BAD_DATE, 0},
		{"\"1.2.3\"", COMMENT_BAD_DATE, 0},
		{"\"\"", COMMENT_BAD_DATE, 0},
		{"true", COMMENT_WRONG_TYPE, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char line[128];
		snprintf(line, sizeof(line), "{\"id\":\"1\",\"text\":\"\",\"ts\":%s}", cases[i].ts);
		if ((int)read_as(f, line, "s", false) != cases[i].refusal)
			fail_msg("%s", line);
		if (!cases[i].refusal)
			assert_int_equal(f->c.created_at, cases[i].at);
	}
}

static void the_source_may_be_forced(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		read_as(f, "{\"id\":\"1\",\"text\":\"x\",\"source\":\"fb\"}", "mur", true), 0);
	assert_slice(f->c.source, "mur");
	assert_slice(f->c.extra, "{\"original_source\":\"fb\"}");
	assert_int_equal(
		read_as(f, "{\"id\":\"1\",\"text\":\"x\",\"source\":\"\"}", "mur", false), 0);
	assert_slice(f->c.source, "mur");
	assert_int_equal(
		read_as(f, "{\"id\":\"1\",\"text\":\"x\"}", "", false), COMMENT_MISSING_FIELD);
}

static void a_deletion_needs_no_text(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_as(f, "{\"id\":\"1\",\"deleted\":true}", "s", false), 0);
	assert_int_equal(f->c.type, COMMENT_TOMBSTONE);
	assert_int_equal(
		read_as(f, "{\"id\":\"1\",\"deleted\":false}", "s", false), COMMENT_MISSING_FIELD);
}

static void what_is_wrong_is_refused(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *text;
		enum comment_refusal why;
	} cases[] = {
		{"[]", COMMENT_NOT_OBJECT},
		{"\"x\"", COMMENT_NOT_OBJECT},
		{"{\"text\":\"x\"}", COMMENT_MISSING_FIELD},
		{"{\"id\":null,\"text\":\"x\"}", COMMENT_MISSING_FIELD},
		{"{\"id\":\"1\"}", COMMENT_MISSING_FIELD},
		{"{\"id\":\"1\",\"text\":null}", COMMENT_MISSING_FIELD},
		{"{\"id\":1,\"text\":\"x\"}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"1\",\"text\":[]}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"1\",\"text\":\"x\",\"likes\":\"3\"}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"1\",\"text\":\"x\",\"likes\":1.5}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"1\",\"text\":\"x\",\"likes\":-1}", COMMENT_BAD_VALUE},
		{"{\"id\":\"1\",\"text\":\"x\",\"deleted\":1}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"\",\"text\":\"x\"}", COMMENT_BAD_VALUE},
		{"{\"id\":\"a\\nb\",\"text\":\"x\"}", COMMENT_BAD_VALUE},
		{"{\"id\":\"1\",\"text\":\"x\",\"created_at\":\"hier\"}", COMMENT_BAD_DATE},
		{"{\"id\":\"1\",\"text\":\"x\",\"created_at\":\"2150-01-01T00:00:00Z\"}",
			COMMENT_BAD_DATE},
		{"{\"id\":\"1\",\"text\":\"x\",\"created_at\":1769510435}", COMMENT_WRONG_TYPE},
		{"{\"id\":\"1\",\"text\":\"x\",\"source\":"
		 "\"0123456789012345678901234567890123456789012345678901234567890123456789\"}",
			COMMENT_BAD_VALUE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum comment_refusal r = read_as(f, cases[i].text, "s", false);
		if (r != cases[i].why)
			fail_msg("%s: %s instead of %s", cases[i].text, comment_refusal_key(r),
				comment_refusal_key(cases[i].why));
		assert_true(f->e.text[0]);
	}
}

static void a_long_id_is_refused_not_cut(void **state)
{
	struct fixture *f = *state;
	_buf_ struct buf b = {0};
	buf_add_string(&b, "{\"text\":\"x\",\"id\":\"");
	for (unsigned i = 0; i <= COMMENT_ID_MAX; i++)
		buf_add_char(&b, 'a');
	buf_add_string(&b, "\"}");
	assert_int_equal(read_as(f, buf_string(&b), "s", false), COMMENT_BAD_VALUE);
}

/* JSON → record → wire → record → JSON → record: the same at both ends. */
static void records_come_back(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = {
		"{\"id\":\"a\",\"text\":\"\",\"source\":\"s\"}",
		"{\"id\":\"a\",\"text\":\"\\u00e9 \\\"x\\\" \\n fin\",\"source\":\"s\",\"likes\":9007199254740993,\"extra1\":{\"a\":1}}",
		"{\"id\":\"a\",\"deleted\":true,\"source\":\"s\",\"created_at\":\"2026-01-27T10:40:35.250Z\"}",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		_buf_ struct buf wire = {0}, wire2 = {0}, json = {0};
		struct comment c;
		assert_int_equal(read_as(f, texts[i], "", false), COMMENT_OK);
		comment_encode(&wire, &f->c);
		assert_int_equal(comment_decode(buf_slice(&wire), &c), 0);
		comment_to_json(&json, &c);
		assert_int_equal(read_as(f, buf_string(&json), "", false), COMMENT_OK);
		comment_encode(&wire2, &f->c);
		assert_int_equal(wire.n, wire2.n);
		assert_memory_equal(wire.p, wire2.p, wire.n);
		assert_refuses_cuts(&wire, comment_decode(part_, &c));
	}
}

static void an_unknown_version_or_type_is_refused(void **state)
{
	_buf_ struct buf wire = {0};
	struct comment c = {.source = SLICE("s"), .id = SLICE("1"), .text = SLICE("x")};
	(void)state;
	comment_encode(&wire, &c);
	wire.p[0] = 2;
	assert_int_equal(comment_decode(buf_slice(&wire), &c), -EBADMSG);
	wire.p[0] = 1;
	wire.p[1] = 3;
	assert_int_equal(comment_decode(buf_slice(&wire), &c), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_field_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_fields_are_kept_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(ts_serves_for_created_at, setup, teardown),
		cmocka_unit_test_setup_teardown(ts_may_be_seconds, setup, teardown),
		cmocka_unit_test_setup_teardown(the_source_may_be_forced, setup, teardown),
		cmocka_unit_test_setup_teardown(a_deletion_needs_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_long_id_is_refused_not_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(records_come_back, setup, teardown),
		cmocka_unit_test(an_unknown_version_or_type_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
