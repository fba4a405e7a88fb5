/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is announced is what goes: the census against the purge itself; what is held of one author; links of the chain handed out
 * one by one; the account of who looked. */
#include "single.h"

#include <tocsin/db/kept.h>

#define MANY 400

static const char *const categories[] = {"injure_publique", "injure_discriminatoire", "menace"};

/* Half a day beside every end, so that none passes during a test. */
static int64_t days_ago(int n)
{
	return clock_now() - n * CLOCK_DAY + CLOCK_DAY / 2;
}

static void decide(int64_t seq, const char *decision, const char *category)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.reason = SLICE("vu"),
			.category = slice_of(category)});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}

/* Of every age, kind, decision, with versions and deletions. */
static void plant(void)
{
	for (int i = 0; i < MANY; i++) {
		struct slice category = slice_of(categories[i % 3]);
		const struct verdict v = {.level = i % 4 ? VERDICT_NONE : VERDICT_QUEUE,
			.categories = &category,
			.n_categories = 1};
		struct comment c = {.source = SLICE("forum"),
			.text = SLICE("quelque chose"),
			.author = i % 5 ? SLICE("paul") : SLICE("jeanne")};
		char id[16];

		snprintf(id, sizeof(id), "%d", i % 350);
		c.id = slice_of(id);
		if (i >= 350)
			c.text = SLICE("une autre version");
		if (i % 31 == 30) {
			snprintf(id, sizeof(id), "%d", i - 5);
			c.type = COMMENT_TOMBSTONE;
		}
		f.accepted = days_ago(400 - i);
		feed(&f, &c, &v);
		fixture_commit(&f);
	}
	for (int i = 1; i < 300; i += 13)
		decide(i, i % 2 ? "dossier" : "masquer", i % 3 ? "" : "provocation_haine");
}

/* A question of somebody who objects, which somebody has decided. */
static void plant_opposed(void)
{
	const struct verdict question = {.lanes = LANE_REPONSE};
	_buf_ struct buf body = {0};

	oppose_encode(&body,
		&(struct oppose_request){.source = SLICE("forum"),
			.author = SLICE("michel"),
			.state = OPPOSITION_ACCEPTED,
			.who = SLICE("dpo"),
			.reason = SLICE("ne veut pas")});
	assert_int_equal(ask(&f, REQUEST_OPPOSE, buf_slice(&body), NULL), 0);
	f.accepted = days_ago(1);
	feed(&f,
		&(struct comment){.source = SLICE("forum"),
			.id = SLICE("question"),
			.text = SLICE("quand ?"),
			.author = SLICE("michel")},
		&question);
	fixture_commit(&f);
	decide(fixture_count(&f, "SELECT max(seq) FROM item"), "laisser", "");
}

static struct census census(uint32_t rows, const struct keep *keep)
{
	struct census c = {.keep = *keep, .now = clock_now()};
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int code;

	do {
		code = reader_census(r, rows, &c, &e);
		check(code, &e);
	} while (code == 0);
	assert_int_equal(code, READER_END);
	reader_close(r);
	return c;
}

static struct store_purged purge(void)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	int r;

	purge_encode(&body,
		&(struct purge_request){
			.now = clock_now(), .who = SLICE("claire"), .reason = SLICE("durées")});
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	do {
		r = store_purge_step(f.store, &e);
		check(r, &e);
	} while (r == STORE_PURGE_MORE);
	return store_purged(f.store);
}

static uint64_t due(const struct census *c)
{
	uint64_t n = 0;

	for (int i = 0; i < KEPT_KINDS; i++)
		n += c->kinds[i].due;
	return n;
}

static void what_is_announced_goes(void **state)
{
	struct census before, after, steps;
	struct store_purged done;

	(void)state;
	plant();
	plant_opposed();
	before = census(UINT32_MAX, &f.spec.keep);
	steps = census(7, &f.spec.keep);
	assert_memory_equal(before.kinds, steps.kinds, sizeof(before.kinds));
	for (int i = 0; i < KEPT_KINDS; i++)
		assert_true(before.kinds[i].texts > 0);
	assert_true(before.comments > 100 && before.versions > 0 && before.wiped > 0);
	assert_true(
		before.kinds[KEPT_DISCRIMINATORY].due < before.kinds[KEPT_DISCRIMINATORY].texts);
	assert_true(before.kinds[KEPT_HELD].due == 0 && before.kinds[KEPT_HELD].ends == 0);
	done = purge();
	assert_int_equal(done.comments, before.comments);
	assert_int_equal(done.versions, before.versions);
	after = census(50, &f.spec.keep);
	assert_true(after.comments == 0 && after.versions == 0 && due(&after) == 0);
	assert_int_equal(after.wiped, before.wiped + due(&before));
	assert_int_equal(after.kinds[KEPT_HELD].texts, before.kinds[KEPT_HELD].texts);
	assert_true(before.kinds[KEPT_OPPOSED].due == 1 && after.kinds[KEPT_OPPOSED].texts == 0);
	for (int i = 0; i < KEPT_OPPOSED; i++)
		assert_true(after.kinds[i].ends >= clock_now() - CLOCK_MINUTE);
}

static uint64_t unreadable_due(const struct keep *k)
{
	struct reader *r = fixture_reader(&f);
	struct kept_beside beside;
	struct error e = {""};

	check(reader_kept_beside(r, clock_now(), k, &beside, &e), &e);
	reader_close(r);
	return beside.quarantine;
}

/* Its owner allows twenty days: longer stays only what is held. */
static void what_a_source_allows(void **state)
{
	const struct keep_source limits[] = {{SLICE("autre"), 1}, {SLICE("forum"), 20 * CLOCK_DAY}};
	struct keep k = f.spec.keep;
	struct census before, after;
	struct store_purged done;

	(void)state;
	k.sources = limits;
	k.n_sources = sizeof(limits) / sizeof(*limits);
	plant();
	f.accepted = days_ago(25);
	feed(&f,
		&(struct comment){.type = COMMENT_QUARANTINE,
			.source = SLICE("forum"),
			.id = SLICE("f:1"),
			.text = SLICE("{"),
			.extra = SLICE("malformed")},
		NULL);
	fixture_commit(&f);
	assert_int_equal(unreadable_due(&f.spec.keep), 0);
	assert_int_equal(unreadable_due(&k), 1);
	before = census(UINT32_MAX, &k);
	assert_true(before.kinds[KEPT_DISCRIMINATORY].due > 0);
	store_keep(f.store, &k);
	done = purge();
	assert_int_equal(done.comments, before.comments);
	assert_int_equal(done.versions, before.versions);
	assert_int_equal(done.quarantine, 1);
	after = census(50, &k);
	assert_int_equal(due(&after), 0);
	assert_int_equal(after.kinds[KEPT_HELD].texts, before.kinds[KEPT_HELD].texts);
	for (int i = 0; i < KEPT_HELD; i++)
		assert_true(after.kinds[i].texts == 0 ||
			after.kinds[i].oldest >= clock_now() - 20 * CLOCK_DAY);
}

static int count_text(void *user, const struct kept_text *t)
{
	uint64_t *n = user;

	assert_true(slice_is(t->stored->comment.author, "jeanne"));
	assert_true(t->stored->comment.text.n > 0);
	n[t->held]++;
	return 0;
}

static int stop_at_once(void *user, const struct kept_text *t)
{
	(void)t;
	++*(uint64_t *)user;
	return 2;
}

static int take_audit(void *user, const struct audit_entry *a)
{
	_buf_ struct buf all = {0};

	buf_add_slice(&all, a->what);
	buf_add_slice(&all, a->why);
	assert_null(memmem(all.p, all.n, "jeanne", 6));
	assert_true(slice_is(a->who, "claire") && slice_is(a->why, "demande d'accès"));
	++*(int *)user;
	return 0;
}

static void what_is_held_of_one(void **state)
{
	_buf_ struct buf body = {0}, key = {0};
	uint64_t n[2] = {0}, one_by_one = 0, steps[2] = {0};
	struct reader *r;
	struct error e = {""};
	int64_t seq = 0;
	int code, entries = 0;

	(void)state;
	plant();
	handle_encode(&body,
		&(struct handle_request){SLICE("claire"), SLICE("forum"), SLICE("jeanne"),
			SLICE("demande d'accès")});
	assert_int_equal(ask(&f, REQUEST_HANDLE, buf_slice(&body), &key), 0);
	assert_int_equal(key.n, 16);
	r = fixture_reader(&f);
	code = reader_author(r, (const unsigned char *)key.p, &seq, UINT32_MAX, count_text, n, &e);
	assert_int_equal(code, READER_END);
	assert_true(n[0] > 20 && n[1] > 0);
	for (seq = 0, code = 0; code == 0;)
		code = reader_author(
			r, (const unsigned char *)key.p, &seq, 9, count_text, steps, &e);
	assert_memory_equal(n, steps, sizeof(n));
	/* stopped and taken up again, none is lost and none comes twice */
	for (seq = 0, code = 0; code != READER_END;) {
		code = reader_author(
			r, (const unsigned char *)key.p, &seq, 1000, stop_at_once, &one_by_one, &e);
		check(code, &e);
	}
	assert_int_equal(one_by_one, n[0] + n[1]);
	check(reader_audit(r, &(struct audit_filter){.verbs = " handle "}, 0, 10, take_audit,
		      &entries, &e),
		&e);
	assert_int_equal(entries, 1);
	reader_close(r);
	body.n = 0;
	handle_encode(&body,
		&(struct handle_request){
			SLICE("claire"), SLICE("forum"), SLICE("jeanne"), SLICE("")});
	assert_int_equal(ask(&f, REQUEST_HANDLE, buf_slice(&body), NULL), -EBADMSG);
	assert_int_equal(ask(&f, REQUEST_HANDLE, SLICE("\x05xx"), NULL), -EBADMSG);
	assert_int_equal(ask(&f, REQUEST_EXPORTED, SLICE(""), NULL), -EBADMSG);
}

static int take_number(void *user, const struct audit_entry *a)
{
	struct buf *all = user;

	buf_printf(all, "%lld ", (long long)a->id);
	return 0;
}

static void audited(const struct audit_filter *filter, const char *want)
{
	_buf_ struct buf all = {0};
	struct reader *r = fixture_reader(&f);
	struct error e = {""};

	check(reader_audit(r, filter, 0, 100, take_number, &all, &e), &e);
	reader_close(r);
	assert_string_equal(buf_string(&all), want);
}

/* By who, when, and any version of a comment, alone or decided together with others. */
static void of_the_account(void **state)
{
	(void)state;
	feed_text(&f, "a", "bonjour");
	feed_text(&f, "b", "bonsoir");
	fixture_commit(&f);
	feed_text(&f, "a", "une autre version"); /* 3, of 1 */
	fixture_commit(&f);
	fixture_change(&f,
		"INSERT INTO audit(id, at, who, verb, what, why) VALUES"
		" (1, 1000, 'anne', 'decide', '1', ''), (2, 2000, 'anne', 'decide', '2', ''),"
		" (3, 3000, 'paul', 'ack', '1', ''), (4, 4000, 'paul', 'revise', '3', ''),"
		" (5, 5000, 'paul', 'dossier', '9, pièce ajoutée (n° 1)', ''),"
		" (6, 6000, 'paul', 'dossier', '1, ouvert', ''),"
		" (7, 7000, 'anne', 'bulk', 'n° 4, masquer, 2', ''),"
		" (8, 8000, 'anne', 'bulk', 'n° 5, masquer, 1', ''),"
		" (9, 9000, 'anne', 'search', '1', ''), (10, 9500, 'anne', 'decide', '11', '')");
	fixture_change(&f,
		"INSERT INTO decision(row, seq, at, decision, who, reason, category, bulk) VALUES"
		" (1, 3, 7000, 'masquer', 'anne', '', '', 4), (2, 2, 8000, 'masquer', 'anne', '', '', 5)");
	audited(&(struct audit_filter){.who = SLICE("paul")}, "6 5 4 3 ");
	audited(&(struct audit_filter){.since = 2000, .until = 4000}, "3 2 ");
	audited(&(struct audit_filter){.comment = 1}, "7 5 4 1 ");
	audited(&(struct audit_filter){.comment = 3}, "7 5 4 1 ");
	audited(
		&(struct audit_filter){
			.comment = 3, .who = SLICE("anne"), .verbs = " decide bulk "},
		"7 1 ");
	audited(&(struct audit_filter){.comment = 77}, "");
}

static void refuses(const char *name)
{
	assert_int_equal(ask(&f, REQUEST_REFUSED, slice_of(name), NULL), 0);
}

static int64_t entries_of(const char *who)
{
	char sql[120];

	snprintf(sql, sizeof(sql),
		"SELECT count(*) FROM audit WHERE verb = 'refused' AND who = '%s'", who);
	return fixture_count(&f, sql);
}

static int64_t times(const char *who)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		"SELECT sum(CAST(substr(why, 10) AS INTEGER)) FROM audit WHERE verb = 'refused' AND who = '%s'"
		" AND length(why) = 15",
		who);
	return fixture_count(&f, sql);
}

/* One entry an account and hour, however often somebody tries; what is no account is not written down. The test may run while an
 * hour ends. */
static void who_was_not_let_in(void **state)
{
	char name[24];
	int64_t before;

	(void)state;
	fixture_change(&f,
		"INSERT INTO account(name, roles, lang, secret, changed_at) VALUES('anne', 1, '', 'x', 1)");
	for (int i = 0; i < 12; i++) {
		refuses("anne");
		snprintf(name, sizeof(name), "secret%d", i);
		refuses(name);
	}
	refuses("");
	assert_in_range(entries_of("anne"), 1, 2);
	assert_in_range(entries_of("(inconnu)"), 1, 2);
	assert_int_equal(times("anne"), 12);
	assert_int_equal(times("(inconnu)"), 13);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE who || what LIKE '%secret%'"),
		0);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM note WHERE key LIKE '%secret%'"), 0);
	before = entries_of("anne");
	fixture_change(&f, "UPDATE audit SET at = at - 3600000");
	refuses("anne");
	assert_int_equal(entries_of("anne"), before + 1);
	assert_int_equal(times("anne"), 13);
}

struct seen {
	unsigned char chain[DIGEST_SIZE];
	int64_t order[MANY];
	size_t n;
	int stop;
};

static int take_link(void *user, const struct evidence_item *l)
{
	struct seen *s = user;

	assert_true(evidence_holds(l, s->chain));
	s->order[s->n++] = l->seq;
	return s->stop;
}

/* Flagged later: its link comes behind all that were there. */
static void revise(int64_t seq)
{
	struct slice rule = SLICE("injure.répétée"), category = SLICE("injure_publique");
	struct verdict_match match = {rule, category, 0, 3};
	_buf_ struct buf body = {0}, verdict = {0};

	verdict_encode(&verdict,
		&(struct verdict){.level = VERDICT_QUEUE,
			.lanes = LANE_MODERATION,
			.priority = 3,
			.score = 600,
			.categories = &category,
			.n_categories = 1,
			.rated = &rule,
			.n_rated = 1,
			.matches = &match,
			.n_matches = 1});
	revise_add(&body,
		&(struct revise_request){
			.seq = seq, .verdict = buf_slice(&verdict), .rules = &rule, .n_rules = 1});
	assert_int_equal(ask(&f, REQUEST_REVISE, buf_slice(&body), NULL), 0);
}

static void feed_rated(int n)
{
	struct slice rule = SLICE("injure.répétée");

	for (int i = 0; i < n; i++) {
		char id[24];

		snprintf(id, sizeof(id), "r%lld-%d", (long long)f.batch, i);
		feed(&f,
			&(struct comment){.source = SLICE("forum"),
				.id = slice_of(id),
				.text = SLICE("encore"),
				.author = SLICE("luc")},
			&(struct verdict){.level = i % 2 ? VERDICT_QUEUE : VERDICT_NONE,
				.rated = &rule,
				.n_rated = 1});
	}
	fixture_commit(&f);
}

static void links_one_by_one(void **state)
{
	struct seen whole = {.n = 0}, steps = {.n = 0}, stopped = {.n = 0, .stop = 2};
	struct evidence_at at = {0};
	struct error e = {""};
	struct reader *r;
	int code;

	(void)state;
	feed_rated(10);
	revise(5);
	feed_rated(4);
	revise(3);
	revise(1);
	feed_rated(6);
	r = fixture_reader(&f);
	code = reader_evidence_links(r, &at, UINT32_MAX, take_link, &whole, &e);
	assert_int_equal(code, READER_END);
	assert_int_equal(whole.n, 13);
	assert_true(whole.order[5] == 5 && whole.order[8] == 3 && whole.order[9] == 1);
	for (at = (struct evidence_at){0}, code = 0; code == 0;)
		code = reader_evidence_links(r, &at, 1, take_link, &steps, &e);
	for (at = (struct evidence_at){0}, code = 0; code != READER_END;)
		code = reader_evidence_links(r, &at, 100, take_link, &stopped, &e);
	assert_int_equal(steps.n, 13);
	assert_int_equal(stopped.n, 13);
	assert_memory_equal(whole.order, steps.order, sizeof(whole.order));
	assert_memory_equal(whole.order, stopped.order, sizeof(whole.order));
	reader_close(r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_announced_goes),
		TEST(what_a_source_allows),
		TEST(what_is_held_of_one),
		TEST(of_the_account),
		TEST(who_was_not_let_in),
		TEST(links_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
