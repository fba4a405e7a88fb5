/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report of an alarm as a file of its own, to be kept or printed: whole, or the version that may be given to others. In an
 * election period whoever sees but counts gets only the latter. */
#include <errno.h>
#include <tocsin/report/report.h>
#include "alarm.h"

static bool asks_given(struct visit *v)
{
	_buf_ struct buf text = {0};
	return visit_query(v, "communicable", 4, &text) == 0 && slice_is(buf_slice(&text), "1");
}

void report_get(struct visit *v)
{
	struct error e = {""};
	char name[64];
	struct report_request q = {.config = &v->c->s->config,
		.policy = &v->c->policy,
		.lang = v->l,
		.incident = visit_number(v)};
	q.occulted = asks_given(v) || alarm_counts_only(v, v->session->roles);
	int r = q.incident ? visit_reader(v) : -ENOENT;
	q.reader = v->c->reader;
	if (r == 0)
		r = report_put(&v->out, &q, &e);
	if (r < 0) {
		buf_clear(&v->out);
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	snprintf(name, sizeof(name),
		q.occulted ? "alerte-%lld-communicable.html" : "alerte-%lld.html",
		(long long)q.incident);
	visit_file(v, "text/html; charset=utf-8", name);
}
