/* SPDX-License-Identifier: GPL-3.0-or-later
 * The accessibility statement of the console: what the configuration says of it (console, accessibility), and what is missing. */
#include "accessibility.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include "drafts.h"
#include "facts.h"

static const struct accessibility *said(const struct visit *v)
{
	return &v->c->s->config.console.accessibility;
}

static void write_state(const struct visit *v, const struct accessibility *a, struct buf *out)
{
	switch (a->state) {
	case ACCESSIBILITY_PARTIAL:
		buf_printf(out, words(v->l, "Partiellement conforme au RGAA %s."), a->audit.rgaa);
		break;
	case ACCESSIBILITY_TOTAL:
		buf_printf(out, words(v->l, "Totalement conforme au RGAA %s."), a->audit.rgaa);
		break;
	case ACCESSIBILITY_UNSAID:
	case ACCESSIBILITY_NONE:
		buf_printf(out, words(v->l, "Non conforme au RGAA %s."), a->audit.rgaa);
		break;
	}
}

static int put_compliance(struct visit *v, struct error *e)
{
	const struct accessibility *a = said(v);
	_buf_ struct buf text = {0};
	(void)e;
	if (a->audited)
		write_state(v, a, &text);
	else
		buf_add_string(&text,
			words(v->l,
				"Non conforme : aucun audit selon le RGAA 4.1 n'a encore été fait, et la règle veut qu'on le dise ainsi."));
	page_element(v, "p", buf_string(&text));
	if (a->state == ACCESSIBILITY_UNSAID)
		sheet_todo(v,
			words(v->l,
				"état et résultat de l'audit : qui l'a fait, quand, quel taux (tocsin.yaml : console, accessibilité)"));
	return 0;
}

/* "03/05/2026" */
static const char *day_text(int64_t day, char out[static DAY_TEXT])
{
	const struct local_time t = clock_local(day_instant(day, DAY_MINUTES / 2));
	snprintf(out, DAY_TEXT, "%02d/%02d/%d", t.day, t.month, t.year);
	return out;
}

/* 7140 → "71,4", "71.4" */
static const char *rate_text(const struct visit *v, int64_t rate, char out[static 16])
{
	const char *point = v->l == WORDS_EN ? "." : ",";
	if (rate % 100 == 0)
		snprintf(out, 16, "%d", (int)(rate / 100));
	else if (rate % 10 == 0)
		snprintf(out, 16, "%d%s%d", (int)(rate / 100), point, (int)(rate / 10 % 10));
	else
		snprintf(out, 16, "%d%s%02d", (int)(rate / 100), point, (int)(rate % 100));
	return out;
}

static void put_list(struct visit *v, char *const *texts)
{
	buf_add_string(&v->out, "<ul class=\"breaks\">\n");
	for (; *texts; texts++) {
		buf_add_string(&v->out, "<li>");
		html_shown(&v->out, slice_of(*texts));
		buf_add_string(&v->out, "</li>\n");
	}
	buf_add_string(&v->out, "</ul>\n");
}

static int put_audit(struct visit *v, struct error *e)
{
	const struct accessibility *a = said(v);
	char day[DAY_TEXT], rate[16];
	_buf_ struct buf text = {0};
	(void)e;
	if (!a->audited)
		return 0;
	page_element(v, "h2", words(v->l, "Résultat de l'audit"));
	buf_printf(&text,
		words(v->l,
			"L'audit fait par %s le %s a trouvé que %s %% des critères du RGAA %s sont respectés."),
		a->audit.by, day_text(a->audit.day, day), rate_text(v, a->audit.rate, rate),
		a->audit.rgaa);
	buf_add_string(&v->out, "<p>");
	html_shown(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</p>\n");
	if (a->audit.with) {
		page_element(v, "p", words(v->l, "Fait avec :"));
		put_list(v, a->audit.with);
	}
	if (a->audit.pages) {
		page_element(v, "p", words(v->l, "Pages vérifiées :"));
		put_list(v, a->audit.pages);
	}
	if (!a->audit.with || !a->audit.pages)
		sheet_todo(v,
			words(v->l,
				"avec quoi l'audit a été fait, et sur quelles pages (audit : avec, pages)"));
	return 0;
}

/* What an audit found; without one nobody knows, which the state says. */
static int put_gaps(struct visit *v, struct error *e)
{
	const struct accessibility *a = said(v);
	(void)e;
	if (a->gaps) {
		page_element(v, "h3", words(v->l, "Non-conformités"));
		put_list(v, a->gaps);
	} else if (a->audited && a->state != ACCESSIBILITY_TOTAL) {
		sheet_todo(
			v, words(v->l, "non-conformités trouvées par l'audit (non_conformités)"));
	}
	if (a->exemptions) {
		page_element(v, "h3", words(v->l, "Dérogations pour charge disproportionnée"));
		put_list(v, a->exemptions);
	}
	if (a->gaps || a->exemptions)
		page_element(v, "h3", words(v->l, "Contenus non soumis à l'obligation"));
	return 0;
}

static void put_way(struct visit *v, const char *name, const char *scheme, const char *target)
{
	if (!target)
		return;
	buf_add_string(&v->out, "<li>");
	page_word(v, name);
	buf_printf(&v->out, " <a href=\"%s", scheme);
	for (const char *p = target; *p; p++) /* in a number blanks are for the eye */
		if (*p != ' ')
			html_text(&v->out, (struct slice){p, 1});
	buf_add_string(&v->out, "\">");
	html_string(&v->out, target);
	buf_add_string(&v->out, "</a></li>\n");
}

static int put_contact(struct visit *v, struct error *e)
{
	const struct accessibility *a = said(v);
	(void)e;
	if (!a->mail && !a->form && !a->phone) {
		sheet_todo(v,
			words(v->l,
				"à qui signaler un défaut : courriel, formulaire ou téléphone (contact)"));
		return 0;
	}
	buf_add_string(&v->out, "<ul class=\"breaks\">\n");
	put_way(v, words(v->l, "Courriel :"), "mailto:", a->mail);
	put_way(v, words(v->l, "Formulaire :"), "", a->form);
	put_way(v, words(v->l, "Téléphone :"), "tel:", a->phone);
	buf_add_string(&v->out, "</ul>\n");
	return 0;
}

static int put_day(struct visit *v, struct error *e)
{
	const struct accessibility *a = said(v);
	char day[DAY_TEXT];
	_buf_ struct buf text = {0};
	(void)e;
	if (!a->day) {
		sheet_todo(v, words(v->l, "date de la déclaration (date)"));
		return 0;
	}
	buf_printf(&text, words(v->l, "Cette déclaration a été établie le %s."),
		day_text(a->day, day));
	page_element(v, "p", buf_string(&text));
	return 0;
}

static const struct sheet_line lines[] = {
	FACT(fact_town),
	TEXT(WORDS_MARK(
		"La collectivité s'engage à rendre ses services numériques accessibles, selon l'article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration porte sur la console de tocsin, l'outil de travail de ses agents.")),
	HEAD(WORDS_MARK("État de conformité")),
	FACT(put_compliance),
	FACT(put_audit),
	HEAD(WORDS_MARK("Ce qui a été fait")),
	ITEM(WORDS_MARK(
		"Les essais de tocsin passent ses pages à axe-core (WCAG 2.1 A et AA), en clair et en sombre, en français et en anglais. Ce contrôle automatique ne remplace pas un audit.")),
	ITEM(WORDS_MARK(
		"Les pages fonctionnent au clavier, et sans script ; sans lui, elles ne se mettent pas à jour seules.")),
	ITEM(WORDS_MARK("Les courbes ont un titre et une description en mots.")),
	HEAD(WORDS_MARK("Contenus non accessibles")),
	FACT(put_gaps),
	TEXT(WORDS_MARK(
		"Les commentaires sont montrés tels que leurs auteurs les ont écrits ; tocsin ne les corrige pas.")),
	HEAD(WORDS_MARK("Technologies")),
	TEXT(WORDS_MARK("HTML, CSS, SVG, JavaScript.")),
	HEAD(WORDS_MARK("Signaler un défaut")),
	TEXT(WORDS_MARK(
		"Si une page vous arrête, écrivez à la collectivité : elle doit vous donner l'information autrement, et corriger.")),
	FACT(put_contact),
	HEAD(WORDS_MARK("Sans réponse")),
	TEXT(WORDS_MARK(
		"Vous pouvez écrire au Défenseur des droits (www.defenseurdesdroits.fr ; Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07, sans timbre), ou joindre son délégué dans votre département.")),
	HEAD(WORDS_MARK("Établissement de la déclaration")),
	FACT(put_day),
};

int draft_accessibility(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}

const char *accessibility_state(const struct visit *v)
{
	switch (said(v)->state) {
	case ACCESSIBILITY_PARTIAL: return words(v->l, "Accessibilité : partiellement conforme");
	case ACCESSIBILITY_TOTAL: return words(v->l, "Accessibilité : totalement conforme");
	case ACCESSIBILITY_UNSAID:
	case ACCESSIBILITY_NONE: break;
	}
	return words(v->l, "Accessibilité : non conforme");
}
