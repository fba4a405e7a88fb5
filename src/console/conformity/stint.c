/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stint.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum { STEP_MS = 1, FLOW_MS = 1, FLOW_BYTES = HTTP_UNREAD_MAX / 2 };

struct job {
	struct job *prev, *next;
	struct visit *v;
	int timer;
	struct stint work; /* step NULL: it is an outflow */
	struct outflow flow;
	struct buf piece; /* of an outflow: said up to `said` */
	size_t said;
	bool last; /* nothing follows the piece */
};
struct stints {
	struct job *head;
	size_t n;
};

static void leave(struct job *j)
{
	struct stints *all = j->v->c->stints;
	if (j->prev)
		j->prev->next = j->next;
	else
		all->head = j->next;
	if (j->next)
		j->next->prev = j->prev;
	all->n--;
	bus_timer_cancel(j->v->c->bus, j->timer);
	void (*release)(void *state) = j->work.step ? j->work.release : j->flow.release;
	release(j->work.step ? j->work.state : j->flow.state);
	buf_release(&j->piece);
	visit_end(j->v);
	free(j);
}

/* --- a page */

static void finish(struct job *j, int r, const struct error *e)
{
	struct visit *v = j->v;
	v->now = clock_now();
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (v->session)
		j->work.end(v, j->work.state, r, e);
	else
		visit_go(v, "/connexion");
	leave(j);
}

static void step(void *user)
{
	struct job *j = user;
	struct error e = {""};
	int r = visit_reader(j->v);
	if (r == 0)
		r = j->work.step(j->v, j->work.state, &e);
	if (r)
		finish(j, r < 0 ? r : 0, &e);
}

/* --- a file */

static void flow(void *user)
{
	struct job *j = user;
	struct http_request *to = j->v->r;
	struct error e = {""};
	if (j->said == j->piece.n && !j->last) {
		buf_clear(&j->piece);
		j->said = 0;
		int r = j->flow.step(j->v, j->flow.state, &j->piece, &e);
		if (r < 0) {
			http_break(to);
			leave(j);
			return;
		}
		j->last = r == STINT_DONE;
	}
	const size_t unread = http_unread(to), room = unread < FLOW_BYTES ? FLOW_BYTES - unread : 0;
	const size_t left = j->piece.n - j->said, n = left < room ? left : room;
	http_say(to, (struct slice){j->piece.p + j->said, n});
	j->said += n;
	if (j->last && j->said == j->piece.n) {
		http_end(to);
		leave(j);
	}
}

static void gone(void *user)
{
	leave(user);
}

/* --- both */

static struct job *enter(struct visit *v, int64_t every_ms, bus_timer_fn *turn)
{
	struct console *c = v->c;
	struct job *j = xcalloc(1, sizeof(*j));
	if (!c->stints)
		c->stints = xcalloc(1, sizeof(*c->stints));
	j->v = visit_keep(v);
	j->next = c->stints->head;
	if (j->next)
		j->next->prev = j;
	c->stints->head = j;
	c->stints->n++;
	j->timer = bus_timer(c->bus, 0, every_ms, turn, j);
	return j;
}

/* Too many go on, or too many that this person asked for. */
static bool is_full(const struct visit *v)
{
	size_t own = 0;
	if (!v->c->stints)
		return false;
	for (const struct job *j = v->c->stints->head; j; j = j->next)
		own += strcmp(j->v->token, v->token) == 0;
	return v->c->stints->n >= STINTS_MAX || own >= STINTS_EACH;
}

void stint_begin(struct visit *v, const struct stint *w)
{
	if (is_full(v)) {
		w->release(w->state);
		visit_problem(v, 503);
		return;
	}
	struct job *j = enter(v, STEP_MS, step);
	j->work = *w;
}

void stint_stream(struct visit *v, const struct outflow *o)
{
	if (is_full(v)) {
		o->release(o->state);
		visit_problem(v, 503);
		return;
	}
	struct job *j = enter(v, FLOW_MS, flow);
	j->flow = *o;
	v->c->statuses[200]++;
	http_stream(v->r,
		&(struct http_response){
			.status = 200, .type = o->type, .download = o->name, .page = true},
		gone, j);
}

void stints_end(struct console *c)
{
	for (struct job *j = c->stints ? c->stints->head : NULL, *next; j; j = next) {
		next = j->next;
		leave(j);
	}
	free(c->stints);
	c->stints = NULL;
}
