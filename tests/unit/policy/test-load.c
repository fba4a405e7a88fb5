/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the policy: both spellings, every problem with its place, everybody reached. */
#include "fixture.h"
#include <errno.h>
#include <tocsin/calendar/day.h>

static void reads_all(void **state)
{
	const struct fixture *f = *state;
	const struct policy *p = &f->policy;
	assert_int_equal(p->n_people, 4);
	assert_int_equal(p->n_hooks, 1);
	assert_int_equal(p->hooks[0].form, HOOK_MATTERMOST);
	assert_ptr_equal(p->people[1].hook, &p->hooks[0]);
	assert_int_equal(p->chains[CHAIN_ORANGE].n, 2);
	assert_int_equal(p->chains[CHAIN_ORANGE].list[0].n_targets, 1);
	assert_int_equal(p->chains[CHAIN_ORANGE].list[1].after_ms, 15 * MIN);
	assert_string_equal(p->chains[CHAIN_ORANGE].list[1].targets[0].name, "B. Faure (DGS)");
	/* without `by`: every channel that the person has */
	const struct policy_step *rouge = &p->chains[CHAIN_ROUGE].list[0];
	assert_int_equal(rouge->n_targets, 4);
	assert_string_equal(rouge->targets[0].channel, "mail");
	assert_string_equal(rouge->targets[1].channel, "webhook");
	assert_string_equal(rouge->targets[1].person, "dircom");
	assert_string_equal(rouge->targets[1].address, "salon");
	assert_string_equal(p->chains[CHAIN_ROUGE].list[1].targets[0].person, "salon");
	assert_int_equal(p->n_fallback, 2);
	assert_int_equal(p->repeat_ms, 30 * MIN);
	assert_int_equal(p->ack_ms, 60 * MIN);
	assert_false(p->empty);
}

static void reads_french(void **state)
{
	static const char text[] =
		"personnes:\n"
		"  - {id: dircom, nom: A. Roche, rôle: dir'com, courriel: dircom@ville.example, crochet: salon}\n"
		"crochets:\n"
		"  - {id: salon, titre: Salon, fichier_adresse: salon.url, fichier_secret: salon.key}\n"
		"niveaux:\n"
		"  jaune: [{prévenir: dircom, par: courriel}]\n"
		"  orange: [{prévenir: [dircom], par: [crochet]}]\n"
		"  rouge: [{prévenir: salon}, {prévenir: dircom, après: 5 min}]\n"
		"  gris: [{prévenir: dircom}]\n"
		"  urgence: [{prévenir: dircom}]\n"
		"politique: {répéter: 1 h, prise_en_charge: 2 h, secours: dircom, secours_après: 5 min, abandon: 2 j}\n";
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	assert_string_equal(f.policy.hooks[0].url_file, "/etc/tocsin/salon.url");
	assert_string_equal(f.policy.hooks[0].secret_file, "/etc/tocsin/salon.key");
	assert_string_equal(f.policy.chains[CHAIN_ORANGE].list[0].targets[0].channel, "webhook");
	assert_int_equal(f.policy.chains[CHAIN_P1].list[0].n_targets, 2);
	assert_int_equal(f.policy.repeat_ms, 60 * MIN);
	assert_int_equal(f.policy.ack_ms, 120 * MIN);
	assert_int_equal(f.policy.fallback_after_ms, 5 * MIN);
	assert_int_equal(f.policy.give_up_ms, 2 * CLOCK_DAY);
	fixture_release(&f);
}

/* P1 whatever the hour; the others in the first hours, or those of an office. */
static void by_when_to_look(void **state)
{
#define LOOKS \
	"people: [{id: a, mail: a@x.example}]\n" \
	"levels: {jaune: [{tell: a}], orange: [{tell: a}], rouge: [{tell: a}], gris: [{tell: a}],\n" \
	"  P1: [{tell: a}]}\n"
	static const char usual[] = LOOKS;
	static const char own[] =
		LOOKS "calendars: {hours: [{id: nuit, days: tous, from: '20:00', to: '22:00'}]}\n"
		      "politique: {premier_regard: {P1: 5 min, P2: 30 min, P4: 3 h}}\n";
	static const char wrong[] = LOOKS "policy: {first_look: {P5: 1 h, P2: bientôt}}\n";
	const int64_t friday = day_instant(clock_days_of(2027, 8, 13), 17 * 60);
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, usual), 0);
	assert_int_equal(policy_look_by(&f.policy, 1, friday), friday + 15 * MIN);
	assert_int_equal(policy_look_by(&f.policy, 2, friday),
		day_instant(clock_days_of(2027, 8, 16), 10 * 60));
	/* twice two hours of work, half an hour of them on Friday */
	assert_int_equal(policy_look_again(&f.policy, 2, friday, 2),
		day_instant(clock_days_of(2027, 8, 16), 12 * 60));
	assert_int_equal(policy_look_again(&f.policy, 1, friday, 2), friday + 30 * MIN);
	assert_int_equal(policy_look_ms(&f.policy, 2), 2 * CLOCK_HOUR);
	assert_int_equal(policy_look_by(&f.policy, 3, friday),
		day_instant(clock_days_of(2027, 8, 16), 16 * 60));
	assert_int_equal(
		policy_look_by(&f.policy, 0, friday), policy_look_by(&f.policy, 4, friday));
	/* a day is a working day, hours are open hours */
	assert_int_equal(policy_answer_by(&f.policy, friday, CLOCK_DAY),
		day_instant(clock_days_of(2027, 8, 16), 17 * 60));
	assert_int_equal(policy_answer_by(&f.policy, friday, CLOCK_DAY + 2 * CLOCK_HOUR),
		day_instant(clock_days_of(2027, 8, 17), 10 * 60));
	fixture_release(&f);
	assert_int_equal(fixture_load(&f, own), 0);
	assert_int_equal(policy_look_by(&f.policy, 1, friday), friday + 5 * MIN);
	assert_int_equal(policy_look_by(&f.policy, 2, friday), friday + 210 * MIN);
	assert_int_equal(policy_look_by(&f.policy, 4, friday),
		day_instant(clock_days_of(2027, 8, 14), 21 * 60));
	fixture_release(&f);
	assert_int_equal(fixture_load(&f, wrong), -EINVAL);
	assert_int_equal(f.problems.errors, 2);
	fixture_release(&f);
}

static void without_fallback(void **state)
{
	static const char text[] =
		"people: [{id: a, mail: a@x.example}, {id: b, mail: b@x.example}]\n"
		"levels: {jaune: [{tell: a}], orange: [{tell: a}], gris: [{tell: a}], P1: [{tell: a}],\n"
		"  rouge: [{tell: b}, {tell: [a, b], after: 1 min}]}\n";
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	assert_int_equal(f.policy.n_fallback, 2);
	assert_string_equal(f.policy.fallback[0].person, "b");
	assert_string_equal(f.policy.fallback[1].person, "a");
	fixture_release(&f);
}

static void telephones(void **state)
{
	static const char text[] =
		"sms: {url: 'http://x/?to={to}&text={text}'}\n"
		"people: [{id: a, mail: a@x.example, sms: '+33 6 12.34.56-78'}, {id: b, sms: '+33600000000'}]\n"
		"levels: {jaune: [{tell: a}], orange: [{tell: b}], gris: [{tell: b}],\n"
		"  rouge: [{tell: b}, {tell: a, by: sms, after: 1 min}], P1: [{tell: a, by: [mail, sms]}]}\n"
		"policy: {code: 2 h, fallback: b}\n";
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	assert_string_equal(f.policy.people[0].sms, "+33612345678");
	const struct policy_step *jaune = &f.policy.chains[CHAIN_JAUNE].list[0];
	assert_int_equal(jaune->n_targets, 2);
	assert_string_equal(jaune->targets[0].channel, "mail");
	assert_string_equal(jaune->targets[1].channel, "sms");
	assert_string_equal(jaune->targets[1].address, "+33612345678");
	assert_int_equal(f.policy.chains[CHAIN_ROUGE].list[1].n_targets, 1);
	assert_string_equal(f.policy.chains[CHAIN_ROUGE].list[1].targets[0].channel, "sms");
	assert_int_equal(f.policy.chains[CHAIN_P1].list[0].n_targets, 2);
	assert_string_equal(f.policy.fallback[0].channel, "sms");
	assert_int_equal(f.policy.code_ms, 2 * CLOCK_HOUR);
	fixture_release(&f);
}

/* A level that names no step, or is not there: the fallback, one after the other. */
static void default_chain(void **state)
{
	static const char text[] =
		"people: [{id: a, mail: a@x.example}, {id: b, mail: b@x.example}]\n"
		"levels: {jaune: [{tell: a}], orange: [{tell: a}], gris: [{tell: a}], rouge: []}\n"
		"policy: {fallback: [b, a], fallback_after: 7 min}\n";
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	for (int c = CHAIN_ROUGE; c <= CHAIN_P1; c += CHAIN_P1 - CHAIN_ROUGE) {
		const struct policy_steps *steps = &f.policy.chains[c];
		assert_true(steps->by_default && steps->n == 2);
		assert_string_equal(steps->list[0].targets[0].person, "b");
		assert_string_equal(steps->list[1].targets[0].person, "a");
		assert_int_equal(steps->list[1].after_ms, 7 * MIN);
	}
	assert_false(f.policy.chains[CHAIN_GRIS].by_default);
	fixture_release(&f);
}

/* Whoever has a telephone is called by it too: each channel once, also when a team names him again. */
static void fallback_by_every_channel(void **state)
{
	static const char text[] =
		"sms: {url: 'http://x/?to={to}&text={text}'}\n"
		"hooks: [{id: salon, title: Salon, url: 'https://x.example/'}]\n"
		"people: [{id: a, mail: a@x.example}, {id: b, mail: b@x.example, sms: '+33600000000', hook: salon}]\n"
		"teams: [{id: t, title: T, members: [a, b]}]\n"
		"levels: {jaune: [{tell: a}], orange: [{tell: a}], gris: [{tell: a}], rouge: []}\n"
		"policy: {fallback: [b, t], fallback_after: 7 min}\n";
	static const char *const wanted[] = {"b mail", "b sms", "b webhook", "a mail"};
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	assert_int_equal(f.policy.n_fallback, 4);
	for (size_t i = 0; i < 4; i++) {
		char said[40];
		snprintf(said, sizeof(said), "%s %s", f.policy.fallback[i].person,
			f.policy.fallback[i].channel);
		assert_string_equal(said, wanted[i]);
	}
	/* where it makes a chain: a step a person */
	const struct policy_steps *steps = &f.policy.chains[CHAIN_ROUGE];
	assert_true(steps->by_default && steps->n == 2);
	assert_int_equal(steps->list[0].n_targets, 3);
	assert_int_equal(steps->list[1].n_targets, 1);
	assert_int_equal(steps->list[1].after_ms, 7 * MIN);
	fixture_release(&f);
}

static void no_policy_at_all(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, "tocsin: 1\n"), 0);
	assert_true(f.policy.empty);
	fixture_release(&f);
}

#define REST \
	"  gris: [{tell: a}]\n" \
	"  P1: [{tell: a}]\n"
#define PEOPLE "people: [{id: a, name: A, mail: a@x.example}]\n"

static void every_problem(void **state)
{
	static const struct {
		const char *text, *word;
		unsigned line, column;
	} cases[] = {
		{PEOPLE "levels:\n  jaune: [{tell: b}]\n  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"inconnu : b", 3, 18},
		{PEOPLE "levels:\n  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"« jaune » manque", 3, 3},
		{PEOPLE "levels:\n  vert: [{tell: a}]\n  jaune: [{tell: a}]\n  orange: [{tell: a}]\n"
			"  rouge: [{tell: a}]\n" REST,
			"vert ne prévient personne", 3, 9},
		{PEOPLE "levels:\n  jaune: []\n  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"au moins une étape", 3, 10},
		{PEOPLE "levels:\n  jaune: [{tell: a, after: 5 min}]\n  orange: [{tell: a}]\n"
			"  rouge: [{tell: a}]\n" REST,
			"tout de suite", 3, 10},
		{PEOPLE "levels:\n  jaune: [{tell: []}]\n  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"ne prévient personne", 3, 18},
		{PEOPLE "levels:\n  jaune: [{tell: a, by: webhook}]\n  orange: [{tell: a}]\n"
			"  rouge: [{tell: a}]\n" REST,
			"n'a pas de", 3, 25},
		{PEOPLE "levels:\n  jaune: [{tell: [a, a]}]\n  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"déjà prévenu", 3, 22},
		{PEOPLE "levels:\n  jaune: [{tell: a}, {tell: a, after: 9 min}, {tell: a, after: 2 min}]\n"
			"  orange: [{tell: a}]\n  rouge: [{tell: a}]\n" REST,
			"dans l'ordre", 3, 47},
		{"people: [{id: a, name: A}]\nlevels:\n  jaune: [{tell: a}]\n",
			"ne peut pas être prévenu", 1, 10},
		{"people: [{id: a b, mail: a@x.example}]\n", "identifiant refusé", 1, 15},
		{"people: [{id: a, mail: a@x.example}, {id: a, mail: b@x.example}]\n", "deux fois",
			1, 43},
		{"people: [{id: a, mail: \"a@x.example\\nBcc: b@x.example\"}]\n",
			"courriel refusée", 1, 24},
		{"people: [{id: a, mail: 'a@x@y'}]\n", "courriel refusée", 1, 24},
		{"sms: {}\npeople: [{id: a, sms: 0612345678}]\n", "forme internationale", 2, 23},
		{"people: [{id: a, sms: +33612345678}]\n", "passerelle SMS manque", 1, 23},
		{"people: [{id: a, mial: a@x.example}]\n", "mial", 1, 18},
		{"hooks: [{id: h, url: 'ftp://x/'}]\n", "http:// ou https://", 1, 22},
		{"hooks: [{id: h, url: 'https://u:p@x/'}]\n", "sans mot de passe", 1, 22},
		{"hooks: [{id: h}]\n", "« url » ou « url_file »", 1, 9},
		{"hooks: [{id: h, url: 'https://x/', form: slak}]\n", "slak", 1, 42},
		{"people: {id: a}\n", "doit être une liste", 1, 9},
		{PEOPLE "policy: {repeat: 1 s, fallback: a}\n", "trop court", 2, 18},
		{PEOPLE "policy: {fallback: z}\n", "inconnu : z", 2, 20},
		{"calendars: []\n" PEOPLE, "calendriers", 1, 12},
		{PEOPLE, "il manque « levels »", 1, 9},
	};
	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		struct fixture f;
		bool found = false;
		assert_int_not_equal(fixture_load(&f, cases[c].text), 0);
		for (size_t i = 0; i < f.problems.n; i++) {
			const struct problem *p = &f.problems.list[i];
			found |= strstr(p->text, cases[c].word) && p->line == cases[c].line &&
				p->column == cases[c].column;
		}
		if (!found)
			for (size_t i = 0; i < f.problems.n; i++)
				print_error("case %zu: %u:%u %s\n", c, f.problems.list[i].line,
					f.problems.list[i].column, f.problems.list[i].text);
		assert_true(found);
		assert_int_equal(f.policy.n_people, 0); /* nothing half-applied */
		fixture_release(&f);
	}
}

static void several_at_once(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_not_equal(
		fixture_load(&f,
			"people: [{id: a}, {id: b b, mail: x}]\nlevels: {jaune: [{tell: c}]}\n"),
		0);
	assert_in_range(f.problems.errors, 7, 20); /* a, b b, x, c and four levels missing */
	fixture_release(&f);
}

static void did_you_mean(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_not_equal(fixture_load(&f,
				     "people: [{id: dircom, mail: a@x.example}]\n"
				     "policy: {fallback: dircon}\n"
				     "levels: {}\n"),
		0);
	bool hinted = false;
	for (size_t i = 0; i < f.problems.n; i++)
		hinted |= f.problems.list[i].hint && strstr(f.problems.list[i].hint, "dircom");
	assert_true(hinted);
	fixture_release(&f);
}

static void retries(void **state)
{
	const struct fixture *f = *state;
	static const int64_t seconds[] = {5, 10, 20, 40, 80, 160, 300, 300};
	int64_t waited = 0;
	for (uint32_t i = 0; i < 8; i++) {
		struct policy_retry r = policy_retry(&f->policy, i + 1);
		assert_int_equal(r.delay_ms, seconds[i] * CLOCK_SECOND);
		assert_int_equal(r.tell_fallback, waited >= 10 * MIN);
		assert_false(r.give_up);
		waited += r.delay_ms;
	}
	uint32_t n = 8;
	while (!policy_retry(&f->policy, n).give_up)
		n++;
	/* 24 h at one attempt in five minutes */
	assert_in_range(n, 280, 300);
	assert_true(policy_retry(&f->policy, UINT32_MAX).give_up);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_all, fixture_setup, fixture_teardown),
		cmocka_unit_test(reads_french),
		cmocka_unit_test(without_fallback),
		cmocka_unit_test(by_when_to_look),
		cmocka_unit_test(fallback_by_every_channel),
		cmocka_unit_test(telephones),
		cmocka_unit_test(default_chain),
		cmocka_unit_test(no_policy_at_all),
		cmocka_unit_test(every_problem),
		cmocka_unit_test(several_at_once),
		cmocka_unit_test(did_you_mean),
		cmocka_unit_test_setup_teardown(retries, fixture_setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
