/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "team.h"
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>

void team_put_candidates(struct visit *v)
{
	const struct policy_election *e = policy_election_at(&v->c->policy, v->town);
	char until[DAY_TEXT];
	if (!e || !e->n_candidates)
		return;
	page_element(v, "h2", words(v->l, "Sujets et candidats"));
	buf_add_string(&v->out, "<p>");
	buf_printf(&v->out,
		words(v->l, "Jusqu'au %s, aucun sujet qui nomme un candidat n'est publié : "),
		day_format(e->to, v->l == WORDS_EN, until));
	for (size_t i = 0; i < e->n_candidates; i++) {
		buf_add_string(&v->out, i ? ", " : "");
		html_shown(&v->out, slice_of(e->candidates[i]));
	}
	buf_add_string(&v->out, ".</p>\n");
}

int team_absences(struct visit *v)
{
	struct console *c = v->c;
	struct absence_mark mark = {0};
	struct absence *list;
	struct arena arena;
	struct error e;
	size_t n;
	int r = visit_reader(v);
	if (r == 0)
		r = reader_absence_mark(c->reader, &mark, &e);
	if (r < 0 ||
		(c->absences_known && mark.last == c->absences.last && mark.n == c->absences.n))
		return r;
	arena_init(&arena, 0);
	r = reader_absences(c->reader, &arena, &list, &n, &e);
	if (r == 0) {
		policy_away(&c->policy, list, n);
		c->absences = mark;
		c->absences_known = true;
	}
	arena_release(&arena);
	return r;
}

void team_open(struct visit *v, const char *title, const char *path)
{
	static const struct {
		const char *path, *title;
		uint16_t roles;
	} tabs[] = {{"/equipe", WORDS_MARK("Absences et suppléances"), ROUTE_SIGNED},
		{"/equipe/statistiques", WORDS_MARK("Statistiques"), ROUTE_SIGNED},
		{"/situation/exercice", WORDS_MARK("Exercice"),
			ROLE_DIRCOM | ROLE_DGS | ROLE_ADMIN},
		{"/comptes", WORDS_MARK("Comptes"), ROLE_ADMIN}};
	page_open(v, title);
	buf_printf(&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n", words(v->l, "Équipe"));
	for (size_t i = 0; i < sizeof(tabs) / sizeof(*tabs); i++) {
		if (!(v->session->roles & tabs[i].roles))
			continue;
		buf_printf(&v->out, "<li><a href=\"%s\"%s>", tabs[i].path,
			strcmp(path, tabs[i].path) == 0 ? " aria-current=\"page\"" : "");
		page_word(v, words(v->l, tabs[i].title));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
	page_element(v, "h1", title);
}
