/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/base/arena.h>
#include <tocsin/record/verdict.h>

static struct slice categories[] = {{"menace", 6}, {"injure_publique", 15}};
static struct slice topics[] = {{"neige", 5}};
static struct verdict_match matches[] = {
	{{"r.1", 3}, {"menace", 6}, 0, 7}, {{"t.1", 3}, {NULL, 0}, 8, 10}};
static const struct verdict full = {.level = VERDICT_ALERT,
	.lanes = LANE_MODERATION | LANE_REPONSE,
	.priority = 1,
	.score = 1050,
	.categories = categories,
	.topics = topics,
	.matches = matches,
	.n_categories = 2,
	.n_topics = 1,
	.n_matches = 2};

static void verdicts_come_back(void **state)
{
	_buf_ struct buf b = {0};
	struct arena a;
	struct verdict v = {0};
	(void)state;
	arena_init(&a, 0);
	verdict_encode(&b, &full);
	assert_int_equal(verdict_decode(buf_slice(&b), &a, &v), 0);
	assert_int_equal(v.level, VERDICT_ALERT);
	assert_int_equal(v.lanes, 3);
	assert_int_equal(v.priority, 1);
	assert_int_equal(v.score, 1050);
	assert_int_equal(v.n_categories, 2);
	assert_slice(v.categories[1], "injure_publique");
	assert_slice(v.topics[0], "neige");
	assert_int_equal(v.n_matches, 2);
	assert_slice(v.matches[1].rule, "t.1");
	assert_int_equal(v.matches[1].end, 10);
	assert_refuses_cuts(&b, verdict_decode(part_, &a, &v));
	assert_int_equal(verdict_peek(buf_slice(&b), &v), 0);
	assert_int_equal(v.score, 1050);
	assert_int_equal(v.n_matches, 0);
	arena_release(&a);
}

/* What was stored before there were rules in observation is still read. */
static void the_first_version_is_read(void **state)
{
	static const unsigned char old[] = {1, 2, 3, 1, 0, 0x9a, 8, 1, 6, 'm', 'e', 'n', 'a', 'c',
		'e', 1, 5, 'n', 'e', 'i', 'g', 'e', 1, 1, 'r', 1, 'c', 0, 7};
	struct slice s = {(const char *)old, sizeof(old)};
	struct arena a;
	struct verdict v = {0};
	(void)state;
	arena_init(&a, 0);
	assert_int_equal(verdict_decode(s, &a, &v), 0);
	assert_int_equal(v.score, 1050);
	assert_slice(v.categories[0], "menace");
	assert_slice(v.topics[0], "neige");
	assert_int_equal(v.n_shadows, 0);
	assert_int_equal(v.n_rated, 0);
	assert_slice(v.matches[0].rule, "r");
	assert_int_equal(v.matches[0].end, 7);
	assert_int_equal(verdict_peek(s, &v), 0);
	assert_int_equal(v.priority, 1);
	arena_release(&a);
}

static void shadows_and_rated_come_back(void **state)
{
	static struct slice shadows[] = {{"essai.1", 7}, {"essai.2", 7}}, rated[] = {{"raid", 4}};
	const struct verdict sent = {
		.shadows = shadows, .n_shadows = 2, .rated = rated, .n_rated = 1};
	_buf_ struct buf b = {0}, json = {0};
	struct arena a;
	struct verdict v = {0};
	(void)state;
	arena_init(&a, 0);
	verdict_encode(&b, &sent);
	assert_int_equal(verdict_decode(buf_slice(&b), &a, &v), 0);
	assert_int_equal(v.level, VERDICT_NONE);
	assert_int_equal(v.n_shadows, 2);
	assert_slice(v.shadows[1], "essai.2");
	assert_slice(v.rated[0], "raid");
	assert_refuses_cuts(&b, verdict_decode(part_, &a, &v));
	verdict_to_json(&json, &v, SLICE("1"), SLICE("x"), "abc");
	assert_non_null(strstr(
		buf_string(&json), "\"shadow\":[\"essai.1\",\"essai.2\"],\"rated\":[\"raid\"]"));
	buf_clear(&json);
	verdict_to_json(&json, &full, SLICE("1"), SLICE("x"), "abc");
	assert_null(strstr(buf_string(&json), "shadow"));
	assert_null(strstr(buf_string(&json), "rated"));
	arena_release(&a);
}

static void values_out_of_range_are_refused(void **state)
{
	struct verdict v = {0};
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	for (size_t at = 0; at < 5; at++) {
		_buf_ struct buf b = {0};
		verdict_encode(&b, &full);
		b.p[at] = 9; /* version, level, lanes, priority, unscored */
		assert_int_equal(verdict_decode(buf_slice(&b), &a, &v), -EBADMSG);
		assert_int_equal(verdict_peek(buf_slice(&b), &v), -EBADMSG);
	}
	arena_release(&a);
}

static void long_lists_are_cut(void **state)
{
	static struct slice names[VERDICT_LIST_MAX + 3];
	static struct verdict_match many[VERDICT_MATCHES_MAX + 3];
	_buf_ struct buf b = {0};
	struct arena a;
	struct verdict v = {.categories = names,
		.n_categories = VERDICT_LIST_MAX + 3,
		.matches = many,
		.n_matches = VERDICT_MATCHES_MAX + 3,
		.score = 7};
	(void)state;
	arena_init(&a, 0);
	verdict_encode(&b, &v);
	assert_int_equal(verdict_decode(buf_slice(&b), &a, &v), 0);
	assert_int_equal(v.n_categories, VERDICT_LIST_MAX);
	assert_int_equal(v.n_matches, VERDICT_MATCHES_MAX);
	assert_int_equal(v.score, 7);
	arena_release(&a);
}

static void the_json_is_the_contract(void **state)
{
	_buf_ struct buf b = {0};
	const struct verdict nothing = {0};
	const struct verdict unscored = {
		.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .unscored = UNSCORED_LIMIT};
	(void)state;
	verdict_to_json(&b, &full, SLICE("a\"1"), SLICE("été va !"), "ff00");
	assert_string_equal(buf_string(&b),
		"{\"id\":\"a\\\"1\",\"flagged\":true,\"level\":\"alert\",\"lanes\":[\"moderation\",\"reponse\"],"
		"\"priority\":\"P1\",\"score\":10.5,\"categories\":[\"menace\",\"injure_publique\"],\"topics\":[\"neige\"],"
		"\"matches\":[{\"rule\":\"r.1\",\"category\":\"menace\",\"start\":0,\"end\":7,\"text\":\"été v\"},"
		"{\"rule\":\"t.1\",\"category\":\"\",\"start\":8,\"end\":10,\"text\":\" !\"}],\"rules\":\"ff00\"}\n");
	buf_clear(&b);
	verdict_to_json(&b, &nothing, SLICE("1"), SLICE(""), "00");
	assert_string_equal(buf_string(&b),
		"{\"id\":\"1\",\"flagged\":false,\"level\":\"none\",\"lanes\":[],\"priority\":null,\"score\":0,"
		"\"categories\":[],\"topics\":[],\"matches\":[],\"rules\":\"00\"}\n");
	buf_clear(&b);
	verdict_to_json(&b, &unscored, SLICE("1"), SLICE(""), "00");
	assert_non_null(strstr(buf_string(&b), "\"unscored\":\"limit\""));
}

static void a_revision_says_more_and_nothing_less(void **state)
{
	const struct verdict v = {.level = VERDICT_QUEUE, .priority = 3, .score = 500, .lanes = 1};
	struct verdict w = v;

	(void)state;
	assert_false(verdict_raises(&v, &w));
	w.priority = 2;
	assert_true(verdict_raises(&v, &w));
	assert_false(verdict_raises(&w, &v));
	w.score = 400;
	assert_false(verdict_raises(&v, &w));
	w = v;
	w.priority = 0;
	w.level = VERDICT_ALERT;
	assert_false(verdict_raises(&v, &w));
	w = v;
	w.lanes = LANE_MODERATION | LANE_REPONSE;
	assert_true(verdict_raises(&v, &w));
	w.lanes = LANE_REPONSE;
	assert_false(verdict_raises(&v, &w));
	w = v;
	w.unscored = UNSCORED_LIMIT;
	assert_true(verdict_raises(&v, &w));
	assert_false(verdict_raises(&w, &v));
	assert_true(verdict_raises(&(struct verdict){0}, &v));
}

static void some_takes_two_people(void **state)
{
	static char account[] = "site/j/marchal";
	char *const accounts[] = {account, NULL};
	static char one[] = "diffamation", two[] = "elus";
	char *const ids[] = {one, two, NULL};
	struct slice slander = SLICE("diffamation"), elected = SLICE("elus");
	struct verdict_match match = {.rule = SLICE("elus")};
	struct verdict v = {.priority = 3};

	(void)state;
	assert_false(verdict_wants_two(&v, SLICE(""), ids));
	assert_true(verdict_wants_two(&v, slander, ids));
	assert_false(verdict_wants_two(&v, slander, NULL));
	v.categories = &slander;
	v.n_categories = 1;
	assert_true(verdict_wants_two(&v, SLICE(""), ids));
	v.priority = 1;
	assert_false(verdict_wants_two(&v, slander, ids));
	assert_true(verdict_wants_two(
		&(struct verdict){.topics = &elected, .n_topics = 1}, SLICE("spam"), ids));
	assert_true(verdict_wants_two(
		&(struct verdict){.shadows = &elected, .n_shadows = 1}, SLICE(""), ids));
	assert_true(verdict_wants_two(
		&(struct verdict){.matches = &match, .n_matches = 1}, SLICE(""), ids));
	/* "site/j/marchal": an account may hold a slash */
	assert_true(author_wants_two(SLICE("site"), SLICE("j/marchal"), accounts));
	assert_true(author_wants_two(SLICE("site/j"), SLICE("marchal"), accounts));
	assert_false(author_wants_two(SLICE("site"), SLICE("j"), accounts));
	assert_false(author_wants_two(SLICE("facebook"), SLICE("j/marchal"), accounts));
	assert_false(author_wants_two(SLICE("site"), SLICE(""), accounts));
	assert_false(author_wants_two(SLICE("site"), SLICE("j/marchal"), NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_come_back),
		cmocka_unit_test(the_first_version_is_read),
		cmocka_unit_test(shadows_and_rated_come_back),
		cmocka_unit_test(values_out_of_range_are_refused),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(the_json_is_the_contract),
		cmocka_unit_test(a_revision_says_more_and_nothing_less),
		cmocka_unit_test(some_takes_two_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
