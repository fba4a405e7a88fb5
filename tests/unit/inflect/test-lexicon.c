/* SPDX-License-Identifier: GPL-3.0-or-later
 * The set of all forms, with the system's dictionary. */
#include "testing.h"

#include <tocsin/text/text.h>

static void words_are_known(void **state)
{
	static const char *const table[] = {"concours", "fichier", "enculé", "démoliraient",
		"vieille", "aujourd'hui", "peut-être", "coeur", "chevaux", "mairie", "paris", "est",
		"à"};
	static const char *const others[] = {"", "zgroum", "konar", "l'arbre", "enculéz",
		"démolirraient", "encul", "coeu", "\xFF", "est "};

	for (size_t n = 0; n < COUNT(table); n++)
		if (!inflect_is_word(*state, slice_of(table[n]), INFLECT_PLAIN))
			fail_msg("« %s » is unknown", table[n]);
	for (size_t n = 0; n < COUNT(others); n++)
		if (inflect_is_word(*state, slice_of(others[n]), INFLECT_PLAIN))
			fail_msg("« %s » is known", others[n]);
}

static void accents_may_be_off(void **state)
{
	struct inflect *i = *state;

	assert_true(inflect_is_word(i, SLICE("demolirent"), INFLECT_FOLDED));
	assert_false(inflect_is_word(i, SLICE("demolirent"), INFLECT_PLAIN));
	assert_true(inflect_is_word(i, SLICE("francaise"), INFLECT_FOLDED));
	assert_true(inflect_is_word(i, SLICE("concours"), INFLECT_FOLDED));
	assert_false(inflect_is_word(i, SLICE("demolirents"), INFLECT_FOLDED));
	assert_false(inflect_is_word(i, SLICE(""), INFLECT_FOLDED));
}

struct walk {
	struct inflect *i;
	struct text_views *views;
	struct buf before;
	size_t n, stop;
};

static bool check_form(void *arg, struct slice form)
{
	struct walk *w = arg;

	assert_true(slice_compare(buf_slice(&w->before), form) < 0);
	buf_clear(&w->before);
	buf_add_slice(&w->before, form);
	assert_true(inflect_is_word(w->i, form, INFLECT_PLAIN));
	text_views_make(w->views, form);
	if (!slice_equal(text_view(w->views, TEXT_PLAIN), form))
		fail_msg("« %.*s » is not its own plain view", (int)form.n, form.p);
	assert_true(inflect_is_word(w->i, text_view(w->views, TEXT_FOLDED), INFLECT_FOLDED));
	return ++w->n != w->stop;
}

/* Every form, in order, each once, itself a word in both views, and spelt as the text room spells it. */
static void all_forms_come(void **state)
{
	struct walk w = {.i = *state, .views = text_views_new()};

	inflect_each(*state, check_form, &w);
	assert_int_equal(w.n, inflect_count(*state));
	assert_in_range(w.n, 300000, 900000);
	w.n = 0;
	w.stop = 7;
	buf_clear(&w.before);
	inflect_each(*state, check_form, &w);
	assert_int_equal(w.n, 7);
	buf_release(&w.before);
	text_views_free(w.views);
}

/* What the answers hold is in the set, so that a lint and a rule agree. */
static void answers_are_words(void **state)
{
	static const char *const terms[] = {"abruti", "vieux", "municipal", "travail"};
	struct inflect_forms f;

	for (size_t n = 0; n < COUNT(terms); n++) {
		assert_int_equal(inflect_words(*state, slice_of(terms[n]), &f), 0);
		for (size_t at = 0; at < f.n; at++)
			assert_true(inflect_is_word(*state, f.list[at], INFLECT_PLAIN));
	}
	assert_int_equal(inflect_verb(*state, SLICE("démolir"), &f), 0);
	for (size_t at = 0; at < f.n; at++)
		assert_true(inflect_is_word(*state, f.list[at], INFLECT_PLAIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_known),
		cmocka_unit_test(accents_may_be_off),
		cmocka_unit_test(all_forms_come),
		cmocka_unit_test(answers_are_words),
	};

	return cmocka_run_group_tests(tests, open_system, close_handle);
}
