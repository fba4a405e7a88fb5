/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the API: whose they may be, how long they hold, and when they end. */
#include "single.h"
#include <tocsin/record/account.h>
#include <tocsin/record/token.h>

static int account(const char *name, uint16_t roles)
{
	_buf_ struct buf body = {0};

	account_encode(&body,
		&(struct account_request){.account = {.name = slice_of(name),
						  .roles = roles,
						  .secret = SLICE("$argon2id$…")},
			.who = SLICE("test")});
	return ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
}

static int setup(void **state)
{
	fixture_setup(state);
	assert_int_equal(account("anne", ROLE_MODERATION), 0);
	assert_int_equal(account("roy", ROLE_CABINET), 0);
	return 0;
}

static int add(const char *name, const char *owner, uint8_t scopes, char mark, int64_t days)
{
	_buf_ struct buf body = {0};
	char digest[DIGEST_SIZE];

	memset(digest, mark, sizeof(digest));
	token_encode(&body,
		&(struct token_request){
			.token = {.name = slice_of(name),
				.account = slice_of(owner),
				.scopes = scopes,
				.digest = (struct slice){digest, mark ? sizeof(digest) : 5},
				.expires_at = clock_now() + days * CLOCK_DAY},
			.who = SLICE("test")});
	return ask(&f, REQUEST_TOKEN, buf_slice(&body), NULL);
}

static int account_limited(const char *name, uint16_t roles, const char *sources)
{
	_buf_ struct buf body = {0};

	account_encode(&body,
		&(struct account_request){.account = {.name = slice_of(name),
						  .roles = roles,
						  .sources = slice_of(sources),
						  .secret = SLICE("$argon2id$…")},
			.who = SLICE("test")});
	return ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
}

static int add_limited(const char *name, const char *owner, uint8_t scopes, const char *sources)
{
	_buf_ struct buf body = {0};
	char digest[DIGEST_SIZE];

	memset(digest, name[0], sizeof(digest));
	token_encode(&body,
		&(struct token_request){.token = {.name = slice_of(name),
						.account = slice_of(owner),
						.scopes = scopes,
						.sources = slice_of(sources),
						.digest = (struct slice){digest, sizeof(digest)},
						.expires_at = clock_now() + CLOCK_DAY},
			.who = SLICE("test")});
	return ask(&f, REQUEST_TOKEN, buf_slice(&body), NULL);
}

static int see_sources(void *user, const struct token *t)
{
	buf_printf(user, "%.*s:%.*s ", (int)t->name.n, t->name.p, (int)t->sources.n, t->sources.p);
	return 0;
}

/* No wider than its account, and the file alone. */
static void tokens_of_some_sources(void **state)
{
	_buf_ struct buf seen = {0};
	struct error e = {""};

	(void)state;
	assert_int_equal(account_limited("lea", ROLE_MODERATION, "site,page"), 0);
	assert_int_equal(add_limited("a", "lea", SCOPE_QUEUE_READ, "page"), 0);
	assert_int_equal(add_limited("b", "lea", SCOPE_QUEUE_READ, "page,forum"), -EACCES);
	assert_int_equal(add_limited("b", "lea", SCOPE_QUEUE_READ, ""), 0);
	assert_int_equal(
		add_limited("c", "anne", SCOPE_QUEUE_READ | SCOPE_QUEUE_DECIDE, "forum"), 0);
	assert_int_equal(
		add_limited("d", "anne", SCOPE_QUEUE_READ | SCOPE_STATISTICS, "forum"), -EACCES);
	assert_int_equal(add_limited("d", "anne", SCOPE_QUEUE_READ, "for'um"), -EINVAL);
	assert_int_equal(add_limited("d", "anne", SCOPE_QUEUE_READ, "*"), -EINVAL);
	assert_int_equal(add_limited("d", "eve", SCOPE_QUEUE_READ, "site"), -ENOENT);
	struct reader *r = fixture_reader(&f);
	check(reader_tokens(r, see_sources, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), "a:page b: c:forum ");
	reader_close(r);
}

static int see(void *user, const struct token *t)
{
	buf_printf(user, "%.*s %.*s %u %c;", (int)t->name.n, t->name.p, (int)t->account.n,
		t->account.p, t->scopes, t->digest.p[0]);
	return 0;
}

static void expect(const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_tokens(r, see, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static int find(char mark, const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};
	char digest[DIGEST_SIZE];

	memset(digest, mark, sizeof(digest));
	int code = reader_token(r, (struct slice){digest, sizeof(digest)}, see, &seen, &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
	return code;
}

static void tokens_are_kept_and_found(void **state)
{
	(void)state;
	assert_int_equal(add("robot", "anne", SCOPE_QUEUE_READ | SCOPE_RULES, 'a', 90), 0);
	assert_int_equal(add("autre", "roy", SCOPE_INCIDENTS_READ, 'b', 1), 0);
	expect("autre roy 4 b;robot anne 33 a;");
	assert_int_equal(find('a', "robot anne 33 a;"), 0);
	assert_int_equal(find('c', ""), READER_END);
}

static void what_may_not_be_is_refused(void **state)
{
	(void)state;
	assert_int_equal(add("robot", "anne", SCOPE_RULES, 'a', 90), 0);
	assert_int_equal(add("robot", "anne", SCOPE_RULES, 'b', 90), -EEXIST);
	assert_int_equal(add("x", "personne", SCOPE_RULES, 'b', 90), -ENOENT);
	assert_int_equal(add("x", "roy", SCOPE_QUEUE_READ, 'b', 90), -EACCES);
	assert_int_equal(add("x", "anne", SCOPE_METRICS, 'b', 90), -EACCES);
	assert_int_equal(add("X", "anne", SCOPE_RULES, 'b', 90), -EINVAL);
	assert_int_equal(add("x", "anne", 0, 'b', 90), -EINVAL);
	assert_int_equal(add("x", "anne", SCOPE_RULES, 0, 90), -EINVAL);
	assert_int_equal(add("x", "anne", SCOPE_RULES, 'b', 0), -EINVAL);
	assert_int_equal(add("x", "anne", SCOPE_RULES, 'b', TOKEN_DAYS_MAX + 2), -EINVAL);
	expect("robot anne 32 a;");
}

static void they_end_by_hand_or_with_their_account(void **state)
{
	_buf_ struct buf body = {0}, leaving = {0};

	(void)state;
	assert_int_equal(add("un", "anne", SCOPE_RULES, 'a', 90), 0);
	assert_int_equal(add("deux", "anne", SCOPE_RULES, 'b', 90), 0);
	assert_int_equal(add("trois", "roy", SCOPE_RULES, 'c', 90), 0);
	token_revoke_encode(&body, &(struct token_revoke_request){SLICE("un"), SLICE("test")});
	assert_int_equal(ask(&f, REQUEST_TOKEN_REVOKE, buf_slice(&body), NULL), 0);
	assert_int_equal(ask(&f, REQUEST_TOKEN_REVOKE, buf_slice(&body), NULL), -ENOENT);
	expect("deux anne 32 b;trois roy 32 c;");
	account_remove_encode(
		&leaving, &(struct account_remove_request){SLICE("anne"), SLICE("test")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT_REMOVE, buf_slice(&leaving), NULL), 0);
	expect("trois roy 32 c;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tokens_are_kept_and_found),
		TEST(what_may_not_be_is_refused),
		TEST(tokens_of_some_sources),
		TEST(they_end_by_hand_or_with_their_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
