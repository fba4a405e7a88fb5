/* SPDX-License-Identifier: GPL-3.0-or-later
 * A shipped pack, and a file that adapts it to the town. */
#include "testing.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

static const char shipped[] =
	"tocsin: 1\npaquet: injures\nseuils: {file: 3, alerte: 7}\nlistes: {fortes: [lou, bbb], douces: [ccc], toutes: [$fortes, $douces]}\nrègles:\n"
	"  - {id: a, titre: A, catégorie: injure_publique, priorité: P3, score: 5, quand: {mots: $fortes}}\n"
	"  - {id: b, titre: B, catégorie: spam, score: 2, quand: {mots: $toutes}}\n"
	"sujets:\n  - {id: t, titre: T, quand: {mots: [ttt]}}\n";

static int load_both(const char *local, struct ruleset **ret, struct buf *said)
{
	char *folder = make_folder(shipped);
	_free_ char *path = xasprintf("%s/ville.yaml", folder);
	struct problems p = {0};
	struct error e;
	if (file_write_atomic(path, slice_of(local), 0600, &e) < 0)
		fail_msg("%s", e.text);
	int r = ruleset_load(folder, ret, &p);
	for (size_t i = 0; i < p.n; i++)
		problem_print(said, &p.list[i], "erreur", "avertissement", "conseil");
	problems_release(&p);
	drop_folder(folder);
	return r;
}

static struct scorer *adapted(const char *local, struct ruleset **ret)
{
	_buf_ struct buf said = {0};
	if (load_both(local, ret, &said) < 0)
		fail_msg("%s", buf_string(&said));
	return scorer_new(*ret);
}

#define HEAD "tocsin: 1\nsurcharge: injures\n"

static void lists_grow_and_are_replaced(void **state)
{
	struct ruleset *r;
	struct scorer *s = adapted(
		HEAD "ajouter: {fortes: [nouveau]}\nremplacer: {douces: [doux, $fortes]}\n", &r);
	(void)state;
	assert_matches(s, "lou", "a[lou] b[lou]");
	assert_matches(s, "nouveau", "a[nouveau] b[nouveau]");
	assert_matches(s, "ccc", "");
	assert_matches(s, "doux", "b[doux]");
	scorer_free(s);
	ruleset_free(r);
}

static void rules_and_sums_change(void **state)
{
	struct ruleset *r;
	struct scorer *s = adapted(HEAD
		"seuils: {file: 4}\nplafonds: {injure_publique: 9}\nrègles:\n"
		"  - {id: a, score: 9, priorité: P2}\n  - {id: b, statut: observation}\n"
		"sujets:\n  - {id: t, statut: retirée}\n",
		&r);
	const struct verdict *v = score(s, "lou ttt");
	(void)state;
	assert_int_equal(v->score, 900);
	assert_int_equal(v->level, VERDICT_ALERT);
	assert_int_equal(v->priority, 2);
	assert_int_equal(v->n_shadows, 1);
	assert_int_equal(v->n_topics, 0);
	assert_int_equal(ruleset_count(r), 3);
	scorer_free(s);
	ruleset_free(r);
}

static void wrong_targets_are_said(void **state)
{
	static const struct {
		const char *local, *said[4];
	} cases[] = {
		{"tocsin: 1\nsurcharge: injure\n",
			{"ville.yaml:2:12: erreur: le paquet « injure » n'existe pas",
				"« injures »"}},
		{HEAD "ajouter: {forte: [x]}\n",
			{"ville.yaml:3:11: erreur", "la liste « forte » n'existe pas",
				"« fortes »"}},
		{HEAD "remplacer: {fortes: x}\n", {"une liste de mots est attendue"}},
		{HEAD "remplacer: [x]\n", {"un nom de liste, puis des mots"}},
		{HEAD "règles: [{id: aa}]\n", {"la règle ou le sujet « aa » n'existe pas"}},
		{HEAD "règles: [{id: a, titre: Z}]\n", {"clé inconnue « titre »"}},
		{HEAD "règles: [{id: a}, {id: a}]\n", {"changée deux fois"}},
		{HEAD "règles: [{score: 1}]\n", {"l'identifiant (id) manque"}},
		{HEAD "sujets: [{id: t, score: 3}]\n", {"un sujet n'a ni score ni priorité"}},
		{HEAD "règles: [{id: a, score: 11}]\n", {"ville.yaml:3:25: erreur: entre 0 et 10"}},
		{HEAD "règles: [{id: a, priorité: P1}]\n", {"une règle P1 doit alerter seule"}},
		{HEAD "seuils: {file: 9}\n", {"plus bas"}},
		{HEAD "seuils: {fille: 9}\n", {"clé inconnue « fille »", "« file »"}},
		{HEAD "plafonds: {injures: 9}\n", {"clé inconnue « injures »"}},
		{HEAD "listes: {x: [y]}\n", {"clé inconnue « listes »"}},
		{HEAD "paquet: z\n", {"clé inconnue « paquet »"}},
		{"surcharge: injures\n", {"la version du format manque"}},
		{HEAD "ajouter: {fortes: [$absente]}\n", {"la liste « $absente » n'existe pas"}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ruleset *r = NULL;
		_buf_ struct buf said = {0};
		if (load_both(cases[i].local, &r, &said) == 0)
			fail_msg("accepted: %s", cases[i].local);
		for (size_t k = 0; k < 4 && cases[i].said[k]; k++)
			if (!strstr(buf_string(&said), cases[i].said[k]))
				fail_msg("« %s » is not in:\n%s", cases[i].said[k],
					buf_string(&said));
	}
}

static void the_hash_covers_the_adaptation(void **state)
{
	struct ruleset *a, *b;
	(void)state;
	scorer_free(adapted(HEAD, &a));
	scorer_free(adapted(HEAD "seuils: {file: 4}\n", &b));
	assert_string_not_equal(ruleset_hash(a), ruleset_hash(b));
	ruleset_free(a);
	ruleset_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_grow_and_are_replaced),
		cmocka_unit_test(rules_and_sums_change),
		cmocka_unit_test(wrong_targets_are_said),
		cmocka_unit_test(the_hash_covers_the_adaptation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
