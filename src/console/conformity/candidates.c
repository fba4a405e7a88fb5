/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "candidates.h"
#include <tocsin/html/html.h>

bool candidates_need_pick(const struct whom *w)
{
	if (w->n == 1 && memcmp(w->list[0].key, w->key, sizeof(w->key)) == 0)
		return w->nameless > 0;
	return w->n || w->nameless;
}

static const char *near(const struct visit *v, enum whom_by by)
{
	static const char *const names[] = {WORDS_MARK("trouvé par le nom du compte"),
		WORDS_MARK("trouvé par l'adresse"), WORDS_MARK("trouvé par le nom affiché"),
		WORDS_MARK("trouvé par une partie du nom")};
	return words(v->l, names[by]);
}

static void put_hidden(struct visit *v, const char *name, struct slice value)
{
	buf_printf(&v->out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	html_text(&v->out, value);
	buf_add_string(&v->out, "\">");
}

static void put_pick(
	struct visit *v, const struct whom *w, const struct whom_account *a, struct slice why)
{
	page_form(v, "noting", "/conformite/personne");
	put_hidden(v, "source", buf_slice(&w->source));
	put_hidden(v, "compte", buf_slice(&a->account));
	put_hidden(v, "motif", why);
	put_hidden(v, "choisi", SLICE("1"));
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "C'est ce compte"));
	buf_add_string(&v->out, "</button></form>");
}

static void put_account(
	struct visit *v, const struct whom *w, const struct whom_account *a, struct slice why)
{
	char text[40];
	buf_add_string(&v->out, "<li><p><strong>");
	if (a->account.n)
		html_shown(&v->out, buf_slice(&a->account));
	else
		page_word(v, words(v->l, "nom du compte non gardé (opposition)"));
	buf_add_string(&v->out, "</strong>");
	if (a->shown.n && !slice_equal(buf_slice(&a->shown), buf_slice(&a->account))) {
		buf_add_string(&v->out, " · ");
		html_shown(&v->out, buf_slice(&a->shown));
	}
	buf_add_string(&v->out, "</p><p class=\"meta\">");
	html_shown(&v->out, buf_slice(&w->source));
	buf_add_string(&v->out, " · ");
	buf_printf(&v->out, words_n(v->l, "%s texte", "%s textes", a->texts),
		words_number(v->l, (int64_t)a->texts, text));
	buf_add_string(&v->out, " · ");
	page_word(v, words(v->l, "le dernier du"));
	buf_add_char(&v->out, ' ');
	conformity_day(v, a->last);
	buf_add_string(&v->out, " · ");
	page_word(v, near(v, a->by));
	buf_add_string(&v->out, "</p>");
	if (a->account.n)
		put_pick(v, w, a, why);
	buf_add_string(&v->out, "</li>\n");
}

static void put_list(struct visit *v, const struct whom *w, struct slice why)
{
	buf_add_string(&v->out, "<ul class=\"candidates\">\n");
	for (uint32_t i = 0; i < w->n; i++)
		put_account(v, w, &w->list[i], why);
	buf_add_string(&v->out, "</ul>\n");
	if (w->more)
		page_element(v, "p",
			words(v->l,
				"Il y en a d'autres : donnez un nom plus précis, ou l'adresse d'un commentaire."));
	page_element(v, "p",
		words(v->l,
			"Deux personnes peuvent porter le même nom : assurez-vous que c'est bien le compte de qui demande."));
}

void candidates_page(struct visit *v, const struct whom *w, struct slice why)
{
	char text[40];
	conformity_open(v, words(v->l, "Les droits d'une personne"), "/conformite/personne");
	buf_add_string(&v->out, "<p>");
	html_shown(&v->out, buf_slice(&w->typed));
	buf_add_string(&v->out, " · ");
	html_shown(&v->out, buf_slice(&w->source));
	buf_add_string(&v->out, "</p>\n");
	page_element(v, "h2", words(v->l, "De quel compte s'agit-il ?"));
	if (w->n)
		put_list(v, w, why);
	if (w->nameless) {
		buf_add_string(&v->out, "<p>");
		buf_printf(&v->out,
			words_n(v->l,
				"%s texte porte ce nom ou cette adresse sans que la source en dise le compte : il s'efface seul, par la commande « tocsin purge --id ».",
				"%s textes portent ce nom ou cette adresse sans que la source en dise le compte : ils s'effacent un par un, par la commande « tocsin purge --id ».",
				w->nameless),
			words_number(v->l, (int64_t)w->nameless, text));
		buf_add_string(&v->out, "</p>\n");
	}
	buf_add_string(&v->out, "<p><a href=\"/conformite/personne\">");
	page_word(v, words(v->l, "Chercher autrement"));
	buf_add_string(&v->out, "</a></p>\n");
	conformity_end(v, 200);
}
