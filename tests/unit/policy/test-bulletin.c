/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Monday bulletin and the reminders of prescriptions: who gets them, when the last one was due over a change of the clocks, and every mistake. */
#include "fixture.h"
#include <tocsin/calendar/day.h>

static int64_t when(const char *text)
{
	int64_t day;
	int minute;
	assert_int_equal(day_time_parse(slice_of(text), &day, &minute), 0);
	return day_instant(day, minute < 0 ? 0 : minute);
}

static int load(struct fixture *f, const char *bulletin)
{
	_buf_ struct buf text = {0};
	const char *settings = strstr(fixture_text, "policy: {");
	buf_add(&text, fixture_text, (size_t)(settings - fixture_text));
	buf_printf(&text, "policy: {bulletin: %s, %s", bulletin, settings + strlen("policy: {"));
	return fixture_load(f, buf_string(&text));
}

static void who_and_when(void **state)
{
	static const struct {
		const char *now, *due;
	} cases[] = {
		{"2027-01-04 07:59", "2026-12-28 08:00"},
		{"2027-01-04 08:00", "2027-01-04 08:00"},
		{"2027-01-10 23:59", "2027-01-04 08:00"},
		{"2027-03-29 08:00", "2027-03-29 08:00"}, /* the day after summer time began */
		{"2027-03-29 07:59", "2027-03-22 08:00"},
	};
	struct fixture f;
	(void)state;
	assert_int_equal(load(&f, "{tell: [dircom, dgs]}"), 0);
	assert_int_equal(f.policy.bulletin.n_targets, 2); /* the dir'com by mail alone */
	assert_string_equal(f.policy.bulletin.targets[0].address, "dircom@ville.example");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(
			policy_bulletin_due(&f.policy, when(cases[i].now)) == when(cases[i].due));
	fixture_release(&f);
}

static void reminders(void **state)
{
	struct fixture f;
	(void)state;
	/* without a word on them: who reads the bulletin */
	assert_int_equal(load(&f, "{tell: dgs}"), 0);
	assert_int_equal(f.policy.prescriptions.n_targets, 1);
	assert_string_equal(f.policy.prescriptions.targets[0].address, "dgs@ville.example");
	fixture_release(&f);
	assert_int_equal(load(&f, "{tell: dgs}, prescriptions: {prévenir: dircom, à: '07:30'}"), 0);
	assert_int_equal(f.policy.bulletin.n_targets, 1);
	assert_int_equal(f.policy.prescriptions.n_targets, 1);
	assert_string_equal(f.policy.prescriptions.targets[0].address, "dircom@ville.example");
	assert_true(policy_reminders_due(&f.policy, when("2027-03-28 23:00")) ==
		when("2027-03-28 07:30"));
	fixture_release(&f);
	assert_int_not_equal(load(&f, "{tell: dgs}, prescriptions: {tell: salon}"), 0);
	fixture_release(&f);
}

static void mistakes(void **state)
{
	static const char *const wrong[] = {"{at: '08:00'}", "{tell: personne}", "oui",
		"{tell: salon}", "{tell: dgs, at: midi}", "{tell: dgs, jour: mardi}"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct fixture f;
		if (load(&f, wrong[i]) == 0)
			fail_msg("%s", wrong[i]);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(who_and_when),
		cmocka_unit_test(reminders), cmocka_unit_test(mistakes)};
	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
