/* SPDX-License-Identifier: GPL-3.0-or-later
 * One dossier: what it is for, its pieces with their place in the chain of evidence, its log, and what a jurist does with it.
 * It prints on A4: forms and links to elsewhere are left out there. */
#include <errno.h>
#include <tocsin/digest/digest.h>
#include <tocsin/html/html.h>
#include "../access/limit.h"
#include "../queue/card.h"
#include "../conformity/conformity.h"
#include "../moment.h"
#include "dossier.h"

struct page {
	struct visit *v;
	struct slice typed;
	int64_t id, lifted_at;
	unsigned pieces;
	int64_t row; /* of the piece before */
};

static bool conducts(const struct page *p)
{
	return p->v->session->roles & ROLE_JURIST && !p->lifted_at;
}

/* --- what it is */

static void put_row_begin(struct visit *v, const char *name)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
}

static void put_row_end(struct visit *v)
{
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_hold(struct visit *v, const struct dossier *d)
{
	put_row_begin(v, words(v->l, "Conservation"));
	if (d->lifted_at) {
		page_word(v, words(v->l, "retenue levée "));
		page_time_as(v, d->lifted_at, TIME_AT);
		page_word(v, words(v->l, " : les durées ordinaires valent de nouveau"));
	} else {
		page_word(v, words(v->l, "retenu : aucune purge n'efface ces textes"));
	}
	put_row_end(v);
}

static int put_facts(void *user, const struct dossier *d)
{
	struct page *p = user;
	struct visit *v = p->v;
	p->lifted_at = d->lifted_at;
	buf_add_string(&v->out, "<h1>");
	buf_printf(&v->out, words(v->l, "Dossier n° %lld : "), (long long)d->id);
	html_shown(&v->out, d->title);
	buf_add_string(&v->out, "</h1>\n<table class=\"facts\"><tbody>\n");
	page_row(v, words(v->l, "Pour quoi"), slice_of(dossier_purpose(v, d->purpose)));
	page_row(v, words(v->l, "Qui est visé"), slice_of(dossier_victim(v, d->victim)));
	put_row_begin(v, words(v->l, "Ouvert"));
	conformity_moment(v, d->opened_at);
	buf_add_string(&v->out, " · ");
	page_person(v, d->who);
	put_row_end(v);
	put_hold(v, d);
	buf_add_string(&v->out, "</tbody></table>\n");
	return 0;
}

/* --- pieces */

static void put_removing(struct page *p, int64_t seq)
{
	struct visit *v = p->v;
	buf_add_string(&v->out, "<details class=\"conduct\"><summary>");
	page_word(v, words(v->l, "Retirer cette pièce"));
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, "noting", "/dossiers/%lld/retirer", (long long)p->id);
	buf_printf(
		&v->out, "<input type=\"hidden\" name=\"piece\" value=\"%lld\">", (long long)seq);
	conformity_reason(v, (struct slice){0});
	buf_add_string(&v->out, "<p><button>");
	page_word(v, words(v->l, "Retirer"));
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_sealed(struct visit *v, const struct dossier_item *i)
{
	char hex[DIGEST_HEX];
	put_row_begin(v, words(v->l, "Maillon de preuve"));
	if (i->link.n == DIGEST_SIZE)
		buf_printf(&v->out, "<code>%s</code>",
			digest_hex((const unsigned char *)i->link.p, DIGEST_SIZE, hex));
	else
		page_word(v, words(v->l, "aucun"));
	put_row_end(v);
}

static void put_added(struct visit *v, const struct dossier_item *i)
{
	put_row_begin(v, words(v->l, "Ajoutée"));
	conformity_moment(v, i->added_at);
	buf_add_string(&v->out, " · ");
	if (i->added_by.n)
		page_person(v, i->added_by);
	else
		page_word(v, words(v->l, "modifié à la source après coup"));
	put_row_end(v);
}

static void put_circumstances(struct visit *v, const struct dossier_item *i)
{
	const struct stored_comment *s = i->stored;
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	if (s->comment.created_at > 0) {
		put_row_begin(v, words(v->l, "Écrit le"));
		conformity_moment(v, s->comment.created_at);
		put_row_end(v);
	}
	put_row_begin(v, words(v->l, "Reçu le"));
	conformity_moment(v, s->accepted_at);
	put_row_end(v);
	if (dossier_shows(v)) {
		page_row(v, words(v->l, "Adresse"), s->comment.url);
		page_row(v, words(v->l, "Identifiant"), s->comment.id);
	}
	put_added(v, i);
	put_sealed(v, i);
	buf_add_string(&v->out, "</tbody></table>\n");
}

static int put_piece(void *user, const struct dossier_item *i)
{
	struct page *p = user;
	struct visit *v = p->v;
	const struct stored_comment *s = i->stored;
	const struct card card = {.stored = s, .paper = true};
	const bool first = s->row != p->row;
	p->row = s->row;
	p->pieces += first;
	buf_add_string(&v->out, "<li class=\"piece\"><p class=\"meta\">");
	buf_printf(&v->out, words(v->l, "Pièce %u, commentaire n° %lld, version %u"), p->pieces,
		(long long)s->row, s->version);
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM)) {
		buf_printf(&v->out, " · <a class=\"screen\" href=\"/moderation/%lld\">",
			(long long)s->seq);
		page_word(v, words(v->l, "ouvrir"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</p>\n");
	if (dossier_shows(v))
		card_put(v, &card);
	put_circumstances(v, i);
	if (first && conducts(p))
		put_removing(p, s->seq);
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

static int put_pieces(struct page *p, struct error *e)
{
	struct visit *v = p->v;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Pièces"));
	if (!dossier_shows(v))
		page_element(v, "p", words(v->l, "Votre compte ne montre pas leur texte."));
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	int r = reader_dossier_items(v->c->reader, p->id, put_piece, p, e);
	buf_add_string(&v->out, "</ol>\n");
	if (!p->pieces)
		page_element(v, "p", words(v->l, "Aucune pièce."));
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* --- the log */

static const char *entry_name(const struct visit *v, enum dossier_entry_kind kind)
{
	static const char *const names[DOSSIER_ENTRY_KINDS] = {
		[DOSSIER_OPENED] = WORDS_MARK("Dossier ouvert"),
		[DOSSIER_ADDED] = WORDS_MARK("Pièce ajoutée"),
		[DOSSIER_REMOVED] = WORDS_MARK("Pièce retirée"),
		[DOSSIER_NOTE] = WORDS_MARK("Note"),
		[DOSSIER_SENT] = WORDS_MARK("Envoyé"),
		[DOSSIER_LIFTED] = WORDS_MARK("Retenue levée"),
	};
	return kind < DOSSIER_ENTRY_KINDS ? words(v->l, names[kind]) : "–";
}

static void put_text(struct visit *v, const struct dossier_entry *l)
{
	const bool wiped = l->text.n && !l->text.p[0];
	buf_add_string(&v->out, "<td class=\"text\">");
	if (wiped)
		page_word(v, words(v->l, "effacée à la levée"));
	else if (l->kind == DOSSIER_NOTE && !dossier_shows(v))
		page_word(v, words(v->l, "non montrée"));
	else
		html_shown(&v->out, l->text);
	buf_add_string(&v->out, "</td>");
}

static int put_entry(void *user, const struct dossier_entry *l)
{
	struct page *p = user;
	struct visit *v = p->v;
	buf_add_string(&v->out, "<tr><td>");
	conformity_moment(v, l->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, l->who);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, entry_name(v, l->kind));
	if (l->row)
		buf_printf(&v->out, " (n° %lld)", (long long)l->row);
	if (l->kind == DOSSIER_OPENED || l->kind == DOSSIER_SENT) {
		page_word(v, words(v->l, " : "));
		page_word(v, dossier_purpose(v, l->purpose));
	}
	buf_add_string(&v->out, "</td>");
	put_text(v, l);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

static int put_log(struct page *p, struct error *e)
{
	struct visit *v = p->v;
	const char *const heads[] = {words(v->l, "le"), words(v->l, "qui"), words(v->l, "quoi"),
		words(v->l, "texte, référence ou motif"), NULL};
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Ce qui a été fait"));
	conformity_table(v, words(v->l, "Ce qui a été fait"), heads);
	int r = reader_dossier_log(v->c->reader, p->id, put_entry, p, e);
	conformity_table_end(v);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* --- what can be done */

static void begin_form(struct page *p, const char *summary, const char *class, const char *verb)
{
	struct visit *v = p->v;
	buf_add_string(&v->out, "<details class=\"conduct\"><summary>");
	page_word(v, summary);
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, class, "/dossiers/%lld/%s", (long long)p->id, verb);
}

static void end_form(struct visit *v, const char *button)
{
	buf_add_string(&v->out, "<p><button>");
	page_word(v, button);
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_sending(struct page *p)
{
	struct visit *v = p->v;
	begin_form(p, words(v->l, "Inscrire un envoi"), "noting", "envoi");
	dossier_put_purposes(v, words(v->l, "Envoyé à"), DOSSIER_PLAINTE);
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Le (vide : maintenant)"));
	moment_put(v, "quand", 0);
	buf_add_string(&v->out, "</label>\n<label>");
	page_word(v, words(v->l, "Référence : numéro, destinataire, moyen"));
	buf_add_string(&v->out,
		"<input name=\"texte\" required maxlength=\"1000\" autocomplete=\"off\"></label>\n");
	end_form(v, words(v->l, "Inscrire l'envoi"));
}

static void put_noting(struct page *p)
{
	struct visit *v = p->v;
	begin_form(p, words(v->l, "Ajouter une note"), "noting", "noter");
	buf_add_string(&v->out, "<label for=\"texte\">");
	page_word(v, words(v->l, "Note (effacée quand le dossier est levé)"));
	buf_printf(&v->out,
		"</label>\n<textarea id=\"texte\" name=\"texte\" rows=\"4\" required maxlength=\"%u\">\n",
		DOSSIER_TEXT_MAX);
	html_kept(&v->out, p->typed);
	buf_add_string(&v->out, "</textarea>\n");
	end_form(v, words(v->l, "Ajouter la note"));
}

static void put_exporting(struct page *p)
{
	struct visit *v = p->v;
	if (limit_is(v)) {
		page_element(v, "p",
			words(v->l,
				"L'archive de preuves porte la chaîne de toute la ville : demandez-la à un juriste qui voit toutes les sources."));
		return;
	}
	begin_form(p, words(v->l, "Exporter les pièces"), "noting file", "exporter");
	page_element(v, "p",
		words(v->l,
			"Une archive de preuves des seules pièces ; « tocsin verify FICHIER » la vérifie. Les autres maillons de la chaîne y sont sans leur texte."));
	conformity_reason(v, (struct slice){0});
	end_form(v, words(v->l, "Exporter"));
}

static void put_acts(struct page *p)
{
	struct visit *v = p->v;
	const bool ends = v->session->roles & (ROLE_JURIST | ROLE_DPO);
	if (!ends)
		return;
	buf_add_string(&v->out, "<section class=\"screen\">");
	page_element(v, "h2", words(v->l, "Conduire ce dossier"));
	if (conducts(p)) {
		put_sending(p);
		put_noting(p);
	}
	put_exporting(p);
	if (!p->lifted_at) {
		begin_form(p, words(v->l, "Lever la retenue"), "noting", "lever");
		page_element(v, "p",
			words(v->l,
				"Les textes suivront de nouveau les durées ordinaires, et les notes sont effacées. On ne revient pas dessus."));
		conformity_reason(v, (struct slice){0});
		end_form(v, words(v->l, "Lever la retenue"));
	}
	buf_add_string(&v->out, "</section>\n");
}

void dossier_page(struct visit *v, unsigned status, const char *wrong, struct slice typed)
{
	struct page p = {.v = v, .typed = typed, .id = visit_number(v)};
	_buf_ struct buf title = {0};
	struct error e = {""};
	int r = p.id ? visit_reader(v) : READER_END;
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	buf_printf(&title, words(v->l, "Dossier n° %lld"), (long long)p.id);
	page_open(v, buf_string(&title));
	if (r == 0)
		r = reader_dossier(v->c->reader, p.id, put_facts, &p, &e);
	if (r == 0)
		r = put_pieces(&p, &e);
	if (r == 0)
		r = put_log(&p, &e);
	if (r) {
		visit_problem(v, r == READER_END ? 404 : 503);
		return;
	}
	put_acts(&p);
	buf_add_string(&v->out, "<p class=\"screen\"><a href=\"/dossiers\">");
	page_word(v, words(v->l, "Tous les dossiers"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

void dossier_get(struct visit *v)
{
	dossier_page(v, 200, NULL, (struct slice){0});
}
