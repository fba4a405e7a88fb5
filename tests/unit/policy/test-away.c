/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences from elsewhere than the file: they hold beside the file's, in the trial too, and go again. */
#include "fixture.h"
#include <tocsin/calendar/day.h>

static const char plan[] =
	"people:\n"
	"  - {id: roche, name: A. Roche, mail: roche@ville.example}\n"
	"  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}\n"
	"  - {id: martin, name: P. Martin, mail: martin@ville.example}\n"
	"calendars:\n"
	"  on_call: [{id: cadre, turn: [dupont], start: 2027-01-01}]\n"
	"  absences: [{who: dupont, from: 2027-02-01, to: 2027-02-02, substitute: roche}]\n"
	"levels:\n"
	"  jaune: [{tell: roche}]\n"
	"  orange: [{tell: roche}]\n"
	"  rouge: [{tell: cadre}]\n"
	"  gris: [{tell: roche}]\n"
	"  P1: [{tell: cadre}]\n"
	"policy: {trial: {start: 2027-03-01, tell: roche}}\n";

static int64_t when(const char *text)
{
	int64_t day;
	int minute;
	assert_int_equal(day_time_parse(slice_of(text), &day, &minute), 0);
	return day_instant(day, minute < 0 ? 0 : minute);
}

static const char *on_duty(const struct policy *p, const char *at)
{
	const size_t who = rota_on_duty(&p->rotas[0], when(at), NULL);
	return who == ROTA_NOBODY ? "" : p->people[who].id;
}

static size_t gaps(struct fixture *f, const char *from, const char *to)
{
	struct policy_gap *list;
	return policy_gaps(&f->policy, when(from), when(to), &f->arena, &list);
}

static void beside_the_file(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, plan), 0);
	const struct absence list[] = {
		{.person = SLICE("dupont"),
			.substitute = SLICE("martin"),
			.from = when("2027-02-10"),
			.to = when("2027-02-11")},
		{.person = SLICE("dupont"), .from = when("2027-02-12"), .to = when("2027-02-13")},
		{.person = SLICE("personne"), .from = when("2027-02-14"), .to = when("2027-02-15")},
	};
	for (int twice = 0; twice < 2; twice++) {
		policy_away(&f.policy, list, 3);
		assert_int_equal(f.policy.n_absences, 3);
		assert_string_equal(on_duty(&f.policy, "2027-02-01 12:00"), "roche");
		assert_string_equal(on_duty(&f.policy, "2027-02-10 12:00"), "martin");
		assert_string_equal(on_duty(&f.policy, "2027-02-12 12:00"), "");
		assert_string_equal(on_duty(&f.policy, "2027-02-14 12:00"), "dupont");
		assert_int_equal(gaps(&f, "2027-02-01", "2027-02-20"), 2); /* rouge, P1 */
	}
	policy_away(&f.policy, NULL, 0);
	assert_int_equal(f.policy.n_absences, 1);
	assert_string_equal(on_duty(&f.policy, "2027-02-10 12:00"), "dupont");
	assert_int_equal(gaps(&f, "2027-02-01", "2027-02-20"), 0);
	fixture_release(&f);
}

static void in_the_trial(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, plan), 0);
	const struct absence away = {
		.person = SLICE("dupont"), .from = when("2027-03-03"), .to = when("2027-03-04")};
	assert_int_equal(gaps(&f, "2027-03-01", "2027-03-10"), 0);
	policy_away(&f.policy, &away, 1);
	assert_int_equal(gaps(&f, "2027-03-01", "2027-03-10"), 1); /* P1, which it leaves alone */
	fixture_release(&f);
}

static void without_a_policy(void **state)
{
	struct fixture f;
	const struct absence away = {.person = SLICE("dupont"), .from = 1, .to = 2};
	(void)state;
	assert_int_equal(fixture_load(&f, "tocsin: 1\n"), 0);
	policy_away(&f.policy, &away, 1);
	assert_int_equal(f.policy.n_absences, 0);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(beside_the_file),
		cmocka_unit_test(in_the_trial), cmocka_unit_test(without_a_policy)};
	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
