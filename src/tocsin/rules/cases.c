/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cases of a folder (comments that follow each other) played as the processes would: each comment is scored, the hits
 * of rules with a rate are counted by author or thread in event time, as trend does, and a comment that reaches a rate is
 * scored anew. What comes out is held against what the case expects. */
#include "cases.h"
#include <tocsin/base/alloc.h>
#include <tocsin/rate/rate.h>

struct play {
	struct context *x;
	const struct ruleset *rules;
	const struct rule_case *of;
	struct scorer *scorer;
	struct rate *rate;
	uint32_t *rated; /* rules with a rate, a limit each */
	uint32_t n_rated;
	struct slice reached[VERDICT_LIST_MAX]; /* by the comment at hand */
	uint32_t n_reached;
	struct problems *p;
};

static void count_from_zero(struct play *g)
{
	size_t n = ruleset_count(g->rules);
	struct rate_limit *limits = xcalloc(n + 1, sizeof(*limits));

	g->rated = xcalloc(n + 1, sizeof(*g->rated));
	for (size_t i = 0; i < n; i++) {
		struct rule_info info = ruleset_info(g->rules, i);

		if (!info.rate.at_least || info.status != RULE_LIVE)
			continue;
		limits[g->n_rated] = (struct rate_limit){info.rate.at_least, info.rate.within_ms};
		g->rated[g->n_rated++] = (uint32_t)i;
	}
	g->rate = g->n_rated ? rate_new(limits, g->n_rated, 0) : NULL;
	free(limits);
}

/* An author or a thread is told by the first comment that has it; 0: unknown. */
static uint64_t key_of(const struct play *g, size_t comment, enum rule_rate_by by)
{
	const struct comment *c = &g->of->comments[comment].comment;
	struct slice mine = by == RULE_RATE_AUTHOR ? c->author : c->thread;

	if (!mine.n)
		return 0;
	for (size_t i = 0; i < comment; i++) {
		const struct comment *o = &g->of->comments[i].comment;

		if (slice_equal(o->source, c->source) &&
			slice_equal(by == RULE_RATE_AUTHOR ? o->author : o->thread, mine))
			return i + 1;
	}
	return comment + 1;
}

static bool is_in(const struct slice *list, size_t n, struct slice id)
{
	for (size_t i = 0; i < n; i++)
		if (slice_equal(list[i], id))
			return true;
	return false;
}

static void score(struct play *g, size_t comment, struct verdict *v)
{
	const struct comment *c = &g->of->comments[comment].comment;

	g->n_reached = 0;
	scorer_score(g->scorer, c, v);
	for (uint32_t i = 0; i < g->n_rated && v->n_rated; i++) {
		struct rule_info info = ruleset_info(g->rules, g->rated[i]);
		struct rate_hit hit = {.limit = i,
			.key = key_of(g, comment, info.rate.by),
			.row = (int64_t)comment + 1,
			.at = c->created_at};

		if (is_in(v->rated, v->n_rated, info.id) &&
			rate_count(g->rate, &hit) >= info.rate.at_least &&
			g->n_reached < VERDICT_LIST_MAX)
			g->reached[g->n_reached++] = info.id;
	}
	if (g->n_reached)
		scorer_score_rated(g->scorer, c, g->reached, g->n_reached, v);
}

/* --- what came out, beside what was expected */

enum outcome { NOT_FOUND, WAITS, FOUND };

static enum outcome outcome_of(const struct play *g, const struct verdict *v, struct slice id)
{
	for (uint32_t i = 0; i < v->n_matches; i++)
		if (slice_equal(v->matches[i].rule, id))
			return FOUND;
	if (is_in(v->shadows, v->n_shadows, id))
		return FOUND;
	return is_in(v->rated, v->n_rated, id) && !is_in(g->reached, g->n_reached, id) ? WAITS
										       : NOT_FOUND;
}

static const char *level_name(const struct play *g, enum verdict_level level)
{
	return level == VERDICT_ALERT    ? _w(g->x, "alerte")
		: level == VERDICT_QUEUE ? _w(g->x, "file")
					 : _w(g->x, "rien");
}

/* The rules that came out, for who wonders. */
static void put_found(const struct play *g, const struct verdict *v, struct buf *out)
{
	size_t n = ruleset_count(g->rules);

	buf_printf(out, _w(g->x, "obtenu : %s"), level_name(g, v->level));
	for (size_t i = 0; i < n; i++) {
		struct slice id = ruleset_info(g->rules, i).id;
		enum outcome found = outcome_of(g, v, id);

		if (found != NOT_FOUND)
			buf_printf(out, ", %.*s%s", (int)id.n, id.p,
				found == WAITS ? _w(g->x, " (en attente)") : "");
	}
}

static void say(
	struct play *g, const struct case_comment *c, const struct verdict *v, const char *what)
{
	_buf_ struct buf hint = {0};

	put_found(g, v, &hint);
	problem_add(g->p, PROBLEM_ERROR, g->of->path, c->line, c->column, buf_string(&hint),
		_w(g->x, "« %.*s », commentaire %zu : %s"), (int)g->of->title.n, g->of->title.p,
		(size_t)(c - g->of->comments) + 1, what);
}

static void expect(struct play *g, const struct case_comment *c, const struct verdict *v,
	const struct rule_names *names, enum outcome wanted)
{
	for (size_t i = 0; i < names->n; i++) {
		struct slice id = names->list[i];
		_buf_ struct buf what = {0};

		if (outcome_of(g, v, id) == wanted)
			continue;
		buf_printf(&what, "« %.*s » %s", (int)id.n, id.p,
			wanted == FOUND           ? _w(g->x, "devait compter")
				: wanted == WAITS ? _w(g->x, "devait attendre son rythme")
						  : _w(g->x, "ne devait rien reconnaître"));
		say(g, c, v, buf_string(&what));
	}
}

static void play_comment(struct play *g, size_t i)
{
	const struct case_comment *c = &g->of->comments[i];
	_buf_ struct buf what = {0};
	struct verdict v;

	score(g, i, &v);
	expect(g, c, &v, &c->match, FOUND);
	expect(g, c, &v, &c->rated, WAITS);
	expect(g, c, &v, &c->no_match, NOT_FOUND);
	if (!c->has_level || v.level == c->level)
		return;
	buf_printf(&what, _w(g->x, "le niveau devait être : %s"), level_name(g, c->level));
	say(g, c, &v, buf_string(&what));
}

void cases_play(struct context *x, const struct ruleset *rules, struct cases_result *ret,
	struct problems *p)
{
	const struct rule_case *list;
	size_t n = ruleset_cases(rules, &list);

	*ret = (struct cases_result){0};
	for (size_t i = 0; i < n; i++) {
		struct play g = {.x = x, .rules = rules, .of = &list[i], .p = p};
		size_t errors = p->errors;

		g.scorer = scorer_new(rules);
		count_from_zero(&g);
		for (size_t k = 0; k < list[i].n; k++)
			play_comment(&g, k);
		ret->passed += p->errors == errors;
		ret->failed += p->errors > errors;
		scorer_free(g.scorer);
		if (g.rate)
			rate_free(g.rate);
		free(g.rated);
	}
}
