/* SPDX-License-Identifier: GPL-3.0-or-later
 * Topics that no rule declares: the emergent room's part is played here. */
#include "feed.h"

#define EVENING (MONDAY + 15 * D + 18 * H)
#define ID "emergent:passerelle"
#define PLACES 32 /* for topics that are open at once */

struct who {
	uint64_t author, thread;
	const char *topic; /* of the rules */
	uint32_t number; /* of the topic that it speaks of; 0: the first */
};

static void say(struct town *t, int64_t at, struct who w)
{
	struct slice topic = slice_of(w.topic);
	const struct verdict v = {.topics = &topic, .n_topics = w.topic != NULL};
	const struct trend_fact f = {.seq = ++t->seq,
		.row = ++t->row,
		.at = at,
		.source = t->seq % 2 ? SLICE("facebook") : SLICE("site"),
		.author = w.author,
		.text = SLICE("la passerelle des Halles est fermée"),
		.thread = w.thread,
		.verdict = &v,
		.emergent = w.number ? w.number : 1};
	trend_advance(t->trend, at, town_hear, t);
	trend_add(t->trend, &f);
}

/* The latest comments made it. */
static void emerge_of(struct town *t, uint32_t number, const char *id, uint32_t n)
{
	const int64_t seqs[] = {t->seq, t->seq - 1, t->seq - 2, t->seq - 3, t->seq - 4};
	const struct slice term = SLICE("péage");
	const struct trend_emergent e = {.number = number,
		.id = slice_of(id),
		.title = SLICE("passerelle"),
		.terms = &term,
		.n_terms = 1,
		.seqs = seqs,
		.n_seqs = n};
	trend_emerge(t->trend, &e);
}

/* Under a name that is so unlikely. */
static void emerge_as(struct town *t, uint32_t number, const char *name, double score)
{
	const int64_t seqs[] = {t->seq, t->seq - 1, t->seq - 2};
	char id[40];
	snprintf(id, sizeof(id), "emergent:%s", name);
	const struct trend_emergent e = {.number = number,
		.score = score,
		.id = slice_of(id),
		.title = slice_of(name),
		.seqs = seqs,
		.n_seqs = 3};
	trend_emerge(t->trend, &e);
}

/* By the latest n comments, at most five, with so many terms. */
static void emerge_with(
	struct town *t, uint32_t number, const char *name, uint32_t n, uint32_t n_terms)
{
	const int64_t seqs[] = {t->seq, t->seq - 1, t->seq - 2, t->seq - 3, t->seq - 4};
	const struct slice terms[] = {SLICE("eau"), SLICE("bassin"), SLICE("maillot"),
		SLICE("bonnet"), SLICE("plongeoir")};
	char id[40];
	snprintf(id, sizeof(id), "emergent:%s", name);
	const struct trend_emergent e = {.number = number,
		.id = slice_of(id),
		.title = slice_of(name),
		.terms = terms,
		.n_terms = n_terms,
		.seqs = seqs,
		.n_seqs = n};
	trend_emerge(t->trend, &e);
}

static void emerge(struct town *t, uint32_t number, const char *id)
{
	emerge_of(t, number, id, 3);
}

static struct town begun(void)
{
	struct town t = town_new();
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 3; i++)
		say(&t, EVENING + i * 10 * M, (struct who){.author = 9000 + (uint64_t)i});
	emerge(&t, 1, ID);
	return t;
}

static void test_opens_at_the_floor_and_closes(void **state)
{
	struct town t = begun();
	(void)state;
	say(&t, EVENING + 30 * M, (struct who){.author = 9003});
	say(&t, EVENING + 31 * M, (struct who){.author = 9003}); /* the same person again */
	town_wait(&t, EVENING + 60 * M);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 0);
	assert_int_equal(trend_status(t.trend).open, 0);
	say(&t, EVENING + 61 * M, (struct who){.author = 9004});
	town_wait(&t, EVENING + 80 * M);
	const struct said *open = town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->level, LEVEL_JAUNE);
	assert_int_equal(open->at, EVENING + 64 * M);
	assert_int_equal(open->since, EVENING);
	assert_int_equal(open->messages, 6);
	assert_int_equal(open->authors, 5);
	assert_int_equal(open->sources, 2);
	assert_int_equal(open->examples, 5);
	assert_int_equal(open->curve, 6);
	assert_int_equal(trend_status(t.trend).open, 1);
	say(&t, EVENING + 90 * M, (struct who){.author = 9005});
	town_wait(&t, EVENING + 100 * M);
	assert_int_equal(town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_UPDATE)->messages, 7);
	town_wait(&t, EVENING + 15 * H);
	const struct said *close = town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_CLOSE);
	assert_non_null(close);
	assert_int_equal(close->authors, 6);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
	/* two days later six more are no news, twelve are */
	for (int i = 0; i < 12; i++) {
		assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
		say(&t, EVENING + 2 * D + i * 5 * M, (struct who){.author = 9100 + (uint64_t)i});
	}
	town_wait(&t, EVENING + 2 * D + 65 * M);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 2);
	town_free(&t);
}

static void test_what_a_rule_explains_does_not_count(void **state)
{
	struct town t = begun();
	(void)state;
	for (int i = 0; i < 9; i++)
		say(&t, EVENING + 30 * M + i * 5 * M,
			(struct who){.author = 9010 + (uint64_t)i, .topic = "travaux"});
	town_wait(&t, EVENING + 5 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 0);
	town_free(&t);
}

static void test_what_stands_below_another_ones_post_does_not_count(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 6; i++)
		say(&t, EVENING + i * M, (struct who){.author = 9000 + (uint64_t)i, .thread = 77});
	emerge(&t, 1, ID);
	for (int i = 0; i < 2; i++)
		say(&t, EVENING + 7 * M, (struct who){.author = 9010 + (uint64_t)i, .thread = 77});
	emerge(&t, 1, "emergent:halles"); /* the same number: it hears the same */
	for (int i = 0; i < 9; i++)
		say(&t, EVENING + 20 * M + i * M,
			(struct who){.author = 9020 + (uint64_t)i, .thread = 77});
	town_wait(&t, EVENING + 2 * H);
	assert_non_null(town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_OPEN));
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
	town_free(&t);
}

/* So many new people, a minute apart. */
static void people_say(struct town *t, int64_t at, uint64_t first, int n, struct who w)
{
	for (int i = 0; i < n; i++) {
		w.author = first + (uint64_t)i;
		say(t, at + i * M, w);
	}
}

/* Two words of one matter, below one post, none by itself from enough people: both together are, once, under the first
 * name, or the other when that is far less likely. */
static void test_two_words_of_one_matter_are_one(void **state)
{
	const struct {
		const char *name, *other;
		double score, score_of_other;
	} cases[] = {{"respect", "Odette", 3.1, 5.2}, {"Odette", "respect", 5.2, 3.1},
		{"Odette", "respect", 4.2, 4.9}};
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		people_say(&t, EVENING, 9000, 3, (struct who){.thread = 77, .number = 1});
		emerge_as(&t, 1, cases[i].name, cases[i].score);
		town_wait(&t, EVENING + 30 * M);
		assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 0);
		people_say(&t, EVENING + 31 * M, 9010, 3, (struct who){.thread = 77, .number = 2});
		emerge_as(&t, 2, cases[i].other, cases[i].score_of_other);
		town_wait(&t, EVENING + 40 * M);
		const struct said *open =
			town_find(&t, INCIDENT_EMERGENT, "emergent:Odette", OBSERVE_OPEN);
		assert_non_null(open);
		assert_int_equal(open->authors, 5);
		assert_int_equal(open->terms, 1);
		/* either word is heard from now on, also below another post */
		people_say(&t, EVENING + 41 * M, 9020, 5, (struct who){.thread = 78, .number = 2});
		people_say(&t, EVENING + 46 * M, 9030, 5, (struct who){.thread = 79, .number = 1});
		emerge_as(&t, 3, "marché", 9); /* a third name; what rang keeps its own */
		town_wait(&t, EVENING + 3 * H);
		assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
		assert_int_equal(t.said[t.n - 1].authors, 16);
		assert_int_equal(t.said[t.n - 1].terms, 2);
		assert_string_equal(t.said[t.n - 1].topic, "emergent:Odette");
		town_free(&t);
	}
}

/* Elsewhere, without a post, or on another day it is a matter of its own: an earlier one that nobody took up silences it
 * not. */
static void test_another_matter_rings_for_itself(void **state)
{
	const struct {
		int64_t later;
		uint64_t thread, other;
	} cases[] = {{H, 77, 78}, {H, 0, 0}, {2 * D, 77, 77}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t then = EVENING + cases[i].later;
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		people_say(
			&t, EVENING, 9000, 3, (struct who){.thread = cases[i].thread, .number = 1});
		emerge_as(&t, 1, "bruit", 9);
		people_say(&t, then, 9010, 3, (struct who){.thread = cases[i].other, .number = 2});
		emerge_as(&t, 2, "péage", 4);
		people_say(&t, then + 3 * M, 9020, 2,
			(struct who){.thread = cases[i].other, .number = 2});
		town_wait(&t, then + H);
		const struct said *open =
			town_find(&t, INCIDENT_EMERGENT, "emergent:péage", OBSERVE_OPEN);
		assert_non_null(open);
		assert_int_equal(open->authors, 5);
		assert_int_equal(open->terms, 0);
		town_free(&t);
	}
}

/* Half of it is said below a post of what rings already, the rest elsewhere: it rings for itself. When all is said there it
 * is another name of that one, which is kept, however many terms there are. */
static void test_beside_what_rings(void **state)
{
	(void)state;
	for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
		const uint64_t other = elsewhere ? 2 : 1;
		struct town t = town_new();
		town_days(&t, MONDAY, 15, 40, "dechets");
		people_say(&t, EVENING, 9000, 5, (struct who){.thread = 1, .number = 1});
		emerge_with(&t, 1, "piscine", 5, 5);
		town_wait(&t, EVENING + 20 * M);
		assert_non_null(town_find(&t, INCIDENT_EMERGENT, "emergent:piscine", OBSERVE_OPEN));
		people_say(&t, EVENING + 21 * M, 9100, 2, (struct who){.thread = 1, .number = 2});
		people_say(
			&t, EVENING + 23 * M, 9110, 2, (struct who){.thread = other, .number = 2});
		emerge_with(&t, 2, "cantine", 4, 0);
		people_say(
			&t, EVENING + 25 * M, 9120, 10, (struct who){.thread = other, .number = 2});
		town_wait(&t, EVENING + H);
		const struct said *open =
			town_find(&t, INCIDENT_EMERGENT, "emergent:cantine", OBSERVE_OPEN);
		if (elsewhere) {
			assert_non_null(open);
			assert_int_equal(
				t.said[t.n - 1].authors, 12); /* whom the post does not explain */
		} else {
			assert_null(open);
			assert_int_equal(t.said[t.n - 1].authors, 19);
			assert_int_equal(t.said[t.n - 1].terms, 5);
			assert_string_equal(t.said[t.n - 1].last_term, "cantine");
		}
		town_free(&t);
	}
}

/* Days old and told now: it says nothing of today. A date ahead counts at the clock. */
static void test_dates(void **state)
{
	struct town t = begun();
	(void)state;
	for (int i = 0; i < 9; i++) {
		const struct verdict v = {0};
		const struct trend_fact f = {.seq = ++t.seq,
			.row = ++t.row,
			.at = EVENING - 3 * D,
			.source = SLICE("site"),
			.author = 9010 + (uint64_t)i,
			.verdict = &v,
			.emergent = 1};
		trend_add(t.trend, &f);
	}
	town_wait(&t, EVENING + 2 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 0);
	town_free(&t);
}

static void test_adopted(void **state)
{
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	town_wait(&t, EVENING);
	uint32_t before = trend_status(t.trend).open; /* sources that fell silent */
	trend_adopt(t.trend, INCIDENT_EMERGENT, SLICE(ID), LEVEL_JAUNE, EVENING - 4 * H, 0);
	assert_int_equal(trend_status(t.trend).open, before + 1);
	town_wait(&t, EVENING + 6 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 0);
	town_wait(&t, EVENING + 9 * H);
	assert_non_null(town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_CLOSE));
	town_free(&t);
}

/* It was silent for half a day, so it closed; opened again by hand, it has half a day anew. */
static void test_reopened(void **state)
{
	struct town t = begun();
	(void)state;
	people_say(&t, EVENING + 30 * M, 9010, 4, (struct who){0});
	town_wait(&t, EVENING + 20 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 1);
	trend_adopt(t.trend, INCIDENT_EMERGENT, SLICE(ID), LEVEL_JAUNE, EVENING, EVENING + 20 * H);
	town_wait(&t, EVENING + 31 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 1);
	people_say(&t, EVENING + 31 * H, 9020, 1, (struct who){0});
	town_wait(&t, EVENING + 42 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 1);
	assert_int_equal(t.said[t.n - 1].authors, 8);
	town_wait(&t, EVENING + 44 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 2);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
	town_free(&t);
}

/* The emergent room tells it again: its comments are counted once, and what it rang for is not forgotten. */
static void test_told_again(void **state)
{
	struct town t = begun();
	(void)state;
	emerge(&t, 2, ID); /* the same three comments */
	say(&t, EVENING + 30 * M, (struct who){.author = 9003, .number = 2});
	say(&t, EVENING + 31 * M, (struct who){.author = 9004, .number = 2});
	for (int i = 0; i < 2; i++)
		emerge(&t, 2, ID);
	say(&t, EVENING + 32 * M, (struct who){.author = 9005, .number = 2});
	town_wait(&t, EVENING + 60 * M);
	const struct said *open = town_find(&t, INCIDENT_EMERGENT, ID, OBSERVE_OPEN);
	assert_non_null(open);
	assert_int_equal(open->messages, 5);
	assert_int_equal(open->authors, 5);
	town_wait(&t, EVENING + 15 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 1);
	for (int i = 0; i < 7; i++) {
		say(&t, EVENING + 2 * D + i * 5 * M,
			(struct who){.author = 9100 + (uint64_t)i, .number = i > 2 ? 3 : 2});
		if (i == 2)
			emerge(&t, 3, ID);
	}
	town_wait(&t, EVENING + 2 * D + 60 * M);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), 1);
	town_free(&t);
}

/* More than there are places for, each of five people: what is open stays, what comes later has no place. */
static void test_many(void **state)
{
	char id[32];
	struct town t = town_new();
	(void)state;
	town_days(&t, MONDAY, 15, 40, "dechets");
	for (int i = 0; i < 200; i++) {
		for (int k = 0; k < 5; k++)
			say(&t, EVENING + i * M,
				(struct who){.author = 9000 + (uint64_t)(i * 8 + k)});
		snprintf(id, sizeof(id), "emergent:%d", i);
		emerge_of(&t, 100 + (uint32_t)i, id, 5);
	}
	town_wait(&t, EVENING + 5 * H);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_OPEN), PLACES);
	assert_int_equal(town_count(&t, INCIDENT_EMERGENT, OBSERVE_CLOSE), 0);
	assert_non_null(town_find(&t, INCIDENT_EMERGENT, "emergent:0", OBSERVE_OPEN));
	town_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens_at_the_floor_and_closes),
		cmocka_unit_test(test_what_a_rule_explains_does_not_count),
		cmocka_unit_test(test_what_stands_below_another_ones_post_does_not_count),
		cmocka_unit_test(test_two_words_of_one_matter_are_one),
		cmocka_unit_test(test_another_matter_rings_for_itself),
		cmocka_unit_test(test_beside_what_rings),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_adopted),
		cmocka_unit_test(test_reopened),
		cmocka_unit_test(test_told_again),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
