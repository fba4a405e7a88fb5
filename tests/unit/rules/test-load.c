/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every problem of a pack at once, each at its place, with a cure. */
#include "testing.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

static void assert_says(const char *pack, const char *const *parts)
{
	_buf_ struct buf out = {0};
	problems_of(pack, &out);
	for (; *parts; parts++)
		if (!strstr(buf_string(&out), *parts))
			fail_msg("« %s » is not in:\n%s", *parts,
				out.n ? buf_string(&out) : "(nothing)");
}
#define SAYS(pack, ...) assert_says(pack, (const char *const[]){__VA_ARGS__, NULL})
#define HEAD "tocsin: 1\npack: p\nlistes: {fortes: [x]}\nrègles:\n"
#define RULE "  - id: a\n    titre: A\n    catégorie: spam\n"

static void all_problems_come_at_once(void **state)
{
	(void)state;
	SAYS(HEAD
		"  - id: A!\n    titre: ''\n    catégorie: menaces\n    score: 11\n    quan: {mots: [x]}\n    priorité: P5\n"
		"  - id: b\n    titre: B\n    catégorie: menace\n    score: 2\n    priorité: P1\n    quand: {mots: $forte}\n",
		":5:9: erreur", "caractère interdit", "le titre manque", "menace", ":8:12: erreur",
		"quan", "P5", ":14:12: erreur", "$fortes", "une règle P1 doit alerter seule",
		"la condition (quand) manque");
}

static void mistakes_in_conditions_have_places(void **state)
{
	(void)state;
	SAYS(HEAD RULE "    quand: {mot: [x]}\n", ":8:13: erreur", "mots");
	SAYS(HEAD RULE "    quand: {mots: []}\n", "la liste est vide");
	SAYS(HEAD RULE "    quand: [x]\n", "une condition est attendue");
	SAYS(HEAD RULE "    quand: {proche: {ensemble: [{mots: [x]}]}}\n",
		"au moins deux conditions");
	SAYS(HEAD RULE
		"    quand: {proche: {distance: loin, ensemble: [{mots: [x]}, {mots: [y]}]}}\n",
		"distance: 3 mots");
	SAYS(HEAD RULE "    quand: {mots: [\"\\bx\"]}\n", "retour arrière");
	SAYS(HEAD RULE "    quand: {mots: ['']}\n", "terme vide");
	SAYS("tocsin: 1\npack: p\nlistes: {a: [$b], b: [$a]}\nrègles:\n" RULE
	     "    quand: {mots: $a}\n",
		"l'une l'autre");
	SAYS("tocsin: 1\npack: p\nlistes: {a: x}\n", "n'est pas une liste");
	SAYS(HEAD RULE "    quand: {sans: {mots: [x]}}\n", "quelque chose à trouver");
}

static void mistakes_in_headers_have_places(void **state)
{
	(void)state;
	SAYS("tocsin: 1\npack: p\ntitre: été #1\n", ":3:12: avertissement",
		"# commence un commentaire");
	SAYS("tocsin: 1\npack: p\nlistes:\n  a:\n    - 'é #1' #2\n    - mot #mairie\n    - x # bien\n",
		":6:11: avertissement");
	SAYS("", "le fichier est vide");
	SAYS("# rien\n", "le fichier est vide");
	SAYS("pack: p\n", "la version du format manque");
	SAYS("tocsin: 2\npack: p\n", ":1:9: erreur");
	SAYS("tocsin: 1\n", "le nom du paquet manque");
	SAYS("tocsin: 1\npack: p\nreglès: []\n", "règles");
	SAYS("tocsin: 1\npack: p\nseuils: {file: 9, alerte: 3}\n", "plus bas");
	SAYS("tocsin: 1\npack: p\nplafonds: {injures: 3}\n", "injures");
	SAYS("- a\n", "n'est pas un paquet");
	SAYS(HEAD RULE "    quand: {mots: [x]}\n" RULE "    quand: {mots: [x]}\n", "est déjà pris");
	SAYS(HEAD
		"  - id: a\n    titre: A\n    catégorie: critique_politique\n    score: 1\n    quand: {mots: [x]}\n",
		"parole protégée");
}

static void bad_regexes_are_refused(void **state)
{
	(void)state;
	SAYS(HEAD RULE "    quand: {motif: 'abc.*def'}\n", "sans fin", ".{0,40}");
	SAYS(HEAD RULE "    quand: {motif: 'abc[^x]+def'}\n", "sans fin");
	SAYS(HEAD RULE "    quand: {motif: 'abc.{3,}def'}\n", "sans fin");
	SAYS(HEAD RULE "    quand: {motif: '(abc'}\n",
		"incorrecte au caractère 5 : il manque une parenthèse fermante");
	SAYS(HEAD RULE "    quand: {motif: '(*UTF)abc'}\n", "interdits");
	SAYS(HEAD RULE "    quand: {motif: '(?(1)abc|d)'}\n", "conditionnels");
	SAYS(HEAD RULE "    quand: {motif: 'a(?R)?b'}\n", "récursion");
	SAYS(HEAD RULE "    quand: {motif: '(a)(?1)b'}\n", "récursion");
	SAYS(HEAD RULE "    quand: {motif: '(\\w+\\s?)+xyz'}\n", "trop coûteuse");
	SAYS(HEAD RULE "    quand: {motif: \"\\babc\"}\n", "retour arrière");
	SAYS(HEAD RULE "    quand: {motif: 'cœur'}\n", "oe");
}

/* One file is no YAML: what is wrong in the others is said all the same, but not that something is missing which may
 * well stand in it. */
static void a_broken_file_does_not_hide_the_others(void **state)
{
	char *folder = make_folder(HEAD RULE
		"    scor: 3\n    quand: {mots: [$partagee], macro: elus, contexte: {cité: non}}\n    sauf: [{exception: tout}]\n");
	_free_ char *other = xasprintf("%s/casse.yaml", folder),
		    *third = xasprintf("%s/z.yaml", folder);
	struct problems p = {0};
	struct ruleset *r = NULL;
	_buf_ struct buf out = {0};
	struct error e;
	(void)state;
	assert_int_equal(file_write_atomic(other,
				 SLICE("tocsin: 1\npack: q\nlistes: {partagee: [x\n"), 0600, &e),
		0);
	assert_int_equal(
		file_write_atomic(third, SLICE("tocsin: 1\nsurcharge: q\nseuil: 3\n"), 0600, &e),
		0);
	assert_true(ruleset_load(folder, &r, &p) < 0);
	for (size_t i = 0; i < p.n; i++)
		problem_print(&out, &p.list[i], "erreur", "avertissement", "conseil");
	assert_non_null(strstr(buf_string(&out), "casse.yaml:"));
	assert_non_null(strstr(buf_string(&out), "p.yaml:8:5: erreur"));
	assert_non_null(strstr(buf_string(&out), "z.yaml:3:1: erreur"));
	assert_null(strstr(buf_string(&out), "n'existe pas"));
	assert_null(strstr(buf_string(&out), "il n'y a rien"));
	assert_null(strstr(buf_string(&out), "réservées"));
	assert_int_equal(p.n, 3);
	problems_release(&p);
	drop_folder(folder);
}

static void english_and_french_load_alike(void **state)
{
	_buf_ struct buf out = {0};
	(void)state;
	problems_of(
		"tocsin: 1\npack: p\nowner: o\nlists: {l: [x]}\nthresholds: {queue: 3, alert: 7}\ncaps: {spam: 5}\nrules:\n"
		"  - id: a\n    title: A\n    status: live\n    category: spam\n    priority: P4\n    score: 4\n    lane: moderation\n"
		"    when: {any: [{words: $l}, {phrase: y}, {regex: 'abc'}, {contains: z}, {near: {within: 3 words, ordered: true, all: [{words: [a]}, {words: [b]}]}}]}\n"
		"    unless: [{phrase: q}]\n    false_positives: none\n    tests: {match: [x], no_match: [w], todo: [v]}\n"
		"topics:\n  - id: t\n    title: T\n    lane: reply\n    service: s\n    reply: r\n    escalate: e\n    review_by: 2027-06-30\n"
		"    spike: {sensitivity: high}\n    when: {all: [{words: [a]}, {not: {words: [b]}}]}\n",
		&out);
	assert_string_equal(buf_string(&out), "");
	problems_of(
		"tocsin: 1\npack: p\nresponsable: o\nlistes: {l: [x]}\nseuils: {file: 3, alerte: 7}\nplafonds: {spam: 5}\nrègles:\n"
		"  - id: a\n    titre: A\n    statut: active\n    catégorie: spam\n    priorité: P4\n    score: 4\n    voie: modération\n"
		"    quand: {au_choix: [{mots: $l}, {expression: y}, {motif: 'abc'}, {contient: z}, {proche: {distance: 3 mots, dans_cet_ordre: oui, ensemble: [{mots: [a]}, {mots: [b]}]}}]}\n"
		"    sauf: [{expression: q}]\n    faux_positifs: aucun\n    exemples: {oui: [x], non: [w], à_faire: [v]}\n"
		"sujets:\n  - id: t\n    titre: T\n    voie: reponse\n    service: s\n    réponse: r\n    escalade: e\n    revoir_avant: 2027-06-30\n"
		"    pic: {sensibilité: forte}\n    quand: {ensemble: [{mots: [a]}, {sans: {mots: [b]}}]}\n",
		&out);
	assert_string_equal(buf_string(&out), "");
}

static void examples_are_run(void **state)
{
	struct ruleset *r = load(
		"tocsin: 1\npack: p\nrules:\n  - id: a\n    title: A\n    category: spam\n    score: 1\n"
		"    status: draft\n    when: {words: [x]}\n    tests:\n      match: [x, y]\n      no_match: ['un x', z]\n"
		"      todo: [x, w]\n");
	struct ruleset_tests n;
	struct problems p = {0};
	(void)state;
	assert_int_equal(ruleset_test(r, &n, &p), -EINVAL);
	assert_int_equal(n.passed, 2);
	assert_int_equal(n.failed, 2);
	assert_int_equal(n.todo, 2);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.errors, 2);
	assert_int_equal(p.list[0].line, 11);
	assert_int_equal(p.list[0].column, 18);
	assert_non_null(strstr(p.list[0].text, "devait reconnaître : « y »"));
	assert_int_equal(p.list[1].line, 12);
	assert_non_null(strstr(p.list[1].text, "ne devait pas reconnaître"));
	assert_int_equal(p.list[2].severity, PROBLEM_WARNING);
	problems_release(&p);
	ruleset_free(r);
}

static void shared_lists_serve_all_packs(void **state)
{
	_buf_ struct buf out = {0};
	(void)state;
	problems_of(
		"tocsin: 1\npack: p\nlistes: {x: [a]}\nsujets:\n  - {id: t, titre: T, quand: {mots: $ailleurs}}\n",
		&out);
	assert_non_null(strstr(buf_string(&out), "$ailleurs"));
	buf_clear(&out);
	problems_of(
		"tocsin: 1\npack: p\npartagé: oui\nlistes: {ailleurs: [a]}\nsujets:\n  - {id: t, titre: T, quand: {mots: $ailleurs}}\n",
		&out);
	assert_string_equal(buf_string(&out), "");
}

#define LONG_50 "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxy"

/* What is wrong with a term of a list is said of each rule that uses it; and a rule that undoes disguises shares its
 * words with one that does not. */
static void a_list_serves_rules_that_differ(void **state)
{
	struct ruleset *r =
		load("tocsin: 1\npack: p\nlistes: {l: [abruti, nullard]}\nrègles:\n" RULE
		     "    quand: {mots: $l}\n"
		     "  - id: b\n    titre: B\n    catégorie: spam\n    déguisement: non\n"
		     "    quand: {mots: $l}\n"
		     "  - id: c\n    titre: C\n    catégorie: spam\n    quand: {phrase: $l}\n");
	struct scorer *s = scorer_new(r);

	(void)state;
	assert_matches(s, "des abrutis", "a[abrutis] b[abrutis]");
	assert_matches(s, "un nullard", "a[nullard] b[nullard] c[nullard]");
	assert_matches(s, "un n.u.l.l.a.r.d", "a[n.u.l.l.a.r.d] c[n.u.l.l.a.r.d]");
	scorer_free(s);
	ruleset_free(r);
	SAYS("tocsin: 1\npack: p\nlistes: {l: [" LONG_50 LONG_50 LONG_50 LONG_50
	     "x]}\nrègles:\n" RULE "    quand: {mots: $l}\n"
	     "  - id: b\n    titre: B\n    catégorie: spam\n    quand: {mots: $l}\n",
		":8:19: erreur", ":12:19: erreur", "terme de plus de");
}

static void a_missing_folder_is_said(void **state)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	(void)state;
	assert_int_equal(ruleset_load("/nonexistent/rules", &r, &p), -ENOENT);
	assert_int_equal(p.errors, 1);
	assert_null(r);
	problems_release(&p);
}

static void another_ending_is_said(void **state)
{
	char folder[] = "/tmp/tocsin-rules-XXXXXX";
	_free_ char *path = NULL;
	struct problems p = {0};
	struct ruleset *r = NULL;
	struct error e;
	(void)state;
	assert_non_null(mkdtemp(folder));
	path = xasprintf("%s/a.yml", folder);
	assert_int_equal(file_write_atomic(path, SLICE("tocsin: 1\n"), 0600, &e), 0);
	assert_true(ruleset_load(folder, &r, &p) < 0);
	assert_non_null(strstr(p.list[0].hint, ".yaml"));
	problems_release(&p);
	assert_int_equal(file_remove_tree(folder), 0);
}

static void assert_same_names(const struct ruleset *a, const struct ruleset *b)
{
	assert_int_equal(ruleset_count(a), ruleset_count(b));
	for (size_t i = 0; i < ruleset_count(a); i++) {
		struct rule_info one = ruleset_info(a, i), other = ruleset_info(b, i);

		assert_true(slice_equal(one.id, other.id));
		assert_true(slice_equal(one.title, other.title));
		assert_true(slice_equal(one.category, other.category));
		assert_true(slice_equal(one.spike, other.spike));
		assert_int_equal(one.topic, other.topic);
		assert_int_equal(one.status, other.status);
		assert_int_equal(one.expires, other.expires);
		assert_int_equal(one.rate.at_least, other.rate.at_least);
		assert_int_equal(one.rate.within_ms, other.rate.within_ms);
	}
}

/* The shipped packs, and one with what they do not have. */
static void names_alone_are_the_same(void **state)
{
	char *folder = make_folder(
		"tocsin: 1\npack: p\nrègles:\n  - id: a\n    titre: A\n    catégorie: spam\n    expire_le: 2027-06-30\n"
		"    quand: {mots: [x], regex: 'a+b', rythme: {par: auteur, au_moins: 3, en: 1 h}}\n"
		"  - {id: b, titre: B, catégorie: spam, quand: {verbes: [manger]}}\n"
		"sujets:\n  - {id: s, titre: S, pic: {sensibilité: forte}, quand: {mots: [y]}}\n");
	const char *paths[] = {folder, getenv("LANGUAGE")};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct problems p = {0};
		struct ruleset *all = NULL, *names = NULL;

		if (ruleset_load(paths[i], &all, &p) < 0)
			fail_msg("%s", p.list[0].text);
		assert_int_equal(ruleset_load_names(paths[i], &names, &p), 0);
		assert_same_names(names, all);
		assert_true(ruleset_count(all) >= 3);
		ruleset_free(all);
		ruleset_free(names);
		problems_release(&p);
	}
	struct problems p = {0};
	struct ruleset *none = NULL;

	assert_int_equal(ruleset_load_names("/nonexistent/rules", &none, &p), -ENOENT);
	problems_release(&p);
	drop_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_problems_come_at_once),
		cmocka_unit_test(mistakes_in_conditions_have_places),
		cmocka_unit_test(mistakes_in_headers_have_places),
		cmocka_unit_test(bad_regexes_are_refused),
		cmocka_unit_test(a_broken_file_does_not_hide_the_others),
		cmocka_unit_test(english_and_french_load_alike),
		cmocka_unit_test(examples_are_run),
		cmocka_unit_test(shared_lists_serve_all_packs),
		cmocka_unit_test(a_list_serves_rules_that_differ),
		cmocka_unit_test(a_missing_folder_is_said),
		cmocka_unit_test(another_ending_is_said),
		cmocka_unit_test(names_alone_are_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
