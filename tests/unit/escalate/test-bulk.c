/* SPDX-License-Identifier: GPL-3.0-or-later
 * When attempts have to wait because an old stock is read in. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "bulk.h"

static void what_was_there_before_is_no_bulk(void **state)
{
	struct bulk b = {0};
	(void)state;
	bulk_second(&b);
	bulk_hear(&b, 1000000);
	bulk_second(&b);
	assert_false(b.lasts);
	assert_true(bulk_allows(&b, 7, 0));
	bulk_hear(&b, 1000000 + BULK_LEAST);
	bulk_second(&b);
	assert_false(b.lasts);
}

static void a_bulk_leaves_a_tenth_of_the_time(void **state)
{
	struct bulk b = {0};
	(void)state;
	bulk_hear(&b, 1);
	bulk_hear(&b, 60001);
	bulk_second(&b);
	assert_true(b.lasts);
	assert_true(bulk_allows(&b, 0, 5000));
	assert_false(bulk_allows(&b, 1, 5000));
	bulk_ended(&b, 5000, 5100);
	assert_false(bulk_allows(&b, 0, 5999));
	assert_true(bulk_allows(&b, 0, 6000));
	/* an attempt that hung for half a minute holds up the next one for seconds, not for minutes */
	bulk_ended(&b, 6000, 36000);
	assert_true(bulk_allows(&b, 0, 41000));
	/* older news does not put it back, and when nothing comes any more it is over */
	bulk_hear(&b, 500);
	bulk_second(&b);
	assert_false(b.lasts);
	assert_true(bulk_allows(&b, 7, 36000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_there_before_is_no_bulk),
		cmocka_unit_test(a_bulk_leaves_a_tenth_of_the_time)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
