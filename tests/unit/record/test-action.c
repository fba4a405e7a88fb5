/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a decision means at a source; the wire form of its carrying out, whole, cut and forged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/record/action.h>
#include <tocsin/record/request.h>

static void what_it_means(void **state)
{
	static const struct {
		const char *decision, *category, *text;
		enum outward want;
	} cases[] = {{"masquer", "", "", ACTION_HIDE},
		{"masquer", "injure_publique", "", ACTION_HIDE},
		{"masquer", "spam", "", ACTION_SPAM}, {"supprimer", "spam", "", ACTION_TRASH},
		{"laisser", "", "", ACTION_SHOW}, {"repondre", "", "Bonjour.", ACTION_REPLY},
		{"repondre", "", "", ACTION_NONE}, {"attente", "", "On regarde.", ACTION_REPLY},
		{"transferer", "", "", ACTION_NONE}, {"dossier", "", "", ACTION_NONE},
		{"lever", "", "", ACTION_NONE},
		/* what is only proposed is done nowhere */
		{"proposer_masquer", "", "", ACTION_NONE},
		{"proposer_repondre", "", "Bonjour.", ACTION_NONE},
		{"proposer_attente", "", "On regarde.", ACTION_NONE},
		{"confirmer", "", "", ACTION_NONE}, {"", "", "", ACTION_NONE}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (outward_of(slice_of(cases[i].decision), slice_of(cases[i].category),
			    slice_of(cases[i].text)) != cases[i].want)
			fail_msg("%s", cases[i].decision);
}

/* No shorter form of it is one, nor a longer one. */
static void expect_whole(const struct buf *b, int (*decode)(struct slice s))
{
	_buf_ struct buf longer = {0};

	assert_int_equal(decode(buf_slice(b)), 0);
	for (size_t n = 0; n < b->n; n++)
		assert_int_equal(decode((struct slice){b->p, n}), -EBADMSG);
	buf_add_slice(&longer, buf_slice(b));
	buf_add_char(&longer, 0);
	assert_int_equal(decode(buf_slice(&longer)), -EBADMSG);
}

static int read_take(struct slice s)
{
	struct action_take t;
	return action_take_decode(s, &t);
}

static int read_leased(struct slice s)
{
	struct leased_action a;
	return leased_action_decode(s, &a);
}

static int read_result(struct slice s)
{
	struct action_result r;
	return action_result_decode(s, &r);
}

static void takes(void **state)
{
	_buf_ struct buf b = {0};
	struct action_take t;

	(void)state;
	action_take_encode(&b, &(struct action_take){SLICE("site"), 60000});
	assert_int_equal(action_take_decode(buf_slice(&b), &t), 0);
	assert_true(slice_is(t.source, "site") && t.lease_ms == 60000);
	expect_whole(&b, read_take);
	buf_clear(&b);
	action_take_encode(&b, &(struct action_take){SLICE(""), 60000});
	assert_int_equal(read_take(buf_slice(&b)), -EBADMSG);
	buf_clear(&b);
	action_take_encode(&b, &(struct action_take){SLICE("site"), 0});
	assert_int_equal(read_take(buf_slice(&b)), -EBADMSG);
}

static void leases(void **state)
{
	const struct leased_action a = {.id = 7,
		.attempt = 300,
		.action = ACTION_REPLY,
		.mark = SLICE("tocsin/3-1764000000000"),
		.item = SLICE("42"),
		.seen = SLICE("é"),
		.text = SLICE("Bonjour.")};
	struct leased_action back, wrong;
	_buf_ struct buf b = {0};

	(void)state;
	leased_action_encode(&b, &a);
	assert_int_equal(leased_action_decode(buf_slice(&b), &back), 0);
	assert_true(back.id == 7 && back.attempt == 300 && back.action == ACTION_REPLY &&
		slice_equal(back.mark, a.mark) && slice_equal(back.item, a.item) &&
		slice_equal(back.seen, a.seen) && slice_equal(back.text, a.text));
	expect_whole(&b, read_leased);
	for (int i = 0; i < 4; i++) {
		wrong = a;
		if (i == 0)
			wrong.action = ACTION_NONE;
		else if (i == 1)
			wrong.action = (enum outward)(ACTION_TRASH + 1);
		else if (i == 2)
			wrong.mark = (struct slice){0};
		else
			wrong.item = (struct slice){0};
		buf_clear(&b);
		leased_action_encode(&b, &wrong);
		assert_int_equal(read_leased(buf_slice(&b)), -EBADMSG);
	}
}

static void results(void **state)
{
	struct action_result r = {7, 2, ACTION_LATER, 1764000000000, SLICE("HTTP 503")}, back;
	_buf_ struct buf b = {0};

	(void)state;
	action_result_encode(&b, &r);
	assert_int_equal(action_result_decode(buf_slice(&b), &back), 0);
	assert_true(back.id == 7 && back.attempt == 2 && back.outcome == ACTION_LATER &&
		back.retry_at == r.retry_at && slice_is(back.detail, "HTTP 503"));
	expect_whole(&b, read_result);
	buf_clear(&b);
	r.outcome = (enum action_outcome)(ACTION_DEAD + 1);
	action_result_encode(&b, &r);
	assert_int_equal(read_result(buf_slice(&b)), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_it_means), cmocka_unit_test(takes),
		cmocka_unit_test(leases), cmocka_unit_test(results)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
