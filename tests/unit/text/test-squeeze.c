/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

static void disguises_are_undone(void **state)
{
	static const char *const cases[][2] = {
		{"Espèce de c o n n a r d !", "espece de connard !"},
		{"c.o.n", "con"},
		{"f.d.p.", "fdp."},
		{"t-a g-u-e-u-l-e", "ta gueule"},
		{"en_cu_lé", "encule"},
		{"c0nn@rd s@l0p3", "connard salope"},
		{"n!que 3nculé", "nique encule"},
		{"connaaaard CONNNNN saloooope", "conard con salope"},
		{"c\u200bo\u200bn\u200bn\u200ba\u200brd", "connard"},
		{"*c*o*n*", "*con*"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_view(*state, cases[i][0], TEXT_SQUEEZED, cases[i][1]);
	}
}

static void honest_text_stays(void **state)
{
	static const char *const texts[] = {"connard!", "5 € ou 12,50 euros", "il y a a faire",
		"a-t-il", "peut-etre", "@maire bonjour", "le 24/11 a 20:30", "06 12 34 56 78",
		"salle", "ecole creee, agreees", "2eme 3eme", "1-0", "j'ai c'est", "y a-t-il",
		"bravo!!", "tel: 01.02.03", "100%", "-", "", "__"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_view(*state, texts[i], TEXT_SQUEEZED, texts[i]);
}

static void unchanged_text_shares_the_view(void **state)
{
	text_views_make(*state, SLICE("Bonjour à tous, peut-être à demain !"));
	assert_false(text_is_squeezed(*state));
	assert_ptr_equal(text_view(*state, TEXT_SQUEEZED).p, text_view(*state, TEXT_FOLDED).p);
	text_views_make(*state, SLICE("c0nnard"));
	assert_true(text_is_squeezed(*state));
}

static void terms_collapse_alike(void **state)
{
	_buf_ struct buf b = {0};
	(void)state;
	text_collapse(&b, SLICE("connard 1100 balle"));
	assert_true(slice_is(buf_slice(&b), "conard 1100 bale"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disguises_are_undone),
		cmocka_unit_test(honest_text_stays),
		cmocka_unit_test(unchanged_text_shares_the_view),
		cmocka_unit_test(terms_collapse_alike),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
