/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include "private.h"

enum { BACKLOG = 512 };

struct address_key address_key(const struct sockaddr *a)
{
	static const char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0xff, (char)0xff};
	struct address_key k = {.local = a->sa_family == AF_UNIX};
	if (k.local)
		return k;
	if (a->sa_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, a, sizeof(v4));
		memcpy(k.bytes, mapped, sizeof(mapped));
		memcpy(k.bytes + 12, &v4.sin_addr, 4);
	} else if (a->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, a, sizeof(v6));
		memcpy(k.bytes, &v6.sin6_addr, 16);
		k.local = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
	}
	if (memcmp(k.bytes, mapped, sizeof(mapped)) == 0)
		k.local = k.bytes[12] == 127;
	else
		memset(k.bytes + 8, 0, 8); /* one subscriber has a whole /64 */
	return k;
}

bool http_address_key(struct slice text, struct address_key *ret)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	char s[INET6_ADDRSTRLEN];
	if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct slice){text.p + 1, text.n - 2};
	if (!text.n || text.n >= sizeof(s) || memchr(text.p, 0, text.n))
		return false;
	memcpy(s, text.p, text.n);
	s[text.n] = 0;
	if (inet_pton(AF_INET, s, &v4.sin_addr) == 1)
		*ret = address_key((const struct sockaddr *)&v4);
	else if (inet_pton(AF_INET6, s, &v6.sin6_addr) == 1)
		*ret = address_key((const struct sockaddr *)&v6);
	else
		return false;
	return true;
}

void address_text(const struct sockaddr *a, char out[static INET6_ADDRSTRLEN])
{
	if (a->sa_family == AF_UNIX) {
		memcpy(out, "unix", 5);
		return;
	}
	socklen_t n =
		a->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (getnameinfo(a, n, out, INET6_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST) != 0)
		memcpy(out, "?", 2);
}

static bool split(const char *listen, char *host, size_t size, const char **ret_port)
{
	const char *colon = strrchr(listen, ':');
	size_t n = colon ? (size_t)(colon - listen) : 0;
	if (n == 0 || n >= size)
		return false;
	if (listen[0] == '[' && listen[n - 1] == ']') {
		listen++;
		n -= 2;
	}
	memcpy(host, listen, n);
	host[n] = '\0';
	*ret_port = colon + 1;
	return true;
}

static int open_one(const struct addrinfo *ai, unsigned *ret_port)
{
	_close_ int fd =
		socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);
	int yes = 1;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} bound = {.v6 = {0}};
	socklen_t n = sizeof(bound);
	/* REUSEADDR lets a restarted process take its port back; two at once still cannot. */
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
		bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0 ||
		getsockname(fd, &bound.any, &n) < 0)
		return -errno;
	*ret_port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
	int r = fd;
	fd = -1;
	return r;
}

int address_listen(const char *listen, int *ret_fd, unsigned *ret_port, struct error *e)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	char host[256];
	const char *port;
	if (listen[0] == '/')
		return local_listen(listen, ret_fd, e);
	if (!split(listen, host, sizeof(host), &port))
		return error_set(e, -EINVAL, "%s : adresse:port attendu", listen);
	int r = getaddrinfo(host, port, &hints, &list);
	if (r != 0)
		return error_set(e, -EADDRNOTAVAIL, "%s : %s", listen, gai_strerror(r));
	int fd = -EADDRNOTAVAIL;
	for (const struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next)
		fd = open_one(ai, ret_port);
	freeaddrinfo(list);
	if (fd < 0)
		return error_set(e, fd, "%s : %s", listen, strerror(-fd));
	*ret_fd = fd;
	return 0;
}

int http_try(const char *listen, struct error *e)
{
	_close_ int fd = -1;
	unsigned port;
	return address_listen(listen, &fd, &port, e);
}
