/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of polled sources, on the connector's side: when to look, one child a look, its lines into the window, and
 * what to do when it came to nothing. */
#include "poller.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>

#include "connect.h"
#include "hands.h"
#include "rest.h"

#define HANG_MS 60000 /* a look that says nothing for so long, while it is listened to, is killed */

struct poll {
	struct connect *c;
	const struct poller *kind;
	struct rest rest;
	struct hands hands;
	struct buf cursor; /* the last that was said */
	pid_t pid; /* 0: no look */
	int out;
	bool watched, out_over, exited, done /* its last word was its cursor */;
	int status;
	int64_t said_at; /* monotonic: its last sign, or since we listen again */
	int64_t wait_ms; /* what the server asked for */
	bool counted; /* it has a quota of its own, of which … */
	int64_t left; /* … so many requests are left */
	int64_t next_ms; /* what the look asked for, had it gone well; 0: nothing */
	char why[256]; /* it failed: "" when it did not say so */
	uint64_t looks, failures;
};

static void begin(void *user);
static void pump(struct poll *p, bool readable);

static void on_out(void *user, int fd, short revents)
{
	(void)fd;
	(void)revents;
	pump(user, true);
}

static void set_watch(struct poll *p, bool on)
{
	if (p->watched == on || p->out < 0)
		return;
	p->watched = on;
	p->said_at = clock_monotonic();
	if (!on)
		bus_unwatch_fd(p->c->bus, p->out);
	else if (bus_watch_fd(p->c->bus, p->out, POLLIN, on_out, p) < 0)
		connect_trouble(p->c, "descripteur perdu");
}

/* The look is over: when the next one comes depends on how it ended. */
static void end(struct poll *p)
{
	struct connect *c = p->c;
	bool good = p->done && WIFEXITED(p->status) && WEXITSTATUS(p->status) == 0;
	uint32_t chance;
	int64_t pause;

	p->pid = 0;
	digest_random(&chance, sizeof(chance));
	if (good) {
		pause = rest_good(&p->rest, chance);
		if (p->next_ms)
			pause = p->next_ms;
		connect_heard(c);
	} else {
		window_send(
			&c->window, (struct slice){0}); /* whole items they are: the cursor stays */
		pause = rest_bad(&p->rest, p->wait_ms, chance);
		p->failures++;
		c->next_at = clock_now() + pause;
		connect_trouble(
			c, "%s : %s", c->source->id, p->why[0] ? p->why : "lecture interrompue");
	}
	bus_timer(c->bus, pause, 0, begin, p);
}

/* Whether one more item has a place: looked at before its line is taken, for a line that was taken is never seen again. */
static bool has_room(struct window *w)
{
	const struct slot *s = window_slot(w);

	return s && (!slot_full(s) || w->used < WINDOW_SLOTS);
}

static void take_item(struct poll *p, enum line kind, struct slice line)
{
	struct connect *c = p->c;
	struct slot *s = window_slot(&c->window);

	if (slot_full(s)) { /* only now, so that the last batch of a look has its cursor */
		window_send(&c->window, (struct slice){0});
		s = window_slot(&c->window);
	}
	connect_add(c, s, kind, line);
	p->done = false;
}

static void take_word(struct poll *p, struct slice line)
{
	int64_t ms = 0;

	if (slice_begins(line, "cursor ") && line.n < SEEN_BYTES) {
		buf_clear(&p->cursor);
		buf_add(&p->cursor, line.p + 7, line.n - 7);
		window_send(&p->c->window, buf_slice(&p->cursor));
		p->done = true;
	} else if (slice_is(line, "heard")) {
		connect_heard(p->c);
	} else if (slice_begins(line, "quota ")) {
		if (slice_number((struct slice){line.p + 6, line.n - 6}, &ms))
			p->c->quota_at = clock_now() + rest_wish(ms);
	} else if (slice_begins(line, "left ")) {
		p->counted = slice_number((struct slice){line.p + 5, line.n - 5}, &p->left);
	} else if (slice_begins(line, "next ")) {
		p->next_ms = slice_number((struct slice){line.p + 5, line.n - 5}, &ms)
			? rest_wish(ms)
			: 0;
	} else if (slice_begins(line, "wait ")) {
		struct slice number = {line.p + 5, line.n - 5}, text = {"", 0};
		const char *blank = memchr(number.p, ' ', number.n);

		if (blank) {
			text = (struct slice){blank + 1, (size_t)(number.p + number.n - blank) - 1};
			number.n = (size_t)(blank - number.p);
		}
		if (slice_number(number, &ms) && ms > 0)
			p->wait_ms = rest_wish(ms);
		snprintf(p->why, sizeof(p->why), "%.*s", (int)text.n, text.p);
		p->done = false;
	}
}

/* The lines that were read go to where they belong. False: the window is full. */
static bool take(struct poll *p)
{
	struct lines *l = &p->c->lines;
	struct slice line;
	enum line kind;

	for (;;) {
		if (!has_room(&p->c->window))
			return false;
		/* a line that a killed look left unfinished is none */
		kind = lines_next(l, false, &line);
		if (kind == LINE_NONE)
			return true;
		if (kind == LINE_LONG || (line.n && line.p[0] == '{'))
			take_item(p, kind, line);
		else
			take_word(p, line);
	}
}

static void pump(struct poll *p, bool readable)
{
	struct connect *c = p->c;
	bool room;

	if (c->ended || !p->pid)
		return;
	room = take(p);
	if (room && readable && !p->out_over) {
		ssize_t n = connect_read(c, p->out);

		p->said_at = clock_monotonic();
		if (n <= 0) {
			set_watch(p, false);
			close_fd(&p->out);
			p->out_over = true;
		}
		room = take(p);
	}
	set_watch(p, room);
	if (room && p->out_over && p->exited)
		end(p);
}

static void begin(void *user)
{
	struct poll *p = user;
	struct connect *c = p->c;
	struct error e;

	if (c->ended)
		return;
	lines_restart(&c->lines, 0, 0);
	c->quota_at = 0;
	p->out_over = p->exited = p->done = p->watched = false;
	p->wait_ms = p->next_ms = 0;
	p->why[0] = 0;
	p->looks++;
	if (connect_spawn(c, "look", buf_slice(&p->cursor), &p->pid, &p->out, &e) < 0) {
		int64_t pause;
		uint32_t chance;

		digest_random(&chance, sizeof(chance));
		p->failures++;
		pause = rest_bad(&p->rest, 0, chance);
		c->next_at = clock_now() + pause;
		connect_trouble(c, "%s : %s", c->source->id, e.text);
		bus_timer(c->bus, pause, 0, begin, p);
		return;
	}
	set_watch(p, true);
}

static void child(struct connect *c)
{
	struct poll *p = c->state;

	hands_child(&p->hands);
	if (!p->pid || p->exited || waitpid(p->pid, &p->status, WNOHANG) != p->pid)
		return;
	p->exited = true;
	if (p->out_over)
		pump(p, false);
}

static void on_second(void *user)
{
	struct poll *p = user;
	struct connect *c = p->c;
	_free_ char *label = xasprintf("source=\"%s\"", c->source->id);

	hands_second(&p->hands);
	service_metric_set(&c->service, "connect_looks_total", label, (double)p->looks);
	if (p->counted)
		service_metric_set(&c->service, "source_quota_left", label, (double)p->left);
	service_metric_set(&c->service, "source_quota_reset_seconds", label,
		c->quota_at > clock_now() ? (double)c->quota_at / 1000 : 0);
	service_metric_set(&c->service, "connect_looks_failed_total", label, (double)p->failures);
	if (p->pid && !p->exited && p->watched && clock_monotonic() - p->said_at > HANG_MS) {
		snprintf(p->why, sizeof(p->why), "la lecture ne répond plus");
		kill(-p->pid, SIGKILL);
	}
}

static int start(struct connect *c, struct error *e)
{
	struct poll *p = c->state = xcalloc(1, sizeof(*p));
	int r = service_watch_children(&c->service);

	p->c = c;
	p->out = p->hands.out = -1;
	p->kind = poller_of(c->source->kind);
	p->rest.every_ms = poller_every(p->kind, c->source);
	p->rest.least_ms = poller_every_min(p->kind, c->source);
	if (c->lines.max < SEEN_BYTES) { /* a cursor is a line too */
		lines_release(&c->lines);
		lines_init(&c->lines, SEEN_BYTES);
	}
	buf_add_string(&c->place, c->source->id);
	if (r < 0)
		return error_set(e, r, "signaux : %s", error_reason(r));
	r = hands_start(&p->hands, c, e);
	if (r < 0)
		return r;
	r = connect_ask_cursor(c, &p->cursor);
	if (r == -EINTR) {
		c->ended = true;
		return 0;
	}
	if (r < 0)
		return error_set(e, r, "%s : %s", c->source->id, error_reason(r));
	bus_timer(c->bus, 0, 0, begin, p);
	bus_timer(c->bus, 0, CLOCK_SECOND, on_second, p);
	return 0;
}

static void space(struct connect *c)
{
	pump(c->state, false);
}

static void stop(struct connect *c)
{
	struct poll *p = c->state;

	set_watch(p, false);
	window_send(&c->window, (struct slice){0});
	if (p->pid && !p->exited)
		kill(-p->pid, SIGKILL);
}

static void release(struct connect *c)
{
	struct poll *p = c->state;

	if (!p)
		return;
	if (p->pid && !p->exited) {
		kill(-p->pid, SIGKILL);
		while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
			;
	}
	close_fd(&p->out);
	hands_release(&p->hands);
	buf_release(&p->cursor);
	free(p);
}

const struct kind kind_poll = {
	.start = start, .space = space, .child = child, .stop = stop, .release = release};
