/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/bus/commit.h>

#include <errno.h>

#include <tocsin/base/alloc.h>

#include "commit_messages.h"
#include "turns.h"

#define GATHER_BYTES (64u << 20)

struct commit_server {
	struct turns turns;
	struct commit_server_spec spec;
	bool has_bundle;
	unsigned char bundle[BUS_BUNDLE];
};

static struct peer_id id_of(const struct commit_peer *p)
{
	struct peer_id id = {.n = p->n};

	memcpy(id.id, p->id, sizeof(id.id));
	return id;
}

static struct commit_peer peer_of(const struct peer_id *id, uint64_t number)
{
	struct commit_peer p = {.n = id->n, .number = number};

	memcpy(p.id, id->id, sizeof(p.id));
	return p;
}

static void hello(struct commit_server *s, struct message *m)
{
	struct peer *peer = peers_at(&s->turns.peers, &m->from);
	uint64_t epoch;
	struct buf *out;
	bool all;

	wire_bytes(&m->body);
	all = wire_u8(&m->body);
	epoch = wire_u64(&m->body);
	if (!wire_done(&m->body)) {
		socket_reject(s->turns.socket);
		return;
	}
	peer->all_ranges = all;
	if (peer->known && epoch == s->turns.epoch)
		return;
	out = socket_message(s->turns.socket, MESSAGE_WELCOME);
	wire_put_u64(out, s->turns.epoch);
	wire_put_u8(out, s->has_bundle);
	if (s->has_bundle)
		buf_add(out, s->bundle, BUS_BUNDLE);
	peer->known = socket_send(s->turns.socket, &m->from) == 0;
}

/* True when the message is kept. */
static bool result(struct commit_server *s, struct message *m)
{
	struct commit_peer from = peer_of(&m->from, 0);
	struct wire *w = &m->body;
	struct result r = {.batch = wire_u64(w)};

	r.first = read_u32(w);
	r.count = read_u32(w);
	r.accepted_at = wire_i64(w);
	read_bundle(w, r.bundle);
	r.items = wire_bytes(w);
	r.verdicts = read_rest(w);
	if (w->bad) {
		socket_reject(s->turns.socket);
		return false;
	}
	gather_keep(&s->turns.gather, r.count);
	s->spec.on_result(s->spec.user, &from, &r);
	return true;
}

static void request(struct commit_server *s, struct message *m, bool wants_answer)
{
	uint64_t number = wants_answer ? wire_u64(&m->body) : 0;
	struct commit_peer from = peer_of(&m->from, number);
	uint8_t verb = wire_u8(&m->body);

	if (m->body.bad || !verb || (wants_answer && !number)) {
		socket_reject(s->turns.socket);
		return;
	}
	if (wants_answer && !peers_ask(&s->turns.peers, &m->from, number))
		return;
	s->spec.on_request(s->spec.user, &from, (enum request_verb)verb, read_rest(&m->body));
}

/* True when the message is kept. */
static bool handle(void *user, struct message *m)
{
	struct commit_server *s = user;

	switch (m->type) {
	case MESSAGE_RESULT: return result(s, m);
	case MESSAGE_HELLO: hello(s, m); break;
	case MESSAGE_ASK:
	case MESSAGE_TELL:
		turns_end(&s->turns);
		request(s, m, m->type == MESSAGE_ASK);
		break;
	case MESSAGE_BYE: turns_bye(&s->turns, &m->from); break;
	default: socket_reject(s->turns.socket);
	}
	return false;
}

int commit_bind(struct bus *b, const struct commit_server_spec *spec, struct commit_server **ret,
	struct error *e)
{
	struct commit_server *s = xcalloc(1, sizeof(*s));
	const struct turns_spec turns = {.socket = {.type = ZMQ_ROUTER,
						 .channel = COMMIT_CHANNEL,
						 .send_limit = 100000,
						 .receive_limit = 64},
		.comments = spec->gather,
		.bytes = GATHER_BYTES,
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

struct commit_server *commit_unbind(struct commit_server *s)
{
	if (!s)
		return NULL;
	turns_close(&s->turns);
	free(s);
	return NULL;
}

void commit_say(struct commit_server *s, const struct commit_peer *to, const struct committed *c)
{
	struct buf *out = socket_message(s->turns.socket, (enum message_type)MESSAGE_COMMITTED);
	struct peer_id id = id_of(to);

	wire_put_u64(out, c->batch);
	wire_put_varint(out, c->first);
	wire_put_varint(out, c->count);
	/* who misses one has the range delivered again, and hears it then */
	if (socket_send(s->turns.socket, &id) < 0)
		peers_remove(&s->turns.peers, &id);
	for (size_t i = 0; i < s->turns.peers.n; i++) {
		struct peer *p = &s->turns.peers.list[i];

		if (p->all_ranges && !peer_same(&p->id, &id) &&
			socket_send(s->turns.socket, &p->id) == -EHOSTUNREACH)
			s->turns.peers.list[i--] = s->turns.peers.list[--s->turns.peers.n];
	}
}

void commit_reply(struct commit_server *s, const struct commit_peer *to, int status,
	struct slice body_or_text)
{
	struct peer_id id = id_of(to);
	struct buf *out;

	if (!to->number) /* a TELL */
		return;
	out = socket_message(s->turns.socket, MESSAGE_REPLY);
	wire_put_u64(out, to->number);
	wire_put_i64(out, status);
	buf_add_slice(out, body_or_text);
	if (socket_send(s->turns.socket, &id) != 0)
		return; /* it asks again */
}

void commit_announce_bundle(struct commit_server *s, const unsigned char hash[BUS_BUNDLE])
{
	struct buf *out = socket_message(s->turns.socket, (enum message_type)MESSAGE_BUNDLE);

	memcpy(s->bundle, hash, BUS_BUNDLE);
	s->has_bundle = true;
	buf_add(out, hash, BUS_BUNDLE);
	for (size_t i = 0; i < s->turns.peers.n; i++) {
		struct peer *p = &s->turns.peers.list[i];

		if (p->known && socket_send(s->turns.socket, &p->id) < 0)
			p->known = false; /* its next HELLO is answered with it */
	}
}
