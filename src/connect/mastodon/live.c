/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mastodon's streams: what happens, at once. */
#include <tocsin/base/clock.h>

#include "mastodon.h"

#define OPEN_MS 10000
#define TELL_MS 5000

/* Where the streams are: perhaps on another machine, which the site itself names. */
static void streaming_site(struct pass *p, struct mastodon *m, struct buf *out)
{
	struct json_value v, part, urls;
	struct slice said = {"", 0};
	struct error e;

	if (mastodon_ask(p, m, "/api/v2/instance", &v, &e) == FETCH_BODY &&
		field_object(v, "configuration", &part) && field_object(part, "urls", &urls))
		said = field_text(urls, "streaming");
	if (slice_begins(said, "wss://"))
		buf_printf(out, "https://%.*s", (int)said.n - 6, said.p + 6);
	else if (slice_begins(said, "ws://") && strncmp(pass_source(p)->url, "http://", 7) == 0)
		buf_printf(out, "http://%.*s", (int)said.n - 5, said.p + 5);
	else
		mastodon_site(pass_source(p), out);
	while (out->n && out->p[out->n - 1] == '/')
		out->n--;
}

static void on_event(void *user, struct slice name, struct slice data)
{
	struct pass *p = ((struct event *)user)->p;
	struct mastodon *m = ((struct event *)user)->m;
	bool status = slice_is(name, "update") || slice_is(name, "status.update");
	struct json_value v, held;

	if (slice_is(name, "delete")) {
		if (!watch_find(&m->watch, data))
			return;
		mastodon_bury(p, m, data);
	} else if (status || slice_is(name, "notification")) {
		if (!mastodon_parse(m, data, &v))
			return; /* a page says it again */
		if (status)
			mastodon_take(p, m, v, (struct slice){0});
		else if (slice_is(field_text(v, "type"), "mention") &&
			field_object(v, "status", &held))
			mastodon_take(p, m, held, (struct slice){0});
	} else {
		return;
	}
	mastodon_print(p, m);
}

/* Of the account's own stream only what concerns the town: it has the posts of all whom the account follows. */
static void on_own(void *user, struct slice name, struct slice data)
{
	struct mastodon *m = ((struct event *)user)->m;
	struct json_value v;

	if (slice_is(name, "update"))
		return;
	if (slice_is(name, "status.update") &&
		(!mastodon_parse(m, data, &v) || !watch_find(&m->watch, field_text(v, "id"))))
		return;
	on_event(user, name, data);
}

static bool on_bytes(void *user, size_t which, struct slice bytes)
{
	struct event *at = user;
	int64_t now = clock_monotonic();

	if (now - at->m->told > TELL_MS) {
		at->m->told = now;
		pass_heard(at->p);
	}
	return sse_feed(&at->m->sse[which], bytes, which ? on_event : on_own, at);
}

void mastodon_open(struct pass *p, struct mastodon *m, const char *token)
{
	struct buf urls[STREAM_MAX] = {0};
	const char *list[STREAM_MAX + 1] = {0};
	const struct source_config *source = pass_source(p);
	const struct stream_job job = {.urls = list,
		.accept = "text/event-stream",
		.bearer = token,
		.ca_file = source->ca_file,
		.internal = (const char *const *)source->internal};
	struct error e;
	_buf_ struct buf site = {0};

	streaming_site(p, m, &site);
	for (size_t i = 0; i < m->n_places && i < STREAM_MAX; i++) {
		buf_add_slice(&urls[i], buf_slice(&site));
		buf_add_string(&urls[i], "/api/v1/streaming/");
		buf_add_string(&urls[i], m->places[i].tag ? "hashtag?tag=" : "user");
		if (m->places[i].tag)
			address_part(&urls[i], slice_of(m->places[i].tag));
		list[i] = buf_string(&urls[i]);
	}
	m->at = (struct event){p, m};
	if (stream_open(&job, OPEN_MS, on_bytes, &m->at, &m->stream, &e) != FETCH_BODY)
		m->stream = NULL;
	for (size_t i = 0; i < STREAM_MAX; i++)
		buf_release(&urls[i]);
}

void mastodon_listen(struct pass *p, struct mastodon *m, int64_t ms)
{
	struct error e;

	/* cut off: the next look comes after its interval, so that a server in trouble is left alone */
	if (stream_listen(m->stream, ms, &e) == FETCH_BODY)
		pass_after(p, 1);
}
