/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which clocks run: thirty, seven and no days before their end; what was left online; what a human
 * called it; what is not wanted; more than fit. */
#include "../db/single.h"

#include <tocsin/calendar/day.h>
#include <tocsin/calendar/prescription.h>
#include <tocsin/clocks/clocks.h>

static void say(const char *id, const char *category, int64_t at)
{
	struct slice name = slice_of(category);
	const struct verdict v = {.level = VERDICT_QUEUE, .categories = &name, .n_categories = 1};

	feed(&f,
		&(struct comment){.source = SLICE("forum"),
			.id = slice_of(id),
			.text = SLICE("quelque chose"),
			.created_at = at},
		&v);
}

static void decide(int64_t seq, const char *decision, const char *category)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.reason = SLICE("critique"),
			.category = slice_of(category)});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}

static void look(struct clocks *c)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int code;

	do {
		code = clocks_step(r, c, &e);
		check(code, &e);
	} while (code == 0);
	assert_int_equal(code, READER_END);
	clocks_sort(c);
	reader_close(r);
}

static void how_long(void **state)
{
	const int64_t day = prescription_day(DAY0, 3);
	static const struct {
		int64_t before;
		size_t n;
		uint64_t soon, later;
	} cases[] = {{31, 0, 0, 1}, {30, 1, 0, 0}, {8, 1, 0, 0}, {7, 1, 1, 0}, {1, 1, 1, 0},
		{0, 0, 0, 0}};

	(void)state;
	say("1", "injure_publique", DAY0);
	say("2", "menace", DAY0); /* no short clock */
	fixture_commit(&f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct clocks c = {.today = day - cases[i].before};

		look(&c);
		assert_int_equal(c.n, cases[i].n);
		assert_int_equal(c.soon, cases[i].soon);
		assert_int_equal(c.later, cases[i].later);
	}
	decide(1, "laisser", "");
	struct clocks c = {.today = day - 7};
	look(&c);
	assert_int_equal(c.n, 0);
}

/* What a human calls it counts, longer or shorter, until he takes it back. */
static void requalified(void **state)
{
	const int64_t day = prescription_day(DAY0, 3);
	_buf_ struct buf body = {0};

	(void)state;
	say("1", "injure_publique", DAY0);
	say("2", "menace", DAY0); /* no short clock */
	say("3", "injure_publique", DAY0);
	say("4", "diffamation", DAY0);
	fixture_commit(&f);
	decide(1, "masquer", "menace");
	decide(2, "masquer", "injure_publique");
	decide(3, "masquer", "injure_discriminatoire"); /* one year */
	decide(4, "masquer", "");
	struct clocks c = {.today = day - 7};
	look(&c);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.list[0].row, 2);
	assert_string_equal(c.list[0].category, "injure_publique");
	assert_true(c.list[0].day == day);
	assert_string_equal(c.list[0].decision, "masquer");
	assert_int_equal(c.list[1].row, 4);
	assert_string_equal(c.list[1].category, "diffamation");
	assert_int_equal(c.later, 1);
	struct clocks year = {.today = prescription_day(DAY0, 12) - 7};
	look(&year);
	assert_int_equal(year.n, 1);
	assert_int_equal(year.list[0].row, 3);
	assert_string_equal(year.list[0].category, "injure_discriminatoire");
	undo_encode(&body, &(struct undo_request){1, SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
	struct clocks again = {.today = day - 7};
	look(&again);
	assert_int_equal(again.n, 3);
	assert_int_equal(again.list[0].row, 1);
	assert_string_equal(again.list[0].category, "injure_publique");
}

static bool even(void *user, int64_t row, int64_t day)
{
	(void)day;
	++*(int *)user;
	return row % 2 == 0;
}

static void wanted(void **state)
{
	int asked = 0;

	(void)state;
	say("1", "injure_publique", DAY0);
	say("2", "diffamation", DAY0 + 2 * CLOCK_DAY);
	say("3", "injure_publique", DAY0);
	say("4", "injure_publique", DAY0);
	fixture_commit(&f);
	struct clocks c = {.today = prescription_day(DAY0, 3) - 7, .wants = even, .user = &asked};
	look(&c);
	assert_int_equal(asked, 4);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.list[0].row, 4); /* the soonest first */
	assert_int_equal(c.list[1].row, 2);
	assert_string_equal(c.list[1].category, "diffamation");
	assert_int_equal(c.soon, 3); /* of all, wanted or not */
}

static void too_many(void **state)
{
	char id[16];

	(void)state;
	for (int i = 0; i < CLOCKS_MAX + 5; i++) {
		snprintf(id, sizeof(id), "%d", i);
		say(id, "injure_publique", DAY0);
	}
	fixture_commit(&f);
	struct clocks c = {.today = prescription_day(DAY0, 3) - 1};
	look(&c);
	assert_int_equal(c.n, CLOCKS_MAX);
	assert_int_equal(c.beyond, 5);
	assert_int_equal(c.soon, CLOCKS_MAX + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(how_long, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(wanted, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(too_many, fixture_setup, fixture_teardown)};

	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
