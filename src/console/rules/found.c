/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin rules check`, `test` and `backtest` say, as a page says it: each problem with its line and its cure; what
 * would newly be flagged or no longer, with examples. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/html/html.h>
#include <tocsin/yaml/yaml.h>
#include "rules.h"

enum { PROBLEMS_SHOWN = 100, LINE_SHOWN = 200, RULES_SHOWN = 60 };

/* --- problems */

/* A text of a command, without the name of the folder that was made for it. */
static void put_said(struct visit *v, struct slice text, const char *folder)
{
	_buf_ struct buf clean = {0};
	size_t n = folder ? strlen(folder) : 0;
	for (size_t i = 0; i < text.n; i++)
		if (n && text.n - i > n && memcmp(text.p + i, folder, n) == 0 &&
			text.p[i + n] == '/')
			i += n;
		else
			buf_add_char(&clean, text.p[i]);
	html_shown(&v->out, buf_slice(&clean));
}

void said_put(struct visit *v, struct slice text, const char *folder)
{
	buf_add_string(&v->out, "<pre class=\"yaml\" tabindex=\"0\" role=\"region\" aria-label=\"");
	page_word(v, words(v->l, "Ce que dit la vérification"));
	buf_add_string(&v->out, "\">");
	put_said(v, text, folder);
	buf_add_string(&v->out, "</pre>\n");
}

static struct slice line_of(struct slice text, int64_t number)
{
	for (int64_t i = 1; text.n; i++) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		if (i == number)
			return (struct slice){text.p, n};
		n += end != NULL;
		text.p += n;
		text.n -= n;
	}
	return (struct slice){0};
}

/* The line with the place in it marked, from there to the end of the word. */
static void put_line(struct visit *v, struct slice line, int64_t number, int64_t column)
{
	struct html_span span = {0};
	size_t at = 0;
	for (int64_t i = 1; i < column && at < line.n; i++)
		do
			at++;
		while (at < line.n && ((unsigned char)line.p[at] & 0xc0) == 0x80);
	size_t from = at > LINE_SHOWN / 2 ? at - LINE_SHOWN / 2 : 0;
	while (from && ((unsigned char)line.p[from] & 0xc0) == 0x80)
		from--;
	size_t end = at;
	while (end < line.n && !strchr(" \t,:]}", line.p[end]))
		end++;
	span = (struct html_span){.start = at - from, .end = end - from};
	size_t n = line.n - from < LINE_SHOWN ? line.n - from : LINE_SHOWN;
	buf_printf(&v->out, "<pre class=\"line\"><span class=\"meta\">%lld</span> ",
		(long long)number);
	html_marked(&v->out, (struct slice){line.p + from, n}, &span, column > 0 && end > at);
	buf_add_string(&v->out, "</pre>");
}

/* "essai.yaml, ligne 12": a way to the line in the form, or to the other pack. */
static void put_place(struct visit *v, struct slice file, int64_t line, const char *edited)
{
	struct slice name = file;
	if (slice_ends(name, ".yaml"))
		name.n -= 5;
	bool here = slice_is(name, edited), other = !here && draft_name_ok(name);
	if (here && line)
		buf_printf(&v->out, "<a href=\"#texte\" data-ligne=\"%lld\">", (long long)line);
	else if (other)
		buf_printf(&v->out, "<a href=\"/regles/modifier/%.*s\">", (int)name.n, name.p);
	html_shown(&v->out, file);
	if (line)
		buf_printf(&v->out, words(v->l, ", ligne %lld"), (long long)line);
	buf_add_string(&v->out, (here && line) || other ? "</a>" : "");
}

static void put_problem(struct visit *v, struct json_value p, const struct job *j)
{
	struct slice path = rules_text(p, "path"), hint = rules_text(p, "hint");
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	struct slice file = path;
	int64_t line = rules_number(p, "line"), column = rules_number(p, "column");
	_buf_ struct buf text = {0};
	if (slash) {
		file.p = slash + 1;
		file.n = (size_t)(path.p + path.n - file.p);
	}
	_free_ char *source = xasprintf("%s/%.*s", j->folder, (int)file.n, file.p);
	if (line && file_read(source, YAML_MAX, &text, NULL) < 0)
		buf_clear(&text);
	buf_add_string(&v->out, "<li><p><strong>");
	page_word(v,
		slice_is(rules_text(p, "severity"), "error") ? words(v->l, "Erreur")
							     : words(v->l, "Avertissement"));
	buf_add_string(&v->out, "</strong> · ");
	put_place(v, file, line, j->name);
	buf_add_string(&v->out, "<br>");
	put_said(v, rules_text(p, "text"), j->folder);
	buf_add_string(&v->out, "</p>");
	if (line && text.n)
		put_line(v, line_of(buf_slice(&text), line), line, column);
	if (hint.n) {
		buf_add_string(&v->out, "<p class=\"hint\">");
		page_word(v, words(v->l, "Conseil :"));
		buf_add_char(&v->out, ' ');
		put_said(v, hint, j->folder);
		buf_add_string(&v->out, "</p>");
	}
	buf_add_string(&v->out, "</li>\n");
}

bool problems_put(struct visit *v, struct slice json, const struct job *j, struct found_counts *ret)
{
	struct json_reader *reader = json_reader_new(WORK_OUT_MAX);
	struct json_value list, one;
	struct slice none;
	struct error e = {""};
	size_t n = 0;
	bool ok = json_parse(reader, json, &list, &e) == 0 && list.type == JSON_ARRAY;
	for (uint32_t it = 0; ok && json_each(list, &it, &none, &one);) {
		bool error = slice_is(rules_text(one, "severity"), "error");
		ret->errors += error;
		ret->warnings += !error;
		if (!n)
			buf_add_string(&v->out, "<ol class=\"problems\">\n");
		if (n++ < PROBLEMS_SHOWN)
			put_problem(v, one, j);
	}
	buf_add_string(&v->out, n ? "</ol>\n" : "");
	if (n > PROBLEMS_SHOWN)
		page_element(v, "p", words(v->l, "D'autres suivent : corrigez d'abord celles-ci."));
	json_reader_free(reader);
	return ok;
}

/* --- what a push would take away */

/* Its last line: {"lost":{"rules":…,"topics":…,"urgent":…,"names":[…]}} */
static struct slice lost_line(struct slice out)
{
	static const char head[] = "{\"lost\":";
	while (out.n && out.p[out.n - 1] == '\n')
		out.n--;
	const char *end = out.n ? memrchr(out.p, '\n', out.n) : NULL;
	if (end)
		out = (struct slice){end + 1, out.n - (size_t)(end + 1 - out.p)};
	return slice_begins(out, head) ? out : (struct slice){0};
}

bool lost_said(struct slice out)
{
	return lost_line(out).n > 0;
}

static void put_names(struct visit *v, struct json_value lost, struct buf *text)
{
	_buf_ struct buf names = {0};
	struct json_value one;
	int64_t n = 0;
	for (uint32_t it = 0; rules_each(lost, "names", &it, &one); n++) {
		buf_add_string(&names, n ? ", " : "");
		buf_add_slice(&names, json_string(one));
	}
	if (n < rules_number(lost, "urgent"))
		buf_add_string(&names, "…");
	if (n)
		buf_printf(text, words(v->l, " De priorité P1 : %s."), buf_string(&names));
}

bool lost_put(struct visit *v, struct slice out)
{
	struct json_reader *reader = json_reader_new(WORK_OUT_MAX);
	struct json_value whole, lost;
	struct error e = {""};
	const bool ok = json_parse(reader, lost_line(out), &whole, &e) == 0 &&
		json_get(whole, SLICE("lost"), &lost);
	if (ok) {
		const size_t rules = (size_t)rules_number(lost, "rules");
		const size_t topics = (size_t)rules_number(lost, "topics");
		_buf_ struct buf a = {0}, b = {0}, text = {0};
		buf_printf(&a, words_n(v->l, "%zu règle", "%zu règles", rules), rules);
		buf_printf(&b, words_n(v->l, "%zu sujet", "%zu sujets", topics), topics);
		buf_printf(&text,
			words(v->l,
				"Rien n'est publié : avec votre brouillon, %s et %s ne seraient plus en vigueur."),
			buf_string(&a), buf_string(&b));
		put_names(v, lost, &text);
		rules_say(v, true, buf_string(&text));
	}
	json_reader_free(reader);
	return ok;
}

/* --- the history */

static void put_level(struct visit *v, struct json_value whole, const char *key, const char *name)
{
	struct json_value l;
	if (!json_get(whole, slice_of(key), &l))
		return;
	buf_add_string(&v->out, "<p>");
	page_word(v, name);
	buf_add_char(&v->out, ' ');
	buf_printf(&v->out, words(v->l, "%lld avant, %lld après (%lld de plus, %lld de moins)."),
		(long long)rules_number(l, "before"), (long long)rules_number(l, "after"),
		(long long)rules_number(l, "new"), (long long)rules_number(l, "lost"));
	buf_add_string(&v->out, "</p>\n");
}

static void put_totals(struct visit *v, struct json_value whole)
{
	int64_t n = rules_number(whole, "comments"), at;
	buf_add_string(&v->out, "<p>");
	buf_printf(&v->out,
		words_n(v->l, "%lld commentaire relu", "%lld commentaires relus", (uint64_t)n),
		(long long)n);
	if (clock_parse(rules_text(whole, "first"), &at) == 0) {
		page_word(v, words(v->l, ", du "));
		page_time(v, at);
	}
	if (clock_parse(rules_text(whole, "last"), &at) == 0) {
		page_word(v, words(v->l, " au "));
		page_time(v, at);
	}
	buf_add_string(&v->out, ".</p>\n");
	put_level(v, whole, "queue", words(v->l, "À modérer :"));
	put_level(v, whole, "alert", words(v->l, "Alertes :"));
}

static void put_quotes(struct visit *v, struct json_value rule, const char *side)
{
	struct json_value one;
	for (uint32_t it = 0; rules_each(rule, "quotes", &it, &one);) {
		int64_t start = rules_number(one, "start"), end = rules_number(one, "end");
		struct html_span span = {.start = (size_t)start, .end = (size_t)end};
		if (!slice_is(rules_text(one, "side"), side))
			continue;
		buf_printf(&v->out, "<li class=\"%s\"><strong>", side);
		page_word(v,
			strcmp(side, "new") == 0 ? words(v->l, "Nouveau :")
						 : words(v->l, "N'est plus reconnu :"));
		buf_add_string(&v->out, "</strong> <blockquote>");
		rules_quote(v, rules_text(one, "text"), &span, start >= 0 && end > start);
		buf_add_string(&v->out, "</blockquote></li>\n");
	}
}

static void put_change(struct visit *v, struct json_value rule)
{
	struct slice id = rules_text(rule, "rule");
	struct rule_info info;
	buf_add_string(&v->out, "<section><h3>");
	html_shown(&v->out, rules_info(v, id, &info) ? info.title : id);
	buf_add_string(&v->out, "</h3><p class=\"meta\">");
	html_text(&v->out, id);
	buf_add_string(&v->out, "</p><p>");
	buf_printf(&v->out, words(v->l, "%lld avant, %lld après (%lld de plus, %lld de moins)."),
		(long long)rules_number(rule, "before"), (long long)rules_number(rule, "after"),
		(long long)rules_number(rule, "new"), (long long)rules_number(rule, "lost"));
	buf_add_string(&v->out, "</p><ul class=\"verbatims\">\n");
	put_quotes(v, rule, "new");
	put_quotes(v, rule, "lost");
	buf_add_string(&v->out, "</ul></section>\n");
}

bool compared_put(struct visit *v, struct slice json)
{
	struct json_reader *reader = json_reader_new(WORK_OUT_MAX);
	struct json_value whole, rule;
	struct error e = {""};
	size_t n = 0;
	bool ok = json_parse(reader, json, &whole, &e) == 0 && whole.type == JSON_OBJECT;
	if (ok)
		put_totals(v, whole);
	for (uint32_t it = 0; ok && rules_each(whole, "rules", &it, &rule);)
		if (rules_number(rule, "new") + rules_number(rule, "lost") > 0 && n++ < RULES_SHOWN)
			put_change(v, rule);
	if (ok && !n)
		page_element(
			v, "p", words(v->l, "Aucune règle ne reconnaît autre chose qu'avant."));
	json_reader_free(reader);
	return ok;
}
