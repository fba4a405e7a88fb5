/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rang and where: what was heard, in figures. */
#include <tocsin/base/clock.h>
#include <tocsin/phrase/curve.h>
#include "report.h"

static void row(struct report *r, const char *name, const char *value)
{
	buf_add_string(&r->out, "<tr><th scope=\"row\">");
	html_string(&r->out, name);
	buf_add_string(&r->out, "</th><td>");
	html_string(&r->out, value);
	buf_add_string(&r->out, "</td></tr>");
}

static void row_number(struct report *r, const char *name, uint32_t value)
{
	char text[40];
	if (value)
		row(r, name, words_number(r->x->lang, value, text));
}

static void row_time(struct report *r, const char *name, int64_t at)
{
	char text[CLOCK_TEXT];
	if (at > 0)
		row(r, name, clock_format_dhm(at, text));
}

static void put_usual(struct report *r)
{
	const struct incident_facts *f = &r->incident.facts;
	_buf_ struct buf b = {0};
	char since[CLOCK_TEXT];
	if (f->usual_high <= 0 && !f->max_before)
		return;
	buf_printf(&b, _w(r->x, "%.0f à %.0f ; jamais plus de %u"), f->usual_low, f->usual_high,
		f->max_before);
	if (f->listening_since > 0)
		buf_printf(
			&b, _w(r->x, " depuis le %s"), clock_format_dhm(f->listening_since, since));
	row(r, _w(r->x, "D'habitude à cette heure"), buf_string(&b));
}

static void put_rarity(struct report *r)
{
	char often[64];
	if (words_return(r->x->lang, r->incident.facts.once_in, often))
		row(r, _w(r->x, "Un tel niveau est attendu"), often);
}

static void add_source(const struct report *r, struct buf *b, struct slice id)
{
	buf_add_string(b, b->n ? " ; " : "");
	buf_add_slice(b, config_source_title(&r->x->config, id));
}

static void put_sources(struct report *r)
{
	const struct incident_facts *f = &r->incident.facts;
	_buf_ struct buf b = {0};
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		add_source(r, &b, f->per_source[i]);
		buf_printf(&b, " %u", f->per_source_count[i]);
	}
	if (b.n)
		row(r, _w(r->x, "Où"), buf_string(&b));
	buf_clear(&b);
	for (uint32_t i = 0; i < f->n_deaf; i++)
		add_source(r, &b, f->deaf[i]);
	if (b.n)
		row(r, _w(r->x, "Sources non entendues"), buf_string(&b));
}

void facts_put(struct report *r)
{
	const struct incident *i = &r->incident;
	const struct incident_facts *f = &i->facts;
	char share[40];
	buf_add_string(&r->out, "<section><h2>");
	html_string(&r->out, _w(r->x, "Ce qui a été entendu"));
	buf_add_string(&r->out, "</h2><table class=\"facts\">");
	row_time(r, _w(r->x, "Ouverte"), i->opened_at);
	row_time(r, _w(r->x, "Close"), i->closed_at);
	row_time(r, _w(r->x, "Premier message"), f->since);
	row_number(r, _w(r->x, "Messages"), f->messages);
	row_number(r, _w(r->x, "Personnes"), f->authors);
	row_number(r, _w(r->x, "J'aime et partages"), f->engagement);
	row_number(r, _w(r->x, "Messages bien plus aimés ou relayés que d'habitude"), f->echoed);
	put_usual(r);
	put_rarity(r);
	put_sources(r);
	if (f->authors > 5) {
		snprintf(share, sizeof(share), "%u %%", f->top5_share);
		row(r, _w(r->x, "Part des cinq comptes les plus actifs"), share);
	}
	row_number(r, _w(r->x, "Messages d'un texte recopié"), f->copied);
	row_number(r, _w(r->x, "Questions"), f->questions);
	row_number(r, _w(r->x, "Offenses possibles, à qualifier"), f->offences);
	buf_add_string(&r->out, "</table>\n");
	curve_html(&r->out, i, r->x->lang, "courbe");
	buf_add_string(&r->out, "</section>\n");
}
