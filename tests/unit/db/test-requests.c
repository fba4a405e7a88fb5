/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents, deliveries and the other requests: each once, however often it is asked. */
#include "single.h"
#include <sqlite3.h>
#include <tocsin/base/alloc.h>

static int start_event(void **state)
{
	(void)state;
	fixture_start(&f);
	store_close(f.store);
	f.spec.clock_event = true;
	fixture_open(&f);
	return 0;
}

struct incidents {
	int n;
	struct incident list[8];
	char topic[8][64], acked_by[8][32];
	int64_t examples[8];
};

static int see_incident(void *user, const struct incident *i)
{
	struct incidents *s = user;

	s->list[s->n] = *i;
	snprintf(s->topic[s->n], 64, "%.*s", (int)i->topic.n, i->topic.p);
	snprintf(s->acked_by[s->n], 32, "%.*s", (int)i->acked_by.n, i->acked_by.p);
	s->examples[s->n] = i->facts.n_examples ? i->facts.examples[0] : 0;
	s->n++;
	return 0;
}

static struct incidents incidents(bool every)
{
	struct reader *r = fixture_reader(&f);
	struct incidents s = {0};
	struct error e = {""};

	check(reader_incidents(r, every, see_incident, &s, &e), &e);
	reader_close(r);
	return s;
}

static int see_entry(void *user, const struct incident_entry *x)
{
	strcat(user, entry_kind_names[x->kind]);
	strcat(user, " ");
	return 0;
}

static void expect_entries(int64_t incident, const char *kinds)
{
	struct reader *r = fixture_reader(&f);
	char text[256] = "";
	struct error e = {""};

	check(reader_entries(r, incident, see_entry, text, &e), &e);
	assert_string_equal(text, kinds);
	reader_close(r);
}

static void observe(
	int64_t minute, enum observe_action action, enum town_level level, uint32_t messages)
{
	struct observation o = {.action = action,
		.kind = INCIDENT_TOPIC,
		.level = level,
		.topic = SLICE("demolition"),
		.title = SLICE("Démolition"),
		.facts = {.at = minute, .messages = messages, .trigger = SLICE("rise")}};
	const struct observe_request q = {
		.minute = minute, .through_seq = minute / 1000, .list = &o, .n = 1};
	_buf_ struct buf body = {0};

	observe_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
}

/* Trend was restarted and could not hear the comments of an emergent topic again: it closes with what was known. */
static void what_closes_unheard_keeps_its_figures(void **state)
{
	struct observation o = {.action = OBSERVE_OPEN,
		.kind = INCIDENT_EMERGENT,
		.level = LEVEL_JAUNE,
		.topic = SLICE("emergent:passerelle"),
		.title = SLICE("Sujet émergent"),
		.facts = {
			.at = 900000, .messages = 14, .authors = 11, .trigger = SLICE("emergent")}};
	struct observe_request q = {.minute = 900000, .through_seq = 900, .list = &o, .n = 1};
	_buf_ struct buf body = {0};

	(void)state;
	observe_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
	buf_clear(&body);
	o.action = OBSERVE_CLOSE;
	o.level = LEVEL_VERT;
	o.facts = (struct incident_facts){.at = 960000, .trigger = SLICE("emergent")};
	q.minute = 960000;
	observe_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
	struct incidents s = incidents(true);
	int last = (int)s.n - 1;

	while (last >= 0 && strcmp(s.topic[last], "emergent:passerelle") != 0)
		last--;
	assert_in_range(last, 0, s.n);
	assert_int_equal(s.list[last].state, INCIDENT_CLOSED);
	assert_int_equal(s.list[last].facts.messages, 14);
	assert_int_equal(s.list[last].facts.authors, 11);
}

static int ack(int64_t incident, const char *who, int64_t until)
{
	_buf_ struct buf body = {0};

	ack_encode(&body,
		&(struct ack_request){.incident = incident, .who = slice_of(who), .until = until});
	return ask(&f, REQUEST_ACK, buf_slice(&body), NULL);
}

static void an_incident_lives_once(void **state)
{
	struct incidents s;
	struct reader *r;
	struct error e = {""};
	int64_t minute, seq;

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_JAUNE, 10);
	observe(120000, OBSERVE_UPDATE, LEVEL_JAUNE, 14);
	observe(180000, OBSERVE_RAISE, LEVEL_ORANGE, 30);
	observe(120000, OBSERVE_CLOSE, LEVEL_VERT, 0); /* a minute that was applied already */
	s = incidents(false);
	assert_int_equal(s.n, 1);
	assert_string_equal(s.topic[0], "demolition");
	assert_true(s.list[0].level == LEVEL_ORANGE && s.list[0].peak == LEVEL_ORANGE);
	assert_true(s.list[0].opened_at == 60000 && s.list[0].raised_at == 180000);
	observe(240000, OBSERVE_LOWER, LEVEL_JAUNE, 31);
	observe(300000, OBSERVE_CLOSE, LEVEL_VERT, 31);
	assert_int_equal(incidents(false).n, 0);
	s = incidents(true);
	assert_true(s.list[0].state == INCIDENT_CLOSED && s.list[0].closed_at == 300000);
	assert_true(s.list[0].peak == LEVEL_ORANGE);
	expect_entries(1, "opened raised lowered closed ");
	observe(360000, OBSERVE_UPDATE, LEVEL_JAUNE, 5); /* of nothing that is open */
	assert_int_equal(incidents(true).n, 1);
	observe(420000, OBSERVE_RAISE, LEVEL_ROUGE, 50);
	assert_int_equal(incidents(true).n, 2);
	r = fixture_reader(&f);
	check(reader_observed(r, &minute, &seq, &e), &e);
	assert_true(minute == 420000 && seq == 420);
	reader_close(r);
}

static void acknowledging(void **state)
{
	struct incidents s;
	struct error e = {""};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	assert_int_equal(ack(7, "lea", 0), -ENOENT);
	assert_int_equal(ack(1, "lea", 0), 0);
	assert_int_equal(ack(1, "lea", 0), 0);
	s = incidents(false);
	assert_int_equal(s.list[0].state, INCIDENT_ACKED);
	assert_string_equal(s.acked_by[0], "lea");
	assert_int_equal(s.list[0].ack_messages, 10);
	expect_entries(1, "opened acked ");
	assert_int_equal(ack(1, "marc", 0), 0);
	expect_entries(1, "opened acked handed ");
	/* a little more does not break it, double does */
	observe(120000, OBSERVE_UPDATE, LEVEL_ORANGE, 19);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_ACKED);
	observe(180000, OBSERVE_UPDATE, LEVEL_ORANGE, 20);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_OPEN);
	assert_int_equal(ack(1, "marc", 0), 0);
	observe(240000, OBSERVE_RAISE, LEVEL_ROUGE, 21);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_OPEN);
	expect_entries(1, "opened acked handed ack_broken acked raised ack_broken ");
	/* it expires */
	assert_int_equal(ack(1, "marc", clock_now() - 1), 0);
	assert_int_equal(store_tick(f.store, &e), STORE_TICKED);
	assert_int_equal(store_tick(f.store, &e), 0);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_OPEN);
	observe(300000, OBSERVE_CLOSE, LEVEL_VERT, 21);
	assert_int_equal(ack(1, "marc", 0), 0); /* too late, and no fault */
	assert_int_equal(incidents(true).list[0].state, INCIDENT_CLOSED);
	expect_entries(1,
		"opened acked handed ack_broken acked raised ack_broken acked ack_expired closed ");
}

static void feed_threat(const char *id, const char *author, const char *thread, int64_t at)
{
	struct slice category = SLICE("menace");
	const struct verdict v = {.level = VERDICT_ALERT,
		.priority = 1,
		.lanes = LANE_MODERATION,
		.categories = &category,
		.n_categories = 1};

	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = slice_of(id),
			.text = SLICE("on sait où tu habites"),
			.author = slice_of(author),
			.thread = slice_of(thread),
			.created_at = at},
		&v);
}

static void feed_p1(const char *id, const char *author, int64_t at)
{
	feed_threat(id, author, "", at);
}

static void a_p1_is_an_incident(void **state)
{
	struct incidents s;

	(void)state;
	feed_p1("1", "x", DAY0);
	feed_p1("2", "y", DAY0);
	fixture_commit(&f);
	assert_int_equal(store_changes(f.store)->n_incidents, 2);
	feed_p1("3", "x", DAY0 + 59 * CLOCK_MINUTE);
	feed_p1("1", "x", DAY0); /* a duplicate */
	fixture_commit(&f);
	feed_p1("4", "x", DAY0 + 3 * CLOCK_HOUR);
	fixture_commit(&f);
	s = incidents(false);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.topic[0], "P1:menace");
	assert_true(s.list[0].kind == INCIDENT_P1 && s.list[0].level == LEVEL_ORANGE);
	assert_true(s.list[0].facts.messages == 2 && s.examples[0] == 1);
	assert_true(s.list[1].facts.messages == 1 && s.list[2].facts.messages == 1);
	expect_entries(1, "opened note ");
}

/* What somebody took charge of was one message: more of them, or perhaps of another person, ring again. */
static void a_p1_that_grows_breaks_its_ack(void **state)
{
	(void)state;
	feed_p1("1", "x", DAY0);
	feed_threat("2", "", "fil", DAY0);
	fixture_commit(&f);
	for (int64_t id = 1; id <= 2; id++)
		assert_int_equal(ack(id, "marc", clock_now() + CLOCK_HOUR), 0);
	feed_p1("3", "x", DAY0 + CLOCK_MINUTE); /* twice what was seen */
	fixture_commit(&f);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_OPEN);
	expect_entries(1, "opened acked note ack_broken ");
	assert_int_equal(ack(1, "marc", clock_now() + CLOCK_HOUR), 0);
	feed_p1("4", "x", DAY0 + CLOCK_MINUTE); /* 3, of 2 */
	feed_threat("5", "", "fil", DAY0 + CLOCK_MINUTE);
	fixture_commit(&f);
	assert_int_equal(incidents(false).list[0].state, INCIDENT_ACKED);
	assert_int_equal(ack(2, "marc", clock_now() + CLOCK_HOUR), 0);
	feed_threat("6", "", "fil", DAY0 + CLOCK_MINUTE); /* 3, of 2, but nobody knows whose */
	fixture_commit(&f);
	assert_int_equal(incidents(false).n, 2);
	assert_int_equal(incidents(false).list[1].state, INCIDENT_OPEN);
	expect_entries(2, "opened acked raised ack_broken acked ack_broken ");
}

/* Two threats of nobody known are two, unless they stand in one thread; an edited one is the same. */
static void threats_of_unknown_authors_ring_each(void **state)
{
	struct incidents s;

	(void)state;
	feed_p1("1", "", DAY0);
	feed_p1("2", "", DAY0);
	feed_threat("3", "", "fil", DAY0);
	feed_threat("4", "", "fil", DAY0 + CLOCK_MINUTE);
	fixture_commit(&f);
	s = incidents(false);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.list[2].facts.messages, 2);
	assert_int_equal(s.examples[2], 4); /* the newest is what the next alarm shows */
	expect_entries(3, "opened raised "); /* and it rings by itself */
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = SLICE("2"),
			.text = SLICE("on sait où tu habites, rue Foch"),
			.created_at = DAY0,
			.edited_at = DAY0 + CLOCK_MINUTE},
		&(struct verdict){.level = VERDICT_ALERT,
			.priority = 1,
			.categories = &SLICE("menace"),
			.n_categories = 1});
	fixture_commit(&f);
	s = incidents(false);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.list[1].facts.messages, 1);
	assert_int_equal(s.examples[1], 5);
	/* what somebody took charge of did not say this */
	assert_int_equal(ack(2, "marc", clock_now() + CLOCK_HOUR), 0);
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = SLICE("2"),
			.text = SLICE("on sait où tu habites, rue Foch, demain"),
			.created_at = DAY0,
			.edited_at = DAY0 + 2 * CLOCK_MINUTE},
		&(struct verdict){.level = VERDICT_ALERT,
			.priority = 1,
			.categories = &SLICE("menace"),
			.n_categories = 1});
	fixture_commit(&f);
	assert_int_equal(incidents(false).list[1].state, INCIDENT_OPEN);
	expect_entries(2, "opened acked note ack_broken ");
}

/* How often each incident rings by what was written about it: openings and rises. */
static int count_rings(void *user, const struct incident_entry *x)
{
	*(int *)user +=
		x->kind == ENTRY_OPENED || x->kind == ENTRY_RAISED || x->kind == ENTRY_ACK_BROKEN;
	return 0;
}

static int rings(void)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int n = 0;

	check(reader_entries_since(r, 0, UINT32_MAX, count_rings, &n, &e), &e);
	reader_close(r);
	return n;
}

static void flood(int64_t step, bool authors)
{
	for (int i = 0; i < 200; i++) {
		char id[16], author[16];

		snprintf(id, sizeof(id), "f%d", i);
		snprintf(author, sizeof(author), "a%d", i);
		feed_p1(id, authors ? author : "", DAY0 + i * step);
	}
	fixture_commit(&f);
}

static void a_flood_of_threats_is_a_series(void **state)
{
	struct incidents s;

	(void)state;
	flood(10 * CLOCK_SECOND, true);
	s = incidents(false);
	assert_int_equal(s.n, 6);
	assert_int_equal(s.list[5].facts.messages, 195);
	assert_int_equal(s.list[5].facts.n_examples, 5);
	assert_int_equal(s.examples[5], 200);
	assert_int_equal(rings(), 5 + 8);
	/* once in charge: no ring until it has doubled */
	assert_int_equal(ack(6, "marc", clock_now() + CLOCK_HOUR), 0);
	feed_p1("g1", "", DAY0 + CLOCK_MINUTE);
	fixture_commit(&f);
	assert_int_equal(incidents(false).list[5].state, INCIDENT_ACKED);
	assert_int_equal(rings(), 5 + 8);
	/* another category is another matter */
	feed(&f,
		&(struct comment){
			.source = SLICE("facebook"), .id = SLICE("d"), .created_at = DAY0},
		&(struct verdict){.level = VERDICT_ALERT,
			.priority = 1,
			.categories = &SLICE("detresse"),
			.n_categories = 1});
	fixture_commit(&f);
	assert_int_equal(incidents(false).n, 7);
}

/* By the wall clock: months of old comments, read when a source is connected. */
static void old_threats_are_a_series_too(void **state)
{
	(void)state;
	flood(CLOCK_DAY / 2, false);
	assert_int_equal(incidents(false).n, 6);
	assert_int_equal(rings(), 5 + 8);
}

/* By the data's clock: five in an hour are a flood, one every half day is not. */
static void threats_of_a_month_ring_each(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		char id[16];

		snprintf(id, sizeof(id), "m%d", i);
		feed_p1(id, "", DAY0 + i * CLOCK_DAY / 2);
	}
	fixture_commit(&f);
	assert_int_equal(incidents(false).n, 8);
}

static uint32_t lease(struct leased_row *ret, int64_t ms)
{
	_buf_ struct buf body = {0}, reply = {0};
	_cleanup_(arena_release) struct arena a;
	struct leased_row *rows;
	uint32_t n;

	arena_init(&a, 0);
	outbox_take_encode(&body, &(struct take_request){(const int64_t[]){1, 2, 3}, 3, ms, 0});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), &reply), 0);
	assert_int_equal(leased_rows_decode(buf_slice(&reply), &a, &rows, &n), 0);
	if (n)
		*ret = rows[0];
	ret->row = (struct outbox_row){0};
	return n;
}

static void result(int64_t id, uint32_t attempt, enum outbox_outcome outcome, int64_t retry)
{
	_buf_ struct buf body = {0};

	outbox_result_encode(&body,
		&(struct outbox_result){.id = id,
			.attempt = attempt,
			.outcome = outcome,
			.retry_at = retry,
			.detail = SLICE("250")});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_RESULT, buf_slice(&body), NULL), 0);
}

static void put(const char *key, int64_t due)
{
	_buf_ struct buf body = {0};
	const struct outbox_row row = {.key = slice_of(key),
		.channel = SLICE("mail"),
		.target = SLICE("a@ville.example"),
		.person = SLICE("lea"),
		.incident = 1,
		.due_at = due,
		.payload = SLICE("texte")};

	outbox_rows_encode(&body, &row, 1);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
}

struct deliveries {
	int n;
	enum outbox_state state[8];
};

static int see_delivery(void *user, const struct outbox_view *o)
{
	struct deliveries *d = user;

	d->state[d->n++] = o->state;
	return 0;
}

static struct deliveries deliveries(void)
{
	struct reader *r = fixture_reader(&f);
	struct deliveries d = {0};
	struct error e = {""};

	check(reader_outbox(r, 1, false, see_delivery, &d, &e), &e);
	reader_close(r);
	return d;
}

static int64_t observed(void)
{
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int64_t minute, seq;

	check(reader_observed(r, &minute, &seq, &e), &e);
	reader_close(r);
	return minute;
}

static void run_sql(const char *sql, int64_t value)
{
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	sqlite3 *db;
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_int64(s, 1, value), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_DONE);
	sqlite3_finalize(s);
	sqlite3_close(db);
}

static void a_clock_put_back_silences_nothing(void **state)
{
	int64_t now = clock_now() / CLOCK_MINUTE * CLOCK_MINUTE, ahead = now + 3 * CLOCK_DAY;
	struct incidents s;

	(void)state;
	observe(ahead, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	assert_int_equal(ack(1, "dircom", 0), 0);
	run_sql("UPDATE incident SET acked_at = acked_at + ?1,"
		" ack_expires_at = ack_expires_at + ?1",
		3 * CLOCK_DAY); /* as if the clock had been ahead then */
	observe(now, OBSERVE_UPDATE, LEVEL_ORANGE, 12); /* the clock is right again */
	assert_int_equal(observed(), now);
	s = incidents(false);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.list[0].facts.messages, 12);
	assert_int_equal(s.list[0].state, INCIDENT_ACKED);
	assert_true(s.list[0].acked_at <= clock_now());
	assert_int_equal(s.list[0].ack_expires_at - s.list[0].acked_at, CLOCK_HOUR);
	observe(now - CLOCK_MINUTE, OBSERVE_CLOSE, LEVEL_VERT, 0); /* from here it only grows */
	assert_int_equal(observed(), now);
	assert_int_equal(incidents(false).n, 1);
}

static void the_event_clock_is_no_machine_clock(void **state)
{
	int64_t ahead = clock_now() / CLOCK_MINUTE * CLOCK_MINUTE + 3 * CLOCK_DAY;

	(void)state;
	observe(ahead, OBSERVE_OPEN, LEVEL_JAUNE, 10);
	observe(ahead - CLOCK_MINUTE, OBSERVE_CLOSE, LEVEL_VERT, 0);
	assert_int_equal(observed(), ahead);
	assert_int_equal(incidents(false).n, 1);
}

static void a_delivery_is_never_twice_silently(void **state)
{
	struct leased_row l = {0};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	put("k1", clock_now());
	put("k1", clock_now());
	put("later", clock_now() + CLOCK_HOUR);
	assert_int_equal(deliveries().n, 2);
	assert_int_equal(lease(&l, 50), 1);
	assert_true(l.id == 1 && l.attempt == 1 && !l.maybe_sent);
	assert_int_equal(lease(&l, 50), 0); /* it is being sent */
	usleep(60 * 1000);
	assert_int_equal(lease(&l, 60000), 1); /* whoever had it died */
	assert_true(l.attempt == 2 && l.maybe_sent);
	result(1, 1, OUTBOX_FAILED, 0); /* of an attempt that is over: says nothing of this one */
	assert_int_equal(deliveries().state[0], OUTBOX_SENDING);
	result(1, 2, OUTBOX_FAILED, clock_now() - 1);
	assert_int_equal(lease(&l, 60000), 1);
	assert_true(l.attempt == 3 && l.maybe_sent);
	result(1, 3, OUTBOX_UNKNOWN, clock_now() + 5 * CLOCK_MINUTE);
	assert_int_equal(lease(&l, 60000), 0);
	result(1, 2, OUTBOX_SENT, 0); /* an earlier one knows that it arrived */
	result(1, 2, OUTBOX_SENT, 0);
	assert_int_equal(deliveries().state[0], OUTBOX_DONE);
	expect_entries(1, "opened notified ");
}

static uint32_t take(const int64_t *ids, uint32_t n)
{
	_buf_ struct buf body = {0}, reply = {0};
	_cleanup_(arena_release) struct arena a;
	struct leased_row *rows;
	uint32_t got;

	arena_init(&a, 0);
	outbox_take_encode(&body, &(struct take_request){ids, n, 60000, 0});
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), &reply), 0);
	assert_int_equal(leased_rows_decode(buf_slice(&reply), &a, &rows, &got), 0);
	return got;
}

static int see_sent(void *user, const struct outbox_sent *o)
{
	int64_t *at = user;

	at[0]++;
	assert_true(!at[1] || at[1] == o->sent_at);
	at[1] = o->sent_at;
	return 0;
}

/* What goes as one message is taken together, and told together: all of it, at one moment. */
static void what_goes_together_is_told_together(void **state)
{
	_buf_ struct buf body = {0};
	int64_t sent[2] = {0};
	struct error e = {""};
	struct reader *r;

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	put("k1", clock_now());
	put("k2", clock_now());
	put("later", clock_now() + CLOCK_HOUR);
	assert_int_equal(take((const int64_t[]){1, 2, 3, 77}, 4), 2);
	assert_int_equal(take((const int64_t[]){1, 2}, 2), 0);
	for (int64_t id = 1; id <= 2; id++)
		outbox_result_encode(&body,
			&(struct outbox_result){.id = id, .attempt = 1, .detail = SLICE("250")});
	outbox_result_encode(&body, &(struct outbox_result){.id = 77, .attempt = 1});
	for (int i = 0; i < 2; i++)
		assert_int_equal(ask(&f, REQUEST_OUTBOX_RESULT, buf_slice(&body), NULL), 0);
	assert_true(deliveries().state[0] == OUTBOX_DONE && deliveries().state[1] == OUTBOX_DONE);
	expect_entries(1, "opened notified notified ");
	r = fixture_reader(&f);
	check(reader_outbox_sent(r, clock_now() - CLOCK_MINUTE, see_sent, sent, &e), &e);
	assert_int_equal(sent[0], 2);
	check(reader_outbox_sent(r, sent[1], see_sent, sent, &e), &e);
	assert_int_equal(sent[0], 2);
	reader_close(r);
}

static int see_open(void *user, const struct outbox_open *o)
{
	struct outbox_open *list = user;

	list[o->id - 1] = *o;
	return 0;
}

/* What was one message is known by its lease, and by the moment of its next attempt. */
static void one_message_has_one_moment(void **state)
{
	_buf_ struct buf body = {0}, reply = {0};
	const struct take_request q = {
		(const int64_t[]){3, 1, 2}, 3, 60000, 0, (const bool[]){false, true, false}};
	struct outbox_open list[4] = {{0}};
	struct error e = {""};
	struct reader *r;

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	for (int i = 0; i < 4; i++)
		put((const char[]){(char)('a' + i), 0}, clock_now());
	outbox_take_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_TAKE, buf_slice(&body), &reply), 0);
	r = fixture_reader(&f);
	check(reader_outbox_open(r, clock_now(), clock_now(), see_open, list, &e), &e);
	assert_true(list[0].maybe && list[0].attempt_at == list[2].attempt_at);
	assert_true(list[1].maybe && list[1].attempt_at != list[0].attempt_at);
	assert_false(list[3].maybe);
	result(1, 1, OUTBOX_UNKNOWN, 5);
	result(2, 1, OUTBOX_FAILED, 5); /* surely not */
	check(reader_outbox_open(r, clock_now(), clock_now(), see_open, list, &e), &e);
	assert_true(list[0].maybe && list[0].attempt_at == 5 && list[0].ready);
	assert_false(list[1].maybe);
	reader_close(r);
}

/* The machine started with its clock two hours ahead: the alarm does not wait for the two hours to come again. */
static void a_clock_put_back_holds_nothing_up(void **state)
{
	struct leased_row l = {0};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	put("k1", clock_now());
	assert_int_equal(lease(&l, 2 * CLOCK_HOUR), 1);
	assert_int_equal(lease(&l, 60000), 1);
	assert_true(l.attempt == 2 && l.maybe_sent);
	result(1, 2, OUTBOX_FAILED, clock_now() + 2 * CLOCK_HOUR);
	assert_int_equal(lease(&l, 60000), 1);
	assert_int_equal(lease(&l, 60000), 0);
}

static void a_refused_delivery_is_a_dead_letter(void **state)
{
	struct leased_row l = {0};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	put("k1", clock_now());
	assert_int_equal(lease(&l, 60000), 1);
	assert_false(l.maybe_sent);
	result(1, 1, OUTBOX_DEAD, 0);
	assert_int_equal(deliveries().state[0], OUTBOX_DEAD_LETTER);
	assert_int_equal(lease(&l, 60000), 0);
	expect_entries(1, "opened failed ");
}

/* Neither sent nor lost: who reads the main courante sees why. */
static void what_is_needless_is_dropped_with_a_trace(void **state)
{
	_buf_ struct buf body = {0};
	struct leased_row l = {0};
	const struct outbox_row row = {.key = SLICE("k2"),
		.channel = SLICE("mail"),
		.person = SLICE("lea"),
		.incident = 1,
		.told = SLICE("dit avec k1")};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	put("k1", clock_now());
	assert_int_equal(lease(&l, 60000), 1);
	result(1, 1, OUTBOX_NEEDLESS, 0);
	assert_int_equal(deliveries().state[0], OUTBOX_DROPPED);
	result(1, 1, OUTBOX_FAILED, 0); /* decided is decided */
	assert_int_equal(deliveries().state[0], OUTBOX_DROPPED);
	outbox_rows_encode(&body, &row, 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
	assert_int_equal(deliveries().n, 2);
	assert_int_equal(deliveries().state[1], OUTBOX_DROPPED);
	assert_int_equal(lease(&l, 60000), 0);
	expect_entries(1, "opened note note ");
}

static void notes_and_silences_are_written_once(void **state)
{
	_buf_ struct buf note = {0}, silence = {0}, close = {0};

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	note_encode(&note,
		&(struct note_request){.incident = 1,
			.at = 5,
			.who = SLICE("lea"),
			.text = SLICE("la presse appelle")});
	silence_encode(&silence,
		&(struct silence_request){.topic = SLICE("demolition"),
			.until = clock_now() + CLOCK_HOUR,
			.who = SLICE("lea"),
			.reason = SLICE("travaux")});
	close_encode(&close, &(struct close_request){.incident = 1, .who = SLICE("lea")});
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(&f, REQUEST_NOTE, buf_slice(&note), NULL), 0);
		assert_int_equal(ask(&f, REQUEST_SILENCE, buf_slice(&silence), NULL), 0);
	}
	assert_true(incidents(false).list[0].silenced_until > clock_now());
	for (int i = 0; i < 2; i++)
		assert_int_equal(ask(&f, REQUEST_CLOSE, buf_slice(&close), NULL), 0);
	expect_entries(1, "opened note silenced closed ");
}

static int reopen(int64_t id, const char *who, const char *why)
{
	_buf_ struct buf body = {0};

	close_encode(&body, &(struct close_request){id, slice_of(who), slice_of(why)});
	return ask(&f, REQUEST_REOPEN, buf_slice(&body), NULL);
}

static void what_was_closed_is_opened_again(void **state)
{
	_buf_ struct buf close = {0};

	(void)state;
	assert_int_equal(reopen(1, "lea", "encore"), -ENOENT);
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	assert_int_equal(reopen(1, "lea", "encore"), -EALREADY);
	observe(120000, OBSERVE_CLOSE, LEVEL_VERT, 10);
	assert_int_equal(reopen(1, "", "encore"), -EBADMSG);
	assert_int_equal(reopen(1, "lea", ""), -EBADMSG);
	observe(180000, OBSERVE_OPEN, LEVEL_ROUGE, 30);
	assert_int_equal(reopen(1, "lea", "encore"), -EEXIST);
	close_encode(&close, &(struct close_request){.incident = 2, .who = SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_CLOSE, buf_slice(&close), NULL), 0);
	assert_int_equal(reopen(1, "lea", "encore"), 0);
	assert_int_equal(reopen(1, "lea", "encore"), 0); /* asked again: once */
	assert_int_equal(reopen(1, "paul", "encore"), -EALREADY);
	struct incidents now = incidents(false);
	assert_int_equal(now.n, 1);
	assert_int_equal(now.list[0].id, 1);
	assert_int_equal(now.list[0].level, LEVEL_JAUNE); /* it had fallen to vert */
	assert_int_equal(now.list[0].peak, LEVEL_ORANGE);
	assert_int_equal(now.list[0].closed_at, 0);
	/* the topic that rises raises it, and falls with it */
	observe(240000, OBSERVE_OPEN, LEVEL_ORANGE, 40);
	observe(300000, OBSERVE_CLOSE, LEVEL_VERT, 40);
	expect_entries(1, "opened closed reopened raised closed ");
	assert_int_equal(incidents(false).n, 0);
	assert_int_equal(reopen(2, "lea", "encore"), 0); /* closed by hand: the level that it had */
	assert_int_equal(incidents(false).list[0].level, LEVEL_ROUGE);
	expect_entries(2, "opened closed reopened ");
}

static int see_silence(
	void *user, struct slice topic, int64_t until, struct slice who, struct slice reason)
{
	char *text = user;
	size_t n = strlen(text);

	(void)until;
	(void)who;
	(void)reason;
	snprintf(text + n, 64 - n, "%.*s ", (int)topic.n, topic.p);
	return 0;
}

/* Of its topic, and of that only. */
static void a_reopening_ends_the_silence(void **state)
{
	static const char *const topics[] = {"demolition", "eau"};
	_buf_ struct buf close = {0};
	struct error e = {""};
	char left[64] = "";

	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	for (int i = 0; i < 2; i++) {
		_buf_ struct buf silence = {0};
		silence_encode(&silence,
			&(struct silence_request){.topic = slice_of(topics[i]),
				.until = clock_now() + CLOCK_HOUR,
				.who = SLICE("lea"),
				.reason = SLICE("travaux")});
		assert_int_equal(ask(&f, REQUEST_SILENCE, buf_slice(&silence), NULL), 0);
	}
	close_encode(&close, &(struct close_request){.incident = 1, .who = SLICE("lea")});
	assert_int_equal(ask(&f, REQUEST_CLOSE, buf_slice(&close), NULL), 0);
	assert_int_equal(reopen(1, "paul", "encore"), 0);
	assert_true(incidents(false).list[0].silenced_until <= clock_now());
	struct reader *r = fixture_reader(&f);
	check(reader_silences(r, clock_now(), see_silence, left, &e), &e);
	reader_close(r);
	assert_string_equal(left, "eau ");
	expect_entries(1, "opened silenced closed silenced reopened ");
}

static int position_over(int64_t over, enum request_verb verb, int64_t at, const char *text)
{
	_buf_ struct buf body = {0};

	note_encode(&body,
		&(struct note_request){.incident = 1,
			.at = at,
			.who = SLICE("lea"),
			.text = slice_of(text),
			.over = over});
	return ask(&f, verb, buf_slice(&body), NULL);
}

static int position(enum request_verb verb, int64_t at, const char *text)
{
	return position_over(0, verb, at, text);
}

/* Who had not read the version in force does not put another one in its place. */
static void a_version_comes_over_the_one_that_was_read(void **state)
{
	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10); /* entry 1 */
	assert_int_equal(position_over(7, REQUEST_WORDING, 5, "rien n'est décidé"), -ESTALE);
	assert_int_equal(position_over(NOTE_NONE, REQUEST_WORDING, 5, ""), 0);
	assert_int_equal(position_over(NOTE_NONE, REQUEST_WORDING, 5, "rien n'est décidé"), 0);
	assert_int_equal(position_over(NOTE_NONE, REQUEST_WORDING, 6, "réunion lundi"), -ESTALE);
	assert_int_equal(position_over(NOTE_NONE, REQUEST_WORDING, 6, "rien n'est décidé"), 0);
	assert_int_equal(position_over(NOTE_NONE, REQUEST_INSTRUCTION, 6, "attendre"), 0);
	assert_int_equal(position_over(2, REQUEST_WORDING, 7, "réunion lundi"), 0);
	expect_entries(1, "opened wording instruction wording ");
}

/* Every version is kept; the same asked again is one. Only they may be empty: then nothing is in force. */
static void wording_and_instruction_are_versions(void **state)
{
	(void)state;
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(position(REQUEST_WORDING, 5, "rien n'est décidé"), 0);
		assert_int_equal(position(REQUEST_INSTRUCTION, 5, "rien n'est décidé"), 0);
	}
	assert_int_equal(position(REQUEST_WORDING, 6, "réunion lundi"), 0);
	assert_int_equal(position(REQUEST_INSTRUCTION, 6, ""), 0);
	assert_int_equal(position(REQUEST_NOTE, 6, ""), -EBADMSG);
	expect_entries(1, "opened wording instruction wording instruction ");
}

static int promise(int64_t at, const char *text)
{
	_buf_ struct buf body = {0};

	note_encode(&body,
		&(struct note_request){
			.incident = 1, .at = at, .who = SLICE("dircom"), .text = slice_of(text)});
	return ask(&f, REQUEST_POINT, buf_slice(&body), NULL);
}

static int write_down(const char *who, const char *text)
{
	_buf_ struct buf body = {0};

	note_encode(&body,
		&(struct note_request){
			.incident = 1, .who = slice_of(who), .text = slice_of(text)});
	return ask(&f, REQUEST_NOTE, buf_slice(&body), NULL);
}

static void a_promised_point_is_kept_by_what_people_write_then(void **state)
{
	const int64_t now = DAY0, hour = CLOCK_HOUR;
	struct close_request close = {1, SLICE("dircom"), SLICE("fini")};
	_buf_ struct buf body = {0};

	(void)state;
	feed(&f,
		&(struct comment){.source = SLICE("s"),
			.id = SLICE("1"),
			.text = SLICE("a"),
			.created_at = now},
		NULL);
	fixture_commit(&f);
	observe(60000, OBSERVE_OPEN, LEVEL_ORANGE, 10);
	assert_int_equal(promise(now, "maintenant"), -EINVAL);
	assert_int_equal(promise(now + 8 * 24 * hour, "trop loin"), -EINVAL);
	assert_int_equal(promise(now + hour, ""), -EBADMSG);
	for (int i = 0; i < 2; i++)
		assert_int_equal(promise(now + hour, "dans une heure"), 0);
	assert_int_equal(incidents(false).list[0].next_at, now + hour);
	assert_int_equal(write_down("dircom", "bien avant"), 0);
	assert_int_equal(incidents(false).list[0].next_at, now + hour);
	assert_int_equal(promise(now + NEXT_POINT_EARLY, "dans dix minutes"), 0);
	assert_int_equal(write_down("tocsin", "la machine"), 0);
	assert_int_equal(incidents(false).list[0].next_at, now + NEXT_POINT_EARLY);
	assert_int_equal(write_down("anne", "le point"), 0);
	assert_int_equal(incidents(false).list[0].next_at, 0);
	assert_int_equal(promise(now + hour, "dans une heure"), 0);
	assert_int_equal(promise(0, "plus aucun"), 0);
	assert_int_equal(incidents(false).list[0].next_at, 0);
	assert_int_equal(promise(now + hour, "dans une heure"), 0);
	close_encode(&body, &close);
	assert_int_equal(ask(&f, REQUEST_CLOSE, buf_slice(&body), NULL), 0);
	assert_int_equal(incidents(true).list[0].next_at, 0);
	assert_int_equal(promise(now + 2 * hour, "trop tard"), -EALREADY);
	assert_int_equal(ask(&f, REQUEST_REOPEN, buf_slice(&body), NULL), 0);
	assert_int_equal(incidents(false).list[0].next_at, 0);
	expect_entries(1, "opened point note point note note point point point closed reopened ");
}

static void hostile_bodies_are_refused(void **state)
{
	static const enum request_verb verbs[] = {REQUEST_OBSERVE, REQUEST_OUTBOX_ADD,
		REQUEST_OUTBOX_RESULT, REQUEST_ACK, REQUEST_NOTE, REQUEST_CLOSE, REQUEST_SILENCE,
		REQUEST_DECIDE, REQUEST_BUNDLE, REQUEST_RELEASED, REQUEST_SEARCH_PURGED,
		REQUEST_REVISE, REQUEST_OUTBOX_TAKE, REQUEST_DRILL, REQUEST_WORDING,
		REQUEST_INSTRUCTION, REQUEST_POINT, REQUEST_RUMOUR, REQUEST_REOPEN};
	unsigned char bytes[40];
	uint32_t seed = 1;

	(void)state;
	const size_t n = sizeof(verbs) / sizeof(*verbs);
	for (unsigned i = 0; i < 2000; i++) {
		for (unsigned k = 0; k < sizeof(bytes); k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[k] = (unsigned char)(seed >> 24);
		}
		int r = ask(&f, verbs[i % n], (struct slice){(const char *)bytes, 1 + i % 7}, NULL);

		/* a single zero is an empty list of deliveries */
		assert_true(r < 0 || verbs[i % n] == REQUEST_OUTBOX_ADD);
	}
	assert_int_equal(ask(&f, (enum request_verb)99, SLICE("x"), NULL), -EOPNOTSUPP);
	assert_int_equal(incidents(true).n, 0);
}

static void the_town_clock_follows_plausible_times(void **state)
{
	struct reader *r;
	struct error e = {""};
	int64_t now;

	(void)state;
	feed(&f,
		&(struct comment){.source = SLICE("s"),
			.id = SLICE("1"),
			.text = SLICE("a"),
			.created_at = DAY0},
		NULL);
	feed(&f,
		&(struct comment){.source = SLICE("s"),
			.id = SLICE("2"),
			.text = SLICE("a"),
			.created_at = DAY0 - CLOCK_DAY},
		NULL);
	feed(&f,
		&(struct comment){.source = SLICE("s"),
			.id = SLICE("3"),
			.text = SLICE("a"),
			.created_at = DAY0 + 300 * CLOCK_DAY},
		NULL);
	fixture_commit(&f);
	assert_true(store_clock(f.store) == DAY0);
	/* three in a row agree: the town slept for a week */
	for (int i = 0; i < 3; i++) {
		char id[8];

		snprintf(id, sizeof(id), "w%d", i);
		feed(&f,
			&(struct comment){.source = SLICE("s"),
				.id = slice_of(id),
				.text = SLICE("a"),
				.created_at = DAY0 + 7 * CLOCK_DAY + i * CLOCK_HOUR},
			NULL);
		fixture_commit(&f);
		assert_true(i == 2 || store_clock(f.store) == DAY0);
	}
	assert_true(store_clock(f.store) == DAY0 + 7 * CLOCK_DAY);
	store_close(f.store);
	fixture_open(&f);
	assert_true(store_clock(f.store) == DAY0 + 7 * CLOCK_DAY);
	r = fixture_reader(&f);
	check(reader_clock(r, true, &now, &e), &e);
	assert_true(now == DAY0 + 7 * CLOCK_DAY);
	reader_close(r);
}

static void tell(const char *hex, const char *who, const char *folder, const char *active)
{
	_buf_ struct buf body = {0}, reply = {0};
	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(hex),
			.who = slice_of(who),
			.reason = SLICE("pourquoi"),
			.folder = slice_of(folder)});
	assert_int_equal(ask(&f, REQUEST_BUNDLE, buf_slice(&body), &reply), 0);
	assert_true(slice_is(buf_slice(&reply), active));
}

static void publish(const char *hex, const char *who, bool from_folder, const char *active)
{
	tell(hex, who, from_folder ? hex : "", active);
}

static int add_publication(void *user, const struct publication *p)
{
	buf_printf(user, "%.4s %.*s/%.*s ", p->hash.p, (int)p->who.n, p->who.p, (int)p->reason.n,
		p->reason.p);
	return 0;
}

#define A "aaaa2233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define B "bbbb2233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void the_bundle_is_kept(void **state)
{
	_buf_ struct buf reply = {0}, log = {0};
	struct reader *r;
	struct error e = {""};
	char found[65];

	(void)state;
	assert_int_equal(ask(&f, REQUEST_BUNDLE, (struct slice){0}, &reply), 0);
	assert_int_equal(reply.n, 0);
	publish(A, "run", true, A);
	publish(B, "jeanne", false, B);
	store_close(f.store);
	fixture_open(&f);
	r = fixture_reader(&f);
	check(reader_bundle(r, found, &e), &e);
	assert_string_equal(found, B);
	assert_non_null(store_bundle(f.store));
	publish(A, "run", true, B); /* the folder says nothing new: what jeanne pushed stays */
	publish(A, "paul", false, A);
	publish(A, "paul", false, A); /* asked again */
	publish(B, "run", true, B); /* it says something new */
	check(reader_publications(r, 10, add_publication, &log, &e), &e);
	assert_string_equal(buf_string(&log),
		"bbbb run/pourquoi aaaa paul/pourquoi bbbb jeanne/pourquoi aaaa run/pourquoi ");
	reader_close(r);
}

static int publish_over(const char *hex, const char *over)
{
	_buf_ struct buf body = {0}, reply = {0};
	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(hex),
			.who = SLICE("jeanne"),
			.reason = SLICE("pourquoi"),
			.over = slice_of(over)});
	return ask(&f, REQUEST_BUNDLE, buf_slice(&body), &reply);
}

static void a_bundle_over_another_is_refused(void **state)
{
	struct error e = {""};
	char found[65];
	struct reader *r;

	(void)state;
	assert_int_equal(publish_over(A, B), -ESTALE); /* nothing is active */
	publish(A, "paul", false, A);
	assert_int_equal(publish_over(B, B), -ESTALE);
	r = fixture_reader(&f);
	check(reader_bundle(r, found, &e), &e);
	assert_string_equal(found, A);
	assert_int_equal(publish_over(A, B), 0); /* asked for what is so already */
	assert_int_equal(publish_over(B, A), 0);
	check(reader_bundle(r, found, &e), &e);
	assert_string_equal(found, B);
	reader_close(r);
}

static void a_foreign_key_is_refused(void **state)
{
	_free_ char *path = xasprintf("%s/author.key", f.dir);
	struct error e = {""};

	(void)state;
	store_close(f.store);
	f.store = NULL;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_open(&f.spec, &f.store, &e), -EPROTO);
	f.store = NULL;
}

static void a_copy_is_whole(void **state)
{
	_free_ char *folder = xasprintf("%s/copie", f.dir);
	struct fixture copy = {0};
	struct error e = {""};

	(void)state;
	feed_text(&f, "1", "Bonjour");
	fixture_commit(&f);
	check(file_make_folder(folder, 0700, &e), &e);
	check(reader_backup(f.dir, folder, &e), &e);
	feed_text(&f, "2", "après");
	fixture_commit(&f);
	copy.spec = f.spec;
	copy.spec.state_dir = folder;
	fixture_open(&copy);
	assert_int_equal(store_last_seq(copy.store), 1);
	store_close(copy.store);
	assert_true(reader_backup(f.dir, folder, &e) < 0); /* never over another copy */
	assert_int_equal(store_last_seq(f.store), 2);
}

/* What the live journal numbered after the copy was made must not be numbered so again by the copy. */
static void a_copied_journal_numbers_anew(void **state)
{
	_free_ char *folder = xasprintf("%s/copie", f.dir);
	_free_ char *path = xasprintf("%s/journal.db", f.dir);
	_free_ char *copied = xasprintf("%s/journal.db", folder);
	struct journal *j = NULL, *copy = NULL;
	uint64_t waiting, live, again, lowest, n;
	struct journal_batch b;
	struct error e = {""};

	(void)state;
	feed_text(&f, "1", "Bonjour");
	check(journal_open(path, &j, &e), &e);
	check(journal_begin(j, &e), &e);
	check(journal_add(j, DAY0, buf_slice(&f.items), 1, &waiting, &e), &e);
	check(journal_commit(j, &e), &e);
	check(file_make_folder(folder, 0700, &e), &e);
	check(reader_backup(f.dir, folder, &e), &e);
	check(journal_begin(j, &e), &e);
	check(journal_add(j, DAY0, buf_slice(&f.items), 1, &live, &e), &e);
	check(journal_commit(j, &e), &e);
	check(journal_open(copied, &copy, &e), &e);
	check(journal_waiting(copy, &n, &lowest, &e), &e);
	assert_true(n == 1 && lowest == waiting);
	check(journal_next(copy, 0, &b, &e), &e);
	assert_true(b.id == waiting && b.count == 1);
	check(journal_begin(copy, &e), &e);
	check(journal_add(copy, DAY0, buf_slice(&f.items), 1, &again, &e), &e);
	check(journal_commit(copy, &e), &e);
	assert_true(again > live + 1000000);
	assert_int_equal(again >> 32, live >> 32);
	journal_close(copy);
	journal_close(j);
}

static void a_category_is_of_the_law(void **state)
{
	const struct {
		const char *category;
		int answer;
	} cases[] = {{"bananes", -EINVAL}, {"critique_politique", -EINVAL}, {"MENACE", -EINVAL},
		{"menace", 0}, {"", 0}};

	(void)state;
	feed_text(&f, "1", "un texte");
	fixture_commit(&f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf body = {0};
		decide_encode(&body,
			&(struct decide_request){.seq = 1,
				.decision = SLICE("masquer"),
				.who = SLICE("lea"),
				.category = slice_of(cases[i].category)});
		assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), cases[i].answer);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_closes_unheard_keeps_its_figures),
		TEST(an_incident_lives_once),
		TEST(acknowledging),
		TEST(a_p1_is_an_incident),
		TEST(a_p1_that_grows_breaks_its_ack),
		TEST(threats_of_unknown_authors_ring_each),
		TEST(a_flood_of_threats_is_a_series),
		TEST(old_threats_are_a_series_too),
		cmocka_unit_test_setup_teardown(
			threats_of_a_month_ring_each, start_event, fixture_teardown),
		TEST(what_is_needless_is_dropped_with_a_trace),
		TEST(a_delivery_is_never_twice_silently),
		TEST(what_goes_together_is_told_together),
		TEST(one_message_has_one_moment),
		TEST(a_clock_put_back_holds_nothing_up),
		TEST(a_clock_put_back_silences_nothing),
		cmocka_unit_test_setup_teardown(
			the_event_clock_is_no_machine_clock, start_event, fixture_teardown),
		TEST(a_refused_delivery_is_a_dead_letter),
		TEST(notes_and_silences_are_written_once),
		TEST(what_was_closed_is_opened_again),
		TEST(a_reopening_ends_the_silence),
		TEST(wording_and_instruction_are_versions),
		TEST(a_version_comes_over_the_one_that_was_read),
		cmocka_unit_test_setup_teardown(a_promised_point_is_kept_by_what_people_write_then,
			start_event, fixture_teardown),
		TEST(hostile_bodies_are_refused),
		TEST(a_category_is_of_the_law),
		cmocka_unit_test_setup_teardown(
			the_town_clock_follows_plausible_times, start_event, fixture_teardown),
		TEST(the_bundle_is_kept),
		TEST(a_bundle_over_another_is_refused),
		TEST(a_foreign_key_is_refused),
		TEST(a_copy_is_whole),
		TEST(a_copied_journal_numbers_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
