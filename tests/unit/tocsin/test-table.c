/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables: alignment by display width, cutting, harmless text. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "table.h"

static void expect(const struct table *t, bool terminal, const char *golden)
{
	_buf_ struct buf out = {0};
	table_print(t, terminal, &out);
	assert_string_equal(buf_string(&out), golden);
}

static void aligned(void **state)
{
	(void)state;
	_table_ struct table t;
	table_init(&t, (const char *const[]){">n°", "sujet", "état", NULL});
	table_printf(&t, "%d", 7);
	table_add(&t, SLICE("Démolition"));
	table_add(&t, SLICE("ouvert"));
	table_printf(&t, "%d", 1234);
	table_add(&t, SLICE("日本 e\xcc\x81té"));
	table_add(&t, SLICE("clos"));
	expect(&t, false,
		"  n°  sujet       état\n"
		"   7  Démolition  ouvert\n"
		"1234  日本 e\xcc\x81té    clos\n");
}

static void empty(void **state)
{
	(void)state;
	_table_ struct table t;
	table_init(&t, (const char *const[]){"a", "b", NULL});
	expect(&t, false, "");
}

static void cut(void **state)
{
	(void)state;
	_table_ struct table t;
	table_init(&t, (const char *const[]){"a", "b", NULL});
	t.limit[0] = 5;
	table_add(&t, SLICE("été indien"));
	table_add(&t, SLICE("x"));
	table_add(&t, SLICE("日本語"));
	table_add(&t, SLICE("x"));
	table_add(&t, SLICE("cinq!"));
	table_add(&t, SLICE("x"));
	expect(&t, false,
		"a      b\n"
		"été …  x\n"
		"日本…  x\n"
		"cinq!  x\n");
}

static void marks(void **state)
{
	(void)state;
	_table_ struct table t;
	table_init(&t, (const char *const[]){"a", "b", NULL});
	table_add(&t, SLICE("un " TABLE_MARK "deux" TABLE_UNMARK " trois"));
	table_add(&t, SLICE("x"));
	expect(&t, false,
		"a              b\n"
		"un deux trois  x\n");
	expect(&t, true,
		"\033[1ma              b\n\033[0m"
		"un \033[1;7mdeux\033[0m trois  x\n");
	t.limit[0] = 6;
	expect(&t, true,
		"\033[1ma       b\n\033[0m"
		"un \033[1;7mde\033[0m…  x\n");
}

static void harmless(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	table_clean(&out,
		SLICE("a\033[2Jb\nc\td\xe2\x80\xae"
		      "e\xc2\x9b"
		      "f\xff\x01g"),
		false);
	assert_string_equal(buf_string(&out), "a [2Jb c d e f\xef\xbf\xbd g");
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const struct CMUnitTest tests[] = {cmocka_unit_test(aligned), cmocka_unit_test(empty),
		cmocka_unit_test(cut), cmocka_unit_test(marks), cmocka_unit_test(harmless)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
