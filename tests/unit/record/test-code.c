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
	assert_string_equal(code_write(0, a), "22222222");
	assert_string_equal(code_write(CODE_COUNT - 1, a), "YYYYYYYY");
	assert_string_equal(code_write(CODE_COUNT, a), "22222222");
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
	} cases[] = {{"4KPM7TXW", "4KPM7TXW"}, {"4kpm-7txw", "4KPM7TXW"},
		{" 4KPM 7TXW\n", "4KPM7TXW"}, {"4k-pm 7t-xw.", "4KPM7TXW"},
		{"OUI 4KPM7TXW", "4KPM7TXW"}, {"4KPM-7TXW merci !", "4KPM7TXW"},
		{"JEAN 4KPM 7TXW", "4KPM7TXW"}, {"oui 4kpm-7txw, Jean", "4KPM7TXW"},
		{"PASSAGES", "PA55AGE5"}, {"« 4KPM7TXW »", "4KPM7TXW"}, {"SBZ222ZZ", "58222222"},
		{"Je prends en charge : 4KPM-7TXW", "4KPM7TXW"}, {"les passages", NULL},
		{"code 4KPM  7TXW", NULL}, {"oui 4KPM-7TXW8", NULL}, {"oui KPMT-7TXW", NULL},
		{"je prends en charge", NULL}, {"", NULL}, {"4KPM7TX", NULL}, {"4KPM7TXWW", NULL},
		{"O1ILU0O1", NULL}, {"4KPM7TXW 8KPM7TXW", NULL}, {"4KPM7TXWé", NULL},
		{"x4KPM7TXW", NULL}, {"4KPM7\xff", NULL}, {"4KPM7", NULL}};
	char code[CODE_TEXT];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool read = code_read(slice_of(cases[i].typed), code);
		if (read != (cases[i].code != NULL))
			fail_msg("%s: %d", cases[i].typed, read);
		if (read)
			assert_string_equal(code, cases[i].code);
	}
	assert_false(code_read((struct slice){"4KPM7TX\0", 8}, code));
}

static void clear_codes(void **state)
{
	(void)state;
	char shown[CODE_SHOWN];
	assert_true(code_is_clear("4KPMTT8T"));
	assert_false(code_is_clear("4KPMTTTT"));
	assert_false(code_is_clear("TTTT4KPM"));
	assert_string_equal(code_show(SLICE("4KPM7TXW"), shown), "4KPM-7TXW");
	assert_string_equal(code_show(SLICE(""), shown), "");
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
	const struct code_request q = {SLICE("4KPM7TXW"), SLICE("+336"), SLICE("code, par SMS")};
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
	code_request_encode(&b, &(struct code_request){.code = SLICE("4KPM7TX")});
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
