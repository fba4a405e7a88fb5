/* SPDX-License-Identifier: GPL-3.0-or-later
 * Election periods: both days whole, one or several, and every mistake. */
#include "fixture.h"
#include <errno.h>
#include <tocsin/calendar/day.h>

static int64_t when(const char *text)
{
	int64_t day;
	int minute;
	assert_int_equal(day_time_parse(slice_of(text), &day, &minute), 0);
	return day_instant(day, minute < 0 ? 0 : minute);
}

static int load(struct fixture *f, const char *election)
{
	_buf_ struct buf text = {0};
	const char *settings = strstr(fixture_text, "policy: {");
	buf_add(&text, fixture_text, (size_t)(settings - fixture_text));
	buf_printf(&text, "policy: {election: %s, %s", election, settings + strlen("policy: {"));
	return fixture_load(f, buf_string(&text));
}

static const char *at(const struct fixture *f, const char *moment)
{
	const struct policy_election *e = policy_election_at(&f->policy, when(moment));
	return !e ? "" : e->title ? e->title : "?";
}

static void days_are_whole(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(load(&f,
				 "[{title: municipales, from: 2027-09-01, to: 2028-03-19},"
				 " {du: 2029-01-01, au: '2029-02-01 20:00'}]"),
		0);
	assert_string_equal(at(&f, "2027-08-31 23:59"), "");
	assert_string_equal(at(&f, "2027-09-01"), "municipales");
	assert_string_equal(at(&f, "2028-03-19 23:59"), "municipales");
	assert_string_equal(at(&f, "2028-03-20"), "");
	assert_string_equal(at(&f, "2029-02-01 19:59"), "?");
	assert_string_equal(at(&f, "2029-02-01 20:00"), "");
	fixture_release(&f);
	assert_int_equal(load(&f, "{from: 2027-09-01, to: 2027-09-01}"), 0);
	assert_string_equal(at(&f, "2027-09-01 12:00"), "?");
	fixture_release(&f);
}

static void candidates_are_names(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(
		load(&f,
			"{from: 2027-09-01, to: 2028-03-19, candidats: [Jeanne Martin, 'Liste « Valmont »']}"),
		0);
	const struct policy_election *e = policy_election_at(&f.policy, when("2027-10-01"));
	assert_int_equal(e->n_candidates, 2);
	assert_string_equal(e->candidates[0], "Jeanne Martin");
	fixture_release(&f);
	assert_int_equal(
		load(&f, "{from: 2027-09-01, to: 2028-03-19, candidates: Jeanne}"), -EINVAL);
	fixture_release(&f);
	assert_int_equal(
		load(&f, "{from: 2027-09-01, to: 2028-03-19, candidates: [x, {a: b}]}"), -EINVAL);
	assert_int_equal(f.problems.errors, 2);
	fixture_release(&f);
}

static void mistakes(void **state)
{
	static const char *const wrong[] = {"{from: 2027-09-01}", "{from: hier, to: 2027-09-01}",
		"{from: 2027-09-02, to: 2027-09-01}", "non",
		"[{from: 2027-09-01, to: 2027-09-02, qui: x}]"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct fixture f;
		assert_true(load(&f, wrong[i]) < 0);
		assert_true(f.problems.errors > 0);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(days_are_whole),
		cmocka_unit_test(candidates_are_names), cmocka_unit_test(mistakes)};
	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
