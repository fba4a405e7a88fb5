/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/words/words.h>
#include "catalogue.h"

static void test_language(void **state)
{
	(void)state;
	assert_int_equal(words_lang_of("fr"), WORDS_FR);
	assert_int_equal(words_lang_of("fr_FR.UTF-8"), WORDS_FR);
	assert_int_equal(words_lang_of("en"), WORDS_EN);
	assert_int_equal(words_lang_of("en_GB.UTF-8"), WORDS_EN);
	assert_int_equal(words_lang_of("EN"), WORDS_EN);
	assert_int_equal(words_lang_of("C.UTF-8"), WORDS_FR);
	assert_int_equal(words_lang_of(""), WORDS_FR);
	assert_int_equal(words_lang_of("de"), WORDS_FR);
}

static void test_language_of_the_environment(void **state)
{
	(void)state;
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
	assert_int_equal(words_lang_of(NULL), WORDS_FR);
	setenv("LANG", "en_US.UTF-8", 1);
	assert_int_equal(words_lang_of(NULL), WORDS_EN);
	setenv("LC_MESSAGES", "fr_FR.UTF-8", 1);
	assert_int_equal(words_lang_of(NULL), WORDS_FR);
	setenv("LC_ALL", "", 1); /* empty counts as unset */
	assert_int_equal(words_lang_of(NULL), WORDS_FR);
	setenv("LC_ALL", "en", 1);
	assert_int_equal(words_lang_of(NULL), WORDS_EN);
}

/* Every entry is found by its French, in both languages, whatever its place in the table. */
static void test_catalogue(void **state)
{
	(void)state;
	assert_true(words_en.n >= 3);
	for (size_t i = 0; i < words_en.n; i++) {
		const struct words_entry *e = &words_en.entries[i];
		assert_true(i == 0 || strcmp(words_en.entries[i - 1].french, e->french) < 0);
		assert_true(utf8_valid(slice_of(e->french)) && utf8_valid(slice_of(e->one)));
		assert_true(e->french[0] && e->one[0]);
		assert_ptr_equal(words(WORDS_EN, e->french), e->one);
		assert_ptr_equal(words(WORDS_FR, e->french), e->french);
		if (e->many) {
			assert_ptr_equal(words_n(WORDS_EN, e->french, "x", 1), e->one);
			assert_ptr_equal(words_n(WORDS_EN, e->french, "x", 0), e->many);
			assert_ptr_equal(words_n(WORDS_EN, e->french, "x", 2), e->many);
		}
	}
	assert_string_equal(words(WORDS_EN, "erreur"), "error");
	assert_string_equal(words(WORDS_EN, "avertissement"), "warning");
}

static void test_french_when_there_is_nothing_else(void **state)
{
	(void)state;
	static const char sentence[] = "phrase que personne ne dit",
			  other[] = "phrases que personne ne dit";
	assert_ptr_equal(words(WORDS_EN, sentence), sentence);
	assert_ptr_equal(words(WORDS_FR, sentence), sentence);
	assert_ptr_equal(words_n(WORDS_FR, sentence, other, 0), sentence);
	assert_ptr_equal(words_n(WORDS_FR, sentence, other, 1), sentence);
	assert_ptr_equal(words_n(WORDS_FR, sentence, other, 2), other);
	assert_ptr_equal(words_n(WORDS_EN, sentence, other, 2), other);
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		int64_t n;
		const char *french, *english;
	} cases[] = {
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1\u202f000", "1,000"},
		{12345, "12\u202f345", "12,345"},
		{-1234567, "-1\u202f234\u202f567", "-1,234,567"},
		{INT64_MAX, "9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f807",
			"9,223,372,036,854,775,807"},
		{INT64_MIN, "-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808",
			"-9,223,372,036,854,775,808"},
	};
	char out[40];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(words_number(WORDS_FR, cases[i].n, out), cases[i].french);
		assert_string_equal(words_number(WORDS_EN, cases[i].n, out), cases[i].english);
	}
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *french, *english;
	} cases[] = {
		{0, "0 s", "0 s"},
		{1, "1 ms", "1 ms"},
		{999, "999 ms", "999 ms"},
		{1000, "1 s", "1 s"},
		{59999, "59 s", "59 s"},
		{60000, "1 min", "1 min"},
		{3599999, "59 min", "59 min"},
		{3600000, "1 h", "1 h"},
		{7500000, "2 h 05", "2 h 05"},
		{86399999, "23 h 59", "23 h 59"},
		{86400000, "1 j", "1 d"},
		{108000000, "1 j 6 h", "1 d 6 h"},
		{345600000, "4 j", "4 d"},
		{349200000, "4 j", "4 d"},
		{-7500000, "-2 h 05", "-2 h 05"},
	};
	char out[40];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(words_duration(WORDS_FR, cases[i].ms, out), cases[i].french);
		assert_string_equal(words_duration(WORDS_EN, cases[i].ms, out), cases[i].english);
	}
	assert_true(strlen(words_duration(WORDS_FR, INT64_MIN, out)) < 40);
}

static void test_returns(void **state)
{
	(void)state;
	static const struct {
		double days;
		const char *french, *english; /* NULL: not worth a word */
	} cases[] = {
		{0, NULL, NULL},
		{9.4, NULL, NULL},
		{9.6, "une fois en 10 jours", "once in 10 days"},
		{14, "une fois en 14 jours", "once in 14 days"},
		{38.2, "une fois en 40 jours", "once in 40 days"},
		{74, "une fois en 75 jours", "once in 75 days"},
		{76, "une fois en 2 mois", "once in 2 months"},
		{364, "une fois en 12 mois", "once in 12 months"},
		{365, "moins d'une fois par an", "less than once a year"},
		{36525, "moins d'une fois par an", "less than once a year"},
	};
	char out[64];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *french = words_return(WORDS_FR, cases[i].days, out);
		assert_true(!french == !cases[i].french);
		if (!french)
			continue;
		assert_string_equal(french, cases[i].french);
		assert_string_equal(words_return(WORDS_EN, cases[i].days, out), cases[i].english);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_language_of_the_environment),
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_french_when_there_is_nothing_else),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
