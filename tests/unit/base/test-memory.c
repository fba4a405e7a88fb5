/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/cleanup.h>
#include <tocsin/base/large.h>

static void test_alloc(void **state)
{
	(void)state;
	_free_ char *a = xmalloc(0);
	_free_ char *b = xcalloc(0, 8);
	_free_ char *c = xstrndup("abcdef", 3);
	_free_ char *d = xstrndup("ab", 30);
	_free_ char *e = xasprintf("%s-%d", "x", 7);
	_free_ char *f = xstrdup("");
	assert_true(a && b);
	assert_string_equal(c, "abc");
	assert_string_equal(d, "ab");
	assert_string_equal(e, "x-7");
	assert_string_equal(f, "");
}

static void overflow_array(void)
{
	free(xreallocarray(NULL, SIZE_MAX / 2, 16));
}

static void reserve_everything(void)
{
	struct buf b = {0};
	buf_add_char(&b, 'x');
	buf_reserve(&b, SIZE_MAX);
}

static void arena_everything(void)
{
	struct arena a;
	arena_init(&a, 0);
	arena_alloc(&a, SIZE_MAX - 4);
}

/* Dies with the code that says so, without unwinding anything. */
static void test_out_of_memory(void **state)
{
	(void)state;
	void (*const ways[])(void) = {overflow_array, reserve_everything, arena_everything};
	for (size_t i = 0; i < 3; i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			close(STDERR_FILENO);
			ways[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_not_equal(WEXITSTATUS(status), 0);
	}
}

static void test_arena(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 256);
	for (int round = 0; round < 3; round++) {
		char *parts[100];
		for (int i = 0; i < 100; i++) {
			size_t n = (size_t)(i * 7 % 90 + 1);
			parts[i] = arena_alloc(&a, n);
			assert_int_equal((uintptr_t)parts[i] % _Alignof(max_align_t), 0);
			memset(parts[i], i, n);
		}
		char *big = arena_zero(&a, 5000);
		for (int i = 0; i < 5000; i++)
			assert_int_equal(big[i], 0);
		for (int i = 0; i < 100; i++)
			for (size_t j = 0; j < (size_t)(i * 7 % 90 + 1); j++)
				assert_int_equal(parts[i][j], i);
		arena_clear(&a);
	}
	struct slice s = arena_copy(&a, SLICE("té\0x"));
	assert_true(slice_equal(s, SLICE("té\0x")) && s.p[s.n] == '\0');
	assert_string_equal(arena_string(&a, (struct slice){0}), "");
	arena_release(&a);
	arena_release(&a);
}

/* What was in a list stays in it, however often it grows; the list grows by itself only when it is full. */
static void test_lists_grow(void **state)
{
	(void)state;
	struct arena a;
	int *in_arena = NULL, *alone = NULL;
	size_t cap_arena = 0, cap_alone = 0;
	arena_init(&a, 256);
	for (int i = 0; i < 1000; i++) {
		const int *before = alone;
		bool full = (size_t)i == cap_alone;
		in_arena = arena_grow(&a, in_arena, (size_t)i, &cap_arena, sizeof(*in_arena));
		alone = xgrow(alone, (size_t)i, &cap_alone, sizeof(*alone));
		assert_true(full || alone == before);
		assert_true((size_t)i < cap_arena && (size_t)i < cap_alone);
		in_arena[i] = alone[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_true(in_arena[i] == i && alone[i] == i);
	assert_in_range(cap_alone, 1000, 2000);
	free(alone);
	arena_release(&a);
}

/* A cleared arena gives its blocks again: the same addresses, so no growth batch after batch. */
static void test_arena_reuses(void **state)
{
	(void)state;
	struct arena a;
	void *first[50];
	arena_init(&a, 1024);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 50; i++) {
			void *p = arena_alloc(&a, 100);
			if (round == 0)
				first[i] = p;
			assert_ptr_equal(p, first[i]);
		}
		arena_clear(&a);
	}
	arena_release(&a);
}

static void test_buf(void **state)
{
	(void)state;
	_buf_ struct buf b = {0};
	assert_string_equal(buf_string(&b), "");
	assert_int_equal(b.n, 0);
	buf_add(&b, NULL, 0);
	buf_add_slice(&b, (struct slice){0});
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	assert_int_equal(b.n, 10 * 2 + 90 * 3 + 900 * 4);
	buf_add_char(&b, '!');
	assert_memory_equal(b.p + b.n - 5, "999,!", 5);
	const char *p = b.p;
	size_t cap = b.cap;
	buf_clear(&b);
	buf_add_string(&b, "again");
	assert_ptr_equal(b.p, p);
	assert_int_equal(b.cap, cap);
	assert_true(slice_is(buf_slice(&b), "again"));
	buf_release(&b);
	buf_printf(&b, "%0200d", 7); /* longer than the first storage */
	assert_int_equal(b.n, 200);
}

static void test_slice(void **state)
{
	(void)state;
	assert_true(slice_equal((struct slice){0}, SLICE("")));
	assert_true(slice_is(slice_of(NULL), ""));
	assert_false(slice_is(SLICE("ab"), "abc"));
	assert_true(slice_compare(SLICE("ab"), SLICE("abc")) < 0);
	assert_true(slice_compare(SLICE("b"), SLICE("abc")) > 0);
	assert_true(slice_compare(SLICE("\xC3"), SLICE("z")) > 0); /* bytes, not chars */
	assert_int_equal(slice_compare(SLICE("x"), SLICE("x")), 0);
	assert_true(
		slice_ends(SLICE("1/rouge/late"), "/late") && slice_ends(SLICE("/late"), "/late"));
	assert_false(slice_ends(SLICE("late"), "/late") || slice_ends(SLICE("/late/"), "/late"));
	assert_int_equal(SLICE("a\0b").n, 3);
}

/* A table of megabytes begins on a large page, a small one where there is room; both can be given back. */
static void large_tables_are_aligned_and_zeroed(void **state)
{
	const size_t sizes[] = {
		0, 1, 4096, LARGE_PAGE - 1, LARGE_PAGE, LARGE_PAGE + 1, 3 * LARGE_PAGE};
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (unsigned again = 0; again < 2; again++) {
			unsigned char *p = xlarge(sizes[i]);

			assert_true(sizes[i] < LARGE_PAGE || (uintptr_t)p % LARGE_PAGE == 0);
			if (sizes[i])
				memset(p, 0xff, sizes[i]);
			free(p);
			p = xlarge_zero(sizes[i], 1);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[k], 0);
			free(p);
		}
}

/* What a list holds stays in it when it moves to large pages. */
static void a_large_list_grows(void **state)
{
	uint64_t *list = NULL;
	size_t cap = 0, many = 3 * LARGE_PAGE / sizeof(*list);

	(void)state;
	for (size_t n = 0; n < many; n++) {
		list = xlarge_grow(list, n, &cap, sizeof(*list));
		list[n] = n;
	}
	assert_true(cap >= many);
	assert_int_equal((uintptr_t)list % LARGE_PAGE, 0);
	for (size_t n = 0; n < many; n++)
		assert_int_equal(list[n], n);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_lists_grow),
		cmocka_unit_test(test_arena_reuses),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_slice),
		cmocka_unit_test(large_tables_are_aligned_and_zeroed),
		cmocka_unit_test(a_large_list_grows),
	};
	return cmocka_run_group_tests_name("base memory", tests, NULL, NULL);
}
