/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request's way: who sends it, what is in it, what ingest says, the answer. */
#include "webhook.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/tame.h>
#include "charge.h"
#include "meta.h"

#define COMMENTS "/v1/comments/"
#define N(table) (sizeof(table) / sizeof(*(table)))

enum { REQUEST_NAME = 12 /* bytes of a body's digest that name it in quarantine ids */ };

struct job {
	struct parcel parcel; /* first: the one is the other */
	struct webhook *w;
	struct source *source;
	struct http_request *request;
	unsigned char mac[DIGEST_SIZE];
	int64_t at;
	struct buf answer; /* what is said when all is taken */
	uint32_t accepted, quarantined;
};

void webhook_answer(struct webhook *w, struct http_request *r, struct http_response a)
{
	w->statuses[a.status < N(w->statuses) ? a.status : 0]++;
	http_answer(r, &a);
}

static const char *_w(const struct webhook *w, const char *french) __attribute__((format_arg(2)));
static const char *_w(const struct webhook *w, const char *french)
{
	return words(w->s->config.lang, french);
}

/* {"error":key} or {"error":key,"text":text} */
static void fail(struct webhook *w, struct http_request *r, unsigned status, const char *key,
	const char *text, unsigned retry_after)
{
	_buf_ struct buf out = {0};
	struct json_writer j = {.out = &out};
	json_w_begin(&j, '{');
	json_w_text(&j, "error", slice_of(key));
	if (text) {
		json_w_text(&j, "text", slice_of(text));
	}
	json_w_end(&j, '}');
	webhook_answer(w, r,
		(struct http_response){
			.status = status, .body = buf_slice(&out), .retry_after = retry_after});
}

/* --- before the body is read */

static struct source *find_source(struct webhook *w, struct slice path)
{
	struct slice prefix = SLICE(COMMENTS);
	if (path.n <= prefix.n || memcmp(path.p, prefix.p, prefix.n) != 0)
		return NULL;
	struct slice id = {path.p + prefix.n, path.n - prefix.n};
	for (size_t i = 0; i < w->n_sources; i++)
		if (slice_is(id, w->sources[i].config->id))
			return &w->sources[i];
	return NULL;
}

static bool same_word(struct slice a, const char *lower)
{
	size_t n = strlen(lower);
	if (a.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = a.p[i];
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower[i])
			return false;
	}
	return true;
}

static struct slice trim(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The type, and nothing but UTF-8 behind it. */
static bool read_type(struct http_request *r, enum body_form *ret)
{
	struct slice value;
	if (http_header(r, "Content-Encoding", &value) != -ENOENT ||
		http_header(r, "Content-Type", &value) != 0)
		return false;
	const char *semicolon = memchr(value.p, ';', value.n);
	struct slice type = value, rest = {0};
	if (semicolon) {
		type.n = (size_t)(semicolon - value.p);
		rest = trim((struct slice){semicolon + 1, value.n - type.n - 1});
	}
	type = trim(type);
	if (rest.n && !same_word(rest, "charset=utf-8") && !same_word(rest, "charset=\"utf-8\""))
		return false;
	if (same_word(type, "application/json"))
		*ret = BODY_JSON;
	else if (same_word(type, "application/x-ndjson") || same_word(type, "application/jsonl") ||
		same_word(type, "application/ndjson"))
		*ret = BODY_LINES;
	else
		return false;
	return true;
}

bool webhook_signature(struct http_request *r, struct sign_request *ret)
{
	int own = http_header(r, "X-Tocsin-Signature", &ret->signature);
	int hub = own == -ENOENT ? http_header(r, "X-Hub-Signature-256", &ret->signature) : 0;
	int stamp = http_header(r, "X-Tocsin-Timestamp", &ret->timestamp);
	if (stamp == -ENOENT)
		ret->timestamp = (struct slice){0};
	return (own == 0 || own == -ENOENT) && hub == 0 && (stamp == 0 || stamp == -ENOENT);
}

#define REFUSE(number, key) \
	((struct http_response){.status = (number), .body = SLICE("{\"error\":\"" key "\"}")})

/* Asked before the body is read, and again with its size: by then others may have come in. */
static struct http_response room(const struct webhook *w, const struct source *source, size_t n)
{
	struct http_response busy = {0};
	if (source->lot.bytes + n > WEBHOOK_SOURCE_MAX)
		busy = REFUSE(429, "too_many");
	else if ((w->stop_at && n == 0) || basket_bytes(w->basket) + n > WEBHOOK_BASKET_MAX)
		busy = REFUSE(503, "busy");
	busy.retry_after = busy.status ? 1 : 0;
	return busy;
}

static struct http_response admission(struct webhook *w, struct http_request *r)
{
	bool post = slice_is(r->method, "POST");
	enum body_form form;
	struct sign_request sign = {0};
	if (slice_is(r->path, "/health")) {
		struct http_response wrong = REFUSE(405, "method_not_allowed");
		wrong.allow = "GET, HEAD";
		return post ? wrong : (struct http_response){0};
	}
	if (charge_is_ours(w, r->path))
		return charge_admission(w, r);
	const struct source *source = find_source(w, r->path);
	if (!source)
		return REFUSE(404, "not_found");
	if (!post) {
		struct http_response wrong = REFUSE(405, "method_not_allowed");
		wrong.allow = "POST";
		return meta_is(source) && slice_is(r->method, "GET") ? (struct http_response){0}
								     : wrong;
	}
	if (!read_type(r, &form))
		return REFUSE(415, "unsupported_type");
	if (!webhook_signature(r, &sign) ||
		(!sign.timestamp.p && strcmp(source->config->timestamp, "required") == 0)) {
		w->bad_signatures++;
		return REFUSE(401, "bad_signature");
	}
	return room(w, source, 0);
}

bool door_admit(void *user, struct http_request *r, struct http_response *refuse)
{
	struct webhook *w = user;
	*refuse = admission(w, r);
	if (!refuse->status)
		return true;
	w->statuses[refuse->status]++;
	return false;
}

/* --- the whole request */

static struct slice mac_key(const unsigned char *mac)
{
	return (struct slice){(const char *)mac, DIGEST_SIZE};
}

/* False: answered. */
static bool check_sender(struct webhook *w, struct job *job)
{
	struct http_request *r = job->request;
	struct sign_request sign = {.body = r->body};
	const int64_t now = clock_now();
	struct slice secret = buf_slice(&job->source->secret);
	bool required = strcmp(job->source->config->timestamp, "required") == 0;
	int outcome = webhook_signature(r, &sign)
		? sign_check(&sign, secret, required, now, &w->scratch, job->mac, &job->at)
		: SIGN_BAD;
	if (outcome == SIGN_EXPIRED) {
		fail(w, r, 401, "bad_timestamp",
			_w(w, "horodatage hors de la fenêtre de 5 minutes : horloge à vérifier"),
			0);
	} else if (outcome) {
		w->bad_signatures++;
		fail(w, r, 401, "bad_signature", NULL, 0);
	} else if (replay_seen(&w->replay, job->mac) && meta_is(job->source)) {
		/* our answer was lost: another one than 200 would bring it again for days */
		webhook_answer(w, r, (struct http_response){.status = 200});
	} else if (replay_seen(&w->replay, job->mac)) {
		fail(w, r, 409, "replay", _w(w, "requête déjà reçue et enregistrée"), 0);
	} else if (map_find(w->on_their_way, mac_key(job->mac))) {
		fail(w, r, 503, "busy", _w(w, "la même requête est en cours d'enregistrement"), 1);
	} else if (!replay_room(&w->replay, now)) {
		fail(w, r, 503, "busy", _w(w, "trop de requêtes en cinq minutes"), 30);
	} else {
		return true;
	}
	return false;
}

static void tell_frame(struct webhook *w, struct http_request *r, int outcome,
	const struct error *e, uint32_t line, uint64_t byte)
{
	_buf_ struct buf out = {0};
	struct json_writer j = {.out = &out};
	json_w_begin(&j, '{');
	json_w_text(&j, "error",
		outcome == BODY_TOO_MANY ? SLICE("too_many_items") : SLICE("malformed"));
	json_w_text(&j, "text", slice_of(words(w->s->config.lang, e->text)));
	if (line) {
		json_w_number(&j, "line", line);
	}
	if (byte) {
		json_w_number(&j, "byte", (int64_t)byte);
	}
	json_w_end(&j, '}');
	webhook_answer(w, r,
		(struct http_response){
			.status = outcome == BODY_TOO_MANY ? 413 : 400, .body = buf_slice(&out)});
}

static void print_account(struct buf *out, const struct body *b)
{
	struct json_writer j = {.out = out};
	uint32_t told = b->quarantined < BODY_PROBLEMS_MAX ? b->quarantined : BODY_PROBLEMS_MAX;
	json_w_begin(&j, '{');
	json_w_number(&j, "accepted", b->accepted);
	json_w_number(&j, "quarantined", b->quarantined);
	json_w_key(&j, "problems");
	json_w_begin(&j, '[');
	for (uint32_t i = 0; i < told; i++) {
		const struct body_problem *p = &b->problems[i];
		json_w_begin(&j, '{');
		json_w_number(&j, "item", p->item);
		json_w_number(&j, "line", p->line);
		json_w_text(&j, "reason", slice_of(comment_refusal_key(p->why)));
		json_w_text(&j, "text", slice_of(p->text));
		json_w_end(&j, '}');
	}
	json_w_end(&j, ']');
	json_w_end(&j, '}');
}

static void take(void *user, const struct comment *c)
{
	struct job *job = user;
	basket_add(job->w->basket, &job->source->lot, &job->parcel, c);
}

static struct job *job_free(struct job *job)
{
	buf_release(&job->answer);
	free(job);
	return NULL;
}

/* What Meta sends. */
static bool read_changes(struct webhook *w, struct job *job)
{
	_buf_ struct buf body = {0};
	struct json_value v;
	json_tame(job->request->body, &body); /* what is refused comes again and again */
	struct json_reader *json = json_reader_new(body.n + 1);
	int n = json_parse(json, buf_slice(&body), &v, NULL);
	if (n == 0)
		n = meta_changes(v, job->source->config, clock_now(), take, job);
	json_reader_free(json);
	if (n < 0) {
		fail(w, job->request, 400, "malformed", NULL, 0);
		return false;
	}
	job->accepted = (uint32_t)n;
	http_drop_body(job->request);
	return true;
}

/* Everything is in the basket when this returns true. */
static bool read_request(struct webhook *w, struct job *job)
{
	struct http_request *r = job->request;
	enum body_form form;
	struct error e = {""};
	uint32_t line = 0;
	uint64_t byte = 0;
	unsigned char digest[DIGEST_SIZE];
	char name[2 * REQUEST_NAME + 1];
	if (!check_sender(w, job))
		return false;
	struct http_response busy = room(w, job->source, r->body.n);
	if (busy.status) {
		webhook_answer(w, r, busy);
		return false;
	}
	if (meta_is(job->source))
		return read_changes(w, job);
	if (!read_type(r, &form)) {
		fail(w, r, 415, "unsupported_type", NULL, 0);
		return false;
	}
	int outcome = body_cut(&w->body, form, r->body, &e, &line, &byte);
	if (outcome) {
		tell_frame(w, r, outcome, &e, line, byte);
		return false;
	}
	/* The same body sent again quarantines under the same ids. */
	digest_sha256(r->body, digest);
	digest_hex(digest, REQUEST_NAME, name);
	body_read(&w->body, slice_of(job->source->config->id), slice_of(name), take, job);
	print_account(&job->answer, &w->body);
	job->accepted = w->body.accepted;
	job->quarantined = w->body.quarantined;
	http_drop_body(r);
	return true;
}

void door_handle(void *user, struct http_request *r)
{
	struct webhook *w = user;
	if (slice_is(r->path, "/health")) {
		webhook_answer(w, r,
			(struct http_response){
				.status = 200, .body = SLICE("{\"status\":\"ok\"}")});
		return;
	}
	if (charge_is_ours(w, r->path)) {
		charge_handle(w, r);
		return;
	}
	struct job *job = xcalloc(1, sizeof(*job));
	job->w = w;
	job->request = r;
	job->source = find_source(w, r->path);
	if (slice_is(r->method, "GET")) {
		meta_challenge(w, job->source, r);
		job_free(job);
		return;
	}
	if (!read_request(w, job)) {
		job_free(job);
		return;
	}
	*map_at(w->on_their_way, mac_key(job->mac), NULL) = 1;
	if (basket_pack(w->basket, &job->parcel))
		door_done(w, &job->parcel);
}

void door_done(void *user, struct parcel *p)
{
	struct webhook *w = user;
	struct job *job = (struct job *)p;
	struct http_request *r = job->request;
	unsigned retry = p->retry_ms ? (p->retry_ms + 999) / 1000 : 1;
	map_remove(w->on_their_way, mac_key(job->mac));
	switch (p->fate) {
	case LOT_TAKEN:
		replay_add(&w->replay, job->mac, job->at);
		job->source->accepted += job->accepted;
		job->source->quarantined += job->quarantined;
		job->source->last_at = clock_now();
		webhook_answer(w, r,
			(struct http_response){.status = meta_is(job->source) ? 200 : 202,
				.body = buf_slice(&job->answer)});
		break;
	case LOT_BUSY:
		fail(w, r, 503, "busy", _w(w, "file d'attente pleine : à renvoyer plus tard"),
			retry);
		break;
	case LOT_FULL:
		fail(w, r, 503, "full", _w(w, "disque plein : à renvoyer plus tard"), retry);
		break;
	case LOT_ABSENT:
		fail(w, r, 503, "absent", _w(w, "le service redémarre : à renvoyer plus tard"), 2);
		break;
	case LOT_REFUSED: fail(w, r, 500, "refused", NULL, 0); break;
	}
	job_free(job);
}
