/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which names mix alphabets in a word. */
#include "testing.h"
#include <string.h>
#include <tocsin/text/script.h>

static void mixed(void **state)
{
	static const char *const texts[] = {"Мairie", "mairiе de Valmont", "Valmont-sur-Οrle",
		"Le Мaire", "pаypal42", "M\u200bа", "é\u0301а", "αlex", "ꓮnne", "Ꭺnne", "аb",
		"Ｍаire", "abc漢а"};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!script_mixed(slice_of(texts[i])))
			fail_msg("« %s » mixes alphabets", texts[i]);
}

static void of_one(void **state)
{
	static const char *const texts[] = {"", "Anne", "Élodie d'Été", "Мария", "Юлия Dupont",
		"Anna-Мария", "علي Ali", "田中さくらカ", "김Paul", "Tanaka漢Tanaka", "ＡＢＣabc",
		"𝐌𝐚𝐢𝐫𝐢𝐞", "10 µm", "Σωκράτης", "x_ж", "J.P. 75 🏠Ж", "Nguyễn Thị", "œuvre ﬁn",
		"\u0301\u200d", "ª1º"};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (script_mixed(slice_of(texts[i])))
			fail_msg("« %s » mixes none", texts[i]);
}

static void bytes_that_are_no_text(void **state)
{
	(void)state;
	assert_false(script_mixed(SLICE("a\xd0")));
	assert_false(script_mixed(SLICE("\xd0\x90\xff"
					"b")));
	assert_true(script_mixed(SLICE("a\xd0\x90\xff")));
}

/* Every scalar after a Latin letter and before one: the answer is the same, whatever stands before. */
static void symmetrical(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c < 0x20000; c++) {
		char a[8], b[8];
		size_t n = 0;
		char *p = a + 1;
		if (c >= 0xd800 && c < 0xe000)
			continue;
		if (c >= 0x10000)
			p[n++] = (char)(0xf0 | c >> 18);
		if (c >= 0x800)
			p[n++] = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
		p[n++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
		p[n++] = (char)(0x80 | (c & 0x3f));
		a[0] = 'a';
		memcpy(b, p, n);
		b[n] = 'a';
		assert_int_equal(script_mixed((struct slice){a, n + 1}),
			script_mixed((struct slice){b, n + 1}));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(mixed), cmocka_unit_test(of_one),
		cmocka_unit_test(bytes_that_are_no_text), cmocka_unit_test(symmetrical)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
