/* SPDX-License-Identifier: GPL-3.0-or-later
 * The reader of .aff and .dic, on small dictionaries of its own. */
#include "testing.h"

#include <errno.h>

static bool join_each(void *arg, struct slice form)
{
	join_form(arg, form);
	return true;
}

static void assert_all(const char *aff, const char *dic, const char *expected)
{
	_buf_ struct buf got = {0};
	struct inflect *i;
	struct error e;

	if (inflect_open_text(slice_of(aff), slice_of(dic), &i, &e) != 0)
		fail_msg("« %s »: %s", dic, e.text);
	inflect_each(i, join_each, &got);
	assert_joined(dic, &got, expected);
	inflect_close(i);
}

static void rules_make_forms(void **state)
{
	(void)state;
	assert_all("SET UTF-8\nSFX A Y 1\nSFX A 0 s .\n", "1\nzoute/A\n", "zoute|zoutes");
	assert_all("SFX A Y 2\nSFX A 0 s [^sx]\nSFX A x se x\n", "2\nzoute/A\nzoux/A\n",
		"zous"
		"e|zoute|zoutes|zoux");
	assert_all("SFX A Y 2\nSFX A 0 e [éï]t\nSFX A 0 u .[^é]t\n", "4\nzét/A\nzat/A\nt/A\nét/A\n",
		"t|zat|zatu|zét|zéte|ét|éte");
	assert_all("SFX A N 1\nSFX A 0 s .\nPFX B N 1\nPFX B 0 re .\n", "1\nzer/AB\n",
		"rezer|zer|zers");
	assert_all("SFX A Y 1\nSFX A 0 s .\nPFX B Y 1\nPFX B 0 re .\n", "1\nzer/AB\n",
		"rezer|rezers|zer|zers");
	assert_all("PFX L Y 1\nPFX L 0 l' .\n", "1\nort/L\n", "ort");
}

static void options_count(void **state)
{
	(void)state;
	assert_all("NEEDAFFIX X\nSFX A Y 1\nSFX A 0 s .\n", "1\nzoute/AX\n", "zoutes");
	assert_all("FORBIDDENWORD X\nSFX A Y 1\nSFX A 0 s .\n", "2\nzoute/AX\nfit\n", "fit");
	assert_all("ONLYINCOMPOUND X\n", "2\nzoute/X\nfit\n", "fit");
	assert_all("SFX A Y 1\nSFX A zout fit .\n", "1\nzout/A\n", "zout");
	assert_all("FULLSTRIP\nSFX A Y 1\nSFX A zout fit .\n", "1\nzout/A\n", "fit|zout");
	assert_all("SFX A Y 1\nSFX A 0 ez/B .\nSFX B Y 1\nSFX B 0 s .\n", "1\nzout/A\n",
		"zout|zoutez|zoutezs");
	assert_all("NEEDAFFIX X\nSFX A Y 1\nSFX A 0 ez/BX .\nSFX B Y 1\nSFX B 0 s .\n",
		"1\nzout/A\n", "zout|zoutezs");
	assert_all("CIRCUMFIX X\nSFX A Y 1\nSFX A 0 ez/X .\n", "1\nzout/A\n", "zout");
}

static void flags_of_all_kinds(void **state)
{
	(void)state;
	assert_all("FLAG long\nSFX A1 Y 1\nSFX A1 0 s .\nSFX () Y 1\nSFX () 0 x .\n",
		"1\nzou/A1()\n", "zou|zous|zoux");
	assert_all("FLAG num\nSFX 999 Y 1\nSFX 999 0 s .\nSFX 7 Y 1\nSFX 7 0 x .\n",
		"1\nzou/7,999\n", "zou|zous|zoux");
	assert_all("FLAG UTF-8\nSFX é Y 1\nSFX é 0 s .\n", "1\nzou/é\n", "zou|zous");
	assert_all("AF 2\nAF AB\nAF B\nSFX A Y 1\nSFX A 0 s .\nSFX B Y 1\nSFX B 0 x .\n",
		"2\nzou/1\nfi/2\n", "fi|fix|zou|zous|zoux");
	assert_all("\xEF\xBB\xBFSET UTF-8\r\nSFX A Y 1\r\nSFX A 0 s .\r\n",
		"\xEF\xBB\xBF"
		"1\r\nzou/A\r\n",
		"zou|zous");
}

static void words_are_chosen(void **state)
{
	(void)state;
	assert_all("",
		"9\nCœur\n3D\nH₂O\n-\nà-côté po:nom\nlorsqu po:err\n\tlost\n# no\naujourd'hui\n",
		"aujourd'hui|coeur|à-côté");
	assert_all("SFX A Y 1\nSFX A 0 s .\n", "2\nà\\/b/A\nword two po:nom\n", "");
}

static void fields_guide_the_forms(void **state)
{
	struct inflect *i;
	static const char aff[] =
		"AM 1\nAM po:nom is:mas\nNEEDAFFIX X\nSFX A Y 2\nSFX A 0 0 . is:sg\nSFX A 0 s . is:pl\n"
		"SFX V Y 3\nSFX V er er er po:infi\nSFX V er e er po:ipre po:3sg\n"
		"SFX V er é er po:ppas is:mas is:sg\nPFX K Y 1\nPFX K 0 kilo/A .\n";
	static const char dic[] =
		"6\nzout/AKX 1\nzoute/AX po:adj is:epi\nfer/V po:v1_it____a\n"
		"pleux\tpo:nom is:mas is:pl st:plouf\nplouf po:nom is:mas is:sg\nplo po:adv\n";

	(void)state;
	assert_int_equal(inflect_open_text(slice_of(aff), slice_of(dic), &i, NULL), 0);
	assert_words(i, "zout", 0, "zout|zouts"); /* a prefix makes another word */
	assert_true(inflect_is_word(i, SLICE("kilozout"), INFLECT_PLAIN));
	assert_words(i, "zoute zout", 0, "zoute zout|zoutes zouts");
	assert_words(i, "plouf", 0, "pleux|plouf");
	assert_words(i, "pleux", 0, "pleux");
	assert_words(i, "plo", INFLECT_FIXED, "plo");
	assert_words(i, "fé", 0, "fé");
	assert_words(i, "fe", INFLECT_FIXED, "fe");
	assert_verb(i, "fer", 0, "fe|fer|fé");
	inflect_close(i);
}

static void faults_have_a_place(void **state)
{
	static const char *const table[][3] = {
		{"SET ISO8859-1\n", "0\n", "aff:1"},
		{"FLAG odd\n", "0\n", "aff:1"},
		{"NEEDAFFIX A\nFLAG long\n", "0\n", "aff:2"},
		{"\nSFX A Y 2\nSFX A 0 s .\n", "0\n", "aff:3"},
		{"SFX A Y 1\nSFX B 0 s .\n", "0\n", "aff:2"},
		{"SFX A Y 1\nPFX A 0 s .\n", "0\n", "aff:2"},
		{"SFX A maybe 1\n", "0\n", "aff:1"},
		{"SFX A Y many\n", "0\n", "aff:1"},
		{"SFX A Y 99999999\n", "0\n", "aff:1"},
		{"SFX A Y 0\nSFX A Y 0\n", "0\n", "aff:2"},
		{"SFX\n", "0\n", "aff:1"},
		{"SFX A Y 1\nSFX A 0\n", "0\n", "aff:2"},
		{"SFX A Y 1\nSFX A 0 s [ab\n", "0\n", "aff:2"},
		{"SFX A Y 1\nSFX A 0 s []\n", "0\n", "aff:2"},
		{"SFX A Y 1\nSFX A 0 s [^]\n", "0\n", "aff:2"},
		{"SFX A Y 1\nSFX A 0 s a]\n", "0\n", "aff:2"},
		{"AF 1\nAF A\nAF B\n", "0\n", "aff:3"},
		{"SET UTF-8\n\xFF\n", "0\n", "aff:2"},
		{"FLAG long\n", "1\nzou/abc\n", "dic:2"},
		{"FLAG num\n", "1\nzou/1,x\n", "dic:2"},
		{"FLAG num\n", "1\nzou/70000\n", "dic:2"},
		{"AF 1\nAF A\n", "1\nzou/2\n", "dic:2"},
		{"", "zou\n", "dic:1"},
		{"", "", "dic:0"},
		{"", "1\nzo\xC3\n", "dic:2"},
	};

	(void)state;
	for (size_t n = 0; n < COUNT(table); n++) {
		struct inflect *i = NULL;
		struct error e = {0};

		if (inflect_open_text(slice_of(table[n][0]), slice_of(table[n][1]), &i, &e) !=
			-EINVAL)
			fail_msg("%zu passed", n);
		if (strncmp(e.text, table[n][2], strlen(table[n][2])) != 0)
			fail_msg("%zu: « %s », not at %s", n, e.text, table[n][2]);
		assert_null(i);
	}
}

/* A group that continues itself, and one that is long, end. */
static void hostile_rules_end(void **state)
{
	_buf_ struct buf aff = {0}, dic = {0};
	struct inflect *i;

	(void)state;
	buf_add_string(&aff, "SFX A Y 2000\n");
	for (int n = 0; n < 2000; n++)
		buf_printf(&aff, "SFX A 0 %c%c%c/A .\n", 'a' + n % 26, 'a' + n / 26 % 26,
			'a' + n / 676);
	buf_add_string(&dic, "1\nz/A\n");
	assert_int_equal(inflect_open_text(buf_slice(&aff), buf_slice(&dic), &i, NULL), 0);
	assert_in_range(inflect_count(i), 2000, 70000);
	inflect_close(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_make_forms),
		cmocka_unit_test(options_count),
		cmocka_unit_test(flags_of_all_kinds),
		cmocka_unit_test(words_are_chosen),
		cmocka_unit_test(fields_guide_the_forms),
		cmocka_unit_test(faults_have_a_place),
		cmocka_unit_test(hostile_rules_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
