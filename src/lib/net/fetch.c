/* SPDX-License-Identifier: GPL-3.0-or-later
 * GET, hop by hop. The guard stands where the socket is made: what is checked is the very address that is connected
 * to, however its name was written and whatever the DNS answers next time. */
#include "guard.h"
#include <stdlib.h>
#include <strings.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "private.h"

#define RETRY_MAX_MS (24 * CLOCK_HOUR)
#define SECONDS_ARE_A_DATE 1000000000
#define MODIFIED_S 2 /* the server's clock and its files' may round apart */
#define SLOW_BYTES 64L /* fewer bytes a second than this … */
#define SLOW_SECONDS 15L /* … for so long: given up */

struct hop {
	struct transfer t;
	const struct fetch_job *job;
	struct fetch_answer *answer;
	bool too_big;
};

struct target {
	CURLU *url;
	char *host, *port, *scheme, *whole;
};

static void target_parts_free(struct target *t)
{
	curl_free(t->host);
	curl_free(t->port);
	curl_free(t->scheme);
	curl_free(t->whole);
	t->host = t->port = t->scheme = t->whole = NULL;
}

/* Goes to an address, or from there to one that may be relative. */
static bool target_set(struct target *t, const char *address)
{
	target_parts_free(t);
	if (curl_url_set(t->url, CURLUPART_URL, address, 0) != CURLUE_OK ||
		curl_url_set(t->url, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK)
		return false;
	return curl_url_get(t->url, CURLUPART_URL, &t->whole, 0) == CURLUE_OK &&
		curl_url_get(t->url, CURLUPART_SCHEME, &t->scheme, 0) == CURLUE_OK &&
		curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) == CURLUE_OK &&
		curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
		http_url_ok(slice_of(t->whole));
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct hop *h = user;
	n *= size;
	if (n > h->job->max - h->answer->body.n) {
		h->too_big = true;
		return 0;
	}
	buf_add(&h->answer->body, p, n);
	return n;
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
	_buf_ struct buf line = {0};
	if (!value || !*value || strpbrk(value, "\r\n"))
		return true;
	buf_printf(&line, "%s: %s", name, value);
	struct curl_slist *longer = curl_slist_append(*list, buf_string(&line));
	if (longer)
		*list = longer;
	return longer != NULL;
}

bool add_bearer(struct curl_slist **list, const char *token)
{
	_buf_ struct buf value = {0};
	bool ok;
	if (!token || !*token)
		return true;
	buf_printf(&value, "Bearer %s", token);
	ok = add_header(list, "Authorization", buf_string(&value));
	explicit_bzero(value.p, value.n);
	return ok;
}

static bool set_options(struct hop *h, bool home, struct curl_slist **headers)
{
	const struct fetch_job *job = h->job;
	bool ok = add_header(headers, "Accept", job->accept) &&
		add_header(headers, "If-None-Match", job->etag) &&
		add_header(headers, "If-Modified-Since", job->modified) &&
		add_header(headers, "Idempotency-Key", job->key) &&
		(!home || add_bearer(headers, job->bearer));
#define OPT(option, value) ok &= curl_easy_setopt(h->t.curl, option, value) == CURLE_OK
	if (job->post) {
		ok &= add_header(headers, "Content-Type", job->post);
		OPT(CURLOPT_POST, 1L);
		OPT(CURLOPT_POSTFIELDS, job->body.n ? job->body.p : "");
		OPT(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->body.n);
	} else {
		OPT(CURLOPT_HTTPGET, 1L);
	}
	OPT(CURLOPT_HTTPHEADER, *headers);
	OPT(CURLOPT_ACCEPT_ENCODING, "");
	OPT(CURLOPT_WRITEFUNCTION, on_body);
	OPT(CURLOPT_WRITEDATA, h);
	OPT(CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	OPT(CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
	OPT(CURLOPT_USERAGENT, "tocsin");
	if (home && job->user) {
		OPT(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		OPT(CURLOPT_USERNAME, job->user);
		OPT(CURLOPT_PASSWORD, job->password ? job->password : "");
	}
#undef OPT
	return ok;
}

static void keep_header(struct hop *h, const char *name, char out[static FETCH_NAME])
{
	struct curl_header *found;
	*out = 0;
	if (curl_easy_header(h->t.curl, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK &&
		strlen(found->value) < FETCH_NAME)
		memcpy(out, found->value, strlen(found->value) + 1);
}

/* What the server's clock says now, in seconds: moments that it names are its own. Ours when it says nothing. */
static int64_t server_now(struct hop *h)
{
	char date[FETCH_NAME];
	keep_header(h, "Date", date);
	time_t at = *date ? curl_getdate(date, NULL) : -1;
	return at > 0 ? (int64_t)at : clock_now() / CLOCK_SECOND;
}

static int64_t wish_ms(int64_t seconds)
{
	return seconds <= 0                             ? 0
		: seconds < RETRY_MAX_MS / CLOCK_SECOND ? seconds * CLOCK_SECOND
							: RETRY_MAX_MS;
}

/* Retry-After (RFC 9110 section 10.2.3): seconds, or a moment. 0: not said. */
static int64_t retry_ms(struct hop *h)
{
	char said[FETCH_NAME];
	int64_t seconds;
	keep_header(h, "Retry-After", said);
	if (!*said)
		return 0;
	if (!slice_number(slice_of(said), &seconds)) {
		time_t at = curl_getdate(said, NULL);
		seconds = at > 0 ? (int64_t)at - server_now(h) : 0;
	}
	return wish_ms(seconds);
}

/* What is left of a budget, and when it is filled again: in so many seconds (draft-ietf-httpapi-ratelimit-headers), or, as
 * many servers write it, at that second since 1970. 0: something is left, or nothing is said. */
static int64_t budget_ms(struct hop *h, bool *ret_spent)
{
	char left[FETCH_NAME], reset[FETCH_NAME];
	int64_t n, seconds;
	keep_header(h, "RateLimit-Remaining", left);
	keep_header(h, "RateLimit-Reset", reset);
	bool over = h->answer->status == 429 || (slice_number(slice_of(left), &n) && n == 0);
	*ret_spent = over;
	if (!over || !slice_number(slice_of(reset), &seconds))
		return 0;
	if (seconds > SECONDS_ARE_A_DATE) {
		const int64_t now = server_now(h);
		seconds = seconds > now ? seconds - now + 1 : 0;
	}
	return wish_ms(seconds);
}

/* What was written in the second of this answer may be written again in it, and its date, of which a file's ETag is often made, says
 * nothing then (RFC 9110 section 8.8.2.2). */
static bool tells_nothing(struct hop *h, const char *modified)
{
	time_t at = *modified ? curl_getdate(modified, NULL) : -1;
	return at > 0 && server_now(h) - (int64_t)at < MODIFIED_S;
}

static void keep_answer(struct hop *h, const struct target *target)
{
	struct fetch_answer *a = h->answer;
	curl_easy_getinfo(h->t.curl, CURLINFO_RESPONSE_CODE, &a->status);
	const int64_t budget = budget_ms(h, &a->spent);
	a->retry_ms = retry_ms(h);
	if (!a->retry_ms)
		a->retry_ms = budget;
	a->date_ms = server_now(h) * CLOCK_SECOND;
	keep_header(h, "Content-Type", a->type);
	keep_header(h, "ETag", a->etag);
	keep_header(h, "Last-Modified", a->modified);
	if (tells_nothing(h, a->modified))
		a->etag[0] = a->modified[0] = 0;
	for (size_t i = 0; i < FETCH_KEPT; i++) {
		a->kept[i][0] = 0;
		if (!h->job->keep || !h->job->keep[i])
			break;
		keep_header(h, h->job->keep[i], a->kept[i]);
	}
	buf_clear(&a->url);
	buf_add_string(&a->url, target->whole);
	buf_string(&a->url);
}

static int say_failure(const struct hop *h, CURLcode code, const struct target *t, struct error *e)
{
	if (h->too_big)
		return error_set(e, FETCH_REFUSED, "réponse trop grosse : plus de %zu Kio",
			h->job->max >> 10);
	if (h->t.gate.inside[0])
		return gate_say(&h->t.gate, e);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return error_set(e, FETCH_LATER, "%s répond trop lentement", t->host);
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		return error_set(e, FETCH_LATER, "%s : nom inconnu", t->host);
	return error_set(e, FETCH_LATER, "%s : %s", t->host,
		h->t.text[0] ? h->t.text : curl_easy_strerror(code));
}

static int outcome(const struct fetch_answer *a, struct error *e)
{
	long s = a->status;
	if (s >= 200 && s < 300)
		return FETCH_BODY;
	if (s == 304)
		return FETCH_SAME;
	if (s == 429)
		return error_set(e, FETCH_LATER, "le serveur demande d'attendre (HTTP 429)");
	if (s == 401 || s == 403)
		return error_set(e, FETCH_REFUSED, "accès refusé par le serveur (HTTP %ld)", s);
	if (s == 404 || s == 410)
		return error_set(e, FETCH_REFUSED, "adresse introuvable (HTTP %ld)", s);
	return error_set(e, s == 408 || s == 425 || s >= 500 ? FETCH_LATER : FETCH_REFUSED,
		"le serveur répond HTTP %ld", s);
}

/* One request. ret_next: where a redirect leads, NULL when it is none. */
static int one_hop(struct hop *h, const struct target *target, bool home, int64_t left_ms,
	char **ret_next, struct error *e)
{
	struct curl_slist *headers = NULL;
	char *next = NULL;
	*ret_next = NULL;
	gate_set(&h->t.gate, h->job->internal, target->whole);
	buf_clear(&h->answer->body);
	if (transfer_open(&h->t, target->whole, "http,https", left_ms, h->job->ca_file, e) !=
		NET_SENT)
		return FETCH_LATER;
	int r = FETCH_LATER;
	if (!set_options(h, home, &headers)) {
		error_set(e, 0, "libcurl refuse un réglage");
	} else {
		CURLcode code = curl_easy_perform(h->t.curl);
		keep_answer(h, target);
		h->answer->too_big = h->too_big;
		r = code == CURLE_OK ? outcome(h->answer, e) : say_failure(h, code, target, e);
		if (code == CURLE_OK && h->answer->status >= 300 && h->answer->status != 304)
			curl_easy_getinfo(h->t.curl, CURLINFO_REDIRECT_URL, &next);
		if (next)
			*ret_next = xstrdup(next);
	}
	transfer_close(&h->t);
	curl_slist_free_all(headers);
	return r;
}

static bool same_place(const struct target *a, const struct target *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && strcasecmp(a->host, b->host) == 0 &&
		strcmp(a->port, b->port) == 0;
}

static int hops(const struct fetch_job *job, struct fetch_answer *ret, struct target *target,
	const struct target *home, struct error *e)
{
	int64_t until = clock_monotonic() + job->timeout_ms;
	for (int i = 0; i <= FETCH_HOPS; i++) {
		struct hop h = {.job = job, .answer = ret};
		_free_ char *next = NULL;
		int64_t left = until - clock_monotonic();
		if (left <= 0)
			return error_set(e, FETCH_LATER, "%s répond trop lentement", target->host);
		int r = one_hop(&h, target, same_place(target, home), left, &next, e);
		if (!next || job->post)
			return r;
		if (!target_set(target, next))
			return error_set(e, FETCH_REFUSED, "renvoi vers une adresse refusée");
	}
	return error_set(e, FETCH_REFUSED, "trop de renvois d'une adresse à l'autre");
}

static bool target_open(struct target *t, const char *address)
{
	t->url = curl_url();
	return t->url && http_url_ok(slice_of(address)) && target_set(t, address);
}

static void target_close(struct target *t)
{
	target_parts_free(t);
	curl_url_cleanup(t->url);
}

int fetch(const struct fetch_job *job, struct fetch_answer *ret, struct error *e)
{
	struct target target = {0}, home = {0};
	int r;
	ret->status = 0;
	ret->retry_ms = 0;
	ret->spent = false;
	ret->date_ms = clock_now();
	ret->too_big = false;
	buf_clear(&ret->body);
	if (!target_open(&target, job->url) ||
		!target_open(&home, job->home ? job->home : job->url))
		r = error_set(e, FETCH_REFUSED, "adresse refusée : http:// ou https:// attendue");
	else
		r = hops(job, ret, &target, &home, e);
	target_close(&target);
	target_close(&home);
	return r;
}

void fetch_answer_release(struct fetch_answer *a)
{
	buf_release(&a->url);
	buf_release(&a->body);
}
