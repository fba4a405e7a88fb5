/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/phrase/curve.h>
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>
#include <tocsin/html/html.h>

static int read_curve(const struct incident *i, struct chart_series *s)
{
	const struct incident_facts *f = &i->facts;
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
	chart_mark(s, i->opened_at);
	return 0;
}

static void put_table(struct buf *out, const struct chart_series *s, enum words_lang lang)
{
	char at[CLOCK_TEXT], count[40];
	buf_add_string(out, "<details><summary>");
	html_string(out, words(lang, "Les chiffres de la courbe"));
	buf_add_string(out, "</summary><table><tr><th>");
	html_string(out, words(lang, "à partir de"));
	buf_add_string(out, "</th><th>");
	html_string(out, words(lang, "messages"));
	buf_add_string(out, "</th></tr>");
	for (uint32_t i = 0; i < s->n; i++)
		buf_printf(out, "<tr><td>%s</td><td>%s</td></tr>",
			clock_format_dhm(s->since + (int64_t)i * s->minutes * CLOCK_MINUTE, at),
			words_number(lang, s->counts[i], count));
	buf_add_string(out, "</table></details>\n");
}

void curve_put(struct buf *out, const struct chart_series *s, enum words_lang lang, const char *id)
{
	buf_add_string(out, "<figure>");
	chart_svg(out, s, lang, id);
	buf_add_string(out, "</figure>\n");
	put_table(out, s, lang);
}

void curve_html(struct buf *out, const struct incident *i, enum words_lang lang, const char *id)
{
	struct chart_series s;
	if (read_curve(i, &s) != CHART_NOTHING)
		curve_put(out, &s, lang, id);
}
