/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <tocsin/base/map.h>

/* Keys of all lengths around the inline size. */
static struct slice key_of(unsigned i, char text[static 64])
{
	int n = snprintf(text, 64, "%0*u", (int)(i % 40) + 1, i);
	return (struct slice){text, (size_t)n};
}

static void test_insert_find_remove(void **state)
{
	(void)state;
	enum { N = 20000 };
	struct map *m = map_new();
	char text[64];
	bool fresh;
	for (unsigned i = 0; i < N; i++) {
		uint64_t *v = map_at(m, key_of(i, text), &fresh);
		assert_true(fresh && *v == 0);
		*v = i + 1;
	}
	assert_int_equal(map_count(m), N);
	for (unsigned i = 0; i < N; i++) {
		assert_int_equal(*map_at(m, key_of(i, text), &fresh), i + 1);
		assert_false(fresh);
	}
	for (unsigned i = 0; i < N; i += 3)
		assert_true(map_remove(m, key_of(i, text)));
	for (unsigned i = 0; i < N; i++) {
		uint64_t *v = map_find(m, key_of(i, text));
		assert_int_equal(v != NULL, i % 3 != 0);
		assert_true(!v || *v == i + 1);
	}
	assert_false(map_remove(m, key_of(0, text)));
	assert_int_equal(map_count(m), N - (N + 2) / 3);
	map_free(m);
}

static void test_odd_keys(void **state)
{
	(void)state;
	struct map *m = map_new();
	*map_at(m, (struct slice){0}, NULL) = 1;
	*map_at(m, SLICE("\0"), NULL) = 2;
	*map_at(m, SLICE("\0\0"), NULL) = 3;
	*map_at(m, SLICE("a"), NULL) = 4;
	*map_at(m, SLICE("a\0"), NULL) = 5;
	assert_int_equal(map_count(m), 5);
	assert_int_equal(*map_find(m, SLICE("")), 1);
	assert_int_equal(*map_find(m, SLICE("\0\0")), 3);
	assert_int_equal(*map_find(m, SLICE("a\0")), 5);
	map_clear(m);
	assert_int_equal(map_count(m), 0);
	assert_null(map_find(m, SLICE("a")));
	*map_at(m, SLICE("a"), NULL) = 6;
	assert_int_equal(*map_find(m, SLICE("a")), 6);
	assert_null(map_free(m));
	assert_null(map_free(NULL));
}

static void test_each(void **state)
{
	(void)state;
	struct map *m = map_new();
	char text[64];
	uint64_t sum = 0, want = 0;
	for (unsigned i = 1; i <= 500; i++) {
		*map_at(m, key_of(i, text), NULL) = i;
		want += i;
	}
	struct slice key;
	uint64_t *v;
	size_t n = 0;
	for (size_t it = 0; map_each(m, &it, &key, &v); n++) {
		assert_true(slice_equal(key, key_of((unsigned)*v, text)));
		sum += *v;
	}
	assert_int_equal(n, 500);
	assert_int_equal(sum, want);
	map_free(m);
}

/* Against an array that does the obvious: many steps over few keys, so that probes wrap and holes close. */
static void test_against_an_array(void **state)
{
	(void)state;
	enum { KEYS = 48 };
	struct map *m = map_new();
	uint64_t model[KEYS] = {0}, seed = 12345;
	size_t present = 0;
	for (int step = 0; step < 200000; step++) {
		char text[64];
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		unsigned i = (unsigned)(seed >> 33) % KEYS;
		struct slice key = key_of(i, text);
		if (seed >> 60 < 8) {
			bool fresh;
			uint64_t *v = map_at(m, key, &fresh);
			assert_int_equal(fresh, model[i] == 0);
			present += fresh;
			*v = model[i] = (uint64_t)step + 1;
		} else {
			assert_int_equal(map_remove(m, key), model[i] != 0);
			present -= model[i] != 0;
			model[i] = 0;
		}
		assert_int_equal(map_count(m), present);
		unsigned j = (unsigned)(seed >> 20) % KEYS;
		uint64_t *v = map_find(m, key_of(j, text));
		assert_int_equal(v ? *v : 0, model[j]);
	}
	map_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_insert_find_remove),
		cmocka_unit_test(test_odd_keys),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_against_an_array),
	};
	return cmocka_run_group_tests_name("base map", tests, NULL, NULL);
}
