/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the processes' numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include "gauges.h"

static void put(const char *folder, const char *name, const char *text)
{
	_free_ char *path = xasprintf("%s/metrics/%s", folder, name);
	assert_int_equal(file_write_atomic(path, slice_of(text), 0600, NULL), 0);
}

static void reading(void **state)
{
	(void)state;
	char folder[] = "/tmp/tocsin-gauges-XXXXXX";
	assert_non_null(mkdtemp(folder));
	_gauges_ struct gauges none = {0};
	gauges_read(&none, folder);
	assert_int_equal(none.n, 0);
	_free_ char *metrics = xasprintf("%s/metrics", folder);
	assert_int_equal(mkdir(metrics, 0700), 0);
	put(folder, "tocsin-score.1.prom", "tocsin_scored 10\ntocsin_x{source=\"a b\"} 1.5\n");
	put(folder, "tocsin-score.2.prom", "tocsin_scored 32\nother 5\ntocsin_broken\nno newline");
	put(folder, "tocsin-score.3.prom.new", "tocsin_scored 1000\n");
	_gauges_ struct gauges g = {0};
	gauges_read(&g, folder);
	assert_int_equal(g.n, 3);
	assert_true(gauge_sum(&g, "scored") == 42);
	assert_true(gauge_get(&g, "x", "a b", 0) == 1.5);
	assert_true(gauge_get(&g, "x", NULL, 0) == 1.5);
	assert_true(gauge_get(&g, "x", "c", -1) == -1);
	assert_true(gauge_max(&g, "x", "a b") == 1.5);
	assert_true(gauge_max(&g, "x", "c") == 0);
	assert_true(gauge_get(&g, "nothing", NULL, 7) == 7);
	assert_int_equal(file_remove_tree(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reading)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
