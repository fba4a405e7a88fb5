/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>
#include "report.h"

static int read_curve(const struct report *r, struct chart_series *s)
{
	const struct incident_facts *f = &r->incident.facts;
	uint32_t minutes[INCIDENT_SERIES_MAX];
	size_t n = incident_series(f, minutes, INCIDENT_SERIES_MAX);
	int outcome = chart_gather(f->since, minutes, n, s);
	if (outcome)
		return outcome;
	if (f->usual_high > 0 && f->usual_low >= 0) {
		s->usual_low = f->usual_low;
		s->usual_high = f->usual_high;
	}
	s->threshold = f->threshold;
	chart_mark(s, r->incident.opened_at);
	return 0;
}

static void put_table(struct report *r, const struct chart_series *s)
{
	char at[CLOCK_TEXT], count[40];
	struct buf *b = &r->out;
	buf_add_string(b, "<details><summary>");
	html_string(b, _w(r->x, "Les chiffres de la courbe"));
	buf_add_string(b, "</summary><table><tr><th>");
	html_string(b, _w(r->x, "à partir de"));
	buf_add_string(b, "</th><th>");
	html_string(b, _w(r->x, "messages"));
	buf_add_string(b, "</th></tr>");
	for (uint32_t i = 0; i < s->n; i++)
		buf_printf(b, "<tr><td>%s</td><td>%s</td></tr>",
			clock_format_dhm(s->since + (int64_t)i * s->minutes * CLOCK_MINUTE, at),
			words_number(r->x->lang, s->counts[i], count));
	buf_add_string(b, "</table></details>\n");
}

void curve_put(struct report *r)
{
	struct chart_series s;
	if (read_curve(r, &s) == CHART_NOTHING)
		return;
	buf_add_string(&r->out, "<figure>");
	chart_svg(&r->out, &s, r->x->lang, "courbe");
	buf_add_string(&r->out, "</figure>\n");
	put_table(r, &s);
}
