/* SPDX-License-Identifier: GPL-3.0-or-later
 * A session by an application password (com.atproto.server.createSession, refreshSession): a token for two hours or less, and
 * one with which the next pair is got. Logging in is counted strictly by the server (300 a day), so the session is kept. */
#include "bluesky.h"

#include <tocsin/digest/digest.h>

#include "../fields.h"

#define ENTER_MS 15000

static int post(const struct session_job *job, const char *method, const char *bearer,
	struct slice body, struct fetch_answer *answer, struct error *e)
{
	_buf_ struct buf url = {0};

	bluesky_method(job->source, method, &url);
	while (url.n && url.p[url.n - 1] == '?')
		url.n--;
	return fetch(&(struct fetch_job){.url = buf_string(&url),
			     .accept = "application/json",
			     .bearer = bearer,
			     .home = job->source->url,
			     .ca_file = job->source->ca_file,
			     .internal = (const char *const *)job->source->internal,
			     .post = "application/json",
			     .body = body,
			     .max = 1u << 20,
			     .timeout_ms = ENTER_MS},
		answer, e);
}

/* Keeps what a good answer says, or gives the reason of another one. */
static int read_answer(int r, struct session *s, struct fetch_answer *answer, struct error *e)
{
	struct json_reader *json = json_reader_new(1u << 20);
	_buf_ struct buf text = {0};
	struct json_value v;
	struct slice code;

	bluesky_parse(json, buf_slice(&answer->body), &text, &v);
	code = field_text(v, "error");
	if (r == FETCH_BODY && field_text(v, "accessJwt").n && field_text(v, "did").n) {
		session_release(s);
		buf_add_slice(&s->token, field_text(v, "accessJwt"));
		buf_add_slice(&s->renewal, field_text(v, "refreshJwt"));
		buf_add_slice(&s->who, field_text(v, "did"));
	} else if (r == FETCH_BODY) {
		r = error_set(e, FETCH_LATER, "ce n'est pas un serveur de Bluesky");
	} else if (slice_is(code, "AuthenticationRequired")) {
		error_set(e, 0,
			"Bluesky ne reconnaît pas ce compte ou ce mot de passe d'application");
	} else if (slice_is(code, "AuthFactorTokenRequired")) {
		error_set(e, 0,
			"Bluesky demande un code : il faut un mot de passe d'application, pas celui du compte");
	} else if (slice_is(code, "AccountTakedown")) {
		error_set(e, 0, "Bluesky a suspendu ce compte");
	}
	if (answer->body.n)
		digest_wipe(answer->body.p, answer->body.n);
	buf_clear(&answer->body);
	if (text.n)
		digest_wipe(text.p, text.n);
	json_reader_free(json);
	return r;
}

static int begin(const struct session_job *job, struct session *ret, struct fetch_answer *answer,
	struct error *e)
{
	_buf_ struct buf body = {0};
	struct json_writer w = {.out = &body};
	int r;

	json_w_begin(&w, '{');
	json_w_text(&w, "identifier", slice_of(job->source->user));
	json_w_text(&w, "password", slice_of(job->password));
	json_w_end(&w, '}');
	r = post(job, "com.atproto.server.createSession", NULL, buf_slice(&body), answer, e);
	digest_wipe(body.p, body.n);
	return read_answer(r, ret, answer, e);
}

static int renew(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e)
{
	int r = post(job, "com.atproto.server.refreshSession", buf_string(&s->renewal),
		(struct slice){"", 0}, answer, e);

	return read_answer(r, s, answer, e);
}

static bool is_over(long status, struct slice body)
{
	static const char *const codes[] = {
		"\"ExpiredToken\"", "\"InvalidToken\"", "\"AuthMissing\""};

	if (status == 401)
		return true;
	for (size_t i = 0; status == 400 && i < sizeof(codes) / sizeof(*codes); i++)
		if (body.n && memmem(body.p, body.n, codes[i], strlen(codes[i])))
			return true;
	return false;
}

const struct login bluesky_login = {begin, renew, is_over};
