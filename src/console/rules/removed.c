/* SPDX-License-Identifier: GPL-3.0-or-later
 * A pack that the draft takes away, and one that it calls otherwise. */
#include <tocsin/html/html.h>
#include "../topic.h"
#include "edit.h"

static void put_rule(struct visit *v, const struct rule_info *i, const struct usage *u)
{
	const struct rule_usage found = usage_of(u, i->id);
	buf_add_string(&v->out, "<li><a href=\"/regles/regle/");
	html_text(&v->out, i->id);
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, i->title.n ? i->title : i->id);
	buf_add_string(&v->out, "</a>");
	if (u->list) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "trouvé en 30 jours :"));
		buf_add_char(&v->out, ' ');
		usage_put_hits(v, &found);
	}
	buf_add_string(&v->out, "</li>\n");
}

/* The rules and topics that go with it. */
static void put_lost(struct visit *v, const char *name)
{
	const struct ruleset *rules = v->c->names;
	char pack[DRAFT_NAME_MAX + 1];
	struct usage u;
	usage_read(v, &u);
	buf_add_string(&v->out, "<ul>\n");
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info one = ruleset_info(rules, i);
		rules_pack_name(&one, pack);
		if (strcmp(pack, name) == 0)
			put_rule(v, &one, &u);
	}
	buf_add_string(&v->out, "</ul>\n");
	usage_release(&u);
}

void removed_put(struct visit *v, const char *name)
{
	topics_refresh(v);
	buf_add_string(&v->out,
		"<input type=\"hidden\" name=\"texte\" value=\"\"><input type=\"hidden\" name=\"retire\" value=\"1\">\n<p>");
	page_word(v,
		words(v->l,
			"Votre brouillon supprime ce paquet. Il reste en service tant que vous ne publiez pas ; une fois publié, « Versions » permet d'y revenir."));
	buf_add_string(&v->out, "</p>\n<p>");
	page_word(v,
		words(v->l,
			"Ne seraient plus cherchés (les décisions déjà prises et l'historique restent) :"));
	buf_add_string(&v->out, "</p>\n");
	put_lost(v, name);
	page_element(v, "p",
		words(v->l,
			"« Vérifier » montre ce qui, dans d'autres paquets, se sert de ses listes."));
}

/* "pack: essai", "paquet: 'essai'": the value, or nothing. */
static struct slice pack_line(struct slice line)
{
	static const char *const keys[] = {"pack:", "paquet:"};
	for (size_t i = 0; i < 2; i++) {
		const size_t n = strlen(keys[i]);
		if (!slice_begins(line, keys[i]))
			continue;
		line = (struct slice){line.p + n, line.n - n};
		while (line.n && strchr(" \t'\"", line.p[0]))
			line = (struct slice){line.p + 1, line.n - 1};
		while (line.n && strchr(" \t\r'\"", line.p[line.n - 1]))
			line.n--;
		return line;
	}
	return (struct slice){0};
}

void renamed_text(struct slice text, const char *name, const char *to, struct buf *ret)
{
	bool done = false;
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		const struct slice line = {text.p, end ? (size_t)(end - text.p) : text.n};
		const struct slice value = pack_line(line);
		if (!done && value.n && slice_is(value, name)) {
			buf_add(ret, line.p, (size_t)(value.p - line.p));
			buf_add_string(ret, to);
			buf_add(ret, value.p + value.n,
				(size_t)(line.p + line.n - value.p - value.n));
			done = true;
		} else {
			buf_add_slice(ret, line);
		}
		if (end)
			buf_add_char(ret, '\n');
		text.p += line.n + (end != NULL);
		text.n -= line.n + (end != NULL);
	}
}
