/* SPDX-License-Identifier: GPL-3.0-or-later
 * One decision on many: once under its key, of what may be decided so; and all of it undone. */
#include "single.h"

#include <tocsin/record/bulk.h>

enum { ITEMS = 12, URGENT = 3, SLANDER = 4, HELD = 5, GONE = 6 };

static void claim(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	claim_encode(&body, &(struct claim_request){seq, slice_of(who), CLAIM_DEFAULT_MS});
	assert_int_equal(ask(&f, REQUEST_CLAIM, buf_slice(&body), NULL), 0);
}

static void decide(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = SLICE("laisser"),
			.who = slice_of(who),
			.open_only = 1});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}

static int start(void **state)
{
	static char id_[] = "diffamation";
	char *const ids[] = {id_, NULL};
	struct slice slander = SLICE("diffamation"), insult = SLICE("injure_publique");

	fixture_setup(state);
	for (int i = 1; i <= ITEMS; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i);
		feed(&f,
			&(struct comment){.source = SLICE("site"),
				.id = slice_of(id),
				.text = SLICE("bonjour")},
			&(struct verdict){.level = VERDICT_QUEUE,
				.priority = i == URGENT ? 1 : 3,
				.categories = i == SLANDER ? &slander : &insult,
				.n_categories = 1});
	}
	fixture_commit(&f);
	store_two(f.store, ids);
	claim(HELD, "bob");
	decide(GONE, "bob");
	return 0;
}

static int all(const char *key, const char *decision, struct bulk_reply *ret)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct bulk_item items[ITEMS];
	int r;

	for (int i = 0; i < ITEMS; i++)
		items[i] = (struct bulk_item){i + 1, 1};
	bulk_encode(&body,
		&(struct bulk_request){slice_of(key), SLICE("anne"), slice_of(decision),
			SLICE("hors charte"), items, ITEMS});
	r = ask(&f, REQUEST_BULK, buf_slice(&body), &reply);
	if (r == 0)
		assert_int_equal(bulk_reply_decode(buf_slice(&reply), ret), 0);
	return r;
}

static int undo(int64_t id, const char *who, struct bulk_reply *ret)
{
	_buf_ struct buf body = {0}, reply = {0};
	int r;

	bulk_undo_encode(&body, &(struct bulk_undo){id, slice_of(who)});
	r = ask(&f, REQUEST_BULK_UNDO, buf_slice(&body), &reply);
	if (r == 0)
		assert_int_equal(bulk_reply_decode(buf_slice(&reply), ret), 0);
	return r;
}

static int64_t waiting(void)
{
	return fixture_count(&f, "SELECT count(*) FROM queue");
}

static void it_is_done_once_and_undone_whole(void **state)
{
	struct bulk_reply first, again;

	(void)state;
	assert_int_equal(all("k1", "masquer", &first), 0);
	assert_int_equal(first.of[BULK_DONE], ITEMS - 4);
	for (int i = BULK_CHANGED; i < BULK_OUTCOMES; i++)
		assert_int_equal(first.of[i], 1);
	assert_int_equal(waiting(), 3);
	assert_int_equal(all("k1", "masquer", &again), 0); /* the same answer, nothing more */
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM decision"), 1 + ITEMS - 4);
	assert_int_equal(undo(first.id, "bob", &again), -ENOENT);
	assert_int_equal(undo(first.id + 1, "anne", &again), -ENOENT);
	assert_int_equal(undo(first.id, "anne", &again), 0);
	assert_int_equal(again.of[BULK_DONE], ITEMS - 4);
	assert_int_equal(waiting(), ITEMS - 1);
	assert_int_equal(undo(first.id, "anne", &again), 0); /* … once */
	assert_int_equal(again.of[BULK_DONE], ITEMS - 4);
	assert_int_equal(waiting(), ITEMS - 1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM audit WHERE verb = 'bulk'"), 2);
	assert_int_equal(all("k2", "laisser", &again), 0); /* known is old by now */
	assert_int_equal(again.of[BULK_CHANGED], 1);
	assert_int_equal(again.of[BULK_DONE], ITEMS - 3);
}

/* Each that is still his last decision, within the delay. */
static void what_is_too_late_stays(void **state)
{
	struct bulk_reply done, undone;

	(void)state;
	assert_int_equal(all("k1", "laisser", &done), 0);
	assert_int_equal(done.of[BULK_TWO], 0); /* leaving it online takes one */
	assert_int_equal(done.of[BULK_DONE], ITEMS - 3);
	fixture_change(&f, "UPDATE decision SET at = at - 20000 WHERE row < 3");
	assert_int_equal(undo(done.id, "anne", &undone), 0);
	assert_int_equal(undone.of[BULK_CHANGED], 2);
	assert_int_equal(undone.of[BULK_DONE], ITEMS - 5);
	assert_int_equal(all("k2", "laisser", &done), 0);
	fixture_change(&f, "UPDATE decision SET at = at - 20000");
	assert_int_equal(undo(done.id, "anne", &undone), -ETIME);
}

static void what_is_none_is_refused(void **state)
{
	struct bulk_reply reply;
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(all("", "laisser", &reply), -EBADMSG);
	assert_int_equal(all("k1", "supprimer", &reply), -EBADMSG);
	bulk_encode(&body,
		&(struct bulk_request){
			SLICE("k"), SLICE("anne"), SLICE("masquer"), SLICE(""), NULL, 0});
	assert_int_equal(ask(&f, REQUEST_BULK, buf_slice(&body), NULL), -EBADMSG);
	assert_int_equal(waiting(), ITEMS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_is_done_once_and_undone_whole, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_too_late_stays, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_none_is_refused, start, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
