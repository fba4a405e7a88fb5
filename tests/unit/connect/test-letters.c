/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who answers whom: names found again after a cut, the first bearer's, no more than fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../../../src/connect/mail/letters.h"

static const char *name(int i, char out[static 32])
{
	snprintf(out, 32, "%d@valmont.example", i);
	return out;
}

static const char *id(int i, char out[static LETTERS_ID + 1])
{
	snprintf(out, LETTERS_ID + 1, "%032x", (unsigned)i);
	return out;
}

static void names(void **state)
{
	static struct letters l, again;
	char text[32], hex[LETTERS_ID + 1];
	_buf_ struct buf out = {0}, twice = {0};
	(void)state;
	for (int i = 0; i < (int)LETTERS_MAX + 10; i++)
		letters_add(&l, slice_of(name(i, text)), id(i, hex));
	letters_print(&l, &out);
	letters_parse(&again, buf_slice(&out));
	letters_print(&again, &twice);
	assert_string_equal(buf_string(&out), buf_string(&twice));
	for (int i = 0; i < (int)LETTERS_MAX + 10; i++) {
		const char *found = letters_find(&again, slice_of(name(i, text)));

		if (i < 10)
			assert_null(found);
		else
			assert_string_equal(found, id(i, hex));
	}
	letters_add(&again, slice_of(name(300, text)), id(300, hex));
	letters_add(&again, slice_of(name(300, text)), id(301, hex));
	assert_string_equal(letters_find(&again, slice_of(name(300, text))), id(300, hex));
	assert_null(letters_find(&again, slice_of(name(10, text)))); /* the oldest went */
}

static void nothing(void **state)
{
	static struct letters l;
	char hex[LETTERS_ID + 1];
	(void)state;
	letters_add(&l, (struct slice){0}, id(1, hex));
	letters_add(&l, SLICE("a@x"), "court");
	assert_int_equal(l.n, 0);
	assert_null(letters_find(&l, (struct slice){0}));
	letters_parse(&l, SLICE("pas de nous"));
	assert_int_equal(l.n, 0);
	letters_parse(&l, SLICE("ZZZZZZZZZZZZZZZZ00000000000000000000000000000001"));
	assert_int_equal(l.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(nothing)};

	return cmocka_run_group_tests_name("connect letters", tests, NULL, NULL);
}
