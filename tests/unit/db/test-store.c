/* SPDX-License-Identifier: GPL-3.0-or-later
 * Storing comments: once, in versions, deleted, unreadable; and the ledger over both files. */
#include "single.h"

struct seen {
	int n;
	int64_t seq[64], row[64];
	uint32_t version[64];
	bool gone[64];
	char text[64][64], author[64][32], id[64][64];
	unsigned char key[64][16];
};

static int see(void *user, const struct stored_comment *c)
{
	struct seen *s = user;
	int i = s->n++;

	s->seq[i] = c->seq;
	s->row[i] = c->row;
	s->version[i] = c->version;
	s->gone[i] = c->gone;
	snprintf(s->text[i], 64, "%.*s", (int)c->comment.text.n, c->comment.text.p);
	snprintf(s->author[i], 32, "%.*s", (int)c->comment.author.n, c->comment.author.p);
	snprintf(s->id[i], 64, "%.*s", (int)c->comment.id.n, c->comment.id.p);
	memcpy(s->key[i], c->author_key, 16);
	return 0;
}

static struct seen all(void)
{
	struct reader *r = fixture_reader(&f);
	struct seen s = {0};
	struct error e = {""};

	check(reader_comments(r, 0, 64, true, see, &s, &e), &e);
	reader_close(r);
	return s;
}

static struct store_counts counts(void)
{
	return store_counts(f.store);
}

static void stores_and_reads_back(void **state)
{
	struct seen s;

	(void)state;
	feed_text(&f, "1", "Bonjour");
	feed_text(&f, "2", "Merci à tous");
	fixture_commit(&f);
	s = all();
	assert_int_equal(s.n, 2);
	assert_int_equal(s.seq[0], 1);
	assert_int_equal(s.seq[1], 2);
	assert_string_equal(s.text[1], "Merci à tous");
	assert_string_equal(s.author[0], "jeanne");
	assert_string_equal(s.id[1], "2");
	assert_memory_equal(s.key[0], s.key[1], 16);
	assert_memory_not_equal(s.key[0], "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(counts().fresh, 2);
}

static void redelivery_counts_nothing(void **state)
{
	struct store_result r, part;
	struct slice items;

	(void)state;
	for (int i = 0; i < 10; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i);
		feed_text(&f, id, "texte");
	}
	/* first items 3 to 5 alone, then all, then a part again */
	r = part = fixture_result(&f);
	assert_int_equal(batch_range(r.items, 3, 3, &part.items), 0);
	assert_int_equal(batch_range(r.verdicts, 3, 3, &part.verdicts), 0);
	part.first = 3;
	part.count = 3;
	assert_int_equal(fixture_apply(&f, &part, false), 0);
	assert_int_equal(counts().fresh, 3);
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	assert_int_equal(counts().fresh, 10);
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	assert_int_equal(fixture_apply(&f, &part, false), 0);
	assert_int_equal(counts().fresh, 10);
	assert_int_equal(counts().duplicate, 0);
	assert_int_equal(counts().redelivered, 3 + 10 + 3);
	assert_int_equal(store_last_seq(f.store), 10);
	(void)items;
}

static void the_same_again_is_a_duplicate(void **state)
{
	(void)state;
	feed_text(&f, "1", "Bonjour");
	feed_text(&f, "1", "Bonjour");
	fixture_commit(&f);
	feed_text(&f, "1", "Bonjour");
	fixture_commit(&f);
	assert_int_equal(counts().fresh, 1);
	assert_int_equal(counts().duplicate, 2);
	/* also after a restart, when the keys come from the rows */
	store_close(f.store);
	fixture_open(&f);
	feed_text(&f, "1", "Bonjour");
	fixture_commit(&f);
	assert_int_equal(counts().duplicate, 1);
	assert_int_equal(store_last_seq(f.store), 1);
}

static void a_changed_text_is_a_version(void **state)
{
	struct seen s;

	(void)state;
	feed_text(&f, "1", "Bonjour");
	feed_text(&f, "2", "Autre");
	fixture_commit(&f);
	feed_text(&f, "1", "Bonsoir");
	fixture_commit(&f);
	s = all();
	assert_int_equal(s.n, 3);
	assert_int_equal(s.seq[2], 3);
	assert_int_equal(s.row[2], 1);
	assert_int_equal(s.version[2], 2);
	assert_string_equal(s.text[0], "Bonjour"); /* kept as evidence */
	assert_string_equal(s.text[2], "Bonsoir");
	assert_int_equal(counts().version, 1);
}

static void a_late_older_text_does_not_win(void **state)
{
	struct store_result older;
	struct seen s;

	(void)state;
	f.batch = 8;
	feed_text(&f, "1", "nouveau");
	fixture_commit(&f);
	f.batch = 7;
	feed_text(&f, "1", "ancien");
	older = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &older, false), 0);
	f.batch = 9;
	buf_clear(&f.items);
	buf_clear(&f.verdicts);
	f.n = 0;
	feed_text(&f, "1", "nouveau"); /* still what is current */
	fixture_commit(&f);
	s = all();
	assert_int_equal(s.n, 2);
	assert_int_equal(counts().version, 1);
	assert_int_equal(counts().duplicate, 1);
}

static void tombstone(const char *id)
{
	feed(&f,
		&(struct comment){
			.type = COMMENT_TOMBSTONE, .source = SLICE("facebook"), .id = slice_of(id)},
		NULL);
}

static void a_deletion_takes_the_text(void **state)
{
	struct seen s;

	(void)state;
	feed_text(&f, "1", "Bonjour tout le monde");
	fixture_commit(&f);
	feed_text(&f, "1", "Bonsoir tout le monde");
	fixture_commit(&f);
	tombstone("1");
	fixture_commit(&f);
	s = all();
	assert_int_equal(s.n, 2);
	assert_true(s.gone[0] && s.gone[1]);
	assert_string_equal(s.text[0], "");
	assert_string_equal(s.text[1], "");
	assert_string_equal(s.author[1], "");
	assert_int_equal(counts().tombstone, 1);
	/* the same text told again by a source that replays its past */
	feed_text(&f, "1", "Bonsoir tout le monde");
	fixture_commit(&f);
	assert_int_equal(counts().duplicate, 1);
	feed_text(&f, "1", "Autre chose");
	fixture_commit(&f);
	assert_int_equal(counts().version, 2);
	assert_string_equal(all().text[2], "Autre chose");
}

/* A late version is in the chain too: what is done to a comment reaches all of its texts. */
static void a_deletion_takes_a_late_text(void **state)
{
	struct store_result older;

	(void)state;
	feed_text(&f, "1", "premier");
	fixture_commit(&f);
	f.batch = 8;
	feed_text(&f, "1", "nouveau");
	fixture_commit(&f);
	f.batch = 7;
	feed_text(&f, "1", "ancien");
	older = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &older, false), 0);
	buf_clear(&f.items);
	buf_clear(&f.verdicts);
	f.n = 0;
	f.batch = 9;
	tombstone("1");
	fixture_commit(&f);
	for (int i = 0; i < 3; i++)
		assert_string_equal(all().text[i], "");
}

static int sum(void *user, const struct ledger_row *l)
{
	struct ledger_row *s = user;

	if (!l->balanced)
		s->dead += 1000000;
	s->received += l->received;
	s->fresh += l->fresh;
	s->duplicate += l->duplicate;
	s->pending += l->pending;
	s->present += l->present;
	s->quarantined += l->quarantined;
	s->purged += l->purged;
	return 0;
}

static int count_p1(void *user, const struct incident *i)
{
	*(int *)user += i->kind == INCIDENT_P1;
	return 0;
}

/* The threat's edit was committed before the threat: it rings and waits for a human all the same. */
static void a_late_p1_rings(void **state)
{
	struct verdict p1 = {.level = VERDICT_ALERT, .priority = 1, .lanes = LANE_MODERATION};
	struct store_result older;
	uint64_t n[5] = {0};
	struct error e = {""};
	struct reader *r;
	int rung = 0;

	(void)state;
	f.batch = 8;
	feed_text(&f, "1", "je n'ai rien dit");
	fixture_commit(&f);
	f.batch = 7;
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = SLICE("1"),
			.text = SLICE("on sait où tu habites")},
		&p1);
	older = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &older, false), 0);
	r = fixture_reader(&f);
	check(reader_incidents(r, true, count_p1, &rung, &e), &e);
	assert_int_equal(rung, 1);
	check(reader_queue_count(r, n, &e), &e);
	assert_int_equal(n[1], 1);
	reader_close(r);
}

/* The ledger says so itself when the first of many versions is wiped. */
static void many_versions_keep_the_ledger(void **state)
{
	struct error e = {""};
	struct ledger_row s = {0};
	char text[16];

	(void)state;
	for (int i = 0; i < 25; i++) {
		snprintf(text, sizeof(text), "texte %d", i);
		feed_text(&f, "1", text);
		fixture_commit(&f);
	}
	assert_string_equal(all().text[0], "");
	assert_string_equal(all().text[24], "texte 24");
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_int_equal(s.present + s.purged, s.fresh);
}

static void a_deletion_may_come_first(void **state)
{
	struct seen s;

	(void)state;
	f.batch = 5;
	tombstone("1");
	fixture_commit(&f);
	f.batch = 4;
	feed_text(&f, "1", "Trop tard");
	fixture_commit(&f);
	f.batch = 6;
	feed_text(&f, "2", "Vivant");
	fixture_commit(&f);
	s = all();
	assert_int_equal(s.n, 2);
	assert_true(s.gone[0]);
	assert_string_equal(s.text[0], "");
	assert_false(s.gone[1]);
}

static void flagged_text_waits_for_a_human(void **state)
{
	struct verdict bad = {.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .priority = 3};
	struct verdict unscored = {.level = VERDICT_QUEUE, .unscored = UNSCORED_ATTEMPTS};
	_buf_ struct buf body = {0};
	uint64_t n[5];
	struct reader *r;
	struct error e = {""};

	(void)state;
	feed(&f,
		&(struct comment){
			.source = SLICE("site"), .id = SLICE("a"), .text = SLICE("vilain")},
		&bad);
	feed(&f, &(struct comment){.source = SLICE("site"), .id = SLICE("b"), .text = SLICE("?")},
		&unscored);
	feed_text(&f, "c", "gentil");
	fixture_commit(&f);
	r = fixture_reader(&f);
	check(reader_queue_count(r, n, &e), &e);
	assert_true(n[0] == 1 && n[3] == 1 && n[1] + n[2] + n[4] == 0);
	decide_encode(&body,
		&(struct decide_request){
			.seq = 1, .decision = SLICE("masquer"), .who = SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	check(reader_queue_count(r, n, &e), &e);
	assert_int_equal(n[3], 0);
	/* a new text that is flagged asks again, and the decision stays on record */
	feed(&f,
		&(struct comment){.source = SLICE("site"), .id = SLICE("a"), .text = SLICE("pire")},
		&bad);
	fixture_commit(&f);
	check(reader_queue_count(r, n, &e), &e);
	assert_int_equal(n[3], 1);
	buf_clear(&body);
	decide_encode(&body,
		&(struct decide_request){
			.seq = 99, .decision = SLICE("masquer"), .who = SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), -ENOENT);
	reader_close(r);
}

static void one_bad_row_goes_to_the_dead_letters(void **state)
{
	struct store_result r;

	(void)state;
	feed_text(&f, "1", "avant");
	batch_add_item(&f.items, SLICE("\xff pas un commentaire"));
	batch_add_item(&f.verdicts, SLICE(""));
	f.n++;
	feed(&f, &(struct comment){.source = SLICE("facebook"), .text = SLICE("sans id")}, NULL);
	feed_text(&f, "2", "après");
	r = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &r, false), STORE_ROW);
	assert_int_equal(counts().fresh, 0);
	assert_int_equal(store_last_seq(f.store), 0);
	assert_int_equal(fixture_apply(&f, &r, true), 0);
	assert_int_equal(counts().fresh, 2);
	assert_int_equal(counts().dead, 2);
	assert_int_equal(store_last_seq(f.store), 2);
	assert_string_equal(all().text[1], "après");
}

static void the_ledger_counts_item_by_item(void **state)
{
	_free_ char *path = xasprintf("%s/journal.db", f.dir);
	struct journal *j = NULL;
	struct error e = {""};
	struct ledger_row s = {0};
	struct store_result r, part;

	(void)state;
	feed_text(&f, "1", "a");
	feed_text(&f, "2", "b");
	feed_text(&f, "2", "b");
	feed(&f,
		&(struct comment){.type = COMMENT_QUARANTINE,
			.source = SLICE("facebook"),
			.id = SLICE("f.jsonl:3"),
			.text = SLICE("{"),
			.extra = SLICE("malformed")},
		NULL);
	check(journal_open(path, &j, &e), &e);
	check(journal_begin(j, &e), &e);
	check(journal_add(j, f.accepted, buf_slice(&f.items), f.n, &f.batch, &e), &e);
	check(journal_count_received(j, f.accepted, SLICE("facebook"), f.n, &e), &e);
	check(journal_commit(j, &e), &e);
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_int_equal(s.received, 4);
	assert_int_equal(s.pending, 4);
	assert_int_equal(s.dead, 0);

	r = part = fixture_result(&f);
	assert_int_equal(batch_range(r.items, 1, 2, &part.items), 0);
	assert_int_equal(batch_range(r.verdicts, 1, 2, &part.verdicts), 0);
	part.first = 1;
	part.count = 2;
	assert_int_equal(fixture_apply(&f, &part, false), 0);
	s = (struct ledger_row){0};
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_true(
		s.received == 4 && s.pending == 2 && s.fresh == 1 && s.duplicate == 1 && !s.dead);

	assert_int_equal(fixture_apply(&f, &r, false), 0);
	check(journal_release(j, &f.batch, 1, &e), &e);
	s = (struct ledger_row){0};
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_true(s.received == 4 && !s.pending && s.fresh == 2 && s.duplicate == 1 &&
		s.quarantined == 1 && s.present == 2 && !s.dead);
	/* a comment that vanishes is seen */
	f.batch++;
	check(journal_begin(j, &e), &e);
	check(journal_count_received(j, f.accepted, SLICE("facebook"), 1, &e), &e);
	check(journal_commit(j, &e), &e);
	s = (struct ledger_row){0};
	check(reader_ledger(f.dir, sum, &s, &e), &e);
	assert_true(s.dead);
	journal_close(j);
}

static void released_rows_go(void **state)
{
	_buf_ struct buf body = {0};
	struct store_result r;

	(void)state;
	f.batch = (UINT64_C(77) << 32) + 1;
	feed_text(&f, "1", "a");
	r = fixture_result(&f);
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	wire_put_u64(&body, (UINT64_C(78) << 32) + 9); /* another journal's */
	assert_int_equal(ask(&f, REQUEST_RELEASED, buf_slice(&body), NULL), 0);
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	assert_int_equal(counts().duplicate, 0);
	buf_clear(&body);
	wire_put_u64(&body, f.batch + 1);
	for (int i = 0; i < 2; i++) { /* said twice, and once more from far behind */
		assert_int_equal(ask(&f, REQUEST_RELEASED, buf_slice(&body), NULL), 0);
		/* a scorer that slept through it all sends the result still: it counts nothing */
		assert_int_equal(fixture_apply(&f, &r, false), 0);
		assert_int_equal(counts().duplicate, 0);
	}
	buf_clear(&body);
	wire_put_u64(&body, f.batch);
	assert_int_equal(ask(&f, REQUEST_RELEASED, buf_slice(&body), NULL), 0);
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	assert_int_equal(counts().duplicate, 0);
	r.batch++; /* not released: its comment counts, as the duplicate that it is */
	assert_int_equal(fixture_apply(&f, &r, false), 0);
	assert_int_equal(counts().duplicate, 1);
}

static void keys_survive_flush_and_restart(void **state)
{
	struct error e = {""};

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 140000; i++) {
			char id[16];

			snprintf(id, sizeof(id), "%d", i);
			feed_text(&f, id, "texte");
			if (f.n == 500)
				fixture_commit(&f);
		}
		fixture_commit(&f);
		check(store_upkeep(f.store, true, &e), &e);
		assert_int_equal(store_last_seq(f.store), 140000);
		if (!round) {
			store_close(f.store);
			fixture_open(&f);
		}
	}
	assert_int_equal(counts().duplicate, 140000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stores_and_reads_back),
		TEST(redelivery_counts_nothing),
		TEST(the_same_again_is_a_duplicate),
		TEST(a_changed_text_is_a_version),
		TEST(a_late_older_text_does_not_win),
		TEST(a_deletion_takes_the_text),
		TEST(a_deletion_takes_a_late_text),
		TEST(a_late_p1_rings),
		TEST(many_versions_keep_the_ledger),
		TEST(a_deletion_may_come_first),
		TEST(flagged_text_waits_for_a_human),
		TEST(one_bad_row_goes_to_the_dead_letters),
		TEST(the_ledger_counts_item_by_item),
		TEST(released_rows_go),
		TEST(keys_survive_flush_and_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
