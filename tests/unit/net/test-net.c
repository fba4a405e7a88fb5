/* SPDX-License-Identifier: GPL-3.0-or-later
 * What may be an address; and what each end of a conversation is taken for. A forked child plays the server,
 * from a script: lines to wait for and lines to say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <tocsin/net/net.h>

static void mail_addresses(void **state)
{
	static const char *const good[] = {"a@b", "jean.dupont+x@ville.example", "x@y.fr"};
	static const char *const bad[] = {"", "a", "@b", "a@", "a@b@c", "a b@c",
		"a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b>", "\"a\"@b", "a@b,c@d", "-oQ@b", "é@b",
		"a@[127.0.0.1]", "a@b\t"};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(mail_address_ok(slice_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(mail_address_ok(slice_of(bad[i])));
}

static void http_addresses(void **state)
{
	static const char *const good[] = {"https://x/", "http://127.0.0.1:8065/hooks/a?b=c@d"};
	static const char *const bad[] = {"", "https://", "ftp://x/", "file:///etc/passwd",
		"https:///x", "https://u:p@x/", "https://x/ y", "https://x/\n", "HTTPS//x",
		"gopher://x", "//x"};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(http_url_ok(slice_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(http_url_ok(slice_of(bad[i])));
}

/* ">text": say it; "<text": read until this appears; "R": reset; the end: close. */
static void play(int listener, const char *const *script)
{
	char got[65536];
	size_t n = 0;
	int s = accept(listener, NULL, NULL);
	alarm(20);
	for (; *script; script++) {
		const char *line = *script;
		if (line[0] == '>' && write(s, line + 1, strlen(line + 1)) < 0)
			_exit(1);
		if (line[0] == 'R') {
			struct linger hard = {1, 0};
			setsockopt(s, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
			close(s);
			_exit(0);
		}
		if (line[0] != '<')
			continue;
		while (n + 1 < sizeof(got)) {
			const char *found = memmem(got, n, line + 1, strlen(line + 1));
			if (found) {
				size_t used = (size_t)(found - got) + strlen(line + 1);
				memmove(got, got + used, n - used);
				n -= used;
				break;
			}
			ssize_t more = read(s, got + n, sizeof(got) - 1 - n);
			if (more <= 0)
				_exit(1);
			n += (size_t)more;
		}
	}
	close(s);
	_exit(0);
}

struct server {
	pid_t pid;
	int listener, port;
};

static struct server serve(const char *const *script)
{
	struct server v = {.listener = socket(AF_INET, SOCK_STREAM, 0)};
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(a);
	assert_int_equal(bind(v.listener, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(v.listener, 4), 0);
	assert_int_equal(getsockname(v.listener, (struct sockaddr *)&a, &n), 0);
	v.port = ntohs(a.sin_port);
	v.pid = fork();
	if (v.pid == 0)
		play(v.listener, script);
	close(v.listener);
	return v;
}

static void end(struct server *v)
{
	kill(v->pid, SIGKILL);
	waitpid(v->pid, NULL, 0);
}

struct stages {
	int data, all;
};

static void on_stage(void *user, enum net_stage stage)
{
	struct stages *s = user;
	if (stage == NET_STAGE_DATA)
		s->data++;
	else
		s->all++;
}

#define HELLO ">220 essai\r\n", "<EHLO", "<\r\n", ">250 oui\r\n"
#define ENVELOPE \
	HELLO, "<MAIL FROM:<t@v.example>", "<\r\n", ">250 oui\r\n", "<RCPT TO:<a@v.example>", \
		"<\r\n"
#define MESSAGE ENVELOPE, ">250 oui\r\n", "<DATA\r\n", ">354 allez\r\n", "<\r\n.\r\n"

static void mail_ends(void **state)
{
	static const struct {
		const char *name, *script[32];
		int outcome;
		bool all;
		const char *detail;
	} cases[] = {
		{"taken", {MESSAGE, ">250 gardé sous 42\r\n", "<QUIT", ">221\r\n"}, NET_SENT, true,
			"250 gard"},
		{"taken, and no goodbye", {MESSAGE, ">250 oui\r\n"}, NET_SENT, true, "250"},
		{"421", {">421 plus tard\r\n"}, NET_FAILED, false, "421"},
		{"554 at the greeting is about us", {">554 non\r\n"}, NET_FAILED, false, "554"},
		{"sender refused: not this recipient's fault",
			{HELLO, "<MAIL", "<\r\n", ">550 non\r\n"}, NET_FAILED, false, "550"},
		{"recipient later", {ENVELOPE, ">451 plus tard\r\n"}, NET_FAILED, false, "451"},
		{"recipient never", {ENVELOPE, ">550 inconnu\r\n", "<QUIT", ">221 au revoir\r\n"},
			NET_REFUSED, false, "550 inconnu"},
		{"DATA refused for now", {ENVELOPE, ">250 oui\r\n", "<DATA", ">451 non\r\n"},
			NET_FAILED, false, "451"},
		{"DATA refused as such: the recipient had been taken",
			{ENVELOPE, ">250 oui\r\n", "<DATA", ">554 non\r\n"}, NET_FAILED, false,
			"554"},
		{"message later", {MESSAGE, ">452 plein\r\n", "<QUIT", ">221 au revoir\r\n"},
			NET_FAILED, true, "452"},
		{"message never", {MESSAGE, ">554-long\r\n554 pourriel\r\n"}, NET_REFUSED, true,
			"554 pourriel"},
		{"cut after the message", {MESSAGE}, NET_UNKNOWN, true, "354"},
		{"reset after the message", {MESSAGE, "R"}, NET_UNKNOWN, true, "354"},
		{"nonsense after the message", {MESSAGE, ">quoi ?\r\n"}, NET_UNKNOWN, true, ""},
		{"cut before", {HELLO}, NET_FAILED, false, ""},
		{"not SMTP", {">HTTP/1.1 200 OK\r\n\r\n"}, NET_FAILED, false, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server v = serve(cases[i].script);
		struct stages stages = {0};
		struct error e = {0};
		char url[64];
		snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", v.port);
		const struct mail_job job = {.url = url,
			.from = "t@v.example",
			.to = "a@v.example",
			.message = SLICE("Subject: x\r\n\r\n.point\r\n"),
			.timeout_ms = 4000};
		int r = mail_send(&job, on_stage, &stages, &e);
		if (r != cases[i].outcome || stages.all != cases[i].all ||
			!strstr(e.text, cases[i].detail))
			print_error("%s: %s, all %d, %s\n", cases[i].name, net_outcome_names[r],
				stages.all, e.text);
		assert_int_equal(r, cases[i].outcome);
		assert_int_equal(stages.data, cases[i].all);
		assert_int_equal(stages.all, cases[i].all);
		assert_non_null(strstr(e.text, cases[i].detail));
		end(&v);
	}
}

static void mail_never_leaves(void **state)
{
	static const char *const silent[] = {NULL};
	struct server v = serve(silent);
	struct error e = {0};
	char url[64];
	(void)state;
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", v.port);
	struct mail_job job = {.url = url,
		.from = "t@v.example",
		.to = "a@v.example\r\nRCPT TO:<x@y>",
		.message = SLICE("x"),
		.timeout_ms = 2000};
	assert_int_equal(mail_send(&job, NULL, NULL, &e), NET_REFUSED);
	job.to = "a@v.example";
	job.user = "x";
	job.password_file = "/dev/null";
	assert_int_equal(mail_send(&job, NULL, NULL, &e), NET_FAILED); /* no password in clear */
	job.user = NULL;
	static const char *const urls[] = {"file:///etc/passwd", "smtp://", "smtp://u:p@127.0.0.1",
		"smtp://127.0.0.1\r\n", "127.0.0.1"};
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		job.url = urls[i];
		assert_int_equal(mail_send(&job, NULL, NULL, &e), NET_FAILED);
		assert_non_null(strstr(e.text, "attendue"));
	}
	end(&v);
	job.url = url;
	assert_int_equal(mail_send(&job, NULL, NULL, &e), NET_FAILED); /* nobody there */
}

#define REQUEST "<POST /h HTTP/1.1", "<X-A: b", "<\r\n\r\n", "<{\"a\":1}"

static void http_ends(void **state)
{
	static const struct {
		const char *name, *script[12];
		int outcome;
	} cases[] = {
		{"200", {REQUEST, ">HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}, NET_SENT},
		{"204", {REQUEST, ">HTTP/1.1 204 rien\r\n\r\n"}, NET_SENT},
		{"200 and a body that is cut",
			{REQUEST, ">HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"}, NET_SENT},
		{"429", {REQUEST, ">HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n"}, NET_FAILED},
		{"503", {REQUEST, ">HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"}, NET_FAILED},
		{"500 may have done it", {REQUEST, ">HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"},
			NET_UNKNOWN},
		{"404", {REQUEST, ">HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"}, NET_REFUSED},
		{"a redirect is not followed",
			{REQUEST,
				">HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
			NET_REFUSED},
		{"cut after the body", {REQUEST}, NET_UNKNOWN},
		{"reset after the body", {REQUEST, "R"}, NET_UNKNOWN},
	};
	static const char *const headers[] = {"X-A: b", NULL};
	static const char *const broken[] = {"X-A: b\r\nX-B: c", NULL};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server v = serve(cases[i].script);
		struct error e = {0};
		char url[64];
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/h", v.port);
		struct http_job job = {.url = url,
			.headers = headers,
			.body = SLICE("{\"a\":1}"),
			.internal = (const char *const[]){"127.0.0.1", NULL},
			.timeout_ms = 4000};
		int r = http_post(&job, NULL, NULL, &e);
		if (r != cases[i].outcome)
			print_error("%s: %s, %s\n", cases[i].name, net_outcome_names[r], e.text);
		assert_int_equal(r, cases[i].outcome);
		end(&v);
		assert_int_equal(http_post(&job, NULL, NULL, &e), NET_FAILED); /* nobody there */
		job.headers = broken;
		assert_int_equal(http_post(&job, NULL, NULL, &e), NET_REFUSED);
	}
}

/* A gateway that repeats what it got: kept for people, or of a quiet job not a byte. */
static void what_is_kept_of_an_answer(void **state)
{
	static const char *const headers[] = {"X-A: b", NULL};
	static const char answer[] = ">HTTP/1.1 403 x\r\nContent-Length: 9\r\n\r\n4KPM-7TXW";
	(void)state;
	for (int quiet = 0; quiet < 2; quiet++) {
		const char *const script[8] = {REQUEST, answer};
		struct server v = serve(script);
		struct error e = {0};
		char url[64];
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/h", v.port);
		const struct http_job job = {.url = url,
			.headers = headers,
			.quiet = quiet,
			.body = SLICE("{\"a\":1}"),
			.internal = (const char *const[]){"127.0.0.1", NULL},
			.timeout_ms = 4000};
		assert_int_equal(http_post(&job, NULL, NULL, &e), NET_REFUSED);
		assert_string_equal(e.text, quiet ? "HTTP 403" : "HTTP 403 4KPM-7TXW");
		end(&v);
	}
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	const struct CMUnitTest tests[] = {cmocka_unit_test(mail_addresses),
		cmocka_unit_test(http_addresses), cmocka_unit_test(mail_ends),
		cmocka_unit_test(mail_never_leaves), cmocka_unit_test(http_ends),
		cmocka_unit_test(what_is_kept_of_an_answer)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
