/* SPDX-License-Identifier: GPL-3.0-or-later
 * An answer that goes on. While nothing is to be said its connection is suspended: libmicrohttpd then does not even look at
 * it, so that whether anybody listens still is for the server's sweep to find out. */
#include <sys/types.h>
#include "private.h"

enum { BLOCK = 4096 };

/* libmicrohttpd asks for more. */
static ssize_t pull(void *user, uint64_t position, char *out, size_t most)
{
	struct connection *c = user;
	const size_t n = c->tail.n < most ? c->tail.n : most;
	(void)position;
	if (c->cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n) {
		memcpy(out, c->tail.p, n);
		memmove(c->tail.p, c->tail.p + n, c->tail.n - n);
		c->tail.n -= n;
		server_phase(c, PHASE_STREAM);
		return (ssize_t)n;
	}
	if (c->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	buf_release(&c->tail);
	c->asleep = true;
	MHD_suspend_connection(c->mhd);
	return 0;
}

void stream_wake(struct connection *c)
{
	if (c->asleep) {
		c->asleep = false;
		MHD_resume_connection(c->mhd);
	}
	server_wake(c->h);
}

void stream_forget(struct connection *c)
{
	if (c->gone)
		c->gone(c->gone_user);
	c->gone = NULL;
	buf_release(&c->tail);
}

void http_stream(
	struct http_request *r, const struct http_response *a, http_gone_fn *gone, void *user)
{
	struct connection *c = (struct connection *)r;
	struct MHD_Response *response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, pull, c, NULL);
	if (!response)
		abort(); /* no memory */
	answer_fill(response, a);
	/* a proxy in front hands each piece on at once */
	if (MHD_add_response_header(response, "X-Accel-Buffering", "no") != MHD_YES)
		abort();
	c->gone = gone;
	c->gone_user = user;
	http_say(r, a->body);
	request_respond(c, a->status, response);
}

void http_say(struct http_request *r, struct slice piece)
{
	struct connection *c = (struct connection *)r;
	if (c->cut || !piece.n)
		return;
	if (c->tail.n + piece.n > HTTP_UNREAD_MAX) {
		c->h->counts.timeouts++;
		server_cut(c, NULL);
		return;
	}
	if (!c->tail.n && c->phase == PHASE_STREAM)
		server_phase(c, PHASE_STREAM);
	buf_add_slice(&c->tail, piece);
	if (c->phase == PHASE_STREAM)
		stream_wake(c);
}

size_t http_unread(const struct http_request *r)
{
	return ((const struct connection *)r)->tail.n;
}

void http_break(struct http_request *r)
{
	struct connection *c = (struct connection *)r;
	c->gone = NULL;
	server_cut(c, NULL);
}

void http_end(struct http_request *r)
{
	struct connection *c = (struct connection *)r;
	c->gone = NULL;
	c->ended = true;
	stream_wake(c);
}
