/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every unit test of this room includes. */
#ifndef TESTING_H
#define TESTING_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/buf.h>

static inline void assert_slice(struct slice s, const char *expected)
{
	if (!slice_is(s, expected))
		fail_msg("« %.*s » instead of « %s »", (int)s.n, s.p ? s.p : "", expected);
}

/* A decoder must refuse every shortening of a record, and bytes behind it. */
#define assert_refuses_cuts(bytes, decode) \
	do { \
		for (size_t cut_ = 0; cut_ < (bytes)->n; cut_++) { \
			struct slice part_ = {(bytes)->p, cut_}; \
			if ((decode) != -EBADMSG) \
				fail_msg("cut at %zu of %zu is taken", cut_, (bytes)->n); \
		} \
		buf_add_char((bytes), 0); \
		struct slice part_ = buf_slice(bytes); \
		assert_int_equal((decode), -EBADMSG); \
		(bytes)->n--; \
	} while (0)
#endif
