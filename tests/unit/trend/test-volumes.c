/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sources and posts of which much is said, whatever it is about. */
#include "feed.h"

#define EVENING (MONDAY + 21 * D + 18 * H)

/* Three weeks: four posts a day with some comments each, and a letter box. */
static void ordinary(struct town *t)
{
	for (int d = 0; d < 21; d++)
		for (int i = 0; i < 40; i++)
			town_say(t, MONDAY + d * D + 8 * H + i * 20 * M,
				i % 8 == 7 ? "courriel" : "facebook",
				(uint64_t)(1000 + (d * 11 + i) % 300),
				(struct words){.thread = i % 8 == 7
						? 0
						: (uint64_t)(10 * d + i / 10 + 1)});
}

/* So many people, one a step; every n-th speaks of the topic. */
static void people_say(
	struct town *t, int64_t from, int64_t step, int people, struct words w, int nth)
{
	for (int i = 0; i < people; i++) {
		struct words said = w;
		if (nth && i % nth)
			said.topic = NULL;
		town_say(t, from + i * step, "facebook", (uint64_t)(5000 + i), said);
	}
}

static void crowd(struct town *t, int64_t from, int people, struct words w, int nth)
{
	people_say(t, from, 40 * CLOCK_SECOND, people, w, nth);
	town_wait(t, from + people * 40 * CLOCK_SECOND + 10 * M);
}

static const struct said *post_opened(const struct town *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->said[i].action == OBSERVE_OPEN && strncmp(t->said[i].topic, "fil:", 4) == 0)
			return &t->said[i];
	return NULL;
}

static void test_post(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	assert_int_equal(t.n, 0);
	crowd(&t, EVENING, 90, (struct words){.thread = 777}, 0);
	const struct said *open = post_opened(&t);
	assert_non_null(open);
	assert_int_equal(open->kind, INCIDENT_WHOLE);
	assert_true(
		open->at > EVENING + 30 * M && open->at < EVENING + 50 * M && open->authors >= 5);
	assert_true(open->threshold > 5 && open->once_in >= 40);
	assert_true(open->max_before >= 2); /* of the other posts */
	/* one alarm for one post: neither its source nor the whole says it again, and it wakes nobody */
	assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 1);
	assert_int_equal(town_peak(&t, open->topic), LEVEL_JAUNE);
	/* over, it stays over */
	town_wait(&t, EVENING + 12 * H);
	assert_non_null(town_find(&t, INCIDENT_WHOLE, open->topic, OBSERVE_CLOSE));
	for (int i = 0; i < 4; i++)
		town_say(&t, EVENING + 14 * H + i * H, "facebook", (uint64_t)(6000 + i),
			(struct words){.thread = 777});
	town_wait(&t, EVENING + 20 * H);
	assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 1);
	town_free(&t);
}

/* A quarter of an hour, and then nobody says anything more at all: it rings when it has waited, once. */
static void test_silence_after(void **state)
{
	static const struct words where[] = {{.thread = 777}, {.thread = 0}};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct town t = town_new();
		ordinary(&t);
		people_say(&t, EVENING, 10 * CLOCK_SECOND, 90, where[i], 0);
		town_wait(&t, EVENING + 6 * H);
		const struct said *open = i == 0
			? post_opened(&t)
			: town_find(&t, INCIDENT_WHOLE, "volume:facebook", OBSERVE_OPEN);
		assert_non_null(open);
		assert_in_range(open->at, EVENING + 30 * M, EVENING + 40 * M);
		assert_in_range(open->messages, 80, 90);
		assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 1);
		town_free(&t);
	}
}

/* What an open topic explains is said once, also when its words catch only one comment in three. */
static void test_post_of_a_topic(void **state)
{
	(void)state;
	for (int nth = 1; nth <= 3; nth++) {
		struct town t = town_new();
		ordinary(&t);
		crowd(&t, EVENING, 90, (struct words){.thread = 777, .topic = "demolition"}, nth);
		assert_non_null(town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_OPEN));
		assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 0);
		town_free(&t);
	}
}

/* The topic is open elsewhere: below another post it is another matter. */
static void test_post_beside_a_topic(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	crowd(&t, EVENING, 30, (struct words){.thread = 776, .topic = "demolition"}, 1);
	assert_null(post_opened(&t));
	crowd(&t, EVENING + H, 90, (struct words){.thread = 778}, 0);
	assert_non_null(post_opened(&t));
	town_free(&t);
}

static void test_copied_below_a_post(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	crowd(&t, EVENING, 40,
		(struct words){.thread = 777,
			.text = "Nous refusons la fermeture de la piscine et nous le dirons au conseil"},
		0);
	assert_non_null(town_find(&t, INCIDENT_CAMPAIGN, NULL, OBSERVE_OPEN));
	assert_null(post_opened(&t));
	town_free(&t);
}

/* Two who insult below a post, or five who copy, are named, and do not hide what everybody else says there. */
static void test_post_with_a_few_loud(void **state)
{
	static const char text[] =
		"Nous refusons la fermeture de la piscine et nous le dirons au conseil";
	(void)state;
	for (int copied = 0; copied < 2; copied++) {
		struct town t = town_new();
		ordinary(&t);
		for (int i = 0; i < 14; i++)
			town_say(&t, EVENING + i * 20 * CLOCK_SECOND, "facebook",
				(uint64_t)(4000 + i % (copied ? 7 : 2)),
				(struct words){.thread = 777,
					.text = copied ? text : NULL,
					.lanes = copied ? 0 : LANE_MODERATION});
		crowd(&t, EVENING + 5 * M, 40, (struct words){.thread = 777}, 0);
		town_wait(&t, EVENING + 2 * H);
		assert_non_null(town_find(
			&t, copied ? INCIDENT_CAMPAIGN : INCIDENT_RAID, NULL, OBSERVE_OPEN));
		assert_non_null(post_opened(&t));
		assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 1);
		town_free(&t);
	}
}

/* The same post number at two sources is two posts. */
static void test_posts_of_two_sources(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	for (int i = 0; i < 24; i++)
		town_say(&t, EVENING + i * 70 * CLOCK_SECOND, i % 2 ? "facebook" : "instagram",
			(uint64_t)(5000 + i), (struct words){.thread = 777});
	town_wait(&t, EVENING + H);
	const struct said *open = post_opened(&t);
	assert_true(!open || open->sources == 1);
	town_free(&t);
}

static void test_source(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	crowd(&t, EVENING, 90, (struct words){0}, 0);
	const struct said *open = town_find(&t, INCIDENT_WHOLE, "volume:facebook", OBSERVE_OPEN);
	assert_non_null(open);
	assert_true(open->at < EVENING + H && open->usual_high > 0);
	assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 1);
	assert_int_equal(town_peak(&t, "volume:facebook"), LEVEL_JAUNE);
	assert_int_equal(town_peak(&t, "volume:courriel"), LEVEL_VERT);
	town_free(&t);
}

/* A new town knows nothing of what is usual: the first post that is commented is no alarm. */
static void test_young(void **state)
{
	struct town t = town_new();
	(void)state;
	crowd(&t, MONDAY + 10 * H, 40, (struct words){.thread = 777}, 0);
	assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* A flood of posts takes no more memory than the places there are, and does not push out the one that is spoken of. */
static void test_flood_of_posts(void **state)
{
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	uint32_t before = trend_status(t.trend).series;
	uint64_t post = 100000;
	for (int i = 0; i < 90; i++) {
		town_say(&t, EVENING + i * 40 * CLOCK_SECOND, "facebook", (uint64_t)(5000 + i),
			(struct words){.thread = 777});
		for (int k = 0; k < 200; k++)
			town_say(&t, EVENING + i * 40 * CLOCK_SECOND, "forum", post++ % 4 + 1,
				(struct words){.thread = post});
	}
	town_wait(&t, EVENING + 2 * H);
	assert_true(trend_status(t.trend).series <= before + 256 + 1);
	assert_non_null(post_opened(&t));
	town_free(&t);
}

/* After a restart on another past: what the database holds open ends here too. */
static void test_adopted(void **state)
{
	static const char *const topics[] = {"fil:0000abcd", "volume:facebook", "whole"};
	struct town t = town_new();
	(void)state;
	ordinary(&t);
	for (size_t i = 0; i < 3; i++)
		trend_adopt(
			t.trend, INCIDENT_WHOLE, slice_of(topics[i]), LEVEL_JAUNE, EVENING - H, 0);
	trend_adopt(t.trend, INCIDENT_TOPIC, SLICE("categorie:spam"), LEVEL_JAUNE, EVENING - H, 0);
	trend_adopt(t.trend, INCIDENT_WHOLE, SLICE("fil:pas un nombre"), LEVEL_JAUNE, EVENING, 0);
	assert_int_equal(trend_status(t.trend).open, 4);
	town_wait(&t, EVENING + 10 * H);
	for (size_t i = 0; i < 3; i++)
		assert_non_null(town_find(&t, INCIDENT_WHOLE, topics[i], OBSERVE_CLOSE));
	assert_non_null(town_find(&t, INCIDENT_TOPIC, "categorie:spam", OBSERVE_CLOSE));
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_post),
		cmocka_unit_test(test_silence_after), cmocka_unit_test(test_post_of_a_topic),
		cmocka_unit_test(test_post_beside_a_topic),
		cmocka_unit_test(test_copied_below_a_post),
		cmocka_unit_test(test_post_with_a_few_loud),
		cmocka_unit_test(test_posts_of_two_sources), cmocka_unit_test(test_source),
		cmocka_unit_test(test_young), cmocka_unit_test(test_flood_of_posts),
		cmocka_unit_test(test_adopted)};
	return cmocka_run_group_tests_name("trend volumes", tests, NULL, NULL);
}
