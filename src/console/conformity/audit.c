/* SPDX-License-Identifier: GPL-3.0-or-later
 * The account of what people did: who, what, why. */
#include <errno.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/category.h>
#include "acts.h"
#include "conformity.h"
#include "../queue/card.h"

enum { ENTRIES = 50 };

struct listing {
	struct visit *v;
	size_t n;
	int64_t last;
};

static bool cut(struct slice *rest, const char *mark, struct slice *ret)
{
	const char *at = memmem(rest->p, rest->n, mark, strlen(mark));
	if (!at)
		return false;
	*ret = (struct slice){rest->p, (size_t)(at - rest->p)};
	rest->p = at + strlen(mark);
	rest->n -= ret->n + strlen(mark);
	return true;
}

/* "7, masquer (menace)"; an account from before says the number alone. */
static void put_decided(struct visit *v, struct slice what)
{
	_buf_ struct buf category = {0};
	struct slice number, decision, more = what;
	if (!cut(&more, ", ", &number)) {
		conformity_text(v, what);
		return;
	}
	if (cut(&more, " (", &decision))
		more.n -= slice_ends(more, ")");
	else {
		decision = more;
		more.n = 0;
	}
	buf_add_string(&v->out, "<td class=\"text\">n° ");
	html_text(&v->out, number);
	buf_add_string(&v->out, " · ");
	card_decision(v, decision);
	if (category_known(more))
		phrase_category(v->l, more, &category);
	else
		buf_add_slice(&category, more);
	if (category.n) {
		buf_add_string(&v->out, " · ");
		html_shown(&v->out, buf_slice(&category));
	}
	buf_add_string(&v->out, "</td>");
}

static int put_entry(void *user, const struct audit_entry *a)
{
	struct listing *l = user;
	struct visit *v = l->v;
	const struct act *act = act_of(a->verb);
	l->n++;
	if (l->n > ENTRIES)
		return 0;
	l->last = a->id;
	buf_add_string(&v->out, "<tr><td>");
	conformity_moment(v, a->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, a->who);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, act ? words(v->l, act->french) : "–");
	buf_add_string(&v->out, "</td>");
	if (act == &acts[AUDIT_DECIDE] || act == &acts[AUDIT_SECOND])
		put_decided(v, a->what);
	else
		conformity_text(v, a->what);
	conformity_text(v, a->why);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

static void put_tabs(struct visit *v, const struct act_tab *now)
{
	buf_printf(&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n", words(v->l, "Journal"));
	for (size_t i = 0; i < ACT_GROUPS; i++) {
		if (!(v->session->roles & act_tabs[i].roles))
			continue;
		buf_printf(&v->out, "<li><a href=\"/conformite/journal?quoi=%s\"%s>",
			act_tabs[i].name, &act_tabs[i] == now ? " aria-current=\"page\"" : "");
		page_word(v, words(v->l, act_tabs[i].title));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
}

/* The one that is asked for, else the first that the roles open; NULL: they do not open it. */
static const struct act_tab *tab_of(struct visit *v)
{
	_buf_ struct buf name = {0};
	const int asked = visit_query(v, "quoi", 40, &name);
	for (size_t i = 0; i < ACT_GROUPS; i++)
		if (v->session->roles & act_tabs[i].roles &&
			(asked == -ENOENT || slice_is(buf_slice(&name), act_tabs[i].name)))
			return &act_tabs[i];
	return NULL;
}

static void put_older(struct visit *v, const struct act_tab *tab, const struct listing *l)
{
	if (l->n <= ENTRIES)
		return;
	buf_printf(&v->out,
		"<nav class=\"pages\" aria-label=\"%s\"><ul><li><a rel=\"next\" href=\"/conformite/journal?quoi=%s&amp;avant=%lld\">",
		words(v->l, "Suite"), tab->name, (long long)l->last);
	page_word(v, words(v->l, "Plus ancien"));
	buf_add_string(&v->out, "</a></li></ul></nav>\n");
}

void audit_get(struct visit *v)
{
	const char *const heads[] = {words(v->l, "le"), words(v->l, "qui"), words(v->l, "quoi"),
		words(v->l, "objet"), words(v->l, "motif"), NULL};
	const struct act_tab *tab = tab_of(v);
	struct listing l = {.v = v};
	_buf_ struct buf before = {0}, verbs = {0};
	struct error e = {""};
	int64_t from = 0;
	if (!tab) {
		visit_problem(v, 403);
		return;
	}
	if (visit_query(v, "avant", 20, &before) == 0 && !slice_number(buf_slice(&before), &from)) {
		visit_problem(v, 400);
		return;
	}
	conformity_open(v, words(v->l, "Journal"), "/conformite/journal");
	put_tabs(v, tab);
	conformity_table(v, words(v->l, tab->title), heads);
	int r = visit_reader(v);
	act_verbs((enum act_group)(tab - act_tabs), &verbs);
	if (r == 0)
		r = reader_audit(
			v->c->reader, buf_string(&verbs), from, ENTRIES + 1, put_entry, &l, &e);
	conformity_table_end(v);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	if (!l.n)
		page_element(v, "p", words(v->l, "Rien n'y est inscrit."));
	put_older(v, tab, &l);
	conformity_end(v, 200);
}
