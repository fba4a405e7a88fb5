/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request's way once its header is known: its body, the handler, the answer. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include "private.h"

/* Behind a refusal so much body is read and thrown away, so that the sender gets to read why. */
#define SWALLOW_FACTOR 4u

void request_completed(
	void *user, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode code)
{
	(void)user;
	(void)mhd;
	(void)code;
	struct connection *c = *state;
	if (c && !c->cut)
		door_discard(c->fd);
}

static enum MHD_Result queue(struct connection *c)
{
	enum MHD_Result done = MHD_queue_response(c->mhd, c->status, c->response);
	MHD_destroy_response(c->response);
	c->response = NULL;
	c->queued = true;
	server_phase(c, c->gone ? PHASE_STREAM : PHASE_ANSWER);
	return done;
}

static void refuse(struct connection *c, unsigned status)
{
	struct http *h = c->h;
	_free_ char *allow = status == 405 ? answer_allow(h->o.methods) : NULL;
	c->status = status;
	c->response = answer_refusal(status, allow);
	h->counts.refused++;
	http_drop_body(&c->request);
}

static void describe(struct connection *c)
{
	struct http_request *p = &c->request;
	const struct slice target = c->head.target;
	const char *question = memchr(target.p, '?', target.n);
	p->method = c->head.method;
	p->path = target;
	if (question) {
		p->path.n = (size_t)(question - target.p);
		p->query = (struct slice){question + 1, target.n - p->path.n - 1};
	}
	p->peer = slice_of(c->peer);
	p->by_socket = c->from.ss_family == AF_UNIX;
}

static void ask_admission(struct connection *c)
{
	struct http *h = c->h;
	struct http_response a = {0};
	if (!h->o.admit || h->o.admit(h->o.user, &c->request, &a))
		return;
	c->status = a.status;
	c->response = answer_make(&a);
}

/* A refusal is told at once when the sender waits for our word or has too much to say; else behind its body. */
static enum MHD_Result take_header(struct connection *c)
{
	struct http *h = c->h;
	const struct guard_verdict *v = &c->verdict;
	c->begun = true;
	h->counts.requests++;
	describe(c);
	if (v->status)
		refuse(c, v->status);
	else
		ask_admission(c);
	if (c->response && (v->waits || v->length > SWALLOW_FACTOR * h->limits.body_bytes))
		return queue(c);
	return MHD_YES;
}

static enum MHD_Result take_data(struct connection *c, const char *data, size_t *n)
{
	struct http *h = c->h;
	size_t got = *n;
	*n = 0; /* all of it is taken, whatever becomes of it */
	if (c->response) {
		c->swallowed += got;
		if (c->swallowed > SWALLOW_FACTOR * h->limits.body_bytes)
			server_cut(c, NULL);
		return MHD_YES;
	}
	if (c->body.n + got > h->limits.body_bytes) {
		refuse(c, 413);
		return MHD_YES;
	}
	while (h->bodies + got > h->limits.bodies_bytes)
		if (!server_make_room(h, c, PHASE_BODY)) {
			refuse(c, 503);
			return MHD_YES;
		}
	buf_add(&c->body, data, got);
	c->counted += got;
	h->bodies += got;
	return MHD_YES;
}

static enum MHD_Result take_end(struct connection *c)
{
	struct http *h = c->h;
	if (c->response)
		return queue(c);
	if (c->phase == PHASE_PENDING)
		return MHD_YES; /* we are closing */
	c->request.body = buf_slice(&c->body);
	server_phase(c, PHASE_PENDING);
	c->handling = true;
	h->n_pending++;
	h->o.handle(h->o.user, &c->request);
	c->handling = false;
	if (c->response)
		return queue(c);
	MHD_suspend_connection(c->mhd);
	return MHD_YES;
}

enum MHD_Result request_handle(void *user, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *data, size_t *n, void **state)
{
	(void)user;
	(void)url;
	(void)method;
	(void)version;
	if (!*state) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
		*state = info ? info->socket_context : NULL;
	}
	struct connection *c = *state;
	if (!c || c->cut || c->queued)
		return MHD_NO; /* closes */
	if (!c->begun)
		return take_header(c);
	if (*n)
		return take_data(c, data, n);
	return take_end(c);
}

void request_respond(struct connection *c, unsigned status, struct MHD_Response *response)
{
	c->status = status;
	c->response = response;
	c->h->n_pending--;
	http_drop_body(&c->request);
	if (c->handling)
		return;
	MHD_resume_connection(c->mhd);
	server_wake(c->h);
}

void http_answer(struct http_request *r, const struct http_response *a)
{
	request_respond((struct connection *)r, a->status, answer_make(a));
}

int http_header(struct http_request *r, const char *name, struct slice *ret)
{
	const struct connection *c = (const struct connection *)r;
	const struct guard_field *found = NULL;
	for (size_t i = 0; i < c->head.n_fields; i++) {
		if (!guard_same(c->fields[i].name, name))
			continue;
		if (found)
			return -EEXIST;
		found = &c->fields[i];
	}
	if (!found)
		return -ENOENT;
	*ret = found->value;
	return 0;
}

void http_drop_body(struct http_request *r)
{
	struct connection *c = (struct connection *)r;
	buf_release(&c->body);
	c->h->bodies -= c->counted;
	c->counted = 0;
	r->body = (struct slice){0};
}
