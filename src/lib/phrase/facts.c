/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rang and where: what was heard, in figures. */
#include <tocsin/phrase/facts.h>
#include <stdio.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>

struct facts {
	struct buf *out;
	enum words_lang lang;
	const struct incident *i;
	facts_title_fn *title;
	const void *user;
};

static void row(struct facts *r, const char *name, const char *value)
{
	buf_add_string(r->out, "<tr><th scope=\"row\">");
	html_string(r->out, name);
	buf_add_string(r->out, "</th><td>");
	html_string(r->out, value);
	buf_add_string(r->out, "</td></tr>");
}

static void row_number(struct facts *r, const char *name, uint32_t value)
{
	char text[40];
	if (value)
		row(r, name, words_number(r->lang, value, text));
}

static void row_time(struct facts *r, const char *name, int64_t at)
{
	char text[CLOCK_TEXT];
	if (at > 0)
		row(r, name, clock_format_dhm(at, text));
}

static void put_usual(struct facts *r)
{
	const struct incident_facts *f = &r->i->facts;
	_buf_ struct buf b = {0};
	char since[CLOCK_TEXT];
	if (f->usual_high <= 0 && !f->max_before)
		return;
	buf_printf(&b, words(r->lang, "%.0f à %.0f ; jamais plus de %u"), f->usual_low,
		f->usual_high, f->max_before);
	if (f->listening_since > 0)
		buf_printf(&b, words(r->lang, " depuis le %s"),
			clock_format_dhm(f->listening_since, since));
	row(r, words(r->lang, "D'habitude à cette heure"), buf_string(&b));
}

static void put_rarity(struct facts *r)
{
	char often[64];
	if (words_return(r->lang, r->i->facts.once_in, often))
		row(r, words(r->lang, "Un tel niveau est attendu"), often);
}

static void add_source(const struct facts *r, struct buf *b, struct slice id)
{
	buf_add_string(b, b->n ? " ; " : "");
	buf_add_slice(b, r->title(r->user, id));
}

static void put_sources(struct facts *r)
{
	const struct incident_facts *f = &r->i->facts;
	_buf_ struct buf b = {0};
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		add_source(r, &b, f->per_source[i]);
		buf_printf(&b, " %u", f->per_source_count[i]);
	}
	if (b.n)
		row(r, words(r->lang, "Où"), buf_string(&b));
	buf_clear(&b);
	for (uint32_t i = 0; i < f->n_deaf; i++)
		add_source(r, &b, f->deaf[i]);
	if (b.n)
		row(r, words(r->lang, "Sources non entendues"), buf_string(&b));
}

static void put_questions(struct facts *r, const struct incident_questions *q)
{
	_buf_ struct buf b = {0};
	if (phrase_questions(r->lang, &r->i->facts, q, &b))
		row(r, words(r->lang, "À répondre"), buf_string(&b));
}

void facts_html(struct buf *out, const struct incident *i, const struct facts_words *w)
{
	struct facts r = {out, w->lang, i, w->title, w->user};
	const struct incident_facts *f = &i->facts;
	char share[40];
	buf_add_string(out, "<table class=\"facts\">");
	row_time(&r, words(r.lang, "Ouverte"), i->opened_at);
	row_time(&r, words(r.lang, "Close"), i->closed_at);
	row_time(&r, words(r.lang, "Premier message"), f->since);
	row_number(&r, words(r.lang, "Messages"), f->messages);
	row_number(&r, words(r.lang, "Personnes"), f->authors);
	row_number(&r, words(r.lang, "J'aime et partages"), f->engagement);
	row_number(
		&r, words(r.lang, "Messages bien plus aimés ou relayés que d'habitude"), f->echoed);
	put_usual(&r);
	put_rarity(&r);
	put_sources(&r);
	if (f->authors > 5) {
		snprintf(share, sizeof(share), "%u %%", f->top5_share);
		row(&r, words(r.lang, "Part des cinq comptes les plus actifs"), share);
	}
	row_number(&r, words(r.lang, "Messages d'un texte recopié"), f->copied);
	put_questions(&r, w->questions);
	row_number(&r, words(r.lang, "Offenses possibles, à qualifier"), f->offences);
	buf_add_string(out, "</table>\n");
}
