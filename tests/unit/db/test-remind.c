/* SPDX-License-Identifier: GPL-3.0-or-later
 * A reminder and its message stand in one commit: together, once, and forgotten when its day is over. */
#include "single.h"

static int remind(int64_t today, struct remind_mark *marks, uint32_t n, const char *key)
{
	_buf_ struct buf body = {0};
	struct outbox_row row = {.key = slice_of(key),
		.channel = SLICE("mail"),
		.target = SLICE("juriste@ville.example"),
		.person = SLICE("juriste"),
		.due_at = DAY0,
		.payload = SLICE("texte")};

	remind_encode(&body, &(struct remind_request){today, marks, n, &row, 1});
	return ask(&f, REQUEST_REMIND, buf_slice(&body), NULL);
}

#define ROWS "SELECT count(*) FROM outbox"
#define MARKS "SELECT count(*) FROM remind"

static void once(void **state)
{
	struct remind_mark marks[] = {{1, 130, 30}, {2, 130, 30}, {1, 130, 7}};

	(void)state;
	assert_int_equal(remind(100, marks, 1, "a"), 0);
	assert_int_equal(fixture_count(&f, ROWS), 1);
	assert_int_equal(remind(100, marks, 1, "a"), 0);
	/* one of them is known: whoever asks has not seen it */
	assert_int_equal(remind(100, marks, 2, "b"), 0);
	assert_int_equal(fixture_count(&f, ROWS), 1);
	assert_int_equal(fixture_count(&f, MARKS), 1);
	/* another term of the same clock */
	assert_int_equal(remind(123, marks + 2, 1, "c"), 0);
	assert_int_equal(fixture_count(&f, ROWS), 2);
	assert_int_equal(fixture_count(&f, MARKS), 2);
}

static void forgotten(void **state)
{
	struct remind_mark before = {1, 130, 7}, after = {2, 160, 30};

	(void)state;
	assert_int_equal(remind(123, &before, 1, "a"), 0);
	assert_int_equal(remind(130, &after, 1, "b"), 0);
	assert_int_equal(fixture_count(&f, MARKS), 2); /* its day is today */
	after.row = 3;
	assert_int_equal(remind(131, &after, 1, "c"), 0);
	assert_int_equal(fixture_count(&f, "SELECT min(row) FROM remind"), 2);
}

static int collect(void *user, const struct remind_mark *m)
{
	*(int64_t *)user += m->row * 10000 + m->day * 10 + (m->before == 7);
	return 0;
}

static void read_again(void **state)
{
	struct remind_mark marks[] = {{4, 130, 30}, {5, 131, 7}};
	struct error e = {""};
	int64_t sum = 0;

	(void)state;
	assert_int_equal(remind(100, marks, 2, "a"), 0);
	struct reader *r = fixture_reader(&f);
	check(reader_reminded(r, collect, &sum, &e), &e);
	assert_int_equal(sum, 90000 + 2610 + 1);
	reader_close(r);
}

static void unreadable(void **state)
{
	_buf_ struct buf body = {0};
	struct remind_mark mark = {1, 2, 7};

	(void)state;
	assert_int_equal(ask(&f, REQUEST_REMIND, SLICE(""), NULL), -EBADMSG);
	assert_int_equal(remind(1, &mark, 0, "a"), -EBADMSG); /* of nothing */
	/* a message without its key: nothing is marked either */
	assert_int_equal(remind(1, &mark, 1, ""), -EBADMSG);
	assert_int_equal(fixture_count(&f, MARKS), 0);
	remind_encode(&body, &(struct remind_request){1, &mark, 1, NULL, 0});
	for (size_t n = 0; n < body.n; n++)
		assert_int_equal(
			ask(&f, REQUEST_REMIND, (struct slice){body.p, n}, NULL), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(forgotten, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(read_again, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(unreadable, fixture_setup, fixture_teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
