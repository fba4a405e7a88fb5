/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/bus/put.h>

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "put_messages.h"

/* PUTs on their way at once, at most; a caller's own window is smaller. */
#define WINDOW_COUNT 256u
#define WINDOW_BYTES (32u << 20)
#define STALE_MS 10000

struct waiting {
	uint64_t number;
	int64_t sent_at;
	size_t bytes;
};
struct put {
	struct bus *bus;
	struct bus_socket *socket, *asker;
	char *name;
	put_ack_fn *on_ack;
	void *user;
	int timer;
	uint64_t epoch, last;
	uint64_t failed; /* the last PUT known as not taken */
	struct waiting waiting[WINDOW_COUNT]; /* in the order sent */
	uint32_t n;
	size_t bytes;
};

static bool say_hello(struct put *p)
{
	struct buf *out = socket_message(p->socket, MESSAGE_HELLO);

	wire_put_bytes(out, slice_of(p->name));
	wire_put_u64(out, p->epoch);
	return socket_send(p->socket, NULL) == 0;
}

static bool forget(struct put *p, uint64_t number)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->waiting[i].number == number) {
			p->bytes -= p->waiting[i].bytes;
			p->n--;
			memmove(&p->waiting[i], &p->waiting[i + 1],
				(p->n - i) * sizeof(*p->waiting));
			return true;
		}
	return false;
}

/* Nobody knows whether they were taken: the caller sends them again. */
static void lose(struct put *p, uint64_t last, int64_t sent_before)
{
	while (p->n && p->waiting[0].number <= last && p->waiting[0].sent_at < sent_before) {
		struct put_ack ack = {.number = p->waiting[0].number, .status = PUT_LOST};

		forget(p, ack.number);
		p->on_ack(p->user, &ack);
	}
}

static void tick(void *user)
{
	struct put *p = user;

	p->timer = bus_timer(p->bus, say_hello(p) ? BUS_TICK_MS : BUS_RETRY_MS, 0, tick, p);
	lose(p, p->last, clock_monotonic() - STALE_MS); /* on_ack may send new ones */
}

static void welcome(struct put *p, struct wire *w)
{
	uint64_t epoch = wire_u64(w);

	if (w->bad) {
		socket_reject(p->socket);
		return;
	}
	if (p->epoch && epoch != p->epoch)
		lose(p, p->last, INT64_MAX);
	p->epoch = epoch;
}

static void putack(struct put *p, struct wire *w)
{
	struct put_ack ack = {.number = wire_u64(w)};
	uint8_t status = wire_u8(w);

	ack.retry_ms = wire_u32(w);
	if (!wire_done(w) || status > PUT_LOST) {
		socket_reject(p->socket);
		return;
	}
	ack.status = (enum put_status)status;
	if (ack.status == PUT_LOST) {
		lose(p, ack.number, INT64_MAX); /* those before it went with the old connection */
		return;
	}
	if (ack.status != PUT_OK && ack.number > p->failed)
		p->failed = ack.number;
	if (forget(p, ack.number))
		p->on_ack(p->user, &ack);
}

static void ready(void *user)
{
	struct put *p = user;
	struct message m;

	for (int i = 0; i < BUS_ROUND && socket_receive(p->socket, &m) == 0; i++) {
		if (m.type == MESSAGE_WELCOME)
			welcome(p, &m.body);
		else if (m.type == MESSAGE_PUTACK)
			putack(p, &m.body);
		else if (m.type != MESSAGE_BYE_OK)
			socket_reject(p->socket);
		zmq_msg_close(&m.raw);
	}
}

int put_open(struct bus *b, const char *name, put_ack_fn *on_ack, void *user, struct put **ret,
	struct error *e)
{
	struct put *p = xcalloc(1, sizeof(*p));
	const struct socket_spec spec = {.type = ZMQ_DEALER,
		.channel = PUT_CHANNEL,
		.send_limit = WINDOW_COUNT,
		.ready = ready,
		.user = p};
	int r;

	r = socket_open(b, &spec, &p->socket, e);
	if (r < 0) {
		free(p);
		return r;
	}
	p->bus = b;
	p->name = xstrdup(name);
	p->on_ack = on_ack;
	p->user = user;
	p->last = bus_random() >> 1;
	p->timer = bus_timer(b, 0, 0, tick, p);
	*ret = p;
	return 0;
}

struct put *put_close(struct put *p)
{
	if (!p)
		return NULL;
	bus_timer_cancel(p->bus, p->timer);
	socket_goodbye(p->socket);
	socket_close(p->asker);
	socket_close(p->socket);
	free(p->name);
	free(p);
	return NULL;
}

int put_send(struct put *p, struct slice source, struct slice items, uint32_t count,
	struct slice cursor, uint64_t *ret_number)
{
	struct buf *out;
	int r;

	if (p->n == WINDOW_COUNT || (p->n && p->bytes + items.n > WINDOW_BYTES))
		return BUS_FULL;
	out = socket_message(p->socket, (enum message_type)MESSAGE_PUT);
	wire_put_u64(out, p->last + 1);
	wire_put_u64(out, p->failed);
	wire_put_u64(out, p->n ? p->waiting[0].number : p->last + 1);
	wire_put_varint(out, count);
	wire_put_bytes(out, source);
	wire_put_bytes(out, cursor);
	buf_add_slice(out, items);
	r = socket_send(p->socket, NULL);
	if (r != 0)
		return r;
	p->waiting[p->n++] = (struct waiting){++p->last, clock_monotonic(), items.n};
	p->bytes += items.n;
	*ret_number = p->last;
	return 0;
}

uint32_t put_waiting(const struct put *p, int64_t *ret_oldest_ms)
{
	if (ret_oldest_ms)
		*ret_oldest_ms = p->n ? clock_monotonic() - p->waiting[0].sent_at : 0;
	return p->n;
}

int put_cursor(struct put *p, struct slice source, int64_t timeout_ms, struct buf *ret)
{
	_buf_ struct buf body = {0};

	wire_put_bytes(&body, source);
	return socket_ask(p->bus, &p->asker, PUT_CHANNEL, buf_slice(&body), timeout_ms, ret, NULL);
}
