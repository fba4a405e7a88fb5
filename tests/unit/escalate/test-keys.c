/* SPDX-License-Identifier: GPL-3.0-or-later
 * The configuration's reader and the policy's agree on whose the keys of the first level are, in both spellings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include <tocsin/policy/policy.h>
#include <tocsin/service/config.h>

/* Whether a configuration with this key loads as far as the service is concerned. */
static bool known(const char *key)
{
	char path[] = "/tmp/tocsin-keys-XXXXXX";
	struct config config = {0};
	struct problems problems = {0};
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "tocsin: 1\n%s: []\n", key) > 0);
	close(fd);
	int r = config_load(path, &config, &problems);
	config_release(&config);
	problems_release(&problems);
	unlink(path);
	return r == 0;
}

static void both_spellings(void **state)
{
	(void)state;
	assert_int_equal(policy_root_keys_n, 6);
	for (size_t i = 0; i < policy_root_keys_n; i++) {
		assert_true(known(policy_root_keys[i].english));
		assert_true(known(policy_root_keys[i].french));
	}
	assert_false(known("people_"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(both_spellings)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
