/* SPDX-License-Identifier: GPL-3.0-or-later
 * A verdict that says more: flagged as it would have been at once, once, and never against a human. */
#include "single.h"

static int start(void **state)
{
	struct slice rated[] = {SLICE("r")};
	const struct verdict mild = {.rated = rated, .n_rated = 1};
	const struct verdict insult = {
		.level = VERDICT_QUEUE, .priority = 3, .score = 500, .lanes = LANE_MODERATION};

	(void)state;
	fixture_start(&f);
	for (int i = 1; i <= 4; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i);
		feed(&f,
			&(struct comment){.source = SLICE("facebook"),
				.id = slice_of(id),
				.text = SLICE("quel clown"),
				.author = SLICE("jeanne"),
				.created_at = DAY0},
			i == 2 ? &insult : &mild);
	}
	fixture_commit(&f);
	return 0;
}

/* As rule r with this priority and score, matching the bytes up to `to`. */
static void add(struct buf *body, int64_t seq, uint8_t priority, uint32_t score, uint32_t to)
{
	struct slice rules[] = {SLICE("r")}, categories[] = {SLICE("menace")};
	struct verdict_match match = {SLICE("r"), SLICE("menace"), 0, to};
	const struct verdict v = {.level = VERDICT_QUEUE,
		.priority = priority,
		.score = score,
		.lanes = LANE_MODERATION,
		.categories = categories,
		.n_categories = 1,
		.rated = rules,
		.n_rated = 1,
		.matches = &match,
		.n_matches = 1};
	_buf_ struct buf verdict = {0};

	verdict_encode(&verdict, &v);
	revise_add(body,
		&(struct revise_request){
			.seq = seq, .verdict = buf_slice(&verdict), .rules = rules, .n_rules = 1});
}

static int revise(int64_t seq, uint8_t priority, uint32_t score, uint32_t to)
{
	_buf_ struct buf body = {0};

	add(&body, seq, priority, score, to);
	return ask(&f, REQUEST_REVISE, buf_slice(&body), NULL);
}

struct seen {
	int64_t seq[8];
	uint8_t priority[8];
	uint32_t matches[8];
	size_t n;
};

static int see(void *user, const struct queue_item *q)
{
	struct seen *s = user;

	s->seq[s->n] = q->stored.seq;
	s->priority[s->n] = q->stored.verdict.priority;
	s->matches[s->n++] = q->stored.verdict.n_matches;
	return 0;
}

static struct seen queue(void)
{
	struct reader *r = fixture_reader(&f);
	struct seen s = {0};
	struct error e = {""};

	check(reader_queue(r, LANE_MODERATION, 8, see, &s, &e), &e);
	reader_close(r);
	return s;
}

static void expect_whole_chain(uint64_t links)
{
	struct reader *r = fixture_reader(&f);
	struct evidence v;
	struct error e = {""};

	check(reader_evidence(r, &v, &e), &e);
	reader_close(r);
	assert_int_equal(v.links, links);
	assert_int_equal(v.proven, links);
	assert_int_equal(v.broken, 0);
}

static void restart(void)
{
	store_close(f.store);
	fixture_open(&f);
}

static void a_raise_is_flagged_once(void **state)
{
	struct seen s;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(revise(3, 3, 600, 10), 0);
		assert_int_equal(store_changes(f.store)->revised, i ? 0 : 3);
		if (i == 1)
			restart();
	}
	s = queue();
	assert_int_equal(s.n, 2);
	assert_true(s.seq[0] == 2 && s.seq[1] == 3 && s.priority[1] == 3 && s.matches[1] == 1);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM audit WHERE verb = 'revise' AND what = '3'"
				 " AND why = 'r' AND who = 'tocsin'"),
		1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM audit WHERE verb = 'revise'"), 1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 0);
	expect_whole_chain(2);
}

/* Links of earlier comments stand behind those that were there, also over restarts and between new ones. */
static void the_chain_goes_on(void **state)
{
	const struct verdict flagged = {.level = VERDICT_QUEUE, .priority = 3, .score = 500};

	(void)state;
	assert_int_equal(revise(3, 3, 600, 10), 0);
	assert_int_equal(revise(1, 3, 600, 10), 0);
	restart();
	feed(&f, &(struct comment){.source = SLICE("s"), .id = SLICE("n"), .text = SLICE("après")},
		&flagged);
	fixture_commit(&f);
	assert_int_equal(revise(4, 3, 600, 10), 0);
	restart();
	assert_int_equal(revise(2, 2, 700, 10), 0); /* has its link already */
	expect_whole_chain(5);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM evidence_late"), 3);
}

static void nothing_is_lowered(void **state)
{
	struct seen s;

	(void)state;
	assert_int_equal(revise(2, 4, 600, 10), 0); /* less urgent */
	assert_int_equal(revise(2, 3, 400, 10), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM revision"), 0);
	assert_int_equal(revise(3, 3, 600, 10), 0);
	assert_int_equal(revise(2, 2, 600, 10), 0);
	assert_int_equal(revise(2, 3, 600, 10), 0);
	s = queue();
	assert_true(s.n == 2 && s.seq[0] == 2 && s.priority[0] == 2);
	assert_int_equal(fixture_count(&f, "SELECT rank FROM queue WHERE seq = 2"), 4);
}

static void a_decision_stays(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	decide_encode(&body,
		&(struct decide_request){.seq = 3,
			.decision = SLICE("laisser"),
			.who = SLICE("Anne"),
			.reason = SLICE("humour")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_int_equal(revise(3, 1, 900, 10), 0);
	assert_int_equal(queue().n, 1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM revision"), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 0);
}

static void decide(int64_t seq, const char *decision, const char *category, int64_t until)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("Anne"),
			.reason = SLICE("vu"),
			.category = slice_of(category),
			.service = slice_of(until ? "voirie" : ""),
			.until = until});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}

#define P1S "SELECT count(*) FROM incident WHERE topic = 'P1:menace' AND state < 2"

/* What a human calls it stays; that it is urgent now is not missed. */
static void a_requalified_one_rings(void **state)
{
	(void)state;
	decide(2, DECISION_REQUALIFIED, "vulgarite", 0);
	assert_int_equal(revise(2, 2, 600, 10), 0); /* no threat: it stands where he put it */
	assert_int_equal(fixture_count(&f, "SELECT rank FROM queue WHERE seq = 2"), 8);
	assert_int_equal(fixture_count(&f, P1S), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(revise(2, 1, 900, 10), 0);
		restart();
	}
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM queue WHERE seq = 2 AND rank = 2"
				 " AND category = 'vulgarite' AND tags = ' c:vulgarite '"),
		1);
	assert_int_equal(fixture_count(&f, P1S), 1);
	expect_whole_chain(1);
	decide(2, "laisser", "", 0);
	assert_int_equal(revise(2, 1, 950, 10), 0);
	assert_int_equal(queue().n, 0);
}

/* He called it a threat: that has rung. */
static void a_human_has_rung(void **state)
{
	(void)state;
	decide(2, DECISION_REQUALIFIED, "menace", 0);
	decide(3, DECISION_MISSED, "doxxing", 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 2);
	assert_int_equal(revise(2, 1, 900, 10), 0);
	assert_int_equal(revise(3, 1, 900, 10), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 2);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM entry"), 2);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM queue WHERE category = 'doxxing'"), 1);
}

/* A service's turn, or a decision taken back: it waits, and is no more deaf than before. */
static void what_waits_hears(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	decide(2, DECISION_SENT, "", clock_now() + CLOCK_DAY);
	assert_int_equal(revise(2, 3, 600, 10), 0);
	assert_int_equal(fixture_count(&f, "SELECT rank FROM queue WHERE seq = 2"), 11);
	assert_int_equal(revise(2, 1, 900, 10), 0);
	assert_int_equal(fixture_count(&f, "SELECT rank FROM queue WHERE seq = 2"), 2);
	assert_int_equal(fixture_count(&f, P1S), 1);
	assert_int_equal(revise(3, 3, 600, 10), 0);
	decide(3, "laisser", "", 0);
	undo_encode(&body, &(struct undo_request){3, SLICE("Anne")});
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
	assert_int_equal(revise(3, 2, 700, 10), 0);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM queue WHERE seq = 3 AND rank = 4"
				 " AND category = 'menace'"),
		1);
}

static void a_p1_rings_once(void **state)
{
	(void)state;
	assert_int_equal(revise(3, 1, 900, 10), 0);
	assert_int_equal(store_changes(f.store)->n_incidents, 1);
	assert_int_equal(revise(3, 1, 900, 10), 0);
	assert_int_equal(revise(3, 1, 950, 10), 0); /* was one already */
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM incident WHERE topic = 'P1:menace'"), 1);
	assert_int_equal(
		fixture_count(&f,
			"SELECT author = (SELECT author FROM item WHERE seq = 3) FROM incident"),
		1);
	assert_int_equal(queue().priority[0], 1);
}

/* The version that was scored is revised; people see the newest one. A deleted one is left alone. */
static void versions_and_deletions(void **state)
{
	struct seen s;

	(void)state;
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = SLICE("3"),
			.text = SLICE("pardon"),
			.author = SLICE("jeanne")},
		NULL);
	feed(&f,
		&(struct comment){
			.source = SLICE("facebook"), .id = SLICE("4"), .type = COMMENT_TOMBSTONE},
		NULL);
	fixture_commit(&f);
	assert_int_equal(revise(3, 3, 600, 10), 0);
	assert_int_equal(revise(4, 3, 600, 10), 0);
	s = queue();
	assert_true(s.n == 2 && s.seq[1] == 5);
	assert_int_equal(fixture_count(&f, "SELECT row FROM queue WHERE seq = 5"), 3);
	expect_whole_chain(2);
}

static void hostile_bodies_are_refused(void **state)
{
	struct slice rules[] = {SLICE("another")};
	_buf_ struct buf verdict = {0}, body = {0}, broken = {0};

	(void)state;
	assert_int_equal(revise(99, 3, 600, 10), -ENOENT);
	assert_int_equal(revise(-1, 3, 600, 10), -ENOENT);
	assert_int_equal(revise(3, 3, 600, 11), -EINVAL); /* beyond the text */
	verdict_encode(&verdict, &(struct verdict){.level = VERDICT_ALERT, .priority = 1});
	revise_add(&body,
		&(struct revise_request){
			.seq = 3, .verdict = buf_slice(&verdict), .rules = rules, .n_rules = 1});
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&body), NULL), -EINVAL);
	revise_add(&broken,
		&(struct revise_request){
			.seq = 3, .verdict = SLICE("\2\7"), .rules = rules, .n_rules = 1});
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&broken), NULL), -EBADMSG);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM revision"), 0);
	assert_int_equal(queue().n, 1);
}

/* One request of many is one transaction: all of it or nothing, and again it changes nothing. */
static void many_at_once(void **state)
{
	_buf_ struct buf good = {0}, bad = {0}, long_ = {0};

	(void)state;
	add(&bad, 1, 3, 600, 10);
	add(&bad, 99, 3, 600, 10);
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&bad), NULL), -ENOENT);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM revision"), 0);
	assert_int_equal(queue().n, 1);
	for (uint32_t i = 0; i <= REVISE_MOST; i++)
		add(&long_, 1, 3, 600, 10);
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&long_), NULL), -EBADMSG);
	assert_int_equal(ask(&f, REQUEST_REVISE, (struct slice){0}, NULL), -EBADMSG);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM revision"), 0);
	add(&good, 3, 3, 600, 10);
	add(&good, 1, 3, 600, 10);
	add(&good, 3, 3, 600, 10);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&good), NULL), 0);
		assert_int_equal(
			fixture_count(&f, "SELECT count(*) FROM audit WHERE verb = 'revise'"), 2);
		assert_int_equal(queue().n, 3);
		restart();
	}
	expect_whole_chain(3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_raise_is_flagged_once),
		TEST(the_chain_goes_on),
		TEST(nothing_is_lowered),
		TEST(a_decision_stays),
		TEST(a_requalified_one_rings),
		TEST(a_human_has_rung),
		TEST(what_waits_hears),
		TEST(a_p1_rings_once),
		TEST(versions_and_deletions),
		TEST(hostile_bodies_are_refused),
		TEST(many_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
