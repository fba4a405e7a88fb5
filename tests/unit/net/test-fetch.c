/* SPDX-License-Identifier: GPL-3.0-or-later
 * The guard on what we are sent to read: however an inside address is written, named or reached, nobody connects. One
 * socket listens on every address of this machine; what it counts is what went through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <tocsin/base/clock.h>
#include <tocsin/net/fetch.h>

#include "inside.h"

static int try(const char *url, const char *const *internal, struct error *e)
{
	struct fetch_answer a = {0};
	const struct fetch_job job = {
		.url = url, .max = 1 << 20, .timeout_ms = 1500, .internal = internal};
	*e = (struct error){0};
	int r = fetch(&job, &a, e);
	fetch_answer_release(&a);
	return r;
}

static void no_trick_connects(void **state)
{
	int port, listener = listen_everywhere(&port);
	const size_t n = sizeof(tricks) / sizeof(*tricks);
	size_t said = 0;
	(void)state;
	assert_true(n >= 31);
	for (size_t i = 0; i < n; i++) {
		char url[256];
		struct error e;
		if (!trick_fits(tricks[i])) {
			said++;
			continue;
		}
		trick_write(tricks[i], port, url, sizeof(url));
		int r = try(url, NULL, &e);
		if (connections(listener) != 0 || (r != FETCH_REFUSED && r != FETCH_LATER))
			fail_msg("%s: %d %s", url, r, e.text);
		said += strstr(e.text, "adresse interne") != NULL;
	}
	assert_int_equal(inside_called, 0);
	assert_true(said >= 45); /* it was the guard, not an empty network */
	close(listener);
}

static int asked_for(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, name) == 0)
			return asked[i];
	return 0;
}

/* A check made before the connection sees a public address, and a connection that asks again goes inside. Ours asks once. */
static void a_name_that_moves(void **state)
{
	int port, listener = listen_everywhere(&port);
	char url[64];
	struct error e;
	(void)state;
	snprintf(url, sizeof(url), "http://moving.example:%d/", port);
	assert_int_equal(try(url, NULL, &e), FETCH_LATER); /* public: called, and nobody there */
	assert_int_equal(asked_for("moving.example"), 1);
	assert_int_equal(connections(listener), 0);
	assert_int_equal(try(url, NULL, &e), FETCH_REFUSED);
	assert_int_equal(asked_for("moving.example"), 2);
	assert_int_equal(connections(listener), 0);
	close(listener);
}

/* Answers every connection with the same bytes; what it was asked goes to a pipe. */
static pid_t serve(int listener, const char *answer, int *ret_asked)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(listener, F_SETFL, 0), 0);
	pid_t pid = fork();
	if (pid == 0) {
		alarm(20);
		for (;;) {
			char got[4096];
			int s = accept(listener, NULL, NULL);
			ssize_t n = read(s, got, sizeof(got));
			if (n > 0 && write(ends[1], got, (size_t)n) != n)
				_exit(1);
			if (write(s, answer, strlen(answer)) < 0)
				_exit(1);
			close(s);
		}
	}
	close(ends[1]);
	*ret_asked = ends[0];
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static size_t asked_of(int fd, char *out, size_t size)
{
	ssize_t n = read(fd, out, size - 1);
	out[n > 0 ? n : 0] = 0;
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

static void whom_the_administrator_names(void **state)
{
	int port, pipe_, listener = listen_everywhere(&port);
	char url[64], host[64], other[64], request[4096];
	struct error e;
	pid_t pid = serve(listener, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", &pipe_);
	(void)state;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	snprintf(host, sizeof(host), "127.0.0.1:%d", port);
	snprintf(other, sizeof(other), "127.0.0.1:%d", port + 1);
	assert_int_equal(try(url, (const char *const[]){"127.0.0.1", NULL}, &e), FETCH_BODY);
	assert_int_equal(try(url, (const char *const[]){"x.example", host, NULL}, &e), FETCH_BODY);
	assert_int_equal(try(url, (const char *const[]){other, NULL}, &e), FETCH_REFUSED);
	assert_int_equal(try(url, (const char *const[]){"127.0.0", NULL}, &e), FETCH_REFUSED);
	assert_int_equal(try(url, (const char *const[]){"127.0.0.10", NULL}, &e), FETCH_REFUSED);
	assert_int_equal(try(url, (const char *const[]){"", NULL}, &e), FETCH_REFUSED);
	stop(pid);
	assert_true(asked_of(pipe_, request, sizeof(request)) > 0);
	close(listener);
}

static void redirects_are_looked_at_again(void **state)
{
	static const char *const where[] = {"http://localhost:%d/", "http://127.0.0.1:%d/",
		"//[::1]:%d/", "http://inside.example:%d/", "gopher://127.0.0.1:%d/",
		"file:///etc/passwd"};
	int port, inside, target = listen_everywhere(&inside);
	(void)state;
	for (size_t i = 0; i < sizeof(where) / sizeof(*where); i++) {
		char url[64], host[64], to[64], answer[256], request[4096];
		int pipe_, listener = listen_everywhere(&port);
		struct error e;
		trick_write(where[i], inside, to, sizeof(to));
		snprintf(answer, sizeof(answer),
			"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", to);
		pid_t pid = serve(listener, answer, &pipe_);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
		snprintf(host, sizeof(host), "127.0.0.1:%d", port);
		int r = try(url, (const char *const[]){host, NULL}, &e);
		stop(pid);
		assert_true(asked_of(pipe_, request, sizeof(request)) > 0);
		if ((trick_fits(to) && r != FETCH_REFUSED) || connections(target) != 0)
			fail_msg("%s: %d %s", to, r, e.text);
		close(listener);
	}
	close(target);
}

static void a_ring_of_redirects_ends(void **state)
{
	int port, pipe_, listener = listen_everywhere(&port);
	char url[64], request[65536];
	struct error e;
	pid_t pid = serve(
		listener, "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", &pipe_);
	(void)state;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	assert_int_equal(try(url, (const char *const[]){"127.0.0.1", NULL}, &e), FETCH_REFUSED);
	stop(pid);
	asked_of(pipe_, request, sizeof(request));
	int times = 0;
	for (const char *p = request; (p = strstr(p, "GET / ")); p++)
		times++;
	assert_int_equal(times, FETCH_HOPS + 1);
	close(listener);
}

/* What is asked at an address that leads away, or that a page of home has named: who gets the password. */
static void ask_home_and_away(const char *from_home, bool named, bool other_host, const char *token)
{
	int home, away, home_pipe, away_pipe;
	int home_fd = listen_everywhere(&home), away_fd = listen_everywhere(&away);
	char url[64], there[64], answer[256], request[4096];
	struct fetch_answer a = {0};
	struct error e;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", home);
	snprintf(there, sizeof(there), "http://%s:%d/", other_host ? "localhost" : "127.0.0.1",
		other_host ? home : away);
	snprintf(answer, sizeof(answer), "HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
		from_home, there);
	pid_t first = serve(home_fd, answer, &home_pipe);
	pid_t second = serve(away_fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", &away_pipe);
	const struct fetch_job job = {.url = named ? there : url,
		.user = token ? NULL : "tocsin",
		.password = token ? NULL : "secret",
		.bearer = token,
		.home = named ? url : NULL,
		.max = 1 << 20,
		.timeout_ms = 5000,
		.internal = (const char *const[]){"127.0.0.1", "localhost", NULL}};
	assert_int_equal(fetch(&job, &a, &e), FETCH_BODY);
	fetch_answer_release(&a);
	stop(first);
	stop(second);
	const size_t at_home = asked_of(home_pipe, request, sizeof(request));
	assert_int_equal(at_home > 0, !named || other_host);
	assert_int_equal(strstr(request,
				 token ? "Authorization: Bearer a.b\r\n"
				       : "Authorization: Basic dG9jc2luOnNlY3JldA==") != NULL,
		!named);
	const size_t elsewhere = asked_of(away_pipe, request, sizeof(request));
	assert_int_equal(elsewhere > 0, !other_host);
	assert_null(strstr(request, "Authorization"));
	close(home_fd);
	close(away_fd);
}

static void a_password_stays_at_home(void **state)
{
	(void)state;
	ask_home_and_away("302 Found", false, false, NULL);
	ask_home_and_away("302 Found", false, false, "a.b");
}

static void nobody_who_is_named_gets_it(void **state)
{
	(void)state;
	ask_home_and_away("200 OK", true, false, NULL);
	ask_home_and_away("200 OK", true, true, NULL);
	ask_home_and_away("200 OK", true, false, "a.b");
	ask_home_and_away("200 OK", true, true, "a.b");
}

/* Asks a server that answers with this status and these headers. */
static void ask(const char *status, const char *headers, struct fetch_answer *ret)
{
	int port, pipe_, listener = listen_everywhere(&port);
	char url[64], answer[512];
	struct error e;
	*ret = (struct fetch_answer){0};
	snprintf(answer, sizeof(answer), "HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n", status,
		headers);
	pid_t pid = serve(listener, answer, &pipe_);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	const struct fetch_job job = {.url = url,
		.max = 1,
		.timeout_ms = 5000,
		.internal = (const char *const[]){"127.0.0.1", NULL}};
	assert_int_equal(fetch(&job, ret, &e), *status == '2' ? FETCH_BODY : FETCH_LATER);
	stop(pid);
	close(pipe_);
	close(listener);
}

static int64_t patience(const char *status, const char *headers)
{
	struct fetch_answer a;
	ask(status, headers, &a);
	fetch_answer_release(&a);
	return a.retry_ms;
}

/* What is kept of an answer with these headers to ask whether anything has changed: "ETAG MODIFIED". */
static void validators(const char *headers, char out[static 2 * FETCH_NAME + 2])
{
	struct fetch_answer a;
	ask("200 OK", headers, &a);
	snprintf(out, 2 * FETCH_NAME + 2, "%s %s", a.etag, a.modified);
	fetch_answer_release(&a);
}

/* A page that was written in this very second may be written again in it. */
static void what_is_too_new_tells_nothing(void **state)
{
	char kept[2 * FETCH_NAME + 2];

	(void)state;
	validators(
		"ETag: \"a\"\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:35 GMT\r\n",
		kept);
	assert_string_equal(kept, "\"a\" Sun, 06 Nov 1994 08:49:35 GMT");
	validators(
		"ETag: \"a\"\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:36 GMT\r\n",
		kept);
	assert_string_equal(kept, " ");
	validators(
		"ETag: \"a\"\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 09:49:37 GMT\r\n",
		kept);
	assert_string_equal(kept, " ");
	/* a file whose date is no clock's is not asked for whole for ever */
	validators(
		"ETag: \"a\"\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sat, 06 Nov 2094 09:49:37 GMT\r\n",
		kept);
	assert_string_equal(kept, "\"a\" Sat, 06 Nov 2094 09:49:37 GMT");
	/* without a Date our clock is as good */
	validators("ETag: \"a\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:36 GMT\r\n", kept);
	assert_string_equal(kept, "\"a\" Sun, 06 Nov 1994 08:49:36 GMT");
	validators("ETag: \"a\"\r\n", kept);
	assert_string_equal(kept, "\"a\" ");
	validators("ETag: \"a\"\r\nLast-Modified: hier\r\n", kept);
	assert_string_equal(kept, "\"a\" hier");
}

static void how_long_it_wants_to_be_left_alone(void **state)
{
	char date[128];
	(void)state;
	assert_int_equal(patience("429 No", ""), 0);
	assert_int_equal(patience("429 No", "Retry-After: 3\r\nRateLimit-Reset: 9\r\n"), 3000);
	assert_int_equal(patience("429 No", "RateLimit-Reset: 9\r\n"), 9000);
	assert_int_equal(patience("429 No", "RateLimit-Reset: x\r\n"), 0);
	assert_int_equal(patience("429 No", "RateLimit-Reset: 99999999\r\n"), 86400000);
	assert_int_equal(patience("429 No", "RateLimit-Reset: 1100000000\r\n"), 0); /* long ago */
	snprintf(date, sizeof(date), "RateLimit-Reset: %lld\r\n",
		(long long)clock_now() / CLOCK_SECOND + 3600);
	const int64_t hour = patience("429 No", date);
	assert_true(hour > 3500000 && hour <= 3601000);
	/* a server whose clock is wrong: its moments are its own */
	assert_int_equal(patience("429 No",
				 "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
				 "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n"),
		30000);
	assert_int_equal(patience("429 No",
				 "Date: Thu, 01 Jan 2037 00:00:00 GMT\r\n"
				 "RateLimit-Reset: 2114380819\r\n"),
		20000);
	assert_int_equal(patience("429 No", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n"), 0);
	assert_int_equal(patience("429 No", "Retry-After: demain\r\n"), 0);
	assert_int_equal(patience("429 No", "Retry-After: -5\r\n"), 0);
	assert_int_equal(patience("429 No", "Retry-After: 99999999999999999999\r\n"), 0);
	assert_int_equal(patience("200 OK", "RateLimit-Remaining: 1\r\nRateLimit-Reset: 9\r\n"), 0);
	assert_int_equal(
		patience("200 OK", "RateLimit-Remaining: 0\r\nRateLimit-Reset: 9\r\n"), 9000);
	assert_int_equal(patience("200 OK", "RateLimit-Reset: 9\r\n"), 0);
}

static void addresses(void **state)
{
	static const char *const public_[] = {"1.1.1.1", "93.184.216.34", "172.15.255.255",
		"172.32.0.0", "100.63.255.255", "100.128.0.0", "2606:4700::1111", "2a01:cb00::1",
		"::ffff:93.184.216.34", "64:ff9b::93.184.216.34"};
	static const char *const inside[] = {"172.16.0.0", "100.64.0.0", "100.127.255.255",
		"::", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2001:1ff::1", "3fff::1", "4000::1",
		"fec0::1"};
	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		const char *const *list = kind ? inside : public_;
		for (size_t i = 0; i < 10; i++) {
			struct sockaddr_storage a = {0};
			struct sockaddr_in in = {.sin_family = AF_INET};
			struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
			if (inet_pton(AF_INET, list[i], &in.sin_addr) == 1)
				memcpy(&a, &in, sizeof(in));
			else if (inet_pton(AF_INET6, list[i], &in6.sin6_addr) == 1)
				memcpy(&a, &in6, sizeof(in6));
			if (address_is_public((struct sockaddr *)&a) != !kind)
				fail_msg("%s", list[i]);
		}
	}
	assert_false(address_is_public(&(struct sockaddr){.sa_family = AF_UNIX}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(no_trick_connects),
		cmocka_unit_test(a_name_that_moves),
		cmocka_unit_test(whom_the_administrator_names),
		cmocka_unit_test(redirects_are_looked_at_again),
		cmocka_unit_test(a_ring_of_redirects_ends),
		cmocka_unit_test(a_password_stays_at_home),
		cmocka_unit_test(how_long_it_wants_to_be_left_alone),
		cmocka_unit_test(what_is_too_new_tells_nothing),
		cmocka_unit_test(nobody_who_is_named_gets_it),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("net fetch", tests, NULL, NULL);
}
