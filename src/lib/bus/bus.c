/* SPDX-License-Identifier: GPL-3.0-or-later
 * The event loop: one zmq_poll over the channels' sockets and the watched descriptors, then timers.
 * Callbacks may add and remove anything; what is removed is only marked, and swept next turn. */
#include <tocsin/bus/bus.h>

#include <errno.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <zmq.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

#include "socket.h"

struct watch {
	int fd;
	short events;
	bus_fd_fn *fn; /* NULL: removed */
	void *user;
};
struct timer {
	int id;
	int64_t at, period;
	bus_timer_fn *fn; /* NULL: removed */
	void *user;
};
struct bus {
	void *context;
	char *folder;
	struct bus_socket **sockets; /* NULL: removed */
	struct watch *watches;
	struct timer *timers;
	zmq_pollitem_t *items;
	size_t n_sockets, n_watches, n_timers, n_items;
	int last_timer;
	bool stop;
	uint64_t rejected;
	struct bus_socket *deaths; /* seam_report_death's */
};

static int make_folder(const char *run_dir, char **ret, struct error *e)
{
	_free_ char *folder = xasprintf("%s/bus", run_dir);
	struct stat st;
	int r;

	r = file_make_folder(folder, 0700, e);
	if (r < 0)
		return r;
	if (stat(folder, &st) < 0)
		return error_set(e, -errno, "%s : %s", folder, strerror(errno));
	if (st.st_uid != geteuid())
		return error_set(e, -EPERM, "le dossier %s appartient à un autre utilisateur (%u)",
			folder, (unsigned)st.st_uid);
	if ((st.st_mode & 077) && chmod(folder, 0700) < 0)
		return error_set(e, -errno, "%s : %s", folder, strerror(errno));
	*ret = folder;
	folder = NULL;
	return 0;
}

int bus_new(const char *run_dir, struct bus **ret, struct error *e)
{
	struct bus *b;
	char *folder = NULL;
	int r;

	r = make_folder(run_dir, &folder, e);
	if (r < 0)
		return r;
	b = xcalloc(1, sizeof(*b));
	b->folder = folder;
	b->context = zmq_ctx_new();
	if (!b->context) {
		r = -errno;
		free(b->folder);
		free(b);
		return error_set(e, r, "ZeroMQ : %s", zmq_strerror(-r));
	}
	*ret = b;
	return 0;
}

struct bus *bus_free(struct bus *b)
{
	if (!b)
		return NULL;
	socket_close(b->deaths);
	for (size_t i = 0; i < b->n_sockets; i++)
		if (b->sockets[i]) /* its owner forgot it: the context would wait for ever */
			zmq_close(b->sockets[i]->zmq);
	while (zmq_ctx_term(b->context) < 0 && errno == EINTR)
		;
	free(b->sockets);
	free(b->watches);
	free(b->timers);
	free(b->items);
	free(b->folder);
	free(b);
	return NULL;
}

void *bus_context(struct bus *b)
{
	return b->context;
}

const char *bus_folder(struct bus *b)
{
	return b->folder;
}

struct bus_socket **bus_deaths(struct bus *b)
{
	return &b->deaths;
}

void bus_count_rejected(struct bus *b)
{
	b->rejected++;
}

uint64_t bus_rejected(const struct bus *b)
{
	return b->rejected;
}

uint64_t bus_random(void)
{
	uint64_t v = 0;

	while (!v)
		if (getrandom(&v, sizeof(v), 0) != (ssize_t)sizeof(v))
			v = (uint64_t)clock_monotonic_us() << 16 | (uint64_t)getpid();
	return v;
}

void bus_add_socket(struct bus *b, struct bus_socket *s)
{
	b->sockets = xreallocarray(b->sockets, b->n_sockets + 1, sizeof(*b->sockets));
	b->sockets[b->n_sockets++] = s;
}

void bus_remove_socket(struct bus *b, struct bus_socket *s)
{
	for (size_t i = 0; i < b->n_sockets; i++)
		if (b->sockets[i] == s)
			b->sockets[i] = NULL;
}

int bus_watch_fd(struct bus *b, int fd, short events, bus_fd_fn *fn, void *user)
{
	if (fd < 0 || !fn)
		return -EINVAL;
	b->watches = xreallocarray(b->watches, b->n_watches + 1, sizeof(*b->watches));
	b->watches[b->n_watches++] = (struct watch){fd, events, fn, user};
	return 0;
}

void bus_unwatch_fd(struct bus *b, int fd)
{
	for (size_t i = 0; i < b->n_watches; i++)
		if (b->watches[i].fd == fd)
			b->watches[i].fn = NULL;
}

int bus_timer(struct bus *b, int64_t delay_ms, int64_t period_ms, bus_timer_fn *fn, void *user)
{
	b->timers = xreallocarray(b->timers, b->n_timers + 1, sizeof(*b->timers));
	b->timers[b->n_timers++] =
		(struct timer){++b->last_timer, clock_monotonic() + delay_ms, period_ms, fn, user};
	return b->last_timer;
}

void bus_timer_cancel(struct bus *b, int id)
{
	for (size_t i = 0; i < b->n_timers; i++)
		if (b->timers[i].id == id)
			b->timers[i].fn = NULL;
}

static void sweep(struct bus *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_sockets; i++)
		if (b->sockets[i])
			b->sockets[n++] = b->sockets[i];
	b->n_sockets = n;
	n = 0;
	for (size_t i = 0; i < b->n_watches; i++)
		if (b->watches[i].fn)
			b->watches[n++] = b->watches[i];
	b->n_watches = n;
	n = 0;
	for (size_t i = 0; i < b->n_timers; i++)
		if (b->timers[i].fn)
			b->timers[n++] = b->timers[i];
	b->n_timers = n;
}

static int64_t wait_for(const struct bus *b, int64_t timeout_ms)
{
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < b->n_timers; i++) {
		int64_t left = b->timers[i].at > now ? b->timers[i].at - now : 0;

		if (timeout_ms < 0 || left < timeout_ms)
			timeout_ms = left;
	}
	return timeout_ms;
}

static size_t fill(struct bus *b)
{
	size_t n = 0;

	if (b->n_items < b->n_sockets + b->n_watches) {
		b->n_items = b->n_sockets + b->n_watches;
		b->items = xreallocarray(b->items, b->n_items, sizeof(*b->items));
	}
	for (size_t i = 0; i < b->n_sockets; i++)
		b->items[n++] =
			(zmq_pollitem_t){.socket = b->sockets[i]->zmq, .events = ZMQ_POLLIN};
	for (size_t i = 0; i < b->n_watches; i++)
		b->items[n++] =
			(zmq_pollitem_t){.fd = b->watches[i].fd, .events = b->watches[i].events};
	return n;
}

static void run_timers(struct bus *b)
{
	size_t n = b->n_timers;
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < n; i++) {
		struct timer t = b->timers[i];

		if (!t.fn || t.at > now)
			continue;
		if (t.period > 0)
			b->timers[i].at = now + t.period;
		else
			b->timers[i].fn = NULL;
		t.fn(t.user);
	}
}

int bus_turn(struct bus *b, int64_t timeout_ms)
{
	size_t n, n_sockets;

	sweep(b);
	n = fill(b);
	n_sockets = b->n_sockets;
	timeout_ms = wait_for(b, timeout_ms);
	if (zmq_poll(b->items, (int)n, (long)timeout_ms) < 0) {
		if (errno != EINTR)
			return -errno;
		n = 0;
	}
	for (size_t i = n_sockets; i < n; i++) {
		struct watch w = b->watches[i - n_sockets];

		/* what came for a descriptor that a callback just unwatched is not its successor's */
		if (b->items[i].revents && w.fn && w.fd == b->items[i].fd)
			w.fn(w.user, w.fd, b->items[i].revents);
	}
	for (size_t i = 0; i < n_sockets && i < n; i++) {
		struct bus_socket *s = b->sockets[i];

		if (b->items[i].revents && s && s->ready)
			s->ready(s->user);
	}
	run_timers(b);
	return 0;
}

int bus_run(struct bus *b)
{
	b->stop = false;
	while (!b->stop) {
		int r = bus_turn(b, -1);

		if (r < 0)
			return r;
	}
	return 0;
}

void bus_stop(struct bus *b)
{
	b->stop = true;
}
