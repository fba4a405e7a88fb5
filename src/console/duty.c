/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "duty.h"
#include <errno.h>
#include "team/team.h"

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

static int is_urgent(void *user, const struct stored_comment *c)
{
	bool *urgent = user;
	*urgent = c->verdict.priority >= 1 && c->verdict.priority <= URGENT;
	return 0;
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
	bool urgent = false;
	const int64_t seq = visit_number(v);
	int r = seq ? visit_reader(v) : -ENOENT;
	if (r == 0)
		r = reader_comment(v->c->reader, seq, is_urgent, &urgent, &e);
	if (r < 0 && r != -ENOENT)
		visit_problem(v, 503);
	else if (!urgent)
		visit_problem(v, 404);
	return r >= 0 && urgent;
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
