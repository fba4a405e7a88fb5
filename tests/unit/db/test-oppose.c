/* SPDX-License-Identifier: GPL-3.0-or-later
 * Objections: recorded, decided, ended; what becomes of later comments, from nothing to a threat. */
#include "said.h"

#include <tocsin/db/kept.h>

static int oppose(int64_t id, enum opposition_state state, const char *ground, int64_t *ret_id)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct oppose_request q = {
		.id = id, .state = (uint8_t)state, .who = SLICE("dpo"), .ground = slice_of(ground)};

	if (!id) {
		q.source = SLICE("facebook");
		q.author = SLICE("jeanne");
		q.reason = SLICE("ne veut pas");
	}
	oppose_encode(&body, &q);
	int r = ask(&f, REQUEST_OPPOSE, buf_slice(&body), &reply);
	if (r == 0 && ret_id) {
		struct wire w = wire_reader(buf_slice(&reply));
		*ret_id = wire_i64(&w);
	}
	return r;
}

static int take(void *user, const struct stored_comment *c)
{
	struct stored_comment *ret = user;
	static char text[100], name[100];

	*ret = *c;
	snprintf(text, sizeof(text), "%.*s", (int)c->comment.text.n,
		c->comment.text.n ? c->comment.text.p : "");
	snprintf(name, sizeof(name), "%.*s", (int)c->comment.author.n,
		c->comment.author.n ? c->comment.author.p : "");
	ret->comment.text = slice_of(text);
	ret->comment.author = slice_of(name);
	return 0;
}

static struct stored_comment stored(int64_t seq)
{
	struct reader *r = fixture_reader(&f);
	struct stored_comment c = {0};
	struct error e = {""};

	check(reader_comment(r, seq, take, &c, &e), &e);
	reader_close(r);
	return c;
}

static bool is_nobody(const struct stored_comment *c)
{
	static const unsigned char nobody[16];

	return !memcmp(c->author_key, nobody, sizeof(nobody));
}

static void its_life(void **state)
{
	int64_t id = 0, again = 0;

	(void)state;
	assert_int_equal(oppose(0, OPPOSITION_REFUSED, "", NULL), -EBADMSG); /* without a ground */
	assert_int_equal(oppose(0, OPPOSITION_ENDED, "", NULL), -EBADMSG);
	assert_int_equal(oppose(0, OPPOSITION_ASKED, "", &id), 0);
	assert_int_equal(oppose(0, OPPOSITION_ASKED, "", &again), 0);
	assert_int_equal(again, id);
	/* two people at once: the second one learns that his own is not what is written */
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), -EALREADY);
	assert_int_equal(oppose(0, OPPOSITION_REFUSED, "plainte en cours", NULL), -EALREADY);
	assert_int_equal(oppose(id, OPPOSITION_ENDED, "", NULL), -EALREADY);
	assert_int_equal(oppose(id, OPPOSITION_REFUSED, "", NULL), -EBADMSG);
	assert_int_equal(oppose(id, OPPOSITION_REFUSED, "plainte en cours", NULL), 0);
	assert_int_equal(oppose(id, OPPOSITION_REFUSED, "plainte en cours", NULL), 0);
	assert_int_equal(oppose(id, OPPOSITION_ACCEPTED, "", NULL), -EALREADY);
	assert_int_equal(oppose(77, OPPOSITION_ACCEPTED, "", NULL), -ENOENT);
	/* another one later */
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", &again), 0);
	assert_int_not_equal(again, id);
	assert_int_equal(oppose(again, OPPOSITION_ENDED, "", NULL), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM audit WHERE verb = 'oppose'"), 4);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE what LIKE '%jeanne%'"), 0);
}

static void later_comments(void **state)
{
	struct slice category = SLICE("injure_publique");
	const struct verdict question = {.lanes = LANE_REPONSE};
	const struct verdict insult = {.level = VERDICT_QUEUE,
		.lanes = LANE_MODERATION,
		.priority = 3,
		.categories = &category,
		.n_categories = 1};
	struct stored_comment c;

	(void)state;
	says("0", "jeanne", "avant", NULL);
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	says("1", "jeanne", "rougegorge", NULL);
	says("2", "jeanne", "une question ?", &question);
	says("3", "jeanne", "connard", &insult);
	says("4", "paul", "rien à voir", NULL);
	c = stored(1);
	assert_false(is_nobody(&c));
	assert_true(slice_is(c.comment.text, "avant")); /* earlier ones are left to an erasure */
	c = stored(2);
	assert_true(c.gone && is_nobody(&c) && !c.comment.text.n);
	assert_false(in_file("rougegorge"));
	c = stored(3);
	assert_true(
		slice_is(c.comment.text, "une question ?") && !c.comment.author.n && is_nobody(&c));
	c = stored(4);
	assert_true(slice_is(c.comment.text, "connard") && is_nobody(&c));
	assert_true(slice_is(c.comment.author, "jeanne")); /* the defence of rights */
	c = stored(5);
	assert_false(is_nobody(&c));
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 2);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM handled"), 0);
	/* the ledger still adds up */
	assert_int_equal(fixture_count(&f, "SELECT sum(purged) FROM ledger"), 1);
	/* the same again, and a threat by an edit */
	says("1", "jeanne", "rougegorge", NULL);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item"), 5);
	says("1", "jeanne", "je vais te tuer", &insult);
	c = stored(6);
	assert_true(slice_is(c.comment.text, "je vais te tuer"));
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 3);
}

#define ACCOUNT "did:plc:jeanne"

/* Where it stands holds the account on some networks: of what is not kept, only the id does. */
static void says_there(const char *id, const char *text, const struct verdict *v)
{
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = slice_of(id),
			.text = slice_of(text),
			.url = SLICE("https://exemple/" ACCOUNT),
			.author = SLICE("jeanne"),
			.thread = SLICE("at://" ACCOUNT "/fil"),
			.parent = SLICE("at://" ACCOUNT "/parent"),
			.channel = SLICE(ACCOUNT)},
		v);
	fixture_commit(&f);
}

static void where_it_stood(void **state)
{
	const struct verdict question = {.lanes = LANE_REPONSE};
	struct stored_comment c;

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	says_there("1", "bonne journée", NULL);
	assert_false(in_file(ACCOUNT));
	c = stored(1);
	assert_true(!c.comment.thread.n && !c.comment.parent.n && !c.comment.channel.n);
	says_there("1", "bonne journée", NULL); /* known all the same */
	says_there("2", "une question ?", &question);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item"), 2);
	decided(2, "anne", "vu");
	purge(NULL);
	assert_false(in_file(ACCOUNT));
	assert_true(stored(2).gone);
}

/* An erasure takes what was said of the objection, which stays in force. */
static void why_goes(void **state)
{
	int64_t id;

	(void)state;
	assert_int_equal(oppose(0, OPPOSITION_ASKED, "", &id), 0);
	assert_int_equal(oppose(id, OPPOSITION_REFUSED, "plainte de zygote", NULL), 0);
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM opposition WHERE reason = 'ne veut pas'"),
		2);
	purge("paul");
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM opposition WHERE reason = 'ne veut pas'"),
		2);
	purge("jeanne");
	assert_int_equal(
		fixture_count(
			&f, "SELECT count(*) FROM opposition WHERE trim(reason || ground) = ''"),
		2);
	says("1", "jeanne", "rougegorge", NULL);
	assert_false(in_file("rougegorge"));
}

/* What is too short to leave a mark is known all the same when it comes again, and a change that matters is seen. */
static void short_ones(void **state)
{
	struct slice category = SLICE("injure_publique");
	const struct verdict question = {.lanes = LANE_REPONSE};
	const struct verdict insult = {.level = VERDICT_QUEUE,
		.lanes = LANE_MODERATION,
		.priority = 3,
		.categories = &category,
		.n_categories = 1};
	const struct verdict threat = {
		.level = VERDICT_ALERT, .lanes = LANE_MODERATION, .priority = 1};

	(void)state;
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	for (int i = 0; i < 3; i++)
		says("1", "jeanne", "Merci", NULL);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item"), 1);
	assert_int_equal(store_counts(f.store).duplicate, 2);
	says("1", "jeanne", "Merde", &insult);
	says("2", "jeanne", "Merci", NULL);
	says("2", "jeanne", "Quoi?", &question);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item"), 4);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 2);
	says("3", "jeanne", "connard", &insult);
	fixture_change(&f, "UPDATE item SET accepted = 1");
	purge(NULL);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item WHERE state & 4"), 5);
	says("3", "jeanne", "connard", &insult);
	says("1", "jeanne", "Merde", &insult);
	says("2", "jeanne", "Quoi?", &question);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item"), 5);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 0);
	says("3", "jeanne", "la mort", &threat);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 1);
	assert_int_equal(fixture_count(&f, "SELECT sum(purged) FROM ledger"), 3);
}

static void threat(void **state)
{
	struct slice category = SLICE("menace");
	const struct verdict v = {.level = VERDICT_ALERT,
		.lanes = LANE_MODERATION,
		.priority = 1,
		.categories = &category,
		.n_categories = 1};

	(void)state;
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	says("1", "jeanne", "je vais te tuer", &v);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM incident"), 1);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM incident WHERE author IS NOT NULL"
				 " AND author <> zeroblob(16)"),
		0);
}

/* What was asked goes at the next purge once somebody has decided; rights still reach it. */
static void answered(void **state)
{
	const struct verdict question = {.lanes = LANE_REPONSE};
	_buf_ struct buf body = {0};
	struct stored_comment c;

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	says("1", "jeanne", "une question ?", &question);
	says("2", "paul", "une question ?", &question);
	purge(NULL);
	c = stored(1);
	assert_false(c.gone);
	for (int64_t seq = 1; seq <= 2; seq++) {
		buf_clear(&body);
		decide_encode(&body,
			&(struct decide_request){
				.seq = seq, .decision = SLICE("laisser"), .who = SLICE("anne")});
		assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	}
	purge(NULL);
	c = stored(1);
	assert_true(c.gone);
	c = stored(2);
	assert_false(c.gone);
}

static int decides(const char *decision, const char *category)
{
	_buf_ struct buf body = {0};
	const bool waits = !strcmp(decision, "attente");

	decide_encode(&body,
		&(struct decide_request){.seq = 1,
			.decision = slice_of(decision),
			.who = SLICE("anne"),
			.reason = SLICE("vu"),
			.category = slice_of(category),
			.service = waits ? SLICE("voirie") : (struct slice){0},
			.text = waits || !strcmp(decision, "repondre") ? SLICE("nous regardons")
								       : (struct slice){0},
			.until = waits ? clock_now() + CLOCK_DAY : 0});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static void question(void)
{
	f.accepted = clock_now() - CLOCK_HOUR;
	assert_int_equal(oppose(0, OPPOSITION_ACCEPTED, "", NULL), 0);
	says("1", "jeanne", "une question ?", &(struct verdict){.lanes = LANE_REPONSE});
}

static bool is_purged(void)
{
	purge(NULL);
	return stored(1).gone;
}

/* A holding reply, or a service that works on it, is no answer. */
static void it_waits_for_a_service(void **state)
{
	(void)state;
	question();
	assert_int_equal(decides("attente", ""), 0);
	assert_false(is_purged());
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 1);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow WHERE ended = 0"), 1);
	assert_int_equal(decides("repondre", ""), 0);
	assert_true(is_purged());
}

static void what_is_taken_back_waits_again(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	question();
	assert_int_equal(decides("laisser", ""), 0);
	undo_encode(&body, &(struct undo_request){.seq = 1, .who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_UNDO, buf_slice(&body), NULL), 0);
	assert_false(is_purged());
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM queue"), 1);
}

/* What a human found in it is kept as anything that is flagged. */
static void a_human_finds_more(void **state)
{
	static const char *const all[] = {"masquer", "injure_publique", "laisser", "menace",
		"supprimer", "", "laisser", "", NULL};

	(void)state;
	question();
	for (size_t i = 0; all[i]; i += 2) {
		assert_int_equal(decides(all[i], all[i + 1]), 0);
		assert_int_equal(is_purged(), !all[i + 2]);
	}
}

static void a_human_missed_it(void **state)
{
	(void)state;
	question();
	assert_int_equal(decides("laisser", ""), 0);
	assert_int_equal(decides("oubli", "menace"), 0);
	assert_false(is_purged());
	assert_int_equal(decides("masquer", "menace"), 0);
	assert_false(is_purged());
}

static struct store_source acts(void *user, struct slice source)
{
	(void)user;
	(void)source;
	return (struct store_source){.acts = true};
}

/* A reply that its source has not taken yet is not lost. */
static void its_source_is_away(void **state)
{
	(void)state;
	question();
	store_sources(f.store, acts, NULL);
	assert_int_equal(decides("repondre", ""), 0);
	assert_false(is_purged());
	assert_int_equal(
		fixture_count(&f, "SELECT text = CAST('nous regardons' AS BLOB) FROM answer"), 1);
	fixture_change(&f, "UPDATE outbox SET state = 2");
	assert_true(is_purged());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(its_life, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(later_comments, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(where_it_stood, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(why_goes, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(short_ones, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(threat, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(answered, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			it_waits_for_a_service, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_taken_back_waits_again, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_human_finds_more, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_human_missed_it, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			its_source_is_away, fixture_setup, fixture_teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
