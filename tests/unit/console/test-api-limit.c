/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much one token may ask, and answers kept under a key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "api/limit.h"

#define T0 INT64_C(1764000000000)

static struct api_limits l;

static int begin(void **state)
{
	(void)state;
	l = (struct api_limits){0};
	return 0;
}

static int end(void **state)
{
	(void)state;
	api_limits_release(&l);
	return 0;
}

struct name {
	unsigned char p[DIGEST_SIZE];
};

static struct name named(uint32_t n)
{
	struct name a;
	digest_sha256((struct slice){(const char *)&n, sizeof(n)}, a.p);
	return a;
}

static unsigned burst(uint32_t who, int64_t now)
{
	unsigned n = 0;
	while (n < 1000 && api_may_ask(&l, named(who).p, now))
		n++;
	return n;
}

static void a_burst_then_so_many_a_second(void **state)
{
	(void)state;
	assert_int_equal(burst(1, T0), API_BURST);
	assert_int_equal(burst(1, T0), 0);
	assert_int_equal(burst(2, T0), API_BURST); /* another is another */
	assert_int_equal(burst(1, T0 + 99), 0);
	assert_int_equal(burst(1, T0 + 100), 1);
	assert_int_equal(burst(1, T0 + 1100), API_A_SECOND);
	assert_int_equal(burst(1, T0 + 3600000), API_BURST);
	assert_int_equal(burst(1, T0), 0); /* a clock that was put back gives nothing */
}

static void more_callers_than_places(void **state)
{
	(void)state;
	assert_int_equal(burst(0, T0), API_BURST);
	for (uint32_t i = 1; i < API_CALLERS; i++)
		assert_true(api_may_ask(&l, named(i).p, T0 + 1));
	assert_int_equal(burst(0, T0 + 2), 0);
	for (uint32_t i = 0; i < API_CALLERS; i++)
		assert_true(api_may_ask(&l, named(API_CALLERS + i).p, T0 + 3));
	assert_int_equal(burst(0, T0 + 4), API_BURST); /* forgotten */
}

static int find(uint32_t key, uint32_t asked, int64_t now, const char *want)
{
	struct slice found = {0};
	int r = api_kept_find(&l, named(key).p, named(asked).p, now, &found);
	if (r == API_SAME)
		assert_true(slice_is(found, want));
	return r;
}

static void answers_are_kept_for_a_day(void **state)
{
	(void)state;
	assert_int_equal(find(1, 2, T0, ""), API_NEW);
	api_keep(&l, named(1).p, named(2).p, T0, SLICE("un"));
	assert_int_equal(find(1, 2, T0 + API_KEEP_MS - 1, "un"), API_SAME);
	assert_int_equal(find(1, 3, T0 + 1, ""), API_OTHER);
	assert_int_equal(find(2, 2, T0 + 1, ""), API_NEW);
	assert_int_equal(find(1, 2, T0 + API_KEEP_MS, ""), API_NEW);
	for (uint32_t i = 0; i < API_KEPT; i++)
		api_keep(&l, named(100 + i).p, named(2).p, T0 + 1 + i, SLICE("x"));
	assert_int_equal(find(1, 2, T0 + 1, ""), API_NEW); /* the oldest went */
	assert_int_equal(find(100, 2, T0 + 1, "x"), API_SAME);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_burst_then_so_many_a_second),
		TEST(more_callers_than_places),
		TEST(answers_are_kept_for_a_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
