/* SPDX-License-Identifier: GPL-3.0-or-later
 * One POST, or GET, to one address. */
#include "private.h"
#include <tocsin/base/alloc.h>

bool http_url_ok(struct slice url)
{
	size_t scheme = 0;
	if (url.n > 8 && memcmp(url.p, "https://", 8) == 0)
		scheme = 8;
	else if (url.n > 7 && memcmp(url.p, "http://", 7) == 0)
		scheme = 7;
	if (!scheme || strchr("/?#:", url.p[scheme]))
		return false;
	bool authority = true;
	for (size_t i = scheme; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];
		if (c <= ' ' || c >= 0x7f)
			return false;
		authority &= !strchr("/?#", c);
		if (authority && c == '@')
			return false;
	}
	return true;
}

#define ANSWER_MAX (64u << 10) /* of an answer's body is read at most */

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	if (!t->quiet)
		transfer_keep(t, p, size * n);
	t->received += size * n;
	return t->received <= ANSWER_MAX ? size * n : 0;
}

static int outcome(const struct transfer *t, long status)
{
	if (status >= 200 && status < 300)
		return NET_SENT;
	if (status == 408 || status == 425 || status == 429 || status == 503)
		return NET_FAILED;
	if (status >= 500)
		return NET_UNKNOWN;
	if (status >= 300)
		return NET_REFUSED;
	return t->all ? NET_UNKNOWN : NET_FAILED;
}

static int set_headers(const struct http_job *job, struct curl_slist **ret, struct error *e)
{
	/* Without this curl would wait a second for "100 Continue" on a large body. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; list && job->headers && job->headers[i]; i++) {
		struct curl_slist *longer = NULL;
		if (!strpbrk(job->headers[i], "\r\n"))
			longer = curl_slist_append(list, job->headers[i]);
		if (!longer) {
			curl_slist_free_all(list);
			return error_set(e, NET_REFUSED, "en-tête refusé");
		}
		list = longer;
	}
	*ret = list;
	return list ? NET_SENT : error_set(e, NET_FAILED, "mémoire");
}

/* A GET has no body whose end could be told: it counts as sent once its head has left. */
static int on_debug(CURL *curl, curl_infotype type, char *p, size_t n, void *user)
{
	struct transfer *t = user;
	(void)curl, (void)p, (void)n;
	if (type != CURLINFO_HEADER_OUT || t->all)
		return 0;
	t->all = true;
	if (t->stage) {
		t->stage(t->user, NET_STAGE_DATA);
		t->stage(t->user, NET_STAGE_ALL);
	}
	return 0;
}

static int set_request(struct transfer *t, bool get, struct curl_slist *headers, struct error *e)
{
	bool ok = true;
#define OPT(option, value) ok &= curl_easy_setopt(t->curl, option, value) == CURLE_OK
	if (!get) {
		OPT(CURLOPT_POST, 1L);
		OPT(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->data.n);
	} else {
		OPT(CURLOPT_HTTPGET, 1L);
		OPT(CURLOPT_DEBUGFUNCTION, on_debug);
		OPT(CURLOPT_DEBUGDATA, t);
		OPT(CURLOPT_VERBOSE, 1L);
	}
	OPT(CURLOPT_HTTPHEADER, headers);
	OPT(CURLOPT_WRITEFUNCTION, on_body);
	OPT(CURLOPT_WRITEDATA, t);
	OPT(CURLOPT_USERAGENT, "tocsin");
#undef OPT
	return ok ? NET_SENT : error_set(e, NET_FAILED, "libcurl refuse un réglage");
}

int http_post(const struct http_job *job, net_stage_fn *stage, void *user, struct error *e)
{
	struct transfer t = {.data = job->body, .quiet = job->quiet, .stage = stage, .user = user};
	struct curl_slist *headers = NULL;
	if (!http_url_ok(slice_of(job->url)))
		return error_set(e, NET_REFUSED, "adresse refusée : http:// ou https:// attendue");
	int r = set_headers(job, &headers, e);
	gate_set(&t.gate, job->internal, job->url);
	if (r == NET_SENT)
		r = transfer_open(&t, job->url, "http,https", job->timeout_ms, job->ca_file, e);
	if (r == NET_SENT)
		r = set_request(&t, job->get, headers, e);
	if (r == NET_SENT) {
		CURLcode code = curl_easy_perform(t.curl);
		long status = 0;
		curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &status);
		r = outcome(&t, status);
		if (status >= 200)
			error_set(
				e, 0, "HTTP %ld%s%.200s", status, t.answer[0] ? " " : "", t.answer);
		else
			transfer_say(&t, code, e);
	}
	transfer_close(&t);
	curl_slist_free_all(headers);
	return r;
}
