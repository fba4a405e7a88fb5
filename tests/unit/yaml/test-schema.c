/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/yaml/yaml.h>

static const struct yaml_key keys[] = {{"rules", "règles"}, {"priority", "priorité"}, {"id", NULL}};
enum { KEYS = 3 };

struct fixture {
	struct yaml_file file;
	struct problems problems;
};

static void open_text(struct fixture *x, const char *text)
{
	*x = (struct fixture){0};
	assert_int_equal(yaml_read_text("f", slice_of(text), &x->file, &x->problems), 0);
}

static void close_text(struct fixture *x)
{
	yaml_release(&x->file);
	problems_release(&x->problems);
}

static const struct yaml_node *get(const struct fixture *x, const char *key)
{
	return yaml_get(x->file.root, key, NULL, 0);
}

static void test_both_spellings(void **state)
{
	(void)state;
	struct fixture x;
	open_text(&x, "règles: 1\npriority: 2\nid: 3\n");
	assert_true(slice_is(yaml_get(x.file.root, "rules", keys, KEYS)->text, "1"));
	assert_true(slice_is(yaml_get(x.file.root, "priority", keys, KEYS)->text, "2"));
	assert_null(yaml_get(x.file.root, "rules", NULL, 0));
	yaml_check_keys(&x.file, x.file.root, keys, KEYS, &x.problems);
	assert_int_equal(x.problems.n, 0);
	close_text(&x);
}

static void test_unknown_keys(void **state)
{
	(void)state;
	struct fixture x;
	open_text(&x, "regles: 1\nprioirty: 2\nzzzzzz: 3\nrules: 4\nrègles: 5\n");
	yaml_check_keys(&x.file, x.file.root, keys, KEYS, &x.problems);
	assert_int_equal(x.problems.n, 4);
	const struct problem *p = x.problems.list;
	assert_int_equal(p[0].line, 1);
	assert_non_null(strstr(p[0].text, "« regles »"));
	assert_non_null(strstr(p[0].hint, "« règles »"));
	assert_non_null(strstr(p[1].hint, "« priority »"));
	assert_non_null(strstr(p[2].hint, "clés possibles : règles, priorité, id"));
	assert_int_equal(p[3].line, 5);
	assert_non_null(strstr(p[3].text, "même chose"));
	close_text(&x);
	open_text(&x, "- a\n");
	yaml_check_keys(&x.file, x.file.root, keys, KEYS, &x.problems);
	assert_int_equal(x.problems.errors, 1);
	close_text(&x);
}

static void test_defaults(void **state)
{
	(void)state;
	struct fixture x;
	open_text(&x, "a: 1\n");
	struct slice s = SLICE("défaut");
	int64_t n = 7;
	bool b = true;
	size_t choice = 2;
	assert_int_equal(yaml_string(&x.file, NULL, &s, &x.problems), 0);
	assert_int_equal(yaml_int(&x.file, NULL, 0, 1, &n, &x.problems), 0);
	assert_int_equal(yaml_duration(&x.file, NULL, &n, &x.problems), 0);
	assert_int_equal(yaml_bool(&x.file, NULL, &b, &x.problems), 0);
	assert_int_equal(yaml_choice(&x.file, NULL, NULL, 0, &choice, &x.problems), 0);
	assert_true(slice_is(s, "défaut") && n == 7 && b && choice == 2);
	assert_int_equal(x.problems.n, 0);
	close_text(&x);
}

static void test_int(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int result;
		int64_t value;
	} cases[] = {
		{"a: 0", 0, 0},
		{"a: -5", 0, -5},
		{"a: '12'", 0, 12},
		{"a: 64 KiB", 0, 65536},
		{"a: 1000000", 0, 1000000},
		{"a: 1000001", -EINVAL, 0},
		{"a: -6", -EINVAL, 0},
		{"a: 99999999999999999999", -EINVAL, 0},
		{"a: 9223372036854775807 MiB", -EINVAL, 0},
		{"a: 1.5", -EINVAL, 0},
		{"a: 0x10", -EINVAL, 0},
		{"a: dix", -EINVAL, 0},
		{"a: ''", -EINVAL, 0},
		{"a:", -EINVAL, 0},
		{"a: [1]", -EINVAL, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture x;
		int64_t v = 77;
		open_text(&x, cases[i].text);
		int r = yaml_int(&x.file, get(&x, "a"), -5, 1000000, &v, &x.problems);
		if (r != cases[i].result)
			fail_msg("%s: %d", cases[i].text, r);
		assert_int_equal(v, r ? 77 : cases[i].value);
		assert_int_equal(x.problems.errors, r != 0);
		close_text(&x);
	}
}

static void test_bool(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int result;
		bool value;
	} cases[] = {{"a: oui", 0, true}, {"a: yes", 0, true}, {"a: True", 0, true},
		{"a: vrai", 0, true}, {"a: non", 0, false}, {"a: no", 0, false},
		{"a: FALSE", 0, false}, {"a: on", -EINVAL, false}, {"a: 1", -EINVAL, false},
		{"a: ouii", -EINVAL, false}, {"a: ou", -EINVAL, false}, {"a: {}", -EINVAL, false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture x;
		bool v = !cases[i].value;
		open_text(&x, cases[i].text);
		int r = yaml_bool(&x.file, get(&x, "a"), &v, &x.problems);
		if (r != cases[i].result)
			fail_msg("%s: %d", cases[i].text, r);
		assert_int_equal(v, r ? !cases[i].value : cases[i].value);
		close_text(&x);
	}
}

static void test_duration(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t value; /* -1: refused */
	} cases[] = {{"a: 90 s", 90 * CLOCK_SECOND}, {"a: 15 min", 15 * CLOCK_MINUTE},
		{"a: 2 h", 2 * CLOCK_HOUR}, {"a: 2h", 2 * CLOCK_HOUR}, {"a: 35 j", 35 * CLOCK_DAY},
		{"a: 35 d", 35 * CLOCK_DAY}, {"a: 13 mois", 390 * CLOCK_DAY},
		{"a: 13 months", 390 * CLOCK_DAY}, {"a: 1 month", 30 * CLOCK_DAY},
		{"a: 1 heure", CLOCK_HOUR}, {"a: 2 minutes", 2 * CLOCK_MINUTE},
		{"a: 2 semaines", 14 * CLOCK_DAY}, {"a: 250 ms", 250}, {"a: 0 s", 0}, {"a: 15", -1},
		{"a: -1 s", -1}, {"a: min", -1}, {"a: 1,5 h", -1}, {"a: 3 siècles", -1},
		{"a: 99999999999999999999 j", -1}, {"a: 2 hs", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture x;
		int64_t v = 77;
		open_text(&x, cases[i].text);
		int r = yaml_duration(&x.file, get(&x, "a"), &v, &x.problems);
		if (r != (cases[i].value < 0 ? -EINVAL : 0) || (r == 0 && v != cases[i].value))
			fail_msg("%s: %d, %lld", cases[i].text, r, (long long)v);
		assert_true(r == 0 || (v == 77 && strstr(x.problems.list[0].hint, "15 min")));
		close_text(&x);
	}
}

static void test_choice(void **state)
{
	(void)state;
	static const char *const words[] = {"draft", "shadow", "live", "retired"};
	struct fixture x;
	size_t at = 9;
	open_text(&x, "a: live\nb: shadwo\nc: mort\n");
	assert_int_equal(yaml_choice(&x.file, get(&x, "a"), words, 4, &at, &x.problems), 0);
	assert_int_equal(at, 2);
	assert_int_equal(yaml_choice(&x.file, get(&x, "b"), words, 4, &at, &x.problems), -EINVAL);
	assert_non_null(strstr(x.problems.list[0].hint, "« shadow »"));
	assert_int_equal(yaml_choice(&x.file, get(&x, "c"), words, 4, &at, &x.problems), -EINVAL);
	assert_non_null(strstr(x.problems.list[1].hint, "draft, shadow, live, retired"));
	assert_int_equal(at, 2);
	close_text(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_spellings),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_choice),
	};
	return cmocka_run_group_tests_name("yaml schema", tests, NULL, NULL);
}
