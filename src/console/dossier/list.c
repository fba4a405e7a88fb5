/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list of dossiers, the newest first. */
#include <errno.h>
#include <tocsin/html/html.h>
#include "../access/limit.h"
#include "../conformity/conformity.h"
#include "dossier.h"

enum { SHOWN = 50 };

struct list {
	struct visit *v;
	size_t n;
	int64_t last;
};

static void put_state(struct visit *v, const struct dossier *d)
{
	if (d->lifted_at)
		page_word(v, words(v->l, "levé"));
	else if (d->sent_at)
		page_word(v, words(v->l, "envoyé"));
	else
		page_word(v, words(v->l, "à envoyer"));
}

static int put_dossier(void *user, const struct dossier *d)
{
	struct list *l = user;
	struct visit *v = l->v;
	if (l->n++ == SHOWN)
		return 0;
	l->last = d->id;
	buf_printf(&v->out, "<tr><th scope=\"row\"><a href=\"/dossiers/%lld\">n° %lld</a></th>",
		(long long)d->id, (long long)d->id);
	conformity_text(v, d->title);
	buf_add_string(&v->out, "<td>");
	page_word(v, dossier_purpose(v, d->purpose));
	buf_add_string(&v->out, "</td><td>");
	page_word(v, dossier_victim(v, d->victim));
	buf_add_string(&v->out, "</td>");
	conformity_number(v, d->pieces);
	buf_add_string(&v->out, "<td>");
	conformity_day(v, d->opened_at);
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, d->sent_at);
	buf_add_string(&v->out, "</td><td>");
	put_state(v, d);
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

static int put_table(struct list *l, bool all, int64_t before, struct error *e)
{
	struct visit *v = l->v;
	const char *const heads[] = {words(v->l, "dossier"), words(v->l, "objet"),
		words(v->l, "pour quoi"), words(v->l, "qui est visé"), words(v->l, "pièces"),
		words(v->l, "ouvert le"), words(v->l, "dernier envoi"), words(v->l, "état"), NULL};
	const size_t start = v->out.n;
	conformity_table(v, words(v->l, "Dossiers"), heads);
	int r = reader_dossiers(v->c->reader, !all, before, SHOWN + 1, put_dossier, l, e);
	conformity_table_end(v);
	if (l->n)
		return r;
	v->out.n = start;
	page_element(v, "p",
		all ? words(v->l, "Il n'y a pas encore de dossier.")
		    : words(v->l,
			      "Aucun dossier n'est ouvert. On en ouvre un depuis un commentaire, par « Mettre dans un dossier »."));
	return r;
}

static void put_ways(struct list *l, bool all)
{
	struct visit *v = l->v;
	buf_printf(&v->out, "<nav class=\"pages\" aria-label=\"%s\"><ul><li><a href=\"%s\">",
		words(v->l, "Autres dossiers"), all ? "/dossiers" : "/dossiers?tous=1");
	page_word(v,
		all ? words(v->l, "Les dossiers ouverts seulement")
		    : words(v->l, "Les dossiers levés aussi"));
	buf_add_string(&v->out, "</a></li>\n");
	if (l->n > SHOWN) {
		buf_printf(&v->out, "<li><a rel=\"next\" href=\"/dossiers?%savant=%lld\">",
			all ? "tous=1&amp;" : "", (long long)l->last);
		page_word(v, words(v->l, "Plus ancien"));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
}

/* Behind which one, and whether those that are lifted are asked for too. */
static bool read_query(struct visit *v, bool *ret_all, int64_t *ret_before)
{
	_buf_ struct buf before = {0}, all = {0};
	int r = visit_query(v, "tous", 1, &all);
	*ret_all = all.n > 0;
	*ret_before = 0;
	if (r != 0 && r != -ENOENT)
		return false;
	r = visit_query(v, "avant", 20, &before);
	return r == -ENOENT || (r == 0 && slice_number(buf_slice(&before), ret_before));
}

void dossiers_get(struct visit *v)
{
	struct list l = {.v = v};
	struct error e = {""};
	int64_t before;
	bool all;
	if (!read_query(v, &all, &before)) {
		visit_problem(v, 400);
		return;
	}
	page_open(v, words(v->l, "Dossiers"));
	page_element(v, "h1", words(v->l, "Dossiers"));
	page_element(v, "p",
		words(v->l,
			"Un dossier réunit des commentaires et retient leur texte : aucune purge ne l'efface tant que le dossier n'est pas levé."));
	if (limit_is(v))
		page_element(v, "p",
			words(v->l,
				"Seuls sont ici les dossiers dont toutes les pièces viennent des sources que vous voyez."));
	int r = visit_reader(v);
	if (r == 0)
		r = put_table(&l, all, before, &e);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	put_ways(&l, all);
	page_close(v);
	visit_page(v, 200);
}
