/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dossiers: what holds a text, and what lets it go. */
#include "fixture.h"
#include <tocsin/db/dossier.h>
#include "single.h"

#define WHO SLICE("lea")

static int64_t open_dossier(int64_t seq, const char *title)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct wire w;

	dossier_open_encode(&body,
		&(struct dossier_open){.seq = seq,
			.purpose = DOSSIER_PLAINTE,
			.victim = DOSSIER_AGENT,
			.title = slice_of(title),
			.note = SLICE("note"),
			.who = WHO});
	assert_int_equal(ask(&f, REQUEST_DOSSIER_OPEN, buf_slice(&body), &reply), 0);
	w = wire_reader(buf_slice(&reply));
	return wire_i64(&w);
}

static int piece(int64_t dossier, int64_t seq, bool remove)
{
	_buf_ struct buf body = {0};

	dossier_piece_encode(&body,
		&(struct dossier_piece){
			dossier, seq, remove, remove ? SLICE("motif") : SLICE(""), WHO});
	return ask(&f, REQUEST_DOSSIER_PIECE, buf_slice(&body), NULL);
}

static int lift(int64_t dossier)
{
	_buf_ struct buf body = {0};

	dossier_lift_encode(&body, &(struct dossier_lift){dossier, SLICE("jugé"), WHO});
	return ask(&f, REQUEST_DOSSIER_LIFT, buf_slice(&body), NULL);
}

static int decide(int64_t seq, const char *decision)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = WHO,
			.reason = SLICE("plainte")});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static int64_t held(void)
{
	return fixture_count(&f, "SELECT count(*) FROM item WHERE state & 8");
}

static void a_comment_is_held_until_the_last_dossier_is_lifted(void **state)
{
	int64_t one, two;

	(void)state;
	feed_text(&f, "1", "menace");
	feed_text(&f, "2", "autre");
	fixture_commit(&f);
	one = open_dossier(1, "un");
	assert_int_equal(open_dossier(1, "un"), one); /* asked again */
	two = open_dossier(1, "deux");
	assert_int_not_equal(one, two);
	assert_int_equal(piece(two, 2, false), 0);
	assert_int_equal(held(), 2);
	assert_int_equal(lift(two), 0);
	assert_int_equal(held(), 1);
	assert_int_equal(lift(two), -EALREADY);
	assert_int_equal(piece(two, 1, false), -EALREADY);
	assert_int_equal(lift(one), 0);
	assert_int_equal(held(), 0);
	assert_int_equal(lift(99), -ENOENT);
	assert_int_equal(piece(99, 1, false), -ENOENT);
}

static void a_piece_that_leaves_is_let_go(void **state)
{
	int64_t one;

	(void)state;
	feed_text(&f, "1", "menace");
	feed_text(&f, "2", "autre");
	fixture_commit(&f);
	one = open_dossier(1, "un");
	assert_int_equal(piece(one, 2, false), 0);
	assert_int_equal(piece(one, 2, true), 0);
	assert_int_equal(held(), 1);
	assert_int_equal(piece(one, 2, true), -EALREADY);
}

static void every_version_is_a_piece_and_a_link(void **state)
{
	int64_t one;

	(void)state;
	feed_text(&f, "1", "menace");
	fixture_commit(&f);
	feed_text(&f, "1", "plus rien");
	fixture_commit(&f);
	one = open_dossier(1, "un");
	feed_text(&f, "1", "encore autre chose");
	fixture_commit(&f);
	assert_int_equal(held(), 3);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM dossier_piece"), 3);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM evidence"), 3);
	assert_int_equal(lift(one), 0);
	assert_int_equal(held(), 0);
	feed_text(&f, "1", "après");
	fixture_commit(&f);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM dossier_piece"), 3);
}

static void a_decision_holds_beside(void **state)
{
	int64_t one;

	(void)state;
	feed_text(&f, "1", "menace");
	fixture_commit(&f);
	one = open_dossier(1, "un");
	assert_int_equal(decide(1, "dossier"), 0);
	assert_int_equal(decide(1, "lever"), -EBUSY); /* not behind its back */
	assert_int_equal(lift(one), 0);
	assert_int_equal(held(), 1);
	assert_int_equal(decide(1, "lever"), 0);
	assert_int_equal(held(), 0);
}

static int sum_item(void *user, const struct dossier_item *i)
{
	*(size_t *)user += i->stored->comment.text.n > 0 && i->link.n == DIGEST_SIZE;
	return 0;
}

static int wiped(void *user, const struct dossier_entry *l)
{
	*(size_t *)user += l->kind == DOSSIER_NOTE && l->text.n == 4 && !l->text.p[0];
	return 0;
}

static int same(void *user, const struct dossier *d)
{
	const struct dossier *wanted = user;

	assert_int_equal(d->id, wanted->id);
	assert_int_equal(d->pieces, wanted->pieces);
	assert_true(slice_equal(d->title, wanted->title));
	assert_int_equal(d->lifted_at > 0, wanted->lifted_at > 0);
	return 0;
}

static void it_is_read(void **state)
{
	struct dossier wanted = {.title = SLICE("un"), .pieces = 1};
	struct error e = {""};
	struct reader *r;
	size_t n = 0;

	(void)state;
	feed_text(&f, "1", "menace");
	fixture_commit(&f);
	wanted.id = open_dossier(1, "un");
	r = fixture_reader(&f);
	assert_int_equal(reader_dossier(r, wanted.id, same, &wanted, &e), 0);
	assert_int_equal(reader_dossier(r, 99, same, &wanted, &e), READER_END);
	assert_int_equal(reader_dossiers(r, true, 0, 9, same, &wanted, &e), 0);
	assert_int_equal(reader_dossiers_of(r, 1, same, &wanted, &e), 0);
	assert_int_equal(reader_dossier_items(r, wanted.id, sum_item, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(lift(wanted.id), 0);
	wanted.lifted_at = 1;
	n = 0;
	assert_int_equal(reader_dossier(r, wanted.id, same, &wanted, &e), 0);
	assert_int_equal(reader_dossier_log(r, wanted.id, wiped, &n, &e), 0);
	assert_int_equal(n, 1);
	reader_close(r);
}

static void what_is_gone_is_no_piece(void **state)
{
	int64_t one;

	(void)state;
	feed_text(&f, "1", "menace");
	feed_text(&f, "2", "autre");
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("2")},
		NULL);
	fixture_commit(&f);
	one = open_dossier(1, "un");
	assert_int_equal(piece(one, 2, false), -EALREADY);
	assert_int_equal(piece(one, 77, false), -ENOENT);
}

/* What its author takes away while a dossier holds it goes when the hold ends, and not before. */
static void what_is_deleted_meanwhile_goes_at_the_end(void **state)
{
	int64_t one;

	(void)state;
	feed_text(&f, "1", "menace");
	fixture_commit(&f);
	one = open_dossier(1, "un");
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("1")},
		NULL);
	fixture_commit(&f);
	assert_int_equal(fixture_count(&f, "SELECT state & 2 FROM item WHERE seq = 1"), 0);
	assert_int_equal(
		fixture_count(&f, "SELECT instr(body, CAST('menace' AS BLOB)) > 0 FROM item"), 1);
	assert_int_equal(lift(one), 0);
	assert_int_equal(fixture_count(&f, "SELECT state & 2 FROM item WHERE seq = 1"), 2);
	assert_int_equal(
		fixture_count(&f, "SELECT instr(body, CAST('menace' AS BLOB)) > 0 FROM item"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_comment_is_held_until_the_last_dossier_is_lifted),
		TEST(a_piece_that_leaves_is_let_go),
		TEST(every_version_is_a_piece_and_a_link),
		TEST(a_decision_holds_beside),
		TEST(it_is_read),
		TEST(what_is_gone_is_no_piece),
		TEST(what_is_deleted_meanwhile_goes_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
