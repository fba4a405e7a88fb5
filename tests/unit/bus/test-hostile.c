/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever a broken or foreign program sends: dropped and counted, nothing else. Runs under the sanitizers too. */
#include "place.h"

#include <zmq.h>

#include <tocsin/base/alloc.h>
#include <tocsin/bus/commit.h>
#include <tocsin/bus/put_server.h>
#include <tocsin/bus/seam.h>
#include <tocsin/record/wire.h>

#define ROUNDS 4000

struct both {
	struct put_server *put;
	struct commit_server *commit;
	struct seam *work;
	uint64_t puts, results, requests, events;
	size_t bytes; /* touched */
};

static size_t touch(struct slice s)
{
	size_t sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += (unsigned char)s.p[i];
	return sum;
}

static void on_put(void *user, const struct put_peer *from, const struct put_message *m)
{
	struct both *b = user;

	b->puts++;
	b->bytes += touch(m->source) + touch(m->cursor) + touch(m->items);
	put_answer(b->put, from, (enum put_status)(b->puts % 4), 1);
}

static void on_turn(void *user)
{
	(void)user;
}

static void on_cursor(void *user, struct slice source, struct buf *cursor)
{
	((struct both *)user)->bytes += touch(source);
	buf_add_string(cursor, "c");
}

static void on_result(void *user, const struct commit_peer *from, const struct result *r)
{
	struct both *b = user;
	const struct committed c = {r->batch, r->first, r->count};

	b->results++;
	b->bytes += touch(r->items) + touch(r->verdicts);
	commit_say(b->commit, from, &c);
}

static void on_request(
	void *user, const struct commit_peer *from, enum request_verb verb, struct slice body)
{
	struct both *b = user;

	b->requests++;
	b->bytes += touch(body) + (unsigned)verb;
	commit_reply(b->commit, from, 0, body);
}

static void on_event(void *user, const struct seam_event *ev)
{
	((struct both *)user)->events++;
	assert_true(ev->end <= SEAM_LOST);
}

static void open_all(struct place *p, struct both *b)
{
	const struct put_server_spec put = {.on_put = on_put,
		.on_turn = on_turn,
		.on_cursor = on_cursor,
		.gather = 100,
		.gather_bytes = 1 << 20,
		.user = b};
	const struct commit_server_spec commit = {.on_result = on_result,
		.on_turn = on_turn,
		.on_request = on_request,
		.gather = 100,
		.user = b};

	assert_int_equal(put_bind(p->bus, &put, &b->put, &p->e), 0);
	assert_int_equal(commit_bind(p->bus, &commit, &b->commit, &p->e), 0);
	assert_int_equal(seam_producer_open(p->bus, 30000, on_event, b, &b->work, &p->e), 0);
}

/* Ours in its first bytes, mostly, and anything behind. */
static size_t make(char out[512])
{
	size_t n = (size_t)rand() % 400;

	for (size_t i = 0; i < n; i++)
		out[i] = (char)(rand() % 3 ? rand() : rand() % 8);
	if (n > 1 && rand() % 10) {
		out[0] = BUS_VERSION;
		out[1] = (char)(1 + rand() % 18);
	}
	return n;
}

static void shout(struct place *p, const char *channel)
{
	_free_ char *address = xasprintf("ipc://%s/bus/%s", p->dir, channel);
	void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
	char bytes[512];

	assert_int_equal(zmq_connect(socket, address), 0);
	for (int i = 0; i < ROUNDS; i++) {
		int more = rand() % 20 == 0 ? ZMQ_SNDMORE : 0;

		(void)zmq_send(socket, bytes, make(bytes), more | ZMQ_DONTWAIT);
		if (i % 50 == 0)
			turn_for(p, 1);
	}
	turn_for(p, 100);
	zmq_setsockopt(socket, ZMQ_LINGER, &(int){0}, sizeof(int));
	zmq_close(socket);
	zmq_ctx_term(context);
}

static void servers_stand(void **state)
{
	static const char *const channels[] = {"put", "commit", "work"};
	struct place *p = place_new();
	struct both b = {0};
	uint64_t before = 0;

	(void)state;
	srand(20261124);
	open_all(p, &b);
	for (size_t i = 0; i < 3; i++) {
		shout(p, channels[i]);
		assert_true(bus_rejected(p->bus) > before + 100);
		before = bus_rejected(p->bus);
	}
	assert_true(b.puts > 0 && b.results > 0 && b.requests > 0);
	put_unbind(b.put);
	commit_unbind(b.commit);
	b.work->ops->close(b.work);
	place_free(p);
}

static void no_ack(void *user, const struct put_ack *ack)
{
	(void)user;
	assert_true(ack->status <= PUT_LOST);
}

static void on_delivery(void *user, const struct delivery *d)
{
	*(size_t *)user += touch(d->items);
}

static void on_committed(void *user, const struct committed *c)
{
	*(size_t *)user += c->count;
}

static void on_bundle(void *user, const unsigned char hash[BUS_BUNDLE])
{
	*(size_t *)user += hash[BUS_BUNDLE - 1];
}

/* A foreign server on each channel: clients connect to it and hear nonsense. */
static void clients_stand(void **state)
{
	static const char *const channels[] = {"put", "commit", "work"};
	struct place *p = place_new();
	size_t sum = 0;
	const struct commit_client_spec spec = {
		.name = "t", .on_committed = on_committed, .on_bundle = on_bundle, .user = &sum};
	struct commit_client *commit;
	struct seam *work;
	struct put *put;
	void *context = zmq_ctx_new(), *sockets[3];
	char bytes[512];

	(void)state;
	srand(7);
	for (size_t i = 0; i < 3; i++) {
		_free_ char *address = xasprintf("ipc://%s/bus/%s", p->dir, channels[i]);

		sockets[i] = zmq_socket(context, ZMQ_DEALER);
		assert_int_equal(zmq_bind(sockets[i], address), 0);
	}
	assert_int_equal(put_open(p->bus, "t", no_ack, &sum, &put, &p->e), 0);
	assert_int_equal(commit_open(p->bus, &spec, &commit, &p->e), 0);
	assert_int_equal(seam_consumer_open(p->bus, "t", on_delivery, &sum, &work, &p->e), 0);
	turn_for(p, 200);
	for (int i = 0; i < ROUNDS; i++) {
		for (size_t s = 0; s < 3; s++)
			(void)zmq_send(sockets[s], bytes, make(bytes), ZMQ_DONTWAIT);
		if (i % 50 == 0)
			turn_for(p, 1);
	}
	turn_for(p, 100);
	assert_true(bus_rejected(p->bus) > 1000);
	assert_true(sum > 0);
	for (size_t i = 0; i < 3; i++) {
		zmq_setsockopt(sockets[i], ZMQ_LINGER, &(int){0}, sizeof(int));
		zmq_close(sockets[i]);
	}
	put_close(put);
	commit_close(commit);
	work->ops->close(work);
	zmq_ctx_term(context);
	place_free(p);
}

/* A message over the limit cuts its sender off; others do not notice. */
static void too_large_is_cut_off(void **state)
{
	struct place *p = place_new();
	struct both b = {0};
	_free_ char *address = xasprintf("ipc://%s/bus/put", p->dir);
	void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
	size_t n = BUS_MESSAGE_MAX + 1;
	char *big = calloc(1, n);
	struct put *put;
	uint64_t number;
	int64_t end = clock_monotonic() + 5000;

	(void)state;
	open_all(p, &b);
	assert_int_equal(zmq_connect(socket, address), 0);
	assert_int_equal(zmq_send(socket, big, n, 0), (int)n);
	turn_for(p, 300);
	assert_int_equal(b.puts, 0);
	assert_int_equal(put_open(p->bus, "t", no_ack, &b, &put, &p->e), 0);
	while (put_send(put, SLICE("s"), SLICE("x"), 1, SLICE(""), &number) != 0 &&
		clock_monotonic() < end)
		turn_for(p, 10);
	turn_until(p, b.puts == 1);
	put_close(put);
	put_unbind(b.put);
	commit_unbind(b.commit);
	b.work->ops->close(b.work);
	zmq_setsockopt(socket, ZMQ_LINGER, &(int){0}, sizeof(int));
	zmq_close(socket);
	zmq_ctx_term(context);
	place_free(p);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_stand),
		cmocka_unit_test(clients_stand),
		cmocka_unit_test(too_large_is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
