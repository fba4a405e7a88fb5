/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the moderation reported as missed, for the authors of rules: `tocsin rules missed` says it, masked. Each becomes an
 * example of a rule, in their draft, or is put aside with a reason. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "rules.h"
#include "written.h"
#include "../topic.h"

enum { SHOWN = 20, LINE_MAX_ = 64 << 10, RULE_MAX = 200, REASON_MAX = 1000, SAMPLE_MAX = 1000 };
#define PAGE "/regles/oublis"
#define OTHER "*" /* no rule has this name */

/* --- what the command said */

struct reading {
	struct json_reader *json;
	struct slice left;
};

static struct reading reading_begin(struct slice out)
{
	return (struct reading){json_reader_new(LINE_MAX_), out};
}

static void reading_end(struct reading *r)
{
	json_reader_free(r->json);
}

/* The next one that still has its text; it lives until the one after it. */
static bool reading_next(struct reading *r, struct json_value *ret)
{
	struct error e = {""};
	for (const char *end; r->left.n && (end = memchr(r->left.p, '\n', r->left.n));) {
		const struct slice line = {r->left.p, (size_t)(end - r->left.p)};
		r->left.p += line.n + 1;
		r->left.n -= line.n + 1;
		if (json_parse(r->json, line, ret, &e) == 0 && rules_text(*ret, "text").n)
			return true;
	}
	return false;
}

/* --- the page */

/* Of what a resident asks, the rules are topics. */
static bool is_of(const struct rule_info *rule, struct slice category)
{
	return slice_is(category, "demande_usager") ? rule->topic
						    : slice_equal(rule->category, category);
}

/* The rules of a category, of an empty one all. */
static void put_options(struct visit *v, struct slice category)
{
	for (size_t i = 0; v->c->names && i < ruleset_count(v->c->names); i++) {
		const struct rule_info rule = ruleset_info(v->c->names, i);
		if (rule.status == RULE_RETIRED || (category.n && !is_of(&rule, category)))
			continue;
		buf_add_string(&v->out, "<option value=\"");
		html_text(&v->out, rule.id);
		buf_add_string(&v->out, "\">");
		html_text(&v->out, rule.title);
		buf_add_string(&v->out, "</option>\n");
	}
}

static void put_rules(struct visit *v)
{
	buf_add_string(&v->out, "<datalist id=\"regles\">\n");
	put_options(v, (struct slice){0});
	buf_add_string(&v->out, "</datalist>\n");
}

/* Those of its category; any other one by its name. */
static void put_choice(struct visit *v, struct slice category)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "La règle qui aurait dû le voir"));
	buf_add_string(&v->out, "<select name=\"regle\" required><option value=\"\">");
	page_word(v, words(v->l, "choisissez"));
	buf_add_string(&v->out, "</option>\n");
	put_options(v, category);
	buf_add_string(&v->out, "<option value=\"" OTHER "\">");
	page_word(v, words(v->l, "une autre règle, que j'indique"));
	buf_add_string(&v->out, "</option></select></label></p>\n<p><label>");
	page_word(v, words(v->l, "Une autre règle (son identifiant)"));
	buf_printf(&v->out,
		"<input name=\"autre\" list=\"regles\" maxlength=\"%d\" autocapitalize=\"none\" autocomplete=\"off\" spellcheck=\"false\"></label></p>\n",
		(int)RULE_MAX);
}

/* What stays in the rules for good is what the author has read and left. */
static void put_sample(struct visit *v, struct slice text)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l,
			"L'exemple : gardez la phrase utile, sans nom (il reste dans les règles)"));
	buf_printf(&v->out, "<textarea name=\"phrase\" rows=\"3\" required maxlength=\"%d\">",
		(int)SAMPLE_MAX);
	html_text(&v->out, text);
	buf_add_string(&v->out, "</textarea></label></p>\n");
}

static void put_forms(struct visit *v, int64_t seq, struct slice text, struct slice category)
{
	page_form(v, "noting", PAGE "/%lld", (long long)seq);
	put_sample(v, text);
	put_choice(v, category);
	buf_add_string(&v->out, "<p><button name=\"faire\" value=\"exemple\">");
	page_word(v, words(v->l, "En faire un exemple de cette règle"));
	buf_add_string(&v->out, "</button></p></form>\n<details><summary>");
	page_word(v, words(v->l, "Mettre de côté"));
	buf_add_string(&v->out, "</summary>");
	page_form(v, "noting", PAGE "/%lld", (long long)seq);
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l, "Pourquoi ? (l'exemple est publié ; aucune règle ne doit le voir …)"));
	buf_printf(&v->out,
		"<input name=\"motif\" required maxlength=\"%d\" autocomplete=\"off\"></label></p><p><button name=\"faire\" value=\"ecarter\">",
		(int)REASON_MAX);
	page_word(v, words(v->l, "Mettre de côté"));
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_one(struct visit *v, struct json_value one)
{
	const int64_t seq = rules_number(one, "seq");
	_buf_ struct buf category = {0};
	int64_t at = 0;
	phrase_category(v->l, rules_text(one, "category"), &category);
	buf_printf(&v->out, "<li class=\"card\" id=\"o%lld\"><p class=\"meta\">", (long long)seq);
	if (clock_parse(rules_text(one, "at"), &at) == 0)
		page_time(v, at);
	buf_add_string(&v->out, " · ");
	html_text(&v->out, buf_slice(&category));
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM)) {
		buf_printf(&v->out, " · <a href=\"/moderation/%lld\">", (long long)seq);
		page_word(v, words(v->l, "le commentaire"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</p><blockquote class=\"said\"><p>");
	html_shown(&v->out, rules_text(one, "text"));
	buf_add_string(&v->out, "</p></blockquote><p>");
	html_shown(&v->out, rules_text(one, "note"));
	buf_add_string(&v->out, "</p>\n");
	if (rules_may_write(v))
		put_forms(v, seq, rules_text(one, "text"), rules_text(one, "category"));
	buf_add_string(&v->out, "</li>\n");
}

static void put_list(struct visit *v, struct slice out)
{
	struct reading all = reading_begin(out);
	struct json_value one;
	size_t n = 0;
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	for (; reading_next(&all, &one); n++)
		if (n < SHOWN)
			put_one(v, one);
	buf_add_string(&v->out, "</ol>\n");
	reading_end(&all);
	if (!n)
		page_element(v, "p", words(v->l, "Aucun oubli n'est signalé."));
	if (n <= SHOWN)
		return;
	buf_add_string(&v->out, "<p class=\"count\">");
	buf_printf(&v->out, words_n(v->l, "%zu autre suivra.", "%zu autres suivront.", n - SHOWN),
		n - SHOWN);
	buf_add_string(&v->out, "</p>\n");
}

static void listed(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	topics_refresh(v);
	rules_open(v, words(v->l, "Oublis"));
	page_element(v, "p",
		words(v->l,
			"Ce que la modération a signalé comme oublié, le plus ancien d'abord. Les coordonnées et ce qui ressemble à un nom sont masqués : un nom peut rester, relisez."));
	if (r->code == 0) {
		if (rules_may_write(v))
			put_rules(v);
		put_list(v, r->out);
	} else {
		rules_say(v, true, job_why(v, r));
	}
	page_close(v);
	visit_page(v, r->code == 0 ? 200 : r->busy ? 429 : 503);
	job_end(j);
}

static void ask(struct job *j, job_fn *then)
{
	static const char *const words_[] = {"missed", NULL};
	job_run(j, words_, (struct slice){0}, WORK_MS, then);
}

void missed_list_get(struct visit *v)
{
	if (visit_reader(v) < 0)
		visit_problem(v, 503);
	else
		ask(job_new(v), listed);
}

/* --- an example more */

static bool is_there(struct slice out, int64_t seq)
{
	struct reading all = reading_begin(out);
	struct json_value one;
	bool is = false;
	while (!is && reading_next(&all, &one))
		is = rules_number(one, "seq") == seq;
	reading_end(&all);
	return is;
}

/* Into the rule's examples, in the draft. */
static int add_example(struct visit *v, const char *pack, struct slice rule, struct slice sample)
{
	struct draft d = {0};
	_buf_ struct buf text = {0}, changed = {0};
	int r = draft_open(v, &d);
	if (r == 0)
		r = draft_text(&d, pack, &text);
	if (r == 0)
		r = written_add_test(buf_slice(&text), rule, sample, &changed);
	if (r == 0)
		r = draft_keep(&d, pack, buf_slice(&changed));
	draft_release(&d);
	return r;
}

static const char *not_added(const struct visit *v, int r)
{
	switch (r) {
	case -ENOENT: return words(v->l, "Cet oubli ou cette règle n'est plus là.");
	case -EEXIST: return words(v->l, "Cette règle a déjà cet exemple.");
	case -ENOTSUP:
		return words(v->l,
			"Les exemples de cette règle sont écrits d'une façon que tocsin ne sait pas compléter : modifiez son paquet à la main.");
	default: return draft_fault(v->l, r);
	}
}

static void found(struct job *j, const struct work_result *w)
{
	struct visit *v = j->v;
	struct rule_info rule;
	int r = w->code ? -EAGAIN : is_there(w->out, visit_number(v)) ? 0 : -ENOENT;
	topics_refresh(v);
	if (r == 0 && !rules_info(v, buf_slice(&j->text), &rule))
		r = -ENOENT;
	if (r == 0)
		rules_pack_name(&rule, j->name);
	if (r == 0)
		r = j->name[0] ? add_example(v, j->name, rule.id, buf_slice(&j->reason)) : -ENOTSUP;
	if (r == 0) {
		visit_tell(v, false,
			words(v->l,
				"L'exemple est dans votre brouillon : vérifiez, changez la règle, publiez ; puis mettez l'oubli de côté."));
		visit_go_to(v, "/regles/modifier/%s", j->name);
	} else {
		visit_tell(v, true, r == -EAGAIN ? job_why(v, w) : not_added(v, r));
		visit_go(v, PAGE);
	}
	job_end(j);
}

/* --- put aside */

static void put_aside(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0)
		visit_tell(v, false, words(v->l, "Mis de côté."));
	else if (r == -ENOENT)
		visit_tell(v, true, words(v->l, "Cet oubli n'est plus là."));
	else
		visit_tell_error(v, r, e);
	visit_go(v, PAGE);
}

/* One line, as an example is written. False when nothing is left of it. */
static bool read_sample(struct visit *v, struct buf *ret)
{
	_buf_ struct buf typed = {0};
	if (!visit_field(v, "phrase", SAMPLE_MAX, &typed))
		return false;
	for (size_t i = 0; i < typed.n; i++) {
		const bool blank = (unsigned char)typed.p[i] <= ' ' || typed.p[i] == 127;
		if (!blank)
			buf_add_char(ret, typed.p[i]);
		else if (ret->n && ret->p[ret->n - 1] != ' ')
			buf_add_char(ret, ' ');
	}
	while (ret->n && ret->p[ret->n - 1] == ' ')
		ret->n--;
	return ret->n;
}

/* The rule that was chosen, or named. */
static bool read_rule(struct visit *v, struct buf *ret)
{
	if (!visit_field(v, "regle", RULE_MAX, ret))
		return false;
	if (slice_is(buf_slice(ret), OTHER)) {
		buf_clear(ret);
		if (!visit_field(v, "autre", RULE_MAX, ret))
			return false;
	}
	return ret->n;
}

void missed_list_post(struct visit *v)
{
	_buf_ struct buf what = {0}, field = {0}, sample = {0}, body = {0};
	const int64_t seq = visit_number(v);
	const bool asked = visit_field(v, "faire", 20, &what);
	if (!seq) {
		visit_problem(v, 404);
	} else if (asked && slice_is(buf_slice(&what), "exemple") && read_rule(v, &field) &&
		read_sample(v, &sample)) {
		struct job *j = job_new(v);
		buf_add_slice(&j->text, buf_slice(&field));
		buf_add_slice(&j->reason, buf_slice(&sample));
		ask(j, found);
	} else if (asked && slice_is(buf_slice(&what), "ecarter") &&
		visit_field(v, "motif", REASON_MAX, &field) && field.n) {
		propose_encode(&body,
			&(struct propose_request){
				seq, slice_of(v->session->name), buf_slice(&field)});
		visit_ask_then(v, REQUEST_MISSED_END, &body, put_aside);
	} else {
		visit_problem(v, 400);
	}
}
