/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "conduct.h"
#include "../moment.h"

#define APART_MS (2 * CLOCK_MINUTE) /* written so long after it happened: both are said */
#define BEFORE_MS CLOCK_DAY /* a note may be about what came so long before the alarm */

/* --- what stands in it */

/* Under an event clock the two times are not of one clock. */
static void put_when(struct visit *v, const struct incident_entry *e)
{
	page_time(v, e->at);
	if (v->c->s->config.clock_event || e->written_at - e->at <= APART_MS)
		return;
	buf_add_string(&v->out, " <span class=\"meta\">");
	page_said_at(v, words(v->l, "(écrit %s)"), e->written_at, TIME_AT);
	buf_add_string(&v->out, "</span>");
}

static int put_entry(void *user, const struct incident_entry *e)
{
	struct visit *v = user;
	_buf_ struct buf text = {0};
	buf_add_string(&v->out, "<tr><td>");
	put_when(v, e);
	buf_add_string(&v->out, "</td><td>");
	alarm_level(v, e->level);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, phrase_event(v->l, e));
	buf_add_string(&v->out, "</td><td>");
	page_person(v, e->who);
	buf_add_string(&v->out, "</td><td>");
	/* a rumour's entry tells of a comment */
	if (e->kind != ENTRY_RUMOUR || !alarm_counts_only(v, v->session->roles))
		phrase_trigger(v->l, e->text, &text);
	html_shown(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

static void put_form(struct visit *v, const struct alarm *a)
{
	if (!alarm_may_charge(v))
		return;
	page_form(v, "noting", "/situation/%lld/noter", (long long)a->incident->id);
	buf_add_string(&v->out, "<p><label for=\"note\">");
	page_word(v, words(v->l, "Ajouter une entrée (un appel, la presse, le maire prévenu…)"));
	buf_add_string(&v->out,
		"</label><textarea id=\"note\" name=\"texte\" rows=\"2\" maxlength=\"2000\""
		" required>");
	html_text(&v->out, alarm_typed(a, FORM_NOTE, (struct slice){0}));
	buf_add_string(&v->out, "</textarea></p><p><label>");
	page_word(v, words(v->l, "Quand cela s'est passé (vide : maintenant)"));
	buf_add_char(&v->out, ' ');
	moment_put(v, "quand", a->typed.form == FORM_NOTE ? a->typed.at : 0);
	buf_add_string(&v->out, "</label></p><button>");
	page_word(v, words(v->l, "Écrire dans la main courante"));
	buf_add_string(&v->out, "</button></form>\n");
}

int log_put_table(struct visit *v, int64_t incident, struct error *e)
{
	const char *const columns[] = {words(v->l, "quand"), words(v->l, "niveau"),
		words(v->l, "quoi"), words(v->l, "qui"), words(v->l, "texte"), NULL};
	buf_add_string(&v->out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	page_word(v, words(v->l, "Main courante"));
	buf_add_string(&v->out, "\"><table class=\"log\"><thead><tr>");
	for (size_t i = 0; columns[i]; i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, columns[i]);
		buf_add_string(&v->out, "</th>");
	}
	buf_add_string(&v->out, "</tr></thead><tbody>\n");
	int r = reader_log(v->c->reader, incident, put_entry, v, e);
	buf_add_string(&v->out, "</tbody></table></div>\n");
	return r;
}

int log_put(struct visit *v, const struct alarm *a, struct error *e)
{
	page_element(v, "h2", words(v->l, "Main courante"));
	put_form(v, a);
	return log_put_table(v, a->incident->id, e);
}

/* --- what people write */

static void noted(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_NOTE, words(v->l, "Écrit dans la main courante."));
}

static int64_t earliest(const struct incident *i)
{
	const int64_t since = i->facts.since;
	return (since > 0 && since < i->opened_at ? since : i->opened_at) - BEFORE_MS;
}

static void note(struct visit *v, const struct incident *i)
{
	_buf_ struct buf text = {0}, body = {0};
	int64_t at;
	if (!visit_field(v, "texte", CONDUCT_TEXT_MAX, &text) || !text.n ||
		!moment_read(v, "quand", &at)) {
		conduct_refuse(v, 400, FORM_NOTE, words(v->l, "Cette demande est incomplète."));
		return;
	}
	if (at && (at > v->town || at < earliest(i))) {
		conduct_refuse(v, 400, FORM_NOTE,
			at > v->town
				? words(v->l,
					  "Ce moment n'est pas encore venu : notez ce qui s'est passé.")
				: words(v->l,
					  "Ce moment est plus d'un jour avant le début de l'alerte : vérifiez la date."));
		return;
	}
	note_encode(&body,
		&(struct note_request){.incident = i->id,
			.at = at ? at : v->town,
			.who = slice_of(v->session->name),
			.text = buf_slice(&text)});
	visit_ask_then(v, REQUEST_NOTE, &body, noted);
}

void note_post(struct visit *v)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		note(v, &i);
	arena_release(&arena);
}
