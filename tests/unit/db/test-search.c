/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "single.h"

#include <tocsin/db/search.h>

static struct search *s;

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	feed_text(&f, "1", "La cantine de l'école Jules-Ferry est fermée");
	feed_text(&f, "2", "Merci pour la cantine !");
	feed_text(&f, "3", "Démolition de la tour 12");
	feed_text(&f, "4", "école fermée, cantine aussi");
	fixture_commit(&f);
	s = NULL;
	return 0;
}

static int end(void **state)
{
	(void)state;
	s = search_close(s);
	fixture_end(&f);
	return 0;
}

static void fill(void)
{
	struct error e = {""};
	int r;

	if (!s)
		check(search_open(f.dir, true, &s, &e), &e);
	do {
		r = search_fill(s, 3, &e);
		check(r, &e);
	} while (r != SEARCH_CAUGHT_UP);
}

struct hits {
	char text[64];
};

static int hit(void *user, int64_t seq)
{
	struct hits *h = user;
	size_t n = strlen(h->text);

	snprintf(h->text + n, sizeof(h->text) - n, "%lld ", (long long)seq);
	return 0;
}

static void expect(const char *query, const char *seqs)
{
	struct hits h = {""};
	struct error e = {""};

	check(search_query(s, &(struct search_ask){slice_of(query), .limit = 10}, hit, &h, &e), &e);
	assert_string_equal(h.text, seqs);
}

static void finds_words(void **state)
{
	(void)state;
	fill();
	expect("cantine", "4 2 1 ");
	expect("ECOLE cantine", "4 1 ");
	expect("\"cantine de\"", "1 ");
	expect("cantine -école", "2 ");
	expect("demol*", "3 ");
	expect("absent", "");
	/* what FTS5 would take for syntax is text */
	expect("tour AND 12", "");
	expect("tour) OR (cantine", "");
	expect("a\"b", "");
}

static void say(const char *source, const char *id, const char *text)
{
	feed(&f,
		&(struct comment){
			.source = slice_of(source), .id = slice_of(id), .text = slice_of(text)},
		&(struct verdict){.level = VERDICT_NONE});
}

/* Of his sources, and as many as there are of those. */
static void finds_what_is_his(void **state)
{
	static const char *const bad[] = {"", "a,,b", "a') OR 1 --", "*"};
	struct hits h = {""};
	struct error e = {""};

	(void)state;
	say("site", "1", "tour"); /* 5 */
	for (int i = 2; i < 22; i++) {
		_free_ char *id = xasprintf("%d", i);

		say("forum", id, "tour");
	}
	say("site", "22", "la tour");
	fixture_commit(&f);
	fill();
	search_close(s);
	check(search_open_limited(f.dir, SLICE("site"), &s, &e), &e);
	expect("tour", "26 5 ");
	expect("tour -la", "5 ");
	expect("cantine", "");
	check(search_query(s, &(struct search_ask){SLICE("tour"), 1, .before = 26}, hit, &h, &e),
		&e);
	assert_string_equal(h.text, "5 ");
	s = search_close(s);
	check(search_open_limited(f.dir, SLICE("site,forum"), &s, &e), &e);
	expect("la", "26 "); /* … and not 1, 2 and 3 */
	s = search_close(s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(search_open_limited(f.dir, slice_of(bad[i]), &s, &e), -EINVAL);
	assert_null(s);
}

/* A long search, for a machine that is as slow as this. */
static int hit_slowly(void *user, int64_t seq)
{
	usleep(2000);
	return hit(user, seq);
}

static void stops_in_time(void **state)
{
	struct hits h = {""};
	struct error e = {""};

	(void)state;
	fill();
	assert_int_equal(search_query(s, &(struct search_ask){SLICE("cantine"), 10, .patience = 1},
				 hit_slowly, &h, &e),
		SEARCH_IMPATIENT);
	assert_string_equal(h.text, "4 ");
	h.text[0] = 0;
	assert_int_equal(
		search_query(s, &(struct search_ask){SLICE("cantine"), 10}, hit_slowly, &h, &e), 0);
	assert_string_equal(h.text, "4 2 1 ");
}

static void goes_on_behind(void **state)
{
	struct hits h = {""};
	struct error e = {""};

	(void)state;
	fill();
	check(search_query(s, &(struct search_ask){SLICE("cantine"), 1, .before = 4}, hit, &h, &e),
		&e);
	assert_string_equal(h.text, "2 ");
	check(search_query(s, &(struct search_ask){SLICE("cantine"), 9, .before = 2}, hit, &h, &e),
		&e);
	assert_string_equal(h.text, "2 1 ");
	check(search_query(s, &(struct search_ask){SLICE("cantine"), 9, .before = 1}, hit, &h, &e),
		&e);
	assert_string_equal(h.text, "2 1 ");
}

static void asks_for_words(void **state)
{
	struct hits h = {""};
	struct error e = {""};

	(void)state;
	fill();
	assert_int_equal(
		search_query(s, &(struct search_ask){SLICE("  "), .limit = 10}, hit, &h, &e),
		-EINVAL);
	assert_int_equal(
		search_query(s, &(struct search_ask){SLICE("-cantine"), .limit = 10}, hit, &h, &e),
		-EINVAL);
}

static void follows_versions_and_deletions(void **state)
{
	(void)state;
	fill();
	feed_text(&f, "2", "Merci pour la garderie !");
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("1")},
		NULL);
	fixture_commit(&f);
	fill();
	expect("cantine", "4 ");
	expect("garderie", "5 ");
}

static void is_made_anew_when_it_is_missing_or_foreign(void **state)
{
	_free_ char *path = xasprintf("%s/search.db", f.dir);
	struct error e = {""};
	int64_t seq, behind;

	(void)state;
	fill();
	s = search_close(s);
	unlink(path);
	fill();
	expect("cantine", "4 2 1 ");
	s = search_close(s);
	check(file_write_atomic(path,
		      SLICE("pas une base de données, mais assez long pour en être une"), 0600, &e),
		&e);
	fill();
	expect("cantine", "4 2 1 ");
	/* another database in the same folder */
	store_close(f.store);
	s = search_close(s);
	path[strlen(path) - strlen("search.db")] = 0;
	{
		_free_ char *db = xasprintf("%sstore.db", path);

		unlink(db);
	}
	fixture_open(&f);
	feed_text(&f, "9", "cantine neuve");
	fixture_commit(&f);
	fill();
	expect("cantine", "1 ");
	check(search_lag(s, &seq, &behind, &e), &e);
	assert_true(seq == 1 && behind == 0);
}

static void has_one_writer_and_readers(void **state)
{
	struct search *other = NULL;
	struct error e = {""};
	struct hits h = {""};

	(void)state;
	assert_int_equal(search_open(f.dir, false, &other, &e), -ENOENT);
	fill();
	assert_int_equal(search_open(f.dir, true, &other, &e), -EWOULDBLOCK);
	check(search_open(f.dir, false, &other, &e), &e);
	check(search_query(other, &(struct search_ask){SLICE("tour"), .limit = 10}, hit, &h, &e),
		&e);
	assert_string_equal(h.text, "3 ");
	search_close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_words),
		TEST(finds_what_is_his),
		TEST(asks_for_words),
		TEST(stops_in_time),
		TEST(goes_on_behind),
		TEST(follows_versions_and_deletions),
		TEST(is_made_anew_when_it_is_missing_or_foreign),
		TEST(has_one_writer_and_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
