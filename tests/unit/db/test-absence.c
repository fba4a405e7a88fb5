/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences that people enter: what is one, that it is entered once, that each change is seen, and when it goes. */
#include "single.h"
#include <tocsin/record/absence.h>

static int64_t now; /* once */

/* Times count from it. */
static int add(const char *person, const char *substitute, int64_t from, int64_t to)
{
	_buf_ struct buf body = {0};

	absence_encode(&body,
		&(struct absence){.person = slice_of(person),
			.substitute = slice_of(substitute),
			.from = now + from,
			.to = now + to,
			.who = SLICE("roche")});
	return ask(&f, REQUEST_ABSENCE, buf_slice(&body), NULL);
}

static int take_back(int64_t id)
{
	_buf_ struct buf body = {0};

	absence_remove_encode(&body, &(struct absence_remove_request){id, SLICE("roche")});
	return ask(&f, REQUEST_ABSENCE_REMOVE, buf_slice(&body), NULL);
}

/* "id person substitute from to;" of each. */
static void expect(const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};
	struct arena arena;
	struct absence *list;
	size_t n;

	arena_init(&arena, 0);
	check(reader_absences(r, &arena, &list, &n, &e), &e);
	for (size_t i = 0; i < n; i++)
		buf_printf(&seen, "%lld %.*s %.*s %lld %lld;", (long long)list[i].id,
			(int)list[i].person.n, list[i].person.p, (int)list[i].substitute.n,
			list[i].substitute.p, (long long)(list[i].from - now),
			(long long)(list[i].to - now));
	assert_string_equal(buf_string(&seen), want);
	arena_release(&arena);
	reader_close(r);
}

static struct absence_mark mark(void)
{
	struct reader *r = fixture_reader(&f);
	struct absence_mark m;
	struct error e = {""};

	check(reader_absence_mark(r, &m, &e), &e);
	reader_close(r);
	return m;
}

static void entered_once_in_the_order_of_time(void **state)
{
	(void)state;
	expect("");
	assert_int_equal(add("dupont", "martin", 2000, 3000), 0);
	assert_int_equal(add("leroy", "", 1000, 1500), 0);
	assert_int_equal(add("dupont", "martin", 2000, 3000), 0);
	expect("2 leroy  1000 1500;1 dupont martin 2000 3000;");
}

static void over_for_a_month_it_goes(void **state)
{
	const int64_t month = 31 * CLOCK_DAY;

	(void)state;
	assert_int_equal(add("dupont", "", -month - 20 * CLOCK_DAY, -month - 5 * CLOCK_DAY), 0);
	assert_int_equal(add("dupont", "", -month, -month + 3 * CLOCK_DAY), 0);
	assert_int_equal(add("leroy", "", 1000, 1500), 0);
	expect("2 dupont  -2678400000 -2419200000;3 leroy  1000 1500;");
}

static void what_is_none_is_refused(void **state)
{
	(void)state;
	assert_int_equal(add("", "", 1000, 2000), -EINVAL);
	assert_int_equal(add("L. Dupont", "", 1000, 2000), -EINVAL);
	assert_int_equal(add("dupont", "<b>", 1000, 2000), -EINVAL);
	assert_int_equal(add("dupont", "dupont", 1000, 2000), -EINVAL);
	assert_int_equal(add("dupont", "", 2000, 2000), -EINVAL);
	assert_int_equal(add("dupont", "", -2 * now, 2000), -EINVAL);
	assert_int_equal(add("dupont", "", 1000, 1001 + ABSENCE_DAYS_MAX * CLOCK_DAY), -EINVAL);
	assert_int_equal(ask(&f, REQUEST_ABSENCE, SLICE("x"), NULL), -EBADMSG);
	assert_int_equal(ask(&f, REQUEST_ABSENCE_REMOVE, SLICE("x"), NULL), -EBADMSG);
	expect("");
}

static void each_change_is_another_mark(void **state)
{
	(void)state;
	assert_int_equal(add("dupont", "", 1000, 2000), 0);
	const struct absence_mark one = mark();
	assert_int_equal(take_back(1), 0);
	assert_int_equal(take_back(1), -ENOENT);
	const struct absence_mark none = mark();
	assert_int_equal(add("dupont", "martin", 1000, 2000), 0);
	const struct absence_mark other = mark();
	assert_true(one.last != none.last || one.n != none.n);
	assert_true(one.last != other.last || one.n != other.n);
	expect("2 dupont martin 1000 2000;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entered_once_in_the_order_of_time),
		TEST(over_for_a_month_it_goes),
		TEST(what_is_none_is_refused),
		TEST(each_change_is_another_mark),
	};
	now = clock_now();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
