/* SPDX-License-Identifier: GPL-3.0-or-later
 * All the ways inside that we know, names that lead there, and a socket that counts who came. */
#ifndef NET_INSIDE_H
#define NET_INSIDE_H
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tocsin/net/fetch.h>

int getaddrinfo(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **ret);

/* The names of this test; libcurl asks here. A name that is asked a second time may have moved. */
static const struct {
	const char *name, *first, *later;
} names[] = {
	{"inside.example", "127.0.0.1", "127.0.0.1"},
	{"six.example", "::1", "::1"},
	{"mapped.example", "::ffff:127.0.0.1", "::ffff:127.0.0.1"},
	{"home.example", "192.168.1.1", "192.168.1.1"},
	{"cloud.example", "169.254.169.254", "169.254.169.254"},
	{"moving.example", "93.184.216.34", "127.0.0.1"},
};
static int asked[sizeof(names) / sizeof(*names)];

int getaddrinfo(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, name) == 0) {
			const char *to = asked[i]++ ? names[i].later : names[i].first;
			struct addrinfo plain = {.ai_family = strchr(to, ':') ? AF_INET6 : AF_INET,
				.ai_socktype = SOCK_STREAM,
				.ai_flags = AI_NUMERICHOST};
			return real(to, service, &plain, ret);
		}
	return real(name, service, hints, ret);
}

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t n);

/* How often somebody inside was called, whether there is such a machine or not. */
static int inside_called;

/* Whoever is called has hung up by then: for listeners that answer nothing, nobody waits. */
static bool hangs_up;

/* False on a machine that knows no IPv6. */
static bool six = true;

static inline void hang_up(int fd)
{
	poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 10000);
	shutdown(fd, SHUT_RD);
}

/* Nobody but this machine is called by a test. */
int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t n)
{
	static const unsigned char loopback[16] = {[15] = 1};
	int (*real)(int, const struct sockaddr *, socklen_t);
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	bool ours;
	*(void **)&real = dlsym(RTLD_NEXT, "connect");
	memcpy(&in, to.__sockaddr__, sizeof(in));
	memcpy(&in6, to.__sockaddr__, n < sizeof(in6) ? n : sizeof(in6));
	ours = in.sin_family == AF_INET ? ntohl(in.sin_addr.s_addr) >> 24 == 127
					: memcmp(in6.sin6_addr.s6_addr, loopback, 16) == 0;
	inside_called += !address_is_public(to.__sockaddr__);
	if (!ours) {
		errno = ENETUNREACH;
		return -1;
	}
	int r = real(fd, to.__sockaddr__, n), problem = errno;
	if (hangs_up)
		hang_up(fd);
	errno = problem;
	return r;
}

static int listen_on_four(int *ret_port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

static int listen_everywhere(int *ret_port)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6};
	socklen_t n = sizeof(a);
	int off = 0, fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	six = fd >= 0;
	if (!six)
		return listen_on_four(ret_port);
	assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin6_port);
	return fd;
}

static int connections(int listener)
{
	int n = 0, fd;
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		close(fd);
		n++;
	}
	return n;
}

/* %d is the port of the socket that listens. */
static const char *const tricks[] = {
	/* written plainly, and in all the ways of inet_aton */
	"http://127.0.0.1:%d/", "http://127.1:%d/", "http://127.0.1:%d/", "http://2130706433:%d/",
	"http://0x7f000001:%d/", "http://0x7f.0.0.1:%d/", "http://0x7f.1:%d/",
	"http://0177.0.0.1:%d/", "http://017700000001:%d/", "http://0177.0x0.1:%d/",
	"http://127.0.0.1.:%d/", "http://127.255.255.254:%d/", "http://%%31%%32%%37.0.0.1:%d/",
	/* this host, nobody */
	"http://0.0.0.0:%d/", "http://0:%d/", "http://0x0:%d/", "http://[::]:%d/",
	/* IPv6, and IPv4 inside it */
	"http://[::1]:%d/", "http://[0:0:0:0:0:0:0:1]:%d/", "http://[::ffff:127.0.0.1]:%d/",
	"http://[::ffff:7f00:1]:%d/", "http://[::127.0.0.1]:%d/", "http://[64:ff9b::127.0.0.1]:%d/",
	"http://[64:ff9b::7f00:1]:%d/", "http://[64:ff9b:1::7f00:1]:%d/",
	"http://[2002:7f00:1::]:%d/", "http://[2001:0:7f00:1::1]:%d/", "http://[fe80::1]:%d/",
	"http://[fe80::1%%25lo]:%d/", "http://[fc00::1]:%d/", "http://[fd12:3456::1]:%d/",
	"http://[ff02::1]:%d/", "http://[2001:db8::1]:%d/",
	/* other inside ranges */
	"http://10.0.0.1:%d/", "http://172.16.0.1:%d/", "http://172.31.255.255:%d/",
	"http://192.168.1.1:%d/", "http://169.254.169.254:%d/latest/meta-data/",
	"http://100.64.0.1:%d/", "http://192.0.0.8:%d/", "http://192.0.2.1:%d/",
	"http://198.18.0.1:%d/", "http://198.51.100.7:%d/", "http://203.0.113.9:%d/",
	"http://224.0.0.1:%d/", "http://240.0.0.1:%d/", "http://255.255.255.255:%d/",
	/* names */
	"http://localhost:%d/", "http://LOCALHOST:%d/", "http://localhost.:%d/",
	"http://inside.example:%d/", "http://six.example:%d/", "http://mapped.example:%d/",
	"http://home.example:%d/", "http://cloud.example:%d/",
	/* what readers of addresses disagree on */
	"http://public.example@127.0.0.1:%d/", "http://127.0.0.1:%d#@public.example/",
	"http://public.example\\@127.0.0.1:%d/", "http://127.0.0.1:%d\\@public.example/",
	"http://127。0。0。1:%d/", "http://①②⑦.0.0.1:%d/", "http:127.0.0.1:%d/",
	"http:///127.0.0.1:%d/", "http://127.0.0.1:%d/ x", "http://[::1:%d/",
	/* other protocols */
	"file:///etc/passwd", "gopher://127.0.0.1:%d/_x", "dict://127.0.0.1:%d/x",
	"ftp://127.0.0.1:%d/", "smtp://127.0.0.1:%d/", "ldap://127.0.0.1:%d/"};

/* Whether this machine can be asked so: without IPv6 libcurl doesn't read its addresses. */
static inline bool trick_fits(const char *trick)
{
	return six || !(strchr(trick, '[') || strstr(trick, "six.") || strstr(trick, "mapped."));
}

static void trick_write(const char *trick, int port, char *out, size_t size)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(out, size, trick, port);
#pragma GCC diagnostic pop
}
#endif
