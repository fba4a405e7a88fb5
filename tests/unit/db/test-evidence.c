/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chain of evidence breaks when someone tampers with it and only then; and an older database becomes a newer one. */
#include "single.h"

#include <sqlite3.h>

static int start(void **state)
{
	const struct verdict v = {.level = VERDICT_QUEUE, .priority = 3};

	(void)state;
	fixture_start(&f);
	for (int i = 0; i < 6; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i);
		feed(&f,
			&(struct comment){.source = SLICE("facebook"),
				.id = slice_of(id),
				.text = SLICE("une injure assez longue"),
				.author = SLICE("jeanne")},
			i % 2 ? &v : NULL);
	}
	fixture_commit(&f);
	return 0;
}

static void tamper(const char *sql)
{
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct evidence verify(void)
{
	struct reader *r = fixture_reader(&f);
	struct evidence v;
	struct error e = {""};

	check(reader_evidence(r, &v, &e), &e);
	reader_close(r);
	return v;
}

static void an_untouched_chain_holds(void **state)
{
	struct evidence v = verify();

	(void)state;
	assert_true(v.links == 3 && v.proven == 3 && !v.broken);
	/* also over a restart and a rollback */
	store_close(f.store);
	fixture_open(&f);
	feed(&f, &(struct comment){.source = SLICE("s"), .id = SLICE("n"), .text = SLICE("x")},
		&(struct verdict){.level = VERDICT_QUEUE});
	{
		struct store_result r = fixture_result(&f);
		struct error e = {""};

		check(store_begin(f.store, &e), &e);
		assert_int_equal(store_result(f.store, &r, false, &e), 0);
		store_rollback(f.store);
	}
	fixture_commit(&f);
	v = verify();
	assert_true(v.links == 4 && v.proven == 4 && !v.broken);
}

static void tampering_shows(void **state)
{
	static const struct {
		const char *sql;
		int64_t first;
	} cases[] = {
		{"UPDATE item SET body = CAST(replace(CAST(body AS TEXT), 'injure', 'bonjou') AS BLOB)"
		 " WHERE seq = 2",
			2},
		{"UPDATE item SET handle = CAST('paul' AS BLOB) WHERE seq = 4", 4},
		{"UPDATE item SET accepted = accepted - 1 WHERE seq = 6", 6},
		{"DELETE FROM evidence WHERE seq = 4", 6},
		{"UPDATE evidence SET salt = zeroblob(16) WHERE seq = 2", 2},
		{"UPDATE evidence SET mark = randomblob(32) WHERE seq = 2", 2},
		{"DELETE FROM item WHERE seq = 4", 4},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct evidence v;

		tamper(cases[i].sql);
		v = verify();
		assert_true(v.broken >= 1);
		assert_int_equal(v.first_broken, cases[i].first);
		fixture_teardown(state);
		start(state);
	}
}

static void forgetting_keeps_the_chain(void **state)
{
	struct evidence v;

	(void)state;
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("3")},
		NULL);
	fixture_commit(&f);
	v = verify();
	assert_true(v.links == 3 && v.proven == 2 && v.wiped == 1 && !v.broken);
}

/* A row whose incident cannot be written goes to the dead letters after its link was made. */
static void a_dead_row_leaves_no_link(void **state)
{
	const struct verdict v = {.level = VERDICT_ALERT, .priority = 1};
	struct store_result r;
	struct evidence found;

	(void)state;
	tamper("CREATE TRIGGER no BEFORE INSERT ON incident BEGIN SELECT raise(ABORT, 'no'); END");
	feed(&f, &(struct comment){.source = SLICE("s"), .id = SLICE("p1"), .text = SLICE("x")},
		&v);
	feed(&f, &(struct comment){.source = SLICE("s"), .id = SLICE("q"), .text = SLICE("x")},
		&(struct verdict){.level = VERDICT_QUEUE});
	r = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &r, false), STORE_ROW);
	assert_int_equal(fixture_apply(&f, &r, true), 0);
	assert_int_equal(store_counts(f.store).dead, 1);
	found = verify();
	assert_true(found.links == 4 && found.proven == 4 && !found.broken);
}

static int count(void *user, const struct stored_comment *c)
{
	(void)c;
	++*(int *)user;
	return 0;
}

static void an_older_database_is_migrated(void **state)
{
	_free_ char *copy = xasprintf("%s/store.db.v1", f.dir);
	struct reader *r = NULL;
	struct error e = {""};
	int n = 0;

	(void)state;
	fixture_older(&f, 1);
	assert_int_equal(reader_open(f.dir, &r, &e), -EPROTO);
	fixture_open(&f);
	assert_int_equal(access(copy, F_OK), 0);
	feed_text(&f, "new", "après");
	fixture_commit(&f);
	r = fixture_reader(&f);
	check(reader_comments(r, 0, 100, true, count, &n, &e), &e);
	assert_int_equal(n, 7);
	reader_close(r);
	store_close(f.store);
	f.store = NULL;
	tamper("PRAGMA user_version = 99");
	assert_int_equal(store_open(&f.spec, &f.store, &e), -EPROTO);
	f.store = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_untouched_chain_holds),
		TEST(tampering_shows),
		TEST(forgetting_keeps_the_chain),
		TEST(a_dead_row_leaves_no_link),
		TEST(an_older_database_is_migrated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
