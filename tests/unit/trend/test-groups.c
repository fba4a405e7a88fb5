/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#define EVENING (MONDAY + 15 * D + 21 * H)
#define TRACT \
	"Habitants de la Louvière, le bois des Chênes va perdre quarante arbres pour un parking dont personne n'a besoin ici."

static void raid(struct town *t, int authors, int each, bool offences)
{
	for (int i = 0; i < authors * each; i++)
		town_say(t, EVENING + i * M, "facebook", (uint64_t)(9000 + i % authors),
			(struct words){.topic = "elus",
				.category = offences ? "injure_publique" : NULL,
				.lanes = offences ? LANE_MODERATION : 0});
	town_wait(t, EVENING + 5 * H);
}

/* Four accounts are not a town that rises. */
static void test_raid(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	raid(&t, 4, 8, true);
	const struct said *open = town_find(&t, INCIDENT_RAID, "raid", OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->level, LEVEL_JAUNE);
	assert_int_equal(open->since, EVENING);
	assert_int_equal(open->top5, 100);
	assert_non_null(town_find(&t, INCIDENT_RAID, "raid", OBSERVE_CLOSE));
	assert_int_equal(town_count(&t, INCIDENT_RAID, OBSERVE_OPEN), 1);
	assert_int_equal(town_peak(&t, "elus"), LEVEL_VERT);
	assert_int_equal(town_peak(&t, "categorie:injure_publique"), LEVEL_VERT);
	const struct said *close = town_find(&t, INCIDENT_RAID, "raid", OBSERVE_CLOSE);
	assert_int_equal(close->messages, 32);
	assert_int_equal(close->authors, 4);
	town_free(&t);
}

/* Talkative people who offend nobody are none; nor is a crowd. */
static void test_no_raid(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	raid(&t, 4, 8, false);
	assert_int_equal(town_count(&t, INCIDENT_RAID, OBSERVE_OPEN), 0);
	town_free(&t);
	t = town_new();
	town_days(&t, MONDAY, 15, 40, "dechets");
	raid(&t, 20, 5, true);
	assert_int_equal(town_count(&t, INCIDENT_RAID, OBSERVE_OPEN), 0);
	assert_int_equal(town_peak(&t, "elus"), LEVEL_ORANGE);
	town_free(&t);
}

/* Two who quarrel, with a word too much each, are none. */
static void test_quarrel(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 16; i++)
		town_say(&t, EVENING + i * M, "facebook", (uint64_t)(9000 + i % 2),
			(struct words){.lanes = i < 2 ? LANE_MODERATION : 0});
	town_wait(&t, EVENING + 5 * H);
	assert_int_equal(town_count(&t, INCIDENT_RAID, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* A flood of insults by many is a category that rises. */
static void test_category(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 20; i++)
		town_say(&t, EVENING + i * M, "facebook", (uint64_t)(9000 + i),
			(struct words){.category = "injure_publique", .lanes = LANE_MODERATION});
	town_wait(&t, EVENING + H);
	assert_int_equal(town_peak(&t, "categorie:injure_publique"), LEVEL_ORANGE);
	assert_int_equal(town_peak(&t, "whole"), LEVEL_VERT); /* it has its name */
	town_free(&t);
}

static void copies(struct town *t, int n, int64_t step, const char *text)
{
	for (int i = 0; i < n; i++)
		town_say(t, EVENING - 12 * H + i * step, "facebook", (uint64_t)(9100 + i),
			(struct words){.topic = "environnement", .text = text});
	town_wait(t, EVENING + n * step + 30 * H);
}

static void test_campaign(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	copies(&t, 15, 10 * M, TRACT);
	const struct said *open = town_find(&t, INCIDENT_CAMPAIGN, NULL, OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->level, LEVEL_JAUNE);
	assert_int_equal(open->authors, 5);
	assert_int_equal(open->copied, 5);
	assert_int_equal(open->since, EVENING - 12 * H);
	const struct said *close = town_find(&t, INCIDENT_CAMPAIGN, NULL, OBSERVE_CLOSE);
	assert_non_null(close);
	assert_int_equal(close->messages, 15);
	assert_int_equal(town_count(&t, INCIDENT_CAMPAIGN, OBSERVE_OPEN), 1);
	assert_int_equal(town_peak(&t, "environnement"), LEVEL_VERT); /* one voice, many mouths */
	town_free(&t);
}

/* Closed because nobody said it any more, and opened again by hand: it has the time that any other has until it closes. */
static void test_reopened(void **state)
{
	static const struct {
		enum incident_kind kind;
		int64_t quiet;
	} rows[] = {{INCIDENT_CAMPAIGN, 12 * H}, {INCIDENT_RAID, 2 * H}};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct town t = town_new();
		int64_t now = EVENING + 4 * D;
		town_days(&t, MONDAY, 15, 40, "dechets");
		if (rows[i].kind == INCIDENT_CAMPAIGN)
			copies(&t, 15, 10 * M, TRACT);
		else
			raid(&t, 4, 8, true);
		town_wait(&t, now);
		const struct said *open = town_find(&t, rows[i].kind, NULL, OBSERVE_OPEN);
		assert_non_null(open);
		assert_int_equal(town_count(&t, rows[i].kind, OBSERVE_CLOSE), 1);
		trend_adopt(t.trend, rows[i].kind, slice_of(open->topic), LEVEL_JAUNE, open->since,
			now);
		town_wait(&t, now + rows[i].quiet - 10 * M);
		assert_int_equal(town_count(&t, rows[i].kind, OBSERVE_CLOSE), 1);
		town_wait(&t, now + rows[i].quiet + 20 * M);
		assert_int_equal(town_count(&t, rows[i].kind, OBSERVE_CLOSE), 2);
		assert_int_equal(town_count(&t, rows[i].kind, OBSERVE_OPEN), 1);
		town_free(&t);
	}
}

static void test_no_campaign(void **state)
{
	(void)state;
	static const struct {
		int n;
		int64_t step;
		const char *text;
	} rows[] = {{4, 10 * M, TRACT}, {12, 8 * H, TRACT} /* three a day */,
		{15, 10 * M, "Bon anniversaire Odette !"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		copies(&t, rows[i].n, rows[i].step, rows[i].text);
		assert_int_equal(town_count(&t, INCIDENT_CAMPAIGN, OBSERVE_OPEN), 0);
		town_free(&t);
	}
}

/* One account that repeats itself is no campaign. */
static void test_one_parrot(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 20; i++)
		town_say(&t, EVENING + i * M, "facebook", 9200, (struct words){.text = TRACT});
	town_wait(&t, EVENING + H);
	assert_int_equal(t.n, 0);
	town_free(&t);
}

/* More tracts at once than there is room for: the first ones are named, nothing breaks. */
static void test_many_campaigns(void **state)
{
	struct town t = town_new();
	char text[200];
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 20; k++) {
			snprintf(text, sizeof(text),
				"tract%d numéro%d parle%d de%d choses%d très%d diverses%d sans%d rapport%d aucun%d",
				k, k, k, k, k, k, k, k, k, k);
			town_say(&t, EVENING + (i * 20 + k) * 10 * CLOCK_SECOND, "facebook",
				(uint64_t)(9300 + i), (struct words){.text = text});
		}
	town_wait(&t, EVENING + 40 * H);
	assert_int_equal(town_count(&t, INCIDENT_CAMPAIGN, OBSERVE_OPEN), 8);
	assert_int_equal(town_count(&t, INCIDENT_CAMPAIGN, OBSERVE_CLOSE), 8);
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_raid),
		cmocka_unit_test(test_no_raid), cmocka_unit_test(test_quarrel),
		cmocka_unit_test(test_category), cmocka_unit_test(test_campaign),
		cmocka_unit_test(test_reopened), cmocka_unit_test(test_no_campaign),
		cmocka_unit_test(test_one_parrot), cmocka_unit_test(test_many_campaigns)};
	return cmocka_run_group_tests_name("trend groups", tests, NULL, NULL);
}
