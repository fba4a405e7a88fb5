/* SPDX-License-Identifier: GPL-3.0-or-later
 * The trial: who is told in it, at its end, and every mistake with its place. */
#include "fixture.h"
#include <tocsin/calendar/day.h>

static int64_t when(const char *text)
{
	int64_t day;
	int minute;
	assert_int_equal(day_time_parse(slice_of(text), &day, &minute), 0);
	return day_instant(day, minute < 0 ? 0 : minute);
}

/* The plan of the fixture with these words of a trial. */
static int load(struct fixture *f, const char *trial)
{
	_buf_ struct buf text = {0};
	const char *settings = strstr(fixture_text, "policy: {");
	buf_add(&text, fixture_text, (size_t)(settings - fixture_text));
	buf_printf(&text, "policy: {trial: {%s}, %s", trial, settings + strlen("policy: {"));
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	return fixture_load(f, buf_string(&text));
}

/* "person@step " of what is due by then, of an alarm that opened at noon of the trial's second day. */
static void due(struct fixture *f, enum incident_kind kind, enum town_level level, const char *now,
	struct buf *out)
{
	const int64_t opened = when("2027-01-05 12:00");
	const struct incident i = {.id = 1,
		.kind = kind,
		.level = level,
		.topic = slice_of(kind == INCIDENT_P1 ? "P1:menace" : "tours"),
		.opened_at = opened,
		.raised_at = opened};
	const struct policy_case c = {&i, NULL, 0, true};
	struct policy_notice *list;
	size_t n = policy_due(&f->policy, &c, when(now), &f->arena, &list);
	out->n = 0;
	for (size_t k = 0; k < n; k++)
		buf_printf(out, "%s@%u ", list[k].target->person, list[k].step);
}

static void who_is_told(void **state)
{
	static const struct {
		enum incident_kind kind;
		enum town_level level;
		const char *now, *told;
	} cases[] = {
		{INCIDENT_TOPIC, LEVEL_JAUNE, "2027-01-05 12:20", "dircom@1 "},
		{INCIDENT_TOPIC, LEVEL_ORANGE, "2027-01-05 12:20", "dircom@1 "},
		{INCIDENT_TOPIC, LEVEL_ROUGE, "2027-01-05 12:20", "dircom@1 "},
		{INCIDENT_P1, LEVEL_ROUGE, "2027-01-05 12:20", "dgs@1 dircom@1 dircab@2 "},
		{INCIDENT_DRILL, LEVEL_ROUGE, "2027-01-05 12:20",
			"dgs@1 dircab@1 dircom@1 dircom@1 salon@2 "},
	};
	struct fixture f;
	_buf_ struct buf said = {0};
	(void)state;
	assert_int_equal(load(&f, "start: 2027-01-04, tell: dircom, by: mail"), 0);
	assert_true(f.policy.trial.to == when("2027-01-18"));
	assert_string_equal(f.policy.trial.names, "A. Roche (dir'com)");
	assert_true(policy_trial_at(&f.policy, when("2027-01-04")));
	assert_true(policy_trial_at(&f.policy, when("2027-01-17 23:59")));
	assert_false(policy_trial_at(&f.policy, when("2027-01-18")));
	assert_false(policy_trial_at(&f.policy, when("2027-01-03 23:59")));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		due(&f, cases[i].kind, cases[i].level, cases[i].now, &said);
		assert_string_equal(buf_string(&said), cases[i].told);
	}
	fixture_release(&f);
}

static void everybody_at_its_end(void **state)
{
	struct fixture f;
	_buf_ struct buf said = {0};
	(void)state;
	assert_int_equal(
		load(&f, "start: 2027-01-04, end: 2027-01-05 14:00, tell: dircom, by: mail"), 0);
	due(&f, INCIDENT_TOPIC, LEVEL_ROUGE, "2027-01-05 13:59", &said);
	assert_string_equal(buf_string(&said), "dircom@1 ");
	due(&f, INCIDENT_TOPIC, LEVEL_ROUGE, "2027-01-05 14:00", &said);
	assert_non_null(strstr(buf_string(&said), "dgs@1 "));
	assert_non_null(strstr(buf_string(&said), "dircab@1 "));
	fixture_release(&f);
}

static void its_holes(void **state)
{
	struct fixture f;
	struct policy_gap *gaps;
	(void)state;
	assert_int_equal(load(&f, "start: 2027-01-04, tell: dircom, by: mail"), 0);
	assert_int_equal(
		policy_gaps(&f.policy, when("2027-01-01"), when("2027-02-01"), &f.arena, &gaps), 0);
	fixture_release(&f);
}

static void mistakes(void **state)
{
	static const struct {
		const char *trial, *said;
	} cases[] = {
		{"tell: dircom", "il manque « start »"},
		{"start: 2027-01-04", "il manque « tell »"},
		{"start: hier, tell: dircom", "date illisible : hier"},
		{"start: 2027-01-04, period: 36 h, tell: dircom", "des jours entiers"},
		{"start: 2027-01-04, period: 100 j, tell: dircom", "des jours entiers"},
		{"start: 2027-01-04, end: 2027-01-04, tell: dircom", "après « start »"},
		{"start: 2027-01-04, end: 2027-08-04, tell: dircom", "de 92 jours au plus"},
		{"start: 2027-01-04, end: 2027-01-09, period: 3 j, tell: dircom",
			"l'un ou l'autre"},
		{"start: 2027-01-04, tell: dircon", "inconnu : dircon"},
		{"start: 2027-01-04, tell: dircom, qui: dgs", "qui"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fixture f;
		bool said = false;
		assert_true(load(&f, cases[i].trial) < 0);
		for (size_t k = 0; k < f.problems.n; k++)
			said |= strstr(f.problems.list[k].text, cases[i].said) != NULL;
		if (!said)
			print_error("%s: %s\n", cases[i].trial,
				f.problems.n ? f.problems.list[0].text : "nothing");
		assert_true(said);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(who_is_told),
		cmocka_unit_test(everybody_at_its_end), cmocka_unit_test(its_holes),
		cmocka_unit_test(mistakes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
