/* SPDX-License-Identifier: GPL-3.0-or-later
 * What decided, told in order; and the verdict stays the same. */
#include "testing.h"
#include <tocsin/rules/explain.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>
#include <unistd.h>

struct telling {
	const struct ruleset *r;
	const char *text;
	struct buf out;
};

static void tell(void *user, const struct explained *e)
{
	static const char *const outcomes[] = {
		"compte", "non", "observation", "rythme", "pas essayée"};
	struct telling *t = user;
	struct slice id = e->what == EXPLAINED_VIEW || e->what == EXPLAINED_PACK
		? (struct slice){0}
		: ruleset_info(t->r, e->rule).id;
	switch (e->what) {
	case EXPLAINED_VIEW:
		buf_printf(&t->out, "%s : %.*s\n", e->name, (int)e->text.n, e->text.p);
		break;
	case EXPLAINED_RULE: buf_printf(&t->out, "%.*s ?\n", (int)id.n, id.p); break;
	case EXPLAINED_CONTEXT:
		buf_printf(&t->out, "  [%.*s] %s : %s (%s%s%.*s) %s\n", (int)(e->end - e->start),
			t->text + e->start, e->name, e->holds ? "oui" : "non", e->why,
			e->cue_end > e->cue_start ? " : " : "", (int)(e->cue_end - e->cue_start),
			t->text + e->cue_start, e->kept ? "gardé" : "écarté");
		break;
	case EXPLAINED_CLUE:
		buf_printf(&t->out, "  [%.*s]%s %+d\n", (int)(e->end - e->start),
			t->text + e->start, e->disguised ? " déguisé" : "", (int)e->worth);
		break;
	case EXPLAINED_EXCUSED:
		buf_printf(
			&t->out, "  [%.*s] excusé\n", (int)(e->end - e->start), t->text + e->start);
		break;
	case EXPLAINED_OUTCOME: buf_printf(&t->out, "  = %s\n", outcomes[e->outcome]); break;
	case EXPLAINED_MATCH:
		buf_printf(&t->out, "  [%.*s]%s\n", (int)(e->end - e->start), t->text + e->start,
			e->disguised ? " déguisé" : "");
		break;
	case EXPLAINED_SCORE:
		buf_printf(&t->out, "  score %u, pesé %u, ajouté %u, plafond %u\n", e->score,
			e->weighed, e->added, e->cap);
		break;
	case EXPLAINED_PACK:
		buf_printf(&t->out, "%.*s : %u (file %u, alerte %u) niveau %d\n", (int)e->text.n,
			e->text.p, e->sum, e->queue, e->alert, (int)e->level);
		break;
	}
}

static void copy(const char *folder, const char *name)
{
	_free_ char *from = xasprintf("%s/%s", getenv("LANGUAGE"), name),
		    *to = xasprintf("%s/%s", folder, name);
	_buf_ struct buf bytes = {0};
	struct error e;
	if (file_read(from, 1 << 20, &bytes, &e) < 0 ||
		file_write_atomic(to, buf_slice(&bytes), 0600, &e) < 0)
		fail_msg("%s", e.text);
}

static const char pack[] =
	"tocsin: 1\npaquet: p\nplafonds: {injure_publique: 7}\nrègles:\n"
	"  - {id: dure, titre: D, catégorie: injure_publique, score: 6, quand: {mots: [connard]}, sauf: {mots: [cirque]}}\n"
	"  - {id: douce, titre: O, catégorie: injure_publique, score: 4, quand: {mots: [clown], contexte: {adressé: oui, nié: non}}}\n"
	"  - {id: essai, titre: E, statut: observation, catégorie: spam, score: 9, quand: {mots: [clown]}}\n"
	"  - {id: vieille, titre: V, statut: retirée, catégorie: spam, score: 9, quand: {mots: [clown]}}\n"
	"  - {id: raid, titre: R, catégorie: spam, score: 9, quand: {mots: [clown], rythme: {par: fil, au_moins: 2, en: 1 h}}}\n";

static struct ruleset *rules;

static void assert_explains(const char *text, const char *expected)
{
	struct scorer *s = scorer_new(rules);
	struct telling t = {.r = rules, .text = text};
	const struct comment c = {.source = SLICE("s"), .id = SLICE("1"), .text = slice_of(text)};
	_buf_ struct buf plain = {0}, told = {0};
	struct verdict v;
	scorer_explain(s, &c, tell, &t, &v);
	verdict_encode(&told, &v);
	scorer_score(s, &c, &v);
	verdict_encode(&plain, &v);
	assert_true(slice_equal(buf_slice(&plain), buf_slice(&told)));
	if (strcmp(buf_string(&t.out), expected) != 0)
		fail_msg("« %s »:\n%s", text, buf_string(&t.out));
	buf_release(&t.out);
	scorer_free(s);
}

static void everything_that_decides_is_told(void **state)
{
	(void)state;
	assert_explains("Vous êtes un clown, c0nnard",
		"clair : vous êtes un clown, c0nnard\nsans accents : vous etes un clown, c0nnard\n"
		"déguisements défaits : vous etes un clown, connard\n"
		"dure ?\n  = compte\n  [c0nnard] déguisé\n  score 600, pesé 450, ajouté 450, plafond 700\n"
		"douce ?\n  [clown] adressé : oui (s'adresse à quelqu'un : Vous) gardé\n"
		"  [clown] nié : non () gardé\n  = compte\n  [clown]\n  score 400, pesé 400, ajouté 250, plafond 700\n"
		"essai ?\n  = observation\n  [clown]\nvieille ?\n  = pas essayée\nraid ?\n  = rythme\n  [clown]\n"
		"p : 700 (file 300, alerte 700) niveau 2\n");
	assert_explains("tu n'es pas un clown ! connard de cirque",
		"clair : tu n'es pas un clown ! connard de cirque\n"
		"sans accents : tu n'es pas un clown ! connard de cirque\n"
		"dure ?\n  [connard] excusé\n  = non\n"
		"douce ?\n  [clown] adressé : oui (s'adresse à quelqu'un : tu) gardé\n"
		"  [clown] nié : oui (privation : pas) écarté\n  = non\n"
		"essai ?\n  = observation\n  [clown]\nvieille ?\n  = pas essayée\nraid ?\n  = rythme\n  [clown]\n");
	assert_explains("Bonjour", "clair : bonjour\nsans accents : bonjour\n");
}

/* Those in reach of each other, and those against wherever they are; of a sum that is not reached nothing. */
static void each_clue_is_told_with_its_points(void **state)
{
	char *folder = make_folder(
		"tocsin: 1\npaquet: p\nrègles:\n"
		"  - {id: sommes, titre: S, catégorie: spam, score: 5, quand: {indices: {au_moins: 4, distance: 3 mots, de: [\n"
		"      {vaut: 3, quand: {mots: [bidon]}}, {vaut: 2, quand: {mots: [essence]}}, {vaut: -1, quand: {mots: [tondeuse]}}]}}}\n");
	struct ruleset *others = rules;
	struct problems p = {0};
	(void)state;
	assert_int_equal(ruleset_load(folder, &rules, &p), 0);
	assert_explains("Tondeuse ! Un bidon, puis un bidon d'essence",
		"clair : tondeuse ! un bidon, puis un bidon d'essence\n"
		"sans accents : tondeuse ! un bidon, puis un bidon d'essence\n"
		"sommes ?\n  [bidon] +3\n  [essence] +2\n  [Tondeuse] -1\n  = compte\n  [bidon d'essence]\n"
		"  score 500, pesé 500, ajouté 500, plafond 1000\np : 500 (file 300, alerte 700) niveau 1\n");
	assert_explains("Un bidon, et loin de là, bien plus loin, l'essence",
		"clair : un bidon, et loin de là, bien plus loin, l'essence\n"
		"sans accents : un bidon, et loin de la, bien plus loin, l'essence\n"
		"sommes ?\n  = non\n");
	ruleset_free(rules);
	rules = others;
	problems_release(&p);
	drop_folder(folder);
}

/* Only who knows the words of the language writes SMS spelling out. */
static void sms_spelling_is_told(void **state)
{
	char *folder = make_folder(
		"tocsin: 1\npaquet: p\nrègles:\n"
		"  - {id: phrase, titre: P, catégorie: spam, score: 5, quand: {expression: [je vais te payer]}}\n");
	_free_ char *forms = xasprintf("%s/formes.bin", folder);
	struct ruleset *others = rules;
	struct problems p = {0};
	struct inflect *machine;
	struct error e;
	(void)state;
	int r = inflect_open(NULL, &machine, &e);
	inflect_close(machine);
	assert_int_equal(unlink(forms), 0);
	if (r == 0) {
		assert_int_equal(ruleset_load(folder, &rules, &p), 0);
		assert_explains("jvé te payé bcp",
			"clair : jvé te payé bcp\nsans accents : jve te paye bcp\n"
			"en toutes lettres : je vais te payer beaucoup\n"
			"phrase ?\n  = compte\n  [jvé te payé]\n  score 500, pesé 500, ajouté 500, plafond 1000\n"
			"p : 500 (file 300, alerte 700) niveau 1\n");
		/* one word alone counts half */
		assert_explains("jvé te payer",
			"clair : jvé te payer\nsans accents : jve te payer\n"
			"en toutes lettres : je vais te payer\n"
			"phrase ?\n  = compte\n  [jvé te payer]\n  score 500, pesé 250, ajouté 250, plafond 1000\n"
			"p : 250 (file 300, alerte 700) niveau 0\n");
		ruleset_free(rules);
	}
	rules = others;
	problems_release(&p);
	drop_folder(folder);
}

static int setup(void **state)
{
	char *folder = make_folder(pack);
	struct problems p = {0};
	(void)state;
	copy(folder, "langue.yaml");
	copy(folder, "lexique.yaml");
	if (ruleset_load(folder, &rules, &p) < 0)
		fail_msg("%s", p.n ? p.list[0].text : "?");
	problems_release(&p);
	drop_folder(folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ruleset_free(rules);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(everything_that_decides_is_told),
		cmocka_unit_test(each_clue_is_told_with_its_points),
		cmocka_unit_test(sms_spelling_is_told)};
	return cmocka_run_group_tests(tests, setup, teardown);
}
