/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rumour.h"
#include <tocsin/db/rumours.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "conduct.h"

enum { NOTE_MAX = 1000 };

/* Those who see but counts read none. */
static bool may_read(const struct visit *v)
{
	return !alarm_counts_only(v, v->session->roles);
}

/* --- how they are shown */

static void put_form(struct visit *v, int64_t incident, const struct alarm_rumour *o)
{
	buf_add_string(&v->out, "<details class=\"conduct\"><summary>");
	buf_printf(&v->out, words(v->l, "Vérifiée ? Inscrire ce qui en est (n° %lld)"),
		(long long)o->row);
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, "noting", "/situation/%lld/rumeur", (long long)incident);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"rumeur\" value=\"%lld\">\n<p><label>",
		(long long)o->row);
	page_word(v, words(v->l, "Ce qui en est"));
	buf_add_string(&v->out, " <select name=\"constat\" required><option value=\"\"></option>");
	for (int k = RUMOUR_TRUE; k <= RUMOUR_DROPPED; k++) {
		buf_printf(&v->out, "<option value=\"%d\">", k);
		page_word(v, phrase_rumour(v->l, (enum rumour_outcome)k));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label> <label>");
	page_word(v, words(v->l, "Par qui et comment vérifiée"));
	buf_printf(&v->out,
		" <input name=\"texte\" maxlength=\"%u\" autocomplete=\"off\"></label> <button>",
		(unsigned)NOTE_MAX / 4);
	page_word(v, words(v->l, "Inscrire"));
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_one(struct visit *v, const struct alarm *a, const struct alarm_rumour *o)
{
	buf_printf(&v->out, "<li id=\"r%lld\"><blockquote>", (long long)o->row);
	html_shown(&v->out, o->text);
	buf_add_string(&v->out, "</blockquote>\n<p class=\"meta\">");
	buf_printf(&v->out, words(v->l, "n° %lld · "), (long long)o->row);
	page_word(v, phrase_rumour(v->l, o->outcome));
	if (o->outcome != RUMOUR_OPEN) {
		buf_add_string(&v->out, " · ");
		page_person(v, o->who);
		buf_add_string(&v->out, ", ");
		page_time(v, o->at);
	}
	buf_add_string(&v->out, "</p>\n");
	if (a->alone && a->incident->state != INCIDENT_CLOSED && alarm_may_charge(v))
		put_form(v, a->incident->id, o);
	buf_add_string(&v->out, "</li>\n");
}

int rumours_put(struct visit *v, const struct alarm *a, struct error *e)
{
	struct rumours u;
	if (!may_read(v))
		return 0;
	int r = rumours_read(v->c->reader, a->incident, v->c->s->config.clock_event, &u, e);
	if (r == 0 && u.n) {
		page_element(v, a->alone ? "h2" : "h3", words(v->l, "Rumeurs à vérifier"));
		buf_add_string(&v->out, "<ul class=\"verbatims rumours\">\n");
		for (size_t i = 0; i < u.n; i++)
			put_one(v, a, &u.list[i]);
		buf_add_string(&v->out, "</ul>\n");
	}
	rumours_release(&u);
	return r;
}

/* --- what was found */

static void found(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_NONE, words(v->l, "C'est inscrit dans la main courante."));
}

static bool is_of(struct visit *v, const struct incident *i, int64_t row)
{
	struct error e = {""};
	return may_read(v) &&
		rumours_has(v->c->reader, i, v->c->s->config.clock_event, row, &e) == 0;
}

static bool read_form(struct visit *v, struct rumour_request *ret, struct buf *note)
{
	_buf_ struct buf row = {0}, outcome = {0};
	int64_t n;
	if (!visit_field(v, "rumeur", 20, &row) || !slice_number(buf_slice(&row), &ret->row) ||
		!visit_field(v, "constat", 2, &outcome) || !slice_number(buf_slice(&outcome), &n) ||
		n < RUMOUR_TRUE || n > RUMOUR_DROPPED || !visit_field(v, "texte", NOTE_MAX, note))
		return false;
	ret->outcome = (uint8_t)n;
	return true;
}

static void write_found(struct visit *v, const struct incident *i)
{
	const enum words_lang town = v->c->s->config.lang;
	_buf_ struct buf note = {0}, text = {0}, body = {0};
	struct rumour_request q = {.incident = i->id, .who = slice_of(v->session->name)};
	if (!read_form(v, &q, &note)) {
		conduct_refuse(v, 400, FORM_NONE, words(v->l, "Cette demande est incomplète."));
		return;
	}
	if (!is_of(v, i, q.row)) {
		conduct_refuse(v, 409, FORM_NONE,
			words(v->l,
				"Cette rumeur n'est plus dans cette alerte : relisez la page."));
		return;
	}
	buf_printf(&text, words(town, "n° %lld · "), (long long)q.row);
	buf_add_string(&text, phrase_rumour(town, (enum rumour_outcome)q.outcome));
	if (note.n)
		buf_printf(&text, " · %.*s", (int)note.n, note.p);
	q.text = buf_slice(&text);
	rumour_encode(&body, &q);
	visit_ask_then(v, REQUEST_RUMOUR, &body, found);
}

void rumour_post(struct visit *v)
{
	conduct_open(v, FORM_NONE, write_found);
}
