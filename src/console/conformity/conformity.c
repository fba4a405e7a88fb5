/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conformity.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>

static const struct tab {
	const char *path, *title;
	uint16_t roles;
} tabs[] = {
	{"/conformite", WORDS_MARK("Conservation"), ROLE_DPO | ROLE_ADMIN},
	{"/conformite/purge", WORDS_MARK("Purge"), ROLE_DPO | ROLE_ADMIN},
	{"/conformite/prescriptions", WORDS_MARK("Prescriptions"),
		ROLE_DPO | ROLE_JURIST | ROLE_MODERATION | ROLE_DIRCOM},
	{"/conformite/personne", WORDS_MARK("Une personne"), ROLE_DPO},
	{"/conformite/exports", WORDS_MARK("Exports"), ROLE_DPO},
	{"/conformite/journal", WORDS_MARK("Journal"), ROLE_DPO | ROLE_ADMIN},
	{"/conformite/modeles", WORDS_MARK("Modèles"), ROLE_DPO | ROLE_ADMIN | ROLE_JURIST},
};

static void put_tabs(struct visit *v, const char *path)
{
	if (!(v->session->roles & (ROLE_DPO | ROLE_ADMIN | ROLE_JURIST)))
		return;
	buf_printf(
		&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n", words(v->l, "Conformité"));
	for (size_t i = 0; i < sizeof(tabs) / sizeof(*tabs); i++) {
		if (!(v->session->roles & tabs[i].roles))
			continue;
		buf_printf(&v->out, "<li><a href=\"%s\"%s>", tabs[i].path,
			strcmp(path, tabs[i].path) == 0 ? " aria-current=\"page\"" : "");
		page_word(v, words(v->l, tabs[i].title));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
}

/* A backup took the place of the state: citizens who were erased since are there again. */
static void put_restored(struct visit *v)
{
	int64_t at;
	if (!config_restored(&v->c->s->config, &at))
		return;
	buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
	page_word(v, words(v->l, "Cette base est restaurée d'une sauvegarde du"));
	buf_add_char(&v->out, ' ');
	conformity_moment(v, at);
	page_word(v,
		words(v->l,
			" : ce qui a été effacé depuis à la demande d'une personne y est de nouveau. Refaites ces effacements d'après votre registre des demandes, puis faites supprimer le fichier « sauvegarde » du dossier des données."));
	buf_add_string(&v->out, "</p></div>\n");
}

void conformity_open(struct visit *v, const char *title, const char *path)
{
	buf_clear(&v->out);
	page_open(v, title);
	put_tabs(v, path);
	page_element(v, "h1", title);
	put_restored(v);
}

void conformity_wrong(struct visit *v, const char *text)
{
	buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
	page_word(v, text);
	buf_add_string(&v->out, "</p></div>\n");
}

void conformity_end(struct visit *v, unsigned status)
{
	page_close(v);
	visit_page(v, status);
}

void conformity_reason(struct visit *v, struct slice typed)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Motif (inscrit au journal, sans nom de personne)"));
	buf_printf(&v->out, "<input name=\"motif\" required maxlength=\"%d\" value=\"", REASON_MAX);
	html_text(&v->out, typed);
	buf_add_string(&v->out, "\"></label></p>\n");
}

bool conformity_reason_read(struct visit *v, struct buf *ret)
{
	if (!visit_field(v, "motif", REASON_MAX, ret))
		return false;
	for (size_t i = 0; i < ret->n; i++)
		if (ret->p[i] != ' ' && ret->p[i] != '\n' && ret->p[i] != '\t')
			return true;
	return false;
}

void conformity_table(struct visit *v, const char *caption, const char *const *heads)
{
	buf_printf(&v->out,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table class=\"data\"><thead><tr>",
		caption);
	for (size_t i = 0; heads[i]; i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, heads[i]);
		buf_add_string(&v->out, "</th>");
	}
	buf_add_string(&v->out, "</tr></thead><tbody>\n");
}

void conformity_table_end(struct visit *v)
{
	buf_add_string(&v->out, "</tbody></table></div>\n");
}

void conformity_number(struct visit *v, uint64_t n)
{
	char text[40];
	buf_printf(&v->out, "<td>%s</td>", words_number(v->l, (int64_t)n, text));
}

void conformity_day(struct visit *v, int64_t ms)
{
	const struct local_time t = clock_local(ms);
	char exact[CLOCK_TEXT];
	if (ms <= 0)
		buf_add_string(&v->out, "–");
	else
		buf_printf(&v->out, "<time datetime=\"%s\">%02d/%02d/%d</time>",
			clock_format(ms, exact), t.day, t.month, t.year);
}

void conformity_moment(struct visit *v, int64_t ms)
{
	const struct local_time t = clock_local(ms);
	char exact[CLOCK_TEXT];
	buf_printf(&v->out, "<time datetime=\"%s\">%02d/%02d/%d %02d:%02d</time>",
		clock_format(ms, exact), t.day, t.month, t.year, t.hour, t.minute);
}

void conformity_text(struct visit *v, struct slice text)
{
	buf_add_string(&v->out, "<td class=\"text\">");
	html_shown(&v->out, text);
	buf_add_string(&v->out, "</td>");
}

const char *conformity_kind(const struct visit *v, enum kept_as kind)
{
	static const char *const names[KEPT_KINDS] = {
		[KEPT_UNFLAGGED] = WORDS_MARK("non signalés"),
		[KEPT_FLAGGED] = WORDS_MARK("signalés, ou décidés par quelqu'un"),
		[KEPT_DISCRIMINATORY] =
			WORDS_MARK("injure discriminatoire ou provocation à la haine possibles"),
		[KEPT_OPPOSED] = WORDS_MARK("traités, de qui s'est opposé"),
		[KEPT_HELD] = WORDS_MARK("en dossier"),
	};
	return words(v->l, names[kind]);
}

struct census conformity_census(const struct visit *v)
{
	const struct config *c = &v->c->s->config;
	return (struct census){.keep = c->keep, .event = c->clock_event, .now = v->town};
}
