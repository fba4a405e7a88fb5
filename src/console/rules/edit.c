/* SPDX-License-Identifier: GPL-3.0-or-later
 * Changing packs: the draft, and one pack in a form. What its buttons do: act.c. */
#include "edit.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/html/html.h>
#include "assets.h"

enum { ROWS = 24 };

/* --- the list of packs */

static void put_packs(struct visit *v, const struct draft *d, bool changed)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_names(changed ? d->folder : d->bundle, names, DRAFT_FILES_MAX);
	buf_add_string(&v->out, "<ul class=\"packs\">\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(&v->out, "<li><a href=\"/regles/modifier/%s\">%s.yaml</a>", names[i],
			names[i]);
		if (draft_removes(d, names[i])) {
			buf_add_string(&v->out, " · ");
			page_word(v, words(v->l, "supprimé"));
		} else if (!changed && draft_has(d, names[i])) {
			buf_add_string(&v->out, " · ");
			page_word(v, words(v->l, "changé"));
		}
		buf_add_string(&v->out, "</li>\n");
		free(names[i]);
	}
	buf_add_string(&v->out, "</ul>\n");
}

static void put_draft(struct visit *v, const struct draft *d)
{
	if (!d->any) {
		page_element(v, "p",
			words(v->l,
				"Vous n'avez pas de brouillon. Choisissez un paquet : rien n'est en service tant que vous n'avez pas publié."));
		return;
	}
	page_element(v, "h2", words(v->l, "Votre brouillon"));
	put_packs(v, d, true);
	page_form(v, "noting", "/regles/abandonner");
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Abandonner ce brouillon"));
	buf_add_string(&v->out, "</button></form>\n");
}

static void put_new(struct visit *v)
{
	page_element(v, "h2", words(v->l, "Un nouveau paquet"));
	buf_add_string(&v->out, "<form class=\"noting\" action=\"/regles/modifier\"><p><label>");
	page_word(v, words(v->l, "Son nom (lettres sans accent, chiffres, . - _)"));
	buf_printf(&v->out,
		"<input name=\"nouveau\" required maxlength=\"%u\" autocapitalize=\"none\" spellcheck=\"false\"></label></p><p><button>",
		DRAFT_NAME_MAX);
	page_word(v, words(v->l, "Commencer"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void packs_page(struct visit *v, unsigned status, const char *wrong)
{
	struct draft d = {0};
	int r = draft_open(v, &d);
	if (r < 0 && r != -ENOENT) {
		draft_release(&d);
		visit_problem(v, 503);
		return;
	}
	rules_open(v, words(v->l, "Modifier"));
	if (wrong)
		rules_say(v, true, wrong);
	if (r == -ENOENT) {
		page_element(v, "p", words(v->l, "Aucune règle n'est encore publiée."));
	} else {
		put_draft(v, &d);
		page_element(v, "h2", words(v->l, "Les paquets"));
		put_packs(v, &d, false);
		put_new(v);
	}
	draft_release(&d);
	page_close(v);
	visit_page(v, status);
}

void edit_list_get(struct visit *v)
{
	_buf_ struct buf name = {0};
	int r = visit_query(v, "nouveau", DRAFT_NAME_MAX, &name);
	if (r == -ENOENT)
		packs_page(v, 200, NULL);
	else if (r == 0 && draft_name_ok(buf_slice(&name)))
		visit_go_to(v, "/regles/modifier/%s", buf_string(&name));
	else
		packs_page(v, 400, words(v->l, "Ce nom ne convient pas."));
}

void edit_drop_post(struct visit *v)
{
	struct draft d = {0};
	int r = draft_open(v, &d);
	if (r == 0)
		r = draft_drop(&d);
	draft_release(&d);
	if (r < 0)
		visit_tell(v, true, words(v->l, "Le brouillon n'a pas pu être effacé."));
	else
		visit_tell(v, false, words(v->l, "Brouillon abandonné."));
	visit_go(v, "/regles/modifier");
}

/* --- one pack */

const char *edit_active(struct visit *v, char ret[static 65])
{
	struct error e = {""};
	ret[0] = '\0';
	(void)!reader_bundle(v->c->reader, ret, &e);
	return ret;
}

static int put_whose(void *user, const struct publication *p)
{
	struct visit *v = user;
	page_person(v, p->who);
	buf_add_string(&v->out, ", ");
	page_time(v, p->at);
	buf_add_string(&v->out, " : <q>");
	html_shown(&v->out, p->reason);
	buf_add_string(&v->out, "</q>");
	return 0;
}

static void put_this(struct visit *v, const struct draft *d, const char *name, const char *base,
	const char *active)
{
	if (draft_same(d, name, base, active)) {
		page_word(v, words(v->l, "Ce paquet n'y a pas changé."));
		return;
	}
	page_word(v,
		words(v->l,
			"Ce paquet y a changé aussi : publier le vôtre effacerait ce changement."));
	buf_printf(&v->out, " <a href=\"/regles/paquet/%s\">", name);
	page_word(v, words(v->l, "Lire la version en vigueur"));
	buf_add_string(&v->out, "</a>");
}

/* The draft's other packs that would take back what somebody published. Whether there are any. */
static bool put_others(struct visit *v, const struct draft *d, const char *name, const char *active)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_conflicts(d, active, names, DRAFT_FILES_MAX), others = 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) != 0) {
			if (!others++)
				page_word(v,
					words(v->l,
						"D'autres paquets de votre brouillon y ont changé aussi, à régler chacun sur sa page :"));
			buf_printf(&v->out, " <a href=\"/regles/modifier/%s\">%s.yaml</a>",
				names[i], names[i]);
		}
		free(names[i]);
	}
	return others > 0;
}

/* Somebody published since the draft was begun. Inside the form: its button keeps the text as the others do, and takes
 * over what is named here. */
static void put_stale(struct visit *v, const struct draft *d, const char *name, const char *base,
	const char *active)
{
	struct error e = {""};
	struct buf page = v->out;
	_buf_ struct buf others = {0};
	v->out = others;
	bool any = put_others(v, d, name, active);
	others = v->out;
	v->out = page;
	if (!any && strcmp(base, active) == 0 && strcmp(d->base, active) == 0)
		return;
	buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
	page_word(v,
		words(v->l,
			"D'autres règles ont été publiées depuis que vous avez commencé ; votre texte est gardé."));
	buf_add_string(&v->out, "<br>");
	(void)!reader_publications(v->c->reader, 1, put_whose, v, &e);
	buf_add_string(&v->out, "</p><p>");
	if (strcmp(base, active) != 0)
		put_this(v, d, name, base, active);
	if (any)
		buf_add_string(&v->out, "</p><p>");
	buf_add_slice(&v->out, buf_slice(&others));
	buf_printf(&v->out,
		"</p><p><input type=\"hidden\" name=\"vu\" value=\"%s\"><button name=\"faire\" value=\"reprendre\">",
		active);
	page_word(v, words(v->l, "Repartir de la version en vigueur avec mon texte"));
	buf_add_string(&v->out, "</button></p></div>\n");
}

static void put_button(struct visit *v, const char *value, const char *text, bool main)
{
	buf_printf(&v->out, "<button name=\"faire\" value=\"%s\"%s>", value,
		main ? " class=\"main\"" : "");
	page_word(v, text);
	buf_add_string(&v->out, "</button>\n");
}

static void put_publishing(struct visit *v, struct slice reason, bool loses)
{
	buf_add_string(&v->out, "<fieldset><legend>");
	page_word(v, words(v->l, "Publier"));
	buf_add_string(&v->out, "</legend><p><label>");
	page_word(v, words(v->l, "Pourquoi ? (inscrit au journal des versions)"));
	buf_printf(
		&v->out, "<input name=\"motif\" maxlength=\"%d\" value=\"", (int)EDIT_REASON_MAX);
	html_text(&v->out, reason);
	buf_add_string(&v->out, "\"></label></p><p>");
	if (loses) {
		buf_add_string(
			&v->out, "<label><input type=\"checkbox\" name=\"perdre\" value=\"oui\"> ");
		page_word(v, words(v->l, "Publier quand même : c'est voulu"));
		buf_add_string(&v->out, "</label></p><p>");
	}
	put_button(v, "publier", words(v->l, "Publier ces règles"), true);
	buf_add_string(&v->out, "</p></fieldset>\n");
}

static void put_text(struct visit *v, struct slice text)
{
	buf_add_string(&v->out, "<p><label for=\"texte\">");
	page_word(v, words(v->l, "Le paquet, en YAML"));
	buf_printf(&v->out,
		"</label><textarea id=\"texte\" name=\"texte\" class=\"code\" rows=\"%d\" wrap=\"off\" spellcheck=\"false\" autocapitalize=\"none\" autocomplete=\"off\">\n",
		(int)ROWS);
	html_kept(&v->out, text);
	buf_add_string(&v->out, "</textarea></p>\n<p class=\"meta\" id=\"ligne\" data-mots=\"");
	page_word(v, words(v->l, "Ligne {n}"));
	buf_add_string(&v->out, "\"></p>\n");
}

/* Calling it otherwise, or taking it away: in the draft, as every change. */
static void put_other_name(struct visit *v)
{
	buf_add_string(&v->out, "<details><summary>");
	page_word(v, words(v->l, "Renommer ou supprimer ce paquet"));
	buf_add_string(&v->out, "</summary><p><label>");
	page_word(v, words(v->l, "Son nouveau nom (lettres sans accent, chiffres, . - _)"));
	buf_printf(&v->out,
		"<input name=\"nom\" maxlength=\"%u\" autocapitalize=\"none\" autocomplete=\"off\" spellcheck=\"false\"></label></p><p class=\"choices\">",
		DRAFT_NAME_MAX);
	put_button(v, "renommer", words(v->l, "Renommer"), false);
	put_button(v, "supprimer", words(v->l, "Supprimer"), false);
	buf_add_string(&v->out, "</p><p class=\"meta\">");
	page_word(v,
		words(v->l,
			"Dans votre brouillon d'abord : rien ne change tant que vous n'avez pas publié, avec un motif."));
	buf_add_string(&v->out, "</p></details>\n");
}

void edit_put_form(struct visit *v, const char *name, const char *base, struct slice text,
	struct slice reason, bool loses)
{
	char active[65];
	struct draft d = {0};
	page_form(v, "editing", "/regles/modifier/%s", name);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"base\" value=\"%s\">\n", base);
	/* return in the reason's field does what the first button does */
	buf_add_string(&v->out,
		"<button class=\"first\" name=\"faire\" value=\"garder\" tabindex=\"-1\" aria-hidden=\"true\"></button>\n");
	edit_active(v, active);
	if (draft_open(v, &d) == 0 && active[0])
		put_stale(v, &d, name, base, active);
	draft_release(&d);
	if (text.n)
		put_text(v, text);
	else
		removed_put(v, name);
	buf_add_string(&v->out, "<p class=\"choices\">");
	if (text.n)
		put_button(v, "garder", words(v->l, "Garder le brouillon"), false);
	else
		put_button(v, "rendre", words(v->l, "Ne plus le supprimer"), false);
	put_button(v, "verifier", words(v->l, "Vérifier"), false);
	put_button(v, "rejouer", words(v->l, "Essayer sur l'historique"), false);
	buf_add_string(&v->out, "</p>\n");
	put_publishing(v, reason, loses);
	if (text.n)
		put_other_name(v);
	buf_printf(&v->out,
		"</form>\n<script type=\"module\" src=\"/fixe/rules.js?%s\"></script><p class=\"meta\">",
		assets_version);
	page_word(v, words(v->l, "Part de la version"));
	buf_add_char(&v->out, ' ');
	rules_hash(v, base);
	buf_add_string(&v->out, "</p>\n");
}

void edit_open(struct visit *v, const char *name)
{
	_free_ char *title = xasprintf("%s.yaml", name);
	buf_clear(&v->out);
	rules_open(v, title);
}

static void put_template(struct buf *out, const char *name)
{
	buf_printf(out,
		"tocsin: 1\n"
		"paquet: %s\n"
		"responsable: \n"
		"règles:\n"
		"  - id: %s.premiere\n"
		"    titre: Ce que lira le modérateur\n"
		"    statut: observation\n"
		"    catégorie: injure_publique\n"
		"    priorité: P3\n"
		"    score: 5\n"
		"    quand: {mots: [malotru]}\n"
		"    exemples:\n"
		"      oui: ['Quel malotru !']\n"
		"      non: ['Bonjour à tous']\n",
		name, name);
}

void edit_get(struct visit *v)
{
	struct draft d = {0};
	_buf_ struct buf text = {0};
	_free_ char *name = xasprintf("%.*s", (int)v->argument.n, v->argument.p);
	int r = draft_name_ok(v->argument) ? draft_open(v, &d) : -ENOENT;
	if (r == 0) {
		r = draft_text(&d, name, &text);
		if (r == -ENOENT) {
			put_template(&text, name);
			r = 0;
		}
	}
	if (r == 0 && text.n > DRAFT_TEXT_MAX)
		r = -EFBIG;
	if (r == 0) {
		edit_open(v, name);
		char from[65];
		draft_from(&d, name, from);
		edit_put_form(v, name, from, buf_slice(&text), (struct slice){0}, false);
		page_close(v);
		visit_page(v, 200);
	} else if (r == -ESTALE) {
		packs_page(v, 409, draft_fault(v->l, r));
	} else if (r == -EFBIG) {
		packs_page(v, 413, draft_fault(v->l, r));
	} else {
		visit_problem(v, r == -ENOENT ? 404 : 503);
	}
	draft_release(&d);
}
