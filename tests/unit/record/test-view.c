/* SPDX-License-Identifier: GPL-3.0-or-later
 * The wire form of views: whole, cut, too long, without a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <tocsin/record/view.h>

static char many[VIEW_ADDRESS_MAX + 1];

static int again(const struct view_request *q, struct view_request *ret)
{
	static struct buf b;

	buf_clear(&b);
	view_encode(&b, q);
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(view_decode((struct slice){b.p, n}, ret), -EBADMSG);
	int r = view_decode(buf_slice(&b), ret);
	buf_add_char(&b, 0);
	struct view_request longer;
	assert_int_equal(view_decode(buf_slice(&b), &longer), -EBADMSG);
	b.n--;
	return r;
}

static void views(void **state)
{
	const struct view_request good = {
		SLICE("anne"), SLICE("Cantine & co"), SLICE("/moderation?sujet=cantine"), 1};
	struct view_request q, back;

	(void)state;
	assert_int_equal(again(&good, &back), 0);
	assert_true(slice_equal(back.who, good.who) && slice_equal(back.name, good.name) &&
		slice_equal(back.address, good.address) && back.shared == 1);
	memset(many, 'x', sizeof(many));
	for (int i = 0; i < 5; i++) {
		q = good;
		if (i == 0)
			q.who = (struct slice){0};
		else if (i == 1)
			q.name = (struct slice){0};
		else if (i == 2)
			q.address = (struct slice){0};
		else if (i == 3)
			q.name = (struct slice){many, VIEW_NAME_MAX + 1};
		else
			q.address = (struct slice){many, VIEW_ADDRESS_MAX + 1};
		assert_int_equal(again(&q, &back), -EBADMSG);
	}
	q = good;
	q.name = (struct slice){many, VIEW_NAME_MAX};
	q.address = (struct slice){many, VIEW_ADDRESS_MAX};
	assert_int_equal(again(&q, &back), 0);
}

static void removals(void **state)
{
	_buf_ struct buf b = {0};
	struct view_remove q;

	(void)state;
	view_remove_encode(&b, &(struct view_remove){3, SLICE("anne")});
	assert_int_equal(view_remove_decode(buf_slice(&b), &q), 0);
	assert_true(q.id == 3 && slice_is(q.who, "anne"));
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(view_remove_decode((struct slice){b.p, n}, &q), -EBADMSG);
	buf_clear(&b);
	view_remove_encode(&b, &(struct view_remove){3, SLICE("")});
	assert_int_equal(view_remove_decode(buf_slice(&b), &q), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(views), cmocka_unit_test(removals)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
