/* SPDX-License-Identifier: GPL-3.0-or-later
 * Trying a text: why it would wait for a human eye, or not, as `tocsin rules explain` tells it; under the rules in force, or
 * under those of one's draft. */
#include "rules.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <tocsin/html/html.h>

enum { TEXT_MAX = 10000 /* characters */ };

static void put_form(struct visit *v, struct slice text)
{
	struct draft d = {0};
	bool drafted = rules_may_write(v) && draft_open(v, &d) == 0 && d.any;
	draft_release(&d);
	page_form(v, "noting", "/regles/essayer");
	buf_add_string(&v->out, "<p><label for=\"texte\">");
	page_word(v, words(v->l, "Le texte, tel qu'un habitant pourrait l'écrire"));
	buf_printf(&v->out,
		"</label><textarea id=\"texte\" name=\"texte\" rows=\"4\" required maxlength=\"%d\">\n",
		(int)TEXT_MAX);
	html_kept(&v->out, text);
	buf_add_string(&v->out, "</textarea></p>\n<p class=\"choices\"><button class=\"main\">");
	page_word(v, words(v->l, "Essayer"));
	buf_add_string(&v->out, "</button>");
	if (drafted) {
		buf_add_string(&v->out, " <button name=\"avec\" value=\"brouillon\">");
		page_word(v, words(v->l, "Essayer avec mon brouillon"));
		buf_add_string(&v->out, "</button>");
	}
	buf_add_string(&v->out, "</p></form>\n<p class=\"meta\">");
	page_word(v, words(v->l, "Rien n'est gardé de ce texte, et rien n'entre dans la file."));
	buf_add_string(&v->out, "</p>\n");
}

static void open_page(struct visit *v, struct slice text)
{
	buf_clear(&v->out);
	rules_open(v, words(v->l, "Essayer un texte"));
	put_form(v, text);
}

static void show(struct visit *v, unsigned status, const char *wrong, struct slice text)
{
	open_page(v, text);
	rules_say(v, true, wrong);
	page_close(v);
	visit_page(v, status);
}

static void put_under(struct visit *v, const struct job *j)
{
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v,
		j->folder ? words(v->l, "Sous les règles de votre brouillon.")
			  : words(v->l, "Sous les règles en vigueur :"));
	if (!j->folder) {
		buf_add_char(&v->out, ' ');
		rules_hash(v, j->base);
	}
	buf_add_string(&v->out, "</p>\n");
}

static void explained(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	open_page(v, buf_slice(&j->text));
	put_under(v, j);
	if (r->code == 0 && explained_put(v, r->out, buf_slice(&j->text))) {
		page_close(v);
		visit_page(v, 200);
	} else if (r->code > 0) {
		show(v, 422,
			j->folder
				? words(v->l,
					  "Ces règles ne se chargent pas : vérifiez d'abord le brouillon.")
				: words(v->l,
					  "Ces règles ne se chargent pas : prévenez ceux qui les écrivent."),
			buf_slice(&j->text));
	} else {
		show(v, r->busy ? 429 : 503, job_why(v, r), buf_slice(&j->text));
	}
	job_end(j);
}

void try_get(struct visit *v)
{
	open_page(v, (struct slice){0});
	page_close(v);
	visit_page(v, 200);
}

/* 0, or why not: -ENOENT, -errno. */
static int choose_rules(struct job *j, struct visit *v)
{
	struct draft d = {0};
	_buf_ struct buf with = {0};
	bool mine = visit_field(v, "avec", 20, &with) && slice_is(buf_slice(&with), "brouillon");
	int r = draft_open(v, &d);
	if (r == 0 && mine && rules_may_write(v)) {
		r = draft_copy(&d, v->c->s->config.run_dir, &j->folder);
	} else if (r == 0) {
		struct error e = {""};
		r = reader_bundle(v->c->reader, j->base, &e);
	}
	draft_release(&d);
	return r;
}

void try_post(struct visit *v)
{
	_buf_ struct buf text = {0};
	if (!visit_field(v, "texte", CONSOLE_BODY_MAX, &text) || !text.n) {
		show(v, 400, words(v->l, "Il faut un texte."), (struct slice){0});
		return;
	}
	if (utf8_length(buf_slice(&text)) > TEXT_MAX) {
		show(v, 413, words(v->l, "Ce texte est trop long : 10 000 caractères au plus."),
			buf_slice(&text));
		return;
	}
	struct job *j = job_new(v);
	int r = choose_rules(j, v);
	if (r < 0) {
		show(v, r == -ENOENT ? 409 : 503,
			r == -ENOENT
				? words(v->l, "Aucune règle n'est encore publiée.")
				: words(v->l,
					  "Le service ne répond pas : réessayez dans une minute."),
			buf_slice(&text));
		job_end(j);
		return;
	}
	_free_ char *folder = j->folder
		? xasprintf("--rules=%s", j->folder)
		: xasprintf("--rules=%s/bundles/%s", v->c->s->config.state_dir, j->base);
	const char *const words_[] = {"explain", "-", folder, NULL};
	buf_add_slice(&j->text, buf_slice(&text));
	job_run(j, words_, buf_slice(&j->text), WORK_SHORT_MS, explained);
}
