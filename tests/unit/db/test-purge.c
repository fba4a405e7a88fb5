/* SPDX-License-Identifier: GPL-3.0-or-later
 * Purge: planted words must be in no file of the state folder, and what must stay stays. */
#include "single.h"

#include <dirent.h>
#include <tocsin/db/search.h>
#include <tocsin/record/request.h>

#define PLANTED "zyxmotplante"
#define RECEIVER "cible@ville.example"

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	f.accepted = clock_now() - 40 * CLOCK_DAY;
	return 0;
}

/* How many files of the folder hold the word. */
static int files_with(const char *word)
{
	DIR *d = opendir(f.dir);
	struct dirent *entry;
	struct error e = {""};
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		_free_ char *path = xasprintf("%s/%s", f.dir, entry->d_name);
		_buf_ struct buf b = {0};

		if (entry->d_name[0] == '.')
			continue;
		check(file_read(path, 1 << 30, &b, &e), &e);
		if (b.n && memmem(b.p, b.n, word, strlen(word))) {
			print_message("# %s in %s\n", word, entry->d_name);
			n++;
		}
	}
	closedir(d);
	return n;
}

static void index_all(struct search *s)
{
	struct error e = {""};
	int r;

	do {
		r = search_fill(s, 1000, &e);
		check(r, &e);
	} while (r != SEARCH_CAUGHT_UP);
}

static void forget_all(struct search *s)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	int64_t number, purged;
	int r;

	do {
		check(search_purged(s, &purged, &e), &e);
		assert_true(purged < store_purged(f.store).number || !store_purged(f.store).number);
		r = search_forget(s, &number, &e);
		check(r, &e);
	} while (r != SEARCH_CAUGHT_UP);
	assert_true(number > 0);
	check(search_purged(s, &purged, &e), &e);
	assert_true(purged == store_purged(f.store).number);
	wire_put_i64(&body, number);
	assert_int_equal(ask(&f, REQUEST_SEARCH_PURGED, buf_slice(&body), NULL), 0);
}

static struct search *open_search(void)
{
	struct search *s = NULL;
	struct error e = {""};

	check(search_open(f.dir, true, &s, &e), &e);
	return s;
}

static struct store_purged purge(const struct purge_request *q)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	int r;

	purge_encode(&body, q);
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	assert_int_equal(store_purge_begin(f.store, buf_slice(&body), &e), STORE_PURGE_BUSY);
	do {
		r = store_purge_step(f.store, &e);
		check(r, &e);
	} while (r == STORE_PURGE_MORE);
	return store_purged(f.store);
}

/* Texts of many lengths, with the word in each field that can hold words. Every third is of another author. */
static void plant(int n, int version)
{
	_buf_ struct buf text = {0}, words = {0};

	for (int i = 0; i < n; i++) {
		char id[32];
		bool other = i % 3 == 0;
		const char *word = other ? "autrechose" : PLANTED;
		struct verdict v = {0};

		buf_clear(&text);
		buf_printf(&text, "version %d ", version);
		for (int k = 0; k < 1 + i * 37 % (i % 50 == 1 ? 3000 : 60); k++)
			buf_printf(&text, "%s remplissage%d ", word, k);
		buf_clear(&words);
		buf_printf(&words, "%s du net", word);
		snprintf(id, sizeof(id), "id%d", i);
		if (i % 7 == 0)
			v = (struct verdict){
				.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .priority = 2};
		feed(&f,
			&(struct comment){.source = SLICE("forum"),
				.id = slice_of(id),
				.text = buf_slice(&text),
				.author = slice_of(other ? "paul" : PLANTED "_auteur"),
				.author_name = buf_slice(&words),
				.url = buf_slice(&words),
				.extra = buf_slice(&words),
				.thread = SLICE("t1")},
			&v);
		if (f.n == 100)
			fixture_commit(&f);
	}
	fixture_commit(&f);
}

static void plant_elsewhere(void)
{
	_buf_ struct buf body = {0};
	const struct outbox_row row = {.key = SLICE("k1"),
		.channel = SLICE("mail"),
		.target = SLICE(RECEIVER),
		.payload = SLICE("cinq commentaires : " PLANTED)};
	struct store_result r;

	feed(&f,
		&(struct comment){.type = COMMENT_QUARANTINE,
			.source = SLICE("forum"),
			.id = SLICE("f:1"),
			.text = SLICE("{\"author\": \"" PLANTED "_auteur\""),
			.extra = SLICE("malformed")},
		NULL);
	batch_add_item(&f.items, SLICE("\xff " PLANTED "_auteur"));
	batch_add_item(&f.verdicts, SLICE(""));
	f.n++;
	r = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &r, true), 0);
	fixture_next(&f);
	outbox_rows_encode(&body, &row, 1);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
	buf_clear(&body);
	outbox_take_encode(&body, &(struct take_request){(const int64_t[]){1}, 1, 1000, 0});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), NULL), 0);
	buf_clear(&body);
	outbox_result_encode(&body,
		&(struct outbox_result){.id = 1,
			.attempt = 1,
			.outcome = OUTBOX_SENT,
			.detail = SLICE("250 " PLANTED)});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_RESULT, buf_slice(&body), NULL), 0);
}

/* Codes that nobody can use any more go with it, the others stay; and so does the address of who is told of what is open. */
static void codes_and_addresses_go_when_they_are_old(void **state)
{
	struct purge_request q = {.now = clock_now() + 200 * CLOCK_DAY,
		.who = SLICE("dpo"),
		.reason = SLICE("durée")};

	(void)state;
	plant_elsewhere();
	fixture_change(&f,
		"INSERT INTO code(mark, salt, incident, person, level, expires_at)"
		" VALUES(x'01', x'', 1, 'a', 2, 1), (x'02', x'', 1, 'a', 2, unixepoch() * 1000)");
	fixture_change(&f, "UPDATE outbox SET incident = 1");
	fixture_change(&f,
		"INSERT INTO incident(kind, state, level, peak, topic, title, author, opened_at,"
		" raised_at, facts) VALUES(0, 1, 2, 2, 't', 't', x'', 1, 1, x'')");
	purge(&q);
	assert_int_equal(fixture_count(&f, "SELECT group_concat(hex(mark)) = '02' FROM code"), 1);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM outbox WHERE target = '" RECEIVER "'"), 1);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM outbox WHERE trim(detail) = ''"), 1);
	fixture_change(&f, "UPDATE incident SET state = 2");
	purge(&(struct purge_request){.source = SLICE("forum"),
		.author = SLICE("paul"),
		.who = SLICE("dpo"),
		.reason = SLICE("droit")});
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM outbox WHERE target = '" RECEIVER "'"), 1);
	purge(&q);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM outbox WHERE trim(target) = ''"), 1);
}

static void by_age_leaves_no_word(void **state)
{
	struct search *s = NULL;
	struct store_purged p;

	(void)state;
	plant(700, 1);
	plant(300, 2);
	plant_elsewhere();
	s = open_search();
	index_all(s);
	assert_true(files_with(PLANTED) > 0);
	p = purge(&(struct purge_request){.now = clock_now() + 200 * CLOCK_DAY,
		.who = SLICE("dpo"),
		.reason = SLICE("durée")});
	assert_int_equal(p.comments, 700);
	assert_int_equal(p.versions, 300);
	assert_int_equal(p.handles, 1000);
	assert_true(p.quarantine == 1 && p.dead == 1 && p.outbox == 1);
	forget_all(s);
	search_close(s);
	assert_int_equal(files_with(PLANTED), 0);
	assert_int_equal(files_with("autrechose"), 0);
	assert_int_equal(files_with(RECEIVER), 0);
	/* what was purged is known when it comes again, also after a restart */
	store_close(f.store);
	fixture_open(&f);
	plant(700, 1);
	assert_int_equal(store_counts(f.store).duplicate, 700);
	assert_int_equal(files_with(PLANTED), 0);
}

/* Unreadable inputs by the hundred: in slices, all of them, and each once. */
static void the_rest_goes_in_slices(void **state)
{
	struct purge_request q = {.now = clock_now() + 200 * CLOCK_DAY,
		.who = SLICE("dpo"),
		.reason = SLICE("durée")};
	struct store_purged p;

	(void)state;
	for (int i = 0; i < 1234; i++) {
		char id[32];

		snprintf(id, sizeof(id), "f:%d", i);
		feed(&f,
			&(struct comment){.type = COMMENT_QUARANTINE,
				.source = SLICE("forum"),
				.id = slice_of(id),
				.text = SLICE("{\"author\": \"" PLANTED),
				.extra = SLICE("malformed")},
			NULL);
		if (f.n == 200)
			fixture_commit(&f);
	}
	fixture_commit(&f);
	assert_true(files_with(PLANTED) > 0);
	p = purge(&q);
	assert_int_equal(p.quarantine, 1234);
	assert_int_equal(files_with(PLANTED), 0);
	p = purge(&q);
	assert_int_equal(p.quarantine, 0);
}

static int hold_a_moment(void *user, const struct stored_comment *c)
{
	int64_t *least = user;
	_buf_ struct buf body = {0};
	struct purge_request q = {.now = clock_now() + 200 * CLOCK_DAY,
		.who = SLICE("dpo"),
		.reason = SLICE("durée")};
	struct error e = {""};
	int r, busy = 0;

	(void)c;
	purge_encode(&body, &q);
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	/* we are in the middle of a reader's call: the log cannot be emptied, all else goes on */
	for (int i = 0; i < 200 && busy < 10; i++) {
		int64_t begun = clock_monotonic(), took;

		r = store_purge_step(f.store, &e);
		took = clock_monotonic() - begun;
		assert_true(r == STORE_PURGE_MORE || r == -EBUSY);
		busy += r == -EBUSY;
		if (r == -EBUSY &&
			took < *least) /* of ten: other work of the machine is no matter */
			*least = took;
		check(store_upkeep(f.store, true, &e), &e);
		feed_text(&f, "autre", "pendant ce temps");
		fixture_commit(&f);
	}
	assert_int_equal(busy, 10);
	return 1;
}

static void a_reader_holds_no_commit_up(void **state)
{
	struct reader *r;
	struct error e = {""};
	int64_t least = INT64_MAX;
	int code;

	(void)state;
	plant(700, 1);
	r = fixture_reader(&f);
	check(reader_comments(r, 0, 1, true, hold_a_moment, &least, &e), &e);
	assert_true(least < 100);
	reader_close(r);
	do {
		code = store_purge_step(f.store, &e);
		check(code, &e);
	} while (code == STORE_PURGE_MORE);
	assert_int_equal(store_purged(f.store).comments, 700);
	assert_int_equal(files_with(PLANTED), 0);
}

static void by_author_leaves_the_others(void **state)
{
	struct search *s = NULL;
	struct store_purged p;

	(void)state;
	plant(700, 1);
	plant_elsewhere();
	s = open_search();
	index_all(s);
	p = purge(&(struct purge_request){.author = SLICE(PLANTED "_auteur"),
		.source = SLICE("forum"),
		.who = SLICE("dpo"),
		.reason = SLICE("article 17")});
	assert_int_equal(p.comments, 466);
	forget_all(s);
	search_close(s);
	assert_int_equal(files_with(PLANTED), 0);
	assert_true(files_with("autrechose") > 0);
	store_close(f.store);
	fixture_open(&f);
	plant(700, 1);
	assert_int_equal(store_counts(f.store).duplicate, 700);
}

/* Nobody of this name: what has been told stays told. */
static void who_said_nothing_takes_no_message(void **state)
{
	struct store_purged p;

	(void)state;
	plant(3, 1);
	plant_elsewhere();
	p = purge(&(struct purge_request){.author = SLICE("personne"),
		.source = SLICE("forum"),
		.who = SLICE("dpo"),
		.reason = SLICE("article 17")});
	assert_true(p.comments == 0 && p.outbox == 0);
	assert_true(
		files_with("cinq commentaires : " PLANTED) > 0 && files_with("250 " PLANTED) > 0);
	p = purge(&(struct purge_request){.author = SLICE(PLANTED "_auteur"),
		.source = SLICE("forum"),
		.who = SLICE("dpo"),
		.reason = SLICE("article 17")});
	assert_true(p.comments > 0 && p.outbox == 1);
	assert_int_equal(files_with("cinq commentaires"), 0);
}

/* Begun, and the machine went down: whoever begins again finds the comments wiped, and takes the messages all the same. */
static void begun_again_it_takes_the_rest(void **state)
{
	const struct purge_request q = {.author = SLICE(PLANTED "_auteur"),
		.source = SLICE("forum"),
		.who = SLICE("dpo"),
		.reason = SLICE("article 17")};
	_buf_ struct buf body = {0};
	struct error e = {""};

	(void)state;
	plant(3, 1);
	plant_elsewhere();
	purge_encode(&body, &q);
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	for (int i = 0; i < 2; i++) /* its keys, its comments */
		assert_int_equal(store_purge_step(f.store, &e), STORE_PURGE_MORE);
	store_close(f.store);
	fixture_open(&f);
	assert_true(files_with("cinq commentaires") > 0);
	assert_int_equal(purge(&q).outbox, 1);
	assert_int_equal(files_with("cinq commentaires"), 0);
	assert_int_equal(purge(&(struct purge_request){.author = SLICE("personne"),
				       .source = SLICE("forum"),
				       .who = SLICE("dpo"),
				       .reason = SLICE("x")})
				 .outbox,
		0);
}

static void one_comment_goes_alone(void **state)
{
	struct store_purged p;

	(void)state;
	feed_text(&f, "garder", "texte à garder");
	feed_text(&f, "oter", "un " PLANTED);
	fixture_commit(&f);
	feed_text(&f, "oter", "deux " PLANTED);
	fixture_commit(&f);
	p = purge(&(struct purge_request){.source = SLICE("facebook"),
		.id = SLICE("oter"),
		.who = SLICE("dpo"),
		.reason = SLICE("article 17")});
	assert_true(p.comments == 1 && p.versions == 1);
	assert_int_equal(files_with(PLANTED), 0);
	assert_true(files_with("texte à garder") > 0);
}

static void age_follows_the_verdict(void **state)
{
	struct slice category = SLICE("injure_discriminatoire");
	const struct verdict flagged = {.level = VERDICT_QUEUE, .priority = 3};
	const struct verdict hate = {
		.level = VERDICT_QUEUE, .priority = 2, .categories = &category, .n_categories = 1};
	int64_t now = clock_now();
	_buf_ struct buf body = {0};
	struct store_purged p;

	(void)state;
	f.accepted = now;
	feed_text(&f, "1", "sansrien");
	feed(&f,
		&(struct comment){
			.source = SLICE("site"), .id = SLICE("2"), .text = SLICE("signale")},
		&flagged);
	feed(&f,
		&(struct comment){
			.source = SLICE("site"), .id = SLICE("3"), .text = SLICE("haineux")},
		&hate);
	fixture_commit(&f);
	feed_text(&f, "4", "jugehaineux");
	fixture_commit(&f);
	decide_encode(&body,
		&(struct decide_request){.seq = 4,
			.decision = SLICE("masquer"),
			.who = SLICE("lea"),
			.category = category});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	p = purge(&(struct purge_request){.now = now + 34 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 0);
	p = purge(&(struct purge_request){.now = now + 36 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 1);
	assert_int_equal(files_with("sansrien"), 0);
	assert_true(files_with("signale") > 0);
	p = purge(&(struct purge_request){.now = now + 121 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 1);
	assert_int_equal(files_with("signale"), 0);
	assert_true(files_with("haineux") > 0);
	p = purge(&(struct purge_request){.now = now + 400 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 2);
	assert_int_equal(files_with("haineux"), 0);
}

static int sum(void *user, const struct ledger_row *l)
{
	struct ledger_row *s = user;

	s->fresh += l->fresh;
	s->present += l->present;
	s->purged += l->purged;
	return 0;
}

static void a_hold_keeps(void **state)
{
	_buf_ struct buf body = {0};
	struct ledger_row s = {0};
	struct error e = {""};
	struct store_purged p;

	(void)state;
	feed_text(&f, "1", "preuveretenue");
	feed_text(&f, "2", PLANTED);
	fixture_commit(&f);
	decide_encode(&body,
		&(struct decide_request){.seq = 1,
			.decision = SLICE("dossier"),
			.who = SLICE("lea"),
			.reason = SLICE("plainte")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("1")},
		NULL);
	fixture_commit(&f);
	p = purge(&(struct purge_request){.now = clock_now() + 900 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 1);
	assert_true(files_with("preuveretenue") > 0);
	assert_int_equal(files_with(PLANTED), 0);
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_true(s.fresh == 2 && s.present == 1 && s.purged == 1);
	buf_clear(&body);
	decide_encode(&body,
		&(struct decide_request){.seq = 1,
			.decision = SLICE("lever"),
			.who = SLICE("lea"),
			.reason = SLICE("classé")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	p = purge(&(struct purge_request){.now = clock_now() + 900 * CLOCK_DAY, .who = SLICE("x")});
	assert_int_equal(p.comments, 1);
	assert_int_equal(files_with("preuveretenue"), 0);
}

static void a_deletion_leaves_no_word_either(void **state)
{
	struct search *s;

	(void)state;
	feed_text(&f, "1", "texte " PLANTED);
	fixture_commit(&f);
	s = open_search();
	index_all(s);
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = SLICE("1")},
		NULL);
	fixture_commit(&f);
	forget_all(s);
	search_close(s);
	store_close(f.store); /* the last one empties the log */
	assert_int_equal(files_with(PLANTED), 0);
	fixture_open(&f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_age_leaves_no_word),
		TEST(codes_and_addresses_go_when_they_are_old),
		TEST(the_rest_goes_in_slices),
		TEST(a_reader_holds_no_commit_up),
		TEST(by_author_leaves_the_others),
		TEST(who_said_nothing_takes_no_message),
		TEST(begun_again_it_takes_the_rest),
		TEST(one_comment_goes_alone),
		TEST(age_follows_the_verdict),
		TEST(a_hold_keeps),
		TEST(a_deletion_leaves_no_word_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
