/* SPDX-License-Identifier: GPL-3.0-or-later
 * Codes: every number has one, however it is typed it is read, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <tocsin/record/code.h>

static void every_number_has_its_own(void **state)
{
	char a[CODE_TEXT], b[CODE_TEXT], back[CODE_TEXT];
	uint64_t x = 1;
	(void)state;
	assert_string_equal(code_write(0, a), "222222");
	assert_string_equal(code_write(CODE_COUNT - 1, a), "YYYYYY");
	assert_string_equal(code_write(CODE_COUNT, a), "222222");
	for (int i = 0; i < 20000; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
		code_write(x, a);
		code_write(x + 1, b);
		assert_string_not_equal(a, b);
		assert_true(code_read(slice_of(a), back));
		assert_string_equal(a, back);
		assert_null(strpbrk(a, "01ILOUBSZ"));
	}
}

static void read_as_people_type(void **state)
{
	static const struct {
		const char *typed, *code;
	} cases[] = {{"4KPM7T", "4KPM7T"}, {"4kpm7t", "4KPM7T"}, {" 4KP M7T\n", "4KPM7T"},
		{"4kp-m7t.", "4KPM7T"}, {"OUI 4KPM7T", "4KPM7T"}, {"4KPM7T merci !", "4KPM7T"},
		{"« 4KPM7T »", "4KPM7T"}, {"SBZ222", "582222"},
		{"Je prends en charge : 4KPM7T", "4KPM7T"}, {"charge", "CHARGE"},
		{"je prends en charge", NULL}, {"", NULL}, {"4KPM7", NULL}, {"4KPM7TT", NULL},
		{"O1ILU0", NULL}, {"4KPM7T 8KPM7T", NULL}, {"4KPM7Té", NULL}, {"x4KPM7T", NULL},
		{"4KPM7\xff", NULL}, {"4KPM7", NULL}};
	char code[CODE_TEXT];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool read = code_read(slice_of(cases[i].typed), code);
		if (read != (cases[i].code != NULL))
			fail_msg("%s: %d", cases[i].typed, read);
		if (read)
			assert_string_equal(code, cases[i].code);
	}
	assert_false(code_read((struct slice){"4KPM7\0", 6}, code));
}

static void clear_codes(void **state)
{
	(void)state;
	assert_true(code_is_clear("4KPMTT"));
	assert_false(code_is_clear("CHARGE"));
}

static void numbers_of_telephones(void **state)
{
	(void)state;
	assert_true(code_same_number(SLICE("+33612345678"), SLICE("33612345678")));
	assert_true(code_same_number(SLICE("+33 6 12 34 56 78"), SLICE("0033612345678")));
	assert_true(code_same_number(SLICE(" 33612345678"), SLICE("+33612345678")));
	assert_false(code_same_number(SLICE("+33612345678"), SLICE("+33612345679")));
	assert_false(code_same_number(SLICE("+33612345678"), SLICE("0612345678")));
	assert_false(code_same_number(SLICE(""), SLICE("")));
	assert_false(code_same_number(SLICE("mairie"), SLICE("mairie")));
	assert_false(code_same_number(SLICE("+3361234567890123"), SLICE("+3361234567890123")));
}

static void wire_forms(void **state)
{
	const struct code_request q = {SLICE("4KPM7T"), SLICE("+336"), SLICE("code, par SMS")};
	struct code_request back;
	struct code_reply reply;
	_buf_ struct buf b = {0};
	(void)state;
	code_request_encode(&b, &q);
	assert_int_equal(code_request_decode(buf_slice(&b), &back), 0);
	assert_true(slice_equal(back.code, q.code) && slice_equal(back.sender, q.sender) &&
		slice_equal(back.means, q.means));
	for (size_t i = 0; i < b.n; i++)
		assert_true(code_request_decode((struct slice){b.p, i}, &back) < 0);
	buf_clear(&b);
	code_request_encode(&b, &(struct code_request){.code = SLICE("4KPM7")});
	assert_true(code_request_decode(buf_slice(&b), &back) < 0);
	buf_clear(&b);
	code_reply_encode(&b, &(struct code_reply){CODE_USED, 77});
	assert_int_equal(code_reply_decode(buf_slice(&b), &reply), 0);
	assert_true(reply.outcome == CODE_USED && reply.until == 77);
	b.p[0] = (char)CODE_OUTCOMES;
	assert_true(code_reply_decode(buf_slice(&b), &reply) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_number_has_its_own),
		cmocka_unit_test(read_as_people_type), cmocka_unit_test(clear_codes),
		cmocka_unit_test(numbers_of_telephones), cmocka_unit_test(wire_forms)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
