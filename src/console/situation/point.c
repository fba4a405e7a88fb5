/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "point.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include "conduct.h"

void point_put(struct visit *v, const struct alarm *a)
{
	const int64_t at = a->incident->next_at;
	const bool late = at <= v->town;
	if (!at)
		return;
	buf_printf(&v->out, "<p class=\"point%s\">", late ? " late" : "");
	if (late)
		page_late(v, at);
	page_said_at(v,
		late ? words(v->l, "le point prévu %s n'est pas fait.")
		     : words(v->l, "Prochain point %s."),
		at, TIME_AT);
	buf_add_string(&v->out, "</p>\n");
}

static bool may_promise(const struct visit *v, const struct incident *i)
{
	return (v->session->roles & ROUTE_CONDUCTS) ||
		(i->state == INCIDENT_ACKED && slice_is(i->acked_by, v->session->name));
}

void point_put_form(struct visit *v, const struct alarm *a)
{
	const struct incident *i = a->incident;
	const struct local_time t = clock_local(i->next_at);
	if (!may_promise(v, i))
		return;
	conduct_open_form(v, a, FORM_POINT, words(v->l, "Annoncer le prochain point"), "point");
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l,
			"Prochain point à (vide : plus aucun). Ce qui s'écrit dans la main courante dans les dix minutes qui précèdent, ou après, vaut ce point ; sinon un rappel part, une fois."));
	buf_add_string(&v->out, " <input type=\"time\" name=\"heure\"");
	if (i->next_at)
		buf_printf(&v->out, " value=\"%02d:%02d\"", t.hour, t.minute);
	buf_add_string(&v->out, "></label></p>\n");
	conduct_close_form(v, words(v->l, "Annoncer"));
}

static void promised(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == -EALREADY)
		conduct_refuse(v, 409, FORM_POINT, words(v->l, "Cette alerte est close."));
	else
		conduct_done(v, r, e, FORM_POINT,
			words(v->l,
				"Le prochain point est annoncé ; les messages suivants le disent."));
}

static void withdrawn(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_POINT, words(v->l, "Plus aucun point n'est annoncé."));
}

/* The next time that the town's clocks show it; 0: nothing was picked. False: it is no time. */
static bool read_time(struct visit *v, int64_t *ret)
{
	_buf_ struct buf text = {0};
	int now, minute;
	const int64_t today = day_of(v->town, &now);
	*ret = 0;
	if (!visit_field(v, "heure", 8, &text))
		return false;
	if (!text.n)
		return true;
	if (day_minute_parse(buf_slice(&text), &minute) < 0 || minute >= DAY_MINUTES)
		return false;
	*ret = day_instant(minute > now ? today : today + 1, minute);
	return *ret > v->town;
}

static void promise(struct visit *v, const struct incident *i)
{
	const enum words_lang town = v->c->s->config.lang;
	_buf_ struct buf text = {0}, body = {0};
	char at[CLOCK_TEXT];
	struct note_request q = {.incident = i->id, .who = slice_of(v->session->name)};
	if (!may_promise(v, i)) {
		conduct_refuse(v, 409, FORM_NONE,
			words(v->l,
				"Qui est en charge de l'alerte, ou la conduit, annonce le prochain point."));
		return;
	}
	if (!read_time(v, &q.at)) {
		conduct_refuse(v, 400, FORM_POINT, words(v->l, "Une heure est nécessaire."));
		return;
	}
	if (q.at)
		buf_printf(&text, words(town, "le %s"), clock_format_dhm(q.at, at));
	else
		buf_add_string(&text, words(town, "plus aucun n'est annoncé"));
	q.text = buf_slice(&text);
	note_encode(&body, &q);
	visit_ask_then(v, REQUEST_POINT, &body, q.at ? promised : withdrawn);
}

void point_post(struct visit *v)
{
	conduct_open(v, FORM_POINT, promise);
}
