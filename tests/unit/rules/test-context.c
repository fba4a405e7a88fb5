/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a match is said: each operator over sentences of its own, with the cue words that we ship. LANGUAGE is the folder
 * of the shipped packs. */
#include "testing.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

enum { OPERATORS = 5 };
static const char *const operators[OPERATORS] = {"adressé", "cité", "nié", "chose", "question"};
static struct scorer *scorers[OPERATORS][2]; /* non, oui */
static struct ruleset *rulesets[OPERATORS][2];

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

static struct ruleset *load_with_language(const char *pack)
{
	char *folder = make_folder(pack);
	struct problems p = {0};
	struct ruleset *r = NULL;
	_buf_ struct buf out = {0};
	copy(folder, "langue.yaml");
	copy(folder, "lexique.yaml");
	if (ruleset_load(folder, &r, &p) < 0) {
		for (size_t i = 0; i < p.n; i++)
			problem_print(&out, &p.list[i], "erreur", "avertissement", "conseil");
		fail_msg("%s", buf_string(&out));
	}
	problems_release(&p);
	drop_folder(folder);
	return r;
}

static int setup(void **state)
{
	(void)state;
	for (int op = 0; op < OPERATORS; op++)
		for (int yes = 0; yes < 2; yes++) {
			_buf_ struct buf pack = {0};
			buf_printf(&pack,
				"tocsin: 1\npaquet: p\nrègles:\n  - id: r\n    titre: R\n    catégorie: injure_publique\n    score: 1\n    quand:\n"
				"      mots: [clown, nul, débile, pourri, con, incapable, voleur, menteur, connard, stupide, zorglub,\n"
				"        déteste, détestons, tuer, casser, insulté, menace, cafard]\n"
				"      contexte: {%s: %s}\n",
				operators[op], yes ? "oui" : "non");
			rulesets[op][yes] = load_with_language(buf_string(&pack));
			scorers[op][yes] = scorer_new(rulesets[op][yes]);
		}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int op = 0; op < OPERATORS; op++)
		for (int yes = 0; yes < 2; yes++) {
			scorer_free(scorers[op][yes]);
			ruleset_free(rulesets[op][yes]);
		}
	return 0;
}

struct sentence {
	const char *text, *yes,
		*no; /* the words for which the operator holds, and for which it does not */
};

static void found(struct scorer *s, const char *text, struct buf *out)
{
	const struct verdict *v = score(s, text);
	for (uint32_t i = 0; i < v->n_matches; i++)
		buf_printf(out, "%s%.*s", i ? " " : "",
			(int)(v->matches[i].end - v->matches[i].start), text + v->matches[i].start);
}

static void check(int op, const struct sentence *list, size_t n)
{
	_buf_ struct buf wrong = {0};
	for (size_t i = 0; i < n; i++) {
		_buf_ struct buf yes = {0}, no = {0};
		found(scorers[op][1], list[i].text, &yes);
		found(scorers[op][0], list[i].text, &no);
		if (strcmp(buf_string(&yes), list[i].yes) != 0 ||
			strcmp(buf_string(&no), list[i].no) != 0)
			buf_printf(&wrong, "« %s » %s: oui « %s », non « %s »\n", list[i].text,
				operators[op], buf_string(&yes), buf_string(&no));
	}
	if (wrong.n)
		fail_msg("%s", buf_string(&wrong));
}
#define CHECK(op, ...) \
	check(op, (const struct sentence[]){__VA_ARGS__}, \
		sizeof((const struct sentence[]){__VA_ARGS__}) / sizeof(struct sentence))

static void addressed(void **state)
{
	(void)state;
	CHECK(0, {"Vous êtes un clown", "clown", ""}, {"t'es nul", "nul", ""},
		{"Dégage, clown", "clown", ""}, {"espèce de connard", "connard", ""},
		{"Bande de voleurs !", "voleurs", ""}, {"Quel clown !", "clown", ""},
		{"sale menteur", "menteur", ""}, {"pauvre petit clown", "clown", ""},
		{"Le maire est un clown", "clown", ""}, {"Un clown, ce maire", "clown", ""},
		{"Le maire, c'est un clown", "clown", ""},
		{"Nos élus sont tous des incapables", "incapables", ""},
		{"@ville_valmont incapables", "incapables", ""}, {"Hé, menteur", "menteur", ""},
		{"Il y a un clown au cirque", "", "clown"},
		{"Le clown a fait rire les enfants", "", "clown"},
		{"Je suis nul en maths, monsieur le maire", "", "nul"},
		{"On est con de payer", "", "con"}, {"quelle décision stupide", "", "stupide"},
		{"Quel projet débile", "", "débile"},
		{"Le maire a pris une décision stupide", "", "stupide"},
		{"Le match nul de dimanche", "", "nul"},
		{"Je vous signale que le pain est nul", "", "nul"},
		{"sale route pourrie", "", "pourrie"},
		{"Vous parlez, mais le clown du marché est là", "", "clown"},
		{"Vous n'êtes qu'un clown", "clown", ""}, {"ce gros con de maire", "con", ""},
		{"La policière municipale est incapable", "incapable", ""},
		{"Les travaux sont nuls", "", "nuls"}, {"C'est vous le clown", "clown", ""});
}

static void quoted(void **state)
{
	(void)state;
	CHECK(1, {"Il m'a traité de connard", "connard", ""},
		{"On nous traite de voleurs à la piscine", "voleurs", ""},
		{"« connard » est tagué sur le mur", "connard", ""},
		{"Le mot \"clown\" est de vous", "clown", ""},
		{"Ils ont écrit “voleur” sur ma porte", "voleur", ""},
		{"D'après lui, le maire est un menteur", "menteur", ""},
		{"Elle dit que l'adjoint est incapable", "incapable", ""},
		{"On ne dit pas connard", "connard", ""}, {"Il a crié : voleur !", "voleur", ""},
		{"Vous êtes un « clown »", "", "clown"}, {"Tu es un gros \"con\"", "", "con"},
		{"Il m'a traité de clown mais c'est lui le connard", "clown", "connard"},
		{"Le maire est un clown", "", "clown"}, {"connard va", "", "connard"},
		{"« Bonjour » dit le clown", "", "clown"},
		{"Il a dit bonjour, vous êtes un menteur", "", "menteur"},
		{"un guillemet \" perdu et un clown", "", "clown"});
}

static void negated(void **state)
{
	(void)state;
	CHECK(2, {"Vous n'êtes pas un clown", "clown", ""}, {"t'es pas con", "con", ""},
		{"Ce n'est pas nul", "nul", ""}, {"c'est pas vraiment un gros con", "con", ""},
		{"Le maire n'est pas du tout incapable", "incapable", ""},
		{"Il n'y a pas de voleurs ici", "voleurs", ""},
		{"Aucun voleur parmi eux", "voleur", ""}, {"sans casser la vitrine", "casser", ""},
		{"ni voleur ni menteur", "voleur menteur", ""},
		{"je ne vais pas vous casser les pieds", "casser", ""},
		{"Je n'ai jamais insulté personne", "insulté", ""},
		{"Je ne déteste pas les zorglubs", "déteste", "zorglubs"},
		{"je les déteste pas", "déteste", ""},
		{"nous ne détestons personne", "détestons", ""},
		{"Je ne dis pas que vous êtes incapable", "incapable", ""},
		{"Je ne pense pas que le maire soit un menteur", "menteur", ""},
		{"Stop aux connards sur la route", "connards", ""},
		{"Arrêtez de dire que les zorglubs sont des voleurs", "zorglubs voleurs", ""},
		{"Dire que les zorglubs sont des voleurs est raciste", "zorglubs voleurs", ""},
		{"Je ne supporte pas les zorglubs", "", "zorglubs"},
		{"On ne veut pas de zorglubs ici", "", "zorglubs"},
		{"On ne peut pas tuer les zorglubs", "tuer", "zorglubs"},
		{"Vous n'êtes qu'un clown", "", "clown"},
		{"Vous ne valez rien, connard", "", "connard"},
		{"Vous n'êtes pas venus, bande de voleurs", "", "voleurs"},
		{"Vous n'êtes pas capables de gérer ces voleurs", "", "voleurs"},
		{"Je ne vote pas, vous êtes des menteurs", "", "menteurs"},
		{"C'est pas possible un clown pareil", "", "clown"},
		{"plus nul que jamais", "", "nul"}, {"Le maire est nul", "", "nul"},
		{"Il ne répond jamais ce clown", "", "clown"},
		{"Je ne dis pas que c'est simple mais vous êtes incapable", "", "incapable"},
		{"Pas con le maire", "con", ""}, {"N'êtes-vous pas un menteur", "menteur", ""});
}

static void things(void **state)
{
	(void)state;
	CHECK(3, {"c'est débile comme projet", "débile", ""},
		{"une décision stupide", "stupide", ""}, {"cette route est pourrie", "pourrie", ""},
		{"C'est nul", "nul", ""}, {"c'était vraiment nul", "nul", ""},
		{"je trouve ça débile", "débile", ""},
		{"Le projet du maire est débile", "débile", ""},
		{"Elle est pourrie, cette route", "pourrie", ""}, {"Nul votre site", "Nul", ""},
		{"quelle idée à la con", "con", ""},
		{"vos travaux sont toujours aussi nuls", "nuls", ""},
		{"Le projet que le maire défend est débile", "débile", ""},
		{"La route de Foch est pourrie", "pourrie", ""}, {"un match nul", "nul", ""},
		{"Le maire de la ville est nul", "", "nul"}, {"Le maire est nul", "", "nul"},
		{"Vous êtes débile", "", "débile"}, {"espèce de clown", "", "clown"},
		{"C'est un clown", "", "clown"}, {"c'est des voleurs", "", "voleurs"},
		{"il est pourri ce maire", "", "pourri"}, {"les élus pourris", "", "pourris"},
		{"Nul !", "", "Nul"},
		{"Bande de clowns, vos travaux sont en retard", "", "clowns"});
}

static void questions(void **state)
{
	(void)state;
	CHECK(4, {"Vous êtes un clown ?", "clown", ""}, {"est-ce que le clown vient", "clown", ""},
		{"Pourquoi ce clown est là", "clown", ""},
		{"Bonjour, pourquoi tant de voleurs", "voleurs", ""}, {"un clown !?", "clown", ""},
		{"Vous êtes un clown. Pourquoi ?", "", "clown"}, {"Ce clown vient", "", "clown"},
		{"Je me demande pourquoi ce clown vient", "", "clown"});
}

static void operators_combine(void **state)
{
	struct ruleset *r = load_with_language(
		"tocsin: 1\npaquet: p\nrègles:\n"
		"  - id: haine\n    titre: H\n    catégorie: provocation_haine\n    score: 5\n"
		"    quand:\n      proche: {distance: 3 mots, ensemble: [{mots: [déteste, supporte]}, {mots: [zorglub]}]}\n"
		"      contexte: {nié: non, cité: non}\n"
		"  - id: injure\n    titre: I\n    catégorie: injure_publique\n    score: 5\n"
		"    quand: {au_choix: [{mots: [connard]}, {mots: [clown], contexte: {adressé: oui, cité: non, nié: non}}]}\n"
		"    sauf: [{mots: [cirque], contexte: {question: non}}]\n");
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_matches(s, "je déteste les zorglubs", "haine[déteste les zorglubs]");
	assert_matches(s, "je ne déteste pas les zorglubs", "");
	assert_matches(s, "il dit : je déteste les zorglubs", "");
	assert_matches(s, "vous êtes un clown, connard", "injure[clown] injure[connard]");
	assert_matches(s, "on m'a traité de clown", "");
	assert_matches(s, "vous n'êtes pas un clown", "");
	assert_matches(s, "le clown du cirque est un connard", "");
	assert_matches(s, "vous êtes un clown de cirque ?", "injure[clown]");
	scorer_free(s);
	ruleset_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addressed),
		cmocka_unit_test(quoted),
		cmocka_unit_test(negated),
		cmocka_unit_test(things),
		cmocka_unit_test(questions),
		cmocka_unit_test(operators_combine),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
