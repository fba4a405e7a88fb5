/* SPDX-License-Identifier: GPL-3.0-or-later
 * A reader that has some sources only: whatever verb is asked, whatever table a migration adds. */
#include "single.h"
#include <tocsin/db/dossier.h>
#include <tocsin/record/account.h>
#include <tocsin/record/wire.h>

static void say(const char *source, const char *id, const char *text)
{
	feed(&f,
		&(struct comment){.source = slice_of(source),
			.id = slice_of(id),
			.text = slice_of(text),
			.author = SLICE("jeanne"),
			.thread = SLICE("fil")},
		&(struct verdict){.level = VERDICT_QUEUE, .priority = 3, .lanes = LANE_MODERATION});
}

static struct reader *limited(const char *sources)
{
	struct reader *r = NULL;
	struct error e = {""};

	check(reader_open_limited(f.dir, slice_of(sources), &r, &e), &e);
	return r;
}

static int see(void *user, const struct stored_comment *c)
{
	buf_printf(user, "%.*s ", (int)c->comment.text.n, c->comment.text.p);
	return 0;
}

static void expect_seen(struct reader *r, const char *want)
{
	_buf_ struct buf seen = {0};
	struct error e = {""};
	uint64_t by[5];

	check(reader_comments(r, 0, 100, true, see, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	check(reader_file_count(r, LANE_MODERATION, by, &e), &e);
	assert_int_equal(by[3], seen.n / 3);
	reader_close(r);
}

static void only_his_sources(void **state)
{
	struct error e = {""};
	struct reader *r;

	(void)state;
	say("site", "1", "un");
	say("forum", "1", "de");
	say("page", "1", "tr");
	fixture_commit(&f);
	expect_seen(fixture_reader(&f), "un de tr ");
	expect_seen(limited("site"), "un ");
	expect_seen(limited("site,page"), "un tr ");
	expect_seen(limited("nulle"), "");
	r = limited("site");
	assert_int_equal(reader_comment(r, 2, see, NULL, &e), -ENOENT);
	reader_close(r);
}

static void no_such_sources(void **state)
{
	static const char *const bad[] = {
		"", ",site", "site,", "a,,b", "a') OR 1 --", "a\"b", "Site", "a b", "*"};
	struct error e = {""};
	struct reader *r = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(reader_open_limited(f.dir, slice_of(bad[i]), &r, &e), -EINVAL);
}

static int count_one(void *user, int64_t row, struct slice decision, struct slice category)
{
	(void)row, (void)decision, (void)category;
	++*(int *)user;
	return 0;
}

/* What a human decided of another source is not there either. */
static void nor_decisions(void **state)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	int n = 0;

	(void)state;
	say("site", "1", "un");
	say("forum", "1", "de");
	fixture_commit(&f);
	for (int64_t seq = 1; seq <= 2; seq++) {
		buf_clear(&body);
		decide_encode(&body,
			&(struct decide_request){
				.seq = seq, .decision = SLICE("laisser"), .who = SLICE("anne")});
		assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	}
	struct reader *r = limited("forum");
	check(reader_decisions(r, count_one, &n, &e), &e);
	assert_int_equal(n, 1);
	reader_close(r);
}

static int64_t open_dossier(int64_t seq, const char *title)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct wire w;

	dossier_open_encode(&body,
		&(struct dossier_open){.seq = seq,
			.purpose = DOSSIER_PLAINTE,
			.title = slice_of(title),
			.who = SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_DOSSIER_OPEN, buf_slice(&body), &reply), 0);
	w = wire_reader(buf_slice(&reply));
	return wire_i64(&w);
}

static void piece(int64_t dossier, int64_t seq, bool remove)
{
	_buf_ struct buf body = {0};

	dossier_piece_encode(
		&body, &(struct dossier_piece){dossier, seq, remove, SLICE("motif"), SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_DOSSIER_PIECE, buf_slice(&body), NULL), 0);
}

static int see_dossier(void *user, const struct dossier *d)
{
	buf_printf(user, "%.*s:%llu ", (int)d->title.n, d->title.p, (unsigned long long)d->pieces);
	return 0;
}

static int see_piece(void *user, const struct dossier_item *i)
{
	buf_printf(user, "%lld%s ", (long long)i->stored->seq, i->link.n ? "" : "?");
	return 0;
}

static void expect_dossiers(const char *sources, const char *want, const char *pieces_of_mixed)
{
	struct reader *r = limited(sources);
	_buf_ struct buf seen = {0}, pieces = {0};
	struct error e = {""};

	check(reader_dossiers(r, false, 0, 10, see_dossier, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	check(reader_dossier_items(r, 3, see_piece, &pieces, &e), &e);
	assert_string_equal(buf_string(&pieces), pieces_of_mixed);
	reader_close(r);
}

/* A dossier is his when each piece that it has, or had, is. */
static void dossiers_of_his_sources(void **state)
{
	(void)state;
	say("site", "1", "un");
	say("forum", "1", "de");
	fixture_commit(&f);
	assert_int_equal(open_dossier(1, "site"), 1);
	assert_int_equal(open_dossier(2, "forum"), 2);
	assert_int_equal(open_dossier(1, "both"), 3);
	piece(3, 2, false);
	assert_int_equal(open_dossier(1, "mended"), 4);
	piece(4, 2, false);
	piece(4, 2, true);
	expect_dossiers("site", "site:1 ", "");
	expect_dossiers("forum", "forum:1 ", "");
	expect_dossiers("page", "", "");
	expect_dossiers("site,forum", "mended:1 both:2 forum:1 site:1 ", "1 2 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_his_sources, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(no_such_sources, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(nor_decisions, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			dossiers_of_his_sources, fixture_setup, fixture_teardown)};
	return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
