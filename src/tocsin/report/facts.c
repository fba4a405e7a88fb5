/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rang and where: what was heard, in figures. */
#include <tocsin/phrase/facts.h>
#include <tocsin/phrase/curve.h>
#include "report.h"

int facts_put(struct report *r, struct error *e)
{
	struct incident_questions questions;
	const struct facts_words w = {r->x->lang, config_source_title, &r->x->config, &questions};
	int code = reader_incident_questions(r->x->reader, &r->incident, &questions, e);
	if (code < 0)
		return code;
	buf_add_string(&r->out, "<section><h2>");
	html_string(&r->out, _w(r->x, "Ce qui a été entendu"));
	buf_add_string(&r->out, "</h2>");
	facts_html(&r->out, &r->incident, &w);
	curve_html(&r->out, &r->incident, r->x->lang, "courbe");
	buf_add_string(&r->out, "</section>\n");
	return 0;
}
