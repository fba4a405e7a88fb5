/* SPDX-License-Identifier: GPL-3.0-or-later
 * Codes in the database: who gets which, what each comes to, how many guesses. */
#include "single.h"
#include <tocsin/record/code.h>

static bool find(void *user, struct slice id, struct store_person *ret)
{
	(void)user;
	if (slice_is(id, "dircom"))
		*ret = (struct store_person){SLICE("A. Roche"), SLICE("+33612345678")};
	return slice_is(id, "dircom");
}

static bool has_number(void *user, struct slice number)
{
	(void)user;
	return code_same_number(number, SLICE("+33612345678")) ||
		code_same_number(number, SLICE("+33600000000"));
}

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	store_people(f.store, &(struct store_people){find, has_number, NULL});
	return 0;
}

static void reopen(void)
{
	store_close(f.store);
	fixture_open(&f);
	store_people(f.store, &(struct store_people){find, has_number, NULL});
}

static void run_sql(const char *sql)
{
	fixture_change(&f, sql);
	store_people(f.store, &(struct store_people){find, has_number, NULL});
}

static void observe(int64_t minute, enum observe_action action, enum town_level level)
{
	struct observation o = {.action = action,
		.kind = INCIDENT_TOPIC,
		.level = level,
		.topic = SLICE("demolition"),
		.title = SLICE("Démolition"),
		.facts = {.at = minute, .messages = 10}};
	const struct observe_request q = {.minute = minute, .list = &o, .n = 1};
	_buf_ struct buf body = {0};

	observe_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
}

static void add_row(const char *key, const char *person)
{
	const struct outbox_row row = {.key = slice_of(key),
		.channel = SLICE("mail"),
		.target = SLICE("a@b.example"),
		.person = slice_of(person),
		.incident = 1,
		.payload = SLICE("…")};
	_buf_ struct buf body = {0};

	outbox_rows_encode(&body, &row, 1);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
}

/* The codes of the rows that are leased, in their order; the lease is over at once. */
static uint32_t lease(char codes[][CODE_TEXT], int64_t code_ms)
{
	_buf_ struct buf body = {0}, reply = {0};
	_cleanup_(arena_release) struct arena a;
	struct leased_row *rows;
	uint32_t n;

	arena_init(&a, 0);
	const int64_t ids[] = {1, 2, 3};
	usleep(3000);
	outbox_take_encode(&body, &(struct take_request){ids, 3, 1, code_ms});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), &reply), 0);
	assert_int_equal(leased_rows_decode(buf_slice(&reply), &a, &rows, &n), 0);
	for (uint32_t i = 0; i < n; i++)
		snprintf(codes[i], CODE_TEXT, "%.*s", (int)rows[i].code.n, rows[i].code.p);
	return n;
}

static struct code_reply come(const char *code, const char *sender)
{
	const struct code_request q = {
		slice_of(code), slice_of(sender), SLICE("code, par la page")};
	_buf_ struct buf body = {0}, reply = {0};
	struct code_reply r;

	code_request_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_CODE, buf_slice(&body), &reply), 0);
	assert_int_equal(code_reply_decode(buf_slice(&reply), &r), 0);
	return r;
}

static void same_for_every_attempt(void **state)
{
	char a[3][CODE_TEXT], b[3][CODE_TEXT];

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	add_row("k1", "dircom");
	assert_int_equal(lease(a, 0), 1);
	assert_string_equal(a[0], ""); /* not asked for */
	assert_int_equal(lease(a, CLOCK_HOUR), 1);
	assert_int_equal(strlen(a[0]), CODE_SIGNS);
	add_row("k2", "dgs");
	add_row("k3", "dircom"); /* a reminder */
	assert_int_equal(lease(b, CLOCK_HOUR), 3);
	assert_string_equal(a[0], b[0]);
	assert_string_equal(a[0], b[2]);
	assert_string_not_equal(a[0], b[1]);
	reopen();
	assert_int_equal(lease(b, CLOCK_HOUR), 3);
	assert_string_equal(a[0], b[0]);
	observe(120000, OBSERVE_RAISE, LEVEL_ROUGE);
	assert_int_equal(lease(b, CLOCK_HOUR), 3);
	assert_string_not_equal(a[0], b[0]); /* another level, another code */
	observe(180000, OBSERVE_CLOSE, LEVEL_VERT);
	assert_int_equal(lease(b, CLOCK_HOUR), 3);
	assert_string_equal(b[0], "");
}

static void taken_once(void **state)
{
	char a[1][CODE_TEXT], b[1][CODE_TEXT];
	struct code_reply r;

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	add_row("k1", "dircom");
	lease(a, CLOCK_HOUR);
	r = come(a[0], "");
	assert_int_equal(r.outcome, CODE_TAKEN);
	assert_true(r.until > clock_now() + 59 * CLOCK_MINUTE);
	assert_int_equal(come(a[0], "").outcome, CODE_USED);
	assert_int_equal(come(a[0], "").until, r.until);
	reopen();
	assert_int_equal(come(a[0], "").until, r.until);
	run_sql("UPDATE incident SET state = 0");
	assert_int_equal(come(a[0], "").until, 0);
	lease(b, CLOCK_HOUR);
	assert_string_not_equal(a[0], b[0]); /* a used one is not given out again */
	assert_int_equal(come(b[0], "").outcome, CODE_TAKEN);
}

static void of_no_use(void **state)
{
	char a[1][CODE_TEXT], b[1][CODE_TEXT];

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	add_row("k1", "dircom");
	lease(a, CLOCK_HOUR);
	run_sql("UPDATE code SET expires_at = 1 + unixepoch() * 1000");
	usleep(1100000);
	assert_int_equal(come(a[0], "").outcome, CODE_EXPIRED);
	lease(b, CLOCK_HOUR);
	assert_string_not_equal(a[0], b[0]);
	observe(120000, OBSERVE_RAISE, LEVEL_ROUGE);
	assert_int_equal(come(b[0], "").outcome, CODE_SURPASSED);
	observe(180000, OBSERVE_LOWER, LEVEL_ORANGE);
	assert_int_equal(
		come(b[0], "+33600000000").outcome, CODE_UNKNOWN); /* another's telephone */
	assert_int_equal(come(b[0], "+33699999999").outcome, CODE_STRANGER);
	assert_int_equal(come("2222YYYY", "").outcome, CODE_UNKNOWN);
	assert_int_equal(come(b[0], "0033612345678").outcome, CODE_TAKEN);
	observe(240000, OBSERVE_CLOSE, LEVEL_VERT);
	assert_int_equal(come(b[0], "").outcome, CODE_CLOSED);
}

/* The minute begins with the first wrong one: a thousand fall into it on any machine that is awake. */
static void guesses_are_bounded(void **state)
{
	char a[1][CODE_TEXT], wrong[CODE_TEXT];
	uint64_t unknown = 0;

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	add_row("k1", "dircom");
	lease(a, CLOCK_HOUR);
	for (int i = 0; i < 50; i++) /* by SMS: not counted here */
		assert_int_equal(come("2222YYYY", "+33600000000").outcome, CODE_UNKNOWN);
	while (unknown < 3 * CODE_WRONG_MINUTE &&
		come(code_write(unknown * 1000003, wrong), "").outcome == CODE_UNKNOWN)
		unknown++;
	assert_in_range(unknown, CODE_WRONG_MINUTE, 3 * CODE_WRONG_MINUTE - 1);
	assert_int_equal(come(a[0], "").outcome, CODE_LIMITED);
	/* … and the telephone is heard all the same, its owner's alone */
	assert_int_equal(come(a[0], "+33699999999").outcome, CODE_STRANGER);
	assert_int_equal(come(a[0], "+33600000000").outcome, CODE_UNKNOWN);
	assert_int_equal(come(a[0], "+33612345678").outcome, CODE_TAKEN);
	for (int i = 0; i < 50; i++)
		assert_int_equal(come(a[0], "+33612345678").outcome, CODE_USED);
	assert_int_equal(come(a[0], "").outcome, CODE_LIMITED);
	reopen(); /* the count of a minute is in memory */
	assert_int_equal(come(a[0], "").outcome, CODE_USED);
}

/* What reads no text sends CODE_NONE: whose the number is comes first. */
static void the_number_comes_first(void **state)
{
	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	assert_int_equal(come("00000000", "+33699999999").outcome, CODE_STRANGER);
	assert_int_equal(come("00000000", "+33612345678").outcome, CODE_UNKNOWN);
}

static void only_hashes_are_stored(void **state)
{
	char a[1][CODE_TEXT];
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	_buf_ struct buf file = {0};
	struct error e = {""};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE);
	add_row("k1", "dircom");
	lease(a, CLOCK_HOUR);
	reopen();
	check(file_read(path, 64u << 20, &file, &e), &e);
	assert_null(memmem(file.p, file.n, a[0], CODE_SIGNS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)
	const struct CMUnitTest tests[] = {TEST(same_for_every_attempt), TEST(taken_once),
		TEST(of_no_use), TEST(guesses_are_bounded), TEST(the_number_comes_first),
		TEST(only_hashes_are_stored)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
