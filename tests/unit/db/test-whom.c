/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is meant by what a person knows of his account: the name that is shown, a handle, the address of a comment. Homonyms stay
 * apart, what is listed is bounded, and the rows are gone over in steps. */
#include "single.h"

#include <tocsin/db/kept.h>
#include <tocsin/db/whom.h>

#define DID "did:plc:zq4kx7"
#define POST "https://bsky.app/profile/" DID "/post/3kabc"
#define FACEBOOK "https://www.facebook.com/valmont/posts/12?comment_id=77"

static const struct {
	const char *typed, *account, *shown, *url;
	int by; /* -1: it is not meant */
} cases[] = {
	{"mandragore77", "mandragore77", "Mandragore", "", WHOM_ACCOUNT},
	{"@Mandragore77", "mandragore77", "", "", WHOM_ACCOUNT},
	{" MANDRAGORE77 ", "@mandragore77", "", "", WHOM_ACCOUNT},
	{"mandragore", "mandragore77", "Mandragore", "", WHOM_SHOWN},
	{"mandragore7", "mandragore77", "Mandragore", "", -1},
	{DID, DID, "Paul Durand (@paul.bsky.example)", POST, WHOM_ACCOUNT},
	{"paul.bsky.example", DID, "Paul Durand (@paul.bsky.example)", POST, WHOM_SHOWN},
	{"@Paul.bsky.example", DID, "Paul Durand (@paul.bsky.example)", POST, WHOM_SHOWN},
	{"paul durand", DID, "Paul Durand (@paul.bsky.example)", POST, WHOM_SHOWN},
	{"@paul.bsky.example", DID, "@paul.bsky.example", POST, WHOM_SHOWN},
	{"Durand", DID, "Paul Durand (@paul.bsky.example)", POST, WHOM_PART},
	{"duran", DID, "Paul Durand (@paul.bsky.example)", POST, -1},
	{"du", DID, "Du (@x.example)", POST, WHOM_SHOWN},
	{POST, DID, "Paul", POST, WHOM_ADDRESS},
	{"bsky.app/profile/paul.bsky.example/post/3kabc?ref_src=x", DID, "Paul", POST,
		WHOM_ADDRESS},
	{"https://bsky.app/profile/paul.bsky.example/post/3kabd", DID, "Paul", POST, -1},
	{"https://bsky.app/profile/paul.bsky.example", DID, "@paul.bsky.example", POST, WHOM_SHOWN},
	{"https://bsky.app/profile/" DID, DID, "Paul", POST, WHOM_ADDRESS},
	{"zoé bâlmont", "24017", "Zoé  Balmont", FACEBOOK, WHOM_SHOWN},
	{"m.facebook.com/valmont/posts/12?comment_id=77&__cft__=x", "24017", "Zoé", FACEBOOK,
		WHOM_ADDRESS},
	{"https://facebook.com/valmont/posts/12", "24017", "Zoé", FACEBOOK, -1},
	{"https://facebook.com/valmont/posts/12?comment_id=7", "24017", "Zoé", FACEBOOK, -1},
	{"https://ville.example/a/#comment-12", "user:12", "Zoé",
		"https://ville.example/a/#comment-12", WHOM_ADDRESS},
	{"https://ville.example/a/#comment-1", "user:12", "Zoé",
		"https://ville.example/a/#comment-12", -1},
	{"https://zoe.example/", "http://zoe.example", "Zoé", "", WHOM_ADDRESS},
	{"https://toots.example/@paul/1123", "paul@toots.example", "Paul D.", "", WHOM_PART},
	{"@paul@toots.example", "paul@toots.example", "", "", WHOM_ACCOUNT},
	{"@paul@toots.example", "paul", "", "", WHOM_PART},
	{"paul", "paul@toots.example", "", "", WHOM_PART},
	{"x.example/u/durand", "9", "Durand", "", WHOM_SHOWN},
	{"x.example/u/durand", "9", "Paul Durand", "", -1},
	{"", "", "", "", -1},
	{" ", "", "Paul", "", -1},
	{"@", "", "", "", -1},
	{"/", "x", "/", "", WHOM_SHOWN},
	{"https://", "", "", "", -1},
};

static void how_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct whom w = {0};
		whom_begin(&w, SLICE("site"), slice_of(cases[i].typed), NULL);
		const int by = whom_near(&w, slice_of(cases[i].account), slice_of(cases[i].shown),
			slice_of(cases[i].url));
		if (by != cases[i].by)
			fail_msg("« %s » : %d, not %d (case %zu)", cases[i].typed, by, cases[i].by,
				i);
		whom_release(&w);
	}
}

static void says(const char *id, const char *author, const char *shown, const char *url)
{
	feed(&f,
		&(struct comment){.source = SLICE("bluesky"),
			.id = slice_of(id),
			.text = SLICE("bonjour"),
			.author = slice_of(author),
			.author_name = slice_of(shown),
			.url = slice_of(url),
			.created_at = DAY0 + 1000 * (int64_t)f.n},
		NULL);
}

/* In steps of so many rows. */
static void search(struct whom *w, const char *typed, const unsigned char *key, uint32_t rows)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int code;

	whom_release(w);
	whom_begin(w, SLICE("bluesky"), slice_of(typed), key);
	do {
		code = reader_whom(r, w, rows, &e);
		check(code, &e);
	} while (code == 0);
	assert_int_equal(code, READER_END);
	reader_close(r);
}

static void homonyms(void **state)
{
	struct whom w = {0};

	(void)state;
	says("1", "did:a", "Ancien nom", "");
	says("2", "did:b", "Paul Durand (@pd.example)", "");
	says("3", "did:a", "Paul Durand (@paul.example)", "https://x.example/3");
	says("4", "did:c", "Jeanne", "");
	says("5", "", "Paul Durand", "");
	says("6", "did:d", "Paul Durand-Martin", "");
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = SLICE("7"),
			.text = SLICE("ailleurs"),
			.author = SLICE("paul durand")},
		NULL);
	fixture_commit(&f);
	for (uint32_t rows = 1; rows < 9; rows += 3) {
		search(&w, "paul durand", NULL, rows);
		assert_int_equal(w.n, 3);
		assert_false(w.more);
		assert_int_equal(w.nameless, 1);
		/* who wrote last comes first, behind him who wrote before, then a part of a name */
		assert_true(slice_is(buf_slice(&w.list[0].account), "did:a"));
		assert_int_equal(w.list[0].texts, 2); /* under the former name too */
		assert_int_equal(w.list[0].last, DAY0 + 2000);
		assert_true(slice_is(buf_slice(&w.list[0].shown), "Paul Durand (@paul.example)"));
		assert_true(slice_is(buf_slice(&w.list[1].account), "did:b"));
		assert_true(slice_is(buf_slice(&w.list[2].account), "did:d"));
		assert_int_equal(w.list[2].by, WHOM_PART);
	}
	search(&w, "https://x.example/3", NULL, 100);
	assert_int_equal(w.n, 1);
	assert_true(slice_is(buf_slice(&w.list[0].account), "did:a"));
	search(&w, "personne", NULL, 100);
	assert_int_equal(w.n, 0);
	whom_release(&w);
}

static void bounded(void **state)
{
	struct whom w = {0};
	char author[16];

	(void)state;
	for (int i = 0; i < 2 * (int)WHOM_MAX; i++) {
		snprintf(author, sizeof(author), "did:%d", i);
		says(author, author, "Un Durand", "");
	}
	says("x", "durand", "Celle que l'on cherche", "");
	fixture_commit(&f);
	search(&w, "durand", NULL, 7);
	assert_int_equal(w.n, WHOM_MAX);
	assert_true(w.more);
	assert_true(slice_is(
		buf_slice(&w.list[0].account), "durand")); /* the nearest is never left off */
	whom_release(&w);
}

/* Whose name is not kept is found by the key of his account, and by the address of what is kept. */
static void who_objects(void **state)
{
	_buf_ struct buf body = {0}, key = {0};
	const struct verdict question = {.lanes = LANE_REPONSE};
	struct whom w = {0};

	(void)state;
	oppose_encode(&body,
		&(struct oppose_request){.source = SLICE("bluesky"),
			.author = SLICE(DID),
			.state = OPPOSITION_ACCEPTED,
			.who = SLICE("dpo"),
			.reason = SLICE("ne veut pas")});
	assert_int_equal(ask(&f, REQUEST_OPPOSE, buf_slice(&body), NULL), 0);
	feed(&f,
		&(struct comment){.source = SLICE("bluesky"),
			.id = SLICE("1"),
			.text = SLICE("quand ?"),
			.author = SLICE(DID),
			.author_name = SLICE("Paul"),
			.url = SLICE(POST)},
		&question);
	fixture_commit(&f);
	body.n = 0;
	handle_encode(&body,
		&(struct handle_request){
			SLICE("claire"), SLICE("bluesky"), SLICE(DID), SLICE("accès")});
	assert_int_equal(ask(&f, REQUEST_HANDLE, buf_slice(&body), &key), 0);
	search(&w, "Paul", NULL, 10);
	assert_int_equal(w.n, 0);
	search(&w, DID, (const unsigned char *)key.p, 10);
	assert_int_equal(w.n, 1);
	assert_true(slice_is(buf_slice(&w.list[0].account), DID));
	assert_int_equal(w.list[0].texts, 1);
	search(&w, POST, NULL, 10);
	assert_int_equal(w.n, 1);
	assert_int_equal(w.list[0].account.n, 0);
	whom_release(&w);
}

static int one_source(void *user, struct slice source)
{
	struct buf *all = user;

	buf_add_slice(all, source);
	buf_add_char(all, ' ');
	return 0;
}

static void sources(void **state)
{
	_buf_ struct buf all = {0};
	struct error e = {""};

	(void)state;
	says("1", "did:a", "Paul", "");
	feed_text(&f, "2", "bonjour");
	fixture_commit(&f);
	struct reader *r = fixture_reader(&f);
	check(reader_sources(r, one_source, &all, &e), &e);
	reader_close(r);
	assert_string_equal(buf_string(&all), "bluesky facebook ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(how_near),
		cmocka_unit_test_setup_teardown(homonyms, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(bounded, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(who_objects, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(sources, fixture_setup, fixture_teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
