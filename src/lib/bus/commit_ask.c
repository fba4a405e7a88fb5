/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commit_ask.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "commit_messages.h"

#define AGAIN_MS 1000 /* a request is said again */
#define TURN_MS 20 /* … looks for a connection, or for those whose time is over */

struct call {
	struct call *next;
	struct buf question;
	uint64_t number;
	int64_t until, send_at; /* monotonic ms; send_at 0: its turn has not come */
	bool said; /* store may have it */
	commit_done_fn *done;
	void *user;
};
struct asker {
	struct bus *bus;
	struct bus_socket *socket;
	struct call *first, **end; /* the first is being asked */
	int timer; /* 0: nothing is asked */
};

int reply_read(struct slice reply, struct slice *ret, struct error *e)
{
	struct wire w = wire_reader(reply);
	int64_t status = wire_i64(&w);

	*ret = (struct slice){0};
	if (w.bad || status > 0 || status < -4095)
		return error_set(e, -EBADMSG, "réponse de store illisible");
	*ret = read_rest(&w);
	return status ? error_set(e, (int)status, "%.*s", (int)ret->n, ret->p) : 0;
}

static void call_free(struct call *c)
{
	buf_release(&c->question);
	free(c);
}

/* The first one is over. Its callback may ask again. */
static void finish(struct asker *a, int r, struct slice reply, const struct error *e)
{
	struct call *c = a->first;

	a->first = c->next;
	if (!a->first)
		a->end = &a->first;
	c->done(c->user, r, reply, e);
	call_free(c);
}

static void say(struct asker *a)
{
	struct call *c = a->first;
	struct buf *out = socket_message(a->socket, MESSAGE_ASK);
	struct error e = {""};
	int r;

	wire_put_u64(out, c->number);
	buf_add_slice(out, buf_slice(&c->question));
	r = socket_send(a->socket, NULL);
	c->said |= r == 0;
	c->send_at = clock_monotonic() + (r == BUS_FULL ? TURN_MS : AGAIN_MS);
	if (r < 0)
		finish(a, error_set(&e, r, "store : %s", strerror(-r)), (struct slice){0}, &e);
}

/* What a call whose time is over came to. */
static int over(const struct call *c, struct error *ret)
{
	if (c->said) {
		error_set(ret, -ETIMEDOUT, "store ne répond pas");
		return BUS_TIMEOUT;
	}
	return c->send_at ? error_set(ret, -ENOTCONN, "store n'est pas là")
			  : error_set(ret, -EAGAIN, "store est occupé");
}

/* Those behind the first may have waited too long already. */
static void turn(void *user)
{
	struct asker *a = user;
	struct error e = {""};

	while (a->first && clock_monotonic() >= a->first->until) {
		int r = over(a->first, &e);

		finish(a, r, (struct slice){0}, &e);
	}
	if (a->first && clock_monotonic() >= a->first->send_at)
		say(a);
	if (!a->first) {
		bus_timer_cancel(a->bus, a->timer);
		a->timer = 0;
	}
}

static void ready(void *user)
{
	struct asker *a = user;
	struct message m;

	for (int i = 0; i < BUS_ROUND && socket_receive(a->socket, &m) == 0; i++) {
		bool ours = m.type == MESSAGE_REPLY && a->first &&
			wire_u64(&m.body) == a->first->number && !m.body.bad;
		struct slice body;
		struct error e = {""};

		if (ours) {
			int r = reply_read(read_rest(&m.body), &body, &e);

			finish(a, r, body, &e);
			if (a->first)
				say(a);
		}
		zmq_msg_close(&m.raw);
	}
}

struct asker *asker_new(struct bus *b)
{
	struct asker *a = xcalloc(1, sizeof(*a));

	a->bus = b;
	a->end = &a->first;
	return a;
}

struct asker *asker_free(struct asker *a)
{
	if (!a)
		return NULL;
	if (a->timer)
		bus_timer_cancel(a->bus, a->timer);
	for (struct call *c = a->first, *next; c; c = next) {
		next = c->next;
		call_free(c);
	}
	socket_close(a->socket);
	free(a);
	return NULL;
}

int asker_ask(struct asker *a, enum request_verb verb, struct slice body, int64_t timeout_ms,
	commit_done_fn *done, void *user)
{
	const struct socket_spec spec = {
		.type = ZMQ_DEALER, .channel = COMMIT_CHANNEL, .ready = ready, .user = a};
	struct error e;
	struct call *c;
	int r = a->socket ? 0 : socket_open(a->bus, &spec, &a->socket, &e);

	if (r < 0)
		return r;
	c = xcalloc(1, sizeof(*c));
	*c = (struct call){.number = bus_random(),
		.until = clock_monotonic() + timeout_ms,
		.done = done,
		.user = user};
	wire_put_u8(&c->question, (uint8_t)verb);
	buf_add_slice(&c->question, body);
	*a->end = c;
	a->end = &c->next;
	if (!a->timer)
		a->timer = bus_timer(a->bus, 0, TURN_MS, turn, a);
	return 0;
}
