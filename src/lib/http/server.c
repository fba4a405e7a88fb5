/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon, its one descriptor, its connections and their time. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "private.h"

enum {
	TICK_MS = 100,
	LOOKS = 10, /* ticks between two looks whether a stream has a listener */
	ROUNDS = 16, /* of libmicrohttpd a turn */
	POOL_SLACK =
		16384, /* libmicrohttpd's own needs in a connection's pool, beside the header */
	OTHER_FDS = 64,
	EVENTS = 64
};

/* Since 1.0 a connection handed over by another thread would be taken later; ours is the same one. */
#if MHD_VERSION >= 0x00097707
#define ONE_THREAD MHD_USE_NO_THREAD_SAFETY
#else
#define ONE_THREAD MHD_NO_FLAG
#endif

void server_phase(struct connection *c, enum phase phase)
{
	c->phase = phase;
	c->since = clock_monotonic();
}

void server_wake(struct http *h)
{
	const uint64_t one = 1;
	(void)!write(h->wake_fd, &one, sizeof(one));
}

void server_forget(struct connection *c)
{
	struct http *h = c->h;
	if (c->prev)
		c->prev->next = c->next;
	else
		h->head = c->next;
	if (c->next)
		c->next->prev = c->prev;
	h->n_open--;
	if (!c->address.local) {
		struct slice key = {c->address.bytes, sizeof(c->address.bytes)};
		uint64_t *count = map_find(h->addresses, key);
		if (count && --*count == 0)
			map_remove(h->addresses, key);
	}
	http_drop_body(&c->request);
	stream_forget(c);
	if (c->response)
		MHD_destroy_response(c->response);
	if (c->phase == PHASE_HEAD)
		close_fd(&c->fd);
	free(c->fields);
	free(c->raw);
	free(c);
}

void server_cut(struct connection *c, const char *answer)
{
	if (c->cut)
		return;
	c->cut = true;
	/* libmicrohttpd has nothing to send before ANSWER, so our bytes don't fall into its own. */
	if (answer)
		(void)!send(c->fd, answer, strlen(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(c->fd, SHUT_RDWR);
	if (c->phase == PHASE_HEAD)
		server_forget(c);
	else if (c->phase == PHASE_STREAM)
		stream_wake(c);
	else
		server_wake(c->h);
}

bool server_make_room(struct http *h, const struct connection *keep, enum phase phase)
{
	struct connection *oldest = NULL;
	for (struct connection *c = h->head; c; c = c->next) {
		bool sending = c->phase == PHASE_BODY || (phase == PHASE_HEAD && c->phase == phase);
		if (sending && !c->cut && (!oldest || c->since <= oldest->since))
			oldest = c;
	}
	if (!oldest || oldest == keep)
		return false;
	h->counts.evicted++;
	http_drop_body(&oldest->request);
	server_cut(oldest, NULL);
	return true;
}

/* libmicrohttpd has taken a connection, or is done with it. */
static void connection_changed(void *user, struct MHD_Connection *mhd, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	struct http *h = user;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = h->handing;
		if (h->handing)
			h->handing->mhd = mhd;
	} else if (*context) {
		server_forget(*context);
		*context = NULL;
	}
}

/* --- time */

/* The peer has closed in the middle of its body, or of what we say. libmicrohttpd misses the one when the end comes together
 * with data, and does not look while a stream sleeps. */
static bool gave_up(const struct connection *c)
{
	char byte;
	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Once a second is enough. */
static bool left_stream(const struct http *h, const struct connection *c)
{
	return c->phase == PHASE_STREAM && h->ticks % LOOKS == 0 && gave_up(c);
}

static void sweep(struct http *h)
{
	const int64_t now = clock_monotonic();
	const struct http_limits *l = &h->limits;
	struct connection *next;
	h->ticks++;
	for (struct connection *c = h->head; c; c = next) {
		next = c->next;
		int64_t age = now - c->since;
		bool late = (c->phase == PHASE_HEAD && age > l->header_ms) ||
			(c->phase == PHASE_BODY && age > l->body_ms) ||
			(c->phase == PHASE_ANSWER && age > l->answer_ms) ||
			(c->phase == PHASE_STREAM && c->tail.n && age > l->answer_ms);
		if (c->cut)
			continue;
		if ((c->phase == PHASE_BODY && age > 2 * TICK_MS && gave_up(c)) ||
			left_stream(h, c)) {
			server_cut(c, NULL);
			continue;
		}
		if (!late)
			continue;
		h->counts.timeouts++;
		if (c->phase == PHASE_HEAD)
			door_discard(c->fd);
		/* To somebody who has not said a word we don't either. */
		bool silent = c->phase >= PHASE_ANSWER || (c->phase == PHASE_HEAD && c->seen == 0);
		server_cut(c, silent ? NULL : answer_raw(408));
	}
	door_listen(h);
}

static void set_timer(struct http *h)
{
	bool wanted = h->n_open > 0;
	if (wanted == h->ticking)
		return;
	const struct timespec tick = {0, wanted ? TICK_MS * 1000000L : 0};
	const struct itimerspec spec = {tick, tick};
	timerfd_settime(h->timer_fd, 0, &spec, NULL);
	h->ticking = wanted;
}

static bool read_counter(int fd)
{
	uint64_t count;
	return read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count);
}

static void take_events(struct http *h)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(h->poll_fd, events, EVENTS, 0);
	bool tick = false, door = false;
	/* Sockets first: what follows may free connections that later events of this list name. */
	for (int i = 0; i < n; i++) {
		void *what = events[i].data.ptr;
		if (what == &h->wake_fd)
			read_counter(h->wake_fd);
		else if (what == &h->timer_fd)
			tick = read_counter(h->timer_fd);
		else if (what == &h->listen_fd)
			door = true;
		else if (what != &h->daemon)
			door_look(what, events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
	}
	if (tick)
		sweep(h);
	if (door)
		door_accept(h);
}

void http_turn(struct http *h)
{
	MHD_UNSIGNED_LONG_LONG wait = 1;
	take_events(h);
	for (int i = 0; i < ROUNDS; i++) {
		MHD_run(h->daemon);
		wait = 1;
		if (MHD_get_timeout(h->daemon, &wait) != MHD_YES || wait > 0)
			break;
	}
	if (wait == 0)
		server_wake(h);
	set_timer(h);
}

/* --- opening, closing */

static void set_limits(struct http_limits *l)
{
	const struct http_limits d = {512, 64, 16384, 1u << 20, 64u << 20, 10000, 20000, 20000};
	struct rlimit files;
	l->connections = l->connections ? l->connections : d.connections;
	l->per_address = l->per_address ? l->per_address : d.per_address;
	l->header_bytes = l->header_bytes ? l->header_bytes : d.header_bytes;
	l->body_bytes = l->body_bytes ? l->body_bytes : d.body_bytes;
	l->bodies_bytes = l->bodies_bytes ? l->bodies_bytes : d.bodies_bytes;
	l->header_ms = l->header_ms ? l->header_ms : d.header_ms;
	l->body_ms = l->body_ms ? l->body_ms : d.body_ms;
	l->answer_ms = l->answer_ms ? l->answer_ms : d.answer_ms;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < l->connections + OTHER_FDS)
		l->connections =
			files.rlim_cur > 2 * OTHER_FDS ? (unsigned)files.rlim_cur - OTHER_FDS : 16;
}

static int start(struct http *h)
{
	const struct http_limits *l = &h->limits;
	/* Only a net below ours: the sum of what one request may take. */
	unsigned idle = (unsigned)((l->header_ms + l->body_ms + l->answer_ms) / 1000 + 5);
	h->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | ONE_THREAD, 0,
		NULL, NULL, request_handle, h,
#if MHD_VERSION >= 0x00097701
		MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#else
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
#endif
		MHD_OPTION_CONNECTION_LIMIT, 2 * l->connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		l->header_bytes + POOL_SLACK, MHD_OPTION_CONNECTION_TIMEOUT, idle,
		MHD_OPTION_NOTIFY_CONNECTION, connection_changed, h, MHD_OPTION_NOTIFY_COMPLETED,
		request_completed, h, MHD_OPTION_END);
	return h->daemon ? 0 : -EIO;
}

static int watch_fd(struct http *h, int fd, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
	return epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int watch(struct http *h)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	int r = info ? watch_fd(h, info->epoll_fd, &h->daemon) : -EIO;
	if (r == 0)
		r = watch_fd(h, h->wake_fd, &h->wake_fd);
	if (r == 0)
		r = watch_fd(h, h->timer_fd, &h->timer_fd);
	return r < 0 ? r : watch_fd(h, h->listen_fd, &h->listen_fd);
}

int http_open(const struct http_options *o, struct http **ret, struct error *e)
{
	struct http *h = xcalloc(1, sizeof(*h));
	int r;
	*h = (struct http){.o = *o, .limits = o->limits, .listen_fd = -1};
	set_limits(&h->limits);
	h->peek = xmalloc(h->limits.header_bytes + 1);
	h->addresses = map_new();
	h->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	h->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	h->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (h->poll_fd < 0 || h->wake_fd < 0 || h->timer_fd < 0)
		r = error_set(e, -errno, "%s : %s", o->listen, strerror(errno));
	else
		r = address_listen(o->listen, &h->listen_fd, &h->port, e);
	if (r == 0) {
		r = start(h);
		if (r == 0)
			r = watch(h);
		if (r < 0)
			error_set(e, r, "%s : libmicrohttpd %s", o->listen, MHD_get_version());
	}
	if (r < 0) {
		http_close(h);
		return r;
	}
	*ret = h;
	return 0;
}

struct http *http_close(struct http *h)
{
	if (!h)
		return NULL;
	struct connection *next;
	close_fd(&h->listen_fd);
	for (struct connection *c = h->head; c; c = next) {
		next = c->next;
		if (c->phase == PHASE_HEAD)
			server_cut(c, NULL);
		else if (c->phase == PHASE_PENDING && !c->response)
			MHD_resume_connection(c->mhd);
		else if (c->asleep)
			server_cut(c, NULL);
	}
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	map_free(h->addresses);
	close_fd(&h->timer_fd);
	close_fd(&h->wake_fd);
	close_fd(&h->poll_fd);
	free(h->peek);
	free(h);
	return NULL;
}

void http_drain(struct http *h)
{
	struct connection *next;
	close_fd(&h->listen_fd);
	for (struct connection *c = h->head; c; c = next) {
		next = c->next;
		if (c->phase == PHASE_HEAD && c->seen == 0)
			server_cut(c, NULL);
	}
}

int http_fd(const struct http *h)
{
	return h->poll_fd;
}

unsigned http_pending(const struct http *h)
{
	return h->n_pending;
}

unsigned http_connections(const struct http *h)
{
	return h->n_open;
}

unsigned http_port(const struct http *h)
{
	return h->port;
}

struct http_counts http_counted(const struct http *h)
{
	return h->counts;
}
