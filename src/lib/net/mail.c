/* SPDX-License-Identifier: GPL-3.0-or-later
 * One mail to one recipient over SMTP (RFC 5321), STARTTLS (RFC 3207), AUTH (RFC 4954). */
#include "private.h"
#include <string.h>
#include <sys/socket.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#define PASSWORD_MAX 4096u

bool mail_address_ok(struct slice address)
{
	size_t at = 0, ats = 0;
	if (address.n < 3 || address.n > 254 || address.p[0] == '-')
		return false;
	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];
		if (c <= ' ' || c >= 0x7f || strchr("<>()[]\\,;:\"", c))
			return false;
		if (c == '@') {
			at = i;
			ats++;
		}
	}
	return ats == 1 && at > 0 && at + 1 < address.n;
}

/* The last line a server sends is the one that tells; curl hands each over as it comes, and our commands too. */
static int on_debug(CURL *curl, curl_infotype type, char *p, size_t n, void *user)
{
	struct transfer *t = user;
	(void)curl;
	if (type == CURLINFO_HEADER_OUT && n >= 4) {
		t->leaving = memcmp(p, "QUIT", 4) == 0;
		if (!t->leaving)
			t->recipient = memcmp(p, "RCPT", 4) == 0;
	}
	if (type == CURLINFO_HEADER_IN && !t->leaving) {
		t->answer_n = 0;
		transfer_keep(t, p, n);
	}
	return 0;
}

static int set_login(struct transfer *t, const struct mail_job *job, struct error *e)
{
	if (!job->user)
		return NET_SENT;
	if (job->tls == MAIL_TLS_NONE)
		return error_set(e, NET_FAILED, "mot de passe refusé sans chiffrement (tls: none)");
	_buf_ struct buf password = {0};
	if (!job->password_file || file_read(job->password_file, PASSWORD_MAX, &password, e) < 0)
		return error_set(e, NET_FAILED, "fichier de mot de passe illisible");
	while (password.n && strchr("\r\n", password.p[password.n - 1]))
		password.n--;
	bool ok = curl_easy_setopt(t->curl, CURLOPT_USERNAME, job->user) == CURLE_OK &&
		curl_easy_setopt(t->curl, CURLOPT_PASSWORD, buf_string(&password)) == CURLE_OK;
	explicit_bzero(password.p, password.n);
	return ok ? NET_SENT : error_set(e, NET_FAILED, "libcurl refuse le mot de passe");
}

static int set_mail(
	struct transfer *t, const struct mail_job *job, struct curl_slist **to, struct error *e)
{
	_free_ char *from = xasprintf("<%s>", job->from);
	_free_ char *recipient = xasprintf("<%s>", job->to);
	*to = curl_slist_append(NULL, recipient);
	bool ok = *to != NULL;
#define OPT(option, value) ok &= curl_easy_setopt(t->curl, option, value) == CURLE_OK
	OPT(CURLOPT_MAIL_FROM, from);
	OPT(CURLOPT_MAIL_RCPT, *to);
	OPT(CURLOPT_UPLOAD, 1L);
	OPT(CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->data.n);
	OPT(CURLOPT_USE_SSL,
		job->tls == MAIL_TLS_STARTTLS ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	OPT(CURLOPT_DEBUGFUNCTION, on_debug);
	OPT(CURLOPT_DEBUGDATA, t);
	OPT(CURLOPT_VERBOSE, 1L);
#undef OPT
	return ok ? set_login(t, job, e) : error_set(e, NET_FAILED, "libcurl refuse un réglage");
}

/* A refusal counts as final only when it is about this recipient or this message: a server that refuses the
 * greeting, the login or the sender today may take them in a minute. */
static int outcome(const struct transfer *t, CURLcode code)
{
	bool later = t->answer[0] == '4', never = t->answer[0] == '5';
	if (code == CURLE_OK)
		return NET_SENT;
	if (t->all && !later && !never) /* the last word was 354: go on */
		return NET_UNKNOWN;
	return never && (t->all || t->recipient) ? NET_REFUSED : NET_FAILED;
}

/* curl takes leave with QUIT and would wait for the answer; the message's fate is known, nobody waits for that. */
static void hang_up(struct transfer *t)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	if (curl_easy_getinfo(t->curl, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
		fd != CURL_SOCKET_BAD)
		shutdown(fd, SHUT_RD);
}

/* smtp:// or smtps:// with a host; no user or password, which would go round `tls` and `password_file`. */
static bool url_fits(const struct mail_job *job)
{
	size_t scheme = strncmp(job->url, "smtps://", 8) == 0 ? 8
		: strncmp(job->url, "smtp://", 7) == 0        ? 7
							      : 0;
	if (!scheme || strchr("/?#:", job->url[scheme]))
		return false;
	for (const char *p = job->url; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || *p == '@')
			return false;
	return true;
}

int mail_send(const struct mail_job *job, net_stage_fn *stage, void *user, struct error *e)
{
	struct transfer t = {.data = job->message, .stage = stage, .user = user};
	struct curl_slist *to = NULL;
	if (!mail_address_ok(slice_of(job->to)) || !mail_address_ok(slice_of(job->from)))
		return error_set(e, NET_REFUSED, "adresse de courriel refusée");
	if (!url_fits(job))
		return error_set(e, NET_FAILED, "adresse de serveur smtp:// ou smtps:// attendue");
	bool bare = strncmp(job->url, "smtp://", 7) == 0;
	_free_ char *url = xasprintf("%s%s", job->tls == MAIL_TLS_IMPLICIT ? "smtps://" : "smtp://",
		job->url + (bare ? 7 : 8));
	t.gate.near = !job->internal;
	gate_set(&t.gate, job->internal, url);
	int r = transfer_open(&t, url, "smtp,smtps", job->timeout_ms, job->ca_file, e);
	if (r == NET_SENT)
		r = set_mail(&t, job, &to, e);
	if (r == NET_SENT) {
		CURLcode code = curl_easy_perform(t.curl);
		r = outcome(&t, code);
		transfer_say(&t, code, e);
		hang_up(&t);
	}
	transfer_close(&t);
	curl_slist_free_all(to);
	return r;
}
