/* SPDX-License-Identifier: GPL-3.0-or-later
 * Drills: one of each level at a time, marked whatever they are called, ended by whoever answers; and known as
 * such among the deliveries. */
#include "single.h"

struct answer {
	int64_t id, at;
	bool fresh;
};

static int drill(const char *level, const char *title, struct answer *ret)
{
	_buf_ struct buf body = {0}, reply = {0};

	drill_encode(&body,
		&(struct drill_request){
			.level = slice_of(level), .title = slice_of(title), .who = SLICE("lea")});
	int r = ask(&f, REQUEST_DRILL, buf_slice(&body), &reply);
	if (r == 0) {
		struct wire w = wire_reader(buf_slice(&reply));
		*ret = (struct answer){wire_i64(&w), wire_i64(&w), wire_u8(&w)};
		assert_true(wire_done(&w));
	}
	return r;
}

static int see(void *user, const struct incident *i)
{
	struct incident *copy = user;
	static char topic[64], title[64];

	*copy = *i;
	snprintf(topic, sizeof(topic), "%.*s", (int)i->topic.n, i->topic.p);
	snprintf(title, sizeof(title), "%.*s", (int)i->title.n, i->title.p);
	copy->topic = slice_of(topic);
	copy->title = slice_of(title);
	return 0;
}

static struct incident incident(int64_t id)
{
	struct reader *r = fixture_reader(&f);
	struct incident i = {0};
	struct error e = {""};

	check(reader_incident(r, id, see, &i, &e), &e);
	reader_close(r);
	return i;
}

static void a_drill_is_marked_and_opened_once(void **state)
{
	struct answer first, again, other;
	struct incident i;

	(void)state;
	assert_int_equal(drill("orange", "Peupliers", &first), 0);
	assert_true(first.fresh && first.at > 0);
	i = incident(first.id);
	assert_int_equal(i.kind, INCIDENT_DRILL);
	assert_int_equal(i.level, LEVEL_ORANGE);
	assert_true(slice_is(i.topic, "exercice:orange"));
	assert_true(slice_is(i.title, "EXERCICE · Peupliers"));
	assert_true(slice_is(incident_subject(&i), "Peupliers"));
	assert_int_equal(drill("orange", "autre", &again), 0);
	assert_true(again.id == first.id && again.at == first.at && !again.fresh);
	assert_int_equal(drill("P1", "", &other), 0);
	i = incident(other.id);
	assert_true(other.fresh && incident_urgent(&i));
	assert_true(slice_is(i.title, INCIDENT_DRILL_MARK));
	assert_int_equal(drill("vert", "", &other), -EBADMSG);
	assert_int_equal(drill("violet", "", &other), -EBADMSG);
}

static int see_kind(void *user, const struct incident_entry *x)
{
	strcat(user, entry_kind_names[x->kind]);
	strcat(user, ":");
	strncat(user, x->who.p, x->who.n);
	strcat(user, " ");
	return 0;
}

static void whoever_answers_ends_it(void **state)
{
	struct answer a, b;
	char text[256] = "";
	struct error e = {""};
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(drill("rouge", "", &a), 0);
	ack_encode(&body, &(struct ack_request){.incident = a.id, .who = SLICE("marc")});
	assert_int_equal(ask(&f, REQUEST_ACK, buf_slice(&body), NULL), 0);
	assert_int_equal(ask(&f, REQUEST_ACK, buf_slice(&body), NULL), 0);
	assert_int_equal(incident(a.id).state, INCIDENT_CLOSED);
	struct reader *r = fixture_reader(&f);
	check(reader_entries(r, a.id, see_kind, text, &e), &e);
	reader_close(r);
	assert_string_equal(text, "opened:lea acked:marc closed:marc ");
	assert_int_equal(drill("rouge", "", &b), 0);
	assert_true(b.fresh && b.id != a.id);
}

static int see_row(void *user, const struct outbox_open *o)
{
	char *text = user;

	assert_true(o->ready);
	strncat(text, o->key.p, o->key.n);
	strcat(text, o->urgent ? "!" : "");
	strcat(text, o->drill ? ":exercice " : " ");
	return 0;
}

/* Whoever decides what goes first sees what is a drill's, and what is urgent. */
static void rows_of_a_drill_are_known(void **state)
{
	struct answer a;
	struct observation o = {.action = OBSERVE_OPEN,
		.level = LEVEL_ORANGE,
		.topic = SLICE("demolition"),
		.title = SLICE("Démolition"),
		.facts = {.at = 60000}};
	const struct observe_request q = {.minute = 60000, .list = &o, .n = 1};
	struct outbox_row rows[] = {{.key = SLICE("e1")}, {.key = SLICE("vraie"), .urgent = 1},
		{.key = SLICE("autre")}};
	_buf_ struct buf body = {0};
	char text[64] = "";
	struct error e = {""};

	(void)state;
	assert_int_equal(drill("orange", "", &a), 0);
	observe_encode(&body, &q);
	assert_int_equal(ask(&f, REQUEST_OBSERVE, buf_slice(&body), NULL), 0);
	rows[0].incident = a.id;
	rows[1].incident = a.id + 1;
	buf_clear(&body);
	outbox_rows_encode(&body, rows, 3);
	assert_int_equal(ask(&f, REQUEST_OUTBOX_ADD, buf_slice(&body), NULL), 0);
	struct reader *r = fixture_reader(&f);
	check(reader_outbox_open(r, clock_now(), clock_now(), see_row, text, &e), &e);
	assert_string_equal(text, "e1:exercice vraie! autre ");
	reader_close(r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_drill_is_marked_and_opened_once),
		TEST(whoever_answers_ends_it), TEST(rows_of_a_drill_are_known)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
