/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands around a comment: found by its id, in its thread, of its author; bounded by rows, and never somebody else's. */
#include "single.h"

#include <tocsin/db/nearby.h>

#include "../../../src/lib/db/st.h"

enum { FAR = 1000 };
#define FACEBOOK SLICE("facebook")
#define SITE SLICE("site")

struct line {
	struct slice source;
	const char *id, *thread, *author, *text;
};

static void says(const struct line *l, const struct verdict *v)
{
	feed(&f,
		&(struct comment){.source = l->source,
			.id = slice_of(l->id),
			.thread = slice_of(l->thread),
			.author = slice_of(l->author),
			.text = slice_of(l->text),
			.created_at = f.accepted},
		v);
	fixture_commit(&f);
}

/* seq 1 … 8 */
static int start(void **state)
{
	struct slice insult[] = {SLICE("injure_publique")};
	const struct verdict flagged = {.level = VERDICT_QUEUE,
		.lanes = LANE_MODERATION,
		.categories = insult,
		.n_categories = 1};
	const struct line lines[] = {{FACEBOOK, "p1", "", "ville", "Travaux rue Foch"},
		{FACEBOOK, "c1", "p1", "jeanne", "Encore !"},
		{FACEBOOK, "c2", "p2", "jeanne", "on parle de p1 ailleurs"},
		{SITE, "c1", "p1", "jeanne", "Un autre site"},
		{FACEBOOK, "c3", "p1", "paul", "Espèce d'abruti"},
		{FACEBOOK, "c4", "p1", "jeanne", "Merci"},
		{FACEBOOK, "c5", "p1", "jeanne", "Bravo"}};

	(void)state;
	fixture_start(&f);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		f.accepted += CLOCK_HOUR;
		says(&lines[i], i == 4 ? &flagged : NULL);
	}
	f.accepted += CLOCK_HOUR; /* c1 was edited */
	says(&(struct line){FACEBOOK, "c1", "p1", "jeanne", "Encore des travaux !"}, NULL);
	return 0;
}

struct seen {
	char text[200];
	uint32_t n;
};

static int see(void *user, const struct nearby *n)
{
	struct seen *s = user;
	const size_t at = strlen(s->text);

	snprintf(s->text + at, sizeof(s->text) - at, "%lld%s%s%s%.*s ", (long long)n->seq,
		n->flagged ? "f" : "", n->waits ? "w" : "", n->gone ? "g" : "", (int)n->decision.n,
		n->decision.p);
	s->n++;
	return 0;
}

static struct seen named(struct reader *r, struct slice source, const char *id, int64_t at,
	uint32_t rows, int expected)
{
	const struct named_query q = {source, slice_of(id), at, rows, rows, NULL};
	struct seen s = {""};
	struct error e = {""};

	assert_int_equal(reader_named(r, &q, see, &s, &e), expected);
	return s;
}

static void one_is_found_by_its_id(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};

	(void)state;
	assert_string_equal(named(r, FACEBOOK, "p1", 5, FAR, 0).text, "1 ");
	assert_string_equal(named(r, SITE, "c1", 5, FAR, 0).text, "4 ");
	assert_string_equal(named(r, FACEBOOK, "c1", 3, FAR, 0).text, "2 "); /* as it was then */
	assert_string_equal(named(r, FACEBOOK, "c5", 5, FAR, 0).text, "7 "); /* came later */
	assert_string_equal(named(r, FACEBOOK, "p1", 5, 3, READER_END).text, ""); /* too far */
	assert_string_equal(named(r, FACEBOOK, "p2", 5, FAR, READER_END).text, "");
	assert_string_equal(named(r, FACEBOOK, "", 5, FAR, READER_END).text, "");
	check(store_flush_keys(f.store, &e), &e);
	assert_string_equal(named(r, FACEBOOK, "p1", 5, 0, 0).text, "1 "); /* however far */
	assert_string_equal(named(r, FACEBOOK, "c1", 3, 0, 0).text, "8 ");
	assert_string_equal(named(r, FACEBOOK, "p2", 5, FAR, READER_END).text, "");
	reader_close(r);
}

static struct seen thread(
	struct reader *r, const char *id, int64_t at, bool after, uint32_t rows, uint32_t limit)
{
	const struct thread_query q = {FACEBOOK, slice_of(id), at, after, rows, limit};
	struct seen s = {""};
	struct error e = {""};

	assert_int_equal(reader_thread(r, &q, see, &s, &e), 0);
	return s;
}

static void a_thread_has_its_own_alone(void **state)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf body = {0};

	(void)state;
	assert_string_equal(thread(r, "p1", 6, false, FAR, 10).text, "5fw 1 ");
	assert_string_equal(thread(r, "p1", 1, true, FAR, 10).text, "5fw 6 7 8 ");
	assert_string_equal(thread(r, "p1", 1, true, FAR, 2).text, "5fw 6 ");
	assert_string_equal(thread(r, "p1", 8, false, 2, 10).text, "7 6 ");
	assert_string_equal(thread(r, "", 6, false, FAR, 10).text, "");
	decide_encode(&body,
		&(struct decide_request){
			.seq = 5, .decision = SLICE("laisser"), .who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_string_equal(thread(r, "p1", 6, false, FAR, 1).text, "5flaisser ");
	reader_close(r);
}

static int key_of(void *user, const struct stored_comment *c)
{
	memcpy(user, c->author_key, 16);
	return 0;
}

static struct author_count author(
	struct reader *r, int64_t of, int64_t since, uint32_t rows, uint32_t limit, struct seen *s)
{
	unsigned char key[16];
	struct author_count n;
	struct error e = {""};

	*s = (struct seen){""};
	check(reader_comment(r, of, key_of, key, &e), &e);
	assert_int_equal(reader_author_recent(r,
				 &(struct author_query){key, since, false, rows, limit, NULL}, &n,
				 see, s, &e),
		0);
	return n;
}

static void an_author_is_counted(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct author_count n;
	struct seen s;

	(void)state;
	n = author(r, 7, DAY0, FAR, 2, &s);
	assert_int_equal(n.comments,
		4); /* the first version of c1 is read no more; the site's is another's */
	assert_int_equal(n.flagged, 0);
	assert_false(n.cut);
	assert_string_equal(s.text, "8 7 ");
	n = author(r, 7, DAY0 + 7 * CLOCK_HOUR + 1, FAR, 5, &s);
	assert_string_equal(s.text, "8 ");
	n = author(r, 7, DAY0, 2, 5, &s);
	assert_true(n.cut);
	assert_string_equal(s.text, "8 7 ");
	n = author(r, 5, DAY0, FAR, 5, &s);
	assert_int_equal(n.flagged, 1);
	assert_string_equal(s.text, "5fw ");
	reader_close(r);
}

struct nested {
	struct reader *r;
	struct seen seen;
};

static int within(void *user, const struct stored_comment *c)
{
	struct nested *n = user;

	n->seen = named(n->r, c->comment.source, "p1", c->seq, FAR, 0);
	assert_string_equal(thread(n->r, "p1", c->seq, false, FAR, 1).text, "1 ");
	assert_int_equal(c->verdict.n_categories, 1);
	assert_true(slice_is(c->verdict.categories[0], "injure_publique"));
	return 0;
}

static void they_leave_a_row_alone(void **state)
{
	struct nested n = {.r = fixture_reader(&f)};
	struct error e = {""};

	(void)state;
	check(reader_comment(n.r, 5, within, &n, &e), &e);
	assert_string_equal(n.seen.text, "1 ");
	reader_close(n.r);
}

/* The first body is the last that is looked at, whoever asks. */
static void one_budget_holds_for_all(void **state)
{
	struct reader *r = fixture_reader(&f);
	struct nearby_budget b = {.most = UINT64_MAX};
	struct thread_query q = {FACEBOOK, SLICE("p1"), 1, true, FAR, 10, &b};
	const struct named_query by_id = {FACEBOOK, SLICE("p1"), 8, FAR, FAR, &b};
	struct author_query by = {NULL, DAY0, false, FAR, 5, &b};
	struct author_count n;
	struct error e = {""};
	struct seen s = {""};
	unsigned char key[16];

	(void)state;
	assert_int_equal(reader_thread(r, &q, see, &s, &e), 0);
	assert_string_equal(s.text, "5fw 6 7 8 ");
	assert_false(b.spent);
	assert_true(b.used > 4 * 10);
	b = (struct nearby_budget){.most = 1};
	q.at = 4;
	s = (struct seen){""};
	assert_int_equal(reader_thread(r, &q, see, &s, &e), 0);
	assert_string_equal(s.text, "5fw ");
	assert_true(b.spent);
	s = (struct seen){""};
	assert_int_equal(reader_named(r, &by_id, see, &s, &e), READER_END);
	q.after = false;
	assert_int_equal(reader_thread(r, &q, see, &s, &e), 0);
	check(reader_comment(r, 7, key_of, key, &e), &e);
	by.key = key;
	assert_int_equal(reader_author_recent(r, &by, &n, see, &s, &e), 0);
	assert_int_equal(n.comments, 0);
	assert_string_equal(s.text, "");
	b = (struct nearby_budget){.most = 1};
	assert_int_equal(reader_author_recent(r, &by, &n, see, &s, &e), 0);
	assert_int_equal(n.comments, 1);
	assert_string_equal(s.text, "8 ");
	assert_true(b.spent);
	reader_close(r);
}

static void expect_current(struct reader *r, int64_t row, int64_t seq)
{
	struct error e = {""};
	int64_t found = 0;
	int code = reader_current(r, row, &found, &e);

	check(code, &e);
	assert_int_equal(code, seq ? 0 : READER_END);
	assert_int_equal(found, seq);
}

/* c1 stands in row 2, and was edited: before the table of ids knows of it, by the table, and behind it. */
static void the_version_that_people_see(void **state)
{
	const struct line again = {FACEBOOK, "c1", "p1", "jeanne", "Encore et encore"};
	struct reader *r = fixture_reader(&f);
	struct error e = {""};

	(void)state;
	expect_current(r, 1, 1);
	expect_current(r, 2, 8);
	expect_current(r, 8, 0);
	expect_current(r, 9, 0);
	check(store_flush_keys(f.store, &e), &e);
	expect_current(r, 2, 8);
	says(&again, NULL);
	expect_current(r, 2, 9);
	expect_current(r, 4, 4);
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_found_by_its_id, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_thread_has_its_own_alone, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(an_author_is_counted, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(they_leave_a_row_alone, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(one_budget_holds_for_all, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_version_that_people_see, start, fixture_teardown),
	};

	return cmocka_run_group_tests_name("nearby", tests, NULL, NULL);
}
