/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "duty.h"
#include <errno.h>
#include "../team/team.h"

enum { URGENT = 2 }; /* P1 and P2 */

void duty_refresh(struct visit *v)
{
	struct session *s = v->session;
	if (!s)
		return;
	s->roles &= (uint16_t)~ROUTE_DUTY;
	if (!(s->roles & ROLE_ONCALL))
		return;
	/* a plan whose absences cannot be read lets nobody in */
	if (team_absences(v) == 0 && policy_on_call(&v->c->policy, slice_of(s->name), v->town))
		s->roles |= ROUTE_DUTY;
}

bool duty_is(const struct visit *v)
{
	return !(v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM));
}

struct look {
	const struct visit *v;
	int64_t row;
	bool urgent;
};

static bool is_urgent(int64_t priority)
{
	return priority >= 1 && priority <= URGENT;
}

static int look_at(void *user, const struct stored_comment *c)
{
	struct look *l = user;
	l->row = c->row;
	l->urgent = is_urgent(c->verdict.priority);
	return 0;
}

/* As the list has it: also what was reported as missed, or could not be scored. */
static int look_at_waiting(void *user, const struct queue_item *q)
{
	struct look *l = user;
	l->urgent = l->urgent || is_urgent(q->key.rank / 2);
	return 0;
}

/* What he decided waits no more, and is still his to take back. */
static int look_at_decision(void *user, const struct decision *d)
{
	struct look *l = user;
	l->urgent = slice_is(d->who, l->v->session->name);
	return 0;
}

static int look(struct reader *r, int64_t seq, struct look *l, struct error *e)
{
	int status = reader_comment(r, seq, look_at, l, e);
	if (status == 0 && !l->urgent)
		status = reader_queue_item(r, seq, look_at_waiting, l, e);
	if (status == READER_END)
		status = reader_history(r, l->row, look_at_decision, l, e);
	return status;
}

static bool is_narrow(const struct visit *v)
{
	return v->session && v->argument.n && v->route->roles & ROUTE_DUTY && duty_is(v) &&
		slice_begins(v->r->path, "/moderation/");
}

bool duty_may(struct visit *v)
{
	if (!is_narrow(v))
		return true;
	struct error e = {""};
	struct look l = {.v = v};
	const int64_t seq = visit_number(v);
	int r = seq ? visit_reader(v) : -ENOENT;
	if (r == 0)
		r = look(v->c->reader, seq, &l, &e);
	if (r < 0 && r != -ENOENT)
		visit_problem(v, 503);
	else if (!l.urgent)
		visit_problem(v, 404);
	return r >= 0 && l.urgent;
}

void duty_narrow(const struct visit *v, struct filter *f)
{
	if (duty_is(v) && f->priority != URGENT)
		f->priority = 1;
}

void duty_put(struct visit *v, const struct filter *f)
{
	const bool first = f->priority == 1;
	page_element(v, "p",
		first ? words(v->l, "D'astreinte, vous voyez ici les urgences P1.")
		      : words(v->l, "D'astreinte, vous voyez ici les urgences P2."));
	buf_printf(&v->out, "<p><a href=\"/moderation?priorite=%d\">", first ? URGENT : 1);
	page_word(v,
		first ? words(v->l, "Voir les urgences P2") : words(v->l, "Voir les urgences P1"));
	buf_add_string(&v->out, "</a></p>\n");
}
