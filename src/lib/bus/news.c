/* SPDX-License-Identifier: GPL-3.0-or-later
 * NEWS: epoch u64, number u64, kind u8, subject i64, clock i64. */
#include <tocsin/bus/news.h>

#include <tocsin/base/alloc.h>

#include "socket.h"

#define NEWS_CHANNEL "news"
enum { MESSAGE_NEWS = MESSAGE_CHANNEL };

struct news_writer {
	struct bus_socket *socket;
	uint64_t epoch, number;
};
struct news_reader {
	struct bus_socket *socket;
	news_fn *fn;
	void *user;
	uint64_t epoch, number;
};

int news_bind(struct bus *b, struct news_writer **ret, struct error *e)
{
	const struct socket_spec spec = {
		.type = ZMQ_PUB, .channel = NEWS_CHANNEL, .send_limit = 10000};
	struct news_writer *w = xcalloc(1, sizeof(*w));
	int r;

	r = socket_open(b, &spec, &w->socket, e);
	if (r < 0) {
		free(w);
		return r;
	}
	w->epoch = bus_random();
	*ret = w;
	return 0;
}

struct news_writer *news_unbind(struct news_writer *w)
{
	if (!w)
		return NULL;
	socket_close(w->socket);
	free(w);
	return NULL;
}

void news_say(struct news_writer *w, enum news_kind kind, int64_t subject, int64_t clock)
{
	struct buf *out = socket_message(w->socket, (enum message_type)MESSAGE_NEWS);

	wire_put_u64(out, w->epoch);
	wire_put_u64(out, ++w->number);
	wire_put_u8(out, (uint8_t)kind);
	wire_put_i64(out, subject);
	wire_put_i64(out, clock);
	if (socket_send(w->socket, NULL) != 0)
		return; /* readers see the gap */
}

static void take(struct news_reader *r, struct message *m)
{
	struct news n = {.epoch = wire_u64(&m->body)};
	uint8_t kind;
	bool gap;

	n.number = wire_u64(&m->body);
	kind = wire_u8(&m->body);
	n.subject = wire_i64(&m->body);
	n.clock = wire_i64(&m->body);
	if (m->type != MESSAGE_NEWS || !wire_done(&m->body) || !kind || kind > NEWS_REVISED) {
		socket_reject(r->socket);
		return;
	}
	n.kind = (enum news_kind)kind;
	gap = n.epoch != r->epoch || n.number != r->number + 1;
	r->epoch = n.epoch;
	r->number = n.number;
	r->fn(r->user, &n, gap);
}

static void ready(void *user)
{
	struct news_reader *r = user;
	struct message m;

	for (int i = 0; i < BUS_ROUND && socket_receive(r->socket, &m) == 0; i++) {
		take(r, &m);
		zmq_msg_close(&m.raw);
	}
}

int news_open(struct bus *b, news_fn *fn, void *user, struct news_reader **ret, struct error *e)
{
	struct news_reader *n = xcalloc(1, sizeof(*n));
	const struct socket_spec spec = {.type = ZMQ_SUB,
		.channel = NEWS_CHANNEL,
		.receive_limit = 10000,
		.ready = ready,
		.user = n};
	int r;

	n->fn = fn;
	n->user = user;
	r = socket_open(b, &spec, &n->socket, e);
	if (r < 0) {
		free(n);
		return r;
	}
	*ret = n;
	return 0;
}

struct news_reader *news_close(struct news_reader *r)
{
	if (!r)
		return NULL;
	socket_close(r->socket);
	free(r);
	return NULL;
}
