/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a comment into a dossier: one that is open, or a new one. */
#include <errno.h>
#include <tocsin/html/html.h>
#include <tocsin/record/wire.h>
#include "../queue/card.h"
#include "../access/limit.h"
#include "../topic.h"
#include "dossier.h"

enum { OFFERED = 100 };

struct typed {
	struct buf title, note;
	uint8_t purpose, victim;
};

static void typed_release(struct typed *t)
{
	buf_release(&t->title);
	buf_release(&t->note);
}

/* --- the page */

static int put_option(void *user, const struct dossier *d)
{
	struct visit *v = user;
	buf_printf(
		&v->out, "<option value=\"%lld\">n° %lld · ", (long long)d->id, (long long)d->id);
	page_word(v, dossier_purpose(v, d->purpose));
	buf_add_string(&v->out, " · ");
	html_text(&v->out, d->title);
	buf_add_string(&v->out, "</option>\n");
	return 0;
}

static int put_adding(struct visit *v, struct error *e)
{
	const size_t start = v->out.n;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Ajouter à un dossier ouvert"));
	page_form(v, "writing", "/moderation/%lld/dossier", (long long)visit_number(v));
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Dossier"));
	buf_add_string(&v->out, "<select name=\"dans\">\n");
	const size_t before = v->out.n;
	int r = reader_dossiers(v->c->reader, true, 0, OFFERED, put_option, v, e);
	if (v->out.n == before) { /* none is open */
		v->out.n = start;
		return r;
	}
	buf_add_string(&v->out, "</select></label>\n<p class=\"choices\"><button>");
	page_word(v, words(v->l, "Ajouter comme pièce"));
	buf_add_string(&v->out, "</button></p></form></section>\n");
	return r;
}

static void put_opening(struct visit *v, const struct typed *t)
{
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Ouvrir un nouveau dossier"));
	page_form(v, "writing", "/moderation/%lld/dossier", (long long)visit_number(v));
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Objet (sans nom de personne)"));
	buf_printf(&v->out,
		"<input name=\"objet\" required maxlength=\"%u\" autocomplete=\"off\" value=\"",
		DOSSIER_TITLE_MAX);
	html_text(&v->out, buf_slice(&t->title));
	buf_add_string(&v->out, "\"></label>\n");
	dossier_put_purposes(v, words(v->l, "Pour quoi"), t->purpose);
	dossier_put_victims(v, t->victim);
	buf_add_string(&v->out, "<label for=\"note\">");
	page_word(v, words(v->l, "Note (facultative)"));
	buf_printf(&v->out,
		"</label>\n<textarea id=\"note\" name=\"note\" rows=\"4\" maxlength=\"%u\" aria-describedby=\"note-sort\">\n",
		DOSSIER_TEXT_MAX);
	html_kept(&v->out, buf_slice(&t->note));
	buf_add_string(&v->out, "</textarea>\n<p class=\"how\" id=\"note-sort\">");
	page_word(v,
		words(v->l,
			"Qui est visé, dans quelles circonstances. Le cabinet ne la voit pas, aucune recherche ne la trouve, et elle est effacée quand le dossier est levé."));
	buf_add_string(&v->out, "</p>\n<p class=\"choices\"><button class=\"main\">");
	page_word(v, words(v->l, "Ouvrir le dossier"));
	buf_add_string(&v->out, "</button></p></form></section>\n");
}

static int put_comment(void *user, const struct stored_comment *s)
{
	const struct card card = {.stored = s};
	card_put(user, &card);
	return 0;
}

static void open_page(struct visit *v, unsigned status, const char *wrong, const struct typed *t)
{
	const char *title = words(v->l, "Mettre dans un dossier");
	struct error e = {""};
	const int64_t seq = visit_number(v);
	int r = seq ? visit_reader(v) : -ENOENT;
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	page_open(v, title);
	page_element(v, "h1", title);
	if (r == 0) {
		topics_refresh(v);
		r = reader_comment(v->c->reader, seq, put_comment, v, &e);
	}
	if (r == 0)
		r = put_adding(v, &e);
	if (r < 0) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	put_opening(v, t);
	page_element(v, "p",
		words(v->l,
			"Le commentaire reste dans la file : masquer ou laisser en ligne se décide à part."));
	buf_printf(&v->out, "<p><a href=\"/moderation/%lld\">", (long long)seq);
	page_word(v, words(v->l, "Revenir au commentaire"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

void dossier_open_get(struct visit *v)
{
	const struct typed none = {.purpose = DOSSIER_PLAINTE};
	open_page(v, 200, NULL, &none);
}

/* --- what it came to */

static bool read_typed(struct visit *v, struct typed *t)
{
	return visit_field(v, "objet", DOSSIER_TITLE_MAX, &t->title) &&
		dossier_read_purpose(v, &t->purpose) && dossier_read_victim(v, &t->victim) &&
		visit_field(v, "note", DOSSIER_TEXT_MAX, &t->note);
}

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != '\t')
			return false;
	return true;
}

static int64_t read_existing(struct visit *v)
{
	_buf_ struct buf in = {0};
	int64_t id = 0;
	return visit_field(v, "dans", 20, &in) && slice_number(buf_slice(&in), &id) ? id : 0;
}

static void not_done(struct visit *v, int r, const struct error *e)
{
	_cleanup_(typed_release) struct typed t = {0};
	if (!read_typed(v, &t))
		t.purpose = DOSSIER_PLAINTE;
	if (r == -ENOENT)
		visit_problem(v, 404);
	else
		open_page(v, r == -EALREADY || r == -E2BIG ? 409 : 503, visit_why(v, r, e), &t);
}

static void opened(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct wire w = wire_reader(reply);
	const int64_t id = wire_i64(&w);
	if (r != 0) {
		not_done(v, r, e);
		return;
	}
	visit_tell(v, false, words(v->l, "Dossier ouvert : le texte du commentaire est retenu."));
	visit_go_to(v, "/dossiers/%lld", (long long)id);
}

static void added(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r != 0) {
		not_done(v, r, e);
		return;
	}
	visit_tell(v, false, words(v->l, "Pièce ajoutée : son texte est retenu."));
	visit_go_to(v, "/dossiers/%lld", (long long)read_existing(v));
}

static void ask_open(struct visit *v)
{
	_cleanup_(typed_release) struct typed t = {.purpose = DOSSIER_PLAINTE};
	_buf_ struct buf body = {0};
	if (!read_typed(v, &t)) {
		visit_problem(v, 400);
	} else if (is_blank(buf_slice(&t.title))) {
		open_page(v, 400, words(v->l, "Un objet est nécessaire."), &t);
	} else {
		dossier_open_encode(&body,
			&(struct dossier_open){visit_number(v), t.purpose, t.victim,
				buf_slice(&t.title), buf_slice(&t.note),
				slice_of(v->session->name)});
		visit_ask_then(v, REQUEST_DOSSIER_OPEN, &body, opened);
	}
}

void dossier_open_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	const int64_t id = read_existing(v);
	if (!visit_number(v) || (id && !limit_sees_dossier(v, id))) {
		visit_problem(v, 404);
	} else if (!id) {
		ask_open(v);
	} else {
		dossier_piece_encode(&body,
			&(struct dossier_piece){.dossier = id,
				.seq = visit_number(v),
				.who = slice_of(v->session->name)});
		visit_ask_then(v, REQUEST_DOSSIER_PIECE, &body, added);
	}
}
