/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which rule names a person, and what it then needs: a mandate, a reason, a jurist's signature below this very condition. */
#include "testing.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>
#include <tocsin/rules/nominative.h>

#define HEAD \
	"tocsin: 1\npaquet: p\npartagé: oui\nlistes:\n  elus_noms: [Hautecloque, Petit, le maire]\n  elus: [maire, $elus_noms]\n" \
	"  majorite: [Hautecloque]\n" \
	"personnes:\n  brezolles: {noms: [Jeanne Brézolles, Brézolles], mandat: conseillère municipale}\n" \
	"macros:\n  la_dame: {mots: $brezolles}\n"
#define TOPIC(when, more) \
	HEAD "sujets:\n  - id: s\n    titre: Sujet\n" more "    quand: " when "\n" \
	     "    exemples: {oui: [xx], non: [yy]}\n"
#define RULE(when, more) \
	HEAD "règles:\n  - id: r\n    titre: Règle\n    catégorie: injure_publique\n    score: 5\n" more \
	     "    quand: " when "\n    faux_positifs: x\n    exemples: {oui: [xx], non: [yy]}\n"

static int64_t noon(void)
{
	int64_t ms;
	assert_int_equal(clock_parse(SLICE("2026-06-01T12:00:00Z"), &ms), 0);
	return ms;
}

/* A dictionary in which « petit » is a word. */
static void write_dictionary(const char *folder)
{
	_free_ char *path = xasprintf("%s/formes.bin", folder);
	_buf_ struct buf packed = {0};
	struct inflect *words;
	struct error e;
	assert_int_equal(inflect_open_text(SLICE("SET UTF-8\n"),
				 SLICE("2\npetit po:nom\nmaire po:nom\n"), &words, &e),
		0);
	assert_int_equal(inflect_pack(words, &packed, &e), 0);
	inflect_close(words);
	assert_int_equal(file_write_atomic(path, buf_slice(&packed), 0600, &e), 0);
}

static void checked(const char *pack, struct buf *out)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(pack);
	write_dictionary(folder);
	const int status = ruleset_check(folder, noon(), &r, &p);
	for (size_t i = 0; i < p.n; i++)
		problem_print(out, &p.list[i], "erreur", "avertissement", "conseil");
	assert_int_equal(status == 0, p.errors == 0);
	ruleset_free(r);
	problems_release(&p);
	drop_folder(folder);
}

static void says(const char *pack, const char *said)
{
	_buf_ struct buf out = {0};
	checked(pack, &out);
	if (said ? !strstr(buf_string(&out), said) : strstr(buf_string(&out), "nomme") != NULL)
		fail_msg("« %s » is not what is said of\n%s\nbut:\n%s", said ? said : "nothing",
			pack, buf_string(&out));
}

static void is_named_by(const char *when)
{
	_free_ char *pack = xasprintf(TOPIC("%s", ""), when);
	_free_ char *rule = xasprintf(RULE("%s", ""), when);
	says(pack, "erreur: « s » nomme Jeanne Brézolles, sans juriste qui signe");
	says(rule, "erreur: « r » nomme Jeanne Brézolles, sans juriste qui signe");
}

static void a_declared_person_is_named(void **state)
{
	(void)state;
	static const char *const ways[] = {"{mots: $brezolles}", "{mots: [un, deux, $brezolles]}",
		"{macro: la_dame}", "{expression: \"la jeanne BREZOLLES du conseil\"}",
		"{proche: {ensemble: [{mots: [un]}, {mots: [Brézolles]}]}}",
		"{ensemble: [{mots: [un]}, {sans: {macro: la_dame}}]}",
		"{motif: '\\b[Bb]rézolles\\b'}", "{contient: ['M. Brézolles']}",
		"{compte: {au_moins: 1, de: {au_choix: [{mots: [un]}, {macro: la_dame}]}}}",
		"{indices: {au_moins: 2, de: [{vaut: 1, quand: {mots: [un]}}, {vaut: 1, quand: {macro: la_dame}}]}}"};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		is_named_by(ways[i]);
	says(TOPIC("{mots: [un]}", "    sauf: {macro: la_dame}\n"), "nomme Jeanne Brézolles");
	says(HEAD "sujets:\n  - id: s\n    titre: Ce que dit Brézolles\n    quand: {mots: [un]}\n",
		":13:5: erreur: « s » nomme Jeanne Brézolles, sans motif");
}

static void functions_and_words_are_nobody(void **state)
{
	(void)state;
	says(TOPIC("{mots: [maire, le maire, conseillère municipale]}", ""), NULL);
	/* a name that is a word, in small letters */
	says(TOPIC("{mots: [petit, un petit]}", ""), NULL);
	says(TOPIC("{mots: [Petit]}", ""), "nomme Petit, sans mandat public déclaré");
	/* … and one that is none */
	says(TOPIC("{mots: [hautecloque]}", ""), "nomme Hautecloque, sans mandat public déclaré");
	says(TOPIC("{mots: [rue Petit]}", "    admis: {personne: la rue Petit}\n"), NULL);
	says(TOPIC("{mots: [rue Petit]}", "    admis: {personne: ''}\n"), "la raison manque");
}

/* Who says what is in force without a signature sees what a publication is refused for. */
static void what_lacks_a_signature_is_listed(void **state)
{
	(void)state;
	_buf_ struct buf ids = {0};
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(HEAD
		"sujets:\n  - {id: a, titre: A, quand: {mots: [hautecloque]}}\n"
		"  - {id: b, titre: B, quand: {mots: [petit]}}\n  - {id: c, titre: C, quand: {mots: [Petit]}}\n"
		"  - {id: d, titre: D, statut: brouillon, quand: {mots: [Petit]}}\n");
	write_dictionary(folder);
	assert_int_equal(ruleset_load_persons(folder, &r, &p), 0);
	nominative_unsigned(r, noon(), &ids);
	assert_string_equal(buf_string(&ids), "a, c");
	ruleset_free(r);
	problems_release(&p);
	drop_folder(folder);
}

/* What protects all elected officials alike is about none of them; what only counts what is said of them is. */
static void all_alike_or_followed(void **state)
{
	(void)state;
	says(RULE("{mots: $elus}", ""), NULL);
	says(RULE("{mots: $elus}", "    sauf: [{mots: $elus_noms}]\n"), NULL);
	says(RULE("{mots: $majorite}", ""), "« r » nomme Hautecloque, sans mandat");
	says(RULE("{mots: [$elus, Hautecloque]}", ""), "« r » nomme Hautecloque, sans mandat");
	says(TOPIC("{mots: $elus}", "    statut: observation\n"), NULL);
	says(TOPIC("{mots: $elus}", ""), "« s » nomme les élus, par leur nom, sans juriste");
	says(HEAD
		"règles:\n  - {id: r, titre: R, catégorie: critique_politique, quand: {mots: $elus}}\n",
		"« r » nomme les élus, par leur nom");
	says("tocsin: 1\npaquet: p\npartagé: oui\nlistes:\n  elus_noms: [Hautecloque, le maire]\n",
		":5:3: avertissement: « elus_noms » ne nomme qu'une personne");
}

static void a_person_has_a_mandate(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	problems_of(
		"tocsin: 1\npaquet: p\npersonnes:\n  martin: {noms: [Martin]}\n  petit: {mandat: maire}\n"
		"  paul: Paul\n  anne: {nom: Anne, mandat: maire}\n",
		&out);
	assert_non_null(
		strstr(buf_string(&out), ":4:3: erreur: le mandat public de « martin » manque"));
	assert_non_null(strstr(buf_string(&out), ":5:10: erreur: ses noms manquent"));
	assert_non_null(
		strstr(buf_string(&out), ":6:9: erreur: une personne a des noms et un mandat"));
	assert_non_null(strstr(buf_string(&out), "« noms »"));
	buf_clear(&out);
	problems_of("tocsin: 1\npaquet: p\npersonnes: [Martin]\n", &out);
	assert_non_null(strstr(buf_string(&out), "une table"));
}

/* The seal that is asked for. */
static void seal_of_pack(const char *pack, char ret[static SEAL_TEXT])
{
	struct ruleset *r = load(pack);
	const struct rule_nominative *n = ruleset_nominative(r, 0);
	assert_non_null(n);
	assert_int_equal(strlen(n->due), SEAL_TEXT - 1);
	memcpy(ret, n->due, SEAL_TEXT);
	ruleset_free(r);
}

#define SIGNED "    nominatif: {motif: le chantier, juriste: aubry, signé_le: %s, sceau: %s}\n"

static void a_signature_holds_for_what_was_signed(void **state)
{
	(void)state;
	char seal[SEAL_TEXT];
	seal_of_pack(TOPIC("{mots: [un, $brezolles]}", ""), seal);
	_free_ char *good =
		xasprintf(TOPIC("{mots: [un, $brezolles]}", SIGNED), "2026-05-02", seal);
	_free_ char *today =
		xasprintf(TOPIC("{mots: [un, $brezolles]}", SIGNED), "2026-06-01", seal);
	_free_ char *future =
		xasprintf(TOPIC("{mots: [un, $brezolles]}", SIGNED), "2026-06-03", seal);
	_free_ char *other =
		xasprintf(TOPIC("{mots: [un, deux, $brezolles]}", SIGNED), "2026-05-02", seal);
	_free_ char *unsealed =
		xasprintf(TOPIC("{mots: [$brezolles]}", SIGNED), "2026-05-02", "''");
	says(good, NULL);
	says(today, NULL);
	says(future, "mais sa signature est datée de l'avenir");
	says(other, "mais a changé depuis la signature");
	says(unsealed, "sans sceau de ce qui est signé");
	says(TOPIC("{mots: [$brezolles]}", "    nominatif: {motif: x}\n"),
		":15:16: erreur: « s » nomme");
	says(TOPIC("{mots: [$brezolles]}", "    nominatif: oui\n"), "une signature");
	says(TOPIC("{mots: [$brezolles]}", "    nominatif: {raison: x}\n"), "« raison »");
	says(TOPIC("{mots: [un]}",
		     "    nominatif: {motif: x, juriste: a, signé_le: 2026-01-01, sceau: x}\n"),
		"ne nomme aucune personne connue");
}

/* However it is spelt. */
static void a_seal_is_of_the_meaning(void **state)
{
	(void)state;
	char seal[SEAL_TEXT], other[SEAL_TEXT];
	seal_of_pack(
		TOPIC("{proche: {distance: 3 mots, dans_cet_ordre: oui, ensemble: [{mots: [un]}, {macro: la_dame}]}}",
			""),
		seal);
	static const char *const same[] = {
		TOPIC("{near: {within: 3, ordered: yes, all: [{words: ['un']}, {macro: la_dame}]}}",
			"    status: shadow\n"),
		TOPIC("{proche: {distance: 3 words, dans_cet_ordre: vrai, ensemble: [{mots: [un]}, {macro: la_dame}]}}",
			"    réponse: x\n")};
	static const char *const different[] = {
		TOPIC("{proche: {distance: 4 mots, dans_cet_ordre: oui, ensemble: [{mots: [un]}, {macro: la_dame}]}}",
			""),
		TOPIC("{proche: {distance: 3 mots, dans_cet_ordre: non, ensemble: [{mots: [un]}, {macro: la_dame}]}}",
			""),
		TOPIC("{proche: {distance: 3 mots, dans_cet_ordre: oui, ensemble: [{expression: [un]}, {macro: la_dame}]}}",
			""),
		TOPIC("{proche: {distance: 3 mots, dans_cet_ordre: oui, ensemble: [{mots: [un]}, {mots: $brezolles}]}}",
			""),
		TOPIC("{proche: {distance: 3 mots, dans_cet_ordre: oui, ensemble: [{mots: [un]}, {macro: la_dame}]}}",
			"    sauf: {mots: [trois]}\n")};
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		seal_of_pack(same[i], other);
		assert_string_equal(seal, other);
	}
	for (size_t i = 0; i < sizeof(different) / sizeof(*different); i++) {
		seal_of_pack(different[i], other);
		assert_string_not_equal(seal, other);
	}
}

/* What scores does not change, and what is in force stays. */
static void nothing_is_refused_when_loaded(void **state)
{
	(void)state;
	struct ruleset *r = load(RULE("{mots: $brezolles}", ""));
	struct scorer *s = scorer_new(r);
	assert_matches(s, "Ah, Brézolles !", "r[Brézolles]");
	const struct rule_nominative *n = ruleset_nominative(r, 0);
	assert_int_equal(n->n, 1);
	assert_true(slice_is(n->persons[0].name, "Jeanne Brézolles"));
	assert_true(slice_is(n->persons[0].mandate, "conseillère municipale"));
	assert_int_equal(
		nominative_lacks(n, noon()), LACKS_REASON | LACKS_JURIST | LACKS_DATE | LACKS_SEAL);
	scorer_free(s);
	ruleset_free(r);
	/* a draft names nobody yet: a jurist can read it before it is heard */
	says(RULE("{mots: $brezolles}", "    statut: brouillon\n"), "avertissement: « r » nomme");
	says(RULE("{mots: $brezolles}", "    statut: retirée\n"), NULL);
}

/* Lists and macros that hold themselves are refused, and cost nothing. */
static void hostile_lists_end(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	problems_of(
		"tocsin: 1\npaquet: p\nlistes:\n  elus_noms: [$a, $a, $a, $a, $a, $a, $a, $a, Paul]\n"
		"  a: [$elus_noms, $a, $a, $a, $a, $a, $a, $a, $a]\n"
		"personnes: {p: {noms: [$p, $a, Paul], mandat: maire}}\n"
		"sujets:\n  - {id: s, titre: S, quand: {mots: [$a, $p, Paul]}}\n",
		&out);
	assert_non_null(strstr(buf_string(&out), "se contiennent l'une l'autre"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_declared_person_is_named),
		cmocka_unit_test(functions_and_words_are_nobody),
		cmocka_unit_test(what_lacks_a_signature_is_listed),
		cmocka_unit_test(all_alike_or_followed),
		cmocka_unit_test(a_person_has_a_mandate),
		cmocka_unit_test(a_signature_holds_for_what_was_signed),
		cmocka_unit_test(a_seal_is_of_the_meaning),
		cmocka_unit_test(nothing_is_refused_when_loaded),
		cmocka_unit_test(hostile_lists_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
