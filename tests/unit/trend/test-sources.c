/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

/* Two sources with a day's rhythm; `quiet` stops at `stop`. Deterministic jitter. */
static void weeks(struct town *t, int days, int loud, int quiet, int64_t stop)
{
	uint32_t seed = 3;
	for (int d = 0; d < days; d++)
		for (int i = 0; i < loud + quiet; i++) {
			seed = seed * 1103515245u + 12345u;
			int64_t at = MONDAY + d * D + 7 * H + i * (15 * H / (loud + quiet)) +
				(seed >> 16) % (10 * 60) * 1000;
			bool mine = i % ((loud + quiet) / quiet) == 0;
			if (!mine || at < stop)
				town_say(t, at, mine ? "instagram" : "facebook",
					100 + (seed >> 16) % 200, (struct words){0});
		}
	town_wait(t, MONDAY + days * D);
}

static void test_falls_silent(void **state)
{
	struct town t = town_new();
	int64_t stop = MONDAY + 14 * D + 12 * H;
	(void)state;
	t.grey = true;
	weeks(&t, 17, 60, 20, stop);
	const struct said *grey = town_find(&t, INCIDENT_GREY, "source:instagram", OBSERVE_OPEN);
	assert_non_null(grey);
	assert_int_equal(grey->level, LEVEL_GRIS);
	assert_int_equal(grey->deaf, 1);
	assert_true(grey->at > stop + 2 * H && grey->at < stop + 24 * H);
	assert_int_equal(town_count(&t, INCIDENT_GREY, OBSERVE_OPEN),
		1); /* said once, and of the other not at all */
	town_say(&t, MONDAY + 17 * D + 9 * H, "instagram", 7, (struct words){0});
	town_wait(&t, MONDAY + 17 * D + 9 * H + 10 * M);
	const struct said *back = town_find(&t, INCIDENT_GREY, "source:instagram", OBSERVE_CLOSE);
	assert_non_null(back);
	assert_true(back->at <= MONDAY + 17 * D + 9 * H + 3 * M);
	town_free(&t);
}

static void test_in_rhythm(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	weeks(&t, 28, 60, 20, INT64_MAX);
	assert_int_equal(town_count(&t, INCIDENT_GREY, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* The first days are no rhythm. */
static void test_young(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	weeks(&t, 6, 60, 20, MONDAY + 3 * D);
	assert_int_equal(town_count(&t, INCIDENT_GREY, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* A source that speaks in bursts, every third day, has that for a rhythm. */
static void test_bursts(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	for (int d = 0; d < 42; d++)
		for (int i = 0; i < 60; i++) {
			town_say(&t, MONDAY + d * D + 7 * H + i * 15 * M, "facebook",
				(uint64_t)(100 + i), (struct words){0});
			if (d % 3 == 0 && i < 24)
				town_say(&t, MONDAY + d * D + 7 * H + i * 15 * M, "lettre",
					(uint64_t)(100 + i), (struct words){0});
		}
	size_t after = 0;
	for (size_t i = 0; i < t.n; i++)
		after += t.said[i].action == OBSERVE_OPEN && t.said[i].minute > MONDAY + 21 * D;
	assert_int_equal(after, 0);
	town_free(&t);
}

/* The configuration's own limit counts from the first sign on. */
static void test_configured(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	trend_source(t.trend, SLICE("formulaire"), 6 * H);
	trend_source(t.trend, SLICE("jamais"), H);
	town_say(&t, MONDAY + 8 * H, "formulaire", 1, (struct words){0});
	town_say(&t, MONDAY + 9 * H, "facebook", 2, (struct words){0});
	town_wait(&t, MONDAY + 14 * H - M);
	assert_int_equal(t.n, 0);
	town_wait(&t, MONDAY + 14 * H + 5 * M);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.said[0].topic, "source:formulaire");
	assert_int_equal(t.said[0].since, MONDAY + 8 * H);
	town_free(&t);
}

/* An alarm lists what is not heard. */
static void test_deaf_in_facts(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	int64_t noon = MONDAY + 16 * D + 12 * H;
	weeks(&t, 16, 60, 20, MONDAY + 14 * D + 12 * H);
	for (int i = 0; i < 20; i++)
		town_say(&t, noon + i * M, "facebook", (uint64_t)(900 + i),
			(struct words){.topic = "demolition"});
	town_wait(&t, noon + 30 * M);
	const struct said *open = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->deaf, 1);
	town_free(&t);
}

/* A clock that moves with comments leaps over what was not recorded. */
static void test_nobody_speaks(void **state)
{
	(void)state;
	for (int event = 0; event < 2; event++) {
		struct trend_config c = trend_config_default();
		struct town t = town_new();
		t.grey = true;
		c.event_clock = event;
		trend_free(t.trend);
		t.trend = trend_new(&c);
		weeks(&t, 14, 60, 20, INT64_MAX);
		town_say(&t, MONDAY + 18 * D + 12 * H, "facebook", 1, (struct words){0});
		town_wait(&t, MONDAY + 18 * D + 13 * H);
		assert_int_equal(town_count(&t, INCIDENT_GREY, OBSERVE_OPEN), event ? 0 : 2);
		town_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_falls_silent),
		cmocka_unit_test(test_in_rhythm), cmocka_unit_test(test_young),
		cmocka_unit_test(test_bursts), cmocka_unit_test(test_configured),
		cmocka_unit_test(test_deaf_in_facts), cmocka_unit_test(test_nobody_speaks)};
	return cmocka_run_group_tests_name("trend sources", tests, NULL, NULL);
}
