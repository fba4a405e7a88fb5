/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages of the drafts, each also as a file; the two that the public may see are reached without an account. */
#include "drafts.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../topic.h"

#define DRAFTS_PATH "/conformite/modeles"

static const struct draft {
	const char *name, *title, *what;
	draft_fn *put;
} drafts[] = {
	{"registre", WORDS_MARK("Fiche du registre des traitements"),
		WORDS_MARK("RGPD, article 30"), draft_register},
	{"aipd", WORDS_MARK("Analyse d'impact (AIPD)"), WORDS_MARK("plan, RGPD, article 35"),
		draft_assessment},
	{"information", WORDS_MARK("Information du public"), WORDS_MARK("RGPD, articles 13 et 14"),
		draft_notice},
	{"charte", WORDS_MARK("Charte de modération"),
		WORDS_MARK("ce que la collectivité masque ou laisse, et comment"), draft_charter},
	{"sujets", WORDS_MARK("Registre des sujets"), WORDS_MARK("ce que la collectivité écoute"),
		draft_topics},
	{"accessibilite", WORDS_MARK("Déclaration d'accessibilité"), WORDS_MARK("RGAA 4.1"),
		draft_accessibility},
};
#define DRAFTS (sizeof(drafts) / sizeof(*drafts))

static const struct draft *draft_of(struct slice name)
{
	for (size_t i = 0; i < DRAFTS; i++)
		if (slice_is(name, drafts[i].name))
			return &drafts[i];
	return NULL;
}

/* What it is worth. */
static void put_caution(struct visit *v)
{
	const struct local_time t = clock_local(v->now);
	char day[40];
	snprintf(day, sizeof(day), "%02d/%02d/%d", t.day, t.month, t.year);
	buf_add_string(&v->out, "<p><strong>");
	page_word(v, words(v->l, "Projet"));
	buf_add_string(&v->out, "</strong> · ");
	buf_printf(&v->out,
		words(v->l,
			"écrit par tocsin le %s d'après cette installation ; le délégué à la protection des données et le juriste le lisent, le corrigent et le complètent avant tout usage."),
		day);
	buf_add_string(&v->out, "</p>\n");
}

static int put_draft(struct visit *v, const struct draft *d, struct error *e)
{
	int r = visit_reader(v);
	if (r < 0)
		return r;
	topics_refresh(v);
	return d->put(v, e);
}

void drafts_get(struct visit *v)
{
	const char *title = words(v->l, "Modèles de documents");
	conformity_open(v, title, DRAFTS_PATH);
	page_element(v, "p",
		words(v->l,
			"Des projets de documents, remplis avec ce que fait cette installation. Ils ne valent rien avant que le délégué à la protection des données et le juriste les aient lus et complétés."));
	buf_add_string(&v->out, "<ul>\n");
	for (size_t i = 0; i < DRAFTS; i++) {
		buf_printf(&v->out, "<li><a href=\"" DRAFTS_PATH "/%s\">", drafts[i].name);
		page_word(v, words(v->l, drafts[i].title));
		buf_add_string(&v->out, "</a> · ");
		page_word(v, words(v->l, drafts[i].what));
		buf_add_string(&v->out, "</li>\n");
	}
	buf_add_string(&v->out, "</ul>\n");
	conformity_end(v, 200);
}

void draft_get(struct visit *v)
{
	const struct draft *d = draft_of(v->argument);
	struct error e = {""};
	if (!d) {
		visit_problem(v, 404);
		return;
	}
	conformity_open(v, words(v->l, d->title), DRAFTS_PATH);
	put_caution(v);
	buf_printf(&v->out, "<p class=\"pages\"><a href=\"" DRAFTS_PATH "/%s/fichier\">", d->name);
	page_word(v, words(v->l, "Télécharger (HTML)"));
	buf_add_string(&v->out, "</a></p>\n");
	if (put_draft(v, d, &e) < 0)
		visit_problem(v, 503);
	else
		conformity_end(v, 200);
}

/* Without menus, to be put into the town's own documents. */
void draft_file_get(struct visit *v)
{
	const struct draft *d = draft_of(v->argument);
	struct error e = {""};
	char name[60];
	if (!d) {
		visit_problem(v, 404);
		return;
	}
	buf_printf(&v->out,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>",
		v->l == WORDS_EN ? "en" : "fr");
	page_word(v, words(v->l, d->title));
	buf_add_string(&v->out, "</title></head>\n<body>\n");
	page_element(v, "h1", words(v->l, d->title));
	put_caution(v);
	if (put_draft(v, d, &e) < 0) {
		visit_problem(v, 503);
		return;
	}
	buf_add_string(&v->out, "</body></html>\n");
	snprintf(name, sizeof(name), "tocsin-%s.html", d->name);
	visit_file(v, "text/html; charset=utf-8", name);
}

/* --- without an account */

static void put_public(struct visit *v, const char *name)
{
	const struct draft *d = draft_of(slice_of(name));
	struct error e = {""};
	page_open(v, words(v->l, d->title));
	page_element(v, "h1", words(v->l, d->title));
	if (put_draft(v, d, &e) < 0) {
		visit_problem(v, 503);
		return;
	}
	page_close(v);
	visit_page(v, 200);
}

void accessibility_get(struct visit *v)
{
	put_public(v, "accessibilite");
}

void listened_get(struct visit *v)
{
	if (v->c->s->config.console.register_public)
		put_public(v, "sujets");
	else
		visit_problem(v, 404);
}
