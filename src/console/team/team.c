/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "team.h"
#include <tocsin/html/html.h>

int team_absences(struct visit *v)
{
	struct console *c = v->c;
	struct absence_mark mark;
	struct absence *list;
	struct arena arena;
	struct error e;
	size_t n;
	int r = visit_reader(v);
	if (r == 0)
		r = reader_absence_mark(c->reader, &mark, &e);
	if (r < 0 ||
		(c->absences_known && mark.last == c->absences.last && mark.n == c->absences.n))
		return r;
	arena_init(&arena, 0);
	r = reader_absences(c->reader, &arena, &list, &n, &e);
	if (r == 0) {
		policy_away(&c->policy, list, n);
		c->absences = mark;
		c->absences_known = true;
	}
	arena_release(&arena);
	return r;
}

void team_open(struct visit *v, const char *title, const char *path)
{
	(void)path;
	page_open(v, title);
	page_element(v, "h1", title);
}
