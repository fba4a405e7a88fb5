/* SPDX-License-Identifier: GPL-3.0-or-later
 * The room's shortcut to the plain view is the text room's view. */
#include "plain.h"
#include "testing.h"

#include <tocsin/base/utf8.h>
#include <tocsin/text/text.h>

static void assert_same(struct plain *p, struct text_views *v, struct slice text)
{
	_buf_ struct buf plain = {0}, folded = {0};

	plain_add(p, &plain, text);
	plain_fold(p, &folded, text);
	text_views_make(v, text);
	if (!slice_equal(buf_slice(&plain), text_view(v, TEXT_PLAIN)))
		fail_msg("plain: « %.*s » became « %.*s »", (int)text.n, text.p, (int)plain.n,
			plain.p);
	if (!slice_equal(buf_slice(&folded), text_view(v, TEXT_FOLDED)))
		fail_msg("folded: « %.*s » became « %.*s »", (int)text.n, text.p, (int)folded.n,
			folded.p);
}

static void every_letter_is_the_same(void **state)
{
	struct text_views *v = text_views_new();
	struct plain *p = plain_new();

	(void)state;
	for (int twice = 0; twice < 2; twice++)
		for (uint32_t c = 0x21; c < 0x3000; c++) {
			char text[16] = "a";
			size_t n = 1 + utf8_put(text + 1, c);

			text[n++] = 'b';
			assert_same(p, v, (struct slice){text, n});
			if (c >= 0xC0 && c < 0x250)
				assert_same(p, v, (struct slice){text + 1, n - 2});
		}
	plain_free(p);
	text_views_free(v);
}

static void words_are_the_same(void **state)
{
	static const char *const words[] = {"", "con", "Cœur", "ÉLU", "l’été", "aujourd'hui",
		"e\u0301te\u0301", "a\u200Bb", "sale  con", "ŒIL", "straße", "l'abruti de maire",
		"'a", "a'", "''", "a - b", "é à", "peut-être"};
	struct text_views *v = text_views_new();
	struct plain *p = plain_new();

	(void)state;
	for (size_t n = 0; n < COUNT(words); n++)
		assert_same(p, v, slice_of(words[n]));
	plain_free(p);
	text_views_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_letter_is_the_same),
		cmocka_unit_test(words_are_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
