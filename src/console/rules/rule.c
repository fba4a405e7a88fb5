/* SPDX-License-Identifier: GPL-3.0-or-later
 * One rule: what it is, its law text, what could fool it, its examples, its YAML as written, what it found last. And a pack
 * as it was published, whole. */
#include "rules.h"
#include "named.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/yaml/yaml.h>
#include "written.h"
#include "../topic.h"

enum {
	LOOKED = 2000 /* newest comments among which its last hits are sought */,
	HITS = 10,
	PAGE = 200
};

/* --- the page */

static void put_facts(struct visit *v, const struct rule_info *i, const struct yaml_node *node)
{
	_buf_ struct buf category = {0}, score = {0}, priority = {0};
	const struct yaml_node *traps = written_value(node, "false_positives", "faux_positifs");
	const struct yaml_node *note = written_value(node, "note", "note");
	if (!i->topic)
		phrase_category(v->l, i->category, &category);
	if (i->score % 100)
		buf_printf(&score, "%u,%02u", i->score / 100, i->score % 100);
	else if (!i->topic)
		buf_printf(&score, "%u", i->score / 100);
	if (i->priority)
		buf_printf(&priority, "P%u", i->priority);
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	page_row(v, words(v->l, "Identifiant"), i->id);
	page_row(v, words(v->l, "État"), slice_of(rules_status(v, i->status)));
	page_row(v, words(v->l, "Supposition"), buf_slice(&category));
	page_row(v, words(v->l, "Priorité"), buf_slice(&priority));
	page_row(v, words(v->l, "Score"), buf_slice(&score));
	page_row(v, words(v->l, "Texte de loi"), i->law);
	page_row(v, words(v->l, "Ce qui pourrait la tromper"),
		traps && traps->type == YAML_SCALAR ? traps->text : (struct slice){0});
	page_row(v, words(v->l, "Remarque"),
		note && note->type == YAML_SCALAR ? note->text : (struct slice){0});
	page_row(v, words(v->l, "Service qui répond"), i->service);
	page_row(v, words(v->l, "Responsable"), i->owner);
	page_row(v, words(v->l, "À relire avant le"), i->review_by);
	named_facts(v, i->id);
}

static void put_usage(struct visit *v, const struct rule_info *i)
{
	struct usage u;
	usage_read(v, &u);
	if (u.list) {
		struct rule_usage found = usage_of(&u, i->id);
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		page_word(v, words(v->l, "Reconnus en 30 jours"));
		buf_add_string(&v->out, "</th><td>");
		usage_put_hits(v, &found);
		buf_add_string(&v->out, "</td></tr>\n<tr><th scope=\"row\">");
		page_word(v, words(v->l, "Confirmés par la modération"));
		buf_add_string(&v->out, "</th><td>");
		usage_put_upheld(v, &found);
		buf_add_string(&v->out, "</td></tr>\n");
	}
	usage_release(&u);
	buf_add_string(&v->out, "</tbody></table>\n");
	usage_put_when(v);
}

static void put_sample(struct visit *v, const struct yaml_node *one)
{
	const struct yaml_node *text =
		one->type == YAML_MAP ? written_value(one, "text", "texte") : one;
	if (!text || text->type != YAML_SCALAR)
		return;
	buf_add_string(&v->out, "<li>");
	html_shown(&v->out, text->text);
	buf_add_string(&v->out, "</li>\n");
}

static void put_samples(struct visit *v, const struct yaml_node *list, const char *title)
{
	if (!list)
		return;
	page_element(v, "h3", title);
	buf_add_string(&v->out, "<ul class=\"samples\">\n");
	if (list->type == YAML_SCALAR)
		put_sample(v, list);
	for (size_t i = 0; list->type == YAML_LIST && i < list->n; i++)
		put_sample(v, list->items[i]);
	buf_add_string(&v->out, "</ul>\n");
}

static void put_tests(struct visit *v, const struct yaml_node *node)
{
	const struct yaml_node *tests = written_value(node, "tests", "exemples");
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Exemples"));
	if (!tests)
		page_element(v, "p", words(v->l, "Cette règle n'a pas d'exemples."));
	put_samples(
		v, written_value(tests, "match", "oui"), words(v->l, "Elle doit les reconnaître"));
	put_samples(
		v, written_value(tests, "no_match", "non"), words(v->l, "Elle doit les laisser"));
	put_samples(v, written_value(tests, "todo", "à_faire"),
		words(v->l, "Elle devrait les reconnaître un jour"));
	buf_add_string(&v->out, "</section>\n");
}

static void put_yaml(struct visit *v, struct slice text, const char *label)
{
	buf_add_string(&v->out, "<pre class=\"yaml\" tabindex=\"0\" role=\"region\" aria-label=\"");
	page_word(v, label);
	buf_add_string(&v->out, "\"><code>");
	html_text(&v->out, text);
	buf_add_string(&v->out, "</code></pre>\n");
}

/* --- what it found last */

struct hits {
	struct visit *v;
	struct slice rule;
	size_t n, looked, shadows;
	int64_t oldest;
};

/* A verdict keeps where the words of a rule in force stand, and of one à blanc its name alone. */
static bool is_shadow(const struct verdict *verdict, struct slice rule)
{
	for (uint32_t i = 0; i < verdict->n_shadows; i++)
		if (slice_equal(verdict->shadows[i], rule))
			return true;
	return false;
}

static size_t spans_of(const struct verdict *verdict, struct slice rule, struct html_span *ret)
{
	size_t n = 0;
	for (uint32_t i = 0; i < verdict->n_matches && n < HTML_SPANS_MAX; i++)
		if (slice_equal(verdict->matches[i].rule, rule))
			ret[n++] = (struct html_span){
				.start = verdict->matches[i].start, .end = verdict->matches[i].end};
	return n;
}

static int put_hit(void *user, const struct stored_comment *c)
{
	struct hits *h = user;
	struct visit *v = h->v;
	struct html_span spans[HTML_SPANS_MAX];
	const size_t n = spans_of(&c->verdict, h->rule, spans);
	const bool shadow = !n && is_shadow(&c->verdict, h->rule);
	h->oldest = c->seq;
	h->looked++;
	if ((!n && !shadow) || c->gone || h->n == HITS)
		return 0;
	h->n++;
	h->shadows += shadow;
	buf_add_string(&v->out, "<li><p class=\"meta\">");
	page_time(v, c->comment.created_at ? c->comment.created_at : c->accepted_at);
	buf_add_string(&v->out, " · ");
	html_text(&v->out, config_source_title(&v->c->s->config, c->comment.source));
	if (shadow) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "à blanc"));
	}
	buf_add_string(&v->out, "</p><blockquote>");
	rules_quote(v, c->comment.text, spans, n);
	buf_add_string(&v->out, "</blockquote></li>\n");
	return 0;
}

static void put_looked(struct visit *v, const struct hits *h)
{
	if (h->shadows)
		page_element(v, "p",
			words(v->l,
				"Ce que la règle a reconnu à blanc est montré sans ses mots marqués : « Essayer un texte » dit lesquels."));
	if (h->n)
		return;
	buf_add_string(&v->out, "<p>");
	buf_printf(&v->out, words(v->l, "Aucun parmi les derniers commentaires reçus (%zu relus)."),
		h->looked);
	buf_add_string(&v->out, "</p>\n");
}

static int put_hits(struct visit *v, struct slice rule)
{
	struct hits h = {.v = v, .rule = rule};
	struct error e = {""};
	int r = 0;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Derniers commentaires reconnus"));
	buf_add_string(&v->out, "<ol class=\"verbatims\">\n");
	for (size_t before = SIZE_MAX;
		r == 0 && h.n < HITS && h.looked < LOOKED && h.looked != before;) {
		before = h.looked;
		r = reader_recent(v->c->reader, h.oldest, PAGE, put_hit, &h, &e);
	}
	buf_add_string(&v->out, "</ol>\n");
	put_looked(v, &h);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

void rules_pack_name(const struct rule_info *i, char ret[static DRAFT_NAME_MAX + 1])
{
	const char *slash = strrchr(i->path, '/');
	struct slice name = slice_of(slash ? slash + 1 : i->path);
	if (slice_ends(name, ".yaml"))
		name.n -= 5;
	snprintf(ret, DRAFT_NAME_MAX + 1, "%.*s", draft_name_ok(name) ? (int)name.n : 0, name.p);
}

static void put_written(struct visit *v, const struct rule_info *i, struct slice text)
{
	char name[DRAFT_NAME_MAX + 1];
	rules_pack_name(i, name);
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Telle qu'elle est écrite"));
	put_yaml(v, text, words(v->l, "Telle qu'elle est écrite"));
	if (*name) {
		buf_printf(&v->out, "<p><a href=\"/regles/paquet/%s\">", name);
		page_word(v, words(v->l, "Lire tout le paquet"));
		buf_add_string(&v->out, "</a>");
		if (rules_may_write(v)) {
			buf_printf(&v->out, " · <a href=\"/regles/modifier/%s\">", name);
			page_word(v, words(v->l, "Modifier ce paquet"));
			buf_add_string(&v->out, "</a>");
		}
		buf_add_string(&v->out, "</p>\n");
	}
	buf_add_string(&v->out, "</section>\n");
}

static void rule_page(struct visit *v, const struct rule_info *info)
{
	struct yaml_file file = {0};
	struct problems p = {0};
	_buf_ struct buf text = {0}, title = {0};
	if (file_read(info->path, YAML_MAX, &text, NULL) == 0)
		(void)!yaml_read_text(info->path, buf_slice(&text), &file, &p);
	const struct yaml_node *node = written_rule(&file, info->id);
	buf_add_slice(&title, info->title);
	rules_open(v, buf_string(&title));
	put_facts(v, info, node);
	put_usage(v, info);
	sign_put_way(v, info->id);
	int r = put_hits(v, info->id);
	put_tests(v, node);
	if (node)
		put_written(v, info, written_lines(buf_slice(&text), node));
	sign_put(v, info->id);
	yaml_release(&file);
	problems_release(&p);
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, 200);
}

void rule_get(struct visit *v)
{
	struct rule_info info;
	if (!rules_asked(v, &info))
		return;
	usage_renew(v);
	rule_page(v, &info);
}

void pack_get(struct visit *v)
{
	_buf_ struct buf text = {0};
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	topics_refresh(v);
	_free_ char *path = xasprintf("%s/bundles/%s/%.*s.yaml", v->c->s->config.state_dir,
		v->c->names_hash, (int)v->argument.n, v->argument.p);
	if (!v->c->names || !draft_name_ok(v->argument) || access(path, F_OK) < 0 ||
		file_read(path, YAML_MAX, &text, NULL) < 0) {
		visit_problem(v, 404);
		return;
	}
	_free_ char *title = xasprintf("%.*s.yaml", (int)v->argument.n, v->argument.p);
	rules_open(v, title);
	put_yaml(v, buf_slice(&text), title);
	page_close(v);
	visit_page(v, 200);
}
