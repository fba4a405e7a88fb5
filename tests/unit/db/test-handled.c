/* SPDX-License-Identifier: GPL-3.0-or-later
 * When what waited was first looked at, decided and answered, by the town clock: an opened card, a claim or a decision is a look; what is
 * taken back was not decided. */
#include "single.h"

#include <tocsin/record/account.h>

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = true;
	fixture_open(&f);
	return 0;
}

/* A comment of that minute: the town clock goes on with it. */
static void comes(const char *id, int minute, uint8_t lanes)
{
	const bool flagged = lanes & LANE_MODERATION;

	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("la cantine"),
			.created_at = DAY0 + minute * CLOCK_MINUTE},
		&(struct verdict){.lanes = lanes,
			.level = flagged ? VERDICT_QUEUE : VERDICT_NONE,
			.priority = flagged ? 3 : 0,
			.n_categories = flagged,
			.categories = (struct slice[]){SLICE("injure_publique")}});
	fixture_commit(&f);
}

static int decide(int64_t seq, const char *decision)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.text = slice_of(strcmp(decision, "repondre") == 0 ? "Bonjour." : ""),
			.reason = SLICE("à voir")});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static int claim(int64_t seq)
{
	_buf_ struct buf body = {0};

	claim_encode(&body, &(struct claim_request){seq, SLICE("anne"), CLOCK_HOUR});
	return ask(&f, REQUEST_CLAIM, buf_slice(&body), NULL);
}

static void put_minute(struct buf *out, int64_t at)
{
	if (at)
		buf_printf(out, " %lld", (long long)((at - DAY0) / CLOCK_MINUTE));
	else
		buf_add_string(out, " -");
}

static int see(void *user, const struct handled *h)
{
	struct buf *out = user;

	buf_printf(out, "%.*s %u %u", (int)h->category.n, h->category.p, h->priority, h->lanes);
	put_minute(out, h->flagged_at);
	put_minute(out, h->looked_at);
	put_minute(out, h->decided_at);
	put_minute(out, h->answered_at);
	buf_add_char(out, ';');
	return 0;
}

static void expect_between(int from, int to, const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_handled(
		      r, DAY0 + from * CLOCK_MINUTE, DAY0 + to * CLOCK_MINUTE, see, &seen, &e),
		&e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void expect(const char *want)
{
	expect_between(0, 10000, want);
}

static void looked_decided_answered(void **state)
{
	(void)state;
	comes("1", 0, LANE_MODERATION);
	comes("2", 1, LANE_REPONSE);
	comes("3", 2, 0);
	expect("injure_publique 3 1 0 - - -; 4 2 1 - - -;");
	comes("4", 10, 0);
	assert_int_equal(claim(1), 0);
	comes("5", 20, 0);
	assert_int_equal(claim(1), 0);
	assert_int_equal(decide(1, "laisser"), 0);
	expect("injure_publique 3 1 0 10 20 -; 4 2 1 - - -;");
	comes("6", 30, 0);
	assert_int_equal(decide(2, "repondre"), 0);
	comes("7", 40, 0);
	assert_int_equal(decide(2, "laisser"), 0);
	expect("injure_publique 3 1 0 10 20 -; 4 2 1 30 30 30;");
	expect_between(1, 2, " 4 2 1 30 30 30;");
	expect_between(2, 100, "");
}

static void what_is_taken_back_was_not_decided(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	comes("1", 0, LANE_MODERATION);
	comes("2", 5, 0);
	assert_int_equal(decide(1, "masquer"), 0);
	undo_encode(&body, &(struct undo_request){.seq = 1, .who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
	expect("injure_publique 3 1 0 5 - -;");
	comes("3", 9, 0);
	assert_int_equal(decide(1, "laisser"), 0);
	expect("injure_publique 3 1 0 5 9 -;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

/* By any version, once, and nothing of who. */
static void opened(void **state)
{
	_buf_ struct buf body = {0};
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	bool looked = true;

	(void)state;
	comes("1", 0, LANE_MODERATION);
	comes("2", 1, 0);
	comes("3", 10, 0);
	check(reader_looked(r, 1, &looked, &e), &e);
	assert_false(looked);
	check(reader_looked(r, 2, &looked, &e), &e);
	assert_true(looked); /* never waited */
	wire_put_i64(&body, 1);
	assert_int_equal(ask(&f, REQUEST_LOOKED, buf_slice(&body), NULL), 0);
	comes("4", 20, 0);
	assert_int_equal(ask(&f, REQUEST_LOOKED, buf_slice(&body), NULL), 0);
	expect("injure_publique 3 1 0 10 - -;");
	check(reader_looked(r, 1, &looked, &e), &e);
	assert_true(looked);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM audit"), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM claim"), 0);
	buf_clear(&body);
	assert_int_equal(ask(&f, REQUEST_LOOKED, buf_slice(&body), NULL), -EBADMSG);
	wire_put_i64(&body, 999);
	assert_int_equal(ask(&f, REQUEST_LOOKED, buf_slice(&body), NULL), 0);
	reader_close(r);
}

/* Page by page, also where many came at one moment. */
static void some_at_a_time(void **state)
{
	struct handled_at at = {DAY0, 0};
	struct error e = {""};
	_buf_ struct buf seen = {0}, all = {0};
	int64_t before = 0, after = 0;
	char id[8];
	int code;

	(void)state;
	for (int i = 0; i < 23; i++) {
		snprintf(id, sizeof(id), "%d", i);
		comes(id, i / 7, LANE_MODERATION);
	}
	struct reader *r = fixture_reader(&f);
	check(reader_changes(r, &before, &e), &e);
	check(reader_handled(r, DAY0, DAY0 + 3 * CLOCK_MINUTE, see, &all, &e), &e);
	do {
		code = reader_handled_on(r, &at, DAY0 + 3 * CLOCK_MINUTE, 5, see, &seen, &e);
		check(code, &e);
	} while (code == 0);
	assert_int_equal(code, READER_END);
	assert_true(slice_equal(buf_slice(&seen), buf_slice(&all)));
	check(reader_changes(r, &after, &e), &e);
	assert_int_equal(after, before);
	comes("more", 5, 0);
	check(reader_changes(r, &after, &e), &e);
	assert_int_not_equal(after, before);
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(opened, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(some_at_a_time, start, fixture_teardown),
		TEST(looked_decided_answered),
		TEST(what_is_taken_back_was_not_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
