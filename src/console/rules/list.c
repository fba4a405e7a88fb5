/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is in force: the published bundle, its packs and their rules, what each found of late and how often people upheld
 * it. */
#include "rules.h"
#include "named.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/rules/merge.h>
#include "../topic.h"

enum { FILTER_MAX = 200 };

/* --- the filter */

struct filter {
	struct buf pack, category, words;
};

static void filter_release(struct filter *f)
{
	buf_release(&f->pack);
	buf_release(&f->category);
	buf_release(&f->words);
}

static bool filter_read(struct visit *v, struct filter *f)
{
	const struct {
		const char *name;
		struct buf *ret;
	} parts[] = {{"paquet", &f->pack}, {"categorie", &f->category}, {"mots", &f->words}};
	for (size_t i = 0; i < 3; i++) {
		int r = visit_query(v, parts[i].name, FILTER_MAX, parts[i].ret);
		if (r != 0 && r != -ENOENT)
			return false;
	}
	return true;
}

/* ASCII capitals count as small; accents as they are. */
static bool contains(struct slice text, struct slice what)
{
	for (size_t i = 0; i + what.n <= text.n; i++)
		if (strncasecmp(text.p + i, what.p, what.n) == 0)
			return true;
	return false;
}

static bool fits(const struct filter *f, const struct rule_info *i)
{
	struct slice wanted = buf_slice(&f->words);
	return (!f->pack.n || slice_equal(i->pack, buf_slice(&f->pack))) &&
		(!f->category.n || slice_equal(i->category, buf_slice(&f->category))) &&
		(!wanted.n || contains(i->id, wanted) || contains(i->title, wanted) ||
			contains(i->law, wanted));
}

static void put_option(struct visit *v, struct slice value, struct slice chosen, struct slice text)
{
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, value);
	buf_printf(&v->out, "\"%s>", slice_equal(value, chosen) ? " selected" : "");
	html_text(&v->out, text);
	buf_add_string(&v->out, "</option>\n");
}

/* Every pack, or every category, once. */
static void put_choice(
	struct visit *v, const char *name, const char *label, bool packs, struct slice chosen)
{
	const struct ruleset *rules = v->c->names;
	struct map *seen = map_new();
	buf_add_string(&v->out, "<label>");
	page_word(v, label);
	buf_printf(&v->out, "<select name=\"%s\"><option value=\"\">", name);
	page_word(v, words(v->l, "indifférent"));
	buf_add_string(&v->out, "</option>\n");
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		struct rule_info info = ruleset_info(rules, i);
		struct slice value = packs ? info.pack : info.category;
		_buf_ struct buf text = {0};
		bool fresh;
		map_at(seen, value, &fresh);
		if (!fresh || !value.n)
			continue;
		if (packs)
			buf_add_slice(&text, value);
		else
			phrase_category(v->l, value, &text);
		put_option(v, value, chosen, buf_slice(&text));
	}
	buf_add_string(&v->out, "</select></label>\n");
	map_free(seen);
}

static void put_filter(struct visit *v, const struct filter *f)
{
	bool set = f->pack.n || f->category.n || f->words.n;
	buf_printf(&v->out, "<details class=\"filters\"%s><summary>", set ? " open" : "");
	page_word(v, words(v->l, "Filtrer"));
	buf_add_string(&v->out, "</summary><form action=\"/regles\">\n");
	put_choice(v, "paquet", words(v->l, "Paquet"), true, buf_slice(&f->pack));
	put_choice(v, "categorie", words(v->l, "Supposition"), false, buf_slice(&f->category));
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Mots du titre, de l'identifiant ou de la loi"));
	buf_printf(&v->out, "<input name=\"mots\" maxlength=\"%d\" value=\"", (int)FILTER_MAX);
	html_text(&v->out, buf_slice(&f->words));
	buf_add_string(&v->out, "\"></label>\n<button>");
	page_word(v, words(v->l, "Filtrer"));
	buf_add_string(&v->out, "</button>");
	if (set) {
		buf_add_string(&v->out, " <a href=\"/regles\">");
		page_word(v, words(v->l, "Tout montrer"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</form></details>\n");
}

/* --- the rules */

/* On a phone the columns have no head: each figure says what it is. */
static void open_cell(struct visit *v, const char *column)
{
	buf_add_string(&v->out, "<td data-nom=\"");
	page_word(v, column);
	buf_add_string(&v->out, "\">");
}

static void put_rule(struct visit *v, const struct rule_info *i, const struct usage *u)
{
	struct rule_usage found = usage_of(u, i->id);
	buf_printf(&v->out, "<tr><th scope=\"row\"><a href=\"/regles/regle/%.*s\">", (int)i->id.n,
		i->id.p);
	html_shown(&v->out, i->title);
	buf_add_string(&v->out, "</a><br><span class=\"meta\">");
	html_text(&v->out, i->id);
	buf_add_string(&v->out, "</span></th>");
	open_cell(v, words(v->l, "Supposition"));
	if (i->topic)
		page_word(v, words(v->l, "sujet"));
	else
		phrase_category(v->l, i->category, &v->out);
	buf_add_string(&v->out, "</td>");
	open_cell(v, words(v->l, "Priorité"));
	if (i->priority)
		buf_printf(
			&v->out, "<span class=\"badge p%u\">P%u</span>", i->priority, i->priority);
	buf_add_string(&v->out, "</td>");
	open_cell(v, words(v->l, "État"));
	page_word(v, rules_status(v, i->status));
	buf_add_string(&v->out, "</td>");
	open_cell(v, words(v->l, "En 30 jours"));
	if (u->list)
		usage_put_hits(v, &found);
	buf_add_string(&v->out, "</td>");
	open_cell(v, words(v->l, "Confirmés"));
	if (u->list)
		usage_put_upheld(v, &found);
	buf_add_string(&v->out, "</td></tr>\n");
}

static void open_pack(struct visit *v, struct slice pack)
{
	const char *const columns[] = {words(v->l, "Règle"), words(v->l, "Supposition"),
		words(v->l, "Priorité"), words(v->l, "État"), words(v->l, "En 30 jours"),
		words(v->l, "Confirmés")};
	buf_add_string(&v->out, "<section><h2>");
	html_shown(&v->out, pack);
	buf_add_string(
		&v->out, "</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	html_text(&v->out, pack);
	buf_add_string(&v->out, "\"><table class=\"rules\"><thead><tr>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, columns[i]);
		buf_add_string(&v->out, "</th>");
	}
	buf_add_string(&v->out, "</tr></thead><tbody>\n");
}

static void close_pack(struct visit *v)
{
	buf_add_string(&v->out, "</tbody></table></div></section>\n");
}

static void put_rules(struct visit *v, const struct filter *f)
{
	const struct ruleset *rules = v->c->names;
	struct usage u;
	struct slice pack = {0};
	size_t n = 0;
	usage_read(v, &u);
	usage_put_when(v);
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		struct rule_info info = ruleset_info(rules, i);
		if (!fits(f, &info))
			continue;
		if (n && !slice_equal(info.pack, pack))
			close_pack(v);
		if (!n++ || !slice_equal(info.pack, pack))
			open_pack(v, info.pack);
		pack = info.pack;
		put_rule(v, &info, &u);
	}
	if (n)
		close_pack(v);
	else
		page_element(v, "p", words(v->l, "Aucune règle ne répond à ce filtre."));
	usage_release(&u);
}

static int put_publication(void *user, const struct publication *p)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<p>");
	page_word(v, words(v->l, "Version"));
	buf_printf(&v->out, " <code title=\"%.*s\">%.12s</code>", (int)p->hash.n, p->hash.p,
		p->hash.p);
	page_word(v, words(v->l, ", publiée par "));
	page_person(v, p->who);
	buf_add_string(&v->out, " · ");
	page_time(v, p->at);
	buf_add_string(&v->out, "<br><q>");
	html_shown(&v->out, p->reason);
	buf_add_string(&v->out, "</q></p>\n");
	return 0;
}

/* Packs that the folder of the configuration and somebody else both changed, as long as they differ. */
static void put_disputed(struct visit *v)
{
	const struct config *c = &v->c->s->config;
	_buf_ struct buf files = {0}, names = {0}, text = {0};
	struct error e = {""};
	char active[65];
	if (reader_disputed_packs(v->c->reader, &files, &e) < 0 || !files.n ||
		reader_bundle(v->c->reader, active, &e) < 0)
		return;
	_free_ char *bundle = xasprintf("%s/bundles/%s", c->state_dir, active);
	packs_differing(buf_slice(&files), c->rules_dir, bundle, &names);
	if (!names.n)
		return;
	buf_printf(&text,
		words(v->l,
			"Paquets changés dans le dossier des règles et aussi dans la console : %s. Ceux en vigueur restent. Pour les garder, "
			"« tocsin rules pull DOSSIER --force » les écrit dans le dossier ; pour reprendre ce que dit le dossier, modifiez-les ici."),
		buf_string(&names));
	rules_say(v, true, buf_string(&text));
}

static void list_page(struct visit *v)
{
	_cleanup_(filter_release) struct filter f = {0};
	struct error e = {""};
	if (!filter_read(v, &f)) {
		visit_problem(v, 400);
		return;
	}
	rules_open(v, words(v->l, "Règles"));
	if (reader_publications(v->c->reader, 1, put_publication, v, &e) < 0) {
		visit_problem(v, 503);
		return;
	}
	put_disputed(v);
	named_warn(v);
	put_filter(v, &f);
	put_rules(v, &f);
	page_close(v);
	visit_page(v, 200);
}

static void nothing_page(struct visit *v)
{
	rules_open(v, words(v->l, "Règles"));
	page_element(v, "p", words(v->l, "Aucune règle n'est encore publiée."));
	page_close(v);
	visit_page(v, 200);
}

void rules_get(struct visit *v)
{
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	topics_refresh(v);
	if (!v->c->names) {
		nothing_page(v);
		return;
	}
	usage_renew(v);
	list_page(v);
}
