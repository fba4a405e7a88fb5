/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/net/stream.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/net/fetch.h>
#include "private.h"

#define TURN_MS 1000

struct line { /* one connection */
	struct stream *s;
	size_t number;
	struct transfer t;
	struct curl_slist *headers;
	bool added, open, enough;
	int64_t heard; /* monotonic */
};
struct stream {
	CURLM *multi;
	stream_fn *each;
	void *user;
	struct line lines[STREAM_MAX];
	size_t n;
};

static size_t on_bytes(char *p, size_t size, size_t n, void *user)
{
	struct line *l = user;
	long status = 0;

	n *= size;
	curl_easy_getinfo(l->t.curl, CURLINFO_RESPONSE_CODE, &status);
	l->heard = clock_monotonic();
	if (status != 200) /* an error's page */
		return n;
	l->enough = !l->s->each(l->s->user, l->number, (struct slice){p, n});
	return l->enough ? 0 : n;
}

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
	struct line *l = user;
	long status = 0;

	n *= size;
	l->heard = clock_monotonic();
	if (n <= 2 && p[0] != ' ') { /* the empty line behind the last one */
		curl_easy_getinfo(l->t.curl, CURLINFO_RESPONSE_CODE, &status);
		l->open = status == 200;
	}
	return n;
}

static bool set_options(struct line *l, const struct stream_job *job)
{
	_buf_ struct buf accept = {0};
	bool ok;

	buf_printf(&accept, "Accept: %s", job->accept);
	l->headers = curl_slist_append(NULL, buf_string(&accept));
	ok = l->headers && add_bearer(&l->headers, job->bearer);
#define OPT(option, value) ok &= curl_easy_setopt(l->t.curl, option, value) == CURLE_OK
	OPT(CURLOPT_HTTPGET, 1L);
	OPT(CURLOPT_TIMEOUT_MS, 0L);
	OPT(CURLOPT_HTTPHEADER, l->headers);
	OPT(CURLOPT_WRITEFUNCTION, on_bytes);
	OPT(CURLOPT_WRITEDATA, l);
	OPT(CURLOPT_HEADERFUNCTION, on_header);
	OPT(CURLOPT_HEADERDATA, l);
	OPT(CURLOPT_USERAGENT, "tocsin");
#undef OPT
	return ok;
}

static int add(struct stream *s, const struct stream_job *job, const char *url, int64_t timeout_ms,
	struct error *e)
{
	struct line *l = &s->lines[s->n];

	if (!http_url_ok(slice_of(url)))
		return error_set(
			e, FETCH_REFUSED, "adresse refusée : http:// ou https:// attendue");
	*l = (struct line){.s = s, .number = s->n, .heard = clock_monotonic()};
	gate_set(&l->t.gate, job->internal, url);
	if (transfer_open(&l->t, url, "http,https", timeout_ms, job->ca_file, e) != NET_SENT)
		return FETCH_LATER;
	s->n++;
	l->added = set_options(l, job) && curl_multi_add_handle(s->multi, l->t.curl) == CURLM_OK;
	return l->added ? FETCH_BODY : error_set(e, FETCH_LATER, "libcurl refuse un réglage");
}

static int say_end(const struct line *l, CURLcode code, struct error *e)
{
	long status = 0;

	curl_easy_getinfo(l->t.curl, CURLINFO_RESPONSE_CODE, &status);
	if (l->t.gate.inside[0])
		return gate_say(&l->t.gate, e);
	if (status && status != 200)
		return error_set(e, FETCH_REFUSED, "le flux est refusé (HTTP %ld)", status);
	if (code == CURLE_OK || l->enough)
		return error_set(e, FETCH_LATER, "le flux est coupé");
	return error_set(e, FETCH_LATER, "le flux est coupé : %s",
		l->t.text[0] ? l->t.text : curl_easy_strerror(code));
}

/* One turn: FETCH_BODY while all stand. */
static int turn(struct stream *s, int64_t ms, struct error *e)
{
	int running, left;
	CURLMsg *said;

	if (curl_multi_perform(s->multi, &running) != CURLM_OK)
		return error_set(e, FETCH_LATER, "libcurl ne suit pas");
	while ((said = curl_multi_info_read(s->multi, &left)))
		for (size_t i = 0; i < s->n; i++)
			if (said->msg == CURLMSG_DONE && s->lines[i].t.curl == said->easy_handle)
				return say_end(&s->lines[i], said->data.result, e);
	for (size_t i = 0; i < s->n; i++)
		if (clock_monotonic() - s->lines[i].heard > STREAM_SILENCE_MS)
			return error_set(e, FETCH_LATER, "le flux se tait");
	curl_multi_poll(s->multi, NULL, 0, (int)(ms < 0 ? 0 : ms < TURN_MS ? ms : TURN_MS), NULL);
	return FETCH_BODY;
}

static bool all_open(const struct stream *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->lines[i].open)
			return false;
	return true;
}

static int wait_open(struct stream *s, int64_t timeout_ms, struct error *e)
{
	int64_t until = clock_monotonic() + timeout_ms;
	int r = FETCH_BODY;

	while (r == FETCH_BODY && !all_open(s)) {
		int64_t left = until - clock_monotonic();

		if (left <= 0)
			return error_set(e, FETCH_LATER, "le flux ne s'ouvre pas");
		r = turn(s, left, e);
	}
	return r;
}

int stream_open(const struct stream_job *job, int64_t timeout_ms, stream_fn *each, void *user,
	struct stream **ret, struct error *e)
{
	struct stream *s = xcalloc(1, sizeof(*s));
	int r = FETCH_BODY;

	s->each = each;
	s->user = user;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	s->multi = curl_multi_init();
	if (!s->multi)
		r = error_set(e, FETCH_LATER, "libcurl ne démarre pas");
	for (size_t i = 0; r == FETCH_BODY && job->urls[i] && i < STREAM_MAX; i++)
		r = add(s, job, job->urls[i], timeout_ms, e);
	if (r == FETCH_BODY)
		r = wait_open(s, timeout_ms, e);
	*ret = r == FETCH_BODY ? s : stream_close(s);
	return r;
}

int stream_listen(struct stream *s, int64_t ms, struct error *e)
{
	int64_t until = clock_monotonic() + ms;
	int r = FETCH_BODY;

	/* nobody listened for a while: what they said meanwhile comes first */
	for (size_t i = 0; i < s->n; i++)
		s->lines[i].heard = clock_monotonic();
	while (r == FETCH_BODY && clock_monotonic() < until)
		r = turn(s, until - clock_monotonic(), e);
	return r;
}

struct stream *stream_close(struct stream *s)
{
	if (!s)
		return NULL;
	for (size_t i = 0; i < s->n; i++) {
		struct line *l = &s->lines[i];

		if (l->added)
			curl_multi_remove_handle(s->multi, l->t.curl);
		transfer_close(&l->t);
		curl_slist_free_all(l->headers);
	}
	curl_multi_cleanup(s->multi);
	free(s);
	return NULL;
}
