/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is no error but doubtful: each lint fires where it should, stays silent where it should, and can be accepted. */
#include "testing.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>

#define HEAD "tocsin: 1\npack: p\nrègles:\n"
#define RULE(id) "  - id: " id "\n    titre: A\n    catégorie: spam\n"
/* A rule that no other lint finds fault with. */
#define ONE(id, when) \
	RULE(id) "    quand: " when "\n    faux_positifs: x\n    exemples: {oui: [a], non: [b]}\n"

/* A dictionary of a few words, as a bundle carries it. */
static void write_dictionary(const char *folder)
{
	_free_ char *path = xasprintf("%s/formes.bin", folder);
	_buf_ struct buf packed = {0};
	struct inflect *words;
	struct error e;
	assert_int_equal(
		inflect_open_text(SLICE("SET UTF-8\n"),
			SLICE("10\nconseil po:nom\ncontrat po:nom\nconcert po:nom\nconcours po:nom\n"
			      "conduire\ncon po:nom\nrécon po:nom\nmarie-salope po:nom\nsalope po:nom\ntasse po:nom\n"),
			&words, &e),
		0);
	assert_int_equal(inflect_pack(words, &packed, &e), 0);
	inflect_close(words);
	assert_int_equal(file_write_atomic(path, buf_slice(&packed), 0600, &e), 0);
}

static int64_t at(const char *when)
{
	int64_t ms;
	assert_int_equal(clock_parse(slice_of(when), &ms), 0);
	return ms;
}

static void lints_of(const char *pack, struct buf *out)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(pack);
	write_dictionary(folder);
	buf_clear(out);
	if (ruleset_check(folder, at("2026-06-01T12:00:00Z"), &r, &p) < 0)
		buf_add_string(out, "refused: ");
	for (size_t i = 0; i < p.n; i++)
		problem_print(out, &p.list[i], "erreur", "avertissement", "conseil");
	ruleset_free(r);
	problems_release(&p);
	drop_folder(folder);
}

static void assert_lint(const char *pack, const char *said)
{
	_buf_ struct buf out = {0};
	lints_of(pack, &out);
	if (said ? !strstr(buf_string(&out), said) : out.n > 0)
		fail_msg("« %s » is not what is said of\n%s\nbut:\n%s", said ? said : "nothing",
			pack, buf_string(&out));
}

static void words_of_the_dictionary(void **state)
{
	(void)state;
	assert_lint(HEAD ONE("a", "{motif: '\\bcon'}"),
		":7:20: avertissement: « \\bcon » reconnaît aussi 6 mots du dictionnaire : ");
	assert_lint(HEAD ONE("a", "{motif: '\\bcon'}"), "concert");
	assert_lint(HEAD ONE("a", "{contient: [con]}"), "« con » reconnaît aussi 6 mots");
	/* guarded: still, the expression is not what its author thinks */
	assert_lint(HEAD ONE("a", "{proche: {ensemble: [{contient: [con]}, {mots: [maire]}]}}"),
		"« con » reconnaît aussi 6 mots");
	assert_lint(HEAD ONE("a", "{mots: [concert]}"), NULL);
	assert_lint(HEAD ONE("a", "{mots: [salope]}"),
		"reconnaît aussi 1 mot du dictionnaire : marie-salope");
	assert_lint(
		HEAD RULE("a") "    quand: {mots: [salope]}\n    sauf: [{mots: [marie-salope]}]\n"
			       "    faux_positifs: x\n    exemples: {oui: [salope], non: [b]}\n",
		NULL);
	/* what the examples say yes to is meant */
	assert_lint(
		HEAD RULE(
			"a") "    quand: {motif: '\\bcont'}\n    faux_positifs: x\n"
			     "    exemples: {oui: [un contrat], non: [b]}\n    admis: {communes: x}\n",
		NULL);
	assert_lint(HEAD ONE("a", "{mots: [tass]}"), "« tass » n'est pas au dictionnaire");
	assert_lint(HEAD ONE("a", "{mots: [tass]}"), "« tasse »");
	/* the examples shown begin with what was found, nouns first */
	assert_lint(HEAD ONE("a", "{contient: [con]}"), "du dictionnaire : con");
	assert_lint(HEAD ONE("a", "{expression: [tass]}"), NULL);
}

static void names_of_communes(void **state)
{
	(void)state;
	assert_lint(HEAD ONE("a", "{mots: [condom]}"),
		"« condom » reconnaît aussi 2 noms de commune : Condom, Condom-d'Aubrac");
	assert_lint(HEAD ONE("a", "{mots: [andouillé]}"), "Andouillé");
	/* what stands around the name is not the name */
	assert_lint(HEAD ONE("a", "{mots: [habiter, depuis]}"), NULL);
	assert_lint(
		HEAD RULE("a") "    quand: {mots: [condom]}\n    sauf: [{expression: habite à}]\n"
			       "    faux_positifs: x\n    exemples: {oui: [condom], non: [b]}\n",
		NULL);
	assert_lint(
		HEAD ONE("a", "{mots: [condom], proche: {ensemble: [{mots: [x]}, {mots: [y]}]}}"),
		NULL);
	assert_lint(
		HEAD RULE(
			"a") "    quand: {mots: [condom]}\n    admis: {communes: elle vend de l'armagnac}\n"
			     "    faux_positifs: x\n    exemples: {oui: [condom], non: [b]}\n",
		NULL);
}

static void rules_that_never_match(void **state)
{
	static const char *const never[] = {"{mots: [x, y]}, sauf: [{mots: [y, x]}]",
		"{proche: {ensemble: [{mots: [x]}, {mots: [y]}]}}, sauf: [{mots: [z]}, {mots: [y]}]",
		"{mots: [x], sans: {mots: [x]}}",
		"{mots: [x], source: [a], ensemble: [{source: [b]}, {mots: [y]}]}",
		"{ensemble: [{mots: [x]}, {source: a}, {source: b}]}",
		"{ensemble: [{mots: [x]}, {source: a}, {sans: {source: [a, b]}}]}"};
	static const char *const sometimes[] = {"{mots: [x, y]}, sauf: [{mots: [x, z]}]",
		"{mots: [x], sans: {mots: [y]}}",
		"{ensemble: [{mots: [x]}, {source: [a, b]}, {source: [b]}]}",
		"{ensemble: [{mots: [x]}, {source: [a, b]}, {sans: {source: a}}]}",
		"{ensemble: [{mots: [x]}, {mots: [y]}]}, sauf: [{mots: [y]}]",
		"{expression: [x]}, sauf: [{contient: [xx]}]"};
	(void)state;
	for (size_t i = 0; i < 2 * sizeof(never) / sizeof(*never); i++) {
		bool is = i < sizeof(never) / sizeof(*never);
		_free_ char *pack = xasprintf(HEAD
			"  - {id: a, titre: A, catégorie: spam, faux_positifs: x, exemples: {oui: [a], non: [b]}, quand: %s}\n",
			is ? never[i] : sometimes[i - sizeof(never) / sizeof(*never)]);
		_buf_ struct buf out = {0};
		lints_of(pack, &out);
		if (!!strstr(buf_string(&out), "ne reconnaît jamais rien") != is)
			fail_msg("%s\n%s", pack, buf_string(&out));
	}
	assert_lint(
		HEAD RULE(
			"a") "    quand: {expression: [sale temps, sale con]}\n    sauf: [{mots: [temps]}]\n"
			     "    faux_positifs: x\n    exemples: {oui: [sale con], non: [b]}\n",
		":7:25: avertissement: « a » ne reconnaît jamais « sale temps »");
}

static void rules_that_say_the_same(void **state)
{
	(void)state;
	assert_lint(HEAD ONE("a", "{mots: [x, qq]}") ONE("b", "{au_choix: [{mots: [qq, x, x]}]}"),
		":10:5: avertissement: « b » a la même condition que « a » (");
	assert_lint("tocsin: 1\npack: p\nlistes: {l: [x, qq]}\nrègles:\n" ONE(
			    "a", "{mots: [x, qq]}") ONE("b", "{mots: $l}"),
		"« b » a la même condition");
	assert_lint(HEAD ONE("a", "{mots: [x, qq]}") ONE("b", "{expression: [x, qq]}"), NULL);
	assert_lint(HEAD ONE("a", "{mots: [x]}") ONE("b", "{mots: [x], source: [a]}"), NULL);
	assert_lint(HEAD ONE("a", "{mots: [x]}")
			    RULE("b") "    statut: retirée\n    quand: {mots: [x]}\n",
		NULL);
}

static void what_is_missing_or_late(void **state)
{
	(void)state;
	assert_lint(HEAD RULE("a") "    quand: {mots: [x]}\n", "« a » n'a pas d'exemples");
	assert_lint(HEAD RULE("a") "    quand: {mots: [x]}\n",
		"« a » ne dit pas ce qui pourrait la tromper");
	assert_lint(
		HEAD RULE("a") "    quand: {mots: [x]}\n    exemples: {oui: [x], à_faire: [y]}\n",
		"n'a pas d'exemple « non »");
	assert_lint(HEAD RULE("a") "    quand: {mots: [x]}\n    exemples: {non: [x]}\n",
		"n'a pas d'exemple « oui »");
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    expire_le: 2026-06-01\n", "a expiré");
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    expire_le: 2026-06-02\n", NULL);
	assert_lint(
		HEAD ONE("a", "{mots: [x]}") "    revoir_avant: 2026-05-31\n", "devait être relue");
	assert_lint(
		"tocsin: 1\npack: p\nlistes: {servie: [x], perdue: [y]}\nmacros: {m: {mots: [z]}}\n"
		"exceptions: {e: {mots: [z]}}\nrègles:\n" ONE("a", "{mots: $servie}"),
		":3:23: avertissement: la liste « perdue » ne sert à aucune règle");
	assert_lint(
		"tocsin: 1\npack: p\nmacros: {m: {mots: [z]}}\nrègles:\n" ONE("a", "{mots: [x]}"),
		"la macro « m » ne sert");
	assert_lint("tocsin: 1\npack: p\npartagé: oui\nlistes: {perdue: [y]}\nrègles:\n" ONE(
			    "a", "{mots: [x]}"),
		NULL);
}

static void expressions_that_run_everywhere(void **state)
{
	(void)state;
	assert_lint(HEAD ONE("a", "{au_choix: [{motif: '\\d{4}'}, {motif: 'abcd\\d'}]}"),
		":7:32: avertissement: l'expression « \\d{4} » n'a pas de mot obligatoire");
	assert_lint(HEAD ONE("a", "{motif: 'abcd\\d'}"), NULL);
	assert_lint(HEAD ONE("a", "{motif: '\\d{4}'}") "    admis: {coût: un numéro}\n", NULL);
}

static void reasons(void **state)
{
	(void)state;
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    admis: {coût: un numéro}\n",
		":10:12: avertissement: « coût » n'a plus lieu d'être");
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    admis: {cout: un numéro}\n",
		"clé inconnue « cout »");
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    admis: {coût: ''}\n", "refused");
	assert_lint(HEAD ONE("a", "{mots: [x]}") "    admis: oui\n", "« admis » est une table");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_the_dictionary),
		cmocka_unit_test(names_of_communes),
		cmocka_unit_test(rules_that_never_match),
		cmocka_unit_test(rules_that_say_the_same),
		cmocka_unit_test(what_is_missing_or_late),
		cmocka_unit_test(expressions_that_run_everywhere),
		cmocka_unit_test(reasons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
