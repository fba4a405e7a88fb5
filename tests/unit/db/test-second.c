/* SPDX-License-Identifier: GPL-3.0-or-later
 * Second pair of eyes: what is proposed waits for another person, is done once, is undone; urgencies wait for nobody. */
#include "single.h"

static char slander_id[] = "diffamation", elected_id[] = "elus";
static char *const ids[] = {slander_id, elected_id, NULL};

static int start(void **state)
{
	struct slice slander = SLICE("diffamation"), insult = SLICE("injure_publique");
	struct slice elected = SLICE("elus"), threat[] = {SLICE("menace"), SLICE("diffamation")};
	const struct verdict verdicts[] = {
		{.level = VERDICT_QUEUE, .priority = 3, .categories = &slander, .n_categories = 1},
		{.level = VERDICT_QUEUE, .priority = 3, .categories = &insult, .n_categories = 1},
		{.level = VERDICT_QUEUE,
			.priority = 2,
			.categories = &insult,
			.n_categories = 1,
			.shadows = &elected,
			.n_shadows = 1},
		{.level = VERDICT_ALERT, .priority = 1, .categories = threat, .n_categories = 2}};

	fixture_setup(state);
	for (size_t i = 0; i < 4; i++) {
		char id[2] = {(char)('1' + (char)i), 0};

		feed(&f,
			&(struct comment){.source = SLICE("site"),
				.id = slice_of(id),
				.text = SLICE("bonjour"),
				.author = SLICE("a")},
			&verdicts[i]);
	}
	fixture_commit(&f);
	store_two(f.store, ids);
	return 0;
}

static bool proposed; /* what the last decision came to */

static int decide(int64_t seq, const char *decision, const char *who, const char *reason)
{
	_buf_ struct buf body = {0}, reply = {0};
	int r;

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = slice_of(who),
			.reason = slice_of(reason),
			.open_only = 1});
	r = ask(&f, REQUEST_DECIDE, buf_slice(&body), &reply);
	proposed = reply.n == 1 && reply.p[0] == DECIDED_PROPOSED;
	return r;
}

static int undo(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	undo_encode(&body, &(struct undo_request){seq, slice_of(who)});
	return ask(&f, REQUEST_UNDO, buf_slice(&body), NULL);
}

static int64_t waiting(int64_t row)
{
	char sql[80];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM queue WHERE row = %d", (int)row);
	return fixture_count(&f, sql);
}

static int64_t decisions(const char *name)
{
	char sql[120];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM decision WHERE decision = '%s'", name);
	return fixture_count(&f, sql);
}

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

struct seen {
	size_t n;
	char who[20], reason[20];
};

static int see(void *user, const struct queue_item *q)
{
	struct seen *s = user;

	s->n += q->proposed.id != 0;
	if (q->proposed.id) {
		snprintf(s->who, sizeof(s->who), "%.*s", (int)q->proposed.who.n, q->proposed.who.p);
		snprintf(s->reason, sizeof(s->reason), "%.*s", (int)q->proposed.reason.n,
			q->proposed.reason.p);
	}
	return 0;
}

static struct seen look(void)
{
	struct reader *r = fixture_reader(&f);
	struct file_query q = {.lane = LANE_MODERATION, .filter = {.on = ON_SECOND}, .limit = 10};
	struct seen s = {0}, all = {0};
	struct error e = {""};
	uint64_t n, by[5];

	check(reader_queue(r, LANE_MODERATION, 10, see, &all, &e), &e);
	check(reader_file_find(r, &q, see, &s, &e), &e);
	check(reader_proposed_count(r, &n, &e), &e);
	assert_int_equal(s.n, all.n);
	assert_int_equal(s.n, n);
	check(reader_file_find_count(r, &q, by, &e), &e);
	assert_int_equal(by[0] + by[1] + by[2] + by[3] + by[4], n);
	reader_close(r);
	return s;
}

static void another_one_confirms(void **state)
{
	struct seen s;

	(void)state;
	add_account("anne", ROLE_MODERATION);
	add_account("bob", ROLE_MODERATION);
	assert_int_equal(decide(1, "masquer", "anne", "faux"), 0);
	assert_true(proposed);
	assert_int_equal(waiting(1), 1);
	assert_int_equal(decisions("masquer"), 0);
	s = look();
	assert_int_equal(s.n, 1);
	assert_string_equal(s.who, "anne");
	assert_string_equal(s.reason, "faux");
	assert_int_equal(decide(1, "masquer", "anne", "faux"), 0); /* a double click */
	assert_true(proposed);
	assert_int_equal(decisions("proposer_masquer"), 1);
	assert_int_equal(decide(1, "confirmer", "anne", "moi"), -EPERM);
	assert_int_equal(decide(1, "masquer", "bob", "moi aussi"), -EALREADY);
	assert_int_equal(decide(1, "laisser", "bob", ""), -EALREADY);
	assert_int_equal(decide(1, "confirmer", "bob", ""), 0);
	assert_false(proposed);
	assert_int_equal(waiting(1), 0);
	assert_int_equal(decide(1, "confirmer", "bob", ""), 0);
	assert_int_equal(decide(1, "confirmer", "eve", ""), -EALREADY);
	assert_int_equal(decisions("masquer"), 1);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM decision WHERE decision = 'masquer'"
				 " AND who = 'bob' AND reason = 'faux'"),
		1);
	assert_int_equal(undo(1, "bob"), 0); /* it is proposed again */
	assert_int_equal(look().n, 1);
	assert_int_equal(waiting(1), 1);
	assert_int_equal(undo(1, "anne"), -ETIME); /* not the last one */
}

static void or_refuses(void **state)
{
	(void)state;
	assert_int_equal(decide(3, "supprimer", "anne", "faux"), 0);
	assert_true(proposed);
	assert_int_equal(decide(3, "refuser", "bob", ""), -EINVAL);
	assert_int_equal(decide(3, "refuser", "bob", "critique permise"), 0);
	assert_int_equal(decide(3, "refuser", "bob", "critique permise"), 0);
	assert_int_equal(decisions("refuser"), 1);
	assert_int_equal(waiting(3), 1);
	assert_int_equal(look().n, 0);
	assert_int_equal(decide(3, "masquer", "anne", "encore"), 0);
	assert_int_equal(undo(3, "anne"), 0);
	assert_int_equal(look().n, 0);
	assert_int_equal(decide(3, "masquer", "anne", "encore"), 0);
	assert_int_equal(decide(3, "refuser", "anne", ""), 0); /* her own: taken back */
	assert_int_equal(decisions("retirer"), 1);
	assert_int_equal(decide(3, "masquer", "anne", "encore"), 0);
	assert_int_equal(decide(3, "laisser", "anne", ""), 0); /* she thinks better of it */
	assert_int_equal(waiting(3), 0);
	assert_int_equal(look().n, 0);
	assert_int_equal(decide(3, "confirmer", "bob", ""), -EALREADY);
}

static void what_is_urgent_waits_for_nobody(void **state)
{
	(void)state;
	assert_int_equal(decide(4, "masquer", "anne", "menace"), 0);
	assert_false(proposed);
	assert_int_equal(waiting(4), 0);
	assert_int_equal(decide(2, "masquer", "anne", "injure"), 0); /* nor what nothing says */
	assert_false(proposed);
	assert_int_equal(decide(1, "laisser", "anne", ""), 0);
	assert_false(proposed);
	store_two(f.store, NULL);
	assert_int_equal(decide(3, "masquer", "anne", "injure"), 0);
	assert_false(proposed);
}

/* Nobody else is there: after an hour, with a reason. */
static void one_alone_is_not_stopped_for_ever(void **state)
{
	(void)state;
	add_account("anne", ROLE_MODERATION);
	add_account("roy", ROLE_CABINET);
	assert_int_equal(decide(1, "masquer", "anne", "faux"), 0);
	assert_int_equal(decide(1, "confirmer", "anne", "relu"), -EPERM);
	fixture_change(&f, "UPDATE decision SET at = at - 3600001");
	store_two(f.store, ids);
	assert_int_equal(decide(1, "confirmer", "anne", ""), -EINVAL);
	assert_int_equal(decide(1, "confirmer", "anne", "relu"), 0);
	assert_int_equal(waiting(1), 0);
}

/* Its text goes: nothing is left to confirm. */
static void what_is_gone_is_not_confirmed(void **state)
{
	(void)state;
	assert_int_equal(decide(1, "masquer", "anne", "faux"), 0);
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("site"), .id = SLICE("1")},
		NULL);
	f.accepted++;
	fixture_commit(&f);
	assert_int_equal(look().n, 0);
	assert_int_equal(decide(1, "confirmer", "bob", ""), -EALREADY);
}

/* From the command line, which asks of what waits no more as well. */
static void it_comes_into_the_queue_for_it(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(decide(1, "laisser", "bob", ""), 0);
	decide_encode(&body,
		&(struct decide_request){.seq = 1,
			.decision = SLICE("masquer"),
			.who = SLICE("anne"),
			.reason = SLICE("faux")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_int_equal(waiting(1), 1);
	assert_int_equal(look().n, 1);
}

static int answer(int64_t seq, const char *decision, const char *text, int64_t until)
{
	_buf_ struct buf body = {0}, reply = {0};
	int r;

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.open_only = 1,
			.text = slice_of(text),
			.model = SLICE("rappel"),
			.service = until ? SLICE("voirie") : (struct slice){0},
			.until = until});
	r = ask(&f, REQUEST_DECIDE, buf_slice(&body), &reply);
	proposed = reply.n == 1 && reply.p[0] == DECIDED_PROPOSED;
	return r;
}

/* What the public reads below it needs a second person too; the text that was read is the one that goes. */
static void a_reply_too(void **state)
{
	(void)state;
	assert_int_equal(answer(1, "repondre", "Ce n'est pas exact.", 0), 0);
	assert_true(proposed);
	assert_int_equal(waiting(1), 1);
	assert_int_equal(answer(1, "repondre", "Ce n'est pas exact.", 0), 0); /* a double click */
	assert_int_equal(decisions("proposer_repondre"), 1);
	assert_int_equal(decide(1, "masquer", "bob", "non"), -EALREADY);
	assert_int_equal(decide(1, "confirmer", "bob", ""), 0);
	assert_int_equal(waiting(1), 0);
	assert_int_equal(decisions("repondre"), 1);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM answer a JOIN decision d ON d.id = a.id"
				 " WHERE d.decision = 'repondre' AND d.who = 'bob'"
				 " AND a.text = CAST('Ce n''est pas exact.' AS BLOB)"
				 " AND a.model = 'rappel'"),
		1);
	assert_int_equal(decide(1, "confirmer", "bob", ""), 0);
	assert_int_equal(decisions("repondre"), 1);
	/* nothing is said to the public: one person */
	assert_int_equal(undo(1, "bob"), 0);
	assert_int_equal(decide(1, "refuser", "bob", "trop vif"), 0);
	assert_int_equal(answer(1, "repondre", "", 0), 0);
	assert_false(proposed);
	/* an urgency and an ordinary insult */
	assert_int_equal(answer(4, "repondre", "Appelez le 17.", 0), 0);
	assert_false(proposed);
	assert_int_equal(answer(2, "repondre", "Restons courtois.", 0), 0);
	assert_false(proposed);
}

/* It waits for its service once it is confirmed, no sooner. */
static void a_holding_reply_too(void **state)
{
	const int64_t until = clock_now() + CLOCK_DAY;

	(void)state;
	assert_int_equal(answer(3, "attente", "On regarde.", until), 0);
	assert_true(proposed);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow"), 0);
	assert_int_equal(answer(3, "attente", "On regarde.", until), 0);
	assert_int_equal(decisions("proposer_attente"), 1);
	assert_int_equal(decide(3, "confirmer", "bob", ""), 0);
	assert_int_equal(waiting(3), 1);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM follow WHERE service = 'voirie'"), 1);
	assert_true(fixture_count(&f, "SELECT until FROM follow") == until);
	assert_int_equal(undo(3, "bob"), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow"), 0);
	/* confirmed when its reminder has passed: that comes later */
	fixture_change(&f, "UPDATE second SET until = 1");
	store_two(f.store, ids);
	assert_int_equal(decide(3, "confirmer", "bob", ""), 0);
	assert_true(fixture_count(&f, "SELECT until FROM follow") > clock_now());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_reply_too, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_holding_reply_too, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(another_one_confirms, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(or_refuses, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_urgent_waits_for_nobody, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			one_alone_is_not_stopped_for_ever, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_gone_is_not_confirmed, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			it_comes_into_the_queue_for_it, start, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
