/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything that was received, by what it is: what a filter finds is what a loop over all of it finds, page by page, and
 * each is read from a list of its own. */
#include "single.h"

#include "../../../src/lib/db/reader/rd.h"

enum { COMMENTS = 400, PAGE = 7 };

static const char *const sources[] = {"site", "facebook", "nulle part"};
static const char *const categories[] = {"", "menace", "spam", "apologie_terrorisme"};
static const char *const topics[] = {"", "cantine", "eau", "rien"};

/* Number i is of sources[i % 2]; a menace each tenth, spam each third, and some both; the school meal each eighth, water each fifth. */
static struct verdict verdict_of(int i, struct slice c[2], struct slice t[2])
{
	struct verdict v = {
		.categories = c, .topics = t, .level = i % 10 ? VERDICT_NONE : VERDICT_QUEUE};

	if (i % 10 == 0)
		c[v.n_categories++] = SLICE("menace");
	if (i % 3 == 0)
		c[v.n_categories++] = SLICE("spam");
	if (i % 8 == 0)
		t[v.n_topics++] = SLICE("cantine");
	if (i % 5 == 0)
		t[v.n_topics++] = SLICE("eau");
	return v;
}

static void feed_number(int i, const char *text)
{
	struct slice c[2], t[2];
	const struct verdict v = verdict_of(i, c, t);
	char id[16];

	snprintf(id, sizeof(id), "%d", i);
	feed(&f,
		&(struct comment){.source = slice_of(sources[i % 2]),
			.id = slice_of(id),
			.text = slice_of(text),
			.created_at = DAY0 + i * CLOCK_HOUR},
		&v);
}

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	for (int i = 0; i < COMMENTS; i++) {
		f.accepted = DAY0 + i / 4 * CLOCK_HOUR + i;
		feed_number(i, "bonjour");
		fixture_commit(&f);
	}
	f.accepted = DAY0 + 2 * CLOCK_HOUR; /* one that was put aside, and comes last */
	feed_number(COMMENTS, "bonjour");
	fixture_commit(&f);
	f.accepted = DAY0 + COMMENTS * CLOCK_HOUR;
	feed_number(30, "changé"); /* its first version is read no more */
	fixture_commit(&f);
	return 0;
}

struct seen {
	int64_t seq[COMMENTS + 2];
	size_t n;
};

static int see(void *user, const struct stored_comment *c)
{
	struct seen *s = user;

	assert_true(s->n < COMMENTS + 2);
	assert_true(!s->n || c->seq < s->seq[s->n - 1]);
	s->seq[s->n++] = c->seq;
	return 0;
}

static bool has(const struct slice *list, uint32_t n, struct slice wanted)
{
	for (uint32_t i = 0; i < n; i++)
		if (slice_equal(list[i], wanted))
			return true;
	return !wanted.n;
}

struct sifting {
	const struct recent_query *q;
	struct seen found;
};

static int sift(void *user, const struct stored_comment *c)
{
	struct sifting *s = user;
	const struct recent_query *q = s->q;
	const struct verdict *v = &c->verdict;
	const int64_t at = q->event ? c->comment.created_at : c->accepted_at;

	if ((!q->source.n || slice_equal(q->source, c->comment.source)) &&
		has(v->categories, v->n_categories, q->category) &&
		has(v->topics, v->n_topics, q->topic) && (!q->from || at >= q->from) &&
		(!q->to || at < q->to))
		see(&s->found, c);
	return 0;
}

static size_t expect_same(struct reader *r, struct recent_query q)
{
	struct sifting all = {.q = &q};
	struct seen found = {.n = 0};
	struct error e = {""};
	size_t before;

	check(reader_recent(r, 0, 2 * COMMENTS, sift, &all, &e), &e);
	q.limit = PAGE;
	do {
		before = found.n;
		q.before = before ? found.seq[before - 1] : 0;
		check(reader_recent_find(r, &q, see, &found, &e), &e);
		assert_true(found.n - before <= PAGE);
	} while (found.n > before);
	assert_int_equal(found.n, all.found.n);
	assert_memory_equal(found.seq, all.found.seq, found.n * sizeof(*found.seq));
	return found.n;
}

static void a_filter_finds_what_a_loop_finds(void **state)
{
	static const int64_t days[][2] = {{0, 0}, {DAY0 + CLOCK_HOUR, DAY0 + 30 * CLOCK_HOUR + 17},
		{DAY0 + 90 * CLOCK_HOUR, 0}, {0, DAY0 + 3 * CLOCK_HOUR},
		{DAY0 - CLOCK_DAY, DAY0 - CLOCK_HOUR}, {DAY0 + 900 * CLOCK_DAY, 0}};
	struct reader *r = fixture_reader(&f);
	size_t some = 0, asked = 0;

	(void)state;
	for (size_t s = 0; s < 4; s++)
		for (size_t c = 0; c < 4; c++)
			for (size_t t = 0; t < 4; t++)
				for (size_t d = 0; d < 6; d++, asked++)
					some += expect_same(r,
							(struct recent_query){
								.source = slice_of(
									s ? sources[s - 1] : ""),
								.category = slice_of(categories[c]),
								.topic = slice_of(topics[t]),
								.from = days[d][0],
								.to = days[d][1]}) > 0;
	assert_int_equal(asked, 384);
	assert_true(some > 60 && some < 200);
	reader_close(r);
}

/* By the clock of a replay the time is when it was written. */
static void by_the_clock_of_a_replay(void **state)
{
	const struct recent_query q = {
		.event = true, .from = DAY0 + 9 * CLOCK_HOUR, .to = DAY0 + 41 * CLOCK_HOUR};
	struct reader *r;

	(void)state;
	fixture_end(&f);
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = true;
	fixture_open(&f);
	for (int i = 0; i < COMMENTS; i++)
		feed_number(i, "bonjour");
	f.accepted = DAY0 + 900 * CLOCK_HOUR;
	fixture_commit(&f);
	r = fixture_reader(&f);
	assert_int_equal(expect_same(r, q), 32);
	reader_close(r);
	/* so it is in a file from before, whose comments came much later than they were written */
	fixture_older(&f, 16);
	fixture_open(&f);
	r = fixture_reader(&f);
	assert_int_equal(expect_same(r, q), 32);
	reader_close(r);
}

static void what_is_said_of_it_later(void **state)
{
	struct slice rules[] = {SLICE("r")}, c[] = {SLICE("apologie_terrorisme")};
	const struct verdict v = {.level = VERDICT_QUEUE,
		.score = 900,
		.priority = 2,
		.lanes = LANE_MODERATION,
		.categories = c,
		.n_categories = 1,
		.rated = rules,
		.n_rated = 1};
	_buf_ struct buf verdict = {0}, body = {0};
	struct reader *r = fixture_reader(&f);

	(void)state;
	assert_int_equal(expect_same(r, (struct recent_query){.category = c[0]}), 0);
	verdict_encode(&verdict, &v);
	revise_add(&body,
		&(struct revise_request){
			.seq = 8, .verdict = buf_slice(&verdict), .rules = rules, .n_rules = 1});
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&body), NULL), 0);
	assert_int_equal(expect_same(r, (struct recent_query){.category = c[0]}), 1);
	assert_int_equal(
		expect_same(
			r, (struct recent_query){.category = c[0], .source = slice_of(sources[1])}),
		1);
	reader_close(r);
}

static void an_older_file_is_filled(void **state)
{
	const struct recent_query q = {.category = SLICE("menace"),
		.topic = SLICE("cantine"),
		.source = SLICE("site"),
		.to = DAY0 + 60 * CLOCK_HOUR};
	struct reader *r = fixture_reader(&f);
	const size_t before = expect_same(r, q);

	(void)state;
	assert_true(before > 2);
	reader_close(r);
	fixture_older(&f, 16);
	fixture_open(&f);
	r = fixture_reader(&f);
	assert_int_equal(expect_same(r, q), before);
	reader_close(r);
}

/* One in each thousand, over several chunks; the blocks that are written are those where one stands. */
static void a_rare_one_among_many(void **state)
{
	enum { MANY = 40000, EACH = 1000 };
	struct slice c[] = {SLICE("outrage")};
	struct recent_query q = {.category = c[0], .source = SLICE("site"), .limit = PAGE};
	struct seen found = {.n = 0};
	struct error e = {""};
	struct reader *r;
	size_t before;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		const struct verdict v = {.categories = c, .n_categories = i % EACH == 0};
		char id[16];

		snprintf(id, sizeof(id), "m%d", i);
		feed(&f,
			&(struct comment){.source = SLICE("site"),
				.id = slice_of(id),
				.text = SLICE("x"),
				.created_at = DAY0},
			&v);
		if (f.n == 200)
			fixture_commit(&f);
	}
	fixture_commit(&f);
	assert_int_equal(
		fixture_count(&f,
			"SELECT count(*) FROM labelled JOIN label ON label = id WHERE name = 'c:outrage '"),
		3);
	r = fixture_reader(&f);
	do {
		before = found.n;
		q.before = before ? found.seq[before - 1] : 0;
		check(reader_recent_find(r, &q, see, &found, &e), &e);
	} while (found.n > before);
	assert_int_equal(found.n, MANY / EACH);
	for (size_t i = 1; i < found.n; i++)
		assert_int_equal(found.seq[i - 1] - found.seq[i], EACH);
	reader_close(r);
}

/* A row that cannot be stored takes its labels with it; those of the next one are found. */
static void what_is_rolled_back_is_forgotten(void **state)
{
	struct slice c[] = {SLICE("outrage")};
	const struct verdict v = {.categories = c, .n_categories = 1};
	const struct comment one = {
		.source = SLICE("site"), .id = SLICE("n1"), .text = SLICE("x"), .created_at = DAY0};
	struct error e = {""};
	struct store_result result;
	struct reader *r;

	(void)state;
	feed(&f, &one, &v);
	result = fixture_result(&f);
	check(store_begin(f.store, &e), &e);
	check(store_result(f.store, &result, false, &e), &e);
	store_rollback(f.store);
	feed_number(COMMENTS + 8,
		"un autre d'abord"); /* of another label, whose id would be the same */
	fixture_commit(&f);
	r = fixture_reader(&f);
	assert_int_equal(expect_same(r, (struct recent_query){.category = c[0]}), 1);
	expect_same(r, (struct recent_query){.topic = SLICE("cantine")});
	reader_close(r);
}

static void each_is_sought_in_its_list(void **state)
{
	static const char *const lists[] = {"PRIMARY KEY (label=? AND chunk>? AND chunk<?)",
		"INTEGER PRIMARY KEY (rowid>? AND rowid<?)"};
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	sqlite3 *db = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (; reader_recent_queries[n]; n++) {
		_free_ char *sql = xasprintf("EXPLAIN QUERY PLAN %s", reader_recent_queries[n]);
		sqlite3_stmt *s = NULL;
		bool sought = false;

		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW) {
			const char *line = (const char *)sqlite3_column_text(s, 3);

			sought |= strstr(line, lists[n]) != NULL;
			if (strstr(line, "TEMP B-TREE") || strncmp(line, "SCAN", 4) == 0)
				fail_msg("%s", line);
		}
		sqlite3_finalize(s);
		if (!sought)
			fail_msg("%s is not how it is read", lists[n]);
	}
	assert_int_equal(n, 2);
	sqlite3_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

static int count_seen(void *user, const struct stored_comment *c)
{
	(void)c;
	++*(uint32_t *)user;
	return 0;
}

/* So many rows are looked at, of what is asked for or not; what is left of them is said. */
static void no_more_than_may_be_looked_at(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};

	(void)state;
	for (uint32_t most = 0; most < 2 * COMMENTS; most += 97) {
		uint32_t left = most, seen = 0, all = 0;
		struct recent_query q = {.limit = 2 * COMMENTS, .left = &left};
		int code = reader_recent_find(r, &q, count_seen, &seen, &e);

		q.left = NULL;
		check(reader_recent_find(r, &q, count_seen, &all, &e), &e);
		assert_int_equal(code, most < all ? READER_END : 0);
		assert_int_equal(seen, most < all ? most : all);
		assert_int_equal(left, most - seen);
		left = most;
		seen = all = 0;
		q.topic = SLICE("cantine");
		check(reader_recent_find(r, &q, count_seen, &all, &e), &e);
		q.left = &left;
		code = reader_recent_find(r, &q, count_seen, &seen, &e);
		assert_true(code == READER_END ? seen <= most && !left : code == 0 && seen == all);
	}
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_filter_finds_what_a_loop_finds),
		TEST(by_the_clock_of_a_replay), TEST(what_is_said_of_it_later),
		TEST(an_older_file_is_filled), TEST(what_is_rolled_back_is_forgotten),
		TEST(a_rare_one_among_many), TEST(each_is_sought_in_its_list),
		TEST(no_more_than_may_be_looked_at)};

	return cmocka_run_group_tests_name("db recent", tests, NULL, NULL);
}
