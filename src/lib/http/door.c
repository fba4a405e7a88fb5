/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a connection comes in: how many, from whom, and its header, byte by byte. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <tocsin/base/alloc.h>
#include "private.h"

enum { ACCEPTS = 64 /* a turn */, DISCARD_MAX = 256 << 10, DISCARD_PIECE = 16384 };

void door_discard(int fd)
{
	char waste[DISCARD_PIECE];
	for (int i = 0; i < DISCARD_MAX / DISCARD_PIECE; i++)
		if (recv(fd, waste, sizeof(waste), MSG_DONTWAIT) <= 0)
			return;
}

static bool too_many_from(struct http *h, const struct address_key *k)
{
	if (k->local)
		return false;
	const uint64_t *count = map_find(h->addresses, (struct slice){k->bytes, sizeof(k->bytes)});
	return count && *count >= h->limits.per_address;
}

static void arrive(struct http *h, int fd, const struct sockaddr_storage *from)
{
	const struct sockaddr *a = (const struct sockaddr *)from;
	struct address_key key = address_key(a);
	if (too_many_from(h, &key) || (a->sa_family == AF_UNIX && !local_welcome(&h->o, fd))) {
		h->counts.turned_away++;
		close(fd);
		return;
	}
	struct connection *c = xcalloc(1, sizeof(*c));
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = c};
	*c = (struct connection){.h = h, .fd = fd, .from = *from, .address = key, .next = h->head};
	address_text(a, c->peer);
	server_phase(c, PHASE_HEAD);
	if (h->head)
		h->head->prev = c;
	h->head = c;
	h->n_open++;
	h->counts.connections++;
	if (!key.local)
		++*map_at(h->addresses, (struct slice){key.bytes, sizeof(key.bytes)}, NULL);
	if (epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		server_cut(c, NULL);
		return;
	}
	door_look(c, false); /* most have sent by now */
}

static void set_listening(struct http *h, bool on)
{
	struct epoll_event event = {.events = on ? EPOLLIN : 0, .data.ptr = &h->listen_fd};
	if (h->listen_fd >= 0 && epoll_ctl(h->poll_fd, EPOLL_CTL_MOD, h->listen_fd, &event) == 0)
		h->deaf = !on;
}

void door_listen(struct http *h)
{
	if (h->deaf && h->n_open < h->limits.connections)
		set_listening(h, true);
}

void door_accept(struct http *h)
{
	for (int i = 0; i < ACCEPTS && h->listen_fd >= 0; i++) {
		/* An eighth is kept free, since libmicrohttpd closes what is cut a little later. */
		if (h->n_open >= h->limits.connections - h->limits.connections / 8)
			server_make_room(h, NULL, PHASE_HEAD);
		if (h->n_open >= h->limits.connections) {
			set_listening(h, false);
			return;
		}
		struct sockaddr_storage from = {0};
		socklen_t n = sizeof(from);
		int fd = accept4(
			h->listen_fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			arrive(h, fd, &from);
			continue;
		}
		/* No descriptor or memory left: those who wait do so until the next tick. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			server_make_room(h, NULL, PHASE_HEAD);
			set_listening(h, false);
		}
		if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

static void refuse(struct connection *c, unsigned status)
{
	c->h->counts.requests++;
	c->h->counts.refused++;
	door_discard(c->fd);
	server_cut(c, answer_raw(status));
}

static void hand_over(struct connection *c)
{
	struct http *h = c->h;
	socklen_t n = c->from.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
						    : sizeof(struct sockaddr_in);
	epoll_ctl(h->poll_fd, EPOLL_CTL_DEL, c->fd, NULL);
	server_phase(c, PHASE_BODY);
	h->handing = c;
	MHD_add_connection(h->daemon, c->fd, (const struct sockaddr *)&c->from, n);
	h->handing = NULL;
	if (!c->mhd) { /* it has closed the socket */
		c->fd = -1;
		server_forget(c);
		return;
	}
	server_wake(h);
}

/* True: not yet complete. Else c may be gone. */
static bool read_head(struct connection *c, struct slice raw)
{
	struct http *h = c->h;
	struct guard_field fields[GUARD_FIELDS_MAX];
	const struct guard_limits limits = {h->o.methods, h->limits.body_bytes};
	struct guard_head head;
	size_t n;
	int r = guard_read(raw, h->limits.header_bytes, fields, &head, &n);
	if (r == GUARD_MORE)
		return true;
	if (r) {
		refuse(c, r == GUARD_TOO_LARGE ? 431 : 400);
		return false;
	}
	c->raw = xstrndup(raw.p, n);
	c->fields = xreallocarray(NULL, head.n_fields ? head.n_fields : 1, sizeof(*c->fields));
	/* The same again in memory that stays. */
	if (guard_read((struct slice){c->raw, n}, n + 1, c->fields, &c->head, &n) != 0)
		abort();
	c->verdict = guard_check(&c->head, &limits);
	if (c->verdict.status && !c->verdict.framed)
		refuse(c, c->verdict.status);
	else
		hand_over(c);
	return false;
}

void door_look(struct connection *c, bool ended)
{
	struct http *h = c->h;
	ssize_t n = recv(c->fd, h->peek, h->limits.header_bytes + 1, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* What we have seen before may be told again; only an end says that no more will come. */
	if (n <= 0 || ((size_t)n == c->seen && ended)) {
		server_cut(c, NULL);
		return;
	}
	c->seen = (size_t)n;
	if (read_head(c, (struct slice){h->peek, (size_t)n}) && ended)
		server_cut(c, NULL);
}
