/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every version that was published, by whom and why, with the way back to it. */
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "rules.h"

enum { VERSIONS_MAX = 100, REASON_MAX = 1000 };

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
	buf_add_string(&v->out, "<details><summary>");
	page_word(v, words(v->l, "Revenir à cette version"));
	buf_add_string(&v->out, "</summary>");
	page_form(v, "noting", "/regles/revenir/%.*s", (int)p->hash.n, p->hash.p);
	buf_printf(
		&v->out, "<input type=\"hidden\" name=\"sur\" value=\"%s\"><p><label>", s->active);
	page_word(v, words(v->l, "Pourquoi ?"));
	buf_printf(&v->out,
		"<input name=\"motif\" required maxlength=\"%d\"></label></p><p><button>",
		(int)REASON_MAX);
	page_word(v, words(v->l, "Revenir à cette version"));
	buf_add_string(&v->out, "</button></p></form></details>");
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

/* --- going back */

static void returned(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	struct error e = {""};
	char active[65] = "";
	(void)!reader_bundle(v->c->reader, active, &e);
	if (r->code == 0 || (!r->busy && strcmp(active, j->base) == 0))
		visit_tell(v, false,
			words(v->l, "Les règles de cette version sont de nouveau en vigueur."));
	else if (job_unsure(r))
		visit_tell(v, true, JOB_UNSURE(v));
	else if (r->code > 0 && r->said.n) {
		buf_add_slice(&j->found, r->said);
		visit_tell(v, true, buf_string(&j->found));
	} else
		visit_tell(v, true, job_why(v, r));
	visit_go(v, "/regles/journal");
	job_end(j);
}

static int is_published(void *user, const struct publication *p)
{
	const struct visit *v = user;
	return slice_equal(p->hash, v->argument);
}

void rules_return_post(struct visit *v)
{
	_buf_ struct buf over = {0}, reason = {0};
	struct error e = {""};
	unsigned char digest[DIGEST_SIZE];
	int r = visit_reader(v);
	if (r == 0)
		r = reader_publications(v->c->reader, VERSIONS_MAX, is_published, v, &e);
	if (r <= 0) {
		visit_problem(v, r < 0 ? 503 : 404);
		return;
	}
	if (!visit_field(v, "sur", 64, &over) ||
		digest_unhex(buf_slice(&over), digest, sizeof(digest)) < 0 ||
		!visit_field(v, "motif", REASON_MAX, &reason) || !reason.n) {
		visit_tell(v, true, words(v->l, "Un motif est nécessaire."));
		visit_go(v, "/regles/journal");
		return;
	}
	_free_ char *hash = xasprintf("%.*s", (int)v->argument.n, v->argument.p);
	_free_ char *why = xasprintf("--reason=%s", buf_string(&reason));
	_free_ char *who = xasprintf("--who=%s", v->session->name);
	_free_ char *active = xasprintf("--over=%s", buf_string(&over));
	const char *const words_[] = {"rollback", hash, who, why, active, NULL};
	struct job *j = job_new(v);
	snprintf(j->base, sizeof(j->base), "%s", hash);
	job_run(j, words_, (struct slice){0}, WORK_LONG_MS, returned);
}
