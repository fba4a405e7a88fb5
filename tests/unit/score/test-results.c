/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results are kept until COMMITTED covers them, sent again when store may have lost them, and acked once. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/arena.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/verdict.h>
#include "results.h"

/* The wires: what was said over them, in order. */
static char said[256];
static int send_answer;

static void say(const char *what, uint64_t number)
{
	size_t n = strlen(said);
	snprintf(said + n, sizeof(said) - n, "%s%s%llu", n ? " " : "", what,
		(unsigned long long)number);
}

int commit_send(struct commit_client *c, const struct result *r)
{
	uint32_t items, verdicts;
	(void)c;
	if (send_answer == 0) {
		assert_int_equal(batch_count(r->items, &items), 0);
		assert_int_equal(batch_count(r->verdicts, &verdicts), 0);
		assert_int_equal(items, verdicts);
		assert_int_equal(items, r->count);
		say("send", r->batch);
	}
	if (send_answer == -EMSGSIZE && r->verdicts.n < 100) {
		say("stripped", r->batch);
		return 0;
	}
	return send_answer;
}

static int on_ack(struct seam *s, uint64_t tag)
{
	(void)s;
	say("ack", tag);
	return 0;
}

static const struct seam_ops ops = {.ack = on_ack};
static struct seam work = {&ops};
static struct results results;

static void add(uint64_t batch, uint32_t first, uint32_t count)
{
	_buf_ struct buf items = {0};
	for (uint32_t i = 0; i < count; i++)
		batch_add_item(&items, SLICE("comment"));
	const struct delivery d = {.tag = batch * 10 + first,
		.batch = batch,
		.first = first,
		.count = count,
		.items = buf_slice(&items)};
	struct kept *k = results_add(&results, &d);
	for (uint32_t i = 0; i < count; i++)
		batch_add_item(&k->verdicts, SLICE("verdict"));
}

static void send_at(int64_t now)
{
	results_send(&results, NULL, now, 1000);
}

static uint32_t committed(uint64_t batch, uint32_t first, uint32_t count)
{
	return results_committed(&results, &work, &(struct committed){batch, first, count});
}

static void assert_said(const char *expected)
{
	assert_string_equal(said, expected);
	said[0] = 0;
}

static int start(void **state)
{
	(void)state;
	said[0] = 0;
	send_answer = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	results_release(&results);
	return 0;
}

static void committed_is_what_acks(void **state)
{
	(void)state;
	add(1, 0, 2);
	add(2, 0, 3);
	send_at(5);
	assert_said("send1 send2");
	send_at(10);
	assert_said("");
	assert_int_equal(committed(2, 0, 3), 3);
	assert_said("ack20");
	assert_int_equal(committed(2, 0, 3), 0); /* said twice: nothing more */
	assert_int_equal(results.n, 1);
	assert_int_equal(committed(1, 0, 1), 0); /* not covered whole */
	assert_said("");
	assert_int_equal(committed(1, 0, 2), 2);
	assert_said("ack10");
	assert_int_equal(results.n, 0);
	assert_null(results.first);
	assert_null(results.last);
	add(3, 0, 1);
	send_at(20);
	assert_said("send3");
}

static void a_wider_range_covers_parts(void **state)
{
	(void)state;
	add(1, 0, 1);
	add(1, 1, 1);
	add(1, 4, 1);
	send_at(1);
	said[0] = 0;
	assert_int_equal(committed(1, 0, 4), 2);
	assert_said("ack10 ack11");
	assert_int_equal(results.n, 1);
}

static void silence_and_reconnection_send_again(void **state)
{
	(void)state;
	add(1, 0, 1);
	send_at(1);
	assert_said("send1");
	send_at(900);
	assert_said("");
	send_at(1002);
	assert_said("send1");
	results_unsend(&results);
	send_at(1003);
	assert_said("send1");
}

static void a_full_wire_is_tried_later_in_order(void **state)
{
	(void)state;
	send_answer = BUS_FULL;
	add(1, 0, 1);
	add(2, 0, 1);
	send_at(1);
	assert_said("");
	send_answer = 0;
	send_at(2);
	assert_said("send1 send2");
}

/* A result too long for a message goes without its matches, each comment for a human. */
static void too_long_is_stripped(void **state)
{
	struct slice list, item;
	struct verdict v;
	bool bad;
	(void)state;
	add(1, 0, 2);
	for (int i = 0; i < 100; i++)
		buf_add_char(&results.first->verdicts, 'x');
	send_answer = -EMSGSIZE;
	send_at(1);
	assert_said("stripped1");
	list = buf_slice(&results.first->verdicts);
	for (int i = 0; i < 2; i++) {
		assert_true(batch_next(&list, &item, &bad));
		assert_int_equal(verdict_peek(item, &v), 0);
		assert_int_equal(v.unscored, UNSCORED_LIMIT);
		assert_int_equal(v.level, VERDICT_QUEUE);
	}
	assert_false(batch_next(&list, &item, &bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(committed_is_what_acks, start, end),
		cmocka_unit_test_setup_teardown(a_wider_range_covers_parts, start, end),
		cmocka_unit_test_setup_teardown(silence_and_reconnection_send_again, start, end),
		cmocka_unit_test_setup_teardown(a_full_wire_is_tried_later_in_order, start, end),
		cmocka_unit_test_setup_teardown(too_long_is_stripped, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
