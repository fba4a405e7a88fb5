/* SPDX-License-Identifier: GPL-3.0-or-later
 * From minutes to steps, and through text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>

#define NOON INT64_C(1795518000000) /* 24 November 2026, 12:00 in Paris */

/* Every message is in a step, the last step ends with the last minute, the first begins no later than the series. */
static void gather(void **state)
{
	static uint32_t minutes[200000];
	static const struct {
		size_t n;
		uint32_t step, steps;
	} cases[] = {{3, 1, 3}, {20, 1, 20}, {21, 2, 11}, {40, 2, 20}, {41, 5, 9}, {60, 5, 12},
		{240, 5, 48}, {241, 10, 25}, {721, 30, 25}, {1440, 30, 48}, {2880, 60, 48},
		{2881, 120, 25}, {11520, 240, 48}, {11521, 1440, 9}, {86400, 1440, 60},
		{86401, 2880, 31}, {200000, 4320, 47}};
	struct chart_series s;
	(void)state;
	for (size_t i = 0; i < sizeof(minutes) / sizeof(*minutes); i++)
		minutes[i] = (uint32_t)(i % 7);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t sum = 0;
		for (size_t k = 0; k < cases[i].n; k++)
			sum += minutes[k];
		/* of a message in the middle of its minute */
		assert_int_equal(chart_gather(NOON + 30000, minutes, cases[i].n, &s), 0);
		assert_int_equal(s.minutes, cases[i].step);
		assert_int_equal(s.n, cases[i].steps);
		assert_int_equal(chart_total(&s), sum);
		assert_int_equal(chart_end(&s), NOON + (int64_t)cases[i].n * CLOCK_MINUTE);
		assert_true(s.since <= NOON && s.since > NOON - (int64_t)s.minutes * CLOCK_MINUTE);
		assert_true(s.usual_high < 0 && s.threshold == 0 && s.alarm == 0);
	}
	for (size_t n = 0; n < 3; n++)
		assert_int_equal(chart_gather(NOON, minutes, n, &s), CHART_NOTHING);
}

static void gather_bounded(void **state)
{
	uint32_t minutes[42];
	struct chart_series s;
	uint32_t step;
	(void)state;
	memset(minutes, 0xff, sizeof(minutes));
	assert_int_equal(chart_gather(NOON, minutes, 42, &s), 0);
	assert_int_equal(chart_highest(&s, &step), CHART_COUNT_MAX);
	assert_int_equal(step, 0);
}

static void mark(void **state)
{
	struct chart_series s = {.since = NOON, .minutes = 5, .n = 12};
	(void)state;
	const int64_t end = NOON + CLOCK_HOUR;
	chart_mark(&s, NOON + 7);
	assert_int_equal(s.alarm, NOON + 7);
	chart_mark(&s, end + 2 * CLOCK_HOUR);
	assert_int_equal(s.alarm, end + 2 * CLOCK_HOUR);
	chart_mark(&s, end + 2 * CLOCK_HOUR + 1);
	assert_int_equal(s.alarm, 0);
	chart_mark(&s, NOON - 1);
	assert_int_equal(s.alarm, 0);
}

#define HEAD "tocsin-chart 1\nsince 1795518000000\nstep 5\n"
static const char full[] =
	HEAD "usual 2 6.5\nthreshold 12.25\nalarm 1795518900000\ncounts 0 1 30 9\n";

static void text(void **state)
{
	struct chart_series s;
	struct error e;
	_buf_ struct buf out = {0};
	(void)state;
	assert_int_equal(chart_read(slice_of(full), &s, &e), 0);
	assert_true(s.since == NOON && s.minutes == 5 && s.n == 4 && s.counts[2] == 30);
	assert_true(s.usual_low == 2 && s.usual_high == 6.5 && s.threshold == 12.25);
	assert_int_equal(s.alarm, NOON + 15 * CLOCK_MINUTE);
	chart_write(&out, &s);
	assert_string_equal(buf_string(&out), full);
	for (size_t i = 0; i < strlen(full); i++)
		assert_int_equal(chart_read((struct slice){full, i}, &s, &e), -EINVAL);
	assert_int_equal(chart_read(SLICE(HEAD "counts 7\n"), &s, &e), 0);
	assert_true(s.usual_high < 0 && s.threshold == 0 && s.alarm == 0 && s.n == 1);
	/* the longest that is written is read */
	s = (struct chart_series){.since = CLOCK_MAX,
		.minutes = 366 * 1440,
		.n = CHART_STEPS,
		.usual_low = 1e300,
		.usual_high = 1e300,
		.threshold = 99999998.999,
		.alarm = CLOCK_MAX};
	for (uint32_t i = 0; i < CHART_STEPS; i++)
		s.counts[i] = CHART_COUNT_MAX;
	buf_clear(&out);
	chart_write(&out, &s);
	assert_true(out.n <= CHART_TEXT_MAX);
	assert_int_equal(chart_read(buf_slice(&out), &s, &e), 0);
}

static void refused(void **state)
{
	static const char *const cases[] = {"", "\n", "tocsin-chart 2\n", HEAD, HEAD "counts\n",
		HEAD "counts \n", HEAD "counts 1 \n", HEAD "counts  1\n", HEAD "counts 01\n",
		HEAD "counts -1\n", HEAD "counts +1\n", HEAD "counts 1.5\n", HEAD "counts 1e3\n",
		HEAD "counts 1\r\n", HEAD "counts 1\n\n", HEAD "counts 1000000000\n",
		HEAD "counts 99999999999999999999\n", HEAD "counts 1", HEAD "usual 3 2\ncounts 1\n",
		HEAD "usual 3\ncounts 1\n", HEAD "usual 1.234 2\ncounts 1\n",
		HEAD "usual 1. 2\ncounts 1\n", HEAD "usual nan 2\ncounts 1\n",
		HEAD "usual 1,5 2\ncounts 1\n", HEAD "usual 100000000 100000000\ncounts 1\n",
		HEAD "alarm 1\ncounts 1\n", HEAD "alarm 0\ncounts 1\n",
		HEAD "threshold 3\nusual 1 2\ncounts 1\n", HEAD "colour red\ncounts 1\n",
		"tocsin-chart 1\nsince 1\nstep 0\ncounts 1\n",
		"tocsin-chart 1\nsince 1\nstep 527041\ncounts 1\n",
		"tocsin-chart 1\nsince 4102444800001\nstep 5\ncounts 1\n"};
	struct chart_series s;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct error e = {.text = ""};
		if (chart_read(slice_of(cases[i]), &s, &e) != -EINVAL || !e.text[0])
			fail_msg("not refused: %s", cases[i]);
	}
	_buf_ struct buf many = {0};
	struct error e;
	buf_add_string(&many, HEAD "counts");
	for (uint32_t i = 0; i <= CHART_STEPS; i++)
		buf_add_string(&many, " 1");
	buf_add_char(&many, '\n');
	assert_int_equal(chart_read(buf_slice(&many), &s, &e), -EINVAL);
	assert_int_equal(
		chart_read((struct slice){full, sizeof(full)}, &s, &e), -EINVAL); /* its NUL */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(gather),
		cmocka_unit_test(gather_bounded), cmocka_unit_test(mark), cmocka_unit_test(text),
		cmocka_unit_test(refused)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
