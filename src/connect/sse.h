/* SPDX-License-Identifier: GPL-3.0-or-later
 * Server-sent events (WHATWG HTML, "Interpreting an event stream"), cut anywhere. Pure. */
#ifndef CONNECT_SSE_H
#define CONNECT_SSE_H
#include <tocsin/base/buf.h>

#define SSE_MAX (1u << 20) /* bytes of an event at most */

struct sse {
	struct buf line, name, data;
	bool cr; /* the last byte was a CR: a LF behind it ends no line */
};
typedef void sse_fn(void *user, struct slice name, struct slice data);
/* Calls each for every event that is whole by now. False: one is too long, the rest is not worth reading. */
bool sse_feed(struct sse *s, struct slice bytes, sse_fn *each, void *user);
void sse_release(struct sse *s);
#endif
