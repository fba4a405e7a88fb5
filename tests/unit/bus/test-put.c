/* SPDX-License-Identifier: GPL-3.0-or-later
 * `put`: nothing counts as taken before its answer, and every PUT has exactly one. */
#include "other.h"

#include <tocsin/bus/put_server.h>
#include <tocsin/record/batch.h>

struct side {
	struct put_server *server;
	struct put_peer from[1000];
	char text[1000][32];
	uint32_t n, turns, at_once, answered;
	bool hold; /* don't answer */
	uint32_t fail_at; /* this PUT, counted from 1, is not taken */
	uint32_t ahead; /* came while one that was sent before was counted on and not there */
	bool lost_one;
	struct put_ack acks[2000];
	uint32_t n_acks;
};

static void on_put(void *user, const struct put_peer *from, const struct put_message *m)
{
	struct side *s = user;

	s->from[s->n] = *from;
	snprintf(s->text[s->n], sizeof(s->text[0]), "%.*s/%.*s/%zu", (int)m->source.n, m->source.p,
		(int)m->cursor.n, m->cursor.p, m->items.n);
	s->n++;
	s->ahead += s->lost_one && s->n_acks == 0;
}

static void on_turn(void *user)
{
	struct side *s = user;

	s->turns++;
	if (s->n - s->answered > s->at_once)
		s->at_once = s->n - s->answered;
	while (!s->hold && s->answered < s->n) {
		put_answer(s->server, &s->from[s->answered],
			s->answered + 1 == s->fail_at ? PUT_FULL : PUT_OK, 5);
		s->answered++;
	}
}

static void on_cursor(void *user, struct slice source, struct buf *cursor)
{
	(void)user;
	if (slice_is(source, "facebook"))
		buf_add_string(cursor, "line 42");
}

static void on_ack(void *user, const struct put_ack *ack)
{
	struct side *s = user;

	s->acks[s->n_acks++] = *ack;
}

static int bind_server(struct place *p, struct side *s)
{
	const struct put_server_spec spec = {.on_put = on_put,
		.on_turn = on_turn,
		.on_cursor = on_cursor,
		.gather = 8192,
		.gather_bytes = 1 << 24,
		.user = s};

	return put_bind(p->bus, &spec, &s->server, &p->e);
}

static void send_one(struct place *p, struct put *put, struct slice cursor, uint64_t *number)
{
	int64_t end = clock_monotonic() + 5000;
	int r;

	while ((r = put_send(put, SLICE("facebook"), SLICE("items"), 1, cursor, number)) ==
			BUS_FULL &&
		clock_monotonic() < end)
		assert_int_equal(bus_turn(p->bus, 10), 0);
	assert_int_equal(r, 0);
}

static void taken_and_answered(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct put *put;
	uint64_t number;

	(void)state;
	assert_int_equal(put_open(p->bus, "connect.test", on_ack, s, &put, &p->e), 0);
	/* nobody is there: nothing is queued in secret */
	assert_int_equal(put_send(put, SLICE("f"), SLICE("x"), 1, SLICE(""), &number), BUS_FULL);
	assert_int_equal(bind_server(p, s), 0);
	for (int i = 0; i < 100; i++)
		send_one(p, put, SLICE("c7"), &number);
	turn_until(p, s->n_acks == 100);
	assert_string_equal(s->text[0], "facebook/c7/5");
	assert_int_equal(s->acks[99].number, number);
	assert_int_equal(s->acks[99].status, PUT_OK);
	assert_int_equal(put_waiting(put, NULL), 0);
	/* those that wait together are one group */
	for (int i = 0; i < 50; i++)
		send_one(p, put, SLICE(""), &number);
	turn_until(p, s->n_acks == 150);
	assert_true(s->at_once > 1);
	put_close(put);
	put_unbind(s->server);
	place_free(p);
	free(s);
}

static void window_is_bounded(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct put *put;
	uint64_t number, sent = 0;
	int64_t oldest;

	(void)state;
	s->hold = true;
	assert_int_equal(bind_server(p, s), 0);
	assert_int_equal(put_open(p->bus, "t", on_ack, s, &put, &p->e), 0);
	send_one(p, put, SLICE(""), &number);
	/* as many as it takes, and then no more however often one asks */
	int64_t end = clock_monotonic() + 10000;
	for (int after = 0; after < 500 && clock_monotonic() < end;) {
		sent += put_send(put, SLICE("f"), SLICE("x"), 1, SLICE(""), &number) == 0;
		after += put_waiting(put, &oldest) >= 256;
		assert_int_equal(bus_turn(p->bus, 0), 0);
	}
	assert_int_equal(sent, 255);
	assert_int_equal(put_waiting(put, &oldest), 256);
	turn_for(p, 20);
	assert_true(put_waiting(put, &oldest) && oldest >= 20);
	put_close(put);
	put_unbind(s->server);
	place_free(p);
	free(s);
}

static void restart_loses_none_silently(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct put *put;
	uint64_t number;

	(void)state;
	s->hold = true;
	assert_int_equal(bind_server(p, s), 0);
	assert_int_equal(put_open(p->bus, "t", on_ack, s, &put, &p->e), 0);
	for (int i = 0; i < 10; i++)
		send_one(p, put, SLICE(""), &number);
	turn_until(p, s->n == 10);
	turn_for(p, 300); /* hello has been answered: the epoch is known */
	put_unbind(s->server);
	assert_int_equal(bind_server(p, s), 0);
	turn_until(p, s->n_acks == 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(s->acks[i].status, PUT_LOST);
	assert_int_equal(put_waiting(put, NULL), 0);
	s->hold = false;
	s->answered = s->n;
	send_one(p, put, SLICE(""), &number);
	turn_until(p, s->n_acks == 11);
	assert_int_equal(s->acks[10].status, PUT_OK);
	put_close(put);
	put_unbind(s->server);
	place_free(p);
	free(s);
}

/* The first PUT dies with the old server. Before its sender knows, the second, whose cursor says that both were
 * read, comes to the new one: a death of the sender then would lose the first for ever. */
static void nothing_overtakes_a_lost_one(void **state)
{
	(void)state;
	for (int round = 0; round < 6; round++) {
		struct place *p = place_new();
		struct side *s = calloc(1, sizeof(*s));
		struct put *put;
		uint64_t number;

		s->hold = true;
		assert_int_equal(bind_server(p, s), 0);
		assert_int_equal(put_open(p->bus, "t", on_ack, s, &put, &p->e), 0);
		send_one(p, put, SLICE("c1"), &number);
		turn_until(p, s->n == 1);
		turn_for(p, 300 + 40 * round); /* HELLO comes round again at another time */
		put_unbind(s->server);
		s->hold = false;
		s->lost_one = true;
		s->answered = s->n;
		assert_int_equal(bind_server(p, s), 0);
		send_one(p, put, SLICE("c2"), &number);
		turn_until(p, s->n_acks >= 2);
		assert_int_equal(s->ahead, 0);
		assert_int_equal(s->acks[0].status, PUT_LOST);
		assert_int_equal(s->acks[0].number, number - 1);
		/* again, in order: both are taken */
		send_one(p, put, SLICE("c1"), &number);
		send_one(p, put, SLICE("c2"), &number);
		turn_until(p, put_waiting(put, NULL) == 0);
		assert_int_equal(s->acks[s->n_acks - 1].status, PUT_OK);
		assert_int_equal(s->acks[s->n_acks - 2].status, PUT_OK);
		put_close(put);
		put_unbind(s->server);
		place_free(p);
		free(s);
	}
}

static void after_a_failure_nothing_overtakes(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct put *put;
	uint64_t number, first;

	(void)state;
	assert_int_equal(bind_server(p, s), 0);
	assert_int_equal(put_open(p->bus, "t", on_ack, s, &put, &p->e), 0);
	send_one(p, put, SLICE(""), &first);
	turn_until(p, s->n_acks == 1);
	s->fail_at = 2;
	send_one(p, put, SLICE(""), &number); /* not taken, and when its answer is … */
	turn_until(p, s->n == 2);
	for (int i = 0; i < 5; i++) /* … on its way, these follow */
		assert_int_equal(put_send(put, SLICE("f"), SLICE("x"), 1, SLICE(""), &number), 0);
	turn_until(p, s->n_acks == 7);
	assert_int_equal(s->n, 2);
	assert_int_equal(s->acks[1].status, PUT_FULL);
	assert_int_equal(s->acks[1].retry_ms, 5);
	for (int i = 2; i < 7; i++) {
		assert_int_equal(s->acks[i].number, first + (uint64_t)i);
		assert_int_equal(s->acks[i].status, PUT_FULL);
		assert_int_equal(s->acks[i].retry_ms, 0);
	}
	send_one(p, put, SLICE(""), &number);
	turn_until(p, s->n_acks == 8);
	assert_int_equal(s->acks[7].status, PUT_OK);
	put_close(put);
	put_unbind(s->server);
	place_free(p);
	free(s);
}

/* The server in another process: put_cursor runs no callback here. */
static int be_server(const char *dir)
{
	struct place p = {0};
	struct side *s = calloc(1, sizeof(*s));

	if (bus_new(dir, &p.bus, &p.e) < 0 || bind_server(&p, s) < 0 || other_live(p.bus) < 0)
		return 1;
	put_unbind(s->server);
	bus_free(p.bus);
	free(s);
	return 0;
}

static void cursors(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	_buf_ struct buf cursor = {0};
	struct put *put;
	struct other server = other_start(p, "server");

	(void)state;
	assert_int_equal(put_open(p->bus, "t", on_ack, s, &put, &p->e), 0);
	assert_int_equal(put_cursor(put, SLICE("facebook"), 20000, &cursor), 0);
	assert_true(slice_is(buf_slice(&cursor), "line 42"));
	buf_clear(&cursor);
	assert_int_equal(put_cursor(put, SLICE("other"), 20000, &cursor), 0);
	assert_int_equal(cursor.n, 0);
	assert_int_equal(other_ends(&server), 0);
	assert_int_equal(put_cursor(put, SLICE("facebook"), 200, &cursor), BUS_TIMEOUT);
	put_close(put);
	place_free(p);
	free(s);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return be_server(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_and_answered),
		cmocka_unit_test(window_is_bounded),
		cmocka_unit_test(restart_loses_none_silently),
		cmocka_unit_test(nothing_overtakes_a_lost_one),
		cmocka_unit_test(after_a_failure_nothing_overtakes),
		cmocka_unit_test(cursors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
