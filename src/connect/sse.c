/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sse.h"

static void field(struct sse *s, struct slice line)
{
	const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
	struct slice name = {line.p, colon ? (size_t)(colon - line.p) : line.n}, value = {"", 0};

	if (colon)
		value = (struct slice){colon + 1, line.n - name.n - 1};
	if (value.n && value.p[0] == ' ')
		value = (struct slice){value.p + 1, value.n - 1};
	if (slice_is(name, "event")) {
		buf_clear(&s->name);
		buf_add_slice(&s->name, value);
	} else if (slice_is(name, "data")) {
		if (s->data.n)
			buf_add_char(&s->data, '\n');
		buf_add_slice(&s->data, value);
	}
}

static void end_line(struct sse *s, sse_fn *each, void *user)
{
	if (s->line.n) {
		if (s->line.p[0] != ':')
			field(s, buf_slice(&s->line));
		buf_clear(&s->line);
		return;
	}
	if (s->data.n)
		each(user, buf_slice(&s->name), buf_slice(&s->data));
	buf_clear(&s->name);
	buf_clear(&s->data);
}

bool sse_feed(struct sse *s, struct slice bytes, sse_fn *each, void *user)
{
	for (size_t i = 0; i < bytes.n; i++) {
		char c = bytes.p[i];
		bool behind = s->cr && c == '\n';

		s->cr = c == '\r';
		if (behind)
			continue;
		if (c == '\r' || c == '\n')
			end_line(s, each, user);
		else
			buf_add_char(&s->line, c);
		if (s->line.n + s->name.n + s->data.n > SSE_MAX)
			return false;
	}
	return true;
}

void sse_release(struct sse *s)
{
	buf_release(&s->line);
	buf_release(&s->name);
	buf_release(&s->data);
}
