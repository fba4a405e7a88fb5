/* SPDX-License-Identifier: GPL-3.0-or-later
 * The lexicon of the town (lexique.yaml): its lists of names, a name more or less, and what uses a list. A change is one of the
 * draft, checked and published as any other, and nobody has to read YAML for it. */
#include <errno.h>
#include <tocsin/html/html.h>
#include "edit.h"
#include "used.h"
#include "written.h"
#include "../topic.h"

enum { WORD_MAX = 200, ADDRESS_MAX = 90, SAMPLE = 4 };
#define PACK "lexique"
#define PAGE "/regles/lexique"

/* A list's name in an address: whatever its letters, but no way elsewhere, and not too long for one. False: it has none. */
static bool address_of(struct slice name, struct buf *ret)
{
	for (size_t i = 0; i < name.n; i++) {
		const unsigned char c = (unsigned char)name.p[i];
		if (c == '/' || c < ' ' || c == 127)
			return false;
		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			c == '_' || c == '-' || (c == '.' && i))
			buf_add_char(ret, (char)c);
		else
			buf_printf(ret, "%%%02X", c);
	}
	return name.n && ret->n <= ADDRESS_MAX;
}

/* The list whose name the address is, or NULL. */
static const struct yaml_node *pack_list(
	const struct written *k, struct slice address, struct slice *ret_name)
{
	const struct yaml_node *lists = written_value(k->file.root, "lists", "listes");
	for (size_t i = 0; lists && lists->type == YAML_MAP && i < lists->n; i++) {
		_buf_ struct buf own = {0};
		*ret_name = lists->keys[i]->text;
		if (lists->items[i]->type == YAML_LIST && address_of(*ret_name, &own) &&
			slice_equal(buf_slice(&own), address))
			return lists->items[i];
	}
	return NULL;
}

/* As the visitor's draft has it, when he may have one; else as it is in force. */
static int pack_open(struct visit *v, struct draft *d, struct written *ret)
{
	int r = draft_open(v, d);
	if (r == 0)
		r = draft_text(d, PACK, &ret->text);
	if (r == 0 && !ret->text.n) /* the draft takes it away */
		r = -ENOENT;
	return r == 0 ? written_read(PACK ".yaml", buf_slice(&ret->text), ret) : r;
}

/* --- the pages */

/* What the draft changes can be checked and published from here. */
static void put_publishing(struct visit *v, const struct draft *d)
{
	char from[65];
	if (!rules_may_write(v) || !draft_has(d, PACK))
		return;
	draft_from(d, PACK, from);
	buf_add_string(&v->out, "<section class=\"card\">");
	page_element(v, "h2", words(v->l, "Votre brouillon change le lexique"));
	page_element(v, "p",
		words(v->l,
			"Rien n'est en service tant que vous n'avez pas publié, avec un motif."));
	page_form(v, "editing", "/regles/modifier/" PACK);
	buf_printf(&v->out,
		"<input type=\"hidden\" name=\"base\" value=\"%s\"><input type=\"hidden\" name=\"garde\" value=\"1\">\n<button class=\"first\" name=\"faire\" value=\"verifier\" tabindex=\"-1\" aria-hidden=\"true\"></button>\n<p><label>",
		from);
	page_word(v, words(v->l, "Pourquoi ? (inscrit au journal des versions)"));
	buf_printf(&v->out,
		"<input name=\"motif\" maxlength=\"%d\"></label></p><p class=\"choices\">",
		(int)EDIT_REASON_MAX);
	buf_add_string(&v->out, "<button name=\"faire\" value=\"verifier\">");
	page_word(v, words(v->l, "Vérifier"));
	buf_add_string(
		&v->out, "</button>\n<button name=\"faire\" value=\"publier\" class=\"main\">");
	page_word(v, words(v->l, "Publier ces règles"));
	buf_add_string(&v->out, "</button></p></form></section>\n");
}

static void put_first_words(struct visit *v, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->n && i < SAMPLE; i++) {
		buf_add_string(&v->out, i ? ", " : "");
		if (list->items[i]->type == YAML_SCALAR)
			html_shown(&v->out, list->items[i]->text);
	}
	if (list->n > SAMPLE)
		buf_add_string(&v->out, " …");
}

static void put_list(struct visit *v, struct slice name, const struct yaml_node *list)
{
	_buf_ struct buf address = {0};
	const bool linked = address_of(name, &address);
	char n[40];
	buf_add_string(&v->out, "<li>");
	if (linked)
		buf_printf(&v->out, "<a href=\"" PAGE "/%s\">", buf_string(&address));
	html_shown(&v->out, name);
	buf_add_string(&v->out, linked ? "</a> (" : " (");
	buf_add_string(&v->out, words_number(v->l, (int64_t)list->n, n));
	buf_add_string(&v->out, ") <span class=\"meta\">");
	put_first_words(v, list);
	if (!linked) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "à modifier à la main, dans le paquet"));
	}
	buf_add_string(&v->out, "</span></li>\n");
}

static void put_lists(struct visit *v, const struct yaml_file *f)
{
	const struct yaml_node *lists = written_value(f->root, "lists", "listes");
	buf_add_string(&v->out, "<ul class=\"packs\">\n");
	for (size_t i = 0; lists && lists->type == YAML_MAP && i < lists->n; i++)
		if (lists->items[i]->type == YAML_LIST)
			put_list(v, lists->keys[i]->text, lists->items[i]);
	buf_add_string(&v->out, "</ul>\n");
}

static void put_index(struct visit *v, const struct draft *d, int r, const struct written *k)
{
	rules_open(v, words(v->l, "Lexique de la ville"));
	if (r == -ENOENT) {
		page_element(
			v, "p", words(v->l, "Les règles n'ont pas de paquet « lexique.yaml »."));
	} else if (r == -EBADMSG) {
		rules_say(v, true,
			words(v->l, "Ce paquet ne se lit pas : corrigez-le dans « Modifier »."));
	} else {
		page_element(v, "p",
			words(v->l,
				"Les noms de votre ville : ses élus, ses quartiers, ses équipements. Les règles s'en servent."));
		put_publishing(v, d);
		put_lists(v, &k->file);
	}
	page_close(v);
	visit_page(v, 200);
}

void lexicon_get(struct visit *v)
{
	_cleanup_(written_release) struct written k = {{0}};
	_cleanup_(draft_release) struct draft d = {0};
	int r = pack_open(v, &d, &k);
	if (r == 0 || r == -ENOENT || r == -EBADMSG)
		put_index(v, &d, r, &k);
	else if (r == -ESTALE)
		visit_go(v, "/regles/modifier/" PACK); /* which says what to do */
	else
		visit_problem(v, 503);
}

static void put_word(struct visit *v, const struct yaml_node *word)
{
	if (word->type != YAML_SCALAR)
		return;
	buf_add_string(&v->out, "<li>");
	html_shown(&v->out, word->text);
	if (word->text.n > 1 && word->text.p[0] == '$') {
		buf_add_string(&v->out, " <span class=\"meta\">");
		page_word(v, words(v->l, "(toute cette liste)"));
		buf_add_string(&v->out, "</span>");
	} else if (rules_may_write(v)) {
		page_form(v, "inline", PAGE "/%.*s", (int)v->argument.n, v->argument.p);
		buf_add_string(&v->out, "<input type=\"hidden\" name=\"nom\" value=\"");
		html_text(&v->out, word->text);
		buf_add_string(
			&v->out, "\"><button name=\"faire\" value=\"retirer\" aria-label=\"");
		page_word(v, words(v->l, "Retirer"));
		buf_add_char(&v->out, ' ');
		html_text(&v->out, word->text);
		buf_add_string(&v->out, "\">");
		page_word(v, words(v->l, "Retirer"));
		buf_add_string(&v->out, "</button></form>");
	}
	buf_add_string(&v->out, "</li>\n");
}

static void put_adding(struct visit *v)
{
	page_form(v, "noting", PAGE "/%.*s", (int)v->argument.n, v->argument.p);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Un nom à ajouter"));
	buf_printf(&v->out,
		"<input name=\"nom\" required maxlength=\"%d\" autocomplete=\"off\"></label></p><p><button name=\"faire\" value=\"ajouter\">",
		(int)WORD_MAX);
	page_word(v, words(v->l, "Ajouter"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void list_page(struct visit *v, const struct draft *d, const struct written *k)
{
	struct slice name;
	const struct yaml_node *list = pack_list(k, v->argument, &name);
	_buf_ struct buf title = {0};
	if (!list) {
		visit_problem(v, 404);
		return;
	}
	buf_add_string(&title, words(v->l, "Lexique :"));
	buf_printf(&title, " %.*s", (int)name.n, name.p);
	rules_open(v, buf_string(&title));
	buf_add_string(&v->out, "<p><a href=\"" PAGE "\">");
	page_word(v, words(v->l, "Toutes les listes"));
	buf_add_string(&v->out, "</a></p>\n");
	put_publishing(v, d);
	if (rules_may_write(v))
		put_adding(v);
	buf_add_string(&v->out, "<ul class=\"names\">\n");
	for (size_t i = 0; i < list->n; i++)
		put_word(v, list->items[i]);
	buf_add_string(&v->out, "</ul>\n");
	used_put(v, d->bundle, name);
	page_close(v);
	visit_page(v, 200);
}

void lexicon_list_get(struct visit *v)
{
	_cleanup_(written_release) struct written k = {{0}};
	_cleanup_(draft_release) struct draft d = {0};
	int r = v->argument.n <= ADDRESS_MAX ? pack_open(v, &d, &k) : -ENOENT;
	if (r == 0)
		list_page(v, &d, &k);
	else
		visit_problem(v, r == -ENOENT || r == -EBADMSG ? 404 : 503);
}

/* --- changing */

static const char *not_changed(const struct visit *v, int r)
{
	switch (r) {
	case -ENOENT: return words(v->l, "Cette liste ou ce nom n'est plus là.");
	case -EEXIST: return words(v->l, "Ce nom y est déjà.");
	case -EPERM: return words(v->l, "C'est le dernier nom de la liste : il en faut un.");
	case -ENOTSUP:
		return words(v->l,
			"Cette liste est écrite d'une façon que tocsin ne sait pas changer : modifiez le paquet à la main.");
	default: return draft_fault(v->l, r);
	}
}

static int change(struct visit *v, bool adds, struct slice word)
{
	_cleanup_(written_release) struct written k = {{0}};
	_cleanup_(draft_release) struct draft d = {0};
	_buf_ struct buf changed = {0};
	struct slice list;
	int r = pack_open(v, &d, &k);
	if (r == 0 && !pack_list(&k, v->argument, &list))
		r = -ENOENT;
	if (r == 0)
		r = adds ? written_add_word(buf_slice(&k.text), list, word, &changed)
			 : written_remove_word(buf_slice(&k.text), list, word, &changed);
	if (r == 0)
		r = draft_keep(&d, PACK, buf_slice(&changed));
	return r == -EBADMSG ? -ENOTSUP : r;
}

/* A name, not a reference to another list, nor a line of anything else. */
static bool is_word(struct slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if ((unsigned char)word.p[i] < ' ' || word.p[i] == 127)
			return false;
	return word.n && word.p[0] != '$' && word.p[0] != ' ' && word.p[word.n - 1] != ' ';
}

void lexicon_list_post(struct visit *v)
{
	_buf_ struct buf what = {0}, word = {0};
	bool asked = visit_field(v, "faire", 20, &what) && visit_field(v, "nom", WORD_MAX, &word);
	const bool adds = slice_is(buf_slice(&what), "ajouter");
	if (v->argument.n > ADDRESS_MAX) {
		visit_problem(v, 404);
		return;
	}
	if (!asked || (!adds && !slice_is(buf_slice(&what), "retirer"))) {
		visit_problem(v, 400);
		return;
	}
	int r = is_word(buf_slice(&word)) ? change(v, adds, buf_slice(&word)) : -EINVAL;
	if (r == -EINVAL)
		visit_tell(v, true, words(v->l, "Ce nom ne convient pas."));
	else if (r < 0)
		visit_tell(v, true, not_changed(v, r));
	else
		visit_tell(v, false,
			adds ? words(v->l,
				       "Ajouté dans votre brouillon : publiez pour que cela vaille.")
			     : words(v->l,
				       "Retiré dans votre brouillon : publiez pour que cela vaille."));
	visit_go_to(v, PAGE "/%.*s", (int)v->argument.n, v->argument.p);
}
