/* SPDX-License-Identifier: GPL-3.0-or-later
 * Short lists: in order as qsort has them, and what is equal stays as it came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <tocsin/base/sort.h>

struct one {
	int key, came;
};

static int by_key(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int by_all(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	return x->key != y->key ? by_key(a, b) : (x->came > y->came) - (x->came < y->came);
}

static void any_list(void **state)
{
	unsigned seed = 1;

	(void)state;
	sort_few(NULL, 0, sizeof(struct one), by_key);
	for (size_t n = 1; n < 120; n++) {
		struct one list[120], want[120];

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			list[i] = want[i] = (struct one){(int)(seed >> 16) % 10, (int)i};
		}
		sort_few(list, n, sizeof(*list), by_key);
		qsort(want, n, sizeof(*want), by_all);
		assert_memory_equal(list, want, n * sizeof(*list));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(any_list)};

	return cmocka_run_group_tests_name("base sort", tests, NULL, NULL);
}
