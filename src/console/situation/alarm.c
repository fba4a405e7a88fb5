/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alarm.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/curve.h>
#include <tocsin/phrase/facts.h>
#include <tocsin/phrase/duties.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include <tocsin/record/position.h>
#include "conduct.h"
#include "followed.h"
#include "log.h"
#include "point.h"
#include "relay.h"
#include "rumour.h"
#include "../shortcuts.h"

enum { VERBATIM_BYTES = 400, TITLE_BYTES = 200 };

void alarm_level(struct visit *v, enum town_level level)
{
	buf_printf(&v->out, "<span class=\"level %s\">%s</span>", town_level_names[level],
		phrase_level(level));
}

struct slice alarm_typed(const struct alarm *a, enum alarm_form form, struct slice otherwise)
{
	return a->typed.form == form ? a->typed.text : otherwise;
}

/* --- what it is */

void alarm_title(struct visit *v, uint16_t roles, const struct incident *i, struct buf *out)
{
	_buf_ struct buf bare = {0};
	const bool cut = alarm_counts_only(v, roles) && phrase_bare_title(v->l, i, &bare);
	mask_text(out, cut ? buf_slice(&bare) : i->title.n ? i->title : i->topic, TITLE_BYTES);
}

static void put_title(struct visit *v, const struct alarm *a)
{
	const struct incident *i = a->incident;
	const char *heading = a->alone ? "h1" : "h2";
	_buf_ struct buf title = {0};
	alarm_title(v, v->session->roles, i, &title);
	buf_printf(&v->out, "<%s id=\"t%lld\">", heading, (long long)i->id);
	alarm_level(v, i->level);
	buf_add_char(&v->out, ' ');
	if (!a->alone)
		buf_printf(
			&v->out, "<a class=\"open\" href=\"/situation/%lld\">", (long long)i->id);
	html_shown(&v->out, buf_slice(&title));
	buf_printf(&v->out, "%s</%s>\n", a->alone ? "" : "</a>", heading);
}

static void put_summary(struct visit *v, const struct incident *i)
{
	const struct incident_facts *f = &i->facts;
	char number[40];
	buf_add_string(&v->out, "<p class=\"meta\">");
	if (f->messages) {
		buf_printf(&v->out, words_n(v->l, "%s message", "%s messages", f->messages),
			words_number(v->l, f->messages, number));
		buf_add_string(&v->out, " · ");
		buf_printf(&v->out, words_n(v->l, "%s personne", "%s personnes", f->authors),
			words_number(v->l, f->authors, number));
		buf_add_string(&v->out, " · ");
	}
	page_said_at(v, words(v->l, "ouverte %s"), i->opened_at, TIME_AT);
	if (i->peak != i->level) {
		buf_add_string(&v->out, " · ");
		buf_printf(&v->out, words(v->l, "au plus haut : %s"), phrase_level(i->peak));
	}
	if (i->silenced_until > v->town) {
		buf_add_string(&v->out, " · ");
		page_said_at(v, words(v->l, "sourdine %s"), i->silenced_until, TIME_UNTIL);
	}
	buf_add_string(&v->out, "</p>\n");
}

void alarm_why(struct visit *v, struct slice why)
{
	if (!why.n || alarm_counts_only(v, v->session->roles))
		return;
	buf_add_string(&v->out, "<p class=\"why\">");
	page_word(v, words(v->l, "Pourquoi :"));
	buf_add_char(&v->out, ' ');
	html_shown(&v->out, why);
	buf_add_string(&v->out, "</p>\n");
}

/* In the sentences of the mails; of what is no rise, what it is. */
static void put_why(struct visit *v, const struct incident *i)
{
	_buf_ struct buf text = {0};
	char since[PAGE_MOMENT];
	if (incident_urgent(i) || i->kind == INCIDENT_GREY || i->kind == INCIDENT_DRILL) {
		phrase_trigger(v->l, i->facts.trigger, &text);
		alarm_why(v, buf_slice(&text));
		return;
	}
	phrase_why(v->l, i, page_moment(v, i->facts.since, TIME_AFTER, since),
		alarm_counts_only(v, v->session->roles), &text);
	phrase_rhythm(v->l, &i->facts, &text);
	phrase_breadth(v->l, i, &text);
	buf_add_string(&v->out, "<p class=\"why\">");
	html_shown(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</p>\n");
}

/* What rises of a topic that no rule declares, beside its title: citizens' words. */
static void put_terms(struct visit *v, const struct incident *i)
{
	if (!i->facts.n_terms || alarm_counts_only(v, v->session->roles))
		return;
	buf_add_string(&v->out, "<p class=\"terms\">");
	page_word(v, words(v->l, "Mots qui montent :"));
	for (uint32_t k = 0; k < i->facts.n_terms; k++) {
		_buf_ struct buf term = {0};
		mask_text(&term, i->facts.terms[k], TITLE_BYTES);
		buf_add_string(&v->out, k ? ", " : " ");
		html_shown(&v->out, buf_slice(&term));
	}
	buf_add_string(&v->out, "</p>\n");
}

/* --- who is in charge */

bool alarm_may_charge(const struct visit *v)
{
	return v->session->roles & (uint16_t)~ROLE_ONCALL;
}

static void put_charge(struct visit *v, const struct alarm *a)
{
	const struct incident *i = a->incident;
	bool mine = i->state == INCIDENT_ACKED && slice_is(i->acked_by, v->session->name);
	buf_printf(&v->out, "<p class=\"claim%s\">", i->state == INCIDENT_OPEN ? " open-yet" : "");
	if (i->state == INCIDENT_ACKED) {
		page_word(v, words(v->l, "Prise en charge :"));
		buf_add_char(&v->out, ' ');
		page_person(v, i->acked_by);
		if (i->ack_expires_at > 0) {
			buf_add_string(&v->out, ", ");
			page_time_as(v, i->ack_expires_at, TIME_UNTIL);
		}
	} else {
		page_word(v,
			i->state == INCIDENT_CLOSED ? words(v->l, "Alerte close.")
						    : words(v->l, "Personne n'en est chargé."));
	}
	buf_add_string(&v->out, "</p>\n");
	if (i->state == INCIDENT_CLOSED || mine || !alarm_may_charge(v))
		return;
	page_form(v, "claiming", "/situation/%lld/prendre", (long long)i->id);
	buf_add_string(&v->out, a->alone ? "<input type=\"hidden\" name=\"ici\" value=\"1\">" : "");
	buf_add_string(&v->out, "<button class=\"main\"");
	shortcuts_put_key(v, SHORTCUT_TAKE);
	buf_add_char(&v->out, '>');
	page_word(v,
		i->state == INCIDENT_ACKED ? words(v->l, "Je prends le relais")
					   : words(v->l, "Je prends en charge"));
	buf_add_string(&v->out, "</button></form>\n");
}

/* --- what is said */

static int put_verbatim(void *user, const struct stored_comment *c)
{
	struct visit *v = user;
	_buf_ struct buf text = {0};
	if (c->gone || !c->comment.text.n)
		return 1;
	mask_text(&text, c->comment.text, VERBATIM_BYTES);
	buf_add_string(&v->out, "<li><blockquote>");
	html_shown(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</blockquote>");
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM)) {
		buf_printf(&v->out, "<p class=\"way meta\"><a href=\"/moderation/%lld\">",
			(long long)c->seq);
		page_word(v, words(v->l, "Ouvrir ce commentaire"));
		buf_add_string(&v->out, "</a></p>");
	}
	buf_add_string(&v->out, "</li>\n");
	return 1;
}

static const char *below(const struct alarm *a)
{
	return a->alone ? "h2" : "h3";
}

bool alarm_counts_only(const struct visit *v, uint16_t roles)
{
	uint16_t more = ROLE_MODERATION | ROLE_DIRCOM;
	if (!(roles & ROLE_CABINET)) /* who is of the cabinet stays so, on call as well */
		more |= ROLE_DGS | ROLE_ONCALL;
	return policy_election_at(&v->c->policy, v->town) && !(roles & more);
}

static int put_verbatims(struct visit *v, const struct alarm *a, struct error *e)
{
	const struct incident *i = a->incident;
	int r = 0;
	if (!i->facts.n_examples || alarm_counts_only(v, v->session->roles))
		return 0;
	page_element(v, below(a), words(v->l, "Verbatims"));
	buf_add_string(&v->out, "<ul class=\"verbatims\">\n");
	for (uint32_t n = 0; n < i->facts.n_examples && (r >= 0 || r == -ENOENT); n++)
		r = reader_comment(v->c->reader, i->facts.examples[n], put_verbatim, v, e);
	buf_add_string(&v->out, "</ul>\n");
	return r < 0 && r != -ENOENT ? r : 0;
}

/* --- what the town hall says and does */

#define URGENT "P1:" /* of a topic: the category is behind it */

static void put_row(struct visit *v, const char *label, const char *text)
{
	if (!text)
		return;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, label);
	buf_add_string(&v->out, "</th><td>");
	page_word(v, text);
	buf_add_string(&v->out, "</td></tr>\n");
}

/* Of what rings by itself: whom to call, what to do, what to keep. */
static void put_duty(struct visit *v, const struct alarm *a)
{
	struct slice category = a->incident->topic;
	if (a->incident->kind != INCIDENT_P1 || !slice_begins(category, URGENT))
		return;
	category = (struct slice){category.p + strlen(URGENT), category.n - strlen(URGENT)};
	const struct duty d = duty_of(v->l, category);
	page_element(v, below(a), words(v->l, "Que faire"));
	buf_add_string(&v->out, "<table class=\"facts duty\"><tbody>\n");
	put_row(v, words(v->l, "Qui appeler"), d.call);
	put_row(v, words(v->l, "À faire"), d.todo);
	if (a->alone) {
		put_row(v, words(v->l, "Preuve"), d.evidence);
		put_row(v, words(v->l, "En droit"), d.law);
	}
	buf_add_string(&v->out, "</tbody></table>\n");
}

/* The fiche réflexe of its topic: whole on its own page. */
static void put_card(struct visit *v, const struct alarm *a)
{
	const struct reply_card *card = replies_card(&v->c->replies, a->incident->topic);
	if (!card)
		return;
	if (!a->alone) {
		buf_printf(&v->out, "<p><a href=\"/situation/%lld#fiche\">",
			(long long)a->incident->id);
		page_word(v, words(v->l, "Fiche réflexe"));
		buf_add_string(&v->out, "</a></p>\n");
		return;
	}
	buf_add_string(&v->out, "<h2 id=\"fiche\">");
	page_word(v, words(v->l, "Fiche réflexe"));
	buf_add_string(&v->out, "</h2>\n<div class=\"in-force\">");
	alarm_lines(v, slice_of(card->text));
	if (card->link) {
		buf_add_string(&v->out, "<p><a rel=\"noreferrer noopener\" href=\"");
		html_string(&v->out, card->link);
		buf_add_string(&v->out, "\">");
		page_word(v, words(v->l, "Ouvrir le document"));
		buf_add_string(&v->out, "</a></p>\n");
	}
	buf_add_string(&v->out, "</div>\n");
}

static int take_position(void *user, const struct incident_entry *e)
{
	position_take(user, e);
	return 0;
}

void alarm_lines(struct visit *v, struct slice text)
{
	for (struct slice line; position_line(&text, &line);) {
		buf_add_string(&v->out, "<p>");
		html_shown(&v->out, line);
		buf_add_string(&v->out, "</p>\n");
	}
}

void alarm_signed(struct visit *v, const struct incident_entry *e, uint32_t version)
{
	buf_add_string(&v->out, "<p class=\"meta\">");
	if (version)
		buf_printf(&v->out, words(v->l, "version %u · "), version);
	page_person(v, e->who);
	buf_add_string(&v->out, ", ");
	page_time(v, e->at);
	buf_add_string(&v->out, "</p>");
}

static void put_in_force(
	struct visit *v, const struct incident_entry *e, uint32_t version, const char *none)
{
	if (!e->text.n) {
		buf_add_string(&v->out, "<p class=\"meta\">");
		page_word(v, none);
		buf_add_string(&v->out, "</p>\n");
		return;
	}
	buf_add_string(&v->out, "<div class=\"in-force\">");
	alarm_lines(v, e->text);
	alarm_signed(v, e, version);
	buf_add_string(&v->out, "</div>\n");
}

int alarm_position(struct visit *v, int64_t incident, struct position *ret, struct error *e)
{
	*ret = (struct position){0};
	arena_init(&ret->arena, 0);
	return reader_entries(v->c->reader, incident, take_position, ret, e);
}

/* What is in force. Of an emergency among the others nothing is said when nothing is: what to do is said already. */
static void put_position(struct visit *v, const struct alarm *a, const struct position *p)
{
	if (a->incident->kind == INCIDENT_P1 && !a->alone && !p->instruction.text.n &&
		!p->wording.text.n)
		return;
	page_element(v, below(a), words(v->l, "Consigne"));
	put_in_force(v, &p->instruction, 0, words(v->l, "Aucune."));
	page_element(v, below(a), words(v->l, "Éléments de langage"));
	put_in_force(v, &p->wording, p->wordings, words(v->l, "Aucun n'est validé."));
}

/* --- all of it */

void alarm_line(struct visit *v, const struct incident *i)
{
	_buf_ struct buf title = {0};
	alarm_title(v, v->session->roles, i, &title);
	buf_add_string(&v->out, "<li>");
	alarm_level(v, i->state == INCIDENT_CLOSED ? i->peak : i->level);
	buf_printf(&v->out, " <a href=\"/situation/%lld\">", (long long)i->id);
	html_shown(&v->out, buf_slice(&title));
	buf_add_string(&v->out, "</a> <span class=\"meta\">");
	page_said_at(v, words(v->l, "ouverte %s"), i->opened_at, TIME_AT);
	if (i->state == INCIDENT_CLOSED) {
		buf_add_string(&v->out, " · ");
		page_said_at(v, words(v->l, "close %s"), i->closed_at, TIME_AT);
	}
	buf_add_string(&v->out, "</span></li>\n");
}

int alarm_put(struct visit *v, const struct alarm *a, struct error *e)
{
	const struct incident *i = a->incident;
	struct incident_questions questions;
	const struct facts_words w = {v->l, config_source_title, &v->c->s->config, &questions};
	char curve[40];
	struct position position;
	int r = alarm_position(v, i->id, &position, e);
	if (r >= 0)
		r = reader_incident_questions(v->c->reader, i, &questions, e);
	if (r < 0) {
		arena_release(&position.arena);
		return r;
	}
	buf_printf(&v->out,
		"<article class=\"card alarm %s\" id=\"c%lld\" tabindex=\"-1\" aria-labelledby=\"t%lld\">\n",
		town_level_names[i->level], (long long)i->id, (long long)i->id);
	put_title(v, a);
	put_summary(v, i);
	put_why(v, i);
	put_terms(v, i);
	put_charge(v, a);
	r = relay_put(v, a, e);
	if (r < 0) {
		arena_release(&position.arena);
		return r;
	}
	followed_put(v, i);
	point_put(v, a);
	buf_add_string(&v->out, "<div class=\"heard\">\n");
	snprintf(curve, sizeof(curve), "courbe%lld", (long long)i->id);
	curve_html(&v->out, i, v->l, curve);
	page_element(v, below(a), words(v->l, "Ce qui a été entendu"));
	facts_html(&v->out, i, &w);
	put_duty(v, a);
	put_card(v, a);
	put_position(v, a, &position);
	r = put_verbatims(v, a, e);
	if (r == 0)
		r = rumours_put(v, a, e);
	buf_add_string(&v->out, "</div>\n");
	if (a->alone)
		conduct_put(v, a, &position);
	buf_add_string(&v->out, "</article>\n");
	arena_release(&position.arena);
	if (r == 0 && a->alone)
		r = log_put(v, a, e);
	return r;
}
