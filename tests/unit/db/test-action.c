/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decisions carried out at a source: not while they can be undone, once, under a lease; what is overtaken, changed or gone
 * meanwhile is left alone; what is given up puts the comment back, and can be told of. */
#include "single.h"

#include <tocsin/record/account.h>

static struct store_source settings(void *user, struct slice source)
{
	(void)user;
	return (struct store_source){.acts = slice_is(source, "site")};
}

static int start(void **state)
{
	static const struct verdict insult = {.level = VERDICT_QUEUE, .priority = 3};

	fixture_setup(state);
	for (int i = 1; i <= 3; i++) {
		const char id[] = {(char)('0' + i), 0};

		feed(&f,
			&(struct comment){.source = i == 3 ? SLICE("forum") : SLICE("site"),
				.id = slice_of(id),
				.text = SLICE("abruti")},
			&insult);
	}
	fixture_commit(&f);
	store_sources(f.store, settings, NULL);
	return 0;
}

static int decide(int64_t seq, const char *decision, const char *text)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.reason = SLICE("injure"),
			.text = slice_of(text)});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

/* So much time has passed for what waits in the outbox. */
static void pass(void)
{
	fixture_change(&f,
		"UPDATE outbox SET next_at = next_at - 100000,"
		" lease_until = lease_until - 100000");
	store_sources(f.store, settings, NULL);
}

static struct buf kept; /* of the last reply */

static bool take(struct leased_action *ret)
{
	_buf_ struct buf body = {0};

	buf_clear(&kept);
	action_take_encode(&body, &(struct action_take){SLICE("site"), 60000});
	assert_int_equal(ask(&f, REQUEST_ACTION_TAKE, buf_slice(&body), &kept), 0);
	if (!kept.n)
		return false;
	assert_int_equal(leased_action_decode(buf_slice(&kept), ret), 0);
	return true;
}

static int tell(const struct leased_action *a, enum action_outcome outcome, int64_t retry_at)
{
	_buf_ struct buf body = {0};

	action_result_encode(&body,
		&(struct action_result){a->id, a->attempt, outcome, retry_at, SLICE("HTTP 403")});
	return ask(&f, REQUEST_ACTION_RESULT, buf_slice(&body), NULL);
}

static int64_t state_of(int64_t id)
{
	_free_ char *sql = xasprintf("SELECT state FROM outbox WHERE id = %lld", (long long)id);
	return fixture_count(&f, sql);
}

static int64_t waiting(int64_t row)
{
	_free_ char *sql = xasprintf("SELECT count(*) FROM queue WHERE row = %lld", (long long)row);
	return fixture_count(&f, sql);
}

static void once(void **state)
{
	struct leased_action a, b;

	(void)state;
	assert_int_equal(decide(1, "masquer", ""), 0);
	assert_false(take(&a)); /* it can be undone */
	pass();
	assert_true(take(&a));
	assert_true(a.action == ACTION_HIDE && a.attempt == 1 && slice_is(a.item, "1") &&
		slice_is(a.seen, "abruti") && a.mark.n);
	assert_false(take(&b)); /* under its lease */
	assert_int_equal(tell(&a, ACTION_DONE, 0), 0);
	assert_int_equal(state_of(a.id), OUTBOX_DONE);
	assert_int_equal(tell(&a, ACTION_DEAD, 0), 0); /* what is done is done */
	assert_int_equal(state_of(a.id), OUTBOX_DONE);
	pass();
	assert_false(take(&b));
	assert_int_equal(
		tell(&(struct leased_action){.id = 99, .attempt = 1}, ACTION_DONE, 0), -ENOENT);
}

static void undone_in_time_or_not(void **state)
{
	_buf_ struct buf body = {0};
	struct leased_action a;

	(void)state;
	undo_encode(&body, &(struct undo_request){1, SLICE("anne")});
	assert_int_equal(decide(1, "masquer", ""), 0);
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
	pass();
	assert_false(take(&a));
	assert_int_equal(waiting(1), 1);
	assert_int_equal(decide(1, "masquer", ""), 0);
	pass();
	assert_true(take(&a));
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), -ETIME); /* it has begun */
}

static void again_after_a_failure(void **state)
{
	struct leased_action a, b;
	char mark[64];

	(void)state;
	assert_int_equal(decide(2, "repondre", "Restons courtois."), 0);
	pass();
	assert_true(take(&a) && a.action == ACTION_REPLY && slice_is(a.text, "Restons courtois."));
	snprintf(mark, sizeof(mark), "%.*s", (int)a.mark.n, a.mark.p);
	assert_int_equal(tell(&a, ACTION_LATER, clock_now() + 50000), 0);
	assert_false(take(&b));
	pass();
	assert_true(take(&b) && b.id == a.id && b.attempt == 2 && slice_is(b.mark, mark));
	/* its lease runs out: the next attempt speaks, the former one only when it is done */
	pass();
	assert_true(take(&a) && a.attempt == 3);
	b = (struct leased_action){.id = a.id, .attempt = 2};
	assert_int_equal(tell(&b, ACTION_DEAD, 0), 0);
	assert_int_equal(state_of(a.id), OUTBOX_SENDING);
	assert_int_equal(tell(&b, ACTION_DONE, 0), 0);
	assert_int_equal(state_of(a.id), OUTBOX_DONE);
}

static void left_alone(void **state)
{
	static const struct verdict insult = {.level = VERDICT_QUEUE, .priority = 3};
	struct leased_action a;

	(void)state;
	/* a source that cannot act, and what changes nothing there */
	assert_int_equal(decide(3, "masquer", ""), 0);
	assert_int_equal(decide(1, "laisser", ""), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM outbox"), 0);
	/* overtaken before it began */
	assert_int_equal(decide(1, "masquer", ""), 0);
	assert_int_equal(decide(1, "laisser", ""), 0);
	pass();
	assert_false(take(&a));
	assert_int_equal(fixture_count(&f, "SELECT state FROM outbox"), OUTBOX_DROPPED);
	/* edited since: it waits for a human again */
	assert_int_equal(decide(2, "masquer", ""), 0);
	feed(&f,
		&(struct comment){
			.source = SLICE("site"), .id = SLICE("2"), .text = SLICE("merci")},
		&insult);
	f.accepted++;
	fixture_commit(&f);
	pass();
	assert_false(take(&a));
	assert_int_equal(waiting(2), 1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM outbox WHERE state = 4"), 2);
}

static void shown_again(void **state)
{
	struct leased_action a;

	(void)state;
	assert_int_equal(decide(1, "supprimer", ""), 0);
	pass();
	assert_true(take(&a) && a.action == ACTION_TRASH);
	assert_int_equal(tell(&a, ACTION_DONE, 0), 0);
	assert_int_equal(decide(1, "laisser", ""), 0);
	pass();
	assert_true(take(&a) && a.action == ACTION_SHOW);
	assert_int_equal(tell(&a, ACTION_DRY, 0), 0); /* à blanc */
	assert_int_equal(state_of(a.id), OUTBOX_DROPPED);
}

struct given_up {
	int n;
	struct undone_action u;
	char who[20], source[20], detail[40];
};

static int on_undone(void *user, const struct undone_action *u)
{
	struct given_up *g = user;

	g->n++;
	g->u = *u;
	snprintf(g->who, sizeof(g->who), "%.*s", (int)u->who.n, u->who.p);
	snprintf(g->source, sizeof(g->source), "%.*s", (int)u->source.n, u->source.p);
	snprintf(g->detail, sizeof(g->detail), "%.*s", (int)u->detail.n, u->detail.p);
	return 0;
}

static struct given_up look(int64_t after)
{
	struct reader *r = fixture_reader(&f);
	struct given_up g = {0};
	struct error e = {""};

	check(reader_undone(r, after, on_undone, &g, &e), &e);
	reader_close(r);
	return g;
}

static void given_up(void **state)
{
	struct leased_action a;
	struct given_up g;

	(void)state;
	assert_int_equal(decide(1, "masquer", ""), 0);
	assert_int_equal(waiting(1), 0);
	assert_int_equal(look(0).n, 0);
	pass();
	assert_true(take(&a));
	assert_int_equal(tell(&a, ACTION_DEAD, 0), 0);
	assert_int_equal(state_of(a.id), OUTBOX_DEAD_LETTER);
	assert_int_equal(waiting(1), 1); /* it waits for a human again */
	g = look(clock_now() - CLOCK_HOUR);
	assert_int_equal(g.n, 1);
	assert_true(g.u.id == a.id && g.u.row == 1 && g.u.seq == 1 && g.u.attempts == 1 &&
		g.u.action == ACTION_HIDE && g.u.decided_at > 0);
	assert_string_equal(g.who, "anne");
	assert_string_equal(g.source, "site");
	assert_string_equal(g.detail, "HTTP 403");
	assert_int_equal(look(clock_now() + CLOCK_HOUR).n, 0); /* it was long ago */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

static int end(void **state)
{
	buf_release(&kept);
	return fixture_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(once), TEST(undone_in_time_or_not),
		TEST(again_after_a_failure), TEST(left_alone), TEST(shown_again), TEST(given_up)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
