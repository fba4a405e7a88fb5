/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much is asked for at a time: less at once, more slowly, and never again what no answer held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../../src/connect/stride.h"

enum { WHOLE = 20 };

/* r: it was refused, .: it came; each with the size that was asked for. */
static void play(const char *what, const unsigned *sizes)
{
	struct stride s;

	stride_begin(&s, WHOLE);
	for (size_t i = 0; what[i]; i++) {
		assert_int_equal(s.size, sizes[i]);
		if (what[i] == 'r')
			assert_int_equal(stride_refused(&s), sizes[i] > 1);
		else
			stride_came(&s);
	}
}

static void all_is_well(void **state)
{
	(void)state;
	play("....", (const unsigned[]){20, 20, 20, 20});
}

static void back_to_what_was_held(void **state)
{
	(void)state;
	play(".rrr..............",
		(const unsigned[]){20, 20, 10, 5, 2, 2, 2, 2, 3, 4, 6, 8, 11, 14, 18, 20, 20, 20});
}

static void never_again_what_nothing_held(void **state)
{
	(void)state;
	play("rrr..........", (const unsigned[]){20, 10, 5, 2, 2, 2, 2, 3, 4, 6, 8, 10, 10});
}

/* Too much by itself: it is passed by, and its neighbours may be as big. */
static void one_is_too_much(void **state)
{
	(void)state;
	play("rrrrr....r....", (const unsigned[]){20, 10, 5, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1});
}

/* However it goes, of what is refused there is one in five at most, once the size is found. */
static void few_are_refused(void **state)
{
	struct stride s;
	unsigned refused = 0;

	(void)state;
	stride_begin(&s, WHOLE);
	for (unsigned i = 0; i < 1000; i++)
		if (s.size > 1) {
			stride_refused(&s);
			refused++;
		} else
			stride_came(&s);
	assert_in_range(refused, 100, 204); /* 20, 10, 5, 2 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_is_well),
		cmocka_unit_test(back_to_what_was_held),
		cmocka_unit_test(never_again_what_nothing_held), cmocka_unit_test(one_is_too_much),
		cmocka_unit_test(few_are_refused)};

	return cmocka_run_group_tests_name("stride", tests, NULL, NULL);
}
