/* SPDX-License-Identifier: GPL-3.0-or-later
 * So many requests of an hour or a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include <tocsin/base/buf.h>
#include <tocsin/base/file.h>

#include "../../../src/connect/quota.h"

#define HOUR INT64_C(3600000)
#define NOW INT64_C(1790000000000)

static void an_hour(void **state)
{
	struct quota q = {0};
	int64_t ms;

	(void)state;
	assert_int_equal(quota_step(&q, 2, HOUR, NOW, &ms), QUOTA_FREE);
	assert_int_equal(quota_step(&q, 2, HOUR, NOW + 1000, &ms), QUOTA_FREE);
	assert_int_equal(quota_step(&q, 2, HOUR, NOW + 2000, &ms), QUOTA_SPENT);
	assert_int_equal(ms, HOUR - 2000);
	assert_int_equal(q.used, 2);
	assert_int_equal(quota_step(&q, 2, HOUR, NOW + HOUR - 1, &ms), QUOTA_SPENT);
	assert_int_equal(ms, 1);
	assert_int_equal(quota_step(&q, 2, HOUR, NOW + HOUR, &ms), QUOTA_FREE);
	assert_int_equal(q.used, 1);
	/* a clock that is put back gives nothing away, and does not make us wait longer than an hour */
	assert_int_equal(quota_step(&q, 1, HOUR, NOW - 48 * HOUR, &ms), QUOTA_SPENT);
	assert_int_equal(ms, HOUR);
}

static void kept(void **state)
{
	char folder[] = "/tmp/tocsin-quota-XXXXXX";
	struct config config = {.state_dir = mkdtemp(folder)};
	struct source_config source = {.id = "site", .quota = 2, .quota_ms = HOUR},
			     free = {.id = "x"};
	_buf_ struct buf path = {0};
	struct error e;
	uint32_t left;
	int64_t ms;

	(void)state;
	assert_non_null(config.state_dir);
	assert_int_equal(quota_take(&config, &free, NOW, &left, &ms, &e), QUOTA_FREE);
	assert_int_equal(quota_take(&config, &source, NOW, &left, &ms, &e), QUOTA_FREE);
	assert_int_equal(left, 1);
	assert_int_equal(quota_take(&config, &source, NOW, &left, &ms, &e), QUOTA_FREE);
	assert_int_equal(quota_take(&config, &source, NOW, &left, &ms, &e), QUOTA_SPENT);
	assert_true(left == 0 && ms == HOUR);
	buf_printf(&path, "%s/quota.site", folder);
	assert_int_equal(
		truncate(buf_string(&path), 3), 0); /* what cannot be read counts as none */
	assert_int_equal(quota_take(&config, &source, NOW, &left, &ms, &e), QUOTA_FREE);
	assert_int_equal(file_remove_tree(folder), 0);
	assert_true(quota_take(&config, &source, NOW, &left, &ms, &e) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(an_hour), cmocka_unit_test(kept)};

	return cmocka_run_group_tests_name("connect quota", tests, NULL, NULL);
}
