/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/bus/put_server.h>

#include <tocsin/base/alloc.h>
#include <tocsin/record/batch.h>

#include "put_messages.h"
#include "turns.h"

struct put_server {
	struct turns turns;
	struct put_server_spec spec;
};

static void hello(struct put_server *s, struct message *m)
{
	struct peer *peer = peers_at(&s->turns.peers, &m->from);
	uint64_t epoch;
	struct buf *out;

	wire_bytes(&m->body);
	epoch = wire_u64(&m->body);
	if (!wire_done(&m->body)) {
		socket_reject(s->turns.socket);
		return;
	}
	if (peer->known && epoch == s->turns.epoch)
		return;
	out = socket_message(s->turns.socket, MESSAGE_WELCOME);
	wire_put_u64(out, s->turns.epoch);
	peer->known = socket_send(s->turns.socket, &m->from) == 0;
}

static void ask(struct put_server *s, struct message *m)
{
	uint64_t number = wire_u64(&m->body);
	struct slice source = wire_bytes(&m->body);
	struct buf *out;

	if (!wire_done(&m->body)) {
		socket_reject(s->turns.socket);
		return;
	}
	if (!peers_ask(&s->turns.peers, &m->from, number))
		return;
	out = socket_message(s->turns.socket, MESSAGE_REPLY);
	wire_put_u64(out, number);
	s->spec.on_cursor(s->spec.user, source, out);
	if (socket_send(s->turns.socket, &m->from) != 0)
		return; /* it asks again */
}

/* True when the message is kept. */
static bool put(struct put_server *s, struct message *m)
{
	struct put_peer from = {.n = m->from.n, .number = wire_u64(&m->body)};
	uint64_t seen = wire_u64(&m->body), oldest = wire_u64(&m->body);
	uint64_t count = wire_varint(&m->body);
	struct put_message put = {.source = wire_bytes(&m->body)};
	struct peer *peer;

	memcpy(from.id, m->from.id, m->from.n);
	put.cursor = wire_bytes(&m->body);
	put.items = (struct slice){(const char *)m->body.p, (size_t)(m->body.end - m->body.p)};
	if (m->body.bad || count > BATCH_MAX) {
		socket_reject(s->turns.socket);
		put_answer(s, &from, PUT_REFUSED, 0);
		return false;
	}
	peer = peers_at(&s->turns.peers, &m->from);
	if (peer->last + 1 != from.number)
		peer->missing = from.number - 1;
	peer->last = from.number;
	if (put.cursor.n && oldest <= peer->missing) {
		put_answer(s, &from, PUT_LOST, 0);
		return false;
	}
	if (peer->failed > seen) {
		put_answer(s, &from, (enum put_status)peer->failure, 0);
		return false;
	}
	put.count = (uint32_t)count;
	gather_keep(&s->turns.gather, count);
	s->spec.on_put(s->spec.user, &from, &put);
	return true;
}

/* True when the message is kept. */
static bool handle(void *user, struct message *m)
{
	struct put_server *s = user;

	switch (m->type) {
	case MESSAGE_PUT: return put(s, m);
	case MESSAGE_HELLO: hello(s, m); break;
	case MESSAGE_ASK:
		turns_end(&s->turns); /* so that it hears of what came before it */
		ask(s, m);
		break;
	case MESSAGE_BYE: turns_bye(&s->turns, &m->from); break;
	default: socket_reject(s->turns.socket);
	}
	return false;
}

int put_bind(
	struct bus *b, const struct put_server_spec *spec, struct put_server **ret, struct error *e)
{
	struct put_server *s = xcalloc(1, sizeof(*s));
	const struct turns_spec turns = {
		.socket = {.type = ZMQ_ROUTER, .channel = PUT_CHANNEL, .receive_limit = 64},
		.comments = spec->gather,
		.bytes = spec->gather_bytes,
		.handle = handle,
		.on_turn = spec->on_turn,
		.handler = s,
		.listener = spec->user};
	int r = turns_open(b, &turns, &s->turns, e);

	if (r < 0) {
		free(s);
		return r;
	}
	s->spec = *spec;
	*ret = s;
	return 0;
}

struct put_server *put_unbind(struct put_server *s)
{
	if (!s)
		return NULL;
	turns_close(&s->turns);
	free(s);
	return NULL;
}

void put_answer(
	struct put_server *s, const struct put_peer *to, enum put_status status, uint32_t retry_ms)
{
	struct peer_id id = {.n = to->n};
	struct buf *out = socket_message(s->turns.socket, (enum message_type)MESSAGE_PUTACK);

	memcpy(id.id, to->id, to->n);
	if (status == PUT_BUSY || status == PUT_FULL) {
		struct peer *peer = peers_at(&s->turns.peers, &id);

		if (to->number > peer->failed)
			peer->failed = to->number;
		peer->failure = (uint8_t)status;
	}
	wire_put_u64(out, to->number);
	wire_put_u8(out, (uint8_t)status);
	wire_put_u32(out, retry_ms);
	if (socket_send(s->turns.socket, &id) != 0)
		return; /* gone: it sends again when it is back */
}
