/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ingest's side of `work`: who the workers are, what each has in flight, and when it counts as lost. */
#include <tocsin/bus/seam.h>

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "work_messages.h"

#define QUIET_MS 3000 /* a worker silent for so long gets nothing more */
#define RESERVE_MS 5000 /* a worker is kept empty so long for a suspect delivery */
#define WINDOW_MAX 1000u

struct worker {
	struct peer_id id;
	int64_t pid;
	int64_t heard;
	uint32_t window, in_flight;
	bool alone; /* has a suspect delivery: nothing else until it ends */
};
struct flight {
	uint64_t tag;
	struct peer_id worker;
	int64_t lease_until;
	struct seam_event event;
	bool scored;
};
struct producer {
	struct seam seam;
	struct bus *bus;
	struct bus_socket *socket;
	seam_event_fn *fn;
	void (*on_credit)(void *user);
	void *user;
	int64_t lease_ms;
	uint64_t epoch, last_tag;
	struct worker *workers;
	struct flight *flights;
	size_t n_workers, n_flights, cap_flights;
	struct peer_id reserved; /* being emptied for a suspect delivery */
	int64_t reserved_until;
	int timer;
};

static struct producer *of(struct seam *s)
{
	return (struct producer *)s;
}

static struct worker *worker_of(struct producer *p, const struct peer_id *id)
{
	for (size_t i = 0; i < p->n_workers; i++)
		if (peer_same(&p->workers[i].id, id))
			return &p->workers[i];
	return NULL;
}

static size_t flight_of(const struct producer *p, uint64_t tag, const struct peer_id *worker)
{
	for (size_t i = 0; i < p->n_flights; i++)
		if (p->flights[i].tag == tag && peer_same(&p->flights[i].worker, worker))
			return i;
	return SIZE_MAX;
}

/* Takes a flight out and gives its worker the credit back; the caller fires the event. */
static struct seam_event end_flight(struct producer *p, size_t i, enum seam_end end)
{
	struct worker *w = worker_of(p, &p->flights[i].worker);
	struct seam_event ev = p->flights[i].event;

	ev.end = end;
	if (w) {
		w->in_flight--;
		w->alone = false;
	}
	p->n_flights--;
	memmove(&p->flights[i], &p->flights[i + 1], (p->n_flights - i) * sizeof(*p->flights));
	return ev;
}

/* Ends every flight of a worker, or with id NULL every flight whose lease is over. Events are fired
 * after the table is in order, for a callback may put new deliveries. */
static void lose(struct producer *p, const struct peer_id *id, enum seam_end end, bool innocent)
{
	_free_ struct seam_event *events = NULL;
	int64_t now = clock_monotonic();
	size_t n = 0;

	if (p->n_flights)
		events = xreallocarray(NULL, p->n_flights, sizeof(*events));
	for (size_t i = 0; i < p->n_flights;) {
		struct flight *f = &p->flights[i];
		bool scored = f->scored;

		if (id ? !peer_same(&f->worker, id) : f->lease_until > now) {
			i++;
			continue;
		}
		events[n] = end_flight(p, i, end);
		events[n].innocent = innocent || scored;
		events[n++].reason = NAK_SHUTDOWN;
	}
	for (size_t i = 0; i < n; i++)
		p->fn(p->user, &events[i]);
}

static void remove_worker(
	struct producer *p, const struct peer_id *which, enum seam_end end, bool innocent)
{
	struct peer_id id = *which; /* it may live in the table */
	struct worker *w = worker_of(p, &id);

	if (w)
		*w = p->workers[--p->n_workers];
	lose(p, &id, end, innocent);
}

static void hello(struct producer *p, struct message *m)
{
	int64_t pid = (int64_t)wire_u64(&m->body);
	struct worker *w;
	uint64_t window;
	struct buf *out;

	wire_bytes(&m->body);
	window = wire_varint(&m->body);
	if (!wire_done(&m->body) || window > WINDOW_MAX) {
		socket_reject(p->socket);
		return;
	}
	w = worker_of(p, &m->from);
	if (!w) {
		/* the same process on a new connection: what its old one had in flight is lost */
		for (size_t i = 0; i < p->n_workers; i++)
			if (p->workers[i].pid == pid) {
				remove_worker(p, &p->workers[i].id, SEAM_LOST, true);
				break;
			}
		p->workers = xreallocarray(p->workers, p->n_workers + 1, sizeof(*p->workers));
		w = &p->workers[p->n_workers++];
		*w = (struct worker){.id = m->from, .pid = pid};
	}
	w->window = (uint32_t)window;
	w->heard = clock_monotonic();
	out = socket_message(p->socket, MESSAGE_WELCOME);
	wire_put_u64(out, p->epoch);
	if (socket_send(p->socket, &m->from) < 0)
		remove_worker(p, &m->from, SEAM_LOST, true);
}

static void alive(struct producer *p, struct worker *w)
{
	int64_t until = clock_monotonic() + p->lease_ms;

	for (size_t i = 0; i < p->n_flights; i++)
		if (p->flights[i].scored && peer_same(&p->flights[i].worker, &w->id))
			p->flights[i].lease_until = until;
}

static void nak(struct producer *p, size_t i, struct wire *w)
{
	uint8_t reason = wire_u8(w);
	uint32_t delay = wire_u32(w);
	struct seam_event ev;

	if (!wire_done(w) || (reason != NAK_BUNDLE_ABSENT && reason != NAK_SHUTDOWN)) {
		socket_reject(p->socket);
		return;
	}
	ev = end_flight(p, i, SEAM_NAK);
	ev.reason = (enum nak_reason)reason;
	ev.delay_ms = delay;
	p->fn(p->user, &ev);
}

/* ACK, EXTEND, SCORED and NAK of a known worker. A tag that is not in flight is an old one. */
static void tagged(struct producer *p, struct message *m)
{
	uint64_t tag = wire_u64(&m->body);
	size_t i = flight_of(p, tag, &m->from);
	struct seam_event ev;

	if (m->body.bad) {
		socket_reject(p->socket);
		return;
	}
	if (i == SIZE_MAX)
		return;
	p->flights[i].lease_until = clock_monotonic() + p->lease_ms;
	if (m->type == MESSAGE_SCORED) {
		p->flights[i].scored = true;
	} else if (m->type == MESSAGE_ACK) {
		ev = end_flight(p, i, SEAM_DONE);
		p->fn(p->user, &ev);
	} else if (m->type == MESSAGE_NAK) {
		nak(p, i, &m->body);
	}
}

static void from_worker(struct producer *p, struct message *m)
{
	struct worker *w = worker_of(p, &m->from);
	uint64_t n;

	if (!w) {
		socket_say(p->socket, &m->from, (enum message_type)MESSAGE_WHO);
		return;
	}
	w->heard = clock_monotonic();
	switch (m->type) {
	case MESSAGE_ALIVE: alive(p, w); break;
	case MESSAGE_PULL:
		n = wire_varint(&m->body);
		if (!wire_done(&m->body) || n > WINDOW_MAX - w->window)
			socket_reject(p->socket);
		else
			w->window += (uint32_t)n;
		break;
	case MESSAGE_ACK:
	case MESSAGE_EXTEND:
	case MESSAGE_SCORED:
	case MESSAGE_NAK: tagged(p, m); break;
	default: socket_reject(p->socket);
	}
}

static void death(struct producer *p, struct wire *w)
{
	int64_t pid = (int64_t)wire_u64(w);

	if (!wire_done(w)) {
		socket_reject(p->socket);
		return;
	}
	for (size_t i = 0; i < p->n_workers; i++)
		if (p->workers[i].pid == pid) {
			remove_worker(p, &p->workers[i].id, SEAM_LOST, false);
			return;
		}
}

static void ready(void *user)
{
	struct producer *p = user;
	struct message m;

	for (int i = 0; i < BUS_ROUND && socket_receive(p->socket, &m) == 0; i++) {
		if (m.type == MESSAGE_HELLO) {
			hello(p, &m);
		} else if (m.type == MESSAGE_DEATH) {
			death(p, &m.body);
		} else if (m.type == MESSAGE_BYE) {
			socket_say(p->socket, &m.from, MESSAGE_BYE_OK);
			remove_worker(p, &m.from, SEAM_NAK, true);
		} else {
			from_worker(p, &m);
		}
		zmq_msg_close(&m.raw);
	}
	if (p->on_credit)
		p->on_credit(p->user);
}

static void tick(void *user)
{
	struct producer *p = user;
	int64_t now = clock_monotonic();

	lose(p, NULL, SEAM_LOST, false);
	for (size_t i = 0; i < p->n_workers; i++)
		if (p->workers[i].heard < now - p->lease_ms)
			remove_worker(p, &p->workers[i--].id, SEAM_LOST, false);
}

static bool usable(const struct producer *p, const struct worker *w, int64_t now)
{
	return w->heard > now - QUIET_MS && !w->alone && w->in_flight < w->window &&
		!(p->reserved_until > now && peer_same(&p->reserved, &w->id));
}

/* The worker with the most credit; for a suspect delivery one with nothing in flight. */
static struct worker *choose(struct producer *p, bool alone)
{
	int64_t now = clock_monotonic();
	struct worker *best = NULL;

	for (size_t i = 0; i < p->n_workers; i++) {
		struct worker *w = &p->workers[i];

		if (alone ? w->heard <= now - QUIET_MS || !w->window || w->in_flight
			  : !usable(p, w, now))
			continue;
		if (!best || w->window - w->in_flight > best->window - best->in_flight)
			best = w;
	}
	return best;
}

/* Keeps the least busy worker free of new deliveries until it is empty. */
static void reserve(struct producer *p)
{
	int64_t now = clock_monotonic();
	struct worker *best = NULL;

	if (p->reserved_until > now && worker_of(p, &p->reserved))
		return;
	for (size_t i = 0; i < p->n_workers; i++) {
		struct worker *w = &p->workers[i];

		if (w->heard > now - QUIET_MS && (!best || w->in_flight < best->in_flight))
			best = w;
	}
	if (!best)
		return;
	p->reserved = best->id;
	p->reserved_until = now + RESERVE_MS;
}

static int put_to(struct producer *p, struct worker *w, const struct delivery *d)
{
	struct buf *out = socket_message(p->socket, (enum message_type)MESSAGE_DELIVER);
	struct flight *f;
	int r;

	wire_put_u64(out, p->last_tag + 1);
	wire_put_u64(out, d->batch);
	wire_put_varint(out, d->first);
	wire_put_varint(out, d->count);
	wire_put_varint(out, d->attempt);
	wire_put_i64(out, d->accepted_at);
	buf_add(out, d->bundle, BUS_BUNDLE);
	buf_add_slice(out, d->items);
	r = socket_send(p->socket, &w->id);
	if (r == -EHOSTUNREACH) {
		/* nothing tells of its death but this; ALIVE on a new connection tells of its life */
		w->heard = clock_monotonic() - QUIET_MS;
		w->window = 0;
		return BUS_FULL;
	}
	if (r != 0)
		return r;
	p->flights = xgrow(p->flights, p->n_flights, &p->cap_flights, sizeof(*p->flights));
	f = &p->flights[p->n_flights++];
	*f = (struct flight){.tag = ++p->last_tag,
		.worker = w->id,
		.lease_until = clock_monotonic() + p->lease_ms,
		.event = {.batch = d->batch,
			.first = d->first,
			.count = d->count,
			.attempt = d->attempt}};
	w->in_flight++;
	return 0;
}

static int put(struct seam *s, const struct delivery *d)
{
	struct producer *p = of(s);
	struct worker *w = choose(p, false);

	return w ? put_to(p, w, d) : BUS_FULL;
}

int seam_put_alone(struct seam *s, const struct delivery *d)
{
	struct producer *p = of(s);
	struct worker *w = choose(p, true);
	int r = w ? put_to(p, w, d) : BUS_FULL;

	if (r == 0) {
		w->alone = true;
		p->reserved_until = 0;
	}
	return r;
}

uint32_t seam_credit(struct seam *s, bool alone)
{
	struct producer *p = of(s);
	int64_t now = clock_monotonic();
	uint32_t n = 0;

	if (alone) {
		if (choose(p, true))
			return 1;
		reserve(p);
		return 0;
	}
	for (size_t i = 0; i < p->n_workers; i++)
		if (usable(p, &p->workers[i], now))
			n += p->workers[i].window - p->workers[i].in_flight;
	return n;
}

void seam_on_credit(struct seam *s, void (*fn)(void *user))
{
	of(s)->on_credit = fn;
}

uint32_t seam_workers(struct seam *s)
{
	struct producer *p = of(s);
	int64_t quiet = clock_monotonic() - QUIET_MS;
	uint32_t n = 0;

	for (size_t i = 0; i < p->n_workers; i++)
		n += p->workers[i].heard > quiet;
	return n;
}

static int not_mine(struct seam *s, uint64_t tag)
{
	(void)s;
	(void)tag;
	return -ENOTSUP;
}

static int no_pull(struct seam *s, uint32_t credit)
{
	(void)s;
	(void)credit;
	return -ENOTSUP;
}

static int no_nak(struct seam *s, uint64_t tag, enum nak_reason reason, uint32_t delay_ms)
{
	(void)reason;
	(void)delay_ms;
	return not_mine(s, tag);
}

static void close_producer(struct seam *s)
{
	struct producer *p = of(s);

	bus_timer_cancel(p->bus, p->timer);
	socket_close(p->socket);
	free(p->workers);
	free(p->flights);
	free(p);
}

static const struct seam_ops producer_ops = {
	put, no_pull, not_mine, no_nak, not_mine, close_producer};

int seam_producer_open(struct bus *b, int64_t lease_ms, seam_event_fn *fn, void *user,
	struct seam **ret, struct error *e)
{
	struct producer *p = xcalloc(1, sizeof(*p));
	const struct socket_spec spec = {
		.type = ZMQ_ROUTER, .channel = WORK_CHANNEL, .ready = ready, .user = p};
	int r;

	r = socket_open(b, &spec, &p->socket, e);
	if (r < 0) {
		free(p);
		return r;
	}
	p->seam.ops = &producer_ops;
	p->bus = b;
	p->fn = fn;
	p->user = user;
	p->lease_ms = lease_ms;
	p->epoch = bus_random();
	p->last_tag = bus_random() >> 1;
	p->timer = bus_timer(b, BUS_TICK_MS, BUS_TICK_MS, tick, p);
	*ret = &p->seam;
	return 0;
}
