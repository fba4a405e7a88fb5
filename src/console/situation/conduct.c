/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conduct.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "../moment.h"
#include "point.h"

enum { REASON_MAX = 2000 /* bytes */ };

/* --- the forms */

void conduct_open_form(struct visit *v, const struct alarm *a, enum alarm_form form,
	const char *summary, const char *path)
{
	buf_printf(&v->out, "<details class=\"conduct\"%s><summary>",
		a->typed.form == form ? " open" : "");
	page_word(v, summary);
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, "noting", "/situation/%lld/%s", (long long)a->incident->id, path);
}

void conduct_close_form(struct visit *v, const char *button)
{
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, button);
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

/* A text of several lines, or of one. */
static void put_field(
	struct visit *v, const char *label, unsigned rows, bool required, struct slice text)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, label);
	buf_printf(&v->out, "<textarea name=\"texte\" rows=\"%u\" maxlength=\"%u\"%s>\n", rows,
		rows > 1 ? CONDUCT_TEXT_MAX / 4 : REASON_MAX / 4, required ? " required" : "");
	html_text(&v->out, text);
	buf_add_string(&v->out, "</textarea></label></p>\n");
}

/* The version that the form was made for: another one may have come since. */
static void put_seen(struct visit *v, const struct incident_entry *in_force)
{
	buf_printf(&v->out, "<input type=\"hidden\" name=\"vu\" value=\"%lld\">\n",
		(long long)in_force->id);
}

static const char *const conducts[] = {WORDS_MARK("Attendre : ne rien publier, ne pas répondre."),
	WORDS_MARK("Répondre avec les éléments de langage."),
	WORDS_MARK("Suspendre les publications programmées.")};
#define CONDUCTS ((int64_t)(sizeof(conducts) / sizeof(*conducts)))
#define LIFTED (CONDUCTS + 1)

static void put_instruction(struct visit *v, const struct alarm *a, const struct position *p)
{
	conduct_open_form(v, a, FORM_INSTRUCTION, words(v->l, "Donner une consigne"), "consigne");
	put_seen(v, &p->instruction);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Conduite à tenir"));
	buf_add_string(&v->out, "<select name=\"conduite\">");
	for (int64_t i = 0; i < CONDUCTS; i++) {
		buf_printf(&v->out, "<option value=\"%lld\">", (long long)i + 1);
		page_word(v, words(v->l, conducts[i]));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "<option value=\"0\">");
	page_word(v, words(v->l, "Autre : seulement ce qui est écrit ci-dessous"));
	buf_add_string(&v->out, "</option>\n");
	if (p->instruction.text.n) {
		buf_printf(&v->out, "<option value=\"%lld\">", (long long)LIFTED);
		page_word(v, words(v->l, "Plus aucune : lever la consigne"));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label></p>\n");
	put_field(v, words(v->l, "Précisions"), 2, false,
		alarm_typed(a, FORM_INSTRUCTION, (struct slice){0}));
	conduct_close_form(v, words(v->l, "Donner cette consigne"));
}

static void put_wording(struct visit *v, const struct alarm *a, const struct position *p)
{
	conduct_open_form(
		v, a, FORM_WORDING, words(v->l, "Valider des éléments de langage"), "elements");
	put_seen(v, &p->wording);
	put_field(v,
		words(v->l,
			"Ce que dit la ville (vide : plus rien n'est validé). Les messages suivants le portent, avec votre nom et l'heure."),
		5, false, alarm_typed(a, FORM_WORDING, p->wording.text));
	conduct_close_form(v, words(v->l, "Valider cette version"));
}

static const struct {
	int64_t ms;
	const char *name;
} silences[] = {{CLOCK_HOUR, WORDS_MARK("une heure")},
	{4 * CLOCK_HOUR, WORDS_MARK("quatre heures")},
	{12 * CLOCK_HOUR, WORDS_MARK("douze heures")}, {24 * CLOCK_HOUR, WORDS_MARK("un jour")},
	{72 * CLOCK_HOUR, WORDS_MARK("trois jours")},
	{0, WORDS_MARK("plus du tout : lever la sourdine")}};
#define SILENCES ((int64_t)(sizeof(silences) / sizeof(*silences)))

static void put_silence(struct visit *v, const struct alarm *a)
{
	conduct_open_form(
		v, a, FORM_SILENCE, words(v->l, "Mettre ce sujet en sourdine"), "sourdine");
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l,
			"Personne n'est appelé pour ce sujet, sauf s'il monte encore, pendant"));
	buf_add_string(&v->out, "<select name=\"duree\">");
	for (int64_t i = 0; i < SILENCES; i++) {
		if (!silences[i].ms && a->incident->silenced_until <= v->town)
			continue;
		buf_printf(&v->out, "<option value=\"%lld\">", (long long)i);
		page_word(v, words(v->l, silences[i].name));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label></p>\n");
	put_field(v, words(v->l, "Pourquoi (inscrit dans la main courante)"), 1, true,
		alarm_typed(a, FORM_SILENCE, (struct slice){0}));
	conduct_close_form(v, words(v->l, "Enregistrer"));
}

static void put_close(struct visit *v, const struct alarm *a)
{
	conduct_open_form(v, a, FORM_CLOSE, words(v->l, "Clore cette alerte"), "clore");
	put_field(v,
		words(v->l,
			"Pourquoi elle est finie (inscrit dans la main courante). Si le sujet remonte, une autre alerte s'ouvrira."),
		1, true, alarm_typed(a, FORM_CLOSE, (struct slice){0}));
	conduct_close_form(v, words(v->l, "Clore"));
}

static void put_reopen(struct visit *v, const struct alarm *a)
{
	conduct_open_form(v, a, FORM_REOPEN, words(v->l, "Rouvrir cette alerte"), "rouvrir");
	put_field(v,
		words(v->l,
			"Pourquoi elle n'était pas finie (inscrit dans la main courante). Elle sonne de nouveau à son niveau, et personne n'en est plus chargé."),
		1, true, alarm_typed(a, FORM_REOPEN, (struct slice){0}));
	conduct_close_form(v, words(v->l, "Rouvrir"));
}

bool conduct_may_reopen(enum incident_kind kind)
{
	return kind != INCIDENT_DRILL && kind != INCIDENT_GREY && kind != INCIDENT_OVERDUE;
}

/* A threat is never silent, and what is not heard says so. */
static bool may_be_silent(const struct incident *i)
{
	return i->kind != INCIDENT_P1 && i->kind != INCIDENT_GREY && i->kind != INCIDENT_DRILL;
}

void conduct_put(struct visit *v, const struct alarm *a, const struct position *p)
{
	const bool may = v->session->roles & ROUTE_CONDUCTS;
	if (a->incident->state == INCIDENT_CLOSED) {
		if (may && conduct_may_reopen(a->incident->kind))
			put_reopen(v, a);
		return;
	}
	if (may)
		page_element(v, "h2", words(v->l, "Conduire l'alerte"));
	point_put_form(v, a);
	if (!may)
		return;
	put_instruction(v, a, p);
	put_wording(v, a, p);
	if (may_be_silent(a->incident))
		put_silence(v, a);
	put_close(v, a);
}

/* --- what comes of them */

static void typed_again(struct visit *v, unsigned status, enum alarm_form form)
{
	_buf_ struct buf text = {0};
	int64_t at = 0;
	if (!visit_field(v, "texte", CONDUCT_TEXT_MAX, &text))
		buf_clear(&text);
	if (form == FORM_NOTE && !moment_read(v, "quand", &at))
		at = 0;
	situation_again(v, status, (struct typed){form, buf_slice(&text), at});
}

void conduct_refuse(struct visit *v, unsigned status, enum alarm_form form, const char *why)
{
	visit_tell(v, true, why);
	typed_again(v, status, form);
}

void conduct_done(
	struct visit *v, int r, const struct error *e, enum alarm_form form, const char *told)
{
	if (r) {
		visit_tell_error(v, r, e);
		typed_again(v, 503, form);
		return;
	}
	visit_tell(v, false, told);
	visit_go_to(v, "/situation/%lld", (long long)visit_number(v));
}

void conduct_open(struct visit *v, enum alarm_form form, conduct_fn *fn)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (!situation_find(v, &arena, &i))
		;
	else if (i.state == INCIDENT_CLOSED)
		conduct_refuse(v, 409, form, words(v->l, "Cette alerte est close."));
	else
		fn(v, &i);
	arena_release(&arena);
}

/* --- what is said and done */

/* What store answered to a version of what is said or to be done. */
static void positioned(
	struct visit *v, int r, const struct error *e, enum alarm_form form, const char *told)
{
	if (r == -ESTALE)
		conduct_refuse(v, 409, form,
			words(v->l,
				"Une autre version est en vigueur depuis que vous avez ouvert cette page : relisez-la. Votre texte est gardé ci-dessous."));
	else
		conduct_done(v, r, e, form, told);
}

static void worded(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	positioned(v, r, e, FORM_WORDING,
		words(v->l,
			"Les éléments de langage sont à jour ; les messages suivants en tiennent compte."));
}

static void instructed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	positioned(v, r, e, FORM_INSTRUCTION,
		words(v->l, "La consigne est à jour ; les messages suivants en tiennent compte."));
}

/* The entry that the form was made for. */
static int64_t read_seen(struct visit *v)
{
	_buf_ struct buf text = {0};
	int64_t seen;
	if (!visit_field(v, "vu", 20, &text) || !slice_number(buf_slice(&text), &seen) || !seen)
		return NOTE_NONE;
	return seen;
}

static void set_position(struct visit *v, int64_t incident, bool wording, struct slice text)
{
	_buf_ struct buf body = {0};
	note_encode(&body,
		&(struct note_request){
			incident, v->town, slice_of(v->session->name), text, read_seen(v)});
	visit_ask_then(v, wording ? REQUEST_WORDING : REQUEST_INSTRUCTION, &body,
		wording ? worded : instructed);
}

static void set_wording(struct visit *v, const struct incident *i)
{
	_buf_ struct buf text = {0};
	if (!visit_field(v, "texte", CONDUCT_TEXT_MAX, &text))
		conduct_refuse(v, 400, FORM_WORDING, words(v->l, "Cette demande est incomplète."));
	else
		set_position(v, i->id, true, buf_slice(&text));
}

void wording_post(struct visit *v)
{
	conduct_open(v, FORM_WORDING, set_wording);
}

/* What is to be done, in the town's language, and more about it. */
static bool read_instruction(struct visit *v, struct buf *ret)
{
	_buf_ struct buf choice = {0}, text = {0};
	int64_t n;
	if (!visit_field(v, "conduite", 4, &choice) || !slice_number(buf_slice(&choice), &n) ||
		n > LIFTED || !visit_field(v, "texte", CONDUCT_TEXT_MAX, &text) || (!n && !text.n))
		return false;
	if (n == LIFTED)
		return true;
	if (n)
		buf_add_string(ret, words(v->c->s->config.lang, conducts[n - 1]));
	if (n && text.n)
		buf_add_char(ret, '\n');
	buf_add_slice(ret, buf_slice(&text));
	return true;
}

static void set_instruction(struct visit *v, const struct incident *i)
{
	_buf_ struct buf text = {0};
	if (!read_instruction(v, &text))
		conduct_refuse(
			v, 400, FORM_INSTRUCTION, words(v->l, "Cette demande est incomplète."));
	else
		set_position(v, i->id, false, buf_slice(&text));
}

void instruction_post(struct visit *v)
{
	conduct_open(v, FORM_INSTRUCTION, set_instruction);
}

/* --- until when it is silent, and that it is over */

static bool read_reason(struct visit *v, struct buf *ret)
{
	return visit_field(v, "texte", REASON_MAX, ret) && ret->n;
}

static void silenced(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_SILENCE,
		words(v->l, "C'est inscrit : la sourdine de ce sujet est changée."));
}

static bool read_silence(struct visit *v, int64_t *ret_ms)
{
	_buf_ struct buf choice = {0};
	int64_t n;
	if (!visit_field(v, "duree", 4, &choice) || !slice_number(buf_slice(&choice), &n) ||
		n >= SILENCES)
		return false;
	*ret_ms = silences[n].ms;
	return true;
}

static void set_silence(struct visit *v, const struct incident *i)
{
	_buf_ struct buf reason = {0}, body = {0};
	int64_t ms;
	if (!may_be_silent(i)) {
		conduct_refuse(v, 409, FORM_SILENCE,
			words(v->l, "Une urgence ou une source muette ne se met pas en sourdine."));
	} else if (!read_silence(v, &ms) || !read_reason(v, &reason)) {
		conduct_refuse(v, 400, FORM_SILENCE, words(v->l, "Un motif est nécessaire."));
	} else {
		silence_encode(&body,
			&(struct silence_request){i->topic, v->town + ms,
				slice_of(v->session->name), buf_slice(&reason)});
		visit_ask_then(v, REQUEST_SILENCE, &body, silenced);
	}
}

void silence_post(struct visit *v)
{
	conduct_open(v, FORM_SILENCE, set_silence);
}

static void closed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_CLOSE, words(v->l, "Cette alerte est close."));
}

static void set_close(struct visit *v, const struct incident *i)
{
	_buf_ struct buf reason = {0}, body = {0};
	if (!read_reason(v, &reason)) {
		conduct_refuse(v, 400, FORM_CLOSE, words(v->l, "Un motif est nécessaire."));
	} else {
		close_encode(&body,
			&(struct close_request){
				i->id, slice_of(v->session->name), buf_slice(&reason)});
		visit_ask_then(v, REQUEST_CLOSE, &body, closed);
	}
}

void close_post(struct visit *v)
{
	conduct_open(v, FORM_CLOSE, set_close);
}

static void reopened(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == -EEXIST)
		conduct_refuse(v, 409, FORM_REOPEN,
			words(v->l,
				"Une autre alerte est ouverte sur ce sujet : conduisez celle-là, et notez-y ce qui manque."));
	else if (r == -EALREADY)
		conduct_refuse(v, 409, FORM_REOPEN, words(v->l, "Cette alerte est déjà ouverte."));
	else
		conduct_done(v, r, e, FORM_REOPEN,
			words(v->l, "Cette alerte est rouverte : elle sonne de nouveau."));
}

static void set_reopen(struct visit *v, const struct incident *i)
{
	_buf_ struct buf reason = {0}, body = {0};
	if (i->state != INCIDENT_CLOSED) {
		conduct_refuse(v, 409, FORM_REOPEN, words(v->l, "Cette alerte est déjà ouverte."));
	} else if (!conduct_may_reopen(i->kind)) {
		conduct_refuse(v, 409, FORM_REOPEN,
			words(v->l,
				"Un exercice, une source muette ou un retard ne se rouvre pas : il s'en ouvre un autre."));
	} else if (!read_reason(v, &reason)) {
		conduct_refuse(v, 400, FORM_REOPEN, words(v->l, "Un motif est nécessaire."));
	} else {
		close_encode(&body,
			&(struct close_request){
				i->id, slice_of(v->session->name), buf_slice(&reason)});
		visit_ask_then(v, REQUEST_REOPEN, &body, reopened);
	}
}

void reopen_post(struct visit *v)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		set_reopen(v, &i);
	arena_release(&arena);
}
