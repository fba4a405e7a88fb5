/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>
#include <tocsin/json/json.h>

#include "fields.h"

#define KEPT_MAX (64u << 10)

static void wipe(struct buf *b)
{
	if (b->n)
		digest_wipe(b->p, b->n);
	buf_release(b);
}

void session_release(struct session *s)
{
	wipe(&s->token);
	wipe(&s->renewal);
	buf_release(&s->who);
}

static char *path_of(const struct session_job *job)
{
	return xasprintf("%s/session/%s", job->run_dir, job->source->id);
}

/* A session belongs to one account at one address. */
static void put_place(struct json_writer *w, const struct session_job *job)
{
	json_w_text(w, "url", slice_of(job->source->url));
	json_w_text(w, "user", slice_of(job->source->user));
}

/* False: there is none of this account. */
static bool read_kept(const struct session_job *job, struct session *ret)
{
	_free_ char *path = path_of(job);
	_buf_ struct buf text = {0};
	struct json_reader *json = json_reader_new(KEPT_MAX);
	struct json_value v;
	bool good = file_read(path, KEPT_MAX, &text, NULL) == 0 &&
		json_parse(json, buf_slice(&text), &v, NULL) == 0 &&
		slice_is(field_text(v, "url"), job->source->url) &&
		slice_is(field_text(v, "user"), job->source->user) && field_text(v, "token").n &&
		field_text(v, "who").n;

	if (good) {
		session_release(ret);
		buf_add_slice(&ret->token, field_text(v, "token"));
		buf_add_slice(&ret->renewal, field_text(v, "renewal"));
		buf_add_slice(&ret->who, field_text(v, "who"));
	}
	json_reader_free(json);
	wipe(&text);
	return good;
}

static int keep(const struct session_job *job, const struct session *s, struct error *e)
{
	_free_ char *path = path_of(job), *folder = xasprintf("%s/session", job->run_dir);
	_buf_ struct buf text = {0};
	struct json_writer w = {.out = &text};
	int r;

	if (!job->keeps)
		return FETCH_BODY;
	json_w_begin(&w, '{');
	put_place(&w, job);
	json_w_text(&w, "token", buf_slice(&s->token));
	json_w_text(&w, "renewal", buf_slice(&s->renewal));
	json_w_text(&w, "who", buf_slice(&s->who));
	json_w_end(&w, '}');
	r = file_make_folder(folder, 0700, e);
	if (r == 0)
		r = file_write_atomic(path, buf_slice(&text), 0600, e);
	wipe(&text);
	return r < 0 ? FETCH_LATER : FETCH_BODY;
}

static int begin(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e)
{
	int r;

	session_release(s);
	r = job->login->begin(job, s, answer, e);
	return r == FETCH_BODY ? keep(job, s, e) : r;
}

int session_open(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e)
{
	if (s->token.n || read_kept(job, s))
		return FETCH_BODY;
	return begin(job, s, answer, e);
}

int session_renew(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e)
{
	struct session other = {0};
	int r;

	if (read_kept(job, &other) && !slice_equal(buf_slice(&other.token), buf_slice(&s->token))) {
		session_release(s);
		*s = other;
		return FETCH_BODY;
	}
	session_release(&other);
	r = s->renewal.n ? job->login->renew(job, s, answer, e) : FETCH_REFUSED;
	if (r == FETCH_BODY)
		return keep(job, s, e);
	return r == FETCH_REFUSED ? begin(job, s, answer, e) : r;
}
