/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever goes out stands behind the guard: an alarm's webhook, an SMS gateway, a mail relay, a stream. What fetch.h reads is
 * test-fetch.c's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <tocsin/net/net.h>
#include <tocsin/net/stream.h>

#include "inside.h"

enum { PATIENCE_MS = 10000 }; /* nobody answers, and hangs up */

typedef int send_fn(const char *url, const char *const *internal, struct error *e);

static int post(const char *url, const char *const *internal, struct error *e)
{
	const struct http_job job = {
		.url = url, .body = SLICE("x"), .timeout_ms = PATIENCE_MS, .internal = internal};
	return http_post(&job, NULL, NULL, e);
}

static int get(const char *url, const char *const *internal, struct error *e)
{
	const struct http_job job = {
		.url = url, .get = true, .timeout_ms = PATIENCE_MS, .internal = internal};
	return http_post(&job, NULL, NULL, e);
}

static int mail(const char *url, const char *const *internal, struct error *e)
{
	const struct mail_job job = {.url = url,
		.tls = MAIL_TLS_NONE,
		.from = "t@v.example",
		.to = "a@v.example",
		.message = SLICE("x"),
		.timeout_ms = PATIENCE_MS,
		.internal = internal};
	return mail_send(&job, NULL, NULL, e);
}

/* The relay of an administrator who named nobody else. */
static int strict_mail(const char *url, const char *const *internal, struct error *e)
{
	return mail(url, internal ? internal : (const char *const[]){"x.example", NULL}, e);
}

static bool each(void *user, size_t which, struct slice bytes)
{
	(void)user, (void)which, (void)bytes;
	return true;
}

static int stream(const char *url, const char *const *internal, struct error *e)
{
	const struct stream_job job = {.urls = (const char *const[]){url, NULL},
		.accept = "text/event-stream",
		.internal = internal};
	struct stream *s = NULL;
	int r = stream_open(&job, PATIENCE_MS, each, NULL, &s, e);
	stream_close(s);
	return r;
}

static const struct {
	const char *name, *scheme;
	send_fn *send;
} ways[] = {{"post", "http", post}, {"get", "http", get}, {"mail", "smtp", strict_mail},
	{"stream", "http", stream}};
#define WAYS (sizeof(ways) / sizeof(*ways))

static void write_url(size_t way, const char *trick, int port, char *out, size_t size)
{
	char plain[256];
	const bool http = strncmp(trick, "http:", 5) == 0;
	trick_write(trick, port, plain, sizeof(plain));
	snprintf(out, size, "%s%s", http ? ways[way].scheme : "", http ? plain + 4 : plain);
	if (strcmp(ways[way].scheme, "smtp") == 0 && out[strlen(out) - 1] == '/')
		out[strlen(out) - 1] = 0;
}

static void no_trick_connects(void **state)
{
	int port, listener = listen_everywhere(&port);
	(void)state;
	for (size_t w = 0; w < WAYS; w++) {
		size_t said = 0;
		for (size_t i = 0; i < sizeof(tricks) / sizeof(*tricks); i++) {
			char url[256];
			struct error e = {0};
			if (strncmp(tricks[i], "smtp:", 5) == 0)
				continue;
			if (!trick_fits(tricks[i])) {
				said++;
				continue;
			}
			write_url(w, tricks[i], port, url, sizeof(url));
			int r = ways[w].send(url, NULL, &e);
			if (r == 0 || inside_called || connections(listener))
				fail_msg("%s: %s: %d %s", ways[w].name, url, r, e.text);
			said += strstr(e.text, "adresse interne") != NULL;
		}
		if (said < 45) /* it was the guard, not an empty network */
			fail_msg("%s: %zu", ways[w].name, said);
	}
	close(listener);
}

/* Public when it is looked at, inside when it is called: asked once, the address that was looked at is the one that is called. */
static void a_name_that_moves(void **state)
{
	int port, listener = listen_everywhere(&port);
	(void)state;
	for (size_t w = 0; w < WAYS; w++) {
		char url[256];
		struct error e = {0};
		memset(asked, 0, sizeof(asked));
		write_url(w, "http://moving.example:%d/", port, url, sizeof(url));
		assert_int_not_equal(ways[w].send(url, NULL, &e), 0);
		assert_null(strstr(e.text, "adresse interne"));
		assert_int_not_equal(ways[w].send(url, NULL, &e), 0);
		assert_non_null(
			strstr(e.text, "moving.example mène à une adresse interne (127.0.0.1)"));
		assert_int_equal(inside_called, 0);
	}
	close(listener);
}

/* Before anything is sent: figures and this machine's name, however they are written. */
static void what_is_known_beforehand(void **state)
{
	static const char *const inside[] = {"http://127.0.0.1:13013/x", "http://localhost/",
		"http://LOCALHOST:80/", "http://0x7f.1/", "http://2130706433/", "http://[::1]:9/",
		"http://[::ffff:10.0.0.1]/", "https://192.168.1.4/hook", "http://169.254.169.254/"};
	static const char *const not_known[] = {"https://hooks.example/x", "https://93.184.216.34/",
		"https://[2606:2800::1]/", "rien"};
	struct error e = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		if (net_check_url(inside[i], NULL, &e) == 0 || !strstr(e.text, "allow_internal"))
			fail_msg("%s: %s", inside[i], e.text);
	for (size_t i = 0; i < sizeof(not_known) / sizeof(*not_known); i++)
		assert_int_equal(net_check_url(not_known[i], NULL, &e), 0);
	assert_int_equal(net_check_url("http://127.0.0.1:13013/x",
				 (const char *const[]){"127.0.0.1", NULL}, &e),
		0);
	assert_int_not_equal(net_check_url("http://127.0.0.1:13013/x",
				     (const char *const[]){"127.0.0.1:80", NULL}, &e),
		0);
}

static void whom_the_administrator_names(void **state)
{
	int port, listener = listen_everywhere(&port);
	(void)state;
	for (size_t w = 0; w < WAYS; w++) {
		char url[256], host[64], other[64];
		struct error e = {0};
		write_url(w, "http://inside.example:%d/", port, url, sizeof(url));
		snprintf(host, sizeof(host), "inside.example:%d", port);
		snprintf(other, sizeof(other), "inside.example:%d", port + 1);
		inside_called = 0;
		assert_int_not_equal(
			ways[w].send(url, (const char *const[]){other, "nside.example", NULL}, &e),
			0);
		assert_int_equal(inside_called, 0);
		assert_int_not_equal(ways[w].send(url, (const char *const[]){host, NULL}, &e), 0);
		assert_int_equal(connections(listener), 1); /* which says nothing */
		ways[w].send(url, (const char *const[]){"inside.example", NULL}, &e);
		assert_int_equal(connections(listener), 1);
	}
	inside_called = 0;
	close(listener);
}

/* A town's relay is on its own network, and nobody had to say so; where clouds keep their secrets is no relay. */
static void a_relay_of_the_town(void **state)
{
	static const char *const near[] = {"smtp://10.0.0.1:%d", "smtp://172.16.0.1:%d",
		"smtp://172.31.255.255:%d", "smtp://192.168.1.1:%d", "smtp://home.example:%d",
		"smtp://127.0.0.1:%d", "smtp://localhost:%d", "smtp://[::1]:%d",
		"smtp://[fd12::1]:%d"};
	static const char *const far[] = {"smtp://169.254.169.254:%d", "smtp://cloud.example:%d",
		"smtp://0.0.0.0:%d", "smtp://100.64.0.1:%d", "smtp://224.0.0.1:%d",
		"smtp://[fe80::1]:%d", "smtp://172.32.0.1.:%d", "smtp://192.0.2.1:%d",
		"smtp://[::ffff:169.254.169.254]:%d"};
	int port, listener = listen_everywhere(&port);
	(void)state;
	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++) {
		char url[256];
		struct error e = {0};
		trick_write(near[i], port, url, sizeof(url));
		inside_called = 0;
		assert_int_equal(mail(url, NULL, &e), NET_FAILED);
		if (trick_fits(near[i]) && (!inside_called || strstr(e.text, "adresse interne")))
			fail_msg("%s: %s", url, e.text);
		trick_write(far[i], port, url, sizeof(url));
		inside_called = 0;
		assert_int_equal(mail(url, NULL, &e), NET_FAILED);
		if (inside_called)
			fail_msg("%s: %s", url, e.text);
	}
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_trick_connects),
		cmocka_unit_test(what_is_known_beforehand),
		cmocka_unit_test(a_name_that_moves),
		cmocka_unit_test(whom_the_administrator_names),
		cmocka_unit_test(a_relay_of_the_town),
	};
	signal(SIGPIPE, SIG_IGN);
	hangs_up = true;
	return cmocka_run_group_tests_name("net gate", tests, NULL, NULL);
}
