/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "adopt/draft.h"

static void check_id(const char *label, const char *expected)
{
	char id[DRAFT_ID_MAX + 1];
	draft_id(slice_of(label), id);
	assert_string_equal(id, expected);
}

static void ids(void **state)
{
	(void)state;
	check_id("passerelle du Moulin-Vert", "passerelle_du_moulin_vert");
	check_id("  #Été à l'école !", "ete_a_l_ecole");
	check_id("🙂", "sujet");
	check_id("2027", "sujet");
	check_id("une très longue phrase qui ne tient pas dans un identifiant",
		"une_tres_longue_phrase_qui_ne_tient_pas");
}

static void check_hidden(const char *text, const char *author, const char *expected)
{
	_buf_ struct buf out = {0};
	draft_hide(&out, slice_of(text), slice_of(author));
	assert_string_equal(buf_string(&out), expected);
}

static void names_go(void **state)
{
	(void)state;
	check_hidden("Merci Mme Le Goff et M. Émile-Dupré pour la rue Foch", "",
		"Merci Mme [nom] [nom] et M. [nom] pour la rue Foch");
	check_hidden(
		"madame la maire, Monsieur le préfet", "", "madame la maire, Monsieur le préfet");
	check_hidden(
		"Signé LAMPIN, de la rue Lampinet", "Jo Lampin", "Signé [nom], de la rue Lampinet");
	check_hidden("écrivez à jo@ville.example\nou au 06 12 34 56 78", "",
		"écrivez à [courriel] ou au [téléphone]");
}

static void a_draft_quotes_what_people_write(void **state)
{
	_buf_ struct buf out = {0};
	const struct slice beside[] = {{"l'eau", 5}, {"a\nb", 3}};
	struct draft d = {.label = SLICE("l'usine"),
		.owner = SLICE("a@b.example"),
		.beside = beside,
		.n_beside = 2,
		.yes = {{"C'est l'usine : #1", 18}},
		.n_yes = 1};
	(void)state;
	draft_id(d.label, d.id);
	draft_write(&d, &out);
	assert_non_null(strstr(buf_string(&out), "noms peuvent rester : relisez"));
	const char *text = buf_string(&out);
	assert_non_null(
		strstr(text, "  - id: l_usine\n    titre: 'l''usine'\n    statut: observation\n"));
	assert_non_null(strstr(text, "    # Montent avec lui : 'l''eau', 'a b'\n"));
	assert_non_null(strstr(text, "      mots: ['l''usine']\n"));
	assert_non_null(strstr(text, "      oui:\n        - 'C''est l''usine : #1'\n"));
	assert_null(strstr(text, "non:"));
	assert_true(draft_touches(&d, SLICE("Les Usines du coin")));
	assert_false(draft_touches(&d, SLICE("le coin")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(ids), cmocka_unit_test(names_go),
		cmocka_unit_test(a_draft_quotes_what_people_write)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
