/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hours and astreintes: over nights, holidays and changes of the clock; turns, shifts, absences; the CSV file. What
 * *_change() promises is held against every minute of a year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/calendar/rota.h>

static const struct holidays metropole = {.zone = HOLIDAY_METROPOLE};
static const struct hours_span office_spans[] = {{0x1f, 8 * 60, 12 * 60}, {0x1f, 14 * 60, 18 * 60}};
static const struct hours office = {"bureau", "", office_spans, 2, &metropole};
/* also on the nights of a change, at 02:30 */
static const struct hours_span night_spans[] = {{0x7f, 18 * 60, 2 * 60 + 30}};
static const struct hours nights = {"nuit", "", night_spans, 1, NULL};

static int64_t local(int year, int month, int day, int minute)
{
	return day_instant(clock_days_of(year, month, day), minute);
}

static void hours_over_the_year(void **state)
{
	(void)state;
	assert_false(hours_open(&office, local(2027, 8, 13, 479)));
	assert_true(hours_open(&office, local(2027, 8, 13, 480)));
	assert_false(hours_open(&office, local(2027, 8, 13, 720)));
	assert_false(hours_open(&office, local(2027, 8, 14, 600))); /* Saturday */
	assert_false(hours_open(&office, local(2027, 7, 14, 600))); /* a Wednesday, holiday */
	/* that night 02:30 is left out: it ends at the change; in October it ends at the first 02:30 */
	assert_true(hours_open(&nights, local(2027, 3, 28, 60)));
	assert_false(hours_open(&nights, local(2027, 3, 28, 181)));
	assert_true(hours_open(&nights, local(2027, 10, 31, 149)));
	assert_false(hours_open(&nights, local(2027, 10, 31, 150)));
	assert_false(hours_open(
		&nights, local(2027, 10, 31, 150) + 45 * CLOCK_MINUTE)); /* 02:15 again */
}

static void open_time_passes(void **state)
{
	(void)state;
	/* a Friday: within the morning, over noon, over the weekend */
	assert_int_equal(hours_after(&office, local(2027, 8, 13, 600), 60 * CLOCK_MINUTE),
		local(2027, 8, 13, 660));
	assert_int_equal(hours_after(&office, local(2027, 8, 13, 600), 180 * CLOCK_MINUTE),
		local(2027, 8, 13, 900));
	assert_int_equal(hours_after(&office, local(2027, 8, 13, 1080), CLOCK_MINUTE),
		local(2027, 8, 16, 481));
	/* Tuesday evening before 14 July: Thursday */
	assert_int_equal(hours_after(&office, local(2027, 7, 13, 1200), 2 * CLOCK_HOUR),
		local(2027, 7, 15, 600));
	/* to the minute of closing, and nothing at all */
	assert_int_equal(hours_after(&office, local(2027, 8, 13, 600), 6 * CLOCK_HOUR),
		local(2027, 8, 13, 1080));
	assert_int_equal(hours_after(&office, local(2027, 8, 14, 600), 0), local(2027, 8, 14, 600));
	/* one that never opens does not last for ever */
	const struct hours never = {"jamais", "", NULL, 0, NULL};
	assert_true(hours_after(&never, local(2027, 1, 1, 0), CLOCK_HOUR) >=
		local(2027, 1, 1, 0) + 700 * CLOCK_DAY);
}

/* Of two moments the later one never comes out earlier: the order of a queue rests on it. */
static void later_stays_later(void **state)
{
	int64_t before = 0;
	(void)state;
	for (int64_t ms = local(2027, 3, 26, 0); ms < local(2027, 4, 2, 0);
		ms += 7 * CLOCK_MINUTE) {
		int64_t at = hours_after(&nights, ms, 3 * CLOCK_HOUR);
		assert_true(at >= before && at >= ms + 3 * CLOCK_HOUR);
		before = at;
	}
}

static void nothing_changes_between(void **state)
{
	const struct hours *const all[] = {&office, &nights};
	(void)state;
	for (size_t h = 0; h < 2; h++) {
		int64_t t = local(2027, 1, 1, 0), end = local(2028, 1, 1, 0);
		bool open = hours_open(all[h], t);
		int64_t next = hours_change(all[h], t);
		for (; t < end; t += 10 * CLOCK_MINUTE) {
			assert_true(next > t - 10 * CLOCK_MINUTE);
			if (t >= next) {
				open = hours_open(all[h], next);
				next = hours_change(all[h], next);
			}
			assert_int_equal(hours_open(all[h], t), open);
		}
	}
}

static void turns(void **state)
{
	static const size_t turn[] = {7, 8, 9};
	/* from Friday 1 January 2027, every Friday at 18:00 */
	const struct rota_absence away[] = {{local(2027, 1, 11, 0), local(2027, 1, 13, 0), 8, 9},
		{local(2027, 1, 12, 0), local(2027, 1, 13, 0), 9, ROTA_NOBODY}};
	const struct rota_shift shifts[] = {{local(2027, 1, 20, 0), local(2027, 1, 21, 0), 7}};
	const struct rota r = {.turn = turn,
		.n_turn = 3,
		.start = clock_days_of(2027, 1, 1),
		.handover = 18 * 60,
		.period = 7,
		.shifts = shifts,
		.n_shifts = 1,
		.absences = away,
		.n_absences = 2};
	size_t planned;
	(void)state;
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 1, 1079), NULL), 9);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 1, 1080), NULL), 7);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 8, 1079), NULL), 7);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 8, 1080), &planned), 8);
	assert_int_equal(planned, 8);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 11, 60), &planned), 9);
	assert_int_equal(planned, 8);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 12, 60), &planned), ROTA_NOBODY);
	assert_int_equal(planned, 8);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 20, 60), NULL), 7);
	assert_int_equal(rota_on_duty(&r, local(2027, 1, 21, 60), NULL), 9);
	assert_int_equal(rota_change(&r, local(2027, 1, 1, 1080)), local(2027, 1, 8, 1080));
	assert_int_equal(rota_change(&r, local(2027, 1, 8, 1080)), local(2027, 1, 11, 0));
	assert_int_equal(rota_change(&r, local(2027, 1, 19, 0)), local(2027, 1, 20, 0));
	int64_t t = local(2027, 3, 1, 0), next = t; /* also over the change of the clocks */
	for (size_t who = 0; t < local(2027, 4, 30, 0); t += 7 * CLOCK_MINUTE) {
		if (t >= next) {
			who = rota_on_duty(&r, t, NULL);
			next = rota_change(&r, t);
		}
		assert_int_equal(rota_on_duty(&r, t, NULL), who);
	}
}

static void only_in_its_hours(void **state)
{
	static const size_t turn[] = {4};
	const struct rota r = {.hours = &nights, .turn = turn, .n_turn = 1, .period = 7};
	(void)state;
	assert_int_equal(rota_on_duty(&r, local(2027, 6, 1, 12 * 60), NULL), ROTA_NOBODY);
	assert_int_equal(rota_on_duty(&r, local(2027, 6, 1, 19 * 60), NULL), 4);
	assert_int_equal(rota_change(&r, local(2027, 6, 1, 12 * 60)), local(2027, 6, 1, 18 * 60));
}

static size_t find(void *user, struct slice name)
{
	(void)user;
	return slice_is(name, "dupont") ? 1 : slice_is(name, "L. Martin") ? 2 : ROTA_NOBODY;
}

static void reads_csv(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "Semaine;Début;Fin;Agent\r\n"
				   "33;13/08/2027 18:00;20/08/2027 18:00;\"L. Martin\"\r\n"
				   "\r\n# vacances\r\n"
				   "32;06/08/2027;13/08/2027;dupont\r\n";
	struct problems p = {0};
	struct rota_shift *list;
	size_t n;
	(void)state;
	assert_int_equal(rota_csv("a.csv", slice_of(text), 18 * 60, find, NULL, &list, &n, &p), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].who, 1);
	assert_int_equal(list[0].from, local(2027, 8, 6, 1080));
	assert_int_equal(list[0].to, local(2027, 8, 13, 1080));
	assert_int_equal(list[1].who, 2);
	free(list);
	/* without a handover the last day counts whole */
	assert_int_equal(rota_csv("a.csv", SLICE("2027-08-06,2027-08-12,dupont"), -1, find, NULL,
				 &list, &n, &p),
		0);
	assert_int_equal(list[0].to, local(2027, 8, 13, 0));
	free(list);
	assert_int_equal(rota_csv("a.csv", SLICE(""), -1, find, NULL, &list, &n, &p), 0);
	assert_int_equal(n, 0);
	problems_release(&p);
}

static void says_what_is_wrong_in_csv(void **state)
{
	static const struct {
		const char *text, *word;
		unsigned line, column;
	} cases[] = {
		{"début;fin;personne\n2027-08-06;2027-08-32;dupont", "date illisible", 2, 12},
		{"2027-08-06;2027-08-12;durand", "personne inconnue : durand", 1, 23},
		{"2027-08-06;2027-08-01;dupont", "après le début", 1, 12},
		{"2027-08-06;2027-08-12", "début, fin et personne", 1, 1},
		{"é;\n", "début, fin et personne", 1, 1},
		{"2027-08-06;2027-08-12;dupont\n2027-08-12 12:00;2027-08-20;dupont", "à la fois", 2,
			1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct problems p = {0};
		struct rota_shift *list;
		size_t n;
		assert_true(rota_csv("a.csv", slice_of(cases[i].text), -1, find, NULL, &list, &n,
				    &p) < 0);
		assert_non_null(strstr(p.list[0].text, cases[i].word));
		assert_int_equal(p.list[0].line, cases[i].line);
		assert_int_equal(p.list[0].column, cases[i].column);
		problems_release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(hours_over_the_year),
		cmocka_unit_test(open_time_passes), cmocka_unit_test(later_stays_later),
		cmocka_unit_test(nothing_changes_between), cmocka_unit_test(turns),
		cmocka_unit_test(only_in_its_hours), cmocka_unit_test(reads_csv),
		cmocka_unit_test(says_what_is_wrong_in_csv)};
	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
