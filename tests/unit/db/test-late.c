/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the team's figures say of promises and services that ran out, by either clock, and of what came. */
#include "single.h"

#include <tocsin/record/account.h>

#include "../../../src/lib/db/reader/rd.h"

#define LATER "UPDATE follow SET until = until + 7200000"
#define EARLIER "UPDATE follow SET until = until - 7200000"

static int64_t until; /* of every follow-up that is begun */

static void begin(bool event)
{
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = event;
	fixture_open(&f);
	until = (event ? DAY0 : clock_now()) + CLOCK_HOUR;
}

static int start_wall(void **state)
{
	(void)state;
	begin(false);
	return 0;
}

static int start_event(void **state)
{
	(void)state;
	begin(true);
	return 0;
}

static void asks(const char *id, int64_t at)
{
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("la cantine ?"),
			.created_at = at},
		&(struct verdict){.lanes = LANE_REPONSE});
	fixture_commit(&f);
}

static void decide(int64_t seq, const char *decision, const char *text)
{
	_buf_ struct buf body = {0};
	const bool waits =
		strcmp(decision, DECISION_HOLDING) == 0 || strcmp(decision, DECISION_SENT) == 0;

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.text = slice_of(text),
			.service = waits ? SLICE("education") : SLICE(""),
			.until = waits ? until : 0});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}

static void hold(int64_t seq, const char *text)
{
	decide(seq, DECISION_HOLDING, text);
}

static void send(int64_t seq)
{
	decide(seq, DECISION_SENT, "");
}

static void answer(int64_t seq)
{
	decide(seq, "repondre", "Lundi.");
}

static void undo(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	undo_encode(&body, &(struct undo_request){seq, slice_of(who)});
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
}

static void propose(int64_t seq, const char *text)
{
	_buf_ struct buf account = {0}, body = {0};

	account_encode(&account,
		&(struct account_request){.account = {.name = SLICE("ecole"),
						  .roles = ROLE_SERVICE,
						  .secret = SLICE("$argon2id$…"),
						  .services = SLICE("education")},
			.who = SLICE("admin")});
	if (!fixture_count(&f, "SELECT count(*) FROM account"))
		assert_int_equal(ask(&f, REQUEST_ACCOUNT, buf_slice(&account), NULL), 0);
	propose_encode(&body, &(struct propose_request){seq, SLICE("ecole"), slice_of(text)});
	assert_int_equal(ask(&f, REQUEST_PROPOSE, buf_slice(&body), NULL), 0);
}

static void goes(const char *id)
{
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.type = COMMENT_TOMBSTONE,
			.created_at = DAY0 + 2},
		NULL);
	f.accepted++;
	fixture_commit(&f);
}

static int see(void *user, const struct handled *h)
{
	buf_printf(user, "%u %u;", h->late_promises, h->late_services);
	return 0;
}

/* "promises services;" of each comment, at that moment of the town clock. */
static void expect_at(int64_t now, const char *want)
{
	struct handled_at at = {.now = now, .event = f.spec.clock_event};
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	assert_int_equal(reader_handled_on(r, &at, INT64_MAX, 100, see, &seen, &e), READER_END);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void expect(const char *want)
{
	expect_at(f.spec.clock_event ? until + 1 : clock_now(), want);
}

/* --- by the wall clock */

static void a_promise_runs_out(void **state)
{
	(void)state;
	asks("a", DAY0);
	asks("b", DAY0 + 1);
	hold(1, "Bonjour.");
	expect_at(until - 1, "0 0;0 0;");
	expect_at(until, "1 0;0 0;"); /* it is owed */
	answer(1);
	expect_at(until + CLOCK_DAY, "0 0;0 0;"); /* it came in time */
	fixture_change(&f, "UPDATE follow SET until = (SELECT at FROM decision WHERE id = ended)");
	expect("1 0;0 0;");
	fixture_change(&f, "UPDATE follow SET until = until + 1");
	expect("0 0;0 0;");
	fixture_change(&f, EARLIER);
	expect("1 0;0 0;"); /* it came, too late */
	undo(1, "anne");
	expect("1 0;0 0;"); /* it is owed again */
	fixture_change(&f, LATER);
	fixture_change(&f, LATER);
	expect("0 0;0 0;");
}

static void a_promise_is_renewed_or_taken_back(void **state)
{
	(void)state;
	asks("a", DAY0);
	hold(1, "Bonjour.");
	hold(1, "Encore un peu.");
	expect_at(until, "1 0;"); /* the first one was kept up to the second */
	fixture_change(&f, EARLIER);
	expect("2 0;");
	undo(1, "anne");
	expect("1 0;");
	fixture_change(&f, LATER);
	expect_at(until - 1, "0 0;");
}

static void a_service_runs_out(void **state)
{
	(void)state;
	asks("a", DAY0);
	send(1);
	expect_at(until - 1, "0 0;");
	expect_at(until, "0 1;");
	propose(1, "Lundi.");
	expect_at(until, "0 0;"); /* what is not published yet is nothing to it */
	undo(1, "ecole");
	expect_at(until, "0 1;");
	propose(1, "Mardi.");
	propose(1, "Mercredi.");
	expect_at(until, "0 0;");
	/* the first one counts, but not the one that was taken back */
	fixture_change(&f,
		"UPDATE decision SET at = at + 7200000 WHERE id = (SELECT max(id) FROM decision)");
	expect_at(until, "0 0;");
	fixture_change(&f,
		"UPDATE decision SET at = at + 7200000 WHERE decision = 'proposer'"
		" AND id > (SELECT max(id) FROM decision WHERE decision = 'annuler')");
	expect_at(until, "0 1;");
	answer(1);
	expect_at(until, "0 1;");
}

static void a_service_that_nobody_waited_for(void **state)
{
	(void)state;
	asks("a", DAY0);
	asks("b", DAY0 + 1);
	send(1);
	answer(1);
	expect_at(until, "0 0;0 0;");
	fixture_change(&f, EARLIER);
	expect("0 1;0 0;");
	send(2);
	hold(2, "Bonjour."); /* the service has it on, by the date of the promise */
	expect_at(until, "0 1;1 1;");
	propose(2, "Mardi.");
	expect_at(until, "0 1;1 0;");
	answer(2);
	expect_at(until, "0 1;0 0;");
	fixture_change(&f,
		"UPDATE decision SET at = at + 7200000 WHERE row = 2"
		" AND decision = 'repondre'");
	expect_at(until, "0 1;1 0;"); /* published late, and not by its fault */
}

static void what_is_gone_is_owed_no_more(void **state)
{
	struct error e = {""};

	(void)state;
	asks("a", DAY0);
	asks("b", DAY0 + 1);
	hold(1, "Bonjour.");
	send(2);
	goes("a");
	fixture_change(&f, EARLIER);
	expect("0 0;0 1;");
	check(store_tick(f.store, &e), &e);
	goes("b"); /* it had been due */
	expect("0 0;0 1;");
}

/* --- by that of the comments */

static void what_came_back_was_late(void **state)
{
	struct error e = {""};

	(void)state;
	for (int i = 0; i < 4; i++)
		asks((const char *[]){"a", "b", "c", "d"}[i], DAY0 + i);
	hold(1, "Bonjour.");
	hold(2, "Bonjour.");
	answer(2);
	send(3);
	propose(3, "Lundi.");
	send(4);
	expect_at(until - 1, "0 0;0 0;0 0;0 0;");
	expect_at(until, "1 0;0 0;0 0;0 1;");
	asks("z", until);
	answer(1); /* before anybody was called back */
	check(store_tick(f.store, &e), &e);
	answer(3);
	answer(4);
	expect("1 0;0 0;0 0;0 1;0 0;");
	undo(1, "anne");
	expect("1 0;0 0;0 0;0 1;0 0;");
}

/* --- what came */

static void comes(const char *source, const char *id, const char *text, int hour)
{
	f.accepted = DAY0 - DAY0 % CLOCK_HOUR + hour * CLOCK_HOUR + 1;
	feed(&f,
		&(struct comment){.source = slice_of(source),
			.id = slice_of(id),
			.text = slice_of(text),
			.created_at = DAY0},
		NULL);
	fixture_commit(&f);
}

static int see_source(void *user, struct slice source, uint64_t n)
{
	buf_printf(user, "%.*s %llu;", (int)source.n, source.p, (unsigned long long)n);
	return 0;
}

static void expect_received(int from, int to, const char *want)
{
	const int64_t hour = DAY0 - DAY0 % CLOCK_HOUR;
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_received(
		      r, hour + from * CLOCK_HOUR, hour + to * CLOCK_HOUR, see_source, &seen, &e),
		&e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void each_comes_once(void **state)
{
	(void)state;
	comes("site", "1", "un", 0);
	comes("site", "2", "deux", 1);
	comes("facebook", "1", "trois", 1);
	comes("facebook", "1", "trois, changé", 1);
	comes("site", "1", "un, changé", 2);
	comes("site", "2", "deux", 2); /* a double */
	comes("site", "3", "quatre", 5);
	expect_received(0, 6, "site 3;facebook 1;");
	expect_received(0, 1, "site 1;");
	expect_received(1, 5, "site 1;facebook 1;");
	expect_received(2, 5, "");
	expect_received(5, 6, "site 1;");
	goes("2");
	fixture_change(&f, "UPDATE ledger SET purged = fresh");
	expect_received(0, 6, "site 3;facebook 1;");
}

static void each_is_sought(void **state)
{
	static const char *const sought[] = {
		"SEARCH h USING INDEX handled_flagged (flagged_at>? AND",
		"SEARCH l USING PRIMARY KEY (hour>? AND hour<?)"};
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	sqlite3 *db = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (; reader_handled_queries[n]; n++) {
		_free_ char *sql = xasprintf("EXPLAIN QUERY PLAN %s", reader_handled_queries[n]);
		_buf_ struct buf plan = {0};
		sqlite3_stmt *s = NULL;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW)
			buf_printf(&plan, "%s\n", (const char *)sqlite3_column_text(s, 3));
		sqlite3_finalize(s);
		if (!strstr(buf_string(&plan), sought[n]) || strstr(buf_string(&plan), "SCAN") ||
			strstr(buf_string(&plan), "ORDER BY"))
			fail_msg("%s", buf_string(&plan));
	}
	assert_int_equal(n, 2);
	sqlite3_close(db);
}

#define WALL(name) cmocka_unit_test_setup_teardown(name, start_wall, fixture_teardown)
#define EVENT(name) cmocka_unit_test_setup_teardown(name, start_event, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {WALL(a_promise_runs_out),
		WALL(a_promise_is_renewed_or_taken_back), WALL(a_service_runs_out),
		WALL(a_service_that_nobody_waited_for), WALL(what_is_gone_is_owed_no_more),
		EVENT(what_came_back_was_late), WALL(each_comes_once), WALL(each_is_sought)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
