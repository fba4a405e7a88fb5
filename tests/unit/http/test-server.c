/* SPDX-License-Identifier: GPL-3.0-or-later
 * The server over real sockets: whole requests, answers now and later, limits in bytes, number and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <tocsin/base/clock.h>
#include <tocsin/http/http.h>
#include "private.h"

#define HEAD "POST /x HTTP/1.1\r\nHost: x\r\n"

struct place {
	struct http *h;
	struct http_request *held[16]; /* what the handler has not answered */
	unsigned n_held, handled;
	bool hold, refuse, stream;
	unsigned gone;
};

static bool admit(void *user, struct http_request *r, struct http_response *refuse)
{
	const struct place *p = user;
	assert_int_equal(r->body.n, 0);
	*refuse = (struct http_response){.status = 404, .body = SLICE("none")};
	return !p->refuse;
}

static void answer(struct http_request *r)
{
	_buf_ struct buf out = {0};
	buf_printf(&out, "%.*s %.*s?%.*s ", (int)r->method.n, r->method.p, (int)r->path.n,
		r->path.p, (int)r->query.n, r->query.p);
	buf_add_slice(&out, r->body);
	http_answer(r, &(struct http_response){.status = 200, .body = buf_slice(&out)});
}

static void gone(void *user)
{
	struct place *p = user;
	p->gone++;
}

static void handle(void *user, struct http_request *r)
{
	struct place *p = user;
	p->handled++;
	if (p->stream) {
		p->held[p->n_held++] = r;
		http_stream(r,
			&(struct http_response){
				.status = 200, .type = "text/event-stream", .body = SLICE("first")},
			gone, p);
	} else if (p->hold)
		p->held[p->n_held++] = r;
	else
		answer(r);
}

static struct place *open_place(struct http_limits limits)
{
	static const char *const methods[] = {"GET", "POST", NULL};
	struct place *p = calloc(1, sizeof(*p));
	struct error e;
	const struct http_options o = {.listen = "127.0.0.1:0",
		.methods = methods,
		.limits = limits,
		.admit = admit,
		.handle = handle,
		.user = p};
	assert_int_equal(http_open(&o, &p->h, &e), 0);
	return p;
}

static void close_place(struct place *p)
{
	assert_int_equal(http_pending(p->h), 0);
	http_close(p->h);
	free(p);
}

static int dial(const struct place *p)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_port(p->h)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r = connect(fd, (struct sockaddr *)&to, sizeof(to));
	assert_true(r == 0 || errno == EINPROGRESS);
	return fd;
}

/* Runs the server for so long, or until fd is readable. */
static bool turn(struct place *p, int fd, int64_t ms)
{
	const int64_t end = clock_monotonic() + ms;
	for (;;) {
		struct pollfd fds[] = {{http_fd(p->h), POLLIN, 0}, {fd, POLLIN, 0}};
		int64_t left = end - clock_monotonic();
		poll(fds, 2, left > 0 ? (int)left : 0);
		if (fds[0].revents)
			http_turn(p->h);
		if (fd >= 0 && fds[1].revents)
			return true;
		if (left <= 0)
			return false;
	}
}

/* What comes until the end. */
static const char *listen_to(struct place *p, int fd, struct buf *out)
{
	buf_clear(out);
	while (turn(p, fd, 5000)) {
		ssize_t n = recv(fd, buf_reserve(out, 4096), 4096, 0);
		if (n <= 0) {
			close(fd);
			return buf_string(out);
		}
		out->n += (size_t)n;
	}
	fail_msg("no end");
	return NULL;
}

static const char *exchange(struct place *p, struct slice data, struct buf *out)
{
	int fd = dial(p);
	turn(p, -1, 0);
	while (data.n) {
		ssize_t n = send(fd, data.p, data.n, MSG_NOSIGNAL);
		if (n > 0)
			data = (struct slice){data.p + n, data.n - (size_t)n};
		else if (errno != EAGAIN && errno != ENOTCONN)
			break;
		turn(p, -1, 1);
	}
	return listen_to(p, fd, out);
}

static void test_requests(void **state)
{
	struct place *p = open_place((struct http_limits){.body_bytes = 1000});
	_buf_ struct buf out = {0};
	(void)state;
	const char *a = exchange(p, SLICE("GET /a/b?c=%20 HTTP/1.1\r\nHost: x\r\n\r\n"), &out);
	assert_true(strstr(a, "HTTP/1.1 200") == a && strstr(a, "GET /a/b?c=%20 "));
	assert_non_null(strstr(a, "Connection: close"));
	assert_null(strstr(a, "Server:"));
	a = exchange(p,
		SLICE(HEAD "Content-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"), &out);
	assert_non_null(strstr(a, "POST /x? abc"));
	assert_int_equal(p->handled, 2); /* what is pipelined is not read */
	a = exchange(p,
		SLICE(HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
		&out);
	assert_non_null(strstr(a, "POST /x? abc"));
	a = exchange(p, SLICE(HEAD "\r\n"), &out);
	assert_true(strstr(a, "HTTP/1.1 411") == a);
	a = exchange(p, SLICE("GET / HTTP/1.1\nHost: x\n\n"), &out);
	assert_true(strstr(a, "HTTP/1.1 400") == a);
	assert_int_equal(p->handled, 3);
	assert_int_equal(http_counted(p->h).refused, 2);
	p->refuse = true;
	a = exchange(p, SLICE("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), &out);
	assert_true(strstr(a, "HTTP/1.1 404") == a && strstr(a, "none"));
	close_place(p);
}

static void test_sizes(void **state)
{
	struct place *p = open_place((struct http_limits){.body_bytes = 100000});
	_buf_ struct buf out = {0}, big = {0};
	(void)state;
	buf_add_string(&big, HEAD "Content-Length: 100000\r\n\r\n");
	memset(buf_reserve(&big, 100000), 'b', 100000);
	big.n += 100000;
	const char *a = exchange(p, buf_slice(&big), &out);
	assert_true(strstr(a, "HTTP/1.1 200") == a);
	assert_true(out.n > 100000);
	buf_clear(&big);
	buf_add_string(&big, HEAD "Content-Length: 100001\r\n\r\n");
	memset(buf_reserve(&big, 100001), 'b', 100001);
	big.n += 100001;
	a = exchange(p, buf_slice(&big), &out);
	assert_true(strstr(a, "HTTP/1.1 413") == a);
	buf_clear(&big);
	buf_add_string(&big, HEAD "Transfer-Encoding: chunked\r\n\r\n186a1\r\n");
	memset(buf_reserve(&big, 100001), 'b', 100001);
	big.n += 100001;
	buf_add_string(&big, "\r\n0\r\n\r\n");
	a = exchange(p, buf_slice(&big), &out);
	assert_true(strstr(a, "HTTP/1.1 413") == a);
	assert_int_equal(p->handled, 1);
	assert_int_equal(p->h->bodies, 0);
	close_place(p);
}

/* Answered later, and out of order; one peer has left by then. */
static void test_later(void **state)
{
	struct place *p = open_place((struct http_limits){0});
	_buf_ struct buf out = {0};
	int fd[3];
	(void)state;
	p->hold = true;
	for (int i = 0; i < 3; i++) {
		fd[i] = dial(p);
		turn(p, -1, 20);
		assert_true(send(fd[i], HEAD "Content-Length: 1\r\n\r\na", 49, 0) > 0);
	}
	for (int i = 0; i < 50 && p->n_held < 3; i++)
		turn(p, -1, 20);
	assert_int_equal(p->n_held, 3);
	assert_int_equal(http_pending(p->h), 3);
	assert_int_equal(p->h->bodies, 3);
	close(fd[1]);
	assert_false(turn(p, fd[0], 100));
	assert_int_equal(http_pending(p->h), 3); /* still ours */
	http_drain(p->h);
	for (int i = 2; i >= 0; i--) {
		assert_true(slice_is(p->held[i]->body, "a"));
		answer(p->held[i]);
	}
	assert_int_equal(http_pending(p->h), 0);
	assert_non_null(strstr(listen_to(p, fd[0], &out), "POST /x? a"));
	assert_non_null(strstr(listen_to(p, fd[2], &out), "POST /x? a"));
	turn(p, -1, 50);
	assert_int_equal(http_connections(p->h), 0);
	close_place(p);
}

static void test_time(void **state)
{
	struct place *p = open_place((struct http_limits){.header_ms = 300, .body_ms = 600});
	_buf_ struct buf out = {0};
	(void)state;
	int64_t began = clock_monotonic();
	const char *a = exchange(p, SLICE("GET / HT"), &out);
	int64_t took = clock_monotonic() - began;
	assert_true(strstr(a, "HTTP/1.1 408") == a);
	assert_in_range(took, 300, 1500);
	began = clock_monotonic();
	a = exchange(p, SLICE(HEAD "Content-Length: 5\r\n\r\na"), &out);
	took = clock_monotonic() - began;
	assert_true(strstr(a, "HTTP/1.1 408") == a);
	assert_in_range(took, 600, 2000);
	assert_string_equal(exchange(p, SLICE(""), &out), "");
	assert_int_equal(http_counted(p->h).timeouts, 3);
	assert_int_equal(http_connections(p->h), 0);
	close_place(p);
}

/* Gone in the middle of a body, the end together with the data: its place is free again at once. */
static void test_given_up(void **state)
{
	struct place *p = open_place((struct http_limits){0});
	_buf_ struct buf out = {0};
	(void)state;
	for (int i = 0; i < 10; i++) {
		const char *part = HEAD "Content-Length: 100000\r\n\r\nabc";
		int fd = dial(p);
		turn(p, -1, i);
		assert_true(send(fd, part, strlen(part), MSG_NOSIGNAL) > 0);
		shutdown(fd, SHUT_WR);
		int64_t began = clock_monotonic();
		assert_string_equal(listen_to(p, fd, &out), "");
		assert_in_range(clock_monotonic() - began, 0, 2000);
	}
	turn(p, -1, 50);
	assert_int_equal(http_connections(p->h), 0);
	assert_int_equal(p->h->bodies, 0);
	close_place(p);
}

/* 16 places, 40 who dawdle: the newest always gets in. */
static void test_room(void **state)
{
	struct place *p = open_place((struct http_limits){.connections = 16});
	_buf_ struct buf out = {0};
	int fd[40];
	(void)state;
	for (int i = 0; i < 40; i++) {
		fd[i] = dial(p);
		(void)!send(fd[i], "GET", 3, MSG_NOSIGNAL);
		turn(p, -1, 5);
		assert_true(http_connections(p->h) <= 16);
	}
	const char *a = exchange(p, SLICE("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), &out);
	assert_true(strstr(a, "HTTP/1.1 200") == a);
	assert_true(http_counted(p->h).evicted >= 24);
	for (int i = 0; i < 40; i++)
		close(fd[i]);
	turn(p, -1, 100);
	assert_int_equal(http_connections(p->h), 0);
	close_place(p);
}

/* Bodies fill their memory: the oldest unfinished one goes, the new one is taken. */
static void test_memory(void **state)
{
	struct place *p =
		open_place((struct http_limits){.body_bytes = 50000, .bodies_bytes = 100000});
	_buf_ struct buf out = {0}, part = {0}, whole = {0};
	int fd[2];
	(void)state;
	buf_add_string(&part, HEAD "Content-Length: 50000\r\n\r\n");
	memset(buf_reserve(&part, 49999), 'b', 49999);
	part.n += 49999;
	buf_add_slice(&whole, buf_slice(&part));
	buf_add_char(&whole, 'b');
	for (int i = 0; i < 2; i++) {
		fd[i] = dial(p);
		turn(p, -1, 20);
		assert_int_equal(send(fd[i], part.p, part.n, MSG_NOSIGNAL), part.n);
		turn(p, -1, 50);
	}
	assert_int_equal(p->h->bodies, 2 * 49999);
	const char *a = exchange(p, buf_slice(&whole), &out);
	assert_true(strstr(a, "HTTP/1.1 200") == a);
	assert_int_equal(http_counted(p->h).evicted, 1);
	assert_string_equal(listen_to(p, fd[0], &out), "");
	assert_true(send(fd[1], "b", 1, MSG_NOSIGNAL) == 1);
	assert_true(strstr(listen_to(p, fd[1], &out), "HTTP/1.1 200") == out.p);
	assert_int_equal(p->h->bodies, 0);
	close_place(p);
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool local;
	} cases[] = {{"127.0.0.1", true}, {"127.9.9.9", true}, {"10.0.0.1", false}, {"::1", true},
		{"::ffff:127.0.0.1", true}, {"::ffff:10.0.0.1", false}, {"2001:db8::1", false},
		{"2001:db8::2", false}, {"2001:db8:0:1::1", false}};
	struct address_key key[9];
	for (size_t i = 0; i < 9; i++) {
		struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
		struct sockaddr_in v4 = {.sin_family = AF_INET};
		bool four = inet_pton(AF_INET, cases[i].text, &v4.sin_addr) == 1;
		if (!four)
			assert_int_equal(inet_pton(AF_INET6, cases[i].text, &v6.sin6_addr), 1);
		key[i] = address_key(
			four ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6);
		assert_int_equal(key[i].local, cases[i].local);
		struct address_key of_text = {.bytes = ""};
		assert_true(http_address_key(slice_of(cases[i].text), &of_text));
		assert_memory_equal(of_text.bytes, key[i].bytes, 16);
		assert_int_equal(of_text.local, cases[i].local);
	}
	static const char *const none[] = {"", "+33612345678", "unknown", "127.0.0.1:80", "[::1",
		"1.2.3", "::1 ", "127.0.0.1, 10.0.0.1"};
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(http_address_key(slice_of(none[i]), &key[0]));
	assert_false(http_address_key((struct slice){"::1\0", 4}, &key[0]));
	assert_true(http_address_key(SLICE("[::1]"), &key[0]) && key[0].local);
	assert_memory_equal(key[2].bytes, key[5].bytes, 16); /* mapped is the same */
	assert_memory_equal(key[6].bytes, key[7].bytes, 16); /* one /64 */
	assert_memory_not_equal(key[7].bytes, key[8].bytes, 16);
}

static void test_listen(void **state)
{
	struct place *p = open_place((struct http_limits){0});
	char text[32];
	struct http *second = NULL;
	struct error e = {""};
	(void)state;
	snprintf(text, sizeof(text), "127.0.0.1:%u", http_port(p->h));
	struct http_options o = p->h->o;
	o.listen = text;
	assert_int_equal(http_open(&o, &second, &e), -EADDRINUSE);
	assert_non_null(strstr(e.text, text));
	o.listen = "nowhere";
	assert_int_equal(http_open(&o, &second, &e), -EINVAL);
	o.listen = "192.0.2.1:0";
	assert_int_equal(http_open(&o, &second, &e), -EADDRNOTAVAIL);
	close_place(p);
}

static int listen_in(struct place *p)
{
	int fd = dial(p);
	turn(p, -1, 0);
	assert_true(send(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, MSG_NOSIGNAL) == 27);
	return fd;
}

/* Reads until a text has come. */
static bool hears(struct place *p, int fd, struct buf *out, const char *text)
{
	while (!strstr(buf_string(out), text)) {
		if (!turn(p, fd, 2000))
			return false;
		ssize_t n = recv(fd, buf_reserve(out, 4096), 4096, 0);
		if (n <= 0)
			return false;
		out->n += (size_t)n;
	}
	return true;
}

/* Each piece at once; the end; and that the listener has left. */
static void test_stream(void **state)
{
	struct place *p = open_place((struct http_limits){0});
	_buf_ struct buf out = {0}, other = {0};
	(void)state;
	p->stream = true;
	int one = listen_in(p), two = listen_in(p);
	assert_true(hears(p, one, &out, "first") && hears(p, two, &other, "first"));
	assert_non_null(strstr(buf_string(&out), "Transfer-Encoding: chunked"));
	assert_int_equal(http_pending(p->h), 0);
	assert_false(turn(p, one, 300)); /* quiet, and still there */
	http_say(p->held[0], SLICE("second"));
	http_say(p->held[0], SLICE(" third"));
	assert_true(hears(p, one, &out, "third"));
	assert_false(turn(p, two, 50));
	http_end(p->held[0]);
	assert_true(hears(p, one, &out, "\r\n0\r\n\r\n"));
	close(one);
	close(two);
	turn(p, -1, 1600);
	assert_int_equal(p->gone, 1); /* of the one that nobody ended */
	assert_int_equal(http_connections(p->h), 0);
	close_place(p);
}

/* Who does not read is cut, by bytes or by time; the others go on. */
static void test_stream_unread(void **state)
{
	struct place *p = open_place((struct http_limits){.answer_ms = 500});
	static char much[HTTP_UNREAD_MAX / 2];
	const int small = 4096;
	(void)state;
	p->stream = true;
	memset(much, 'x', sizeof(much));
	int deaf = listen_in(p);
	setsockopt(deaf, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (int i = 0; i < 400 && !p->gone; i++) {
		turn(p, -1, 5);
		if (p->n_held && !p->gone)
			http_say(p->held[0], (struct slice){much, sizeof(much)});
	}
	assert_int_equal(p->gone, 1);
	int slow = listen_in(p);
	while (p->n_held < 2)
		turn(p, -1, 5);
	const struct connection *c = (struct connection *)p->held[1];
	for (int i = 0; i < 4000 && !c->tail.n;
		i++) { /* fills what lies between, and a little more */
		http_say(p->held[1], (struct slice){much, 10000});
		turn(p, -1, 1);
	}
	assert_int_equal(p->gone, 1);
	turn(p, -1, 1000);
	assert_int_equal(p->gone, 2);
	close(deaf);
	close(slow);
	http_close(p->h);
	free(p);
}

static void test_stream_at_the_end(void **state)
{
	struct place *p = open_place((struct http_limits){0});
	_buf_ struct buf out = {0};
	(void)state;
	p->stream = true;
	int fd = listen_in(p);
	assert_true(hears(p, fd, &out, "first"));
	http_close(p->h);
	assert_int_equal(p->gone, 1);
	close(fd);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_listen),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_stream_unread),
		cmocka_unit_test(test_stream_at_the_end),
	};
	return cmocka_run_group_tests_name("http server", tests, NULL, NULL);
}
