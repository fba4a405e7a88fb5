/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shortcuts.h"
#include <errno.h>
#include <tocsin/base/utf8.h>
#include <tocsin/html/html.h>
#include "conformity/conformity.h"

enum { TYPED_MAX = 40 };

static const struct act {
	const char *field, *french;
} acts[SHORTCUTS] = {
	[SHORTCUT_NEXT] = {"suivant", WORDS_MARK("suivant")},
	[SHORTCUT_BACK] = {"precedent", WORDS_MARK("précédent")},
	[SHORTCUT_OPEN] = {"ouvrir", WORDS_MARK("ouvrir")},
	[SHORTCUT_TAKE] = {"prendre", WORDS_MARK("je m'en occupe")},
	[SHORTCUT_RELEASE] = {"rendre", WORDS_MARK("je laisse la main, ou choisir")},
	[SHORTCUT_LEAVE] = {"laisser", WORDS_MARK("laisser en ligne")},
	[SHORTCUT_MASK] = {"masquer", WORDS_MARK("masquer")},
	[SHORTCUT_HOLD] = {"attente", WORDS_MARK("réponse d'attente")},
	[SHORTCUT_ANSWER] = {"repondre", WORDS_MARK("répondre")},
	[SHORTCUT_TRANSFER] = {"transferer", WORDS_MARK("transférer")},
	[SHORTCUT_DOSSIER] = {"dossier", WORDS_MARK("mettre dans un dossier")},
	[SHORTCUT_CONFIRM] = {"confirmer", WORDS_MARK("confirmer")},
	[SHORTCUT_REFUSE] = {"refuser", WORDS_MARK("refuser")},
	[SHORTCUT_HELP] = {"aide", WORDS_MARK("aide")},
};
/* As people read them. */
static const enum shortcut order[SHORTCUTS] = {SHORTCUT_NEXT, SHORTCUT_BACK, SHORTCUT_OPEN,
	SHORTCUT_TAKE, SHORTCUT_RELEASE, SHORTCUT_LEAVE, SHORTCUT_MASK, SHORTCUT_HOLD,
	SHORTCUT_ANSWER, SHORTCUT_TRANSFER, SHORTCUT_DOSSIER, SHORTCUT_CONFIRM, SHORTCUT_REFUSE,
	SHORTCUT_HELP};

static struct slice text_of(uint32_t key, char out[static 4])
{
	return (struct slice){out, key ? utf8_put(out, key) : 0};
}

static void put_key(struct visit *v, uint32_t key)
{
	char text[4];
	html_text(&v->out, text_of(key, text));
}

/* --- in the pages */

void shortcuts_put_key(struct visit *v, enum shortcut act)
{
	const struct shortcuts *s = &v->session->shortcuts;
	if (s->off || !s->keys[act])
		return;
	buf_add_string(&v->out, " data-key=\"");
	put_key(v, s->keys[act]);
	buf_add_char(&v->out, '"');
}

void shortcuts_put_page(struct visit *v)
{
	static const enum shortcut known[] = {SHORTCUT_NEXT, SHORTCUT_BACK, SHORTCUT_OPEN,
		SHORTCUT_DOSSIER, SHORTCUT_HELP}; /* in this order in console.js */
	const struct shortcuts *s = &v->session->shortcuts;
	if (s->off)
		return;
	buf_add_string(&v->out, s->alt ? " data-alt data-keys=\"" : " data-keys=\"");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		put_key(v, s->keys[known[i]] ? s->keys[known[i]] : ' ');
	buf_add_char(&v->out, '"');
}

void shortcuts_put_help(struct visit *v)
{
	const struct shortcuts *s = &v->session->shortcuts;
	buf_add_string(&v->out, "<details class=\"keys\" id=\"touches\" hidden><summary>");
	page_word(v,
		s->off ? words(v->l, "Raccourcis clavier (éteints)")
		       : words(v->l, "Raccourcis clavier"));
	buf_add_string(&v->out, "</summary>");
	if (!s->off) {
		buf_add_string(&v->out, "<dl>");
		for (size_t i = 0; i < SHORTCUTS; i++) {
			if (!s->keys[order[i]])
				continue;
			buf_printf(&v->out, "<div><dt>%s<kbd>", s->alt ? "<kbd>Alt</kbd> + " : "");
			put_key(v, s->keys[order[i]]);
			buf_add_string(&v->out, "</kbd></dt><dd>");
			page_word(v, words(v->l, acts[order[i]].french));
			buf_add_string(&v->out, "</dd></div>");
		}
		buf_add_string(&v->out, "</dl>");
	}
	buf_add_string(&v->out, "<p><a href=\"/raccourcis\">");
	page_word(v, words(v->l, "Changer ou éteindre mes raccourcis"));
	buf_add_string(&v->out, "</a></p></details>\n");
}

/* --- the page */

struct form { /* as it was typed, and what is wrong with it */
	struct shortcuts read;
	struct buf typed[SHORTCUTS], wrong[SHORTCUTS];
	bool bad;
};

static void form_release(struct form *f)
{
	for (size_t i = 0; i < SHORTCUTS; i++) {
		buf_release(&f->typed[i]);
		buf_release(&f->wrong[i]);
	}
}

static void form_of(const struct shortcuts *s, struct form *ret)
{
	char text[4];
	ret->read = *s;
	for (size_t i = 0; i < SHORTCUTS; i++)
		buf_add_slice(&ret->typed[i], text_of(s->keys[i], text));
}

static void put_box(struct visit *v, const char *name, bool checked, const char *text)
{
	buf_printf(&v->out, "<p><label><input type=\"checkbox\" name=\"%s\" value=\"1\"%s> ", name,
		checked ? " checked" : "");
	page_word(v, text);
	buf_add_string(&v->out, "</label></p>\n");
}

static void put_field(struct visit *v, const struct form *f, enum shortcut act)
{
	const char *name = acts[act].field;
	const bool bad = f->wrong[act].n > 0;
	buf_printf(&v->out, "<p><label>");
	page_word(v, words(v->l, acts[act].french));
	buf_printf(&v->out,
		"<input name=\"%s\" size=\"3\" maxlength=\"%u\" autocomplete=\"off\""
		" autocapitalize=\"off\" spellcheck=\"false\" value=\"",
		name, bad ? TYPED_MAX : 1u);
	html_text(&v->out, buf_slice(&f->typed[act]));
	buf_add_char(&v->out, '"');
	if (bad)
		buf_printf(&v->out, " aria-invalid=\"true\" aria-describedby=\"f-%s\"", name);
	buf_add_string(&v->out, "></label>");
	if (bad) {
		buf_printf(&v->out, " <strong class=\"wrong\" id=\"f-%s\">", name);
		html_shown(&v->out, buf_slice(&f->wrong[act]));
		buf_add_string(&v->out, "</strong>");
	}
	buf_add_string(&v->out, "</p>\n");
}

static void put_form(struct visit *v, const struct form *f)
{
	page_form(v, "shortcuts", "/raccourcis");
	put_box(v, "actifs", !f->read.off, words(v->l, "Raccourcis actifs"));
	put_box(v, "alt", f->read.alt,
		words(v->l,
			"En tenant la touche Alt : Alt + la touche, plutôt que la touche seule (utile avec une dictée vocale)"));
	buf_add_string(&v->out, "<fieldset><legend>");
	page_word(v, words(v->l, "Une touche par action ; vide : aucune"));
	buf_add_string(&v->out, "</legend>\n");
	for (size_t i = 0; i < SHORTCUTS; i++)
		put_field(v, f, order[i]);
	buf_add_string(&v->out, "</fieldset>\n<p class=\"choices\"><button class=\"main\">");
	page_word(v, words(v->l, "Enregistrer"));
	buf_add_string(&v->out, "</button> <button name=\"origine\" value=\"1\">");
	page_word(v, words(v->l, "Remettre les touches d'origine"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void shortcuts_page(struct visit *v, unsigned status, const struct form *f)
{
	const char *title = words(v->l, "Raccourcis clavier");
	page_open(v, title);
	page_element(v, "h1", title);
	if (f->bad)
		conformity_wrong(
			v, words(v->l, "Rien n'est changé : une touche est à revoir ci-dessous."));
	page_element(v, "p",
		words(v->l,
			"Ils vous suivent sur chaque ordinateur où vous vous connectez, et ne changent rien pour les autres."));
	put_form(v, f);
	page_close(v);
	visit_page(v, status);
}

void shortcuts_get(struct visit *v)
{
	_cleanup_(form_release) struct form f = {0};
	form_of(&v->session->shortcuts, &f);
	shortcuts_page(v, 200, &f);
}

/* --- the change */

static void read_key(struct visit *v, struct form *f, enum shortcut act)
{
	const struct slice typed = buf_slice(&f->typed[act]);
	size_t at = 0;
	const uint32_t first = typed.n ? utf8_next(typed, &at) : 0;
	f->read.keys[act] = typed.n && at == typed.n ? shortcut_key(first) : 0;
	if (!typed.n || f->read.keys[act])
		return;
	f->bad = true;
	if (at < typed.n)
		buf_printf(&f->wrong[act],
			words(v->l, "« %s » en compte plusieurs : une seule touche par action."),
			buf_string(&f->typed[act]));
	else
		buf_printf(&f->wrong[act],
			words(v->l,
				"« %s » ne se tape pas d'une touche seule : prenez une lettre, un chiffre ou un signe."),
			buf_string(&f->typed[act]));
}

static void find_clash(struct visit *v, struct form *f)
{
	enum shortcut first, second;
	char text[5] = "";
	if (f->bad || !shortcuts_clash(&f->read, &first, &second))
		return;
	f->bad = true;
	utf8_put(text, f->read.keys[first]);
	buf_printf(&f->wrong[second],
		words(v->l, "« %s » sert déjà à « %s » : choisissez une autre touche."), text,
		words(v->l, acts[first].french));
}

/* False: it is no form of ours. */
static bool read_form(struct visit *v, struct form *f)
{
	_buf_ struct buf on = {0}, alt = {0};
	f->read.off = http_form(v->r, "actifs", 1, &on) != 0;
	f->read.alt = http_form(v->r, "alt", 1, &alt) == 0;
	for (size_t i = 0; i < SHORTCUTS; i++) {
		if (!visit_field(v, acts[i].field, TYPED_MAX, &f->typed[i]))
			return false;
		read_key(v, f, (enum shortcut)i);
	}
	find_clash(v, f);
	return true;
}

static void kept(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r)
		visit_tell_error(v, r, e);
	else
		visit_tell(v, false, words(v->l, "Vos raccourcis sont enregistrés."));
	visit_go(v, "/raccourcis");
}

void shortcuts_post(struct visit *v)
{
	_cleanup_(form_release) struct form f = {0};
	_buf_ struct buf text = {0}, body = {0}, usual = {0};
	const bool back = http_form(v->r, "origine", 1, &usual) == 0;
	if (!back && !read_form(v, &f)) {
		visit_problem(v, 400);
		return;
	}
	if (f.bad) {
		shortcuts_page(v, 400, &f);
		return;
	}
	if (!back)
		shortcuts_write(&text, &f.read);
	shortcuts_encode(
		&body, &(struct shortcuts_request){slice_of(v->session->name), buf_slice(&text)});
	visit_ask_then(v, REQUEST_SHORTCUTS, &body, kept);
}
