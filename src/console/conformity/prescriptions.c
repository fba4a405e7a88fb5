/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calendar of prescriptions: of what was flagged and nobody left online, when the law's short clock ends. Those that end
 * within thirty days are listed, within seven they stand out. No text: whoever may read it finds it by its number. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/clocks/clocks.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "conformity.h"
#include "../queue/card.h"
#include "../dossier/dossier.h"

static int step(struct visit *v, void *state, struct error *e)
{
	int r = clocks_step(v->c->reader, state, e);
	return r == READER_END ? STINT_DONE : r;
}

static void put_number(struct visit *v, const struct clock_of *o)
{
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM))
		buf_printf(&v->out, "<a href=\"/moderation/%lld\">n° %lld</a>", (long long)o->seq,
			(long long)o->row);
	else
		buf_printf(&v->out, "n° %lld", (long long)o->row);
}

static void put_left(struct visit *v, const struct clocks *c, const struct clock_of *o)
{
	const int64_t left = o->day - c->today;
	buf_printf(&v->out, "<span class=\"badge%s\">", left <= CLOCKS_SOON ? " p1" : "");
	buf_printf(&v->out, words(v->l, "J-%lld"), (long long)left);
	buf_add_string(&v->out, "</span>");
}

static void put_row(struct visit *v, const struct clocks *c, const struct clock_of *o)
{
	_buf_ struct buf category = {0};
	phrase_category(v->l, slice_of(o->category), &category);
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	put_number(v, o);
	buf_add_string(&v->out, "</th><td>");
	put_left(v, c, o);
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, day_instant(o->day, 0));
	buf_add_string(&v->out, "</td><td>");
	html_text(&v->out, buf_slice(&category));
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, o->said_at);
	buf_add_string(&v->out, "</td><td>");
	if (o->held)
		dossier_put_links(v, o->row);
	else if (*o->decision)
		card_decision(v, slice_of(o->decision));
	else
		page_word(v, words(v->l, "à décider"));
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_list(
	struct visit *v, const struct clocks *c, const char *title, int64_t from, int64_t to)
{
	const char *const heads[] = {words(v->l, "commentaire"), words(v->l, "reste"),
		words(v->l, "agir avant le"), words(v->l, "supposition"), words(v->l, "dit le"),
		words(v->l, "état"), NULL};
	size_t n = 0;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	for (size_t i = 0; i < c->n; i++) {
		const int64_t left = c->list[i].day - c->today;
		if (left < from || left > to)
			continue;
		if (n++ == 0)
			conformity_table(v, title, heads);
		put_row(v, c, &c->list[i]);
	}
	if (n)
		conformity_table_end(v);
	else
		page_element(v, "p", words(v->l, "Aucune."));
	buf_add_string(&v->out, "</section>\n");
}

/* Whom the reminders reach, as the plan names them. */
static void put_reminded(struct visit *v)
{
	const struct policy_mailing *to = &v->c->policy.prescriptions;
	_buf_ struct buf names = {0};
	for (size_t i = 0; i < to->n_targets; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", to->targets[i].name);
	buf_add_string(&v->out, "<p>");
	page_word(v, words(v->l, "Rappels par courriel, à J-30 et à J-7 :"));
	buf_add_char(&v->out, ' ');
	if (names.n)
		html_text(&v->out, buf_slice(&names));
	else
		page_word(v,
			words(v->l,
				"personne ; « prescriptions » dans le plan d'alerte dit à qui."));
	buf_add_string(&v->out, "</p>\n");
}

static void show(struct visit *v, void *state, int r, const struct error *e)
{
	struct clocks *c = state;
	char n[40];
	(void)e;
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	clocks_sort(c);
	conformity_open(v, words(v->l, "Prescriptions"), "/conformite/prescriptions");
	page_element(v, "p",
		words(v->l,
			"Injure, diffamation, fausse nouvelle : trois mois depuis la publication ; injure discriminatoire et provocation à la haine : un an (loi du 29 juillet 1881, articles 65 et 65-3). Ce sont des suppositions : un juriste qualifie et vérifie la date."));
	put_reminded(v);
	put_list(v, c, words(v->l, "Dans sept jours ou moins"), 0, CLOCKS_SOON);
	put_list(v, c, words(v->l, "Dans trente jours ou moins"), CLOCKS_SOON + 1, CLOCKS_WARN);
	buf_add_string(&v->out, "<p class=\"count\">");
	if (c->beyond)
		page_word(v,
			words(v->l,
				"La liste est pleine : d'autres finissent dans les trente jours."));
	buf_add_char(&v->out, ' ');
	buf_printf(&v->out,
		words_n(v->l, "%s autre court plus longtemps.", "%s autres courent plus longtemps.",
			c->later),
		words_number(v->l, (int64_t)c->later, n));
	buf_add_string(&v->out, "</p>\n");
	conformity_end(v, 200);
}

void prescriptions_get(struct visit *v)
{
	struct clocks *c = xcalloc(1, sizeof(*c));
	c->today = day_of(v->town, NULL);
	stint_begin(v, &(struct stint){c, step, show, free});
}
