/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files of the queue, page by page: every item once, in the order of urgency, by the index of its lane. */
#include "single.h"

enum { ITEMS = 240, PAGE = 50 };

/* Every third is a question too, every sixth nothing but one; flagged in groups at the same moment. */
static void feed_number(int i)
{
	char id[16];
	struct slice categories[] = {
		i % 10 ? SLICE("injure_publique") : SLICE("menace"), SLICE("spam")};
	struct slice topic = SLICE("cantine");
	const struct verdict v = {.categories = categories,
		.n_categories = 2,
		.topics = &topic,
		.n_topics = i % 8 == 0,
		.level = VERDICT_QUEUE,
		.priority = (uint8_t)(i % 5),
		.lanes = i % 6 == 0  ? LANE_REPONSE
			: i % 3 == 0 ? LANE_MODERATION | LANE_REPONSE
				     : LANE_MODERATION};

	snprintf(id, sizeof(id), "%d", i);
	feed(&f,
		&(struct comment){.source = i % 4 ? SLICE("site") : SLICE("facebook"),
			.id = slice_of(id),
			.text = SLICE("bonjour"),
			.created_at = DAY0 + i / 40 * CLOCK_MINUTE},
		&v);
}

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = true;
	fixture_open(&f);
	for (int i = 0; i < ITEMS; i++)
		feed_number(i);
	fixture_commit(&f);
	return 0;
}

struct seen {
	struct queue_key keys[ITEMS];
	size_t n;
	uint8_t lane;
};

static bool follows(const struct queue_key *a, const struct queue_key *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	return a->flagged_at != b->flagged_at ? a->flagged_at < b->flagged_at : a->row < b->row;
}

static int see(void *user, const struct queue_item *q)
{
	struct seen *s = user;

	assert_true(s->n < ITEMS);
	assert_true(q->lanes & s->lane);
	assert_int_equal(q->key.row, q->stored.row);
	s->keys[s->n] = q->key;
	if (s->n)
		assert_true(follows(&s->keys[s->n - 1], &q->key));
	s->n++;
	return 0;
}

static void read_through(struct reader *r, enum verdict_lane lane, size_t expected)
{
	struct queue_key after = {0}, back;
	struct seen s = {.lane = (uint8_t)lane};
	struct error e = {""};
	uint64_t by[5], all = 0;
	size_t before;

	do {
		before = s.n;
		check(reader_file(r, lane, &after, PAGE, see, &s, &e), &e);
		assert_true(s.n - before <= PAGE);
		if (s.n > before) /* from its last item a page leads back to where it began */
			check(reader_file_back(r, lane, &s.keys[s.n - 1], (uint32_t)(s.n - before),
				      &back, &e),
				&e);
		if (s.n > before)
			assert_memory_equal(&back, &after, sizeof(back));
		if (s.n)
			after = s.keys[s.n - 1];
	} while (s.n > before);
	assert_int_equal(s.n, expected);
	check(reader_file_count(r, lane, by, &e), &e);
	for (size_t i = 0; i < 5; i++)
		all += by[i];
	assert_int_equal(all, expected);
}

static void each_file_is_read_through_once(void **state)
{
	struct reader *r = fixture_reader(&f);

	(void)state;
	read_through(r, LANE_MODERATION, ITEMS - ITEMS / 6);
	read_through(r, LANE_REPONSE, ITEMS / 3);
	reader_close(r);
}

/* What stood at the key may have left meanwhile: the page goes on behind its place. */
static void a_key_outlives_its_item(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct seen all = {.lane = LANE_MODERATION}, rest = {.lane = LANE_MODERATION};
	_buf_ struct buf body = {0};
	struct error e = {""};

	(void)state;
	check(reader_file(r, LANE_MODERATION, &(struct queue_key){0}, PAGE, see, &all, &e), &e);
	decide_encode(&body,
		&(struct decide_request){.seq = all.keys[9].row,
			.decision = SLICE("laisser"),
			.who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	check(reader_file(r, LANE_MODERATION, &all.keys[9], 5, see, &rest, &e), &e);
	assert_int_equal(rest.n, 5);
	assert_memory_equal(&rest.keys[0], &all.keys[10], sizeof(rest.keys[0]));
	reader_close(r);
}

static size_t found(struct reader *r, struct queue_filter filter)
{
	struct file_query q = {.lane = LANE_MODERATION, .filter = filter, .limit = PAGE};
	struct seen s = {.lane = LANE_MODERATION};
	struct queue_key back;
	struct error e = {""};
	uint64_t by[5], all = 0;
	size_t before;

	do {
		before = s.n;
		check(reader_file_find(r, &q, see, &s, &e), &e);
		if (s.n > before) {
			struct file_query page = q;

			page.from = s.keys[s.n - 1];
			page.limit = (uint32_t)(s.n - before);
			check(reader_file_find_back(r, &page, &back, &e), &e);
			assert_memory_equal(&back, &q.from, sizeof(back));
			q.from = s.keys[s.n - 1];
		}
	} while (s.n > before);
	check(reader_file_find_count(r, &q, by, &e), &e);
	for (size_t i = 0; i < 5; i++)
		all += by[i];
	assert_int_equal(all, s.n);
	return s.n;
}

static size_t wanted(int source, int category, int priority)
{
	size_t n = 0;

	for (int i = 0; i < ITEMS; i++) {
		/* without a priority is with the last */
		int p = i % 5 ? i % 5 : 4;

		n += i % 6 && (!source || i % 4 == 0) && (!category || i % 10 == 0) &&
			(!priority || p == priority);
	}
	return n;
}

static void a_part_of_a_file(void **state)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf body = {0}, reply = {0};

	(void)state;
	for (int k = 0; k < 20; k++)
		assert_int_equal(
			found(r,
				(struct queue_filter){
					.source = k % 2 ? SLICE("facebook") : SLICE(""),
					.category = k / 2 % 2 ? SLICE("menace") : SLICE(""),
					.priority = (uint8_t)(k / 4)}),
			wanted(k % 2, k / 2 % 2, k / 4));
	assert_int_equal(found(r, (struct queue_filter){.source = SLICE("inconnue")}), 0);
	/* any of its categories, whole ids alone; its topics; when it came */
	assert_int_equal(
		found(r, (struct queue_filter){.category = SLICE("spam")}), wanted(0, 0, 0));
	assert_int_equal(found(r, (struct queue_filter){.category = SLICE("spa")}), 0);
	assert_int_equal(found(r, (struct queue_filter){.topic = SLICE("spam")}), 0);
	assert_int_equal(found(r, (struct queue_filter){.topic = SLICE("cantine")}), ITEMS / 12);
	assert_int_equal(found(r,
				 (struct queue_filter){.from = DAY0 + 2 * CLOCK_MINUTE,
					 .to = DAY0 + 3 * CLOCK_MINUTE}),
		34);
	claim_encode(&body, &(struct claim_request){8, SLICE("anne"), CLOCK_MINUTE});
	assert_int_equal(ask(&f, REQUEST_CLAIM, buf_slice(&body), &reply), 0);
	assert_int_equal(found(r, (struct queue_filter){.on = ON_ONE, .who = SLICE("anne")}), 1);
	assert_int_equal(found(r, (struct queue_filter){.on = ON_ONE}), wanted(0, 0, 0) - 1);
	assert_int_equal(found(r, (struct queue_filter){.on = ON_OTHERS, .who = SLICE("anne")}), 0);
	assert_int_equal(found(r, (struct queue_filter){.on = ON_OTHERS, .who = SLICE("bob")}), 1);
	reader_close(r);
}

/* An older file learns of what its items are of when it is migrated. */
static void an_older_file_is_filled(void **state)
{
	struct reader *r = fixture_reader(&f);
	const struct queue_filter menace = {
		.category = SLICE("menace"), .source = SLICE("facebook")};
	const size_t before = found(r, menace);

	(void)state;
	reader_close(r);
	fixture_older(&f, 5);
	fixture_open(&f);
	r = fixture_reader(&f);
	assert_true(before > 0);
	assert_int_equal(found(r, menace), before);
	reader_close(r);
}

struct watched {
	int64_t last;
	size_t arrived, claimed;
	char decision[16];
};

static int arrived(void *user, const struct queue_arrival *a)
{
	struct watched *w = user;

	assert_true(a->seq > w->last && a->lanes);
	w->last = a->seq;
	w->arrived++;
	return 0;
}

static int departed(void *user, const struct queue_departure *d)
{
	struct watched *w = user;

	w->last = d->number;
	snprintf(w->decision, sizeof(w->decision), "%.*s", (int)d->decision.n, d->decision.p);
	return 0;
}

static int claimed(void *user, const struct queue_claim *c)
{
	struct watched *w = user;

	assert_true(slice_is(c->who, "anne") && c->until > clock_now());
	w->claimed++;
	return 0;
}

static void what_changes_is_seen(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct watched w = {.last = ITEMS - 10};
	_buf_ struct buf body = {0}, reply = {0};
	struct error e = {""};
	int64_t last;

	(void)state;
	check(reader_arrivals(r, w.last, 100, arrived, &w, &e), &e);
	assert_int_equal(w.arrived, 10);
	claim_encode(&body, &(struct claim_request){7, SLICE("anne"), CLOCK_MINUTE});
	assert_int_equal(ask(&f, REQUEST_CLAIM, buf_slice(&body), &reply), 0);
	check(reader_claims(r, claimed, &w, &e), &e);
	assert_int_equal(w.claimed, 1);
	check(reader_last_decision(r, &last, &e), &e);
	buf_clear(&body);
	decide_encode(&body,
		&(struct decide_request){
			.seq = 7, .decision = SLICE("laisser"), .who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	check(reader_departures(r, last, 100, departed, &w, &e), &e);
	assert_true(w.last == last + 1 && strcmp(w.decision, "laisser") == 0);
	check(reader_claims(r, claimed, &w, &e), &e);
	assert_int_equal(w.claimed, 1);
	reader_close(r);
}

static int left(void *user, const struct queue_departure *d)
{
	*(int64_t *)user = d->row;
	return 0;
}

/* Who has it open learns that it is gone at its source; not of what did not wait. */
static void what_is_gone_is_seen(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int64_t last, row = 0;

	(void)state;
	check(reader_last_gone(r, &last, &e), &e);
	for (int i = 0; i < 2; i++) {
		feed(&f,
			&(struct comment){.type = COMMENT_TOMBSTONE,
				.source = SLICE("site"),
				.id = SLICE("6")},
			NULL);
		fixture_commit(&f);
	}
	check(reader_gone(r, last, 100, left, &row, &e), &e);
	assert_int_equal(row, 7);
	check(reader_last_gone(r, &last, &e), &e);
	assert_int_equal(last, 1);
	reader_close(r);
}

static int newest(void *user, const struct stored_comment *c)
{
	int64_t *seq = user;

	assert_true(c->seq < *seq || !*seq);
	*seq = c->seq;
	return 0;
}

static void recent_ones_come_first(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int64_t seq = 0;

	(void)state;
	check(reader_recent(r, 0, 10, newest, &seq, &e), &e);
	assert_int_equal(seq, ITEMS - 9);
	check(reader_recent(r, seq, 10, newest, &seq, &e), &e);
	assert_int_equal(seq, ITEMS - 19);
	reader_close(r);
}

/* Constant time is a matter of the plan. */
static void a_page_is_sought_in_its_index(void **state)
{
	static const char *const lanes[] = {"1", "2"}, *const names[] = {"moderation", "reponse"};
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	sqlite3 *db = NULL;

	(void)state;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < 2; i++) {
		_free_ char *sql = xasprintf(
			"EXPLAIN QUERY PLAN SELECT q.row FROM queue q JOIN item i ON i.seq = q.seq"
			" WHERE q.lanes & %s AND (q.rank, q.flagged_at, q.row) > (4, 5, 6)"
			" ORDER BY q.rank, q.flagged_at, q.row LIMIT 50",
			lanes[i]);
		_free_ char *wanted = xasprintf("SEARCH q USING INDEX queue_%s (rank>?", names[i]);
		sqlite3_stmt *s = NULL;
		bool sought = false, sorted = false;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW) {
			const char *line = (const char *)sqlite3_column_text(s, 3);

			sought |= strstr(line, "queue_") && strstr(line, names[i]) &&
				strstr(line, ">(?,?") != NULL;
			sorted |= strstr(line, "TEMP B-TREE") != NULL;
		}
		sqlite3_finalize(s);
		if (!sought || sorted)
			fail_msg("%s is not what reads lane %s", wanted, lanes[i]);
	}
	sqlite3_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(each_file_is_read_through_once),
		TEST(a_key_outlives_its_item), TEST(recent_ones_come_first), TEST(a_part_of_a_file),
		TEST(an_older_file_is_filled), TEST(what_changes_is_seen),
		TEST(what_is_gone_is_seen), TEST(a_page_is_sought_in_its_index)};

	return cmocka_run_group_tests_name("db queue", tests, NULL, NULL);
}
