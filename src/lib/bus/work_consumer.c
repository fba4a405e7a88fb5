/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's side of `work`. It holds no state but its window: what it was told lives at the producer
 * (who redelivers) and in the caller (who acks). After the producer restarted, old tags mean nothing to
 * it and their acks are ignored there. */
#include <tocsin/bus/seam.h>

#include <errno.h>

#include <tocsin/base/alloc.h>

#include "work_messages.h"

struct consumer {
	struct seam seam;
	struct bus *bus;
	struct bus_socket *socket;
	char *name;
	seam_delivery_fn *fn;
	void *user;
	uint64_t epoch;
	uint32_t window;
	int timer;
};

static struct consumer *of(struct seam *s)
{
	return (struct consumer *)s;
}

static void send_tag(struct consumer *c, unsigned type, uint64_t tag)
{
	struct buf *out = socket_message(c->socket, (enum message_type)type);

	wire_put_u64(out, tag);
	if (socket_send(c->socket, NULL) != 0)
		return; /* not connected: the producer has given the delivery up, or will */
}

static bool say_hello(struct consumer *c)
{
	struct buf *out = socket_message(c->socket, MESSAGE_HELLO);

	wire_put_u64(out, (uint64_t)getpid());
	wire_put_bytes(out, slice_of(c->name));
	wire_put_varint(out, c->window);
	return socket_send(c->socket, NULL) == 0;
}

static bool say_alive(struct consumer *c)
{
	struct buf *out = socket_message(c->socket, (enum message_type)MESSAGE_ALIVE);

	wire_put_u64(out, c->epoch);
	return socket_send(c->socket, NULL) == 0;
}

static void tick(void *user)
{
	struct consumer *c = user;
	bool said = c->epoch ? say_alive(c) : say_hello(c);

	c->timer = bus_timer(c->bus, said ? BUS_TICK_MS : BUS_RETRY_MS, 0, tick, c);
}

static void deliver(struct consumer *c, struct wire *w)
{
	struct delivery d = {.tag = wire_u64(w)};
	uint64_t first, count, attempt;

	d.batch = wire_u64(w);
	first = wire_varint(w);
	count = wire_varint(w);
	attempt = wire_varint(w);
	d.accepted_at = wire_i64(w);
	if (w->bad || (size_t)(w->end - w->p) < BUS_BUNDLE || first > UINT32_MAX ||
		count > UINT32_MAX || attempt > UINT32_MAX) {
		socket_reject(c->socket);
		return;
	}
	memcpy(d.bundle, w->p, BUS_BUNDLE);
	w->p += BUS_BUNDLE;
	d.first = (uint32_t)first;
	d.count = (uint32_t)count;
	d.attempt = (uint32_t)attempt;
	d.items = (struct slice){(const char *)w->p, (size_t)(w->end - w->p)};
	c->fn(c->user, &d);
}

static void ready(void *user)
{
	struct consumer *c = user;
	struct message m;

	/* few at a time: between them the worker's other channels want their turn */
	for (int i = 0; i < 8 && socket_receive(c->socket, &m) == 0; i++) {
		switch (m.type) {
		case MESSAGE_WELCOME: c->epoch = wire_u64(&m.body); break;
		case MESSAGE_WHO:
			c->epoch = 0;
			say_hello(c);
			break;
		case MESSAGE_DELIVER: deliver(c, &m.body); break;
		case MESSAGE_BYE_OK: break;
		default: socket_reject(c->socket);
		}
		zmq_msg_close(&m.raw);
	}
}

static int no_put(struct seam *s, const struct delivery *d)
{
	(void)s;
	(void)d;
	return -ENOTSUP;
}

static int pull(struct seam *s, uint32_t credit)
{
	struct consumer *c = of(s);
	struct buf *out;

	c->window += credit;
	if (!c->epoch)
		return 0; /* HELLO tells the whole window */
	out = socket_message(c->socket, (enum message_type)MESSAGE_PULL);
	wire_put_varint(out, credit);
	if (socket_send(c->socket, NULL) != 0)
		c->epoch = 0; /* said with the next HELLO */
	return 0;
}

static int ack(struct seam *s, uint64_t tag)
{
	send_tag(of(s), MESSAGE_ACK, tag);
	return 0;
}

static int extend(struct seam *s, uint64_t tag)
{
	send_tag(of(s), MESSAGE_EXTEND, tag);
	return 0;
}

void seam_scored(struct seam *s, uint64_t tag)
{
	send_tag(of(s), MESSAGE_SCORED, tag);
}

static int nak(struct seam *s, uint64_t tag, enum nak_reason reason, uint32_t delay_ms)
{
	struct consumer *c = of(s);
	struct buf *out = socket_message(c->socket, (enum message_type)MESSAGE_NAK);

	wire_put_u64(out, tag);
	wire_put_u8(out, (uint8_t)reason);
	wire_put_u32(out, delay_ms);
	if (socket_send(c->socket, NULL) != 0)
		return 0; /* not connected: given up anyway */
	return 0;
}

static void close_consumer(struct seam *s)
{
	struct consumer *c = of(s);

	bus_timer_cancel(c->bus, c->timer);
	socket_goodbye(c->socket); /* what is still in flight returns, nobody's fault */
	socket_close(c->socket);
	free(c->name);
	free(c);
}

static const struct seam_ops consumer_ops = {no_put, pull, ack, nak, extend, close_consumer};

int seam_consumer_open(struct bus *b, const char *name, seam_delivery_fn *fn, void *user,
	struct seam **ret, struct error *e)
{
	struct consumer *c = xcalloc(1, sizeof(*c));
	const struct socket_spec spec = {
		.type = ZMQ_DEALER, .channel = WORK_CHANNEL, .ready = ready, .user = c};
	int r;

	r = socket_open(b, &spec, &c->socket, e);
	if (r < 0) {
		free(c);
		return r;
	}
	c->seam.ops = &consumer_ops;
	c->bus = b;
	c->name = xstrdup(name);
	c->fn = fn;
	c->user = user;
	c->timer = bus_timer(b, 0, 0, tick, c);
	*ret = &c->seam;
	return 0;
}

int seam_report_death(struct bus *b, int64_t pid)
{
	const struct socket_spec spec = {
		.type = ZMQ_DEALER, .channel = WORK_CHANNEL, .queue_unconnected = true};
	struct bus_socket **s = bus_deaths(b);
	struct message m;
	struct buf *out;
	int r;

	if (!*s) {
		r = socket_open(b, &spec, s, NULL);
		if (r < 0)
			return r;
	}
	while (socket_receive(*s, &m) == 0) /* nothing is expected here */
		zmq_msg_close(&m.raw);
	out = socket_message(*s, (enum message_type)MESSAGE_DEATH);
	wire_put_u64(out, (uint64_t)pid);
	return socket_send(*s, NULL);
}
