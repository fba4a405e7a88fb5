/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conservation: what is kept, as what, until when; what a dossier holds; the purges that were made. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "conformity.h"

enum { HOLDS_MAX = 100, PURGES_MAX = 10 };
#define UNDER_WAY_MS CLOCK_HOUR /* an erasure may last */

static int64_t keep_of(const struct census *c, enum kept_as kind)
{
	const int64_t keeps[KEPT_KINDS] = {
		c->keep.unflagged_ms, c->keep.flagged_ms, c->keep.discriminatory_ms, 0};
	return keeps[kind];
}

static void put_kinds(struct visit *v, const struct census *c)
{
	const char *const heads[] = {words(v->l, "textes"), words(v->l, "gardés"),
		words(v->l, "combien"), words(v->l, "le plus ancien"),
		words(v->l, "première échéance"), NULL};
	const char *title = words(v->l, "Ce qui est gardé");
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (enum kept_as kind = 0; kind < KEPT_KINDS; kind++) {
		const struct kept *k = &c->kinds[kind];
		char text[40];
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		page_word(v, conformity_kind(v, kind));
		buf_add_string(&v->out, "</th><td>");
		page_word(v,
			kind == KEPT_HELD ? words(v->l, "jusqu'à la levée du dossier")
				: kind == KEPT_OPPOSED
				? words(v->l, "jusqu'à la purge suivante")
				: words_duration(v->l, keep_of(c, kind), text));
		buf_add_string(&v->out, "</td>");
		conformity_number(v, k->texts);
		buf_add_string(&v->out, "<td>");
		conformity_day(v, k->oldest);
		buf_add_string(&v->out, "</td><td>");
		conformity_day(v, k->ends);
		buf_add_string(&v->out, "</td></tr>\n");
	}
	conformity_table_end(v);
	buf_add_string(&v->out, "<p class=\"count\">");
	char text[40];
	buf_printf(&v->out,
		words_n(v->l,
			"%s texte est déjà effacé ; les décisions et les statistiques restent.",
			"%s textes sont déjà effacés ; les décisions et les statistiques restent.",
			c->wiped),
		words_number(v->l, (int64_t)c->wiped, text));
	buf_add_string(&v->out, "</p>\n");
}

/* What their owners allow no longer, whatever the rules say of it. */
static void put_sources(struct visit *v, const struct census *c)
{
	char text[40];
	if (!c->keep.n_sources)
		return;
	buf_add_string(&v->out, "<p>");
	page_word(v, words(v->l, "Moins longtemps, car la source ne permet pas plus :"));
	for (size_t i = 0; i < c->keep.n_sources; i++) {
		buf_add_string(&v->out, i ? ", " : " ");
		page_person(v, c->keep.sources[i].id);
		buf_add_string(&v->out, " ");
		page_word(v, words_duration(v->l, c->keep.sources[i].ms, text));
	}
	buf_add_string(&v->out, ".</p>\n");
}

static void put_dossier(struct visit *v, int64_t id)
{
	buf_printf(&v->out, "<td><a href=\"/dossiers/%lld\">", (long long)id);
	buf_printf(&v->out, words(v->l, "dossier n° %lld"), (long long)id);
	buf_add_string(&v->out, "</a></td>");
}

static int put_hold(void *user, const struct hold *h)
{
	struct visit *v = user;
	buf_printf(&v->out, "<tr><th scope=\"row\">n° %lld</th><td>", (long long)h->row);
	conformity_moment(v, h->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, h->who);
	buf_add_string(&v->out, "</td>");
	if (h->dossier)
		put_dossier(v, h->dossier);
	else
		conformity_text(v, h->why);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

/* The reason of a dossier may tell of its content. */
static int put_holds(struct visit *v, const struct census *c, struct error *e)
{
	const char *const heads[] = {words(v->l, "commentaire"), words(v->l, "retenu le"),
		words(v->l, "par"), words(v->l, "motif"), NULL};
	const char *title = words(v->l, "Retenus par un dossier");
	if (!c->kinds[KEPT_HELD].texts || !(v->session->roles & ROLE_DPO))
		return 0;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	int r = reader_holds(v->c->reader, HOLDS_MAX, put_hold, v, e);
	conformity_table_end(v);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

static const char *purge_what(const struct visit *v, struct slice what)
{
	if (slice_is(what, "âge"))
		return words(v->l, "durées passées");
	if (slice_is(what, "auteur"))
		return words(v->l, "une personne");
	return slice_is(what, "commentaire") ? words(v->l, "un commentaire") : "–";
}

static int put_purge(void *user, const struct purge_done *p)
{
	struct visit *v = user;
	buf_printf(&v->out,
		"<tr><th scope=\"row\"><a href=\"/conformite/purge/%lld\">n° %lld</a></th><td>",
		(long long)p->number, (long long)p->number);
	conformity_moment(v, p->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, p->who);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, purge_what(v, p->what));
	buf_add_string(&v->out, "</td>");
	conformity_number(v, p->comments);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

static int put_purges(struct visit *v, struct error *e)
{
	const char *const heads[] = {words(v->l, "purge"), words(v->l, "faite le"),
		words(v->l, "par"), words(v->l, "de quoi"), words(v->l, "commentaires effacés"),
		NULL};
	const char *title = words(v->l, "Purges faites");
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	page_element(v, "p",
		words(v->l,
			"tocsin purge de lui-même chaque jour ce qui a passé sa durée. Chaque purge a sa preuve."));
	conformity_table(v, title, heads);
	int r = reader_purges(v->c->reader, 0, PURGES_MAX, put_purge, v, e);
	conformity_table_end(v);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* --- erasures that a stop cut off */

struct cut_off {
	struct visit *v;
	bool any;
};

static void open_cut_off(struct visit *v)
{
	const char *const heads[] = {
		words(v->l, "de quoi"), words(v->l, "commencé le"), words(v->l, "état"), NULL};
	const char *title = words(v->l, "Effacements inachevés");
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	page_element(v, "p",
		words(v->l,
			"Un arrêt les a interrompus : refaites la même demande, elle ira à son terme. Les noms affichés qui restent à ôter du journal sont gardés sept jours, puis oubliés : relisez alors les motifs du journal. Le numéro est celui de la consultation, au journal."));
	conformity_table(v, title, heads);
}

static int put_unfinished(void *user, const struct unfinished *u)
{
	struct cut_off *c = user;
	struct visit *v = c->v;
	if (!c->any)
		open_cut_off(v);
	c->any = true;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, u->account ? words(v->l, "une personne") : words(v->l, "un commentaire"));
	buf_printf(&v->out, " · n° %.*s</th><td>", (int)u->mark.n, u->mark.p);
	conformity_moment(v, u->since);
	buf_add_string(&v->out, "</td><td>");
	page_word(v,
		u->names ? words(v->l, "à refaire, au plus tard le")
			 : words(v->l, "à refaire ; plus de nom à chercher depuis le"));
	buf_add_char(&v->out, ' ');
	conformity_day(v, u->since + ERASED_NAMES_MS);
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

static int put_cut_off(struct visit *v, struct error *e)
{
	struct cut_off c = {v, false};
	int r = reader_unfinished(v->c->reader, v->now - UNDER_WAY_MS, put_unfinished, &c, e);
	if (!c.any)
		return r;
	conformity_table_end(v);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

static int step(struct visit *v, void *state, struct error *e)
{
	int r = reader_census(v->c->reader, STINT_ROWS, state, e);
	return r == READER_END ? STINT_DONE : r;
}

static void show(struct visit *v, void *state, int r, const struct error *why)
{
	const struct census *c = state;
	struct error e = *why;
	conformity_open(v, words(v->l, "Conservation"), "/conformite");
	if (r == 0) {
		put_kinds(v, c);
		put_sources(v, c);
		r = put_holds(v, c, &e);
	}
	if (r == 0)
		r = put_cut_off(v, &e);
	if (r == 0)
		r = put_purges(v, &e);
	if (r < 0)
		visit_problem(v, 503);
	else
		conformity_end(v, 200);
}

void kept_get(struct visit *v)
{
	struct census *c = xcalloc(1, sizeof(*c));
	*c = conformity_census(v);
	stint_begin(v, &(struct stint){c, step, show, free});
}
