/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/bus/commit.h>

#include <errno.h>

#include <tocsin/base/alloc.h>

#include "commit_ask.h"
#include "commit_messages.h"

struct commit_client {
	struct bus *bus;
	struct bus_socket *socket, *asker;
	struct asker *calls; /* those that nobody waits for in place; NULL: none so far */
	struct commit_client_spec spec;
	char *name;
	uint64_t epoch;
	int timer;
};

static void tick(void *user)
{
	struct commit_client *c = user;
	struct buf *out = socket_message(c->socket, MESSAGE_HELLO);

	wire_put_bytes(out, slice_of(c->name));
	wire_put_u8(out, c->spec.all_ranges);
	wire_put_u64(out, c->epoch);
	c->timer = bus_timer(
		c->bus, socket_send(c->socket, NULL) ? BUS_RETRY_MS : BUS_TICK_MS, 0, tick, c);
}

static void welcome(struct commit_client *c, struct wire *w)
{
	unsigned char bundle[BUS_BUNDLE];
	uint64_t epoch = wire_u64(w);
	bool has = wire_u8(w);

	if (has)
		read_bundle(w, bundle);
	if (!wire_done(w)) {
		socket_reject(c->socket);
		return;
	}
	c->epoch = epoch;
	if (c->spec.on_connected)
		c->spec.on_connected(c->spec.user);
	if (has && c->spec.on_bundle)
		c->spec.on_bundle(c->spec.user, bundle);
}

static void committed(struct commit_client *c, struct wire *w)
{
	struct committed range = {.batch = wire_u64(w)};

	range.first = read_u32(w);
	range.count = read_u32(w);
	if (!wire_done(w)) {
		socket_reject(c->socket);
		return;
	}
	if (c->spec.on_committed)
		c->spec.on_committed(c->spec.user, &range);
}

static void bundle(struct commit_client *c, struct wire *w)
{
	unsigned char hash[BUS_BUNDLE];

	read_bundle(w, hash);
	if (!wire_done(w)) {
		socket_reject(c->socket);
		return;
	}
	if (c->spec.on_bundle)
		c->spec.on_bundle(c->spec.user, hash);
}

static void ready(void *user)
{
	struct commit_client *c = user;
	struct message m;

	for (int i = 0; i < BUS_ROUND && socket_receive(c->socket, &m) == 0; i++) {
		switch (m.type) {
		case MESSAGE_WELCOME: welcome(c, &m.body); break;
		case MESSAGE_COMMITTED: committed(c, &m.body); break;
		case MESSAGE_BUNDLE: bundle(c, &m.body); break;
		case MESSAGE_BYE_OK: break;
		default: socket_reject(c->socket);
		}
		zmq_msg_close(&m.raw);
	}
}

int commit_open(struct bus *b, const struct commit_client_spec *spec, struct commit_client **ret,
	struct error *e)
{
	struct commit_client *c = xcalloc(1, sizeof(*c));
	const struct socket_spec socket = {.type = ZMQ_DEALER,
		.channel = COMMIT_CHANNEL,
		.receive_limit = 100000, /* COMMITTED: small, and store does not wait for us */
		.ready = ready,
		.user = c};
	int r;

	r = socket_open(b, &socket, &c->socket, e);
	if (r < 0) {
		free(c);
		return r;
	}
	c->bus = b;
	c->spec = *spec;
	c->name = xstrdup(spec->name);
	c->timer = bus_timer(b, 0, 0, tick, c);
	*ret = c;
	return 0;
}

struct commit_client *commit_close(struct commit_client *c)
{
	if (!c)
		return NULL;
	bus_timer_cancel(c->bus, c->timer);
	socket_goodbye(c->socket);
	asker_free(c->calls);
	socket_close(c->asker);
	socket_close(c->socket);
	free(c->name);
	free(c);
	return NULL;
}

int commit_send(struct commit_client *c, const struct result *r)
{
	struct buf *out = socket_message(c->socket, (enum message_type)MESSAGE_RESULT);

	wire_put_u64(out, r->batch);
	wire_put_varint(out, r->first);
	wire_put_varint(out, r->count);
	wire_put_i64(out, r->accepted_at);
	buf_add(out, r->bundle, BUS_BUNDLE);
	wire_put_bytes(out, r->items);
	buf_add_slice(out, r->verdicts);
	return socket_send(c->socket, NULL);
}

int commit_tell(struct commit_client *c, enum request_verb verb, struct slice body)
{
	struct buf *out = socket_message(c->socket, (enum message_type)MESSAGE_TELL);

	wire_put_u8(out, (uint8_t)verb);
	buf_add_slice(out, body);
	return socket_send(c->socket, NULL);
}

int commit_request(struct commit_client *c, enum request_verb verb, struct slice body,
	int64_t timeout_ms, struct buf *reply, struct error *e)
{
	_buf_ struct buf question = {0}, answer = {0};
	struct slice said;
	int r;

	wire_put_u8(&question, (uint8_t)verb);
	buf_add_slice(&question, body);
	r = socket_ask(
		c->bus, &c->asker, COMMIT_CHANNEL, buf_slice(&question), timeout_ms, &answer, e);
	if (r != 0)
		return r;
	r = reply_read(buf_slice(&answer), &said, e);
	if (r == 0)
		buf_add_slice(reply, said);
	return r;
}

int commit_ask(struct commit_client *c, enum request_verb verb, struct slice body,
	int64_t timeout_ms, commit_done_fn *done, void *user)
{
	if (!c->calls)
		c->calls = asker_new(c->bus);
	return asker_ask(c->calls, verb, body, timeout_ms, done, user);
}
