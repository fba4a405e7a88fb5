/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"
#include <errno.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/request.h>
#include <tocsin/record/wire.h>
#include "message.h"
#include "picture.h"

#define JOB_VERSION 3u
#define SECRET_MAX 4096u

void job_encode(struct buf *out, const struct job_spec *j)
{
	const struct slice texts[] = {j->url, j->user, j->password_file, j->ca_file, j->from, j->to,
		j->url_file, j->secret_file, j->internal, j->idempotency, j->path, j->zone, j->code,
		j->page, j->body};
	wire_put_u8(out, JOB_VERSION);
	wire_put_u8(out, (uint8_t)j->kind);
	wire_put_u8(out, (uint8_t)j->tls);
	wire_put_u8(out, j->form);
	wire_put_u8(out, j->maybe);
	wire_put_u8(out, j->near);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		wire_put_bytes(out, texts[i]);
}

static int job_decode(struct slice s, struct job_spec *ret)
{
	struct wire w = wire_reader(s);
	struct job_spec j = {0};
	struct slice *const texts[] = {&j.url, &j.user, &j.password_file, &j.ca_file, &j.from,
		&j.to, &j.url_file, &j.secret_file, &j.internal, &j.idempotency, &j.path, &j.zone,
		&j.code, &j.page, &j.body};
	if (wire_u8(&w) != JOB_VERSION)
		return -EBADMSG;
	j.kind = (enum job_kind)wire_u8(&w);
	j.tls = (enum mail_tls)wire_u8(&w);
	j.form = wire_u8(&w);
	j.maybe = wire_u8(&w);
	j.near = wire_u8(&w);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		*texts[i] = wire_bytes(&w);
		if (i + 1 < sizeof(texts) / sizeof(*texts) && memchr(texts[i]->p, 0, texts[i]->n))
			w.bad = true;
	}
	if (!wire_done(&w) || j.kind > JOB_SMS || j.tls > MAIL_TLS_IMPLICIT)
		return -EBADMSG;
	*ret = j;
	return 0;
}

/* A line at once, for the parent may kill us any time. */
static void say(const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(STDOUT_FILENO, text, n);
		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

static void on_stage(void *user, enum net_stage stage)
{
	(void)user;
	if (stage == NET_STAGE_DATA)
		say("stage data\n", 11);
	else
		say("stage all\n", 10);
}

/* Strings for libcurl; NULL when absent. */
static char *string(struct slice s)
{
	return s.n ? xstrndup(s.p, s.n) : NULL;
}

#define HOSTS_MAX 64u

/* The hosts of a job as the room net wants them; text holds them. */
static const char *const *split_hosts(
	struct slice from, struct buf *text, const char *ret[static HOSTS_MAX + 1])
{
	size_t n = 0;
	buf_add_slice(text, from);
	buf_string(text);
	for (char *p = text->p, *end; n < HOSTS_MAX && (end = strchr(p, '\n')); p = end + 1) {
		*end = 0;
		ret[n++] = p;
	}
	ret[n] = NULL;
	return ret;
}

/* The mail of a message, with its picture if there is one and it can be drawn: for want of it nothing waits. */
static int write_mail(const struct job_spec *j, struct buf *out, struct error *e)
{
	struct message m;
	struct error why;
	_buf_ struct buf picture = {0};
	_free_ char *from = xstrndup(j->from.p, j->from.n);
	_free_ char *to = xstrndup(j->to.p, j->to.n);
	_free_ char *zone = xstrndup(j->zone.p, j->zone.n);
	if (message_decode(j->body, &m) < 0)
		return error_set(e, -EBADMSG, "message illisible");
	m.code = j->code; /* which the message's own form does not hold */
	m.page = j->page;
	if (m.curve.n && picture_draw(m.curve, m.lang, zone, &picture, &why) < 0)
		fprintf(stderr, "tocsin-escalate: warning: courriel sans courbe : %s\n", why.text);
	message_mail(out, &m, from, to, j->maybe, buf_slice(&picture));
	return 0;
}

static int do_drop(const struct job_spec *j, struct error *e)
{
	_buf_ struct buf body = {0};
	_free_ char *path = xstrndup(j->path.p, j->path.n);
	return write_mail(j, &body, e) < 0 ? NET_FAILED : (int)job_drop(path, buf_slice(&body), e);
}

static int do_mail(const struct job_spec *j, struct error *e)
{
	_buf_ struct buf body = {0};
	_free_ char *url = string(j->url);
	_free_ char *user = string(j->user);
	_free_ char *password_file = string(j->password_file);
	_free_ char *ca_file = string(j->ca_file);
	_free_ char *from = string(j->from);
	_free_ char *to = string(j->to);
	_buf_ struct buf hosts = {0};
	const char *internal[HOSTS_MAX + 1];
	if (write_mail(j, &body, e) < 0)
		return NET_FAILED;
	const struct mail_job mail = {.url = url ? url : "",
		.tls = j->tls,
		.user = user,
		.password_file = password_file,
		.ca_file = ca_file,
		.internal = j->near ? NULL : split_hosts(j->internal, &hosts, internal),
		.from = from ? from : "",
		.to = to ? to : "",
		.message = buf_slice(&body),
		.timeout_ms = JOB_TRANSFER_MS};
	return mail_send(&mail, on_stage, NULL, e);
}

/* One line of a file. */
static int read_line(const char *path, struct buf *out, struct error *e)
{
	int r = file_read(path, SECRET_MAX, out, e);
	while (out->n && strchr(" \t\r\n", out->p[out->n - 1]))
		out->n--;
	return r;
}

/* Signs as tocsin's own webhook sources are signed: HMAC-SHA256 over "timestamp.body". */
static int sign(const struct job_spec *j, char stamp[static 64], char signature[static 128],
	struct error *e)
{
	_buf_ struct buf secret = {0}, text = {0};
	_free_ char *path = string(j->secret_file);
	unsigned char mac[DIGEST_SIZE];
	char hex[DIGEST_HEX];
	if (read_line(path, &secret, e) < 0 || !secret.n)
		return error_set(e, NET_FAILED, "secret du crochet illisible");
	long long now = clock_now() / CLOCK_SECOND;
	buf_printf(&text, "%lld.", now);
	buf_add_slice(&text, j->body);
	digest_hmac(buf_slice(&secret), buf_slice(&text), mac);
	digest_wipe(secret.p, secret.n);
	snprintf(stamp, 64, "X-Tocsin-Timestamp: %lld", now);
	snprintf(
		signature, 128, "X-Tocsin-Signature: sha256=%s", digest_hex(mac, DIGEST_SIZE, hex));
	return NET_SENT;
}

static int do_post(const struct job_spec *j, struct error *e)
{
	_buf_ struct buf url = {0}, hosts = {0};
	const char *internal[HOSTS_MAX + 1];
	_free_ char *url_file = string(j->url_file);
	_free_ char *ca_file = string(j->ca_file);
	char key[128], stamp[64] = "", signature[128] = "";
	buf_add_slice(&url, j->url);
	if (url_file && read_line(url_file, &url, e) < 0)
		return error_set(e, NET_FAILED, "adresse du crochet illisible");
	if (j->secret_file.n) {
		int r = sign(j, stamp, signature, e);
		if (r != NET_SENT)
			return r;
	}
	snprintf(
		key, sizeof(key), "Idempotency-Key: %.*s", (int)j->idempotency.n, j->idempotency.p);
	const char *headers[] = {"Content-Type: application/json; charset=utf-8", key,
		signature[0] ? signature : NULL, stamp, NULL};
	const struct http_job post = {.url = buf_string(&url),
		.headers = headers,
		.ca_file = ca_file,
		.internal = split_hosts(j->internal, &hosts, internal),
		.body = j->body,
		.timeout_ms = JOB_TRANSFER_MS};
	return http_post(&post, on_stage, NULL, e);
}

static void add_encoded(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];
		if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
			(c && strchr("-._~", c)))
			buf_add_char(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned char)c);
	}
}

/* The address with everything put in. */
static int fill(const struct job_spec *j, struct buf *out, struct error *e)
{
	_buf_ struct buf secret = {0};
	_free_ char *path = string(j->secret_file);
	const struct {
		struct slice name, value;
	} fields[] = {{SLICE("{to}"), j->to}, {SLICE("{text}"), j->body},
		{SLICE("{secret}"), buf_slice(&secret)}};
	if (path && (read_line(path, &secret, e) < 0 || !secret.n))
		return error_set(e, NET_FAILED, "secret de la passerelle SMS illisible");
	for (size_t i = 0; i < j->url.n;) {
		size_t step = 0;
		for (size_t k = 0; !step && k < sizeof(fields) / sizeof(*fields); k++) {
			const struct slice name = fields[k].name;
			if (j->url.n - i < name.n || memcmp(j->url.p + i, name.p, name.n) != 0)
				continue;
			add_encoded(out, k == 2 ? buf_slice(&secret) : fields[k].value);
			step = name.n;
		}
		if (!step)
			buf_add_char(out, j->url.p[i]);
		i += step ? step : 1;
	}
	if (secret.n)
		digest_wipe(secret.p, secret.n);
	return NET_SENT;
}

static int do_sms(const struct job_spec *j, struct error *e)
{
	_buf_ struct buf url = {0}, form = {0}, hosts = {0};
	const char *internal[HOSTS_MAX + 1];
	_free_ char *ca_file = string(j->ca_file);
	char key[128];
	int r = fill(j, &url, e);
	if (r != NET_SENT)
		return r;
	char *query = j->form ? strchr(buf_string(&url), '?') : NULL;
	if (query) {
		buf_add_string(&form, query + 1);
		*query = 0;
	}
	snprintf(
		key, sizeof(key), "Idempotency-Key: %.*s", (int)j->idempotency.n, j->idempotency.p);
	const char *headers[] = {
		key, query ? "Content-Type: application/x-www-form-urlencoded" : NULL, NULL};
	const struct http_job job = {.url = buf_string(&url),
		.headers = headers,
		.get = !query,
		.quiet = true, /* gateways echo number and text, and the text has a code */
		.ca_file = ca_file,
		.internal = split_hosts(j->internal, &hosts, internal),
		.body = buf_slice(&form),
		.timeout_ms = JOB_TRANSFER_MS};
	return http_post(&job, on_stage, NULL, e);
}

enum net_outcome job_drop(const char *path, struct slice body, struct error *e)
{
	const char *slash = strrchr(path, '/');
	if (!slash || slash == path) {
		error_set(e, -EINVAL, "dossier de dépôt manquant");
		return NET_FAILED;
	}
	_free_ char *folder = xstrndup(path, (size_t)(slash - path));
	if (file_make_folder(folder, 0700, e) < 0 || file_write_atomic(path, body, 0600, e) < 0)
		return NET_FAILED;
	snprintf(e->text, sizeof(e->text), OUTBOX_LEFT "%s", slash + 1);
	return NET_SENT;
}

int job_main(void)
{
	_buf_ struct buf input = {0}, line = {0};
	struct job_spec job;
	struct error e = {.text = "travail illisible"};
	int r = NET_FAILED;
	umask(077);
	if (file_read("-", JOB_MAX, &input, &e) == 0 && job_decode(buf_slice(&input), &job) == 0)
		r = job.kind == JOB_MAIL       ? do_mail(&job, &e)
			: job.kind == JOB_DROP ? do_drop(&job, &e)
			: job.kind == JOB_SMS  ? do_sms(&job, &e)
					       : do_post(&job, &e);
	for (char *p = e.text; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	buf_printf(&line, "outcome %s %s\n", net_outcome_names[r], e.text);
	say(line.p, line.n);
	return 0;
}

enum net_outcome job_outcome(struct slice output, bool killed, struct slice *ret_detail)
{
	const char *p = output.p ? memmem(output.p, output.n, "outcome ", 8) : NULL;
	bool begun = output.p && memmem(output.p, output.n, "stage data\n", 11);
	*ret_detail = killed ? SLICE("délai dépassé") : SLICE("interrompu");
	if (!p)
		return begun ? NET_UNKNOWN : NET_FAILED;
	p += 8;
	struct slice rest = {p, output.n - (size_t)(p - output.p)};
	const char *end = memchr(rest.p, '\n', rest.n);
	if (!end)
		return begun ? NET_UNKNOWN : NET_FAILED;
	rest.n = (size_t)(end - rest.p);
	for (int i = 0; i < 4; i++) {
		size_t n = strlen(net_outcome_names[i]);
		if (rest.n > n && memcmp(rest.p, net_outcome_names[i], n) == 0 &&
			rest.p[n] == ' ') {
			*ret_detail = (struct slice){rest.p + n + 1, rest.n - n - 1};
			return (enum net_outcome)i;
		}
	}
	return begun ? NET_UNKNOWN : NET_FAILED;
}
