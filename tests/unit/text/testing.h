/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every unit test of this room includes. */
#ifndef TESTING_H
#define TESTING_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <tocsin/text/text.h>

static inline int make_views(void **state)
{
	*state = text_views_new();
	return 0;
}

static inline int free_views(void **state)
{
	text_views_free(*state);
	return 0;
}

static inline void assert_view(
	struct text_views *v, const char *text, enum text_view which, const char *expected)
{
	text_views_make(v, slice_of(text));
	struct slice s = text_view(v, which);
	if (!slice_is(s, expected))
		fail_msg("view %d of « %s »: « %.*s » instead of « %s »", (int)which, text,
			(int)s.n, s.p, expected);
}
#endif
