/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which comments reach the rate of a rule, and what is then said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include <tocsin/watch/reach.h>

#define PACK \
	"tocsin: 1\npack: p\nowner: x@y.example\nrules:\n" \
	"  - {id: r, title: R, status: live, category: injure_publique, priority: P3, score: 6, when: " \
	"{words: [clown], rate: {by: author, at_least: %d, within: 1 h}}, " \
	"tests: {match: ['un clown'], no_match: ['rien']}}\n" \
	"  - {id: t, title: T, status: %s, category: menace, priority: P1, score: 9, when: " \
	"{words: [venir], rate: {by: thread, at_least: 2, within: 10 min}}, " \
	"tests: {match: ['venir'], no_match: ['rien']}}\n"

static struct ruleset *rules(int at_least, const char *status)
{
	char path[] = "/tmp/tocsin-reach-XXXXXX.yaml";
	struct problems p = {0};
	struct ruleset *r = NULL;
	int fd = mkstemps(path, 5);
	FILE *f = fdopen(fd, "w");

	fprintf(f, PACK, at_least, status);
	fclose(f);
	if (ruleset_load(path, &r, &p) < 0)
		fail_msg("%s", p.list[0].text);
	problems_release(&p);
	unlink(path);
	return r;
}

static struct reached found;

/* A comment whose verdict names both rules, as the scorer's would. */
static int hear(struct reach *r, int64_t row, unsigned char author, const char *thread,
	const char *text, int64_t minute)
{
	struct slice rated[] = {SLICE("r"), SLICE("t"), SLICE("unknown")};
	struct stored_comment c = {.seq = row,
		.row = row,
		.comment = {.source = SLICE("s"),
			.id = SLICE("1"),
			.thread = slice_of(thread),
			.text = slice_of(text)},
		.author_key = {author},
		.verdict = {.rated = rated, .n_rated = 3},
		.gone = !*text};

	return reach_count(r, &c, minute * CLOCK_MINUTE, &found);
}

static void the_nth_of_an_author(void **state)
{
	struct reach *r = reach_new();

	(void)state;
	assert_int_equal(hear(r, 1, 1, "", "un clown", 0), 0); /* no rules yet */
	assert_int_equal(reach_rules(r, rules(3, "retired")), REACH_RECOUNT);
	assert_int_equal(hear(r, 1, 1, "", "un clown", 0), 0);
	assert_int_equal(hear(r, 2, 1, "", "un clown", 1), 0);
	assert_int_equal(hear(r, 2, 1, "", "un clown", 1), 0); /* a new version */
	assert_int_equal(hear(r, 3, 2, "", "un clown", 2), 0);
	assert_int_equal(hear(r, 4, 0, "", "un clown", 2), 0);
	assert_int_equal(hear(r, 5, 1, "", "un clown", 61), 0); /* the first is too long ago */
	assert_int_equal(hear(r, 6, 1, "", "un clown", 50), REACH_REACHED); /* late */
	assert_true(found.n_rules == 1 && slice_is(found.rules[0], "r"));
	assert_true(found.verdict.level == VERDICT_QUEUE && found.verdict.priority == 3);
	assert_int_equal(found.verdict.n_matches, 1);
	/* no text, or one that these rules say nothing of: counted all the same */
	assert_int_equal(hear(r, 7, 1, "", "", 51), 0);
	assert_int_equal(hear(r, 8, 1, "", "autre", 51), 0);
	assert_int_equal(reach_status(r).keys, 2);
	reach_free(r);
}

static void the_nth_in_a_thread(void **state)
{
	struct reach *r = reach_new();

	(void)state;
	assert_int_equal(reach_rules(r, rules(3, "live")), REACH_RECOUNT);
	assert_int_equal(hear(r, 1, 1, "fil", "venir", 0), 0);
	assert_int_equal(hear(r, 2, 2, "autre", "venir", 0), 0);
	assert_int_equal(hear(r, 3, 3, "", "venir", 0), 0);
	assert_int_equal(hear(r, 4, 4, "fil", "venir", 1), REACH_REACHED);
	assert_true(found.n_rules == 1 && slice_is(found.rules[0], "t"));
	assert_int_equal(found.verdict.priority, 1);
	reach_free(r);
}

static void other_rates_count_anew(void **state)
{
	struct reach *r = reach_new();

	(void)state;
	assert_int_equal(reach_rules(r, rules(2, "retired")), REACH_RECOUNT);
	assert_int_equal(hear(r, 1, 1, "", "un clown", 0), 0);
	assert_int_equal(reach_rules(r, rules(2, "retired")), 0); /* the counts stay */
	assert_int_equal(hear(r, 2, 1, "", "un clown", 1), REACH_REACHED);
	assert_int_equal(reach_rules(r, rules(3, "retired")), REACH_RECOUNT);
	assert_int_equal(reach_status(r).keys, 0);
	reach_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nth_of_an_author),
		cmocka_unit_test(the_nth_in_a_thread),
		cmocka_unit_test(other_rates_count_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
