/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waits for a service: where it stands in the queue, when it comes back, what ends it, what is undone, who sees it. */
#include "single.h"

#include <tocsin/record/account.h>

#define UNTIL (DAY0 + 2 * CLOCK_HOUR)

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = true;
	fixture_open(&f);
	return 0;
}

/* A question about a topic, which also is to be moderated. */
static void ask_about(const char *id, const char *topic, int64_t at)
{
	struct slice topics[] = {slice_of(topic)};

	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("la cantine ?"),
			.created_at = at},
		&(struct verdict){.lanes = LANE_REPONSE | LANE_MODERATION,
			.level = VERDICT_QUEUE,
			.priority = 3,
			.topics = topics,
			.n_topics = 1});
	fixture_commit(&f);
}

static void ask_at(const char *id, int64_t at, uint8_t lanes)
{
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("la cantine"),
			.created_at = at},
		&(struct verdict){.lanes = lanes,
			.level = lanes & LANE_MODERATION ? VERDICT_QUEUE : VERDICT_NONE,
			.priority = lanes & LANE_MODERATION ? 3 : 0});
	fixture_commit(&f);
}

static void ask_as(const char *id, const char *category, int64_t at)
{
	struct slice categories[] = {slice_of(category)};

	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("la cantine ?"),
			.created_at = at},
		&(struct verdict){
			.lanes = LANE_REPONSE, .categories = categories, .n_categories = 1});
	fixture_commit(&f);
}

static int decide(struct decide_request q)
{
	_buf_ struct buf body = {0};

	if (!q.who.n)
		q.who = SLICE("anne");
	q.open_only = 1;
	decide_encode(&body, &q);
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static int hold(int64_t seq, const char *text, int64_t known)
{
	return decide((struct decide_request){.seq = seq,
		.decision = SLICE("attente"),
		.text = slice_of(text),
		.model = SLICE("attente_cantine"),
		.service = SLICE("education"),
		.until = UNTIL,
		.known = known});
}

static int send(int64_t seq, const char *service)
{
	return decide((struct decide_request){.seq = seq,
		.decision = SLICE("transferer"),
		.reason = SLICE("à vous"),
		.service = slice_of(service),
		.until = UNTIL});
}

static int undo(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	undo_encode(&body, &(struct undo_request){seq, slice_of(who)});
	return ask(&f, REQUEST_UNDO, buf_slice(&body), NULL);
}

static int see(void *user, const struct queue_item *q)
{
	static const char *const states[] = {"attend", "due", "proposé"};

	buf_printf(user, "%lld", (long long)q->stored.seq);
	if (q->follow.since)
		buf_printf(user, " %.*s %s", (int)q->follow.service.n, q->follow.service.p,
			states[q->follow.state]);
	buf_add_char(user, ';');
	return 0;
}

static void expect(enum verdict_lane lane, const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_file(r, lane, &(struct queue_key){0}, 10, see, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void expect_service(const char *services, const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_service_items(r, slice_of(services), 10, see, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static int tick(void)
{
	struct error e = {""};
	int r = store_tick(f.store, &e);

	check(r, &e);
	return r;
}

static void a_holding_reply_waits_and_comes_back(void **state)
{
	struct reader *r;
	struct error e = {""};
	uint64_t n;

	(void)state;
	ask_at("a", DAY0, LANE_REPONSE | LANE_MODERATION);
	ask_at("b", DAY0 + 1, LANE_REPONSE);
	assert_int_equal(hold(1, "Bonjour.", 1), 0);
	expect(LANE_REPONSE, "2;1 education attend;");
	expect(LANE_MODERATION, ""); /* a human has looked at it */
	r = fixture_reader(&f);
	check(reader_followed_count(r, &n, &e), &e);
	assert_int_equal(n, 1);
	reader_close(r);
	assert_int_equal(hold(1, "Bonjour.", 1), 0); /* a double click */
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM decision"), 1);
	assert_int_equal(hold(1, "Autre chose.", 1), -EALREADY); /* of an older page */
	assert_int_equal(tick(), 0);
	ask_at("c", UNTIL - 1, LANE_REPONSE);
	assert_int_equal(tick(), 0);
	ask_at("d", UNTIL, LANE_REPONSE);
	assert_int_equal(tick(), STORE_TICKED);
	expect(LANE_REPONSE, "1 education due;2;3;4;");
	assert_int_equal(tick(), 0);
	/* the same text once more is another decision by now; its time must lie ahead */
	assert_int_equal(hold(1, "Bonjour.", 0), -EINVAL);
	assert_int_equal(decide((struct decide_request){.seq = 1,
				 .decision = SLICE("attente"),
				 .text = SLICE("Bonjour."),
				 .until = UNTIL + CLOCK_HOUR}),
		0);
	expect(LANE_REPONSE, "2;3;4;1  attend;");
}

static void what_cannot_be(void **state)
{
	(void)state;
	ask_at("a", DAY0, LANE_REPONSE);
	assert_int_equal(hold(1, "", 0), -EINVAL);
	assert_int_equal(hold(9, "x", 0), -ENOENT);
	assert_int_equal(hold(1, "x", 7), -EALREADY);
	assert_int_equal(send(1, ""), -EINVAL);
	assert_int_equal(send(1, "a,b"), -EINVAL);
	assert_int_equal(decide((struct decide_request){
				 .seq = 1, .decision = SLICE("laisser"), .until = UNTIL}),
		-EINVAL);
	assert_int_equal(
		decide((struct decide_request){.seq = 1, .decision = SLICE("laisser")}), 0);
	assert_int_equal(hold(1, "x", 0), -EALREADY);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow"), 0);
}

static void an_answer_ends_it_and_is_undone(void **state)
{
	const struct decide_request answer = {
		.seq = 1, .decision = SLICE("repondre"), .text = SLICE("Voilà.")};

	(void)state;
	ask_at("a", DAY0, LANE_REPONSE);
	assert_int_equal(hold(1, "Bonjour.", 1), 0);
	assert_int_equal(decide(answer), 0);
	expect(LANE_REPONSE, "");
	assert_int_equal(undo(1, "anne"), 0);
	expect(LANE_REPONSE, "1 education attend;");
	assert_int_equal(hold(1, "Encore.", 2),
		0); /* what was undone does not count: the first one is decision 1 */
	assert_int_equal(undo(1, "anne"), 0);
	expect(LANE_REPONSE, "1 education attend;");
	assert_int_equal(decide(answer), 0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow WHERE ended = 0"), 0);
}

static void a_holding_reply_is_undone(void **state)
{
	(void)state;
	ask_at("a", DAY0, LANE_REPONSE | LANE_MODERATION);
	assert_int_equal(hold(1, "Bonjour.", 1), 0);
	assert_int_equal(undo(1, "bob"), -ETIME);
	assert_int_equal(undo(1, "anne"), 0);
	expect(LANE_MODERATION, "1;");
	expect(LANE_REPONSE, "1;");
}

static void expect_questions(
	const struct incident *i, bool known, uint32_t unanswered, uint32_t held)
{
	struct reader *r = fixture_reader(&f);
	struct incident_questions q;
	struct error e = {""};

	check(reader_incident_questions(r, i, &q, &e), &e);
	assert_int_equal(q.known, known);
	assert_int_equal(q.unanswered, unanswered);
	assert_int_equal(q.held, held);
	reader_close(r);
}

/* Of its topic and time, those that nobody has answered. */
static void an_alarm_counts_what_waits(void **state)
{
	struct incident i = {
		.kind = INCIDENT_TOPIC, .topic = SLICE("cantine"), .facts = {.since = DAY0 + 1}};

	(void)state;
	ask_about("early", "cantine", DAY0);
	ask_about("a", "cantine", DAY0 + 1);
	ask_about("b", "cantine", DAY0 + 2);
	ask_about("c", "cantine", DAY0 + 3);
	ask_about("other", "cantines", DAY0 + 4);
	expect_questions(&i, true, 3, 0);
	assert_int_equal(decide((struct decide_request){
				 .seq = 2, .decision = SLICE("repondre"), .text = SLICE("Lundi.")}),
		0);
	expect_questions(&i, true, 2, 0);
	assert_int_equal(hold(3, "Bonjour.", 0), 0);
	expect_questions(&i, true, 1, 1);
	assert_int_equal(send(3, "education"), 0); /* the public still has it */
	expect_questions(&i, true, 1, 1);
	assert_int_equal(send(4, "education"), 0); /* the public has nothing */
	expect_questions(&i, true, 1, 1);
	assert_int_equal(undo(4, "anne"), 0);
	assert_int_equal(hold(4, "Bonjour.", 0), 0);
	expect_questions(&i, true, 0, 2);
	assert_int_equal(undo(4, "anne"), 0);
	expect_questions(&i, true, 1, 1);
	i.state = INCIDENT_CLOSED;
	i.closed_at = DAY0 + 3;
	expect_questions(&i, true, 0, 1);
	i.state = INCIDENT_OPEN;
	ask_at("late", UNTIL, LANE_REPONSE);
	assert_int_equal(tick(), STORE_TICKED);
	expect_questions(&i, true, 2, 0); /* the service was to be reminded: nobody knows more */
	i.kind = INCIDENT_WHOLE;
	i.topic = SLICE("whole");
	expect_questions(&i, true, 4, 0);
	i.topic =
		SLICE("fil:1a2b"); /* which of them stand below one post, the queue does not say */
	expect_questions(&i, false, 0, 0);
	i.topic = SLICE("volume:site");
	expect_questions(&i, true, 4, 0);
	i.topic = SLICE("volume:autre"); /* … of another source, none */
	expect_questions(&i, true, 0, 0);
	i.kind = INCIDENT_TOPIC;
	i.topic = SLICE("categorie:menace");
	expect_questions(&i, true, 0, 0);
	i.topic = SLICE("categorie:demande_usager");
	ask_as("d", "demande_usager", UNTIL + 1);
	expect_questions(&i, true, 1, 0);
	i.kind = INCIDENT_EMERGENT;
	expect_questions(&i, false, 0, 0);
}

static void account(const char *name, uint16_t roles, const char *services)
{
	_buf_ struct buf body = {0};

	account_encode(&body,
		&(struct account_request){.account = {.name = slice_of(name),
						  .roles = roles,
						  .secret = SLICE("$argon2id$…"),
						  .services = slice_of(services)},
			.who = SLICE("test")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL), 0);
}

static int propose(int64_t seq, const char *who, const char *text)
{
	_buf_ struct buf body = {0};

	propose_encode(&body, &(struct propose_request){seq, slice_of(who), slice_of(text)});
	return ask(&f, REQUEST_PROPOSE, buf_slice(&body), NULL);
}

static void a_service_proposes(void **state)
{
	(void)state;
	account("ecole", ROLE_SERVICE, "sports,education");
	account("eau", ROLE_SERVICE, "eau");
	account("anne", ROLE_MODERATION, "");
	ask_at("a", DAY0, LANE_REPONSE);
	ask_at("b", DAY0 + 1, LANE_REPONSE);
	assert_int_equal(hold(1, "Bonjour.", 1), 0);
	assert_int_equal(propose(1, "ecole", "x"), -ENOENT); /* it waits, but was not transferred */
	expect_service("education", "");
	assert_int_equal(send(1, "education"), 0);
	assert_int_equal(hold(1, "Encore.", 0), 0); /* takes nothing away from the service */
	expect_service("sports,education", "1 education attend;");
	expect_service("educ", "");
	expect_service("", "");
	assert_int_equal(propose(1, "eau", "x"), -ENOENT);
	assert_int_equal(propose(1, "anne", "x"), -ENOENT);
	assert_int_equal(propose(1, "personne", "x"), -ENOENT);
	assert_int_equal(propose(2, "ecole", "x"), -ENOENT);
	assert_int_equal(propose(1, "ecole", ""), -EBADMSG);
	assert_int_equal(propose(1, "ecole", "Lundi."), 0);
	assert_int_equal(propose(1, "ecole", "Lundi."), 0);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM decision WHERE decision = 'proposer'"), 1);
	expect(LANE_REPONSE, "1 education proposé;2;");
	assert_int_equal(undo(1, "ecole"), 0);
	expect(LANE_REPONSE, "2;1 education attend;");
	assert_int_equal(propose(1, "ecole", "Mardi."), 0);
	ask_at("c", UNTIL + 1, LANE_REPONSE);
	assert_int_equal(tick(), 0); /* who has answered is not reminded */
	assert_int_equal(decide((struct decide_request){
				 .seq = 1, .decision = SLICE("repondre"), .text = SLICE("Mardi.")}),
		0);
	expect_service("education", "");
	assert_int_equal(propose(1, "ecole", "Mercredi."), -ENOENT);
}

static int see_text(void *user, const struct decision *d)
{
	if (d->told)
		buf_printf(user, "[%.*s]", (int)d->text.n, d->text.p);
	return 0;
}

static void answers_go_with_their_comment(void **state)
{
	_buf_ struct buf seen = {0};
	struct error e = {""};

	(void)state;
	ask_at("a", DAY0, LANE_REPONSE);
	assert_int_equal(hold(1, "Bonjour Jeanne.", 1), 0);
	feed(&f,
		&(struct comment){.source = SLICE("site"),
			.id = SLICE("a"),
			.type = COMMENT_TOMBSTONE,
			.created_at = DAY0 + 2},
		NULL);
	f.accepted++;
	fixture_commit(&f);
	expect(LANE_REPONSE, "");
	struct reader *r = fixture_reader(&f);
	check(reader_history(r, 1, see_text, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), "[]"); /* that something was said, not what */
	reader_close(r);
	assert_int_equal(
		fixture_count(&f,
			"SELECT count(*) FROM answer WHERE instr(text, CAST('Jeanne' AS BLOB))"),
		0);
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM follow WHERE ended = 0"), 0);
	ask_at("z", UNTIL + CLOCK_DAY, LANE_REPONSE);
	assert_int_equal(tick(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_holding_reply_waits_and_comes_back),
		TEST(what_cannot_be), TEST(an_answer_ends_it_and_is_undone),
		TEST(a_holding_reply_is_undone), TEST(a_service_proposes),
		TEST(answers_go_with_their_comment), TEST(an_alarm_counts_what_waits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
