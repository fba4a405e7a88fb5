/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#define TUESDAY (MONDAY + 15 * D)

/* n different people, one a step. */
static void crowd(
	struct town *t, int64_t from, int n, int64_t step, const char *topic, const char *source)
{
	for (int i = 0; i < n; i++)
		town_say(t, from + i * step, source, (uint64_t)(5000 + i),
			(struct words){.topic = topic});
}

static void test_calm_is_silent(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 21, 60, "dechets");
	assert_int_equal(t.n, 0);
	town_free(&t);
}

static void test_levels(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 60; i++)
		town_say(&t, TUESDAY + 12 * H + i * 30 * CLOCK_SECOND,
			i % 3 ? "facebook" : "instagram", (uint64_t)(5000 + i),
			(struct words){.topic = "demolition"});
	town_wait(&t, TUESDAY + 13 * H);
	const struct said *open = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->level, LEVEL_JAUNE);
	assert_int_equal(open->since, TUESDAY + 12 * H);
	assert_true(open->authors >= 5 && open->authors < 8);
	const struct said *raise = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_RAISE);
	assert_non_null(raise);
	assert_int_equal(raise->level, LEVEL_ORANGE);
	assert_true(raise->authors >= 8 && raise->at <= TUESDAY + 12 * H + 8 * M);
	assert_int_equal(raise->max_before, 0);
	assert_int_equal(town_peak(&t, "demolition"), LEVEL_ROUGE);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_OPEN), 1);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_RAISE), 2);
	for (size_t i = 0; i < t.n; i++)
		if (t.said[i].level == LEVEL_ROUGE && t.said[i].action == OBSERVE_RAISE) {
			assert_true(t.said[i].authors >= 25 && t.said[i].sources == 2);
			assert_true(t.said[i].at <= TUESDAY + 12 * H + 17 * M);
		}
	town_free(&t);
}

/* The floors of the design, exactly: 7 authors are no orange, 24 no rouge, one source no rouge. */
static void test_floors(void **state)
{
	static const struct {
		int authors, sources;
		enum town_level peak;
	} rows[] = {{4, 2, LEVEL_VERT}, {5, 2, LEVEL_JAUNE}, {7, 2, LEVEL_JAUNE},
		{8, 2, LEVEL_ORANGE}, {24, 2, LEVEL_ORANGE}, {25, 2, LEVEL_ROUGE},
		{25, 1, LEVEL_ORANGE}, {60, 1, LEVEL_ORANGE}};
	(void)state;
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		for (int i = 0; i < rows[r].authors * 2; i++) /* each says two things */
			town_say(&t, TUESDAY + 12 * H + i * 5 * CLOCK_SECOND,
				i % 2 && rows[r].sources > 1 ? "site" : "facebook",
				(uint64_t)(5000 + i / 2), (struct words){.topic = "demolition"});
		town_wait(&t, TUESDAY + 12 * H + 40 * M);
		assert_int_equal(town_peak(&t, "demolition"), rows[r].peak);
		town_free(&t);
	}
}

/* What is usual for a busy topic is no alarm; the same count is one for a quiet topic. */
static void test_own_past(void **state)
{
	struct town t = town_new();
	(void)state;
	for (int d = 0; d < 15; d++)
		crowd(&t, MONDAY + d * D + 18 * H, 12, 2 * M, "sport", "facebook");
	size_t before = town_count(&t, INCIDENT_TOPIC, OBSERVE_RAISE);
	crowd(&t, TUESDAY + 18 * H, 12, 2 * M, "sport", "facebook");
	town_wait(&t, TUESDAY + 19 * H);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_RAISE), before);
	for (size_t i = 0; i < t.n; i++) /* after a few days nothing at all */
		assert_true(t.said[i].minute < MONDAY + 4 * D);
	crowd(&t, TUESDAY + 20 * H, 12, 2 * M, "eau", "facebook");
	town_wait(&t, TUESDAY + 21 * H);
	assert_int_equal(town_peak(&t, "eau"), LEVEL_ORANGE);
	town_free(&t);
}

static void test_sensitivity(void **state)
{
	(void)state;
	for (int off = 0; off < 2; off++) {
		struct town t = town_new();
		trend_topic(t.trend, SLICE("demolition"), SLICE("Démolition"),
			off ? TREND_OFF : TREND_NORMAL);
		town_days(&t, MONDAY, 15, 40, "dechets");
		crowd(&t, TUESDAY + 12 * H, 40, 30 * CLOCK_SECOND, "demolition", "facebook");
		town_wait(&t, TUESDAY + 14 * H);
		assert_int_equal(town_peak(&t, "demolition"), off ? LEVEL_VERT : LEVEL_ORANGE);
		town_free(&t);
	}
	assert_int_equal(trend_sensitivity_of(SLICE("high")), TREND_HIGH);
	assert_int_equal(trend_sensitivity_of(SLICE("off")), TREND_OFF);
	assert_int_equal(trend_sensitivity_of(SLICE("")), TREND_NORMAL);
}

/* Up at once, down step by step and late, closed once; nothing said twice. */
static void test_hysteresis(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 60; i++)
		town_say(&t, TUESDAY + 12 * H + i * 30 * CLOCK_SECOND, i % 2 ? "facebook" : "site",
			(uint64_t)(5000 + i), (struct words){.topic = "demolition"});
	town_wait(&t, TUESDAY + 40 * H);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_LOWER), 2);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_CLOSE), 1);
	const struct said *lower = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_LOWER);
	const struct said *close = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_CLOSE);
	assert_int_equal(lower->level, LEVEL_ORANGE);
	assert_true(lower->minute >= TUESDAY + 13 * H + 30 * M);
	assert_true(close->minute >= lower->minute + 5 * H && close->minute < TUESDAY + 30 * H);
	assert_int_equal(close->messages, 60);
	/* it may ring again the next week */
	crowd(&t, TUESDAY + 7 * D + 12 * H, 10, M, "demolition", "facebook");
	town_wait(&t, TUESDAY + 7 * D + 13 * H);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_OPEN), 2);
	assert_true(t.said[t.n - 1].max_before >= 59);
	town_free(&t);
}

/* A source that was out of reach tells after the end what was said before it: the incident told of none of that. A few words
 * more are no news. */
static void test_heard_after_the_end(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	int64_t noon = TUESDAY + 12 * H, end = 0;
	crowd(&t, noon, 12, M, "demolition", "facebook");
	for (int64_t at = noon; end == 0 && at < noon + 12 * H; at += 10 * M) {
		town_wait(&t, at);
		const struct said *close =
			town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_CLOSE);
		end = close ? close->minute : 0;
	}
	assert_true(end > noon + 4 * H);
	crowd(&t, end + 20 * M, 3, M, "demolition", "facebook");
	town_wait(&t, end + 30 * M);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_OPEN), 1);
	for (int i = 0; i < 100; i++)
		town_say(&t, end - 3 * H + i * M, "site", (uint64_t)(7000 + i),
			(struct words){.topic = "demolition"});
	town_wait(&t, end + 40 * M);
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_OPEN), 2);
	/* it has its name: neither its source nor the whole says it again */
	assert_int_equal(town_count(&t, INCIDENT_WHOLE, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* A level is "once in 40 days": whoever rings after a week says a rarity of that at least, and no less later. In the first
 * week nothing is claimed. Nor does what comes after the minute change what is said of it. */
static void test_rarity(void **state)
{
	(void)state;
	for (int days = 3; days <= 15; days += 4) {
		struct town t = town_new();
		town_days(&t, MONDAY, days, 40, "dechets");
		int64_t noon = MONDAY + days * D + 12 * H;
		crowd(&t, noon, 60, 30 * CLOCK_SECOND, "demolition", "facebook");
		size_t told = t.n;
		assert_true(told > 1);
		crowd(&t, noon + 30 * M, 60, 10 * CLOCK_SECOND, "demolition", "site");
		town_wait(&t, noon + 12 * H);
		double height = 0;
		for (size_t i = 0; i < t.n; i++) {
			const struct said *s = &t.said[i];
			if (strcmp(s->topic, "demolition") != 0)
				continue;
			assert_true(days < 7 ? s->once_in == 0 && s->threshold == 0
					     : s->once_in > 39.9 && s->threshold >= 4);
			assert_true(s->once_in >= height);
			height = s->once_in;
		}
		assert_true(days < 7 || height > 1000);
		assert_true(days < 7 || t.said[0].once_in < 1000);
		town_free(&t);
	}
}

/* One who writes forty times is no rarity of forty messages. */
static void test_rarity_of_few(void **state)
{
	double once_in[2];
	(void)state;
	for (int many = 0; many < 2; many++) {
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		crowd(&t, TUESDAY + 12 * H, 8, M, "demolition", "facebook");
		for (int i = 0; i < 40; i++)
			town_say(&t, TUESDAY + 12 * H + 8 * M + i * 10 * CLOCK_SECOND, "facebook",
				(uint64_t)(many ? 6000 + i : 6000),
				(struct words){.topic = "demolition"});
		town_wait(&t, TUESDAY + 13 * H);
		once_in[many] = t.said[t.n - 1].once_in;
		town_free(&t);
	}
	assert_true(once_in[0] > 39.9 && once_in[1] > 3 * once_in[0]);
}

static void test_facts(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	int64_t noon = TUESDAY + 12 * H;
	for (int i = 0; i < 40; i++)
		town_say(&t, noon + i * M, i % 4 ? "facebook" : "site", (uint64_t)(5000 + i / 2),
			(struct words){.topic = "demolition",
				.lanes = i % 5 ? 0 : LANE_REPONSE | LANE_MODERATION,
				.text = i % 10 ? "Non." : "Pourquoi ?"});
	town_wait(&t, noon + 43 * M);
	const struct said *last = &t.said[t.n - 1];
	assert_int_equal(last->action, OBSERVE_UPDATE);
	assert_int_equal(last->messages, 40);
	assert_int_equal(last->curve, 40);
	assert_int_equal(last->authors, 20);
	assert_int_equal(last->sources, 2);
	assert_int_equal(last->recent, 15);
	assert_int_equal(last->top5, 25); /* 10 of 40 */
	assert_int_equal(last->questions, 4); /* those of the lane that ask */
	assert_int_equal(last->offences, 8);
	assert_int_equal(last->examples, 5);
	assert_int_equal(last->example, 15 * 40 + 1); /* the first message */
	assert_int_equal(last->at, last->minute + M + 2 * M);
	assert_true(last->usual_high >= 0 && last->usual_high <= 1);
	town_free(&t);
}

/* A hundred messages a second: what is kept is bounded, what is said is not less. */
static void test_flood(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 100 * 60 * 20; i++)
		town_say(&t, TUESDAY + 12 * H + i * 10, i % 3 ? "facebook" : "instagram",
			5000 + ((uint32_t)i * 2654435761u >> 8) % 30000,
			(struct words){
				.topic = "demolition", .lanes = i % 10 ? 0 : LANE_MODERATION});
	town_wait(&t, TUESDAY + 12 * H + 30 * M);
	assert_int_equal(t.said[0].level, LEVEL_ROUGE);
	assert_int_equal(t.said[0].messages, 6000);
	const struct said *last = &t.said[t.n - 1];
	while (strcmp(last->topic, "demolition") != 0)
		last--;
	assert_int_equal(last->messages, 120000);
	assert_int_equal(last->curve, 120000);
	assert_true(last->authors > 500);
	assert_true(last->offences > 10000 && last->offences < 14000);
	town_free(&t);
}

/* A comment that counts in two topics raises one of them. */
static void test_explained(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	struct slice topics[2] = {SLICE("demolition"), SLICE("logement")};
	for (int i = 0; i < 40; i++) {
		struct verdict v = {.topics = topics, .n_topics = i % 8 ? 2 : 1};
		struct trend_fact f = {.seq = ++t.seq,
			.row = ++t.row,
			.at = TUESDAY + 12 * H + i * M,
			.source = SLICE("facebook"),
			.author = (uint64_t)(5000 + i),
			.verdict = &v};
		town_wait(&t, f.at);
		trend_add(t.trend, &f);
	}
	town_wait(&t, TUESDAY + 13 * H);
	assert_int_equal(town_peak(&t, "demolition"), LEVEL_ORANGE);
	assert_int_equal(town_peak(&t, "logement"), LEVEL_VERT);
	town_free(&t);
}

static void test_late_and_future(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	int64_t noon = TUESDAY + 12 * H;
	town_wait(&t, noon);
	struct verdict v = {0};
	struct slice topic = SLICE("demolition");
	v.topics = &topic;
	v.n_topics = 1;
	/* twenty comments dated next year: they count now, the clock stays */
	for (int i = 0; i < 4; i++) {
		struct trend_fact f = {.seq = ++t.seq,
			.row = ++t.row,
			.at = noon + 365 * D,
			.source = SLICE("facebook"),
			.author = (uint64_t)(8000 + i),
			.verdict = &v};
		trend_add(t.trend, &f);
	}
	assert_int_equal(trend_status(t.trend).minute, noon - 3 * M);
	assert_int_equal(t.n, 0);
	crowd(&t, noon + M, 4, 10 * CLOCK_SECOND, "demolition", "site");
	town_wait(&t, noon + 10 * M);
	const struct said *open = town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->messages, 8);
	/* late ones: counted, the minutes they belong to are not said again */
	size_t said = t.n;
	uint64_t late = trend_status(t.trend).late;
	for (int i = 0; i < 5; i++) {
		struct trend_fact f = {.seq = ++t.seq,
			.row = ++t.row,
			.at = noon + 2 * M,
			.source = SLICE("facebook"),
			.author = (uint64_t)(8100 + i),
			.verdict = &v};
		trend_add(t.trend, &f);
	}
	assert_int_equal(trend_status(t.trend).late, late + 5);
	town_wait(&t, noon + 12 * M);
	assert_int_equal(t.n, said + 1); /* news in the running minute, not in the old one */
	assert_true(t.said[said].minute >= noon + 7 * M);
	assert_int_equal(t.said[said].messages, 13);
	town_free(&t);
}

/* A source that sends its whole history again, day after day, and a clock that leaps back change nothing of
 * what is usual. */
static void archive(struct town *t)
{
	for (int i = 0; i < 2000; i++) {
		struct slice topic = SLICE("demolition");
		struct verdict v = {.topics = &topic, .n_topics = 1};
		struct trend_fact f = {.seq = ++t->seq,
			.row = ++t->row,
			.at = TUESDAY - 400 * D + i * 100 * M,
			.source = SLICE("archive"),
			.author = (uint64_t)(7000 + i),
			.verdict = &v};
		trend_add(t->trend, &f);
	}
}

static void test_history(void **state)
{
	(void)state;
	double usual[2];
	for (int again = 0; again < 2; again++) {
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		for (int day = 0; day < 5; day++) {
			town_days(&t, TUESDAY + day * D, 1, 20, "demolition");
			town_wait(&t, TUESDAY + day * D + 21 * H + 30 * M);
			if (again)
				archive(&t);
			town_wait(&t, TUESDAY + day * D + 7 * H); /* back: no effect */
		}
		town_wait(&t, TUESDAY + 6 * D);
		assert_int_equal(t.n, 0);
		crowd(&t, TUESDAY + 6 * D + 12 * H, 12, M, "demolition", "facebook");
		town_wait(&t, TUESDAY + 6 * D + 13 * H);
		assert_true(town_peak(&t, "demolition") >= LEVEL_JAUNE);
		usual[again] = t.said[t.n - 1].usual_high;
		town_free(&t);
	}
	assert_true(usual[0] == usual[1]);
}

/* In the first days nothing is known of what is usual: a topic that is a small part of all does not ring,
 * one that is most of it does. */
static void test_first_day(void **state)
{
	(void)state;
	for (int rest = 0; rest < 2; rest++) {
		struct town t = town_new();
		for (int i = 0; i < 20; i++) {
			town_say(&t, MONDAY + 12 * H + i * M, i % 2 ? "facebook" : "site",
				(uint64_t)(5000 + i), (struct words){.topic = "demolition"});
			for (int k = 0; rest && k < 10; k++)
				town_say(&t, MONDAY + 12 * H + i * M, "facebook",
					(uint64_t)(6000 + i * 10 + k), (struct words){0});
		}
		town_wait(&t, MONDAY + 13 * H);
		assert_int_equal(town_peak(&t, "demolition"), rest ? LEVEL_VERT : LEVEL_ORANGE);
		town_free(&t);
	}
}

/* Six people who write much are not more people. */
static void test_few_write_much(void **state)
{
	struct town t = town_new();
	(void)state;
	for (int d = 0; d < 15; d++)
		crowd(&t, MONDAY + d * D + 18 * H, 12, 2 * M, "sport", "facebook");
	size_t before = t.n;
	for (int i = 0; i < 60; i++)
		town_say(&t, TUESDAY + 18 * H + i * 20 * CLOCK_SECOND, "facebook",
			(uint64_t)(5000 + i % 6), (struct words){.topic = "sport"});
	town_wait(&t, TUESDAY + 19 * H);
	assert_int_equal(t.n, before);
	town_free(&t);
}

/* No half hour and no four hours are loud, the day is: jaune, whatever it comes to. */
static void test_slow_rise(void **state)
{
	struct town t = town_new();
	(void)state;
	for (int d = 0; d < 21; d++)
		crowd(&t, MONDAY + d * D + 18 * H, 20, 5 * M, "sport", "facebook");
	size_t before = t.n;
	for (int d = 21; d < 23; d++)
		crowd(&t, MONDAY + d * D + 7 * H, 70, 12 * M, "sport", d % 2 ? "facebook" : "site");
	town_wait(&t, MONDAY + 22 * D + 22 * H);
	const struct said *open = NULL;
	for (size_t i = before; i < t.n && !open; i++)
		if (t.said[i].action == OBSERVE_OPEN)
			open = &t.said[i];
	assert_non_null(open);
	assert_true(open->minute > MONDAY + 21 * D && open->minute < MONDAY + 22 * D);
	assert_true(open->authors >= 15 && open->messages >= 20);
	for (size_t i = before; i < t.n; i++)
		assert_true(t.said[i].level <= LEVEL_JAUNE); /* vert when it closes */
	town_free(&t);
}

/* A town's own floors: those that it gives, and no graver level asks for fewer. */
static void test_own_floors(void **state)
{
	struct trend_config c = trend_config_default();
	(void)state;
	trend_floors(&c, (const int64_t[]){0, 0, 0});
	assert_int_equal(c.jaune_authors, 5);
	assert_int_equal(c.rouge_authors, 25);
	trend_floors(&c, (const int64_t[]){12, 0, 40});
	assert_int_equal(c.jaune_authors, 12);
	assert_int_equal(c.orange_authors, 12);
	assert_int_equal(c.rouge_authors, 40);
}

static const struct holidays metropole = {.zone = HOLIDAY_METROPOLE};

/* On a holiday an hour is one of a Sunday. 29 February, the two nights of a change of clocks and a holiday pass without a
 * word and without a gap; each night of a change is one day of its own length. */
static void test_odd_days(void **state)
{
	struct trend_config c = trend_config_default();
	struct town t = {0};
	(void)state;
	c.holidays = &metropole;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	t.trend = trend_new(&c);
	int64_t from = INT64_C(1832367600000); /* 2028-01-25 00:00 in Paris: a leap year */
	for (int d = 0; d < 300; d++) /* every half hour of every day, nights too */
		for (int i = 0; i < 48; i++)
			town_say(&t, from + d * D + i * 30 * M, i % 2 ? "facebook" : "site",
				(uint64_t)(1000 + (d * 7 + i) % 300),
				(struct words){.topic = "dechets"});
	assert_int_equal(town_count(&t, INCIDENT_TOPIC, OBSERVE_OPEN), 0);
	town_free(&t);
}

/* Every Sunday morning a market is much talked of, on other days a little. How many messages in half an hour, at ten of a
 * Monday a quarter of a year later, are an alarm. */
static double market_alarm(const struct holidays *holidays, int64_t monday)
{
	struct trend_config c = trend_config_default();
	struct town t = {0};
	double alarm = 0;
	c.holidays = holidays;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	t.trend = trend_new(&c);
	for (int64_t day = MONDAY; day < monday; day += D)
		crowd(&t, day + 10 * H + 10 * M, clock_local(day).weekday == 6 ? 40 : 5, M,
			"marche", "facebook");
	crowd(&t, monday + 10 * H + 10 * M, 200, 10 * CLOCK_SECOND, "marche", "facebook");
	town_wait(&t, monday + 11 * H);
	for (size_t i = 0; i < t.n; i++)
		if (t.said[i].kind == INCIDENT_TOPIC && t.said[i].at > monday)
			alarm = t.said[i].threshold;
	town_free(&t);
	assert_true(alarm > 0);
	return alarm;
}

/* On Easter Monday as much must be said as on a Sunday; on the Monday before it makes no difference, nor where the town
 * works on it. */
static void test_holiday(void **state)
{
	static const struct holidays none = {.zone = HOLIDAY_NONE};
	int64_t before = INT64_C(1774821600000), easter = INT64_C(1775426400000);
	(void)state;
	assert_true(market_alarm(&metropole, before) == market_alarm(NULL, before));
	double monday = market_alarm(NULL, easter);
	assert_true(market_alarm(&none, easter) == monday);
	assert_true(market_alarm(&metropole, easter) > 1.5 * monday);
}

/* Every evening a dozen people speak of sport; on the last day some more do. Level that this reaches. */
struct evening {
	uint32_t usual, likes; /* likes of a comment, and of one on the last day */
	bool edited; /* these come later, with an edit */
};
static enum town_level evening_level(const struct evening *e, struct said *ret)
{
	struct town t = town_new();
	for (int d = 0; d < 28; d++)
		for (int i = 0; i < 12; i++)
			town_say(&t, MONDAY + d * D + 18 * H + i * 2 * M, "facebook",
				(uint64_t)(5000 + i),
				(struct words){.topic = "sport", .likes = e->usual});
	size_t before = t.n;
	int64_t last = MONDAY + 28 * D + 18 * H;
	for (int i = 0; i < 17; i++) {
		struct words w = {.topic = "sport", .row = 900000 + i};
		w.likes = e->edited ? e->usual : e->likes;
		town_say(&t, last + i * M, "facebook", (uint64_t)(5000 + i), w);
		w.likes = e->likes;
		for (int k = 0; e->edited && k < 5; k++)
			town_say(&t, last + i * M + k, "facebook", (uint64_t)(5000 + i), w);
	}
	town_wait(&t, last + H);
	enum town_level level = LEVEL_VERT;
	for (size_t i = before; i < t.n; i++)
		if (t.said[i].kind == INCIDENT_TOPIC && t.said[i].level >= level) {
			level = t.said[i].level;
			*ret = t.said[i];
		}
	town_free(&t);
	return level;
}

/* What is far more liked than is usual of its source counts for more, once; what is as liked as ever does not, nor what no
 * source tells. */
static void test_engagement(void **state)
{
	static const struct {
		struct evening e;
		enum town_level level;
	} rows[] = {{{0, 0, false}, LEVEL_VERT}, {{3, 3, false}, LEVEL_VERT},
		{{3, 11, false}, LEVEL_VERT}, {{3, 100, false}, LEVEL_JAUNE},
		{{3, 100, true}, LEVEL_VERT}, {{100, 100, false}, LEVEL_VERT},
		{{3, UINT32_MAX, false}, LEVEL_JAUNE}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct said s = {0};
		assert_int_equal(evening_level(&rows[i].e, &s), rows[i].level);
		assert_int_equal(s.echoed, rows[i].level ? 17 : 0);
		assert_int_equal(s.messages, rows[i].level ? 17 : 0);
		assert_int_equal(s.engagement,
			!rows[i].level                   ? 0
				: rows[i].e.likes == 100 ? 1700
							 : UINT32_MAX);
	}
}

/* A new version of a comment is the same comment. */
static void test_versions(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 36; i++) /* each edited twice, at once */
		town_say(&t, TUESDAY + 12 * H + i / 3 * M, "facebook", (uint64_t)(5000 + i / 3),
			(struct words){.topic = "demolition", .row = 900000 + i / 3});
	town_wait(&t, TUESDAY + 13 * H);
	assert_true(t.n > 0);
	assert_int_equal(t.said[t.n - 1].messages, 12);
	town_free(&t);
}

static void test_adopt(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	town_days(&t, MONDAY, 2, 40, "dechets");
	trend_adopt(
		t.trend, INCIDENT_TOPIC, SLICE("demolition"), LEVEL_ORANGE, MONDAY + D + 20 * H, 0);
	trend_adopt(t.trend, INCIDENT_GREY, SLICE("source:instagram"), LEVEL_GRIS, MONDAY + D, 0);
	trend_adopt(t.trend, INCIDENT_CAMPAIGN, SLICE("texte:00000000000000ff"), LEVEL_JAUNE,
		MONDAY + D, 0);
	trend_adopt(t.trend, INCIDENT_RAID, SLICE("raid"), LEVEL_JAUNE, MONDAY + D, 0);
	assert_int_equal(trend_status(t.trend).open, 4);
	town_wait(&t, MONDAY + 4 * D);
	assert_non_null(town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_LOWER));
	assert_non_null(town_find(&t, INCIDENT_TOPIC, "demolition", OBSERVE_CLOSE));
	assert_non_null(town_find(&t, INCIDENT_CAMPAIGN, "texte:00000000000000ff", OBSERVE_CLOSE));
	assert_non_null(town_find(&t, INCIDENT_RAID, "raid", OBSERVE_CLOSE));
	town_say(&t, MONDAY + 4 * D, "instagram", 1, (struct words){0});
	town_wait(&t, MONDAY + 4 * D + 10 * M);
	assert_non_null(town_find(&t, INCIDENT_GREY, "source:instagram", OBSERVE_CLOSE));
	assert_int_equal(trend_status(t.trend).open, 0);
	town_free(&t);
}

static void hear_again(void *user, const struct observe_request *r)
{
	((struct town *)user)->last_minute =
		0; /* what is told again is of a minute that was told */
	town_hear(user, r);
}

/* All that is open, and only that, is told again as if it opened now. */
static void test_tell(void **state)
{
	struct town t = town_new();
	(void)state;
	t.grey = true;
	trend_tell(t.trend, hear_again, &t);
	assert_int_equal(t.n, 0); /* nothing heard yet */
	town_days(&t, MONDAY, 2, 40, "dechets");
	crowd(&t, MONDAY + 2 * D + 12 * H, 30, M, "demolition", "facebook");
	trend_adopt(t.trend, INCIDENT_GREY, SLICE("source:instagram"), LEVEL_GRIS, MONDAY + D, 0);
	trend_adopt(t.trend, INCIDENT_CAMPAIGN, SLICE("texte:00000000000000ff"), LEVEL_JAUNE,
		MONDAY + D, 0);
	/* opened under a clock that was ahead: it began now, and closes like any other */
	trend_adopt(t.trend, INCIDENT_TOPIC, SLICE("neige"), LEVEL_ORANGE, MONDAY + 90 * D, 0);
	size_t before = t.n;
	enum town_level level = town_peak(&t, "demolition");
	assert_true(level > LEVEL_VERT);
	trend_tell(t.trend, hear_again, &t);
	assert_int_equal(t.n - before, trend_status(t.trend).open);
	assert_int_equal(t.n - before, 4);
	bool found = false;
	for (size_t i = before; i < t.n; i++) {
		assert_int_equal(t.said[i].action, OBSERVE_OPEN);
		assert_int_equal(t.said[i].minute, trend_status(t.trend).minute);
		assert_true(t.said[i].since <= MONDAY + 2 * D + 13 * H);
		if (strcmp(t.said[i].topic, "demolition") == 0) {
			found = true;
			assert_int_equal(t.said[i].level, level);
			assert_true(t.said[i].messages > 20);
		}
	}
	assert_true(found);
	town_wait(&t, MONDAY + 4 * D);
	assert_non_null(town_find(&t, INCIDENT_TOPIC, "neige", OBSERVE_CLOSE));
	town_free(&t);
}

static void test_bounds(void **state)
{
	struct town t = town_new();
	char topic[32], source[32];
	(void)state;
	for (int i = 0; i < 6000; i++) {
		snprintf(topic, sizeof(topic), "sujet%d", i);
		snprintf(source, sizeof(source), "source%d", i);
		town_say(&t, MONDAY + i * CLOCK_SECOND, source, (uint64_t)i + 1,
			(struct words){.topic = topic});
	}
	struct trend_status s = trend_status(t.trend);
	assert_int_equal(s.series, TREND_SERIES_MAX);
	assert_int_equal(s.sources, TREND_SOURCES_MAX);
	/* a clock that leaps a century does not walk it minute by minute */
	int64_t began = clock_monotonic();
	town_wait(&t, MONDAY + 36500 * D);
	assert_true(clock_monotonic() - began < 20000);
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_calm_is_silent),
		cmocka_unit_test(test_levels), cmocka_unit_test(test_floors),
		cmocka_unit_test(test_own_floors), cmocka_unit_test(test_own_past),
		cmocka_unit_test(test_sensitivity), cmocka_unit_test(test_hysteresis),
		cmocka_unit_test(test_heard_after_the_end), cmocka_unit_test(test_rarity),
		cmocka_unit_test(test_rarity_of_few), cmocka_unit_test(test_facts),
		cmocka_unit_test(test_flood), cmocka_unit_test(test_explained),
		cmocka_unit_test(test_late_and_future), cmocka_unit_test(test_history),
		cmocka_unit_test(test_first_day), cmocka_unit_test(test_few_write_much),
		cmocka_unit_test(test_slow_rise), cmocka_unit_test(test_odd_days),
		cmocka_unit_test(test_holiday), cmocka_unit_test(test_engagement),
		cmocka_unit_test(test_versions), cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_tell), cmocka_unit_test(test_bounds)};
	return cmocka_run_group_tests_name("trend rise", tests, NULL, NULL);
}
