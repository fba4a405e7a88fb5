/* SPDX-License-Identifier: GPL-3.0-or-later
 * A GET of the page changes nothing: programs that check mails open every link. What a wrong code costs is bounded three
 * times: guess.h by sender, and for the page ASKS_MINUTE here and store for all senders together. An SMS comes from a
 * gateway that knows a secret, and only its number's owner can use the code: the bounds for all do not touch it, so that
 * nobody who floods the page stops the telephones. Asking store waits for it, so that a store that does not answer is
 * left alone for AWAY_MS. */
#include "charge.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include "page.h"

#define PAGE "/a"
#define SMS "/sms"
#define FIELD_MAX 200u /* bytes of one field of a form */
#define TEXT_BYTES 1000u /* of a message that is no form */
#define BODY_MAX (8u << 10) /* of a request */
#define ASK_MS 2000
#define AWAY_MS 10000
#define ASKS_MINUTE 1200u

static const char *_w(const struct webhook *w, const char *french) __attribute__((format_arg(2)));
static const char *_w(const struct webhook *w, const char *french)
{
	return words(w->s->config.lang, french);
}

static bool has_page(const struct webhook *w)
{
	return w->s->config.public != NULL;
}

static bool has_sms(const struct webhook *w)
{
	return w->s->config.sms.reply_secret_file != NULL;
}

bool charge_is_ours(const struct webhook *w, struct slice path)
{
	return (has_page(w) && slice_is(path, PAGE)) || (has_sms(w) && slice_is(path, SMS));
}

static struct http_response too_large(void)
{
	return (struct http_response){.status = 413, .body = SLICE("{\"error\":\"too_large\"}")};
}

/* The guard has let digits alone through. */
static bool is_small(struct slice length)
{
	unsigned long n = 0;
	for (size_t i = 0; i < length.n && n <= BODY_MAX; i++)
		n = 10 * n + (unsigned long)(length.p[i] - '0');
	return n <= BODY_MAX;
}

struct http_response charge_admission(const struct webhook *w, struct http_request *r)
{
	struct http_response wrong = {
		.status = 405, .body = SLICE("{\"error\":\"method_not_allowed\"}")};
	struct slice length;
	(void)w;
	bool page = slice_is(r->path, PAGE), post = slice_is(r->method, "POST");
	wrong.allow = page ? "GET, HEAD, POST" : "POST";
	if (!page && !post)
		return wrong;
	return http_header(r, "Content-Length", &length) == 0 && !is_small(length)
		? too_large()
		: (struct http_response){0};
}

/* --- asking store */

/* By the page, everybody together, whatever they send. */
static bool may_ask(struct webhook *w)
{
	const int64_t now = clock_monotonic();
	if (now - w->asks_since >= CLOCK_MINUTE) {
		w->asks_since = now;
		w->asks = 0;
	}
	return w->asks++ < ASKS_MINUTE;
}

static void ask(struct webhook *w, const struct code_request *q, struct page *p)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct error e = {""};
	p->kind = PAGE_AWAY;
	if (clock_monotonic() < w->away_until || (!q->sender.n && !may_ask(w)))
		return;
	code_request_encode(&body, q);
	int r = commit_request(w->store, REQUEST_CODE, buf_slice(&body), ASK_MS, &reply, &e);
	if (r == 0 && code_reply_decode(buf_slice(&reply), &p->reply) == 0) {
		p->kind = PAGE_ANSWER;
		return;
	}
	w->away_until = clock_monotonic() + AWAY_MS;
	service_log(w->s, LOG_WARNING_, _w(w, "prise en charge remise à plus tard : %s"),
		r == BUS_TIMEOUT ? _w(w, "store ne répond pas") : e.text);
}

/* What a code from this sender comes to. */
static void try(
	struct webhook *w, const struct code_request *q, struct slice sender, struct page *p)
{
	if (!guess_allowed(&w->guesses, sender, p->now)) {
		p->kind = PAGE_TOO_MANY;
		return;
	}
	ask(w, q, p);
	if (page_is_guess(p)) {
		guess_wrong(&w->guesses, sender, p->now);
		w->wrong_codes++;
	}
	w->codes_taken += page_in_charge(p);
}

/* --- the page */

static void answer_page(struct webhook *w, struct http_request *r, const struct page *p)
{
	_buf_ struct buf out = {0};
	page_write(&out, w->s->config.lang, p);
	webhook_answer(w, r,
		(struct http_response){.status = page_status(p),
			.type = "text/html; charset=utf-8",
			.body = buf_slice(&out),
			.page = true});
}

static void handle_page(struct webhook *w, struct http_request *r)
{
	struct page p = {.kind = PAGE_FORM, .now = clock_now()};
	_buf_ struct buf typed = {0};
	char code[CODE_TEXT];
	if (slice_is(r->method, "POST")) {
		p.kind = PAGE_NO_CODE;
		if (http_form(r, "code", FIELD_MAX, &typed) == 0 &&
			code_read(buf_slice(&typed), code)) {
			const struct code_request q = {.code = slice_of(code),
				.means = slice_of(_w(w, "code, par la page"))};
			try(w, &q, http_sender(r), &p);
		}
	}
	answer_page(w, r, &p);
}

/* --- SMS */

static bool is_plain(struct http_request *r)
{
	struct slice type;
	return http_header(r, "Content-Type", &type) == 0 && type.n >= 10 &&
		memcmp(type.p, "text/plain", 10) == 0;
}

/* The gateway says the password (HTTP Basic, user tocsin), or signs the body as a source does; what is not in the body is
 * not signed. */
static bool gateway_knows_secret(struct webhook *w, struct http_request *r, bool plain)
{
	struct sign_request sign = {.body = r->body};
	unsigned char mac[DIGEST_SIZE];
	struct slice given;
	int64_t at;
	if (http_header(r, "Authorization", &given) == 0) {
		_buf_ struct buf want = {0};
		sign_basic(&want, SLICE("tocsin"), buf_slice(&w->sms_secret));
		bool same = given.n == want.n && digest_equal(given.p, want.p, want.n);
		digest_wipe(want.p, want.n);
		return same;
	}
	return !plain && webhook_signature(r, &sign) &&
		sign_check(&sign, buf_slice(&w->sms_secret), true, clock_now(), &w->scratch, mac,
			&at) == 0;
}

/* Sender and text, as a form or as Kannel's post-url gives them. */
static bool read_sms(struct http_request *r, bool plain, struct buf *from, struct buf *text)
{
	struct slice number;
	if (!plain)
		return http_form(r, "from", FIELD_MAX, from) == 0 &&
			http_form(r, "text", TEXT_BYTES, text) == 0;
	if (http_header(r, "X-Kannel-From", &number) != 0 || number.n > FIELD_MAX ||
		r->body.n > TEXT_BYTES)
		return false;
	buf_add_slice(from, number);
	buf_add_slice(text, r->body);
	return true;
}

/* Whose the number is comes first: store is asked that even when the text holds no code. What is no code counts as a
 * guess: two machines that answer each other come to an end. While store is away nobody can say who it is: only who sends a
 * code is told. */
static struct page try_sms(struct webhook *w, struct slice text, struct slice from)
{
	struct page p = {.now = clock_now()};
	char code[CODE_TEXT];
	const bool has_code = code_read(text, code);
	const struct code_request q = {.code = has_code ? slice_of(code) : CODE_NONE,
		.sender = from,
		.means = slice_of(_w(w, "code, par SMS"))};
	try(w, &q, from, &p);
	if (!has_code && p.kind == PAGE_ANSWER && p.reply.outcome == CODE_UNKNOWN)
		p.kind = PAGE_NO_CODE;
	if (!has_code && p.kind == PAGE_AWAY)
		p.kind = PAGE_TOO_MANY;
	return p;
}

/* Nothing for whoever is nobody here: an answer would cost, and tell. */
static bool deserves_answer(const struct page *p)
{
	return p->kind != PAGE_TOO_MANY &&
		!(p->kind == PAGE_ANSWER && p->reply.outcome == CODE_STRANGER);
}

static void handle_sms(struct webhook *w, struct http_request *r)
{
	_buf_ struct buf from = {0}, text = {0}, out = {0};
	const bool plain = is_plain(r);
	if (!gateway_knows_secret(w, r, plain)) {
		w->bad_signatures++;
		webhook_answer(w, r,
			(struct http_response){
				.status = 401, .body = SLICE("{\"error\":\"bad_signature\"}")});
		return;
	}
	if (!read_sms(r, plain, &from, &text) || !from.n) {
		webhook_answer(w, r,
			(struct http_response){
				.status = 400, .body = SLICE("{\"error\":\"malformed\"}")});
		return;
	}
	/* "+" in a form that was not encoded comes as a blank */
	struct page p = try_sms(w, buf_slice(&text), buf_slice(&from));
	if (deserves_answer(&p))
		page_sentence(&out, w->s->config.lang, &p);
	/* Kannel drops the body of anything but 200 and 202, and says "Could not fetch content" to whoever wrote */
	bool later = p.kind == PAGE_AWAY && !plain;
	webhook_answer(w, r,
		(struct http_response){.status = later ? 503 : 200,
			.type = "text/plain; charset=utf-8",
			.body = buf_slice(&out),
			.retry_after = later ? AWAY_MS / 1000 : 0});
}

void charge_handle(struct webhook *w, struct http_request *r)
{
	if (r->body.n > BODY_MAX) /* in chunks */
		webhook_answer(w, r, too_large());
	else if (slice_is(r->path, PAGE))
		handle_page(w, r);
	else
		handle_sms(w, r);
}
