/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of the policy and of the replies: lib/service lets them through without knowing lib/policy or lib/reply. Here all
 * are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/policy/policy.h>
#include <tocsin/reply/reply.h>
#include <tocsin/service/config.h>

static size_t problems_with(const char *key)
{
	char folder[] = "/tmp/tocsin-keys-XXXXXX";
	assert_non_null(mkdtemp(folder));
	_free_ char *path = xasprintf("%s/tocsin.yaml", folder);
	_free_ char *text = xasprintf("tocsin: 1\n%s: []\n", key);
	assert_int_equal(file_write_atomic(path, slice_of(text), 0600, NULL), 0);
	struct problems p = {0};
	struct config c;
	if (config_load(path, &c, &p) == 0)
		config_release(&c);
	size_t errors = p.errors;
	problems_release(&p);
	assert_int_equal(file_remove_tree(folder), 0);
	return errors;
}

static void known_to_both(void **state)
{
	(void)state;
	assert_true(policy_root_keys_n > 0);
	for (size_t i = 0; i < policy_root_keys_n; i++) {
		assert_int_equal(problems_with(policy_root_keys[i].english), 0);
		if (policy_root_keys[i].french)
			assert_int_equal(problems_with(policy_root_keys[i].french), 0);
	}
	assert_true(reply_root_keys_n > 0);
	for (size_t i = 0; i < reply_root_keys_n; i++) {
		assert_int_equal(problems_with(reply_root_keys[i].english), 0);
		if (reply_root_keys[i].french)
			assert_int_equal(problems_with(reply_root_keys[i].french), 0);
	}
	assert_int_equal(problems_with("personne"), 1);
}

/* The configuration that is installed to begin with: no mistake, no warning, and every level reaches somebody. */
static void example(void **state)
{
	(void)state;
	const char *path = getenv("EXAMPLE");
	assert_non_null(path);
	struct problems p = {0};
	struct config c;
	struct policy policy;
	int loaded = config_load(path, &c, &p);
	for (size_t i = 0; i < p.n; i++)
		print_message("# %d: %s\n", p.list[i].line, p.list[i].text);
	assert_int_equal(loaded, 0);
	assert_int_equal(policy_load(&c.file, c.folder, &policy, &p), 0);
	for (size_t i = 0; i < p.n; i++)
		print_message("# %d: %s\n", p.list[i].line, p.list[i].text);
	assert_int_equal(p.n, 0);
	assert_false(policy.empty);
	assert_true(c.n_sources > 0);
	assert_string_equal(c.state_dir, "/var/lib/tocsin"); /* the unit's folders */
	assert_string_equal(c.run_dir, "/run/tocsin");
	policy_release(&policy);
	config_release(&c);
	problems_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_to_both), cmocka_unit_test(example)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
