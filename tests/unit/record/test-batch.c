/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/record/batch.h>

static void items_are_stepped_through(void **state)
{
	_buf_ struct buf b = {0};
	struct comment c = {.source = SLICE("s"), .id = SLICE("1"), .text = SLICE("bonjour")}, back;
	struct slice items, item, range;
	uint32_t n;
	bool bad;
	(void)state;
	batch_add(&b, &c);
	batch_add_item(&b, (struct slice){0});
	batch_add_item(&b, SLICE("xyz"));
	assert_int_equal(batch_count(buf_slice(&b), &n), 0);
	assert_int_equal(n, 3);
	items = buf_slice(&b);
	assert_true(batch_next(&items, &item, &bad));
	assert_int_equal(comment_decode(item, &back), 0);
	assert_slice(back.text, "bonjour");
	assert_true(batch_next(&items, &item, &bad));
	assert_int_equal(item.n, 0);
	assert_true(batch_next(&items, &item, &bad));
	assert_slice(item, "xyz");
	assert_false(batch_next(&items, &item, &bad));
	assert_false(bad);
	assert_int_equal(batch_range(buf_slice(&b), 1, 2, &range), 0);
	assert_int_equal(batch_count(range, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(batch_range(buf_slice(&b), 3, 0, &range), 0);
	assert_int_equal(range.n, 0);
	assert_int_equal(batch_range(buf_slice(&b), 2, 2, &range), -EBADMSG);
	assert_int_equal(batch_range(buf_slice(&b), 4, 0, &range), -EBADMSG);
}

static void a_cut_list_is_bad(void **state)
{
	_buf_ struct buf b = {0};
	uint32_t n;
	(void)state;
	batch_add_item(&b, SLICE("abc"));
	for (size_t cut = 1; cut < b.n; cut++)
		assert_int_equal(batch_count((struct slice){b.p, cut}, &n), -EBADMSG);
	assert_int_equal(batch_count(SLICE("\xff\xff\xff\xff"), &n), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_stepped_through),
		cmocka_unit_test(a_cut_list_is_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
