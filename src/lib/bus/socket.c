/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socket.h"

#include <errno.h>
#include <limits.h>
#include <sys/un.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

#define RESEND_MS 1000

static bool is_binder(int type)
{
	return type == ZMQ_ROUTER || type == ZMQ_PUB;
}

static int set_int(void *zmq, int option, int value)
{
	return zmq_setsockopt(zmq, option, &value, sizeof(value));
}

static int set_options(void *zmq, const struct socket_spec *spec)
{
	int64_t max = BUS_MESSAGE_MAX;
	int send_limit = spec->send_limit ? spec->send_limit : 1000;
	int receive_limit = spec->receive_limit ? spec->receive_limit : 1000;

	if (zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &max, sizeof(max)) < 0 ||
		set_int(zmq, ZMQ_LINGER, BUS_LINGER_MS) < 0 ||
		set_int(zmq, ZMQ_SNDHWM, send_limit) < 0 ||
		set_int(zmq, ZMQ_RCVHWM, receive_limit) < 0 ||
		set_int(zmq, ZMQ_HEARTBEAT_IVL, 5000) < 0 ||
		set_int(zmq, ZMQ_HEARTBEAT_TIMEOUT, 60000) < 0 ||
		set_int(zmq, ZMQ_RECONNECT_IVL, 20) < 0 ||
		set_int(zmq, ZMQ_RECONNECT_IVL_MAX, 200) < 0)
		return -errno;
	if (spec->type == ZMQ_ROUTER && set_int(zmq, ZMQ_ROUTER_MANDATORY, 1) < 0)
		return -errno;
	if (spec->type == ZMQ_DEALER && !spec->queue_unconnected &&
		set_int(zmq, ZMQ_IMMEDIATE, 1) < 0)
		return -errno;
	if (spec->type == ZMQ_SUB && zmq_setsockopt(zmq, ZMQ_SUBSCRIBE, "", 0) < 0)
		return -errno;
	return 0;
}

static int attach(struct bus_socket *s, const struct socket_spec *spec, struct error *e)
{
	_free_ char *path = xasprintf("%s/%s", bus_folder(s->bus), spec->channel);
	_free_ char *address = xasprintf("ipc://%s", path);
	_free_ char *lock = xasprintf("%s.lock", path);
	int r;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return error_set(e, -ENAMETOOLONG,
			"%s : chemin trop long pour une prise locale (%zu octets au plus) ; "
			"choisir un dossier « run » plus court",
			path, sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
	r = set_options(s->zmq, spec);
	if (r < 0)
		return error_set(e, r, "%s : %s", path, zmq_strerror(-r));
	if (is_binder(spec->type)) {
		r = file_lock(lock, &s->lock_fd, e);
		if (r < 0) {
			error_prefix(
				e, "canal « %s » déjà tenu par un autre processus", spec->channel);
			return r;
		}
		r = zmq_bind(s->zmq, address) < 0 ? -errno : 0;
	} else {
		r = zmq_connect(s->zmq, address) < 0 ? -errno : 0;
	}
	return r < 0 ? error_set(e, r, "%s : %s", path, zmq_strerror(-r)) : 0;
}

int socket_open(
	struct bus *b, const struct socket_spec *spec, struct bus_socket **ret, struct error *e)
{
	struct bus_socket *s = xcalloc(1, sizeof(*s));
	int r;

	s->bus = b;
	s->type = spec->type;
	s->ready = spec->ready;
	s->user = spec->user;
	s->lock_fd = -1;
	s->zmq = zmq_socket(bus_context(b), spec->type);
	if (!s->zmq)
		r = error_set(e, -errno, "ZeroMQ : %s", zmq_strerror(errno));
	else
		r = attach(s, spec, e);
	if (r < 0) {
		if (s->zmq)
			zmq_close(s->zmq);
		close_fd(&s->lock_fd);
		free(s);
		return r;
	}
	if (s->ready)
		bus_add_socket(b, s);
	*ret = s;
	return 0;
}

struct bus_socket *socket_close(struct bus_socket *s)
{
	if (!s)
		return NULL;
	bus_remove_socket(s->bus, s);
	zmq_close(s->zmq);
	close_fd(&s->lock_fd);
	buf_release(&s->out);
	free(s);
	return NULL;
}

struct buf *socket_message(struct bus_socket *s, enum message_type type)
{
	buf_clear(&s->out);
	wire_put_u8(&s->out, BUS_VERSION);
	wire_put_u8(&s->out, (uint8_t)type);
	return &s->out;
}

static int send_part(void *zmq, const void *p, size_t n, int flags)
{
	while (zmq_send(zmq, p, n, flags | ZMQ_DONTWAIT) < 0) {
		if (errno == EAGAIN)
			return BUS_FULL;
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int socket_send(struct bus_socket *s, const struct peer_id *to)
{
	int r = 0;

	if (s->out.n > BUS_MESSAGE_MAX)
		return -EMSGSIZE;
	if (to)
		r = send_part(s->zmq, to->id, to->n, ZMQ_SNDMORE);
	return r ? r : send_part(s->zmq, s->out.p, s->out.n, 0);
}

void socket_say(struct bus_socket *s, const struct peer_id *to, enum message_type type)
{
	socket_message(s, type);
	if (socket_send(s, to) != 0)
		return; /* it is said again, or the peer is gone */
}

void socket_reject(struct bus_socket *s)
{
	bus_count_rejected(s->bus);
}

/* One whole message; frames beyond the expected are dropped and make it a bad one. */
static int receive_frames(struct bus_socket *s, struct message *m, bool *good)
{
	zmq_msg_t id;
	int more = 0;

	*good = true;
	zmq_msg_init(&m->raw);
	if (s->type == ZMQ_ROUTER) {
		zmq_msg_init(&id);
		if (zmq_msg_recv(&id, s->zmq, ZMQ_DONTWAIT) < 0)
			goto empty;
		m->from.n = (uint8_t)zmq_msg_size(&id);
		*good = zmq_msg_size(&id) <= sizeof(m->from.id) && zmq_msg_more(&id);
		if (*good)
			memcpy(m->from.id, zmq_msg_data(&id), m->from.n);
		more = zmq_msg_more(&id);
		zmq_msg_close(&id);
		if (!more)
			return 0;
	}
	if (zmq_msg_recv(&m->raw, s->zmq, ZMQ_DONTWAIT) < 0)
		return BUS_EMPTY;
	while (zmq_msg_more(&m->raw)) {
		*good = false;
		if (zmq_msg_recv(&m->raw, s->zmq, ZMQ_DONTWAIT) < 0)
			break;
	}
	return 0;
empty:
	zmq_msg_close(&id);
	return BUS_EMPTY;
}

int socket_receive(struct bus_socket *s, struct message *m)
{
	for (;;) {
		bool good;

		if (receive_frames(s, m, &good) != 0) {
			zmq_msg_close(&m->raw);
			return BUS_EMPTY;
		}
		m->body = wire_reader((struct slice){zmq_msg_data(&m->raw), zmq_msg_size(&m->raw)});
		if (good && wire_u8(&m->body) == BUS_VERSION) {
			m->type = wire_u8(&m->body);
			if (!m->body.bad)
				return 0;
		}
		socket_reject(s);
		zmq_msg_close(&m->raw);
	}
}

/* Waits until a message is there; false when the time is over. */
static bool wait_message(struct bus_socket *s, int64_t until)
{
	int64_t left = until - clock_monotonic();
	zmq_pollitem_t item = {.socket = s->zmq, .events = ZMQ_POLLIN};

	return left > 0 && zmq_poll(&item, 1, (long)left) > 0;
}

void socket_goodbye(struct bus_socket *s)
{
	int64_t until = clock_monotonic() + BUS_GOODBYE_MS;
	bool over = false;
	struct message m;

	socket_message(s, MESSAGE_BYE);
	if (socket_send(s, NULL) != 0)
		return;
	while (!over && wait_message(s, until))
		while (!over && socket_receive(s, &m) == 0) {
			over = m.type == MESSAGE_BYE_OK;
			zmq_msg_close(&m.raw);
		}
}

static bool take_reply(struct bus_socket *s, uint64_t number, struct buf *reply)
{
	bool found = false;
	struct message m;

	while (!found && socket_receive(s, &m) == 0) {
		found = m.type == MESSAGE_REPLY && wire_u64(&m.body) == number && !m.body.bad;
		if (found)
			buf_add(reply, m.body.p, (size_t)(m.body.end - m.body.p));
		zmq_msg_close(&m.raw);
	}
	return found;
}

int socket_ask(struct bus *b, struct bus_socket **asker, const char *channel, struct slice body,
	int64_t timeout_ms, struct buf *reply, struct error *e)
{
	const struct socket_spec spec = {.type = ZMQ_DEALER, .channel = channel};
	int64_t until = clock_monotonic() + timeout_ms;
	uint64_t number = bus_random();
	struct bus_socket *s;
	struct buf *out;
	int r;

	if (!*asker) {
		r = socket_open(b, &spec, asker, e);
		if (r < 0)
			return r;
	}
	s = *asker;
	out = socket_message(s, MESSAGE_ASK);
	wire_put_u64(out, number);
	buf_add_slice(out, body);
	while (clock_monotonic() < until) {
		int64_t next = clock_monotonic() + RESEND_MS;

		/* the server answers a number only once a connection */
		r = socket_send(s, NULL);
		if (r < 0)
			return error_set(e, r, "canal « %s » : %s", channel, zmq_strerror(-r));
		if (r == BUS_FULL)
			next = clock_monotonic() + 20;
		while (wait_message(s, next < until ? next : until))
			if (take_reply(s, number, reply))
				return 0;
	}
	error_set(e, -ETIMEDOUT, "pas de réponse sur le canal « %s » après %lld ms", channel,
		(long long)timeout_ms);
	return BUS_TIMEOUT;
}
