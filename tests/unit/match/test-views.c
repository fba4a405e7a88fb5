/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tree of an expression takes for granted about the views (ast.h), for every character there is, alone and
 * beside others. */
#include "testing.h"

struct rules {
	struct matcher matcher;
	pcre2_code *capital, *blank;
};

static pcre2_code *code_of(const char *pattern)
{
	struct match_fault f;
	pcre2_code *code = regex_compile(slice_of(pattern), &f);

	assert_non_null(code);
	assert_true(regex_ready(code, &f));
	return code;
}

static void check_view(struct rules *r, struct slice view, uint32_t scalar)
{
	for (size_t i = 0; i < view.n; i++) {
		unsigned char c = (unsigned char)view.p[i],
			      next = i + 1 < view.n ? (unsigned char)view.p[i + 1] : 0;

		if ((c >= 'A' && c <= 'Z') || (c < ' ' && c != '\n') || (c == ' ' && next == ' ') ||
			(c == 0xc3 && next >= 0x80 && next <= 0x9f && next != 0x97 &&
				next != 0x9f) ||
			(c == 0xc5 && next == 0xb8))
			fail_msg("U+%04X: « %.*s »", scalar, (int)view.n, view.p);
	}
	if (matcher_run(&r->matcher, r->capital, view, 0, 0) > 0 ||
		matcher_run(&r->matcher, r->blank, view, 0, 0) > 0)
		fail_msg("U+%04X: « %.*s » has a blank or a form of a letter", scalar, (int)view.n,
			view.p);
}

static void views_are_what_trees_take_them_for(void **state)
{
	static const char *const beside[][2] = {
		{"", ""}, {"a", "a"}, {" ", " "}, {"A", " "}, {" ", "\xcc\x81"}};
	struct text_views *v = text_views_new();
	struct rules r = {
		.capital = code_of("[\\x{17f}\\x{212a}\\x{212b}]"), .blank = code_of("[^\\S \n]")};

	(void)state;
	matcher_init(&r.matcher);
	pcre2_code_free(r.capital);
	/* minding capitals: K itself, not k */
	r.capital = code_of("(?-i)[\\x{17f}\\x{212a}\\x{212b}]");
	for (uint32_t scalar = 1; scalar < 0x110000; scalar++) {
		if (scalar >= 0xd800 && scalar < 0xe000)
			continue;
		for (size_t i = 0; i < (scalar < 0x3100 ? 5u : 1u); i++) {
			char text[32];
			size_t n = strlen(beside[i][0]);

			memcpy(text, beside[i][0], n);
			n += utf8_put(text + n, scalar);
			memcpy(text + n, beside[i][1], strlen(beside[i][1]));
			n += strlen(beside[i][1]);
			text_views_make(v, (struct slice){text, n});
			check_view(&r, text_view(v, TEXT_PLAIN), scalar);
			check_view(&r, text_view(v, TEXT_FOLDED), scalar);
		}
	}
	pcre2_code_free(r.capital);
	pcre2_code_free(r.blank);
	matcher_release(&r.matcher);
	text_views_free(v);
}

/* An accented letter folds alone as it folds in a word. */
static void letters_fold_alone(void **state)
{
	struct text_views *v = text_views_new();

	(void)state;
	for (uint32_t scalar = 0xe0; scalar < 0x100; scalar++) {
		char letter[4], text[16], alone[16];
		size_t n = utf8_put(letter, scalar), m;

		text_views_make(v, (struct slice){letter, n});
		m = text_view(v, TEXT_FOLDED).n;
		memcpy(alone, text_view(v, TEXT_FOLDED).p, m);
		text[0] = 'x';
		memcpy(text + 1, letter, n);
		text[n + 1] = 'y';
		text_views_make(v, (struct slice){text, n + 2});
		assert_int_equal(text_view(v, TEXT_FOLDED).n, m + 2);
		assert_memory_equal(text_view(v, TEXT_FOLDED).p + 1, alone, m);
	}
	text_views_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_are_what_trees_take_them_for),
		cmocka_unit_test(letters_fold_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
