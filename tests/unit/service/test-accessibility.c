/* SPDX-License-Identifier: GPL-3.0-or-later
 * The section « accessibility: » of the console: what a statement says, what it may not claim, and what is only doubtful. */
#include "place.h"
#include <tocsin/base/clock.h>

/* All that a statement of accessibility says. */
static void a_statement(void **state)
{
	struct config c;
	load(*state, "tocsin: 1\nconsole: {}\n", &c);
	assert_int_equal(c.console.accessibility.state, ACCESSIBILITY_UNSAID);
	assert_false(c.console.accessibility.audited);
	config_release(&c);
	load(*state, "tocsin: 1\nconsole: {accessibility: {state: none}}\n", &c);
	assert_int_equal(c.console.accessibility.state, ACCESSIBILITY_NONE);
	config_release(&c);
	load(*state,
		"tocsin: 1\n"
		"console:\n"
		"  accessibilité:\n"
		"    état: partielle\n"
		"    audit: {par: Cabinet Untel, le: 03/05/2026, taux: '71,4 %', rgaa: '4.1.2', avec: [NVDA], pages: [connexion]}\n"
		"    non_conformités: [La courbe, Le tableau]\n"
		"    dérogations: []\n"
		"    contact: {courriel: a@ville.example, formulaire: 'https://ville.example/?a=1', téléphone: '01 23 45 67 89'}\n"
		"    date: 2026-06-01\n",
		&c);
	const struct accessibility *a = &c.console.accessibility;
	assert_int_equal(a->state, ACCESSIBILITY_PARTIAL);
	assert_true(a->audited);
	assert_string_equal(a->audit.by, "Cabinet Untel");
	assert_int_equal(a->audit.day, clock_days_of(2026, 5, 3));
	assert_int_equal(a->audit.rate, 7140);
	assert_string_equal(a->audit.rgaa, "4.1.2");
	assert_string_equal(a->audit.with[0], "NVDA");
	assert_string_equal(a->audit.pages[0], "connexion");
	assert_string_equal(a->gaps[1], "Le tableau");
	assert_null(a->gaps[2]);
	assert_null(a->exemptions);
	assert_string_equal(a->mail, "a@ville.example");
	assert_string_equal(a->form, "https://ville.example/?a=1");
	assert_string_equal(a->phone, "01 23 45 67 89");
	assert_int_equal(a->day, clock_days_of(2026, 6, 1));
	config_release(&c);
}

static void wrong_statements(void **state)
{
	static const struct {
		const char *yaml, *golden;
	} cases[] = {
		{"{date: 2026-06-01}",
			"DIR/tocsin.yaml:2:26: erreur: il manque « state » : l'état de conformité\n"
			"  conseil: state: none, partial ou total\n"},
		{"{state: total}",
			"DIR/tocsin.yaml:2:34: erreur: sans audit, une console est non conforme : c'est la règle du RGAA\n"
			"  conseil: audit: {by: Cabinet Untel, on: 2026-05-03, rate: 71.4, rgaa: '4.1'} ; sans audit, state: none\n"},
		{"{state: total, audit: {by: U, on: 2026-05-03, rate: 99.99, rgaa: '4.1'}, gaps: [x]}",
			"DIR/tocsin.yaml:2:34: erreur: une conformité totale demande un taux de 100\n"
			"  conseil: state: partial, ou le taux de l'audit corrigé\n"
			"DIR/tocsin.yaml:2:105: erreur: une conformité totale n'a pas de non-conformités\n"
			"  conseil: retirez-les, ou state: partial\n"},
		{"{state: partial, audit: {by: U, on: 2026-05-03, rate: 49.9, rgaa: '4.1'}}",
			"DIR/tocsin.yaml:2:34: erreur: une conformité partielle demande un taux de 50 au moins\n"
			"  conseil: state: none, ou le taux de l'audit corrigé\n"},
		{"{state: none, audit: {by: U, on: 2026-13-03, rate: 100.01, rgaa: 4.}}",
			"DIR/tocsin.yaml:2:59: erreur: jour inconnu : 2026-13-03\n"
			"  conseil: par exemple 2026-05-03, ou 03/05/2026\n"
			"DIR/tocsin.yaml:2:77: erreur: taux refusé : 100.01\n"
			"  conseil: par exemple 71.4 : la part des critères respectés, de 0 à 100\n"
			"DIR/tocsin.yaml:2:91: erreur: version du RGAA refusée : 4.\n"
			"  conseil: rgaa: '4.1'\n"},
		{"{state: none, audit: {on: 2026-05-03, rate: -1, rgaa: '4.1'}}",
			"DIR/tocsin.yaml:2:47: erreur: il manque « by » : la déclaration dit qui a fait l'audit, quel jour, avec quel taux et quelle version du RGAA\n"
			"  conseil: audit: {by: Cabinet Untel, on: 2026-05-03, rate: 71.4, rgaa: '4.1'}\n"
			"DIR/tocsin.yaml:2:70: erreur: taux refusé : -1\n"
			"  conseil: par exemple 71.4 : la part des critères respectés, de 0 à 100\n"},
		{"{state: none, audit: {by: U, on: 2026-05-03, rate: 20, rgaa: '4.1'}, date: 2026-05-02}",
			"DIR/tocsin.yaml:2:101: erreur: la déclaration serait plus ancienne que son audit\n"
			"  conseil: la date de la déclaration est celle de l'audit, ou un jour après\n"},
		{"{state: none, contact: {mail: 'a@b?bcc=c', form: 'javascript:1', phone: 'x'}}",
			"DIR/tocsin.yaml:2:56: erreur: contact refusé : a@b?bcc=c\n"
			"  conseil: par exemple accessibilite@ville.example\n"
			"DIR/tocsin.yaml:2:75: erreur: contact refusé : javascript:1\n"
			"  conseil: par exemple https://www.ville.example/contact\n"
			"DIR/tocsin.yaml:2:98: erreur: contact refusé : x\n"
			"  conseil: par exemple '01 23 45 67 89'\n"},
		{"{state: none, contact: {}}",
			"DIR/tocsin.yaml:2:49: erreur: il faut au moins un moyen de signaler un défaut : mail, form ou phone\n"
			"  conseil: contact: {mail: accessibilite@ville.example}\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_free_ char *yaml =
			xasprintf("tocsin: 1\nconsole: {accessibility: %s}\n", cases[i].yaml);
		expect_problems(*state, yaml, cases[i].golden);
	}
}

/* What is no lie, or what only a clock knows, stops nobody's town. */
static void doubtful_statements(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *yaml, *golden;
	} cases[] = {
		{"{state: partial, audit: {by: U, on: 2026-05-03, rate: 100, rgaa: '4.1'}}",
			"avertissement: un taux de 100 est celui d'une conformité totale\n"},
		{"{state: none, audit: {by: U, on: 2026-05-03, rate: 50, rgaa: '4.1'}}",
			"avertissement: ce taux est celui d'une conformité partielle ou totale\n"},
		{"{state: none, date: 31/12/2099}",
			"avertissement: ce jour n'est pas encore venu\n"},
		{"{state: none, date: 2020-01-31}",
			"avertissement: cette déclaration a plus de trois ans : elle est à renouveler\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct problems problems = {0};
		struct config c;
		_buf_ struct buf out = {0};
		_free_ char *yaml =
			xasprintf("tocsin: 1\nconsole: {accessibility: %s}\n", cases[i].yaml);
		put(p->file, yaml);
		assert_int_equal(config_load(p->file, &c, &problems), 0);
		assert_int_equal(problems.n, 1);
		problem_print(&out, &problems.list[0], "erreur", "avertissement", "conseil");
		assert_non_null(strstr(buf_string(&out), cases[i].golden));
		assert_non_null(strstr(buf_string(&out), "  conseil: "));
		problems_release(&problems);
		config_release(&c);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		T(a_statement), T(wrong_statements), T(doubtful_statements)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
