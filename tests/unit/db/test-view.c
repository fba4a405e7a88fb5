/* SPDX-License-Identifier: GPL-3.0-or-later
 * Views: one's own and the team's; who may share, take back, and how many there may be. */
#include "single.h"

#include <tocsin/record/view.h>

static void add_account(const char *name, uint16_t roles)
{
	_buf_ struct buf body = {0};
	char secret[DIGEST_PASSWORD];

	assert_int_equal(digest_password(SLICE("un bon mot de passe"), secret), 0);
	account_encode(&body,
		&(struct account_request){.account = {.name = slice_of(name),
						  .roles = roles,
						  .secret = slice_of(secret)},
			.who = SLICE("chef")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL), 0);
}

static int start(void **state)
{
	fixture_setup(state);
	add_account("anne", ROLE_MODERATION);
	add_account("bob", ROLE_MODERATION);
	add_account("dir", ROLE_DIRCOM);
	return 0;
}

static int keep(const char *who, const char *name, const char *address, bool shared)
{
	_buf_ struct buf body = {0};

	view_encode(&body,
		&(struct view_request){slice_of(who), slice_of(name), slice_of(address), shared});
	return ask(&f, REQUEST_VIEW, buf_slice(&body), NULL);
}

static int drop(int64_t id, const char *who)
{
	_buf_ struct buf body = {0};

	view_remove_encode(&body, &(struct view_remove){id, slice_of(who)});
	return ask(&f, REQUEST_VIEW_REMOVE, buf_slice(&body), NULL);
}

struct seen {
	struct buf text;
	int64_t last;
};

static int see(void *user, const struct kept_view *v)
{
	struct seen *s = user;

	buf_printf(&s->text, "%s%.*s=%.*s;", v->shared ? "*" : "", (int)v->name.n, v->name.p,
		(int)v->address.n, v->address.p);
	s->last = v->id;
	return 0;
}

/* What an account sees; returns the number of the last. */
static int64_t expect(const char *who, const char *want)
{
	struct reader *r = fixture_reader(&f);
	struct seen s = {0};
	struct error e = {""};

	check(reader_views(r, slice_of(who), see, &s, &e), &e);
	assert_string_equal(buf_string(&s.text), want);
	buf_release(&s.text);
	reader_close(r);
	return s.last;
}

static void own_and_shared(void **state)
{
	int64_t shared;

	(void)state;
	assert_int_equal(keep("anne", "b", "/moderation?sujet=eau", false), 0);
	assert_int_equal(keep("anne", "a", "/reponse", false), 0);
	assert_int_equal(keep("anne", "a", "/moderation", false), 0); /* in its place */
	assert_int_equal(keep("anne", "t", "/x", true), -EPERM);
	assert_int_equal(keep("dir", "a", "/commentaires", true), 0);
	expect("bob", "*a=/commentaires;");
	shared = expect("anne", "a=/moderation;b=/moderation?sujet=eau;*a=/commentaires;");
	expect("", "*a=/commentaires;"); /* nobody's name is the team's */
	assert_int_equal(drop(shared, "anne"), -EPERM);
	assert_int_equal(drop(shared, "dir"), 0);
	assert_int_equal(drop(shared, "dir"), -ENOENT);
	expect("bob", "");
}

static void only_ones_own_can_be_taken_back(void **state)
{
	int64_t id;

	(void)state;
	assert_int_equal(keep("anne", "a", "/reponse", false), 0);
	id = expect("anne", "a=/reponse;");
	assert_int_equal(drop(id, "bob"), -ENOENT);
	assert_int_equal(drop(id, "dir"), -ENOENT);
	assert_int_equal(drop(id + 1, "anne"), -ENOENT);
	expect("anne", "a=/reponse;");
	assert_int_equal(drop(id, "anne"), 0);
	expect("anne", "");
}

static void so_many(void **state)
{
	char name[8];

	(void)state;
	for (unsigned i = 0; i < VIEWS_MAX; i++) {
		snprintf(name, sizeof(name), "%u", i);
		assert_int_equal(keep("anne", name, "/reponse", false), 0);
	}
	assert_int_equal(keep("anne", "plus", "/reponse", false), -E2BIG);
	assert_int_equal(keep("anne", "0", "/moderation", false), 0); /* one that is there */
	assert_int_equal(keep("bob", "plus", "/reponse", false), 0);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM view WHERE owner = 'anne'"), VIEWS_MAX);
}

/* What one kept for oneself goes with the account; what one shared stays. */
static void an_account_ends(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(keep("dir", "a", "/reponse", false), 0);
	assert_int_equal(keep("dir", "t", "/moderation", true), 0);
	account_remove_encode(&body,
		&(struct account_remove_request){.name = SLICE("dir"), .who = SLICE("chef")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT_REMOVE, buf_slice(&body), NULL), 0);
	expect("dir", "*t=/moderation;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(own_and_shared),
		TEST(only_ones_own_can_be_taken_back), TEST(so_many), TEST(an_account_ends)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
