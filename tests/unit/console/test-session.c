/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sessions: whose they are, when they end, and what a form must bring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include "access/session.h"

#define T0 INT64_C(1764000000000)

static struct sessions s;
static const struct login anne = {
	.name = {"anne", 4}, .roles = ROLE_MODERATION, .lang = {"en", 2}, .changed_at = 7};

static int begin(void **state)
{
	(void)state;
	sessions_init(&s);
	return 0;
}

static int end(void **state)
{
	(void)state;
	sessions_release(&s);
	return 0;
}

static void belongs_to_its_token(void **state)
{
	char token[SESSION_TOKEN], other[SESSION_TOKEN];
	(void)state;
	session_token(token);
	session_token(other);
	assert_string_not_equal(token, other);
	struct session *mine = session_begin(&s, token, &anne, T0);
	assert_string_equal(mine->name, "anne");
	assert_string_equal(mine->lang, "en");
	assert_ptr_equal(session_find(&s, token, T0), mine);
	assert_null(session_find(&s, other, T0));
	session_end(mine);
	assert_null(session_find(&s, token, T0));
}

/* An open page that only listens keeps nobody signed in. */
static void listening_does_not_renew(void **state)
{
	char token[SESSION_TOKEN];
	(void)state;
	session_token(token);
	struct session *mine = session_begin(&s, token, &anne, T0);
	assert_ptr_equal(session_peek(&s, token, T0 + SESSION_IDLE_MS - 1), mine);
	assert_null(session_peek(&s, token, T0 + SESSION_IDLE_MS));
}

static void ends_in_time(void **state)
{
	char token[SESSION_TOKEN];
	int64_t now = T0;
	(void)state;
	session_token(token);
	session_begin(&s, token, &anne, T0);
	assert_non_null(session_find(&s, token, T0 - 1000)); /* the clock was put back */
	for (; now < T0 + SESSION_MOST_MS; now += SESSION_IDLE_MS - 1)
		assert_non_null(session_find(&s, token, now));
	assert_null(session_find(&s, token, T0 + SESSION_MOST_MS));
	session_begin(&s, token, &anne, T0);
	assert_null(session_find(&s, token, T0 + SESSION_IDLE_MS));
}

static void the_quietest_makes_room(void **state)
{
	char first[SESSION_TOKEN], token[SESSION_TOKEN];
	(void)state;
	session_token(first);
	session_begin(&s, first, &anne, T0);
	for (unsigned i = 1; i < SESSIONS_MAX; i++) {
		session_token(token);
		session_begin(&s, token, &anne, T0 + i);
	}
	assert_non_null(session_find(&s, first, T0 + 1000)); /* now it is the last that came */
	session_token(token);
	session_begin(&s, token, &anne, T0 + 1001);
	assert_non_null(session_find(&s, first, T0 + 1002));
	assert_non_null(session_find(&s, token, T0 + 1002));
}

static void forms_are_bound_to_the_cookie(void **state)
{
	char a[SESSION_TOKEN], b[SESSION_TOKEN], csrf[SESSION_TOKEN];
	static struct sessions elsewhere;
	(void)state;
	session_token(a);
	session_token(b);
	session_csrf(&s, a, csrf);
	assert_true(session_csrf_is(&s, a, slice_of(csrf)));
	assert_false(session_csrf_is(&s, b, slice_of(csrf)));
	assert_false(session_csrf_is(&s, a, slice_of(a)));
	assert_false(session_csrf_is(&s, a, (struct slice){csrf, strlen(csrf) - 1}));
	assert_false(session_csrf_is(&s, a, (struct slice){0}));
	sessions_init(&elsewhere);
	assert_false(session_csrf_is(&elsewhere, a, slice_of(csrf)));
	sessions_release(&elsewhere);
}

static void tokens_look_like_tokens(void **state)
{
	char token[SESSION_TOKEN];
	(void)state;
	session_token(token);
	assert_true(session_token_ok(slice_of(token)));
	assert_false(session_token_ok((struct slice){token, SESSION_TOKEN - 2}));
	token[3] = 'G';
	assert_false(session_token_ok(slice_of(token)));
	token[3] = 'A';
	assert_false(session_token_ok(slice_of(token)));
	assert_false(session_token_ok((struct slice){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(belongs_to_its_token, begin, end),
		cmocka_unit_test_setup_teardown(listening_does_not_renew, begin, end),
		cmocka_unit_test_setup_teardown(ends_in_time, begin, end),
		cmocka_unit_test_setup_teardown(the_quietest_makes_room, begin, end),
		cmocka_unit_test_setup_teardown(forms_are_bound_to_the_cookie, begin, end),
		cmocka_unit_test(tokens_look_like_tokens)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
