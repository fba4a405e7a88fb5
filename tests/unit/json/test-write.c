/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <tocsin/json/json.h>

static void test_commas(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	struct json_writer w = {&out, false};
	json_w_begin(&w, '{');
	json_w_key(&w, "a");
	json_w_begin(&w, '[');
	json_w_end(&w, ']');
	json_w_key(&w, "b");
	json_w_begin(&w, '[');
	json_w_int(&w, 1);
	json_w_begin(&w, '{');
	json_w_end(&w, '}');
	json_w_null(&w);
	json_w_end(&w, ']');
	json_w_key(&w, "c");
	json_w_raw(&w, SLICE("{\"x\":1}"));
	json_w_key(&w, "d");
	json_w_bool(&w, true);
	json_w_name(&w, SLICE("é\""));
	json_w_bool(&w, false);
	json_w_end(&w, '}');
	assert_string_equal(buf_string(&out),
		"{\"a\":[],\"b\":[1,{},null],\"c\":{\"x\":1},\"d\":true,\"é\\\"\":false}");
}

static void test_members(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	struct json_writer w = {&out, false};
	json_w_begin(&w, '{');
	json_w_text(&w, "a", SLICE("b\""));
	json_w_number(&w, "n", -1);
	json_w_time(&w, "t", 1795000000060);
	json_w_time(&w, "never", 0);
	json_w_time(&w, "before", -1);
	json_w_end(&w, '}');
	assert_string_equal(buf_string(&out),
		"{\"a\":\"b\\\"\",\"n\":-1,\"t\":\"2026-11-18T11:06:40.060Z\",\"never\":null,\"before\":null}");
}

static void test_integers(void **state)
{
	(void)state;
	static const struct {
		int64_t v;
		const char *text;
	} cases[] = {{0, "0"}, {-1, "-1"}, {10, "10"}, {INT64_MAX, "9223372036854775807"},
		{INT64_MIN, "-9223372036854775808"}};
	for (size_t i = 0; i < 5; i++) {
		_buf_ struct buf out = {0};
		json_w_int(&(struct json_writer){&out, false}, cases[i].v);
		assert_string_equal(buf_string(&out), cases[i].text);
	}
}

static void test_doubles_come_back(void **state)
{
	(void)state;
	static const double values[] = {0, 0.1, 1.0 / 3, 2.5e-308, 1.7976931348623157e308,
		123456789.125, -1e21, 5e-324, 6.02214076e23};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		_buf_ struct buf out = {0};
		json_w_double(&(struct json_writer){&out, false}, values[i]);
		assert_true(strtod(buf_string(&out), NULL) == values[i]);
	}
	_buf_ struct buf out = {0};
	struct json_writer w = {&out, false};
	json_w_double(&w, 0.1);
	json_w_double(&w, (double)NAN);
	json_w_double(&w, -(double)INFINITY);
	assert_string_equal(buf_string(&out), "0.1,null,null");
}

static void expect_as_printf(double v)
{
	_buf_ struct buf out = {0};
	char text[32];
	json_w_double(&(struct json_writer){&out, false}, v);
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	assert_string_equal(buf_string(&out), text);
}

/* Scores, their neighbours, and what looks like them: the fewest figures of fifteen that come back, as printf has it. */
static void test_hundredths(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 30000; i++) {
		expect_as_printf(i / 100.0);
		expect_as_printf(nextafter(i / 100.0, 1e9));
		expect_as_printf(-(i / 100.0));
		expect_as_printf(i / 1000.0);
	}
	for (unsigned i = 0; i < 30000; i++)
		expect_as_printf((double)(i * 143165u) / 100);
	expect_as_printf(-0.0);
	expect_as_printf(999999999.99);
	expect_as_printf(1e9);
}

static void test_invalid_text_is_repaired(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	json_w_string(&(struct json_writer){&out, false},
		SLICE("a\xFF"
		      "b\xC3"));
	assert_string_equal(buf_string(&out), "\"a\uFFFDb\uFFFD\"");
}

/* Every character, at every place of an eight-byte word, alone and in company, comes back. */
static void test_strings_come_back(void **state)
{
	(void)state;
	struct json_reader *r = json_reader_new(1 << 16);
	for (int c = 1; c < 0x180; c++) {
		for (size_t at = 0; at < 19; at++) {
			char text[32] = "abcdefghijklmnopqrs";
			size_t n = 19;
			if (c < 0x80) {
				text[at] = (char)c;
			} else {
				text[at] = (char)(0xC0 | c >> 6);
				text[++at] = (char)(0x80 | (c & 0x3F));
				n = at > 18 ? at + 1 : 19;
			}
			_buf_ struct buf out = {0};
			struct json_value v;
			struct error e = {""};
			json_w_string(&(struct json_writer){&out, false}, (struct slice){text, n});
			for (size_t i = 0; i < out.n; i++)
				assert_true((unsigned char)out.p[i] >= 0x20 && out.p[i] != 0x7f);
			if (json_parse(r, buf_slice(&out), &v, &e) != 0)
				fail_msg("%s: %s", buf_string(&out), e.text);
			assert_true(slice_equal(json_string(v), (struct slice){text, n}));
		}
	}
	json_reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commas),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_doubles_come_back),
		cmocka_unit_test(test_hundredths),
		cmocka_unit_test(test_invalid_text_is_repaired),
		cmocka_unit_test(test_strings_come_back),
	};
	return cmocka_run_group_tests_name("json write", tests, NULL, NULL);
}
