/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cookie headers by the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/http/http.h>

static void reads(void **state)
{
	static const struct {
		const char *header;
		int outcome;
		const char *value;
	} cases[] = {
		{"tocsin=abc", 0, "abc"},
		{"a=1; tocsin=abc; b=2", 0, "abc"},
		{"  tocsin=abc\t;", 0, "abc"},
		{"a=tocsin=x;tocsin=y", 0, "y"},
		{"tocsin=", 0, ""},
		{"tocsin=a=b", 0, "a=b"},
		{"", -ENOENT, NULL},
		{"tocsin", -ENOENT, NULL},
		{"xtocsin=a; tocsinx=b; Tocsin=c", -ENOENT, NULL},
		{"tocsin =a", -ENOENT, NULL},
		{";;;=;", -ENOENT, NULL},
		{"tocsin=a; tocsin=a", -EEXIST, NULL},
		{"tocsin=\"a\"", -EBADMSG, NULL},
		{"tocsin=a b", -EBADMSG, NULL},
		{"tocsin=a,b", -EBADMSG, NULL},
		{"tocsin=a\\b", -EBADMSG, NULL},
		{"tocsin=\xc3\xa9", -EBADMSG, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice value = SLICE("untouched");
		assert_int_equal(
			cookie_find(slice_of(cases[i].header), "tocsin", &value), cases[i].outcome);
		assert_true(slice_is(value, cases[i].value ? cases[i].value : "untouched"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
