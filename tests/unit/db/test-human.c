/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a human calls a threat rings as if a rule had found it: once for each comment, and not when it is undone in time. What
 * is called something else waits on as that. */
#include "single.h"

/* 1: nothing found; 2: an insult; 3: a threat; 4: nothing found, of the author of 1 */
static int start(void **state)
{
	struct slice insult = SLICE("injure_publique"), threat = SLICE("menace");
	const struct verdict verdicts[] = {{0},
		{.level = VERDICT_QUEUE, .priority = 3, .categories = &insult, .n_categories = 1},
		{.level = VERDICT_ALERT, .priority = 1, .categories = &threat, .n_categories = 1},
		{0}};
	static const char *const authors[] = {"a", "b", "c", "a"};

	fixture_setup(state);
	for (size_t i = 0; i < 4; i++) {
		char id[2] = {(char)('1' + (char)i), 0};

		feed(&f,
			&(struct comment){.source = SLICE("site"),
				.id = slice_of(id),
				.text = SLICE("bonjour"),
				.created_at = DAY0 - CLOCK_DAY,
				.author = slice_of(authors[i])},
			&verdicts[i]);
	}
	fixture_commit(&f);
	return 0;
}

static int decide(int64_t seq, const char *decision, const char *who, const char *category)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = slice_of(decision),
			.who = slice_of(who),
			.reason = SLICE("vu"),
			.category = slice_of(category)});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static int undo(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	undo_encode(&body, &(struct undo_request){seq, slice_of(who)});
	return ask(&f, REQUEST_UNDO, buf_slice(&body), NULL);
}

static int64_t count(const char *sql)
{
	return fixture_count(&f, sql);
}

#define OPEN "SELECT count(*) FROM incident WHERE state < 2"

struct seen {
	int64_t id, opened, since, example;
	uint32_t messages;
	char trigger[40], title[40];
	bool called_off;
};

static int look(void *user, const struct incident *i)
{
	struct seen *s = user;

	*s = (struct seen){.id = i->id,
		.opened = i->opened_at,
		.since = i->facts.since,
		.example = i->facts.n_examples ? i->facts.examples[0] : 0,
		.messages = i->facts.messages,
		.called_off = incident_called_off(i)};
	snprintf(s->trigger, sizeof(s->trigger), "%.*s", (int)i->facts.trigger.n,
		i->facts.trigger.p);
	snprintf(s->title, sizeof(s->title), "%.*s", (int)i->title.n, i->title.p);
	return 0;
}

static struct seen incident(int64_t id)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	struct seen s = {.id = id};

	check(reader_incident(r, id, look, &s, &e), &e);
	reader_close(r);
	return s;
}

static void missed(void **state)
{
	const int64_t before = clock_now();
	struct seen s;

	(void)state;
	assert_int_equal(count(OPEN), 1); /* the rule's */
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "menace"), 0);
	assert_int_equal(count(OPEN), 2);
	s = incident(2);
	assert_string_equal(s.trigger, "humain:menace");
	assert_string_equal(s.title, "Urgence : menace");
	assert_true(s.opened >= before && s.since == DAY0 - CLOCK_DAY && s.example == 1);
	assert_int_equal(
		count("SELECT count(*) FROM entry WHERE incident = 2 AND kind = 0 AND who = 'anne'"),
		1);
	assert_int_equal(count("SELECT count(*) FROM evidence WHERE seq = 1"), 1);
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "menace"), 0); /* a double click */
	assert_int_equal(decide(1, "masquer", "anne", "doxxing"), 0);
	assert_int_equal(count("SELECT count(*) FROM incident"), 2);
}

static void what_rings(void **state)
{
	(void)state;
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "injure_publique"), 0);
	assert_int_equal(decide(2, "masquer", "anne", "injure_discriminatoire"), 0);
	assert_int_equal(decide(3, "masquer", "anne", "doxxing"), 0); /* its rule has rung */
	assert_int_equal(count("SELECT count(*) FROM incident"), 1);
	assert_int_equal(decide(2, "masquer", "bob", "menace"), 0);
	assert_int_equal(count("SELECT count(*) FROM incident"), 2);
}

/* A former version has rung already. */
static void edited(void **state)
{
	(void)state;
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = SLICE("3"),
			.text = SLICE("bonsoir"),
			.author = SLICE("c")},
		NULL);
	fixture_commit(&f);
	assert_int_equal(decide(5, "masquer", "anne", "menace"), 0);
	assert_int_equal(count("SELECT count(*) FROM incident"), 1);
}

static void add_row(int64_t to, const char *key)
{
	_buf_ struct buf body = {0};

	outbox_rows_encode(&body,
		&(struct outbox_row){.key = slice_of(key),
			.channel = SLICE("mail"),
			.target = SLICE("a@b"),
			.person = SLICE("jean"),
			.incident = to,
			.payload = SLICE("x")},
		1);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
}

static void take_row(int64_t id)
{
	_buf_ struct buf body = {0};

	outbox_take_encode(
		&body, &(struct take_request){.ids = &id, .n = 1, .lease_ms = CLOCK_MINUTE});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), NULL), 0);
}

static void undone(void **state)
{
	struct seen s;

	(void)state;
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "menace"), 0);
	add_row(2, "on its way");
	take_row(1);
	add_row(2, "waits");
	assert_int_equal(undo(1, "anne"), 0);
	assert_int_equal(count(OPEN), 1);
	assert_int_equal(count("SELECT state FROM outbox WHERE key = 'waits'"), OUTBOX_DROPPED);
	assert_int_equal(
		count("SELECT state FROM outbox WHERE key = 'on its way'"), OUTBOX_SENDING);
	s = incident(2);
	assert_true(s.called_off);
	assert_string_equal(s.trigger, "annulé:menace");
	assert_int_equal(count("SELECT count(*) FROM entry WHERE incident = 2 AND kind = 9"
			       " AND who = 'anne' AND text = 'signalement annulé'"),
		1);
	/* said again, it rings again */
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "menace"), 0);
	assert_int_equal(count(OPEN), 2);
}

/* Two of one author within an hour are one alarm: undone, it is one message less. */
static void together(void **state)
{
	struct seen s;

	(void)state;
	assert_int_equal(decide(1, DECISION_MISSED, "anne", "menace"), 0);
	assert_int_equal(decide(4, DECISION_MISSED, "bob", "menace"), 0);
	assert_int_equal(count(OPEN), 2);
	assert_int_equal(incident(2).messages, 2);
	assert_int_equal(undo(4, "bob"), 0);
	s = incident(2);
	assert_true(s.messages == 1 && s.example == 1 && !s.called_off);
	assert_int_equal(count(OPEN), 2);
}

/* A threat waits for no second person to be told of; confirmed, it is told no second time. */
static void two_people(void **state)
{
	static char insult[] = "injure_publique";
	static char *const ids[] = {insult, NULL};

	(void)state;
	store_two(f.store, ids);
	assert_int_equal(decide(2, "masquer", "anne", "menace"), 0);
	assert_int_equal(count("SELECT count(*) FROM second WHERE ended = 0"), 1);
	assert_int_equal(count(OPEN), 2);
	assert_int_equal(decide(2, DECISION_CONFIRM, "bob", ""), 0);
	assert_int_equal(count("SELECT count(*) FROM second WHERE ended = 0"), 0);
	assert_int_equal(count("SELECT count(*) FROM incident"), 2);
}

/* --- requalified */

static int take_qualified(void *user, const struct queue_item *q)
{
	snprintf(user, 40, "%.*s", (int)q->qualified.n, q->qualified.p);
	return 0;
}

static void expect_qualified(int64_t seq, const char *want)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	char said[40] = "nothing waits";

	check(reader_queue_item(r, seq, take_qualified, said, &e), &e);
	assert_string_equal(said, want);
	reader_close(r);
}

#define PLACE "SELECT rank * 10 + lanes FROM queue WHERE row = 2 AND category = "

static void requalified(void **state)
{
	int64_t flagged;

	(void)state;
	flagged = count("SELECT flagged_at FROM queue WHERE row = 2");
	expect_qualified(2, "");
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", ""), -EINVAL);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "injure_publique"), -EINVAL);
	assert_int_equal(decide(1, DECISION_REQUALIFIED, "anne", "menace"), -EALREADY);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "injure_discriminatoire"), 0);
	assert_int_equal(count(PLACE "'injure_discriminatoire'"), 41);
	assert_int_equal(count(OPEN), 1);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "menace"), 0);
	assert_int_equal(count(PLACE "'menace' AND instr(tags, ' c:menace ')"), 21);
	assert_true(count("SELECT flagged_at FROM queue WHERE row = 2") >= flagged);
	assert_int_equal(count(OPEN), 2);
	expect_qualified(2, "menace");
	assert_int_equal(
		count("SELECT count(*) FROM audit WHERE verb = 'requalify' AND who = 'anne'"), 2);
	assert_int_equal(count("SELECT decided_at FROM handled WHERE row = 2"), 0);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "menace"), 0); /* a double click */
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "bob", "menace"), -EINVAL);
	assert_int_equal(count("SELECT count(*) FROM decision"), 2);
}

/* One step back at a time. */
static void requalified_undone(void **state)
{
	(void)state;
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "outrage"), 0);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "menace"), 0);
	assert_int_equal(undo(2, "anne"), 0);
	assert_int_equal(count(PLACE "'outrage'"), 61);
	assert_int_equal(count(OPEN), 1);
	expect_qualified(2, "outrage");
	assert_int_equal(undo(2, "anne"), -ETIME); /* the last word is that it was undone */
}

/* To where the rules had put it, at its time. */
static void requalified_back(void **state)
{
	const int64_t flagged = count("SELECT flagged_at FROM queue WHERE row = 2");

	(void)state;
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "doxxing"), 0);
	assert_int_equal(undo(2, "anne"), 0);
	assert_int_equal(count(PLACE "'injure_publique' AND NOT instr(tags, 'doxxing')"), 61);
	assert_int_equal(count("SELECT flagged_at FROM queue WHERE row = 2"), flagged);
	expect_qualified(2, "");
}

/* What is decided then has the category; undone, it waits again as what it was called. */
static void requalified_decided(void **state)
{
	(void)state;
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "menace"), 0);
	assert_int_equal(decide(2, "masquer", "bob", ""), 0);
	assert_int_equal(decide(2, "masquer", "bob", ""), 0); /* a double click */
	assert_int_equal(count("SELECT count(*) FROM decision"), 2);
	assert_int_equal(
		count("SELECT count(*) FROM decision WHERE decision = 'masquer' AND category = 'menace'"),
		1);
	assert_int_equal(count("SELECT count(*) FROM incident"), 2);
	assert_int_equal(undo(2, "bob"), 0);
	assert_int_equal(count(PLACE "'menace'"), 21);
	assert_int_equal(count(OPEN), 2); /* anne's word holds */
	expect_qualified(2, "menace");
}

/* It waits for a service no more, and does again when that is undone. */
static void requalified_from_service(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	decide_encode(&body,
		&(struct decide_request){.seq = 2,
			.decision = SLICE(DECISION_SENT),
			.who = SLICE("anne"),
			.reason = SLICE("vu"),
			.service = SLICE("Le service des eaux"),
			.until = clock_now() + CLOCK_DAY});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_int_equal(decide(2, DECISION_REQUALIFIED, "anne", "menace"), 0);
	assert_int_equal(count("SELECT count(*) FROM follow WHERE ended = 0"), 0);
	assert_int_equal(count("SELECT rank FROM queue WHERE row = 2"), 2);
	assert_int_equal(undo(2, "anne"), 0);
	assert_int_equal(count("SELECT count(*) FROM follow WHERE ended = 0"), 1);
	assert_int_equal(count("SELECT rank FROM queue WHERE row = 2"), 11);
	/* a transfer without a service is none */
	assert_int_equal(decide(3, DECISION_SENT, "anne", ""), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(missed, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_rings, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(edited, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(undone, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(together, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(two_people, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified_undone, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified_back, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified_decided, start, fixture_teardown),
		cmocka_unit_test_setup_teardown(requalified_from_service, start, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
