/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of the rules share. */
#include "rules.h"
#include <dirent.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/html/html.h>
#include <tocsin/record/mask.h>
#include "../topic.h"

enum {
	WORDS_MAX = 16,
	QUOTE_BYTES = 8000,
	EXIT_UNSURE = 3 /* of `tocsin`: store has not answered */
};

static void tidy(const char *run)
{
	DIR *d = opendir(run);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		_free_ char *path = xasprintf("%s/%s", run, entry->d_name);
		if (slice_begins(slice_of(entry->d_name), DRAFT_COPY))
			(void)!file_remove_tree(path);
	}
	if (d)
		closedir(d);
}

struct rules_desk *desk_new(struct bus *b, const char *run)
{
	struct rules_desk *d = xcalloc(1, sizeof(*d));
	tidy(run);
	d->works = works_new(b);
	return d;
}

struct rules_desk *desk_free(struct rules_desk *d)
{
	if (!d)
		return NULL;
	works_free(d->works);
	buf_release(&d->counted.said);
	free(d);
	return NULL;
}

/* --- jobs */

struct job *job_new(struct visit *v)
{
	struct job *j = xcalloc(1, sizeof(*j));
	j->v = visit_keep(v);
	j->v->session = v->session; /* until a command begins */
	return j;
}

void job_end(struct job *j)
{
	if (j->folder)
		(void)!file_remove_tree(j->folder);
	free(j->folder);
	buf_release(&j->text);
	buf_release(&j->reason);
	buf_release(&j->found);
	visit_end(j->v);
	free(j);
}

static void on_done(void *user, const struct work_result *r)
{
	struct job *j = user;
	struct visit *v = j->v;
	v->now = clock_now();
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (v->session) {
		j->then(j, r);
		return;
	}
	visit_go(v, "/connexion");
	job_end(j);
}

void job_run(struct job *j, const char *const *words, struct slice input, int64_t deadline_ms,
	job_fn *then)
{
	struct console *c = j->v->c;
	const char *argv[WORDS_MAX + 8] = {"tocsin", "rules"};
	size_t n = 2;
	for (size_t i = 0; words[i] && i < WORDS_MAX; i++)
		argv[n++] = words[i];
	argv[n++] = "--json";
	argv[n++] = j->v->l == WORDS_EN ? "--lang=en" : "--lang=fr";
	argv[n++] = "--config";
	argv[n++] = c->s->config.file.path;
	j->then = then;
	work_start(c->rules->works,
		&(struct work){.who = j->v->session->name,
			.argv = (char *const *)(uintptr_t)argv, /* only read */
			.input = input,
			.deadline_ms = deadline_ms,
			.done = on_done,
			.user = j});
}

const char *job_why(const struct visit *v, const struct work_result *r)
{
	if (r->busy)
		return words(v->l,
			"Un autre essai est en cours : rien n'a été fait. Réessayez dans un instant.");
	if (r->late)
		return words(v->l,
			"Arrêté : cela prenait trop de temps. Une règle est peut-être trop lourde.");
	return words(v->l, "Arrêté : la commande n'a pas pu aller à son terme.");
}

bool job_unsure(const struct work_result *r)
{
	return !r->busy && (r->code < 0 || r->code == EXIT_UNSURE);
}

/* --- what they say */

bool rules_may_read(const struct visit *v)
{
	return v->session->roles & (ROLE_RULES | ROLE_JURIST | ROLE_DIRCOM);
}

bool rules_may_write(const struct visit *v)
{
	return v->session->roles & ROLE_RULES;
}

static void put_tab(struct visit *v, const char *path, const char *name)
{
	bool here = slice_is(v->r->path, path);
	buf_printf(&v->out, "<li><a href=\"%s\"%s>", path, here ? " aria-current=\"page\"" : "");
	page_word(v, name);
	buf_add_string(&v->out, "</a></li>\n");
}

void rules_open(struct visit *v, const char *title)
{
	page_open(v, title);
	if (rules_may_read(v)) {
		buf_printf(&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n",
			words(v->l, "Règles"));
		put_tab(v, "/regles", words(v->l, "En vigueur"));
		put_tab(v, "/regles/essayer", words(v->l, "Essayer un texte"));
		if (rules_may_write(v))
			put_tab(v, "/regles/modifier", words(v->l, "Modifier"));
		put_tab(v, "/regles/lexique", words(v->l, "Lexique"));
		put_tab(v, "/regles/oublis", words(v->l, "Oublis"));
		put_tab(v, "/regles/journal", words(v->l, "Versions"));
		buf_add_string(&v->out, "</ul></nav>\n");
	}
	buf_add_string(&v->out, "<h1>");
	html_shown(&v->out, slice_of(title));
	buf_add_string(&v->out, "</h1>\n");
}

const char *rules_status(const struct visit *v, enum rule_status status)
{
	switch (status) {
	case RULE_DRAFT: return words(v->l, "brouillon");
	case RULE_SHADOW: return words(v->l, "à blanc");
	case RULE_LIVE: return words(v->l, "en service");
	case RULE_RETIRED:
	default: return words(v->l, "retirée");
	}
}

bool rules_info(const struct visit *v, struct slice id, struct rule_info *ret)
{
	for (size_t i = 0; v->c->names && i < ruleset_count(v->c->names); i++) {
		*ret = ruleset_info(v->c->names, i);
		if (slice_equal(ret->id, id))
			return true;
	}
	return false;
}

bool rules_asked(struct visit *v, struct rule_info *ret)
{
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return false;
	}
	topics_refresh(v);
	if (rules_info(v, v->argument, ret))
		return true;
	visit_problem(v, 404);
	return false;
}

/* The marked words of a text, where they stand in its masked form. */
static size_t find_spans(struct slice text, const struct html_span *spans, size_t n,
	struct slice masked, struct html_span *ret)
{
	size_t found = 0;
	for (size_t i = 0; i < n && found < HTML_SPANS_MAX; i++) {
		if (spans[i].start >= spans[i].end || spans[i].end > text.n || !masked.n)
			continue;
		size_t size = spans[i].end - spans[i].start;
		const char *at = memmem(masked.p, masked.n, text.p + spans[i].start, size);
		if (at)
			ret[found++] = (struct html_span){.start = (size_t)(at - masked.p),
				.end = (size_t)(at - masked.p) + size};
	}
	return found;
}

void rules_quote(struct visit *v, struct slice text, const struct html_span *spans, size_t n)
{
	struct html_span there[HTML_SPANS_MAX];
	_buf_ struct buf masked = {0};
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM)) {
		html_marked(&v->out, text, spans, n);
		return;
	}
	mask_text(&masked, text, QUOTE_BYTES);
	html_marked(&v->out, buf_slice(&masked), there,
		find_spans(text, spans, n, buf_slice(&masked), there));
}

void rules_hash(struct visit *v, const char *hash)
{
	buf_printf(&v->out, "<code>%.12s</code>", hash);
}

void rules_say(struct visit *v, bool bad, const char *text)
{
	buf_printf(&v->out, "<div class=\"told%s\" role=\"%s\"><p>", bad ? " bad" : "",
		bad ? "alert" : "status");
	page_word(v, text);
	buf_add_string(&v->out, "</p></div>\n");
}

/* --- what commands said */

static bool member(struct json_value object, const char *key, uint8_t type, struct json_value *ret)
{
	return object.type == JSON_OBJECT && json_get(object, slice_of(key), ret) &&
		ret->type == type;
}

struct slice rules_text(struct json_value object, const char *key)
{
	struct json_value v;
	return member(object, key, JSON_STRING, &v) ? json_string(v) : (struct slice){0};
}

int64_t rules_number(struct json_value object, const char *key)
{
	struct json_value v;
	return member(object, key, JSON_INT, &v) ? json_int(v) : 0;
}

bool rules_flag(struct json_value object, const char *key)
{
	struct json_value v;
	return member(object, key, JSON_BOOL, &v) && json_bool(v);
}

bool rules_each(struct json_value object, const char *key, uint32_t *it, struct json_value *ret)
{
	struct json_value list;
	struct slice none;
	return member(object, key, JSON_ARRAY, &list) && json_each(list, it, &none, ret);
}
