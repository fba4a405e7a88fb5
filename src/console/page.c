/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every page is made of. */
#include "console.h"
#include "access/duty.h"
#include <stdarg.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include "assets.h"
#include "drafts/accessibility.h"
#include "queue/file.h"
#include "queue/rung.h"
#include "access/limit.h"
#include "live/live.h"
#include "live/remind.h"
#include "menu.h"
#include "shortcuts.h"

void page_word(struct visit *v, const char *text)
{
	html_string(&v->out, text);
}

void page_element(struct visit *v, const char *element, const char *text)
{
	buf_printf(&v->out, "<%s>", element);
	html_string(&v->out, text);
	buf_printf(&v->out, "</%s>\n", element);
}

void page_csrf(struct visit *v, char out[static SESSION_TOKEN])
{
	session_csrf(&v->c->sessions, v->token, out);
}

void page_form(struct visit *v, const char *class, const char *format, ...)
{
	char csrf[SESSION_TOKEN], path[128];
	va_list args;
	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	page_csrf(v, csrf);
	buf_printf(&v->out,
		"<form method=\"post\" class=\"%s\" action=\"%s\">"
		"<input type=\"hidden\" name=\"csrf\" value=\"%s\">\n",
		class, path, csrf);
}

void page_query(struct buf *out, const char *name, struct slice value)
{
	if (!value.n)
		return;
	buf_printf(out, "%s=", name);
	for (size_t i = 0; i < value.n; i++)
		if ((value.p[i] >= '0' && value.p[i] <= '9') || value.p[i] == '_' ||
			((value.p[i] | 0x20) >= 'a' && (value.p[i] | 0x20) <= 'z'))
			buf_add_char(out, value.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)value.p[i]);
	buf_add_char(out, '&');
}

void page_known(struct visit *v, int64_t decision)
{
	buf_printf(&v->out, "<input type=\"hidden\" name=\"suite\" value=\"%lld\">\n",
		(long long)decision);
}

void page_row(struct visit *v, const char *name, struct slice value)
{
	if (!value.n)
		return;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
	html_shown(&v->out, value);
	buf_add_string(&v->out, "</td></tr>\n");
}

/* Who is signed in, and the way out. */
static void put_leave(struct visit *v)
{
	page_form(v, "leave", "/deconnexion");
	buf_add_string(&v->out, "<span class=\"me\">");
	page_person(v, slice_of(v->session->name));
	buf_add_string(&v->out, "</span> <button>");
	page_word(v, words(v->l, "Se déconnecter"));
	buf_add_string(&v->out, "</button></form>\n");
}

/* What the last form came to, once. */
static void put_told(struct visit *v)
{
	struct session *s = v->session;
	if (!s || !s->told.n)
		return;
	buf_printf(&v->out, "<div class=\"told%s\" role=\"%s\"><p>", s->told_bad ? " bad" : "",
		s->told_bad ? "alert" : "status");
	html_text(&v->out, buf_slice(&s->told));
	buf_add_string(&v->out, "</p>");
	rung_put_told(v);
	if (s->undo || s->undo_bulk) {
		page_form(v, "undo", "/%s/%lld/annuler",
			s->undo_bulk ? "moderation/lot"
				: s->roles & (ROLE_MODERATION | ROLE_DIRCOM | ROUTE_DUTY)
				? "moderation"
				: "service",
			(long long)(s->undo_bulk ? s->undo_bulk : s->undo));
		file_put_return(v);
		buf_printf(&v->out, "<button data-ms=\"%lld\">", (long long)UNDO_MS);
		_buf_ struct buf text = {0};
		buf_printf(&text, words(v->l, "Annuler (dans les %lld secondes)"),
			(long long)(UNDO_MS / CLOCK_SECOND));
		page_word(v, buf_string(&text));
		buf_add_string(&v->out, "</button></form>");
	}
	buf_add_string(&v->out, "</div>\n");
	buf_clear(&s->told);
	s->undo = s->undo_bulk = 0;
}

/* Where direct.js says what is new, and its sentences. Empty without scripts. */
static void put_live(struct visit *v)
{
	static const struct {
		const char *name, *french;
	} said[] = {{"un", WORDS_MARK("1 nouvel élément :")},
		{"plusieurs", WORDS_MARK("{n} nouveaux éléments :")},
		{"afficher", WORDS_MARK("les afficher")}, {"voir", WORDS_MARK("voir")},
		{"pris", WORDS_MARK("{qui} s'en occupe jusqu'à {heure}")},
		{"decide", WORDS_MARK("Décidé par {qui} : {quoi}")},
		{"revenu", WORDS_MARK("{qui} a annulé sa décision")},
		{"parti", WORDS_MARK("Supprimé à la source : il n'y a plus rien à décider")},
		{"alarme", WORDS_MARK("tocsin {niveau} : {titre}")},
		{"close", WORDS_MARK("Une alerte est close.")},
		{"change", WORDS_MARK("Cette page a pu changer :")},
		{"perdu", WORDS_MARK("Liaison perdue : cette page ne se met plus à jour.")},
		{"retrouve", WORDS_MARK("Liaison rétablie.")},
		{"sorti",
			WORDS_MARK(
				"Vous n'êtes plus connecté ; ce que vous avez écrit est gardé :")},
		{"entrer", WORDS_MARK("se reconnecter")},
		{"fin", WORDS_MARK("Votre prise en charge se termine à {heure} :")},
		{"avant",
			WORDS_MARK(
				"Un commentaire dont vous vous occupez est à voir avant {heure} :")},
		{"bientot",
			WORDS_MARK(
				"{n} commentaires dont vous vous occupez arrivent à échéance :")}};
	const struct file *file = file_of(v);
	char cursor[LIVE_CURSOR];
	if (!(v->session->roles & MENU_LISTENERS) || limit_is(v))
		return;
	live_cursor(v->c->live, cursor);
	buf_printf(&v->out, "<div id=\"direct\" data-depuis=\"%s\" data-voies=\"%u\"", cursor,
		!file                ? 0u
			: file->lane ? (unsigned)file->lane
				     : LANE_MODERATION | LANE_REPONSE);
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		buf_printf(&v->out, " data-%s=\"", said[i].name);
		page_word(v, words(v->l, said[i].french));
		buf_add_char(&v->out, '"');
	}
	remind_put(v);
	buf_add_string(&v->out,
		"><p id=\"nouvelles\" role=\"status\"></p><p id=\"rappel\" role=\"status\"></p><p id=\"liaison\" role=\"status\"></p></div>\n");
}

/* That alarms go to a few only, and until when. */
static void put_trial(struct visit *v)
{
	const struct policy *policy = &v->c->policy;
	char until[DAY_TEXT];
	if (!policy_trial_at(policy, v->town))
		return;
	buf_printf(&v->out, "<aside class=\"period\" aria-label=\"%s\"><p><strong>",
		words(v->l, "Rodage"));
	page_word(v, words(v->l, "Rodage"));
	buf_add_string(&v->out, "</strong> · ");
	buf_printf(&v->out, words(v->l, "jusqu'au %s, les alertes ne vont qu'à "),
		day_format(policy->trial.to, v->l == WORDS_EN, until));
	html_string(&v->out, policy->trial.names);
	buf_add_string(&v->out, " ; ");
	page_word(v, words(v->l, "les urgences (menace, détresse, adresse livrée) vont à tous."));
	buf_add_string(&v->out, "</p></aside>\n");
}

/* What the law asks of the town now. */
static void put_election(struct visit *v)
{
	const struct policy_election *e = policy_election_at(&v->c->policy, v->town);
	char until[DAY_TEXT];
	if (!e)
		return;
	buf_printf(&v->out, "<aside class=\"period\" aria-label=\"%s\"><p><strong>",
		words(v->l, "Période électorale"));
	page_word(v, words(v->l, "Période électorale"));
	buf_add_string(&v->out, "</strong> · ");
	if (e->title) {
		html_string(&v->out, e->title);
		buf_add_string(&v->out, ", ");
	}
	buf_printf(
		&v->out, words(v->l, "jusqu'au %s : "), day_format(e->to, v->l == WORDS_EN, until));
	page_word(v,
		words(v->l,
			"ne vantez ni les réalisations ni la gestion de la commune (code électoral, L. 52-1), ne servez aucun candidat (L. 52-8). Faites relire toute publication par une deuxième personne."));
	buf_add_string(&v->out, "</p></aside>\n");
}

void page_open(struct visit *v, const char *title)
{
	struct buf *b = &v->out;
	buf_printf(b,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<meta name=\"color-scheme\" content=\"light dark\"><title>",
		v->l == WORDS_EN ? "en" : "fr");
	html_string(b, title);
	buf_printf(b,
		" · tocsin</title><link rel=\"icon\" href=\"data:,\">"
		"<link rel=\"stylesheet\" href=\"/fixe/console.css?%s\">"
		"<script type=\"module\" src=\"/fixe/console.js?%s\"></script>",
		assets_version, assets_version);
	if (v->session && v->session->roles & MENU_LISTENERS && !limit_is(v))
		buf_printf(b, "<script type=\"module\" src=\"/fixe/direct.js?%s\"></script>",
			assets_version);
	buf_add_string(b, "</head>\n<body");
	if (v->session) {
		buf_printf(b, " data-moi=\"%s\"", v->session->name);
		shortcuts_put_page(v);
	}
	buf_add_string(b, "><a class=\"skip\" href=\"#contenu\">");
	page_word(v, words(v->l, "Aller au contenu"));
	buf_add_string(b, "</a>\n<header class=\"top\"><p class=\"town\">");
	html_string(b, v->c->s->config.town);
	buf_add_string(b, " · <strong>tocsin</strong></p>\n");
	if (v->session) {
		put_leave(v);
		menu_put(v);
	}
	buf_add_string(b, "</header>\n");
	if (v->session) {
		put_live(v);
		put_trial(v);
		put_election(v);
	}
	buf_add_string(b, "<main id=\"contenu\" tabindex=\"-1\">\n");
	put_told(v);
}

void page_close(struct visit *v)
{
	buf_add_string(&v->out, "</main>\n<footer class=\"foot\"><p>");
	page_word(v,
		words(v->l,
			"Ce que tocsin signale est une supposition ; rien n'est masqué automatiquement."));
	buf_add_string(&v->out, "</p>\n<p><a href=\"/accessibilite\">");
	page_word(v, accessibility_state(v));
	buf_add_string(&v->out, "</a>");
	if (v->c->s->config.console.register_public) {
		buf_add_string(&v->out, " · <a href=\"/ecoute\">");
		page_word(v, words(v->l, "Registre des sujets"));
		buf_add_string(&v->out, "</a>");
	}
	if (v->session && !v->session->by_socket) {
		buf_add_string(&v->out, " · <a href=\"/mot-de-passe\">");
		page_word(v, words(v->l, "Changer mon mot de passe"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</p></footer></body></html>\n");
}

void page_person(struct visit *v, struct slice id)
{
	const struct policy_person *who = policy_person(&v->c->policy, id);
	if (!who) {
		html_shown(&v->out, id);
		return;
	}
	html_shown(&v->out, slice_of(who->name));
	if (*who->role) {
		buf_add_string(&v->out, " (");
		html_shown(&v->out, slice_of(who->role));
		buf_add_char(&v->out, ')');
	}
}

/* --- what does not change */

static void answer_asset(struct visit *v, const char *type, struct slice body)
{
	v->c->statuses[200]++;
	http_answer(v->r,
		&(struct http_response){.status = 200, .type = type, .body = body, .keep = 86400});
}

void style_get(struct visit *v)
{
	answer_asset(v, "text/css; charset=utf-8", assets_console_css);
}

void live_script_get(struct visit *v)
{
	answer_asset(v, "text/javascript; charset=utf-8", assets_direct_js);
}

void rules_script_get(struct visit *v)
{
	answer_asset(v, "text/javascript; charset=utf-8", assets_rules_js);
}

void bulk_script_get(struct visit *v)
{
	answer_asset(v, "text/javascript; charset=utf-8", assets_bulk_js);
}

void script_get(struct visit *v)
{
	answer_asset(v, "text/javascript; charset=utf-8", assets_console_js);
}
