/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions that have a name, count, or look at more than the text; status, dates and rates. */
#include "testing.h"
#include <stdlib.h>
#include <tocsin/inflect/inflect.h>
#include <unistd.h>

#define HEAD "tocsin: 1\npaquet: p\n"
#define RULE "règles:\n  - id: r\n    titre: R\n    catégorie: injure_publique\n    score: 5\n"

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

struct expectation {
	const char *text, *matches;
};
static void check(const char *pack, const struct expectation *list)
{
	struct ruleset *r = load(pack);
	struct scorer *s = scorer_new(r);
	for (; list->text; list++)
		assert_matches(s, list->text, list->matches);
	scorer_free(s);
	ruleset_free(r);
}
#define CHECK(pack, ...) check(pack, (const struct expectation[]){__VA_ARGS__, {NULL, NULL}})

static void macros_and_exceptions_have_names(void **state)
{
	(void)state;
	CHECK(HEAD
		"listes: {l: [un, deux]}\n"
		"macros:\n  chiffre: {mots: $l}\n  double: {proche: {distance: 1 mot, ensemble: [{macro: chiffre}, {mots: [fois]}]}}\n"
		"exceptions: {cirque: [{mots: [cirque]}, {mots: [foire]}]}\n" RULE
		"    quand: {au_choix: [{macro: double}, {mots: [trois]}]}\n    sauf: [{exception: cirque}]\n"
		"  - id: s\n    titre: S\n    catégorie: spam\n    quand: {macro: chiffre}\n",
		{"un fois", "r[un fois] s[un]"}, {"trois", "r[trois]"}, {"trois à la foire", ""},
		{"cirque, deux", "s[deux]"});
	SAYS(HEAD "macros: {chiffre: {mots: [un]}}\n" RULE "    quand: {macro: chifre}\n",
		":9:20: erreur: la macro « chifre » n'existe pas", "« chiffre »");
	SAYS(HEAD RULE "    quand: {macro: x}\n", "sous « macros »");
	SAYS(HEAD "exceptions: {e: {mots: [x]}}\n" RULE "    quand: {exception: e}\n",
		"ne s'emploie que dans « sauf »", "macros");
	SAYS(HEAD RULE "    quand: {mots: [x]}\n    sauf: {exception: e}\n",
		"l'exception « e » n'existe pas");
	SAYS(HEAD "macros: {a: {macro: b}, b: {macro: a}}\n" RULE "    quand: {macro: a}\n",
		"se contenir elle-même");
	SAYS(HEAD "macros: [x]\n" RULE "    quand: {mots: [x]}\n", "une table est attendue");
}

/* A macro's mistake is the macro's: said there, and once, however often it is used. */
static void a_macro_is_wrong_once(void **state)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(HEAD "macros: {m: {mot: [x]}}\n" RULE
					"    quand: {au_choix: [{macro: m}, {macro: m}]}\n");
	(void)state;
	assert_int_equal(ruleset_load(folder, &r, &p), -EINVAL);
	assert_int_equal(p.errors, 1);
	assert_int_equal(p.list[0].line, 3);
	assert_int_equal(p.list[0].column, 14);
	problems_release(&p);
	drop_folder(folder);
}

/* Lists and macros multiply: a few lines must not become millions of conditions. */
static void bombs_are_refused(void **state)
{
	_buf_ struct buf pack = {0};
	(void)state;
	buf_add_string(&pack, HEAD "macros:\n  m0: {mots: [x]}\n");
	for (int i = 1; i < 6; i++)
		buf_printf(&pack,
			"  m%d: [{macro: m%d}, {macro: m%d}, {macro: m%d}, {macro: m%d}, {macro: m%d}, {macro: m%d}]\n",
			i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	buf_add_string(&pack, RULE "    quand: {macro: m5}\n");
	SAYS(buf_string(&pack), "plus de 2000 conditions dans une règle");
	buf_clear(&pack);
	buf_add_string(&pack, HEAD "listes:\n  l0: [x, y, z]\n");
	for (int i = 1; i < 4; i++) {
		buf_printf(&pack, "  l%d: [$l%d", i, i - 1);
		for (int k = 0; k < 40; k++)
			buf_printf(&pack, ", $l%d", i - 1);
		buf_add_string(&pack, "]\n");
	}
	buf_add_string(&pack, RULE "    quand: {mots: $l3}\n");
	SAYS(buf_string(&pack), "plus de 100000 mots dans une règle");
}

static void matches_are_counted(void **state)
{
	(void)state;
	CHECK(HEAD RULE "    quand: {compte: {au_moins: 3, de: {mots: [a, b]}}}\n", {"a b", ""},
		{"a b a", "r[a] r[b] r[a]"}, {"a a a a", "r[a] r[a] r[a] r[a]"});
	CHECK(HEAD RULE "    quand: {compte: {au_moins: 2, distincts: oui, de: {mots: [a, b]}}}\n",
		{"a a a", ""}, {"a A", ""}, {"a b", "r[a] r[b]"});
	CHECK(HEAD RULE "    quand: {compte: {au_plus: 2, de: {mots: [a]}}, mots: [z]}\n",
		{"z", ""}, {"z a a", "r[z] r[a] r[a]"}, {"z a a a", ""});
	CHECK(HEAD RULE
		"    quand: {compte: {au_moins: 2, de: {au_choix: [{mots: [con]}, {mots: [gros con]}]}}}\n",
		{"gros con", ""}, {"gros con, con", "r[gros con] r[con]"});
	SAYS(HEAD RULE "    quand: {compte: 3}\n", "« compte » est une table");
	SAYS(HEAD RULE "    quand: {compte: {au_moins: 3}}\n", "de quoi");
	SAYS(HEAD RULE "    quand: {compte: {au_moins: 3, au_plus: 2, de: {mots: [x]}}}\n",
		"plus petit");
	SAYS(HEAD RULE "    quand: {compte: {au_moins: 0, de: {mots: [x]}}}\n", "entre 1 et");
	SAYS(HEAD RULE "    quand: {compte: {de: {sans: {mots: [x]}}}}\n", "rien à compter");
}

#define CLUES \
	"    quand: {indices: {au_moins: 5, distance: 4 mots, de: [{vaut: 3, quand: {mots: [a]}}, " \
	"{vaut: 2, quand: {mots: [b, c]}}, {vaut: 1, quand: {mots: [d]}}, " \
	"{vaut: -2, quand: {mots: [merci]}}]}}\n"

static void clues_add_up(void **state)
{
	(void)state;
	/* each once, in any order, and what speaks against it wherever it stands */
	CHECK(HEAD RULE CLUES, {"a", ""}, {"a a a", ""}, {"b c d", ""}, {"a x b", "r[a x b]"},
		{"b a", "r[b a]"}, {"a b. Merci", ""}, {"merci, a d", ""});
	CHECK(HEAD RULE CLUES, {"a x x x x b", "r[a x x x x b]"}, {"a x x x x x b", ""},
		{"a x x x x x x a b", "r[a b]"}, {"a x x x x x b a", "r[b a]"});
	/* the commonest clue sleeps, and still counts */
	CHECK(HEAD RULE "    quand: {indices: {au_moins: 4, de: [{vaut: 3, quand: {mots: [le]}}, "
			"{vaut: 1, quand: {mots: [zouave]}}]}}\n",
		{"le", ""}, {"zouave", ""}, {"le zouave", "r[le zouave]"},
		{"zouave, le", "r[zouave, le]"});
	CHECK(HEAD RULE "    quand: {indices: {au_moins: 2, de: [{vaut: 1, quand: {mots: [a]}}, "
			"{vaut: 1, quand: {compte: {au_moins: 2, de: {mots: [a]}}}}]}}\n",
		{"a", ""}, {"a a", "r[a]"});
	SAYS(HEAD RULE "    quand: {indices: 3}\n", "combien de points");
	SAYS(HEAD RULE "    quand: {indices: {de: [{vaut: 1, quand: {mots: [a]}}, {vaut: 1, "
		       "quand: {mots: [b]}}]}}\n",
		"combien de points");
	SAYS(HEAD RULE "    quand: {indices: {au_moins: 2, de: [{vaut: 1, quand: {mots: [a]}}]}}\n",
		"de 2 à 64 indices");
	SAYS(HEAD RULE "    quand: {indices: {au_moins: 2, de: [{quand: {mots: [a]}}, {vaut: 1, "
		       "quand: {mots: [b]}}]}}\n",
		"ce qu'il vaut");
	SAYS(HEAD RULE
		"    quand: {indices: {au_moins: 2, de: [a, {vaut: 1, quand: {mots: [b]}}]}}\n",
		"un indice est une table");
	SAYS(HEAD RULE "    quand: {indices: {au_moins: 9, de: [{vaut: 1, quand: {mots: [a]}}, "
		       "{vaut: 2, quand: {mots: [b]}}]}}\n",
		"que 3 points");
	SAYS(HEAD RULE "    quand: {indices: {au_moins: 1, de: [{vaut: 11, quand: {mots: [a]}}, "
		       "{vaut: 2, quand: {mots: [b]}}]}}\n",
		"entre -10 et 10");
	SAYS(HEAD RULE
		"    quand: {indices: {au_moins: 2, de: [{vaut: 1, quand: {sans: {mots: [a]}}}, "
		"{vaut: 2, quand: {mots: [b]}}]}}\n",
		"pas de place");
}

static const struct verdict *score_comment(struct scorer *s, struct comment c)
{
	static struct verdict v;
	c.id = SLICE("1");
	scorer_score(s, &c, &v);
	return &v;
}

static void fields_of_the_comment(void **state)
{
	struct ruleset *r = load(HEAD
		"listes: {comptes_officiels: ['@mairie', '@adjointe'], reseaux: [facebook, x]}\n" RULE
		"    quand: {mots: [a], source: $reseaux}\n"
		"  - {id: f, titre: F, catégorie: spam, quand: {mots: [a], fil: post-12, langue: [fr, br]}}\n"
		"  - {id: o, titre: O, catégorie: spam, quand: {mots: [a], auteur: $comptes_officiels}}\n"
		"  - {id: n, titre: N, catégorie: spam, quand: {mots: [a], sans: {auteur: ['@mairie']}}}\n");
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_int_equal(
		score_comment(s, (struct comment){.text = SLICE("a"), .source = SLICE("facebook")})
			->score,
		500);
	assert_int_equal(
		score_comment(s, (struct comment){.text = SLICE("a"), .source = SLICE("mail")})
			->score,
		0);
	assert_int_equal(score_comment(s,
				 (struct comment){.text = SLICE("a"),
					 .thread = SLICE("post-12"),
					 .lang = SLICE("br")})
				 ->n_matches,
		2);
	assert_int_equal(
		score_comment(s, (struct comment){.text = SLICE("a"), .author = SLICE("@mairie")})
			->n_matches,
		1);
	scorer_free(s);
	ruleset_free(r);
	SAYS(HEAD RULE "    quand: {mots: [a], auteur: ['@jean']}\n",
		"« comptes_officiels » manque");
	SAYS(HEAD "listes: {comptes_officiels: ['@mairie']}\n" RULE
		  "    quand: {mots: [a], auteur: ['@jean']}\n",
		"« @jean » n'est pas un compte officiel", "ne suit pas un habitant");
	SAYS(HEAD RULE "    quand: {source: facebook}\n", "quelque chose à trouver");
	SAYS(HEAD RULE "    quand: {mots: [a], source: []}\n", "la liste est vide");
	SAYS(HEAD RULE "    quand: {mots: [a], source: {x: y}}\n", "une liste de valeurs");
	SAYS(HEAD RULE "    quand: {mots: [a], source: $x}\n", "la liste « $x » n'existe pas");
}

static void examples_may_have_fields(void **state)
{
	struct ruleset *r = load(HEAD RULE
		"    expire_le: 2026-01-01\n    quand: {mots: [a], source: facebook}\n"
		"    exemples:\n      oui: [{texte: a, source: facebook}, {texte: a, source: facebook, le: 2025-12-31}]\n"
		"      non: [a, {texte: a, source: mail}, {texte: a, source: facebook, le: 2026-01-02}]\n");
	struct ruleset_tests n;
	struct problems p = {0};
	(void)state;
	assert_int_equal(ruleset_test(r, &n, &p), 0);
	assert_int_equal(n.passed, 5);
	problems_release(&p);
	ruleset_free(r);
	SAYS(HEAD RULE "    quand: {mots: [a]}\n    exemples: {oui: [{text: a: b}]}\n", "erreur");
	SAYS(HEAD RULE "    quand: {mots: [a]}\n    exemples: {oui: [{source: x}]}\n",
		"pas de texte");
}

static void a_rule_expires_with_the_comments_date(void **state)
{
	struct ruleset *r = load(HEAD RULE "    expire_le: 2026-03-01\n    quand: {mots: [a]}\n");
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_int_equal(ruleset_info(r, 0).expires, INT64_C(1772323200000));
	static const struct {
		int64_t at;
		uint32_t score;
	} cases[] = {{0, 500}, {INT64_C(1772323199999), 500}, {INT64_C(1772323200000), 0},
		{INT64_C(1800000000000), 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			score_comment(
				s, (struct comment){.text = SLICE("a"), .created_at = cases[i].at})
				->score,
			cases[i].score);
	scorer_free(s);
	ruleset_free(r);
	SAYS(HEAD RULE "    expire_le: 2026-13-01\n    quand: {mots: [a]}\n", ":8:16: erreur",
		"année-mois-jour");
	SAYS(HEAD RULE "    revoir_avant: bientôt\n    quand: {mots: [a]}\n", "2027-06-30");
}

static void a_rule_in_observation_has_no_effect(void **state)
{
	struct ruleset *r = load(HEAD
		"règles:\n"
		"  - {id: o, titre: O, statut: observation, catégorie: menace, priorité: P1, score: 10, voie: les_deux, quand: {mots: [a]}}\n"
		"  - {id: v, titre: V, catégorie: spam, score: 2, quand: {mots: [b]}}\n"
		"sujets:\n  - {id: t, titre: T, statut: observation, voie: reponse, quand: {mots: [a]}}\n");
	struct scorer *s = scorer_new(r);
	const struct verdict *v = score(s, "a b");
	(void)state;
	assert_int_equal(v->score, 200);
	assert_int_equal(v->level, VERDICT_NONE);
	assert_int_equal(v->lanes, 0);
	assert_int_equal(v->priority, 0);
	assert_int_equal(v->n_topics, 0);
	assert_int_equal(v->n_matches, 1);
	assert_int_equal(v->n_categories, 1);
	assert_int_equal(v->n_shadows, 2);
	assert_true(slice_is(v->shadows[0], "o"));
	assert_true(slice_is(v->shadows[1], "t"));
	assert_int_equal(score(s, "b")->n_shadows, 0);
	scorer_free(s);
	ruleset_free(r);
}

static void a_rate_waits_for_who_counts(void **state)
{
	struct ruleset *r = load(HEAD RULE
		"    quand: {mots: [a], rythme: {par: auteur, au_moins: 5, en: 1 h}}\n"
		"  - {id: f, titre: F, catégorie: spam, when: {rate: {by: thread, at_least: 2, within: 10 min}, words: [b]}}\n");
	struct scorer *s = scorer_new(r);
	const struct verdict *v = score(s, "a");
	(void)state;
	assert_int_equal(v->score, 0);
	assert_int_equal(v->level, VERDICT_NONE);
	assert_int_equal(v->n_matches, 0);
	assert_int_equal(v->n_rated, 1);
	assert_true(slice_is(v->rated[0], "r"));
	struct rule_info a = ruleset_info(r, 0), b = ruleset_info(r, 1);
	assert_int_equal(a.rate.by, RULE_RATE_AUTHOR);
	assert_int_equal(a.rate.at_least, 5);
	assert_int_equal(a.rate.within_ms, 3600000);
	assert_int_equal(a.score, 500);
	assert_int_equal(b.rate.by, RULE_RATE_THREAD);
	assert_int_equal(b.rate.within_ms, 600000);
	/* who counts says that it holds: for this comment and this rule only */
	const struct comment both = {.source = SLICE("s"), .id = SLICE("1"), .text = SLICE("a b")};
	const struct slice holding[] = {SLICE("r"), SLICE("unknown")};
	struct verdict again;
	scorer_score_rated(s, &both, holding, 2, &again);
	assert_int_equal(again.score, 500);
	assert_int_equal(again.level, VERDICT_QUEUE);
	assert_int_equal(again.lanes, LANE_MODERATION);
	assert_int_equal(again.n_matches, 1);
	assert_true(slice_is(again.matches[0].rule, "r"));
	assert_int_equal(again.n_categories, 1);
	assert_int_equal(again.n_rated, 2);
	scorer_score_rated(s, &both, holding + 1, 1, &again);
	assert_int_equal(again.score, 0);
	v = score(s, "a b");
	assert_int_equal(v->score, 0);
	assert_int_equal(v->n_rated, 2);
	scorer_free(s);
	ruleset_free(r);
#define RATE "rythme: {par: auteur, au_moins: 5, en: 1 h}"
	SAYS(HEAD RULE "    quand: {mots: [a]}\n    sauf: {mots: [b], " RATE "}\n",
		"ni dans « sauf » ni dans « sans »");
	SAYS(HEAD RULE "    quand: {mots: [a], sans: {mots: [b], " RATE "}}\n",
		"ni dans « sauf » ni dans « sans »");
	SAYS(HEAD RULE "    quand: {au_choix: [{mots: [b], " RATE "}]}\n", "la règle entière");
	SAYS(HEAD RULE "    quand: {" RATE "}\n", "quelque chose à compter");
	SAYS(HEAD RULE "    quand: {mots: [a], rythme: 5}\n", "« rythme » est une table");
	SAYS(HEAD RULE "    quand: {mots: [a], rythme: {par: auteur}}\n",
		"demande « par », « au_moins » et « en »");
	SAYS(HEAD RULE "    quand: {mots: [a], rythme: {par: source, au_moins: 1, en: 30 j}}\n",
		"valeur inconnue « source »", "entre 2 et 64", "à 7 jours");
}

static void rules_say_who_answers(void **state)
{
	struct ruleset *r = load(HEAD
		"responsable: moderation@ville.example\n" RULE
		"    voie: les_deux\n    service: juridique\n    réponse: modele_1\n    loi: 'Loi du 29 juillet 1881, art. 33'\n"
		"    revoir_avant: 2027-06-30\n    quand: {mots: [a]}\n"
		"  - {id: s, titre: S, catégorie: spam, responsable: moi@ville.example, quand: {mots: [b]}}\n");
	struct rule_info a = ruleset_info(r, 0), b = ruleset_info(r, 1);
	(void)state;
	assert_true(slice_is(a.service, "juridique"));
	assert_true(slice_is(a.reply, "modele_1"));
	assert_true(slice_is(a.law, "Loi du 29 juillet 1881, art. 33"));
	assert_true(slice_is(a.owner, "moderation@ville.example"));
	assert_true(slice_is(b.owner, "moi@ville.example"));
	assert_true(slice_is(a.review_by, "2027-06-30"));
	assert_int_equal(a.lanes, LANE_MODERATION | LANE_REPONSE);
	assert_int_equal(a.status, RULE_LIVE);
	assert_int_equal(a.line, 5);
	ruleset_free(r);
}

static void verbs_have_all_their_forms(void **state)
{
	(void)state;
	CHECK(HEAD "listes: {l: [con, {verbe: insulter}]}\n" RULE "    quand: {mots: $l}\n"
		   "  - {id: v, titre: V, catégorie: spam, quand: {verbes: [menacer, finir]}}\n",
		{"ils insultaient, il insultera", "r[insultaient] r[insultera]"},
		{"insultées par des connes", "r[insultées] r[connes]"},
		{"nous menaçons et vous finissez", "v[menaçons] v[finissez]"},
		{"une insulterie, menaces", "v[menaces]"});
	SAYS(HEAD RULE "    quand: {mots: [{verbes: x}]}\n", "un mot ou une liste de mots");
	SAYS(HEAD RULE "    quand: {mots: [{verbe: [x]}]}\n", "un texte est attendu");
	SAYS(HEAD RULE "    quand: {expression: [{verbe: finir}]}\n",
		"un mot ou une liste de mots");
}

/* A machine that has a dictionary knows what is no verb. */
static void what_is_no_verb_is_said(void **state)
{
	static const char pack[] = HEAD RULE "    quand: {verbes: [finir, chapeau]}\n";
	char path[] = "/tmp/tocsin-rules-XXXXXX.yaml";
	struct inflect *there;
	struct problems p = {0};
	struct ruleset *r = NULL;
	struct error e;
	int fd = mkstemps(path, 5), status = inflect_open(NULL, &there, &e);
	(void)state;
	assert_true(status >= 0 && fd >= 0);
	inflect_close(there);
	assert_int_equal(write(fd, pack, sizeof(pack) - 1), sizeof(pack) - 1);
	close(fd);
	assert_int_equal(ruleset_load(path, &r, &p), status == INFLECT_ABSENT ? 0 : -EINVAL);
	if (status != INFLECT_ABSENT) {
		assert_int_equal(p.errors, 1);
		assert_non_null(strstr(p.list[0].text, "« chapeau » n'est pas un verbe connu"));
		assert_int_equal(p.list[0].column, 29);
	}
	unlink(path);
	ruleset_free(r);
	problems_release(&p);
}

static void contexts_are_checked(void **state)
{
	(void)state;
	SAYS(HEAD RULE "    quand: {mots: [a], contexte: {adressé: oui}}\n", ":8:44: erreur",
		"les listes réservées manquent", "adresse_2e", "langue.yaml");
	SAYS(HEAD RULE "    quand: {contexte: {question: oui}}\n", "il n'y a rien ici");
	SAYS(HEAD RULE "    quand: {mots: [a], contexte: [adressé]}\n",
		"« contexte » est une table");
	SAYS(HEAD RULE "    quand: {mots: [a], contexte: {adresse: oui}}\n",
		"clé inconnue « adresse »", "« adressé »");
	SAYS(HEAD RULE "    quand: {mots: [a], contexte: {nié: peut-être}}\n",
		"oui ou non est attendu");
	SAYS(HEAD RULE "    quand: {mots: [a], contexte: {nié: oui, negated: oui}}\n",
		"disent la même chose");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros_and_exceptions_have_names),
		cmocka_unit_test(a_macro_is_wrong_once),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(matches_are_counted),
		cmocka_unit_test(clues_add_up),
		cmocka_unit_test(fields_of_the_comment),
		cmocka_unit_test(examples_may_have_fields),
		cmocka_unit_test(a_rule_expires_with_the_comments_date),
		cmocka_unit_test(a_rule_in_observation_has_no_effect),
		cmocka_unit_test(a_rate_waits_for_who_counts),
		cmocka_unit_test(rules_say_who_answers),
		cmocka_unit_test(verbs_have_all_their_forms),
		cmocka_unit_test(what_is_no_verb_is_said),
		cmocka_unit_test(contexts_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
