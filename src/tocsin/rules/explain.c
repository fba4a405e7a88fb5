/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules explain: why a text gets its verdict. Each view of it, each rule that was a candidate, each context
 * with the word that decided, each score and cap, and what becomes of it. */
#include "explain.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/json/json.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/rules/nominative.h>
#include "../table.h"

struct telling {
	struct context *x;
	const struct ruleset *rules;
	struct slice text;
	struct buf *out;
	struct json_writer *json; /* or NULL */
	size_t shown; /* where the last view shown stands in out, and its length: an equal one says nothing new */
	size_t shown_n;
	size_t rule; /* where the rule at hand begins in out */
	bool quiet; /* nothing was said of it yet */
	struct buf others; /* rules of which nothing is to say but that they do not match */
};

static const char *paint(const struct telling *t, const char *code)
{
	return t->x->terminal ? code : "";
}

static void put_quote(struct telling *t, uint32_t start, uint32_t end)
{
	buf_add_string(t->out, "« ");
	table_clean(t->out, (struct slice){t->text.p + start, end - start}, false);
	buf_add_string(t->out, " »");
}

static void put_score(struct buf *out, uint32_t hundredths)
{
	if (hundredths % 100)
		buf_printf(out, "%u,%02u", hundredths / 100, hundredths % 100);
	else
		buf_printf(out, "%u", hundredths / 100);
}

static void put_rule(struct telling *t, const struct explained *e)
{
	struct rule_info info = ruleset_info(t->rules, e->rule);
	t->rule = t->out->n;
	t->quiet = true;
	buf_printf(t->out, "\n%s%.*s%s", paint(t, "\033[1m"), (int)info.id.n, info.id.p,
		paint(t, "\033[0m"));
	buf_printf(t->out, " — %.*s", (int)info.title.n, info.title.p);
	if (info.topic)
		buf_printf(t->out, " (%s", _w(t->x, "sujet"));
	else
		buf_printf(t->out, " (%.*s", (int)info.category.n, info.category.p);
	if (info.priority)
		buf_printf(t->out, ", P%u", info.priority);
	buf_printf(t->out, ", %s:%u)\n", info.path, info.line);
	nominative_print(t->x, ruleset_nominative(t->rules, e->rule), t->out);
}

static void put_context(struct telling *t, const struct explained *e)
{
	buf_add_string(t->out, "    ");
	put_quote(t, e->start, e->end);
	buf_printf(t->out, " %s : %s", e->name, e->holds ? _w(t->x, "oui") : _w(t->x, "non"));
	if (e->cue_end > e->cue_start) {
		buf_add_string(t->out, ", ");
		put_quote(t, e->cue_start, e->cue_end);
	}
	if (*e->why)
		buf_printf(t->out, " (%s)", e->why);
	buf_printf(t->out, " → %s\n", e->kept ? _w(t->x, "gardé") : _w(t->x, "écarté"));
}

static const char *outcome_of(struct telling *t, enum explained_outcome outcome)
{
	switch (outcome) {
	case OUTCOME_COUNTS: return _w(t->x, "reconnaît");
	case OUTCOME_NO_MATCH: return _w(t->x, "ne reconnaît pas : la condition n'est pas remplie");
	case OUTCOME_SHADOW: return _w(t->x, "reconnaît, en observation : sans effet");
	case OUTCOME_RATED:
		return _w(t->x, "reconnaît, mais attend son rythme : sans effet pour un seul");
	case OUTCOME_NOT_HEARD: return _w(t->x, "brouillon, retirée ou expirée : pas essayée");
	}
	return "";
}

static void put_sum(struct telling *t, const struct explained *e)
{
	buf_printf(t->out, _w(t->x, "\npaquet %.*s : "), (int)e->text.n, e->text.p);
	put_score(t->out, e->sum);
	buf_add_string(t->out, _w(t->x, " (à modérer dès "));
	put_score(t->out, e->queue);
	buf_add_string(t->out, _w(t->x, ", alerte dès "));
	put_score(t->out, e->alert);
	buf_add_string(t->out, ")\n");
}

static void put_weight(struct telling *t, const struct explained *e)
{
	buf_printf(t->out, "    %s ", _w(t->x, "score"));
	put_score(t->out, e->score);
	if (e->weighed != e->score) {
		buf_printf(t->out, ", %s ", _w(t->x, "déguisé"));
		put_score(t->out, e->weighed);
	}
	if (e->added != e->weighed) {
		buf_printf(t->out, ", %s ", _w(t->x, "sous le plafond de la catégorie"));
		put_score(t->out, e->added);
	}
	buf_add_char(t->out, '\n');
}

static void put_outcome(struct telling *t, const struct explained *e)
{
	struct slice id = ruleset_info(t->rules, e->rule).id;
	if (t->quiet && e->outcome == OUTCOME_NO_MATCH) {
		t->out->n = t->rule;
		buf_printf(&t->others, "%s%.*s", t->others.n ? ", " : "", (int)id.n, id.p);
		return;
	}
	buf_printf(t->out, "    %s\n", outcome_of(t, e->outcome));
}

static void put_view(struct telling *t, const struct explained *e)
{
	_buf_ struct buf clean = {0};
	table_clean(&clean, e->text, false);
	if (t->shown_n == clean.n && memcmp(t->out->p + t->shown, clean.p, clean.n) == 0)
		return;
	buf_printf(
		t->out, "  %s%s%s : ", paint(t, "\033[2m"), _w(t->x, e->name), paint(t, "\033[0m"));
	t->shown = t->out->n;
	t->shown_n = clean.n;
	buf_add_slice(t->out, buf_slice(&clean));
	buf_add_char(t->out, '\n');
}

static const char *reading_of(const struct telling *t, enum explained_reading reading)
{
	switch (reading) {
	case READING_SPELLED: return _w(t->x, " (en toutes lettres)");
	case READING_DISGUISE: return _w(t->x, " (déguisé)");
	case READING_FRAGMENTS: return _w(t->x, " (en morceaux)");
	case READING_SLIP: return _w(t->x, " (à une lettre près)");
	case READING_SOUND: return _w(t->x, " (par le son)");
	case READING_TEXT:
	default: return "";
	}
}

static void tell(void *user, const struct explained *e)
{
	struct telling *t = user;
	switch (e->what) {
	case EXPLAINED_VIEW: put_view(t, e); break;
	case EXPLAINED_RULE: put_rule(t, e); break;
	case EXPLAINED_CONTEXT:
		t->quiet = false;
		put_context(t, e);
		break;
	case EXPLAINED_CLUE:
		t->quiet = false;
		buf_add_string(t->out, "    ");
		put_quote(t, e->start, e->end);
		buf_printf(t->out, "%s : %+d\n", reading_of(t, e->reading), (int)e->worth);
		break;
	case EXPLAINED_EXCUSED:
		t->quiet = false;
		buf_add_string(t->out, "    ");
		put_quote(t, e->start, e->end);
		buf_printf(t->out, " %s\n", _w(t->x, "écarté par « sauf »"));
		break;
	case EXPLAINED_OUTCOME: put_outcome(t, e); break;
	case EXPLAINED_MATCH:
		buf_printf(t->out, "    %s", paint(t, "\033[33m"));
		put_quote(t, e->start, e->end);
		buf_printf(t->out, "%s%s\n", paint(t, "\033[0m"), reading_of(t, e->reading));
		break;
	case EXPLAINED_SCORE: put_weight(t, e); break;
	case EXPLAINED_PACK: put_sum(t, e); break;
	}
}

/* --- for machines: one object an event */

static void put_span(struct json_writer *w, const struct explained *e)
{
	json_w_number(w, "start", e->start);
	json_w_number(w, "end", e->end);
	json_w_key(w, "disguised");
	json_w_bool(w, e->disguised);
}

static void put_context_json(struct json_writer *w, const struct explained *e)
{
	json_w_text(w, "operator", slice_of(e->name));
	json_w_key(w, "holds");
	json_w_bool(w, e->holds);
	json_w_key(w, "kept");
	json_w_bool(w, e->kept);
	json_w_text(w, "why", slice_of(e->why));
	json_w_number(w, "cue_start", e->cue_start);
	json_w_number(w, "cue_end", e->cue_end);
}

static void put_rule_json(struct json_writer *w, struct rule_info info)
{
	json_w_text(w, "title", info.title);
	json_w_text(w, "category", info.category);
	json_w_key(w, "topic");
	json_w_bool(w, info.topic);
	json_w_number(w, "priority", info.priority);
}

static void tell_json(void *user, const struct explained *e)
{
	static const char *const kinds[] = {
		"view", "rule", "context", "clue", "excused", "outcome", "match", "score", "pack"};
	static const char *const readings[] = {
		"text", "spelled", "disguise", "fragments", "slip", "sound"};
	static const char *const outcomes[] = {
		"counts", "no_match", "shadow", "rated", "not_heard"};
	struct telling *t = user;
	struct json_writer *w = t->json;
	json_w_begin(w, '{');
	json_w_text(w, "what", slice_of(kinds[e->what]));
	if (e->what != EXPLAINED_VIEW && e->what != EXPLAINED_PACK) {
		json_w_text(w, "rule", ruleset_info(t->rules, e->rule).id);
	}
	switch (e->what) {
	case EXPLAINED_RULE:
		put_rule_json(w, ruleset_info(t->rules, e->rule));
		nominative_json(w, ruleset_nominative(t->rules, e->rule));
		break;
	case EXPLAINED_VIEW:
		json_w_text(w, "name", slice_of(e->name));
		json_w_text(w, "text", e->text);
		break;
	case EXPLAINED_CONTEXT:
		put_context_json(w, e);
		put_span(w, e);
		break;
	case EXPLAINED_CLUE:
	case EXPLAINED_EXCUSED:
	case EXPLAINED_MATCH:
		put_span(w, e);
		json_w_text(w, "reading", slice_of(readings[e->reading]));
		if (e->what == EXPLAINED_CLUE)
			json_w_number(w, "worth", e->worth);
		break;
	case EXPLAINED_OUTCOME: json_w_text(w, "outcome", slice_of(outcomes[e->outcome])); break;
	case EXPLAINED_SCORE:
		json_w_number(w, "score", e->score);
		json_w_number(w, "weighed", e->weighed);
		json_w_number(w, "added", e->added);
		break;
	case EXPLAINED_PACK:
		json_w_text(w, "pack", e->text);
		json_w_number(w, "sum", e->sum);
		json_w_number(w, "queue", e->queue);
		json_w_number(w, "alert", e->alert);
		break;
	}
	json_w_end(w, '}');
}

static void put_verdict(struct telling *t, const struct verdict *v)
{
	static const char *const levels[] = {
		WORDS_MARK("rien à signaler"), WORDS_MARK("à modérer"), WORDS_MARK("alerte")};
	if (t->others.n)
		buf_printf(t->out,
			_w(t->x, "\nregardées aussi, sans que leur condition soit remplie : %s\n"),
			buf_string(&t->others));
	buf_printf(t->out, "\n→ %s%s%s", paint(t, "\033[1m"), _w(t->x, levels[v->level]),
		paint(t, "\033[0m"));
	if (v->level >= VERDICT_QUEUE) {
		buf_add_string(t->out, " : ");
		phrase_verdict(t->x->lang, v, t->out);
	}
	if (v->lanes & LANE_REPONSE)
		buf_printf(t->out, " ; %s", _w(t->x, "à répondre"));
	for (uint32_t i = 0; i < v->n_topics; i++)
		buf_printf(t->out, "%s%.*s", i ? ", " : _w(t->x, " ; sujets : "),
			(int)v->topics[i].n, v->topics[i].p);
	buf_add_char(t->out, '\n');
}

void explain_text(
	struct context *x, const struct ruleset *rules, struct scorer *s, struct slice text)
{
	struct comment c = {.source = SLICE("-"), .id = SLICE("-"), .text = text};
	_buf_ struct buf out = {0}, verdict = {0};
	struct json_writer w = {.out = &out};
	struct telling t = {.x = x, .rules = rules, .text = text, .out = &out};
	struct verdict v;
	if (!x->json) {
		scorer_explain(s, &c, tell, &t, &v);
		put_verdict(&t, &v);
		put_text(buf_slice(&out), stdout);
		buf_release(&t.others);
		return;
	}
	t.json = &w;
	json_w_begin(&w, '{');
	json_w_key(&w, "steps");
	json_w_begin(&w, '[');
	scorer_explain(s, &c, tell_json, &t, &v);
	json_w_end(&w, ']');
	verdict_to_json(&verdict, &v, c.id, c.text, ruleset_hash(rules));
	json_w_key(&w, "verdict");
	json_w_raw(&w, (struct slice){verdict.p, verdict.n - 1});
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}

/* A word of the line; "-": all of standard input. */
static int read_text(struct context *x, const char *word, struct buf *ret)
{
	struct error e = {0};
	if (strcmp(word, "-") != 0)
		buf_add_string(ret, word);
	else if (file_read(word, COMMENT_TEXT_MAX, ret, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return utf8_valid(buf_slice(ret))
		? 0
		: complain(x, EXIT_MISUSE, _w(x, "le texte n'est pas en UTF-8"));
}

/* Where the rules come from, when those that score are others. */
static void say_which(struct context *x, const struct ruleset *rules)
{
	struct error e = {0};
	struct reader *reader = NULL;
	char hash[65] = "";
	if (x->json || !x->loaded || reader_open(x->config.state_dir, &reader, &e) < 0)
		return;
	if (reader_bundle(reader, hash, &e) == 0 && *hash && strcmp(hash, ruleset_hash(rules)) != 0)
		printf(_w(x, "d'après le dossier %s ; les règles en vigueur sont autres (%.12s) : --in-force les prend\n"),
			x->config.rules_dir, hash);
	reader_close(reader);
}

/* The rules of a folder, or those that score now, which is said. */
static int load(struct context *x, const char *folder, bool in_force, struct ruleset **ret)
{
	_free_ char *bundle = NULL;
	char hash[65] = "";
	struct error e = {0};
	int r = in_force ? need_reader(x) : 0;
	if (r || !in_force)
		return r ? r : packs_load(x, folder, ret);
	if (reader_bundle(x->reader, hash, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (!*hash)
		return complain(x, EXIT_PROBLEMS, _w(x, "aucune règle n'est publiée"));
	bundle = xasprintf("%s/bundles/%s", x->config.state_dir, hash);
	r = packs_load(x, bundle, ret);
	if (r == 0 && !x->json)
		printf(_w(x, "d'après les règles en vigueur : %.12s\n"), hash);
	return r;
}

int rules_explain(struct context *x, int argc, char **argv)
{
	const char *folder = NULL;
	bool in_force = false;
	const struct option_spec options[] = {
		{"rules", "règles", NULL, &folder}, {"in-force", "en-vigueur", &in_force, NULL}};
	struct ruleset *rules = NULL;
	_buf_ struct buf text = {0};
	int r = options_parse(x, options, 2, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 1, folder || in_force ? 1 : 2);
	if (r == 0 && folder && in_force)
		r = complain(x, EXIT_MISUSE, _w(x, "--rules ou --in-force, pas les deux"));
	if (r == 0 && argc == 2) /* the folder in front, as the other verbs have it */
		folder = argv[0];
	if (r == 0)
		r = read_text(x, argv[argc - 1], &text);
	if (r == 0)
		r = load(x, folder, in_force, &rules);
	if (r)
		return r;
	if (!folder && !in_force)
		say_which(x, rules);
	struct scorer *s = scorer_new(rules);
	explain_text(x, rules, s, buf_slice(&text));
	scorer_free(s);
	ruleset_free(rules);
	return EXIT_DONE;
}
