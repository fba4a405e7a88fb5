/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <tocsin/base/problem.h>

static void test_print(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	struct problems p = {0};
	problem_add(
		&p, PROBLEM_ERROR, "a.yaml", 12, 7, "essayez « b »", "clé « %s » inconnue", "c");
	problem_add(&p, PROBLEM_WARNING, "a.yaml", 3, 0, NULL, "douteux");
	problem_add(&p, PROBLEM_ERROR, "a.yaml", 0, 0, NULL, "vide");
	assert_int_equal(p.n, 3);
	assert_int_equal(p.errors, 2);
	for (size_t i = 0; i < p.n; i++)
		problem_print(&out, &p.list[i], "erreur", "avertissement", "conseil");
	assert_string_equal(buf_string(&out),
		"a.yaml:12:7: erreur: clé « c » inconnue\n"
		"  conseil: essayez « b »\n"
		"a.yaml:3: avertissement: douteux\n"
		"a.yaml: erreur: vide\n");
	problems_release(&p);
	assert_int_equal(p.n, 0);
}

/* Nothing that a stranger wrote reaches the terminal as a command. */
static void test_control_characters(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	struct problems p = {0};
	problem_add(&p, PROBLEM_ERROR, "a\x1b]0;x", 1, 1, "\x07",
		"a\x1b[31mb\nc\xC2\x9B"
		"d\x7F é");
	problem_print(&out, &p.list[0], "e", "w", "h");
	assert_string_equal(buf_string(&out),
		"a\\x1b]0;x:1:1: e: a\\x1b[31mb\n    c\\u009bd\\x7f é\n  h: \\x07\n");
	problems_release(&p);
}

static void test_many(void **state)
{
	(void)state;
	struct problems p = {0};
	for (int i = 0; i < 1000; i++)
		problem_add(&p, PROBLEM_ERROR, "f", (unsigned)i + 1, 1, "h", "%d", i);
	assert_int_equal(p.errors, 1000);
	assert_string_equal(p.list[999].text, "999");
	problems_release(&p);
}

static void test_did_you_mean(void **state)
{
	(void)state;
	static const char *const keys[] = {"rules", "règles", NULL, "priority", "id", "when",
		"unless", "escalate", "priorité"};
	static const struct {
		const char *typed, *found;
	} cases[] = {
		{"rule", "rules"},
		{"regles", "règles"},
		{"règle", "règles"},
		{"RULES", "rules"},
		{"priorite", "priorité"}, /* and not the English key, one letter away */
		{"prioirty", "priority"}, /* two letters swapped: one step */
		{"prority", "priority"},
		{"escallatte", "escalate"},
		{"escaladexx", NULL}, /* three steps */
		{"wehn", "when"},
		{"wxyn", NULL}, /* two steps, but a word of four bears one */
		{"ix", NULL}, /* too short to guess */
		{"id", "id"},
		{"", NULL},
		{"une phrase entière qui ne ressemble à rien du tout et dépasse soixante-quatre lettres",
			NULL},
		{"\xFF\xFEules", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found = problem_did_you_mean(slice_of(cases[i].typed), keys, 9);
		if ((found == NULL) != (cases[i].found == NULL) ||
			(found && strcmp(found, cases[i].found) != 0))
			fail_msg("%s: %s", cases[i].typed, found ? found : "-");
	}
	/* the nearest, not the first */
	static const char *const near[] = {"abcdxx", "abcdex"};
	assert_string_equal(problem_did_you_mean(SLICE("abcdef"), near, 2), "abcdex");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_did_you_mean),
	};
	return cmocka_run_group_tests_name("base problem", tests, NULL, NULL);
}
