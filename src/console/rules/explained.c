/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin rules explain --json` says, as a page says it: the verdict and the marked text, how tocsin reads the text,
 * each rule that looked, each pack's sum. */
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "rules.h"

struct telling {
	struct visit *v;
	struct slice text;
	bool rule; /* one is open */
	size_t start; /* where it began in the page */
	bool quiet; /* nothing was said of it but that it does not match */
	struct buf others; /* those */
};

static void put_quote(struct telling *t, struct json_value step, const char *from, const char *to)
{
	int64_t start = rules_number(step, from), end = rules_number(step, to);
	if (start < 0 || end <= start || (size_t)end > t->text.n)
		return;
	buf_add_string(&t->v->out, "« ");
	html_shown(&t->v->out, (struct slice){t->text.p + start, (size_t)(end - start)});
	buf_add_string(&t->v->out, " »");
}

static void put_points(struct visit *v, int64_t hundredths)
{
	if (hundredths % 100)
		buf_printf(&v->out, v->l == WORDS_EN ? "%lld.%02lld" : "%lld,%02lld",
			(long long)(hundredths / 100), (long long)(hundredths % 100));
	else
		buf_printf(&v->out, "%lld", (long long)(hundredths / 100));
}

/* --- the verdict */

static void put_marked(struct telling *t, struct json_value verdict)
{
	struct html_span spans[HTML_SPANS_MAX];
	struct json_value one;
	size_t n = 0;
	for (uint32_t it = 0; n < HTML_SPANS_MAX && rules_each(verdict, "matches", &it, &one);) {
		int64_t start = rules_number(one, "start"), end = rules_number(one, "end");
		if (start >= 0 && end > start)
			spans[n++] = (struct html_span){.start = (size_t)start,
				.end = (size_t)end,
				.label = rules_text(one, "rule")};
	}
	buf_add_string(&t->v->out, "<div class=\"said\"><p>");
	html_marked(&t->v->out, t->text, spans, n);
	buf_add_string(&t->v->out, "</p></div>\n");
}

static void put_list(struct visit *v, struct json_value verdict, const char *key, const char *title,
	bool categories)
{
	struct json_value one;
	bool any = false;
	for (uint32_t it = 0; rules_each(verdict, key, &it, &one);) {
		if (one.type != JSON_STRING)
			continue;
		buf_add_string(&v->out, any ? ", " : "<p>");
		if (!any) {
			page_word(v, title);
			buf_add_char(&v->out, ' ');
		}
		any = true;
		if (categories)
			phrase_category(v->l, json_string(one), &v->out);
		else
			html_text(&v->out, json_string(one));
	}
	buf_add_string(&v->out, any ? "</p>\n" : "");
}

static void put_lanes(struct visit *v, struct json_value verdict)
{
	struct json_value one;
	for (uint32_t it = 0; rules_each(verdict, "lanes", &it, &one);)
		if (one.type == JSON_STRING && slice_is(json_string(one), "reponse"))
			page_element(v, "p",
				words(v->l, "Ce texte irait aussi dans la file « À répondre »."));
}

static void put_verdict(struct telling *t, struct json_value verdict)
{
	struct visit *v = t->v;
	struct slice level = rules_text(verdict, "level"),
		     priority = rules_text(verdict, "priority");
	bool flagged = rules_flag(verdict, "flagged");
	buf_printf(&v->out, "<section class=\"card %s\"><h2>", flagged ? "p2" : "");
	page_word(v,
		slice_is(level, "alert")           ? words(v->l, "À modérer, et alerte")
			: slice_is(level, "queue") ? words(v->l, "À modérer")
						   : words(v->l, "Rien à signaler"));
	buf_add_string(&v->out, "</h2>\n");
	put_marked(t, verdict);
	put_list(v, verdict, "categories", words(v->l, "Supposition :"), true);
	if (priority.n) {
		buf_add_string(&v->out, "<p>");
		page_word(v, words(v->l, "Priorité :"));
		buf_add_char(&v->out, ' ');
		html_text(&v->out, priority);
		buf_add_string(&v->out, "</p>\n");
	}
	put_list(v, verdict, "topics", words(v->l, "Sujets :"), false);
	put_lanes(v, verdict);
	buf_add_string(&v->out, "</section>\n");
}

/* --- the steps */

static void put_view(struct telling *t, struct json_value step)
{
	static const char *const names[] = {WORDS_MARK("clair"), WORDS_MARK("sans accents"),
		WORDS_MARK("déguisements défaits"), WORDS_MARK("en toutes lettres")};
	struct visit *v = t->v;
	struct slice name = rules_text(step, "name");
	const char *said = "";
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(name, names[i]))
			said = words(v->l, names[i]);
	buf_add_string(&v->out, "<p><span class=\"meta\">");
	page_word(v, said);
	buf_add_string(&v->out, "</span><br>");
	html_shown(&v->out, rules_text(step, "text"));
	buf_add_string(&v->out, "</p>\n");
}

static void close_rule(struct telling *t)
{
	if (t->rule)
		buf_add_string(&t->v->out, "</ul></section>\n");
	t->rule = false;
}

static void put_rule(struct telling *t, struct json_value step)
{
	struct visit *v = t->v;
	struct slice id = rules_text(step, "rule");
	int64_t priority = rules_number(step, "priority");
	close_rule(t);
	t->rule = t->quiet = true;
	t->start = v->out.n;
	buf_add_string(&v->out, "<section><h3>");
	html_shown(&v->out, rules_text(step, "title"));
	buf_add_string(&v->out, "</h3><p class=\"meta\">");
	html_text(&v->out, id);
	buf_add_string(&v->out, " · ");
	if (rules_flag(step, "topic"))
		page_word(v, words(v->l, "sujet"));
	else
		phrase_category(v->l, rules_text(step, "category"), &v->out);
	if (priority)
		buf_printf(&v->out, " · P%lld", (long long)priority);
	buf_add_string(&v->out, "</p><ul>\n");
}

static void put_context(struct telling *t, struct json_value step)
{
	struct visit *v = t->v;
	struct slice why = rules_text(step, "why");
	t->quiet = false;
	buf_add_string(&v->out, "<li>");
	put_quote(t, step, "start", "end");
	buf_add_char(&v->out, ' ');
	html_text(&v->out, rules_text(step, "operator"));
	buf_add_string(&v->out, " : ");
	page_word(v, rules_flag(step, "holds") ? words(v->l, "oui") : words(v->l, "non"));
	buf_add_char(&v->out, ' ');
	put_quote(t, step, "cue_start", "cue_end");
	if (why.n) {
		buf_add_string(&v->out, " (");
		html_text(&v->out, why);
		buf_add_char(&v->out, ')');
	}
	buf_add_string(&v->out, " → ");
	page_word(v, rules_flag(step, "kept") ? words(v->l, "gardé") : words(v->l, "écarté"));
	buf_add_string(&v->out, "</li>\n");
}

static void put_match(struct telling *t, struct json_value step, bool excused)
{
	static const struct {
		const char *name, *french;
	} readings[] = {{"spelled", WORDS_MARK(" (en toutes lettres)")},
		{"disguise", WORDS_MARK(" (déguisé)")}, {"fragments", WORDS_MARK(" (en morceaux)")},
		{"slip", WORDS_MARK(" (à une lettre près)")},
		{"sound", WORDS_MARK(" (par le son)")}};
	struct visit *v = t->v;
	struct slice reading = rules_text(step, "reading");
	t->quiet = false;
	buf_add_string(&v->out, "<li>");
	put_quote(t, step, "start", "end");
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		if (slice_is(reading, readings[i].name))
			page_word(v, words(v->l, readings[i].french));
	if (slice_is(rules_text(step, "what"), "clue"))
		buf_printf(&v->out, " : %+lld", (long long)rules_number(step, "worth"));
	if (excused) {
		buf_add_char(&v->out, ' ');
		page_word(v, words(v->l, "écarté par « sauf »"));
	}
	buf_add_string(&v->out, "</li>\n");
}

static void put_outcome(struct telling *t, struct json_value step)
{
	static const struct {
		const char *name, *french;
	} outcomes[] = {{"counts", WORDS_MARK("reconnaît")},
		{"no_match", WORDS_MARK("ne reconnaît pas : la condition n'est pas remplie")},
		{"shadow", WORDS_MARK("reconnaît, à blanc : sans effet")},
		{"rated",
			WORDS_MARK("reconnaît, mais attend son rythme : sans effet pour un seul")},
		{"not_heard", WORDS_MARK("brouillon, retirée ou expirée : pas essayée")}};
	struct visit *v = t->v;
	struct slice outcome = rules_text(step, "outcome"), id = rules_text(step, "rule");
	if (t->quiet && slice_is(outcome, "no_match")) {
		v->out.n = t->start;
		t->rule = false;
		buf_printf(&t->others, "%s%.*s", t->others.n ? ", " : "", (int)id.n, id.p);
		return;
	}
	buf_add_string(&v->out, "<li><strong>");
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (slice_is(outcome, outcomes[i].name))
			page_word(v, words(v->l, outcomes[i].french));
	buf_add_string(&v->out, "</strong></li>\n");
}

static void put_score(struct telling *t, struct json_value step)
{
	struct visit *v = t->v;
	int64_t score = rules_number(step, "score"), weighed = rules_number(step, "weighed"),
		added = rules_number(step, "added");
	buf_add_string(&v->out, "<li>");
	page_word(v, words(v->l, "score"));
	buf_add_char(&v->out, ' ');
	put_points(v, score);
	if (weighed != score) {
		buf_add_string(&v->out, ", ");
		page_word(v, words(v->l, "déguisé"));
		buf_add_char(&v->out, ' ');
		put_points(v, weighed);
	}
	if (added != weighed) {
		buf_add_string(&v->out, ", ");
		page_word(v, words(v->l, "sous le plafond de la catégorie"));
		buf_add_char(&v->out, ' ');
		put_points(v, added);
	}
	buf_add_string(&v->out, "</li>\n");
}

static void put_pack(struct telling *t, struct json_value step)
{
	struct visit *v = t->v;
	close_rule(t);
	buf_add_string(&v->out, "<p>");
	page_word(v, words(v->l, "Somme du paquet"));
	buf_add_char(&v->out, ' ');
	html_shown(&v->out, rules_text(step, "pack"));
	buf_add_string(&v->out, " : <strong>");
	put_points(v, rules_number(step, "sum"));
	buf_add_string(&v->out, "</strong> ");
	page_word(v, words(v->l, "(à modérer dès"));
	buf_add_char(&v->out, ' ');
	put_points(v, rules_number(step, "queue"));
	page_word(v, words(v->l, ", alerte dès"));
	buf_add_char(&v->out, ' ');
	put_points(v, rules_number(step, "alert"));
	buf_add_string(&v->out, ")</p>\n");
}

static void put_step(struct telling *t, struct json_value step)
{
	struct slice what = rules_text(step, "what");
	if (slice_is(what, "view")) {
		close_rule(t);
		put_view(t, step);
	} else if (slice_is(what, "rule")) {
		put_rule(t, step);
	} else if (slice_is(what, "pack")) {
		put_pack(t, step);
	} else if (!t->rule) {
		return;
	} else if (slice_is(what, "context")) {
		put_context(t, step);
	} else if (slice_is(what, "match") || slice_is(what, "clue") || slice_is(what, "excused")) {
		put_match(t, step, slice_is(what, "excused"));
	} else if (slice_is(what, "outcome")) {
		put_outcome(t, step);
	} else if (slice_is(what, "score")) {
		put_score(t, step);
	}
}

static void put_steps(struct telling *t, struct json_value whole)
{
	struct visit *v = t->v;
	struct json_value step;
	buf_add_string(&v->out, "<section class=\"steps\">");
	page_element(v, "h2", words(v->l, "Pourquoi"));
	page_element(v, "p", words(v->l, "Les formes du texte que les règles comparent :"));
	for (uint32_t it = 0; rules_each(whole, "steps", &it, &step);)
		put_step(t, step);
	close_rule(t);
	if (t->others.n) {
		buf_add_string(&v->out, "<p class=\"meta\">");
		page_word(
			v, words(v->l, "Regardées aussi, sans que leur condition soit remplie :"));
		buf_add_char(&v->out, ' ');
		html_text(&v->out, buf_slice(&t->others));
		buf_add_string(&v->out, "</p>\n");
	}
	buf_add_string(&v->out, "</section>\n");
}

bool explained_put(struct visit *v, struct slice json, struct slice text)
{
	struct json_reader *reader = json_reader_new(WORK_OUT_MAX);
	struct telling t = {.v = v, .text = text};
	struct json_value whole, verdict;
	struct error e = {""};
	bool ok = json_parse(reader, json, &whole, &e) == 0 && whole.type == JSON_OBJECT &&
		json_get(whole, SLICE("verdict"), &verdict);
	if (ok) {
		put_verdict(&t, verdict);
		put_steps(&t, whole);
	}
	buf_release(&t.others);
	json_reader_free(reader);
	return ok;
}
