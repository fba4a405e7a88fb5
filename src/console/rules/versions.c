/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every version that was published, by whom and why, with the way back to it. */
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "rules.h"

enum { VERSIONS_MAX = 100 };

struct versions {
	struct visit *v;
	char active[65];
	bool shown; /* the active one: its newest line only */
};

static void put_return(struct versions *s, const struct publication *p)
{
	struct visit *v = s->v;
	_free_ char *folder =
		xasprintf("%s/bundles/%.*s", v->c->s->config.state_dir, (int)p->hash.n, p->hash.p);
	if (!rules_may_write(v) || slice_is(p->hash, s->active))
		return;
	if (access(folder, F_OK) < 0) {
		buf_add_string(&v->out, "<p class=\"meta\">");
		page_word(v, words(v->l, "Ses fichiers n'existent plus."));
		buf_add_string(&v->out, "</p>");
		return;
	}
	buf_printf(&v->out, "<p><a href=\"/regles/revenir/%.*s\">", (int)p->hash.n, p->hash.p);
	page_word(v, words(v->l, "Voir ce qui changerait, et y revenir"));
	buf_add_string(&v->out, "</a></p>");
}

static int put_version(void *user, const struct publication *p)
{
	struct versions *s = user;
	struct visit *v = s->v;
	bool active = !s->shown && slice_is(p->hash, s->active);
	s->shown |= active;
	buf_add_string(&v->out, "<li><p>");
	if (active) {
		buf_add_string(&v->out, "<strong>");
		page_word(v, words(v->l, "En vigueur"));
		buf_add_string(&v->out, "</strong> · ");
	}
	page_time(v, p->at);
	buf_printf(&v->out, " · <code>%.12s</code> · ", p->hash.p);
	page_person(v, p->who);
	buf_add_string(&v->out, "<br><q>");
	html_shown(&v->out, p->reason);
	buf_add_string(&v->out, "</q></p>");
	put_return(s, p);
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

void rules_log_get(struct visit *v)
{
	struct versions s = {.v = v};
	struct error e = {""};
	int r = visit_reader(v);
	rules_open(v, words(v->l, "Versions"));
	if (r == 0)
		r = reader_bundle(v->c->reader, s.active, &e);
	buf_add_string(&v->out, "<ol class=\"versions\">\n");
	if (r == 0)
		r = reader_publications(v->c->reader, VERSIONS_MAX, put_version, &s, &e);
	buf_add_string(&v->out, "</ol>\n");
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, 200);
}
