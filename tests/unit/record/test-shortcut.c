/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortcuts: what is written is read; no key has two acts, and none is taken that people cannot press. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <tocsin/base/utf8.h>
#include <tocsin/record/shortcut.h>

static void what_is_written_is_read(void **state)
{
	struct shortcuts s = shortcuts_usual, back;
	_buf_ struct buf text = {0};

	(void)state;
	s.off = s.alt = true;
	s.keys[SHORTCUT_NEXT] = 0xe9; /* é */
	s.keys[SHORTCUT_REFUSE] = 0;
	shortcuts_write(&text, &s);
	assert_string_equal(buf_string(&text), "0a\xc3\xa9kod?cxlmartv ");
	assert_int_equal(shortcuts_read(buf_slice(&text), &back), 0);
	assert_memory_equal(&back, &s, sizeof(s));
	assert_int_equal(shortcuts_read(SLICE(""), &back), 0);
	assert_memory_equal(&back, &shortcuts_usual, sizeof(s));
}

static void what_nobody_wrote_is_refused(void **state)
{
	static const char *const wrong[] = {"1", "1-", "1-jkod?cxlmartv", "1-jkod?cxlmartvnn",
		"2-jkod?cxlmartvn", "1xjkod?cxlmartvn", "1-Jkod?cxlmartvn", "1-jjod?cxlmartvn",
		"1-^kod?cxlmartvn", "1-\xffkod?cxlmartvn", "1-\xe6\xbc\xa2kod?cxlmartvn",
		"1-\tkod?cxlmartvn", "1-\xc3\x89kod?cxlmartvn"};
	struct shortcuts s = {.off = true};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (shortcuts_read(slice_of(wrong[i]), &s) != -EBADMSG)
			fail_msg("%s", wrong[i]);
	assert_true(s.off); /* untouched */
}

static void keys_that_can_be_pressed(void **state)
{
	static const char
		takes[] = "jJ1?&\xc3\xa9\xc3\xa8\xc3\xa7\xc3\xa0\xc3\xb9;:!*$<%+/'\"-=",
		leaves[] =
			"^`~@#{}[]|\\\xc2\xa8\xc2\xb4 \t\x7f\xc2\xad\xe2\x80\xae\xf0\x9f\x98\x80";

	(void)state;
	for (size_t i = 0; i < strlen(takes);)
		assert_int_not_equal(shortcut_key(utf8_next(slice_of(takes), &i)), 0);
	for (size_t i = 0; i < strlen(leaves);)
		assert_int_equal(shortcut_key(utf8_next(slice_of(leaves), &i)), 0);
	assert_int_equal(shortcut_key('J'), 'j');
	assert_int_equal(shortcut_key(0xc9), 0xe9);
	for (uint32_t c = 0; c < 0x3000; c++) {
		assert_int_equal(shortcut_key(shortcut_key(c)), shortcut_key(c));
		assert_true(shortcut_key(c) < 0x800); /* two bytes: SHORTCUTS_TEXT */
	}
}

static void two_acts_of_one_key_clash(void **state)
{
	struct shortcuts s = shortcuts_usual;
	enum shortcut first, second;

	(void)state;
	assert_false(shortcuts_clash(&s, &first, &second));
	s.keys[SHORTCUT_MASK] = s.keys[SHORTCUT_TAKE] = 0;
	assert_false(shortcuts_clash(&s, &first, &second));
	s.keys[SHORTCUT_MASK] = 'k';
	assert_true(shortcuts_clash(&s, &first, &second));
	assert_int_equal(first, SHORTCUT_BACK);
	assert_int_equal(second, SHORTCUT_MASK);
}

static void a_request(void **state)
{
	_buf_ struct buf body = {0}, nobody = {0}, clash = {0};
	struct shortcuts_request q;

	(void)state;
	shortcuts_encode(
		&body, &(struct shortcuts_request){SLICE("anne"), SLICE("1-zkod?cxlmartvn")});
	assert_int_equal(shortcuts_decode(buf_slice(&body), &q), 0);
	assert_true(slice_is(q.who, "anne") && slice_is(q.text, "1-zkod?cxlmartvn"));
	shortcuts_encode(&nobody, &(struct shortcuts_request){SLICE(""), SLICE("")});
	assert_int_equal(shortcuts_decode(buf_slice(&nobody), &q), -EBADMSG);
	shortcuts_encode(
		&clash, &(struct shortcuts_request){SLICE("a"), SLICE("1-kkod?cxlmartvn")});
	assert_int_equal(shortcuts_decode(buf_slice(&clash), &q), -EBADMSG);
	for (size_t n = 0; n < body.n; n++)
		assert_int_equal(shortcuts_decode((struct slice){body.p, n}, &q), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_nobody_wrote_is_refused),
		cmocka_unit_test(keys_that_can_be_pressed),
		cmocka_unit_test(two_acts_of_one_key_clash), cmocka_unit_test(a_request)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
