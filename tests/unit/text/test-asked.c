/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is made when asked for: borders inside words, masked words, the list of words. */
#include "testing.h"

static enum text_border border_before(
	struct text_views *v, const char *text, enum text_view which, const char *part)
{
	text_views_make(v, slice_of(text));
	struct slice view = text_view(v, which);
	const char *found = memmem(view.p, view.n, part, strlen(part));
	if (!found)
		fail_msg("« %s » is not in « %.*s »", part, (int)view.n, view.p);
	return text_border(v, which, (size_t)(found - view.p));
}

static void borders_inside_words(void **state)
{
	static const struct {
		const char *text;
		enum text_view which;
		const char *part;
		enum text_border border;
	} cases[] = {
		{"un ConnardsDeLaMairie", TEXT_FOLDED, "delamairie", TEXT_BORDER_CAMEL},
		{"un ConnardsDeLaMairie", TEXT_FOLDED, "mairie", TEXT_BORDER_CAMEL},
		{"un ConnardsDeLaMairie", TEXT_FOLDED, "nards", TEXT_BORDER_NONE},
		{"#MairePourrie", TEXT_FOLDED, "pourrie", TEXT_BORDER_CAMEL},
		{"éÉlusNuls", TEXT_FOLDED, "nuls", TEXT_BORDER_CAMEL},
		{"cOnCoUrS", TEXT_FOLDED, "cours", TEXT_BORDER_NONE},
		{"CONSEIL", TEXT_FOLDED, "seil", TEXT_BORDER_NONE},
		{"#mairepourri", TEXT_FOLDED, "pourri", TEXT_BORDER_GLUED},
		{"#maire_pourri", TEXT_FOLDED, "pourri", TEXT_BORDER_WORD},
		{"a#mairepourri", TEXT_FOLDED, "pourri", TEXT_BORDER_NONE},
		{"mairepourri", TEXT_FOLDED, "pourri", TEXT_BORDER_NONE},
		{"maire pourri", TEXT_FOLDED, "pourri", TEXT_BORDER_WORD},
		{"oui s a l e c o n va", TEXT_SQUEEZED, "con", TEXT_BORDER_GLUED},
		{"oui s a l e c o n va", TEXT_SQUEEZED, "salecon", TEXT_BORDER_WORD},
		{"oui s a l e c o n salecon", TEXT_SQUEEZED, "lecon sal", TEXT_BORDER_GLUED},
		{"s.a.l.e.c0n connard", TEXT_SQUEEZED, "nard", TEXT_BORDER_NONE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum text_border b =
			border_before(*state, cases[i].text, cases[i].which, cases[i].part);
		if (b != cases[i].border)
			fail_msg("« %s » before « %s »: %d", cases[i].text, cases[i].part, (int)b);
	}
	text_views_make(*state, SLICE("#a"));
	assert_int_equal(text_border(*state, TEXT_FOLDED, 0), TEXT_BORDER_NONE);
	assert_int_equal(text_border(*state, TEXT_FOLDED, 2), TEXT_BORDER_WORD);
}

/* The masks of a text, written with bars between them. */
static void assert_masks(struct text_views *v, const char *text, const char *expected)
{
	_buf_ struct buf seen = {0};
	const struct text_mask *m;
	text_views_make(v, slice_of(text));
	size_t n = text_masks(v, &m);
	struct slice view = text_view(v, TEXT_FOLDED);
	for (size_t i = 0; i < n; i++) {
		buf_add_string(&seen, i ? "|" : "");
		buf_add(&seen, view.p + m[i].start, m[i].end - m[i].start);
		assert_int_equal(view.p[m[i].start], m[i].first);
	}
	if (!slice_is(buf_slice(&seen), expected))
		fail_msg("masks of « %s »: « %.*s »", text, (int)seen.n, seen.p);
}

static void masks_are_seen(void **state)
{
	assert_masks(*state, "c*n enc***s p*te s*lope f*ck", "c*n|enc***s|p*te|s*lope|f*ck");
	assert_masks(*state, "Ta g.. ! Espèce de C***, de c…", "g..|c***|c...");
	assert_masks(*state, "c🤡nnard c.n c?n p#te c••n", "c🤡nnard|c.n|c?n|p#te|c··n");
	assert_masks(*state, "sa1ope c█n m●rde", "sa1ope|c*n|m*rde");
	assert_masks(*state, "*con* **mot** tarif* fin... mot! oui?! a*", "");
	assert_masks(*state, "bonjour, 10*20 et mairie.a.fr l'été 🤡", "");
	assert_masks(*state, "d'enc*lé #p*te", "enc*le|p*te");
	assert_masks(*state, "", "");
}

static void assert_fit(struct text_views *v, const char *text, const char *term, enum text_fit fit,
	const char *covers, unsigned letters)
{
	const struct text_mask *m;
	enum text_fit best = TEXT_FIT_NONE;
	size_t start = 0, end = 0;
	unsigned read = 0;
	text_views_make(v, slice_of(text));
	size_t n = text_masks(v, &m);
	struct slice view = text_view(v, TEXT_FOLDED);
	for (size_t i = 0; i < n && !best; i++)
		best = text_mask_fits(v, &m[i], slice_of(term), &start, &end, &read);
	if (best != fit ||
		(fit &&
			(read != letters ||
				!slice_is((struct slice){view.p + start, end - start}, covers))))
		fail_msg("« %s » for « %s »: fit %d, « %.*s », %u letters", text, term, (int)best,
			(int)(end - start), view.p + start, read);
}

static void masks_fit_terms(void **state)
{
	struct text_views *v = *state;
	assert_fit(v, "c*n", "con", TEXT_FIT_EXACT, "c*n", 2);
	assert_fit(v, "enc***s", "encule", TEXT_FIT_EXACT, "enc***s", 4);
	assert_fit(v, "enc***s", "encules", TEXT_FIT_EXACT, "enc***s", 4);
	assert_fit(v, "con*ard", "connard", TEXT_FIT_EXACT, "con*ard", 6);
	assert_fit(v, "c*d", "connard", TEXT_FIT_LOOSE, "c*d", 2);
	assert_fit(v, "c***rd", "connard", TEXT_FIT_LOOSE, "c***rd", 3);
	assert_fit(v, "c*n", "canne", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "c.n", "con", TEXT_FIT_EXACT, "c.n", 2);
	assert_fit(v, "c.d", "connard", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "c🤡nnard", "connard", TEXT_FIT_EXACT, "c🤡nnard", 6);
	assert_fit(v, "con🤡nard", "connard", TEXT_FIT_LOOSE, "con🤡nard", 7);
	assert_fit(v, "sa1ope", "salope", TEXT_FIT_EXACT, "sa1ope", 5);
	assert_fit(v, "c0*n@rd", "connard", TEXT_FIT_EXACT, "c0*n@rd", 6);
	assert_fit(v, "oh ta g.. !", "ta gueule", TEXT_FIT_LOOSE, "ta g..", 3);
	assert_fit(v, "oh la g.. !", "ta gueule", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "ferme ta g**", "ta gueule", TEXT_FIT_LOOSE, "ta g**", 3);
	assert_fit(v, "un f*ls de p*te", "fils de pute", TEXT_FIT_EXACT, "f*ls de p*te", 8);
	assert_fit(v, "une p*te", "fils de pute", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "c*ns", "con", TEXT_FIT_EXACT, "c*ns", 3);
	assert_fit(v, "c*nseil", "con", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "c*n", "", TEXT_FIT_NONE, "", 0);
	assert_fit(v, "c*n", "cooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooon",
		TEXT_FIT_NONE, "", 0);
}

static void words_in_order(void **state)
{
	struct text_views *v = *state;
	const struct text_word *w;
	text_views_make(v, SLICE("Vieux abru ti, d'encu-lé 2 été !"));
	assert_int_equal(text_words(v, &w), 8);
	assert_true(slice_is(text_word_plain(v, w[5]), "lé"));
	assert_true(slice_is(text_word_plain(v, w[7]), "été"));
	assert_true(slice_is(text_joined(v, 1, 2), "abruti"));
	assert_true(slice_is(text_joined(v, 4, 2), "encule"));
	assert_true(slice_is(text_joined(v, 2, 2), "")); /* a comma and a blank */
	assert_true(slice_is(text_joined(v, 7, 2), ""));
	assert_true(slice_is(text_joined(v, 0, 0), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders_inside_words),
		cmocka_unit_test(masks_are_seen),
		cmocka_unit_test(masks_fit_terms),
		cmocka_unit_test(words_in_order),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
