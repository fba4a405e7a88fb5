/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <stdlib.h>
#include <time.h>

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
		{"k0nnard deb1le p4uvre 5alope", "konnard debile pauvre salope"},
		{"$alope con$ m€rde salop€ €nculé", "salope cons merde salope encule"},
		{"debil3 s@l0p1", "debile salopi"},
		{"conn@$$€ tru!€ 30 !€ 10$€", "connasse truie 30 !€ 10$€"},
		{"54l0p35 3nf01r3 !d!ot$ m!n@bl€", "salopes enfoire idiots minable"},
		{"c👏o👏n c·o·n c . o . n", "con con con"},
		{"c\no\nn\nn\na\nr\nd", "connard"},
		{"va t e f a i r e", "va tefaire"},
		{"connard·e·s élu(e)s connard.e.s élu-e-s", "connardes elues connardes elues"},
		{"connardEs élu⋅e habitant/e", "connardes elue habitante"},
		{"menteur·euse·s directeur.rice nul·le·s", "menteurs directeur nuls"},
		{"merdeux·se·s con(ne)s", "merdeux cons"},
		{"d'a b r u t i s, l'i d i o t", "d'abrutis, l'idiot"},
		{"b o u l e t n'a", "boulet n'a"},
		{"b@t@r d€b!l€ p@ut€", "batar debile paute"},
		{"c@o@n", "con"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_view(*state, cases[i][0], TEXT_SQUEEZED, cases[i][1]);
	}
}

/* Whatever stands before it, and wherever the sixteens of the scan fall. */
static void place_does_not_matter(void **state)
{
	static const char *const cases[][2] = {{"c0nn@rd", "connard"}, {"c o n n a r d", "connard"},
		{"c.o.n", "con"}, {"saaalope", "salope"}, {"en_cu_le", "encule"},
		{"3ncule", "encule"}, {"$alope", "salope"}, {"elu(e)s", "elues"},
		{"elu-e-s", "elues"}, {"elu·e", "elue"}, {"m€rde", "merde"}, {"salop€", "salope"},
		{"c👏o👏n", "con"}, {"c . o . n", "con"}, {"t-a", "ta"}, {"debil3", "debile"},
		{"con$ x", "cons x"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t before = 0; before < 120; before++) {
			_buf_ struct buf text = {0}, expected = {0};
			if (before % 6 == 2)
				continue; /* would end on a single letter, and that would join a row */
			for (size_t k = 0; k < before; k++)
				buf_add_char(&text,
					k + 1 == before || (k % 6 == 5 && k + 2 < before)
						? ' '
						: 'b' + (char)(k % 5));
			buf_add_slice(&expected, buf_slice(&text));
			buf_add_string(&text, cases[i][0]);
			buf_add_string(&expected, cases[i][1]);
			for (unsigned behind = 0; behind < 2; behind++) {
				assert_view(*state, buf_string(&text), TEXT_SQUEEZED,
					buf_string(&expected));
				buf_add_string(&text, " dit le maire");
				buf_add_string(&expected, " dit le maire");
			}
		}
}

/* Without the inclusive forms, and without what stands beside it. */
static void what_was_undone_is_told(void **state)
{
	const struct text_undone *list;
	const char *text = "Élu·e·s, \"(c0nn@rd)\" et d'a b r u t i, saaalope…";
	static const char *const from[] = {"c0nn@rd", "a b r u t i", "saaalope"},
				 *const to[] = {"connard", "abruti", "salope"};

	text_views_make(*state, slice_of(text));
	assert_int_equal(text_undone(*state, &list), 3);
	for (size_t i = 0; i < 3; i++) {
		struct slice folded = text_view(*state, TEXT_FOLDED),
			     squeezed = text_view(*state, TEXT_SQUEEZED);

		folded = (struct slice){folded.p + list[i].start, list[i].end - list[i].start};
		squeezed =
			(struct slice){squeezed.p + list[i].says, list[i].says_end - list[i].says};
		if (!slice_is(folded, from[i]) || !slice_is(squeezed, to[i]))
			fail_msg("« %.*s » says « %.*s »", (int)folded.n, folded.p, (int)squeezed.n,
				squeezed.p);
	}
	text_views_make(*state, SLICE("élu·e·s"));
	assert_int_equal(text_undone(*state, &list), 0);
}

/* Hostile text costs as much a byte as any other: with a cost that grew by its square, each of these would take
 * minutes. */
static void long_text_is_linear(void **state)
{
	static const char *const pieces[] = {"a", "a.", "a ", "a-", "x_", "c0", "@", "e\u0301",
		"\u0301", "\u0336", "\u0441", "\u0434", "a\u0441", "🇫🇷", "🇨", "👩\u200d", "a👏",
		"\u200b", "(e)", "·e", "*", "a*", "a..", "#a", "aA", "\ufdfa", "1", "a1", ". ",
		"a . ", "€", "\n", "\xff", "日"};
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		_buf_ struct buf text = {0};
		const struct text_mask *masks;
		const struct text_word *words;
		struct timespec a, b;
		uint32_t start, end;
		while (text.n < 200000)
			buf_add_string(&text, pieces[i]);
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
		text_views_make(*state, buf_slice(&text));
		text_masks(*state, &masks);
		text_words(*state, &words);
		text_view_origin(*state, TEXT_SQUEEZED, 0, 1, &start, &end);
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
		double took = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
		if (getenv("TEXT_TIMES"))
			print_message("%7.2f ms  %s\n", took * 1e3, pieces[i]);
		assert_true(took < 2);
	}
}

static void honest_text_stays(void **state)
{
	static const char *const texts[] = {"connard!", "5 € ou 12,50 euros", "il y a a faire",
		"a-t-il", "peut-etre", "@maire bonjour", "le 24/11 a 20:30", "06 12 34 56 78",
		"salle", "ecole creee, agreees", "2eme 3eme", "1-0", "j'ai c'est", "y a-t-il",
		"bravo!!", "tel: 01.02.03", "100%", "-", "", "__", "covid19 ipv6 lot4", "5$ 3€ 10$",
		"donne-le, prends-les, vas-y", "dit.se fini.ne", "https://a.b/s_a_l0pe?n0n",
		"www.c0n.fr", "vis-a-vis h/f et/ou c'est-a-dire", "liste_de_fichiers",
		"bonjour (e)", "l'a d'y", "c'est 4 a 4"};
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
		cmocka_unit_test(place_does_not_matter),
		cmocka_unit_test(what_was_undone_is_told),
		cmocka_unit_test(long_text_is_linear),
		cmocka_unit_test(honest_text_stays),
		cmocka_unit_test(unchanged_text_shares_the_view),
		cmocka_unit_test(terms_collapse_alike),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
