/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is in charge of an alarm gives it back, or asks somebody to take over, and keeps it until that one takes it. */
#include "single.h"
#include <tocsin/record/account.h>

static int start(void **state)
{
	struct slice threat = SLICE("menace");
	const struct verdict v = {
		.level = VERDICT_ALERT, .priority = 1, .categories = &threat, .n_categories = 1};
	_buf_ struct buf body = {0};

	fixture_setup(state);
	feed(&f,
		&(struct comment){
			.source = SLICE("site"), .id = SLICE("1"), .text = SLICE("bonjour")},
		&v);
	fixture_commit(&f);
	account_encode(&body,
		&(struct account_request){.account = {.name = SLICE("bob"),
						  .roles = ROLE_DIRCOM,
						  .secret = SLICE("$argon2id$…")},
			.who = SLICE("test")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL), 0);
	return 0;
}

static int take(const char *who)
{
	_buf_ struct buf body = {0};

	ack_encode(&body, &(struct ack_request){.incident = 1, .who = slice_of(who)});
	return ask(&f, REQUEST_ACK, buf_slice(&body), NULL);
}

static int say(enum request_verb verb, const char *who, const char *text)
{
	_buf_ struct buf body = {0};

	close_encode(&body, &(struct close_request){1, slice_of(who), slice_of(text)});
	return ask(&f, verb, buf_slice(&body), NULL);
}

static int note(void *user, const struct incident *i)
{
	snprintf(user, 80, "%s %.*s → %.*s%s", incident_state_names[i->state], (int)i->acked_by.n,
		i->acked_by.p, (int)i->passed_to.n, i->passed_to.p, i->passed_at ? " !" : "");
	return 0;
}

static void expect(const char *want)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	char is[80] = "";

	check(reader_incident(r, 1, note, is, &e), &e);
	assert_string_equal(is, want);
	reader_close(r);
}

static int64_t entries(const char *of)
{
	_free_ char *sql = xasprintf("SELECT count(*) FROM entry WHERE incident = 1 AND %s", of);

	return fixture_count(&f, sql);
}

static void given_back(void **state)
{
	(void)state;
	assert_int_equal(say(REQUEST_RELEASE, "anne", ""), 0); /* it is nobody's */
	assert_int_equal(entries("kind = 17"), 0);
	assert_int_equal(take("anne"), 0);
	assert_int_equal(say(REQUEST_RELEASE, "bob", ""), -EPERM);
	expect("acked anne → ");
	assert_int_equal(say(REQUEST_RELEASE, "anne", "je pars"), 0);
	expect("open  → ");
	assert_int_equal(entries("kind = 17 AND who = 'anne' AND text = 'je pars'"), 1);
	assert_int_equal(say(REQUEST_RELEASE, "anne", "je pars"), 0);
	assert_int_equal(entries("kind = 17"), 1);
}

static void passed_on(void **state)
{
	(void)state;
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "bob"), -EPERM);
	assert_int_equal(take("anne"), 0);
	assert_int_equal(say(REQUEST_PASS_ON, "bob", "bob"), -EPERM);
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "anne"), -EPERM);
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "nobody"), -ENOENT);
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "bob"), 0);
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "bob"), 0); /* a double click */
	expect("acked anne → bob !");
	assert_int_equal(entries("kind = 18 AND who = 'anne' AND text = 'bob'"), 1);
	assert_int_equal(take("bob"), 0);
	expect("acked bob → ");
	assert_int_equal(entries("kind = 6 AND who = 'bob'"), 1);
}

/* Whoever holds it longer is still waiting for the other; whoever gives it back is not. */
static void asked_and_kept(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(take("anne"), 0);
	assert_int_equal(say(REQUEST_PASS_ON, "anne", "bob"), 0);
	ack_encode(&body,
		&(struct ack_request){.incident = 1,
			.who = SLICE("anne"),
			.until = clock_now() + 3 * CLOCK_HOUR,
			.text = SLICE("prolongation")});
	assert_int_equal(ask(&f, REQUEST_ACK, buf_slice(&body), NULL), 0);
	expect("acked anne → bob !");
	assert_int_equal(entries("kind = 3 AND text = 'prolongation'"), 1);
	assert_int_equal(say(REQUEST_RELEASE, "anne", ""), 0);
	assert_int_equal(take("anne"), 0);
	expect("acked anne → ");
}

static int prolong(const char *who)
{
	_buf_ struct buf body = {0};

	ack_encode(&body,
		&(struct ack_request){.incident = 1,
			.who = slice_of(who),
			.until = clock_now() + 3 * CLOCK_HOUR,
			.text = SLICE("prolongation")});
	return ask(&f, REQUEST_PROLONG, buf_slice(&body), NULL);
}

/* Only what is still his: whoever took it a moment before keeps it. */
static void held_longer(void **state)
{
	(void)state;
	assert_int_equal(prolong("anne"), -EPERM); /* nobody's */
	assert_int_equal(take("anne"), 0);
	assert_int_equal(prolong("anne"), 0);
	assert_int_equal(prolong("anne"), 0);
	assert_int_equal(entries("kind = 3 AND text = 'prolongation'"), 1);
	assert_int_equal(take("bob"), 0);
	assert_int_equal(prolong("anne"), -EPERM);
	expect("acked bob → ");
	assert_int_equal(entries("kind = 6 AND who = 'anne'"), 0);
	assert_int_equal(say(REQUEST_CLOSE, "bob", "fini"), 0);
	assert_int_equal(prolong("bob"), -EALREADY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(given_back, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(held_longer, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(passed_on, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(asked_and_kept, start, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
