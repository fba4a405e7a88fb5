/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hands.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/request.h>

#include "poller.h"
#include "rest.h"

#define TURN_MS 500
#define STORE_MS 3000
#define CHILD_MS 45000
#define LEASE_MS (CHILD_MS + 15000)
#define SAID_MAX 2000u
#define TRIES 100u /* then it is a dead letter: more than half a day (rest_act) */

static void ended(struct hands *h);

/* "OUTCOME MS TEXT" of the child; without it nobody knows what it did, and the next attempt asks. */
static struct action_result result_of(struct hands *h)
{
	struct slice rest = buf_slice(&h->said);
	struct action_result r = {
		h->id, h->attempt, ACTION_LATER, 0, SLICE("l'action a été interrompue")};
	int64_t n[2] = {0};
	bool good = WIFEXITED(h->status) && WEXITSTATUS(h->status) == 0;

	while (rest.n && rest.p[rest.n - 1] == '\n')
		rest.n--;
	for (int i = 0; good && i < 2; i++) {
		const char *blank = memchr(rest.p, ' ', rest.n);

		good = blank &&
			slice_number((struct slice){rest.p, (size_t)(blank - rest.p)}, &n[i]);
		if (good)
			rest = (struct slice){blank + 1, (size_t)(rest.p + rest.n - blank) - 1};
	}
	if (good && n[0] <= ACTION_DEAD) {
		r.outcome = (enum action_outcome)n[0];
		r.detail = rest;
	}
	if (r.outcome == ACTION_LATER && h->attempt >= TRIES)
		r.outcome = ACTION_DEAD;
	if (r.outcome == ACTION_LATER)
		r.retry_at = clock_now() + rest_act(h->attempt, n[1]);
	return r;
}

static void turn(void *user);

static void told(void *user, int r, struct slice reply, const struct error *e)
{
	struct hands *h = user;

	(void)reply;
	(void)e;
	h->asking = false;
	/* what store refuses for good it will not take later: the lease runs out */
	if (r != 0 && r != -ENOENT && r != -EBADMSG)
		return;
	buf_clear(&h->result);
	turn(h); /* the next one: others may wait */
}

static void tell(struct hands *h)
{
	h->asking = commit_ask(h->store, REQUEST_ACTION_RESULT, buf_slice(&h->result), STORE_MS,
			    told, h) == 0;
}

static void on_out(void *user, int fd, short revents)
{
	struct hands *h = user;
	char text[512];
	ssize_t n = read(fd, text, sizeof(text));

	(void)revents;
	if (n > 0) {
		if (h->said.n + (size_t)n <= SAID_MAX)
			buf_add(&h->said, text, (size_t)n);
		return;
	}
	if (n < 0 && errno == EINTR)
		return;
	bus_unwatch_fd(h->c->bus, fd);
	close_fd(&h->out);
	h->out_over = true;
	if (h->exited)
		ended(h);
}

static int spawn(struct hands *h, struct error *e)
{
	int r = connect_spawn(h->c, "act", buf_slice(&h->job), &h->pid, &h->out, e);

	return r < 0 ? r : bus_watch_fd(h->c->bus, h->out, POLLIN, on_out, h);
}

static void begin(struct hands *h, struct slice reply)
{
	struct leased_action a;
	struct error e = {0};

	if (leased_action_decode(reply, &a) < 0)
		return;
	buf_clear(&h->job);
	buf_add_slice(&h->job, reply);
	buf_clear(&h->said);
	h->id = a.id;
	h->attempt = a.attempt;
	h->exited = h->out_over = false;
	h->asked_at = clock_monotonic();
	if (spawn(h, &e) < 0)
		connect_trouble(h->c, "%s : %s", h->c->source->id, e.text);
}

static void taken(void *user, int r, struct slice reply, const struct error *e)
{
	struct hands *h = user;

	(void)e;
	h->asking = false;
	if (r == 0 && reply.n && !h->c->ended)
		begin(h, reply);
}

static void take(struct hands *h)
{
	_buf_ struct buf body = {0};

	action_take_encode(&body, &(struct action_take){slice_of(h->c->source->id), LEASE_MS});
	h->asking = commit_ask(h->store, REQUEST_ACTION_TAKE, buf_slice(&body), STORE_MS, taken,
			    h) == 0;
}

static void turn(void *user)
{
	struct hands *h = user;

	if (h->asking || h->pid || h->c->ended)
		return;
	if (h->result.n)
		tell(h);
	else
		take(h);
}

static void ended(struct hands *h)
{
	struct action_result r = result_of(h);

	h->pid = 0;
	h->done += r.outcome == ACTION_DONE;
	h->failed += r.outcome == ACTION_LATER || r.outcome == ACTION_DEAD;
	if (r.outcome == ACTION_LATER || r.outcome == ACTION_DEAD)
		service_log(&h->c->service, LOG_WARNING_, "%s : action %lld : %.*s",
			h->c->source->id, (long long)h->id, (int)r.detail.n, r.detail.p);
	buf_clear(&h->job);
	buf_clear(&h->result);
	action_result_encode(&h->result, &r);
	turn(h);
}

void hands_child(struct hands *h)
{
	if (!h->pid || h->exited || waitpid(h->pid, &h->status, WNOHANG) != h->pid)
		return;
	h->exited = true;
	if (h->out_over)
		ended(h);
}

void hands_second(struct hands *h)
{
	_free_ char *label = xasprintf("source=\"%s\"", h->c->source->id);

	if (!h->store)
		return;
	service_metric_set(&h->c->service, "connect_actions_total", label, (double)h->done);
	service_metric_set(
		&h->c->service, "connect_actions_failed_total", label, (double)h->failed);
	service_metric_set(&h->c->service, "connect_armed", label, h->c->source->armed);
	if (h->pid && !h->exited && clock_monotonic() - h->asked_at > CHILD_MS)
		kill(-h->pid, SIGKILL);
}

int hands_start(struct hands *h, struct connect *c, struct error *e)
{
	int r;

	h->c = c;
	h->out = -1;
	if (!config_source_acts(c->source))
		return 0;
	r = commit_open(
		c->bus, &(struct commit_client_spec){.name = c->service.name}, &h->store, e);
	if (r == 0)
		bus_timer(c->bus, TURN_MS, TURN_MS, turn, h);
	return r;
}

void hands_release(struct hands *h)
{
	if (h->pid && !h->exited) {
		kill(-h->pid, SIGKILL);
		while (waitpid(h->pid, &h->status, 0) < 0 && errno == EINTR)
			;
	}
	close_fd(&h->out);
	if (h->store)
		commit_close(h->store);
	buf_release(&h->job);
	buf_release(&h->result);
	buf_release(&h->said);
}
