/* SPDX-License-Identifier: GPL-3.0-or-later
 * libcurl makes the session (CURLOPT_CONNECT_ONLY: connected, encrypted, logged in); its own FETCH would mark mails as read
 * and knows no PEEK, so the commands are ours (imap_wire.h). */
#include <tocsin/net/imap.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "imap_wire.h"

/* Where nobody listens on the way. A name counts only when libcurl itself knows it. */
static bool is_loopback(const char *host)
{
	struct in_addr a;
	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &a) == 1 && ntohl(a.s_addr) >> 24 == 127;
}

static bool set_options(struct imap *m, const struct imap_job *job, long ssl)
{
	bool ok = true;
#define OPT(option, value) ok &= curl_easy_setopt(m->t.curl, option, value) == CURLE_OK
	OPT(CURLOPT_CONNECT_ONLY, 1L);
	OPT(CURLOPT_USE_SSL, ssl);
	OPT(CURLOPT_USERNAME, job->user);
	OPT(CURLOPT_PASSWORD, job->password);
#undef OPT
	return ok;
}

static int say_failure(const struct imap *m, CURLcode code, const char *host, struct error *e)
{
	if (m->t.gate.inside[0])
		return gate_say(&m->t.gate, e);
	if (code == CURLE_LOGIN_DENIED)
		return error_set(e, FETCH_REFUSED, "%s : nom ou mot de passe refusé", host);
	if (code == CURLE_USE_SSL_FAILED)
		return error_set(e, FETCH_REFUSED,
			"%s ne chiffre pas (STARTTLS) : le mot de passe n'est pas donné", host);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return error_set(e, FETCH_LATER, "%s répond trop lentement", host);
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		return error_set(e, FETCH_LATER, "%s : nom inconnu", host);
	return error_set(e, FETCH_LATER, "%s : %s", host,
		m->t.text[0] ? m->t.text : curl_easy_strerror(code));
}

static int connect_to(struct imap *m, const struct imap_job *job, const char *host, struct error *e)
{
	bool bare = strncmp(job->url, "imap://", 7) == 0;
	long ssl = bare && !is_loopback(host) ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY;
	gate_set(&m->t.gate, job->internal, job->url);
	if (transfer_open(&m->t, job->url, "imap,imaps", job->timeout_ms, job->ca_file, e) !=
		NET_SENT)
		return FETCH_LATER;
	if (!set_options(m, job, ssl))
		return error_set(e, FETCH_LATER, "libcurl refuse un réglage");
	CURLcode code = curl_easy_perform(m->t.curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(m->t.curl, CURLINFO_ACTIVESOCKET, &m->fd);
	return code == CURLE_OK ? FETCH_BODY : say_failure(m, code, host, e);
}

int imap_open(const struct imap_job *job, struct imap **ret, struct error *e)
{
	struct imap *m = xcalloc(1, sizeof(*m));
	CURLU *url = curl_url();
	char *host = NULL;
	int r;
	m->timeout_ms = job->timeout_ms;
	if (url && curl_url_set(url, CURLUPART_URL, job->url, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		r = connect_to(m, job, host, e);
	else
		r = error_set(e, FETCH_REFUSED, "adresse refusée : imap:// ou imaps:// attendue");
	curl_free(host);
	curl_url_cleanup(url);
	if (r != FETCH_BODY)
		m = imap_close(m);
	*ret = m;
	return r;
}

struct imap *imap_close(struct imap *m)
{
	if (!m)
		return NULL;
	transfer_close(&m->t);
	buf_release(&m->in);
	buf_release(&m->text);
	buf_release(&m->literal);
	free(m);
	return NULL;
}

static int outcome(int r)
{
	return r == WIRE_OK ? FETCH_BODY : r < 0 ? FETCH_LATER : FETCH_REFUSED;
}

/* The number behind a word; 0: none. */
static uint32_t number_behind(struct slice text, const char *word)
{
	const char *p = memmem(text.p, text.n, word, strlen(word));
	uint64_t number = 0;
	if (!p)
		return 0;
	for (p += strlen(word); p < text.p + text.n && *p >= '0' && *p <= '9'; p++) {
		number = number * 10 + (uint64_t)(*p - '0');
		if (number > UINT32_MAX)
			return 0;
	}
	return (uint32_t)number;
}

static void on_examine(void *user, const struct imap *m)
{
	struct imap_box *box = user;
	uint32_t n = number_behind(buf_slice(&m->text), "[UIDVALIDITY ");
	if (n)
		box->validity = n;
	n = number_behind(buf_slice(&m->text), "[UIDNEXT ");
	if (n)
		box->next = n;
}

int imap_examine(struct imap *m, const char *name, struct imap_box *ret, struct error *e)
{
	_buf_ struct buf command = {0};
	*ret = (struct imap_box){0};
	buf_add_string(&command, "EXAMINE ");
	wire_add_mailbox(&command, name);
	int r = outcome(wire_command(m, buf_string(&command), on_examine, ret, e));
	if (r == FETCH_BODY && !ret->validity)
		return error_set(e, FETCH_REFUSED, "le serveur ne dit pas UIDVALIDITY");
	return r;
}

struct found {
	uint32_t from, *uids;
	size_t n, cap;
};

static void on_search(void *user, const struct imap *m)
{
	struct found *f = user;
	struct slice text = buf_slice(&m->text);
	if (text.n < 8 || strncasecmp(text.p, "* SEARCH", 8) != 0)
		return;
	for (size_t i = 8; i < text.n;) {
		struct slice word = {text.p + i, 0};
		int64_t uid;
		while (i < text.n && text.p[i] != ' ')
			i++;
		word.n = (size_t)(text.p + i - word.p);
		i++;
		/* "n:*" names the last mail even when it is older */
		if (!slice_number(word, &uid) || uid < f->from || uid > UINT32_MAX || !uid)
			continue;
		f->uids = xgrow(f->uids, f->n, &f->cap, sizeof(*f->uids));
		f->uids[f->n++] = (uint32_t)uid;
	}
}

static int by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

int imap_search(struct imap *m, uint32_t from, const char *since, uint32_t **ret, size_t *ret_n,
	struct error *e)
{
	struct found f = {.from = from};
	_buf_ struct buf command = {0};
	size_t n = 0;
	buf_printf(&command, "UID SEARCH UID %u:*", (unsigned)from);
	if (since)
		buf_printf(&command, " SINCE %s", since);
	int r = outcome(wire_command(m, buf_string(&command), on_search, &f, e));
	if (f.n)
		qsort(f.uids, f.n, sizeof(*f.uids), by_uid);
	for (size_t i = 0; i < f.n; i++)
		if (!n || f.uids[n - 1] != f.uids[i])
			f.uids[n++] = f.uids[i];
	if (r != FETCH_BODY) {
		free(f.uids);
		f.uids = NULL;
		n = 0;
	}
	*ret = f.uids;
	*ret_n = n;
	return r;
}

struct wanted {
	uint32_t uid;
	bool found;
	struct buf quoted;
	struct imap_mail *mail;
};

/* A short mail may come in quotes. */
static bool read_quoted(struct slice text, struct buf *out)
{
	const char *p = memmem(text.p, text.n, "BODY[]", 6), *end = text.p + text.n;
	p = p ? memchr(p, ' ', (size_t)(end - p)) : NULL;
	if (!p || ++p == end || *p != '"')
		return false;
	for (p++; p < end && *p != '"'; p++) {
		p += *p == '\\' && p + 1 < end;
		buf_add_char(out, *p);
	}
	return true;
}

static void on_mail(void *user, const struct imap *m)
{
	struct wanted *w = user;
	struct slice text = buf_slice(&m->text);
	const char *date = memmem(text.p, text.n, "INTERNALDATE \"", 14);
	uint32_t uid = number_behind(text, "(UID ");
	if (!uid)
		uid = number_behind(text, " UID ");
	if (uid != w->uid || w->found)
		return;
	w->found = m->has_literal || read_quoted(text, &w->quoted);
	if (!w->found)
		return;
	if (m->has_literal)
		buf_add_slice(&w->quoted, buf_slice(&m->literal));
	w->mail->date[0] = 0;
	for (size_t i = 0; date && date + 14 + i < text.p + text.n && i < 31; i++) {
		w->mail->date[i] = date[14 + i] == '"' ? 0 : date[14 + i];
		w->mail->date[i + 1] = 0;
		if (!w->mail->date[i])
			break;
	}
}

int imap_mail(struct imap *m, uint32_t uid, size_t max, struct imap_mail *ret, struct error *e)
{
	struct wanted w = {.uid = uid, .mail = ret};
	char command[96];
	snprintf(command, sizeof(command), "UID FETCH %u (UID INTERNALDATE BODY.PEEK[]<0.%zu>)",
		(unsigned)uid, max);
	m->literal_max = max;
	int r = wire_command(m, command, on_mail, &w, e);
	buf_release(&m->literal);
	m->literal = w.quoted;
	ret->bytes = buf_slice(&m->literal);
	if (r == WIRE_NO || r == WIRE_BAD)
		return IMAP_ODD;
	return r < 0 ? FETCH_LATER : w.found ? FETCH_BODY : IMAP_NONE;
}
