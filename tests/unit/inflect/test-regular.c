/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

static void words_by_their_end(void **state)
{
	static const char *const table[][2] = {
		{"teubé", "teubé|teubée|teubés|teubées"},
		{"zouteur", "zouteur|zouteurs|zouteuse|zouteuses"},
		{"zouteux", "zouteux|zouteuse|zouteuses"},
		{"zoutif", "zoutif|zoutifs|zoutive|zoutives"},
		{"zoutal", "zoutal|zoutals|zoutaux|zoutale|zoutales"},
		{"zoutard", "zoutard|zoutards|zoutarde|zoutardes|zoutasse|zoutasses"},
		{"zouteau", "zouteau|zouteaus|zouteaux"},
		{"zoutou", "zoutou|zoutous|zoutoux"},
		{"zouton", "zouton|zoutons|zoutonne|zoutonnes"},
		{"zoutien", "zoutien|zoutiens|zoutienne|zoutiennes"},
		{"zoutel", "zoutel|zoutels|zoutelle|zoutelles"},
		{"zouter", "zouter|zouters|zoutère|zoutères"},
		{"zoute", "zoute|zoutes"},
		{"zoutis", "zoutis|zoutise|zoutises"},
		{"zoutax", "zoutax"},
		{"zout", "zout|zoute|zouts|zoutes"},
		{"tg", "tg|tgs"},
		{"", ""},
	};

	(void)state;
	for (size_t n = 0; n < COUNT(table); n++) {
		_buf_ struct buf got = {0};

		inflect_regular_word(slice_of(table[n][0]), join_form, &got);
		assert_joined(table[n][0], &got, table[n][1]);
	}
}

static void verbs_by_their_end(void **state)
{
	static const char *const table[][3] = {
		{"zouter", "zoute zoutent zoutons zoutait zoutera zoutâmes zoutèrent zouté zoutées",
			"zouteons"},
		{"zouger", "zougeons zougeait zougeant zouge zougions zougeâmes",
			"zougons zougait"},
		{"zoucer", "zouçons zouçait zouce zoucions zouçâmes", "zoucons"},
		{"zoutérer", "zoutère zoutèrent zoutérons zoutèrera zoutérera", "zoutèrons"},
		{"zoutever", "zoutève zoutèvent zoutevons zoutèvera", "zoutèvons"},
		{"zoutoyer", "zoutoie zoutoyons zoutoiera", "zoutoions"},
		{"zoutir", "zoutis zoutit zoutissons zoutissent zoutira zouti zouties", "zoute"},
	};

	(void)state;
	for (size_t n = 0; n < COUNT(table); n++) {
		_buf_ struct buf got = {0};
		const char *forms = table[n][1], *others = table[n][2];
		struct slice word;

		assert_true(inflect_regular_verb(slice_of(table[n][0]), join_form, &got));
		buf_add_string(&got, "|");
		for (int wanted = 1; wanted >= 0; wanted--)
			while (next_word(wanted ? &forms : &others, &word)) {
				_buf_ struct buf edged = {0};

				buf_printf(&edged, "|%.*s|", (int)word.n, word.p);
				if ((memmem(got.p, got.n, edged.p, edged.n) != NULL) != wanted)
					fail_msg("%s: %.*s", table[n][0], (int)word.n, word.p);
			}
	}
}

static void other_words_are_no_verbs(void **state)
{
	static const char *const words[] = {"", "er", "ir", "zer", "zoutre", "zoutoir!", "zout"};
	_buf_ struct buf got = {0};

	(void)state;
	for (size_t n = 0; n < COUNT(words); n++)
		assert_false(inflect_regular_verb(slice_of(words[n]), join_form, &got));
	assert_int_equal(got.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_by_their_end),
		cmocka_unit_test(verbs_by_their_end),
		cmocka_unit_test(other_words_are_no_verbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
