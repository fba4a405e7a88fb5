/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/json/json.h>

static int make_reader(void **state)
{
	*state = json_reader_new(4096);
	return 0;
}

static int free_reader(void **state)
{
	json_reader_free(*state);
	return 0;
}

static struct json_value parse(void **state, const char *text)
{
	struct json_value v = {0};
	struct error e = {""};
	if (json_parse(*state, slice_of(text), &v, &e) != 0)
		fail_msg("%s: %s", text, e.text);
	return v;
}

static void assert_refused(void **state, struct slice text, const char *why)
{
	struct json_value v;
	struct error e = {""};
	int r = json_parse(*state, text, &v, &e);
	if (r != -EINVAL)
		fail_msg("%.*s: %d", (int)text.n, text.p, r);
	if (!strstr(e.text, why))
		fail_msg("%.*s: « %s » without « %s »", (int)text.n, text.p, e.text, why);
}

static void test_types(void **state)
{
	struct json_value v,
		root = parse(state,
			"{\"s\":\"h\\u00e9\\n\",\"i\":-42,\"d\":2.5,\"t\":true,\"n\":null,\"a\":[1,[]],\"o\":{}}");
	assert_int_equal(root.type, JSON_OBJECT);
	assert_true(json_get(root, SLICE("s"), &v) && v.type == JSON_STRING);
	assert_true(slice_is(json_string(v), "hé\n"));
	assert_true(json_get(root, SLICE("i"), &v) && v.type == JSON_INT);
	assert_int_equal(json_int(v), -42);
	assert_true(json_double(v) == -42.0);
	assert_true(json_get(root, SLICE("d"), &v) && v.type == JSON_DOUBLE);
	assert_true(json_double(v) == 2.5);
	assert_true(json_get(root, SLICE("t"), &v) && v.type == JSON_BOOL && json_bool(v));
	assert_true(json_get(root, SLICE("n"), &v) && v.type == JSON_NULL);
	assert_true(json_get(root, SLICE("a"), &v) && v.type == JSON_ARRAY);
	assert_true(json_get(root, SLICE("o"), &v) && v.type == JSON_OBJECT);
	assert_false(json_get(root, SLICE("absent"), &v));
}

static void test_each_steps_over_nested_values(void **state)
{
	struct json_value root = parse(state, "{\"a\":[1,{\"x\":[2]}],\"b\":{\"y\":3},\"c\":4}"), v;
	struct slice key;
	char keys[8] = "";
	size_t n = 0;
	for (uint32_t it = 0; json_each(root, &it, &key, &v);)
		keys[n++] = key.p[0];
	assert_string_equal(keys, "abc");
	uint32_t it = 0;
	assert_true(json_get(root, SLICE("a"), &v));
	struct json_value item;
	assert_true(json_each(v, &it, &key, &item));
	assert_int_equal(key.n, 0);
	assert_int_equal(json_int(item), 1);
	assert_true(json_each(v, &it, NULL, &item));
	assert_int_equal(item.type, JSON_OBJECT);
	assert_false(json_each(v, &it, NULL, &item));
	struct json_value empty = parse(state, "[]");
	it = 0;
	assert_false(json_each(empty, &it, NULL, &item));
}

static void test_any_root(void **state)
{
	assert_int_equal(parse(state, " \t\r\n0 ").type, JSON_INT);
	assert_int_equal(parse(state, "\"\"").type, JSON_STRING);
	assert_int_equal(parse(state, "null").type, JSON_NULL);
	assert_int_equal(json_int(parse(state, "9223372036854775807")), INT64_MAX);
	assert_int_equal(json_int(parse(state, "-9223372036854775808")), INT64_MIN);
	assert_true(slice_is(json_string(parse(state, "\"\\ud83d\\ude00\"")), "😀"));
}

/* Beyond int64_t, beyond uint64_t: still numbers, and printed as they came. */
static void test_big_integers(void **state)
{
	static const char *const big[] = {"9223372036854775808", "-9223372036854775809",
		"18446744073709551616", "-123456789012345678901234567890"};
	for (size_t i = 0; i < 4; i++) {
		struct json_value v = parse(state, big[i]);
		_buf_ struct buf out = {0};
		assert_int_equal(v.type, JSON_DOUBLE);
		assert_true(json_double(v) == strtod(big[i], NULL));
		json_print(&out, v);
		assert_string_equal(buf_string(&out), big[i]);
	}
	struct json_value v,
		root = parse(state,
			"{\"x\":99999999999999999999,\"s\":\"99999999999999999999\",\"y\":[7]}");
	assert_true(json_get(root, SLICE("s"), &v));
	assert_true(slice_is(json_string(v), "99999999999999999999"));
	assert_refused(state, SLICE("[99999999999999999999,1e999]"), "hors limites");
	assert_refused(state, SLICE("[99999999999999999999,]"), "octet 23");
}

static void test_print_keeps_what_was_written(void **state)
{
	struct json_value v,
		root = parse(state,
			"{ \"a\" : [ 1.10 , \"caf\\u00e9 \\\" : { \" , { } ] ,\n\t\"b\" : { \"k\" : 1E+2 } , \"c\":true }");
	static const struct {
		const char *key, *text;
	} cases[] = {
		{"a", "[1.10,\"caf\\u00e9 \\\" : { \",{}]"},
		{"b", "{\"k\":1E+2}"},
		{"c", "true"},
	};
	for (size_t i = 0; i < 3; i++) {
		_buf_ struct buf out = {0};
		assert_true(json_get(root, slice_of(cases[i].key), &v));
		json_print(&out, v);
		assert_string_equal(buf_string(&out), cases[i].text);
	}
}

static void test_malformed(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "octet 1 : "},
		{"  ", "octet 3 : "},
		{"{", "octet 2 : clé"},
		{"{\"a\"", "octet 5 : « : »"},
		{"{\"a\":", "octet 6 : "},
		{"{\"a\":1", "octet 7 : « , » ou « } »"},
		{"{\"a\":1,}", "octet 8 : clé"},
		{"{a:1}", "octet 2 : clé"},
		{"{'a':1}", "octet 2 : clé"},
		{"[1,]", "octet 4 : valeur"},
		{"[1 2]", "octet 4 : « , » ou « ] »"},
		{"[1}", "octet 3 : "},
		{"]", "octet 1 : valeur"},
		{"01", "octet 2 : nombre"},
		{"1.", "octet 3 : nombre"},
		{"1e", "octet 3 : nombre"},
		{"+1", "octet 1 : valeur"},
		{".5", "octet 1 : valeur"},
		{"-", "octet 2 : nombre"},
		{"0x10", "octet 2 : nombre"},
		{"NaN", "octet 1 : valeur"},
		{"Infinity", "octet 1 : valeur"},
		{"tru", "octet 1 : valeur"},
		{"truex", "octet 5 : texte en trop"},
		{"\"abc", "octet 5 : chaîne non fermée"},
		{"\"a\nb\"", "octet 3 : caractère de contrôle"},
		{"\"\\x\"", "octet 3 : échappement"},
		{"\"\\u12g4\"", "octet 3 : échappement"},
		{"\"\\ud800\"", "octet 3 : moitié"},
		{"\"\\ud800\\u0041\"", "octet 3 : moitié"},
		{"\"\\udc00\"", "octet 3 : moitié"},
		{"{} {}", "octet 4 : texte en trop"},
		{"{}x", "octet 3 : texte en trop"},
		{"// note\n{}", "octet 1 : valeur"},
		{"\xEF\xBB\xBF{}", "octet 1 : "},
		{"\"\xFF\"", "octet 2 : ce n'est pas de l'UTF-8"},
		{"\"é\xC3\"", "octet 4 : ce n'est pas de l'UTF-8"},
		{"\"\xED\xA0\x80\"", "octet 2 : ce n'est pas de l'UTF-8"},
		{"\"\xC0\x80\"", "octet 2 : ce n'est pas de l'UTF-8"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(state, slice_of(cases[i].text), cases[i].why);
	assert_refused(state, SLICE("\"a\0b\""), "octet 3 : caractère de contrôle");
	assert_refused(state, SLICE("{}\0"), "octet 3 : texte en trop");
}

static void test_stricter_than_the_library(void **state)
{
	assert_refused(state, SLICE("\"a\\u0000b\""), "nul");
	assert_refused(state, SLICE("{\"a\\u0000\":1}"), "nul");
	assert_refused(state, SLICE("{\"a\":1,\"b\":2,\"a\":3}"), "« a » en double");
	assert_refused(state, SLICE("[{\"x\":{\"\":1,\"\":2}}]"), "en double");
	assert_refused(state, SLICE("{\"\\u0061\":1,\"a\":2}"), "« a » en double");
	/* A backslash that is itself escaped makes no NUL. */
	assert_true(slice_is(json_string(parse(state, "\"\\\\u0000\"")), "\\u0000"));
}

/* Many keys take another way than few. */
static void test_many_keys(void **state)
{
	for (int twice = 0; twice < 2; twice++) {
		_buf_ struct buf text = {0};
		buf_add_char(&text, '{');
		for (int i = 0; i < 300; i++)
			buf_printf(&text, "%s\"k%d\":%d", i ? "," : "", i, i);
		buf_printf(&text, ",\"%s\":0}", twice ? "k17" : "other");
		if (twice)
			assert_refused(state, buf_slice(&text), "« k17 » en double");
		else
			parse(state, buf_string(&text));
	}
}

static void nest(struct buf *out, int levels, const char *inside)
{
	buf_clear(out);
	for (int i = 0; i < levels; i++)
		buf_add_string(out, i % 2 ? "{\"k\":" : "[");
	buf_add_string(out, inside);
	for (int i = levels - 1; i >= 0; i--)
		buf_add_char(out, i % 2 ? '}' : ']');
}

static void test_depth(void **state)
{
	_buf_ struct buf text = {0};
	nest(&text, JSON_DEPTH, "1");
	parse(state, buf_string(&text));
	nest(&text, JSON_DEPTH - 1, "[]");
	parse(state, buf_string(&text));
	nest(&text, JSON_DEPTH + 1, "1");
	assert_refused(state, buf_slice(&text), "trop de niveaux");
	nest(&text, JSON_DEPTH, "[]");
	assert_refused(state, buf_slice(&text), "trop de niveaux");
	nest(&text, JSON_DEPTH, "{}");
	assert_refused(state, buf_slice(&text), "trop de niveaux");
	nest(&text, 500, "1");
	assert_refused(state, buf_slice(&text), "trop de niveaux");
}

static void test_size(void **state)
{
	char text[5000];
	struct json_value v;
	struct error e;
	memset(text, ' ', sizeof(text));
	text[0] = '1';
	assert_int_equal(json_parse(*state, (struct slice){text, 4096}, &v, &e), 0);
	assert_int_equal(json_parse(*state, (struct slice){text, 4097}, &v, &e), -EFBIG);
	assert_non_null(strstr(e.text, "4097"));
	/* The widest document still fits when its integers are widened. */
	memset(text, '9', sizeof(text));
	for (size_t i = 0; i < 4095; i += 20)
		text[i] = i ? ',' : '[';
	text[4095] = ']';
	assert_int_equal(json_parse(*state, (struct slice){text, 4096}, &v, &e), 0);
}

static void test_reuse_after_refusal(void **state)
{
	assert_refused(state, SLICE("[1,2"), "octet");
	assert_int_equal(json_int(parse(state, "5")), 5);
	struct json_value v;
	assert_int_equal(json_parse(*state, SLICE("{"), &v, NULL), -EINVAL);
	assert_int_equal(json_int(parse(state, "6")), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_types, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(
			test_each_steps_over_nested_values, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_any_root, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_big_integers, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(
			test_print_keeps_what_was_written, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_malformed, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(
			test_stricter_than_the_library, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_many_keys, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_depth, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_size, make_reader, free_reader),
		cmocka_unit_test_setup_teardown(test_reuse_after_refusal, make_reader, free_reader),
	};
	return cmocka_run_group_tests_name("json read", tests, NULL, NULL);
}
