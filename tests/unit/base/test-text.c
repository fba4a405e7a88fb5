/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/error.h>
#include <tocsin/base/utf8.h>

static void test_number(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"", "-1", "+1", " 1", "1 ", "0x1", "1a", "1234567890123456789", "\xd9\xa1"};
	int64_t n = 7;
	assert_true(slice_number(SLICE("0"), &n) && n == 0);
	assert_true(slice_number(SLICE("999999999999999999"), &n) && n == 999999999999999999);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(slice_number(slice_of(wrong[i]), &n));
	assert_true(n == 999999999999999999);
}

static void test_valid(void **state)
{
	(void)state;
	static const struct {
		struct slice s;
		size_t prefix;
	} cases[] = {
		{{"", 0}, 0},
		{{NULL, 0}, 0},
		{{"abcdefghijklmnop", 16}, 16},
		{{"l'été à Nîmes 😀", 22}, 22},
		{{"\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", 16}, 16},
		{{"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8}, 8},
		{{"a\0b", 3}, 3},
		{{"ab\x80", 3}, 2},
		{{"ab\xC3", 3}, 2},
		{{"abcdefgh\xFF", 9}, 8},
		{{"\xC0\x80", 2}, 0}, /* overlong */
		{{"\xC1\xBF", 2}, 0},
		{{"\xE0\x9F\xBF", 3}, 0},
		{{"\xF0\x8F\xBF\xBF", 4}, 0},
		{{"x\xED\xA0\x80", 4}, 1}, /* surrogate */
		{{"\xF4\x90\x80\x80", 4}, 0}, /* beyond U+10FFFF */
		{{"\xF5\x80\x80\x80", 4}, 0},
		{{"\xE2\x82", 2}, 0},
		{{"\xE2\x82x", 3}, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(utf8_valid_prefix(cases[i].s), cases[i].prefix);
		assert_int_equal(utf8_valid(cases[i].s), cases[i].prefix == cases[i].s.n);
	}
}

/* The definition of RFC 3629, byte by byte, against every sequence of up to three bytes and the interesting
 * ones of four, at every place in an eight-byte word. */
static bool oracle(const unsigned char *s, size_t n)
{
	size_t i = 0;
	while (i < n) {
		size_t more = s[i] < 0x80 ? 0 : s[i] >= 0xF0 ? 3 : s[i] >= 0xE0 ? 2 : 1;
		if ((s[i] >= 0x80 && s[i] < 0xC0) || s[i] >= 0xF8 || i + more >= n + (more == 0))
			return false;
		uint32_t c = more == 0 ? s[i] : s[i] & (0x3F >> more);
		for (size_t j = 1; j <= more; j++) {
			if (i + j >= n || (s[i + j] & 0xC0) != 0x80)
				return false;
			c = c << 6 | (s[i + j] & 0x3F);
		}
		static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
		if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
			return false;
		i += more + 1;
	}
	return true;
}

static void test_valid_against_definition(void **state)
{
	(void)state;
	static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
		0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4,
		0xF5, 0xF8, 0xFF};
	enum { N = sizeof(edges) };
	for (unsigned k = 0; k < N * N * N * N; k++) {
		unsigned char text[16] = "abcdefghijklmno";
		size_t at = k % 9;
		text[at] = edges[k % N];
		text[at + 1] = edges[k / N % N];
		text[at + 2] = edges[k / (N * N) % N];
		text[at + 3] = edges[k / (N * N * N)];
		struct slice s = {(const char *)text, at + 4 + k % 3};
		if (utf8_valid(s) != oracle(text, s.n))
			fail_msg("%02x %02x %02x %02x at %zu", text[at], text[at + 1], text[at + 2],
				text[at + 3], at);
	}
}

static void test_repair(void **state)
{
	(void)state;
#define R "\xEF\xBF\xBD"
	static const struct {
		const char *in, *out;
		size_t replaced;
	} cases[] = {
		{"bonjour", "bonjour", 0},
		{"", "", 0},
		{"a\xFFz", "a" R "z", 1},
		{"caf\xE9 noir", "caf" R " noir", 1},
		/* Unicode 15, tables 3-8 to 3-11 */
		{"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", R R R R R R R R "A", 8},
		{"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", R R R R R R R R "A", 8},
		{"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", R R R R R "A" R R "B", 7},
		{"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", R R R R "A", 4},
		{"fin \xE2\x82", "fin " R, 1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct buf out = {0};
		assert_int_equal(utf8_repair(&out, slice_of(cases[i].in)), cases[i].replaced);
		assert_string_equal(buf_string(&out), cases[i].out);
		assert_true(utf8_valid(buf_slice(&out)));
	}
}

static void test_every_scalar(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char out[4];
		size_t at = 0;
		if (c == 0xD800)
			c = 0xE000;
		struct slice s = {out, utf8_put(out, c)};
		if (!utf8_valid(s) || utf8_next(s, &at) != c || at != s.n || utf8_length(s) != 1)
			fail_msg("U+%04X", c);
	}
}

static void test_cut(void **state)
{
	(void)state;
	struct slice s = SLICE("aé€😀z"); /* 1 2 3 4 1 */
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
	for (size_t max = 0; max < sizeof(want) / sizeof(want[0]); max++) {
		assert_int_equal(utf8_cut(s, max).n, want[max]);
		assert_true(utf8_valid(utf8_cut(s, max)));
	}
	assert_int_equal(utf8_length(s), 5);
}

static void test_error(void **state)
{
	(void)state;
	struct error e = {""};
	assert_int_equal(error_set(NULL, -EIO, "%d", 1), -EIO);
	assert_int_equal(error_set(&e, 3, "a %s", "b"), 3);
	assert_string_equal(e.text, "a b");
	error_prefix(&e, "%s", "c");
	assert_string_equal(e.text, "c: a b");
	error_set(&e, -1, "x %s", e.text); /* its own text as an argument */
	assert_string_equal(e.text, "x c: a b");
	error_set(&e, -ENOSPC, "%s", "");
	assert_string_equal(e.text, "disque plein");
	error_prefix(NULL, "x");
}

static void test_error_is_cut_at_a_border(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		struct error e = {""};
		char text[1200];
		memset(text, 'x', shift);
		for (size_t i = shift; i + 2 <= sizeof(text) - 1; i += 2)
			memcpy(text + i, "é", 3);
		error_set(&e, -1, "%s", text);
		assert_true(strlen(e.text) > 500 && strlen(e.text) < sizeof(e.text));
		assert_true(utf8_valid(slice_of(e.text)));
		error_prefix(&e, "préfixe");
		assert_true(utf8_valid(slice_of(e.text)));
		assert_memory_equal(e.text, "préfixe: ", 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_valid_against_definition),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_every_scalar),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_error_is_cut_at_a_border),
	};
	return cmocka_run_group_tests_name("base text", tests, NULL, NULL);
}
