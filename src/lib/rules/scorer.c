/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the rules that match to a verdict: caps, thresholds, lanes, priority. */
#include "scorer.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "explain.h"

/* A disguised offence counts less: undoing a disguise may be wrong; one letter wrong or a sound is a guess, and counts
 * half: a strong insult (6) still reaches the queue (3). A danger to life counts in full, and is never guessed. */
static uint32_t weighed_by(uint32_t score, uint8_t by)
{
	if (by >= MATCH_BY_SLIP)
		return score / 2;
	return by == MATCH_BY_TEXT ? score : score * 3 / 4;
}

struct scorer *scorer_new(const struct ruleset *r)
{
	struct scorer *s = xcalloc(1, sizeof(*s));

	s->r = r;
	s->match = match_scratch_new(r->match);
	if (r->cues)
		s->cues = match_scratch_new(r->cues);
	s->sums = xcalloc(r->n_packs + 1, sizeof(*s->sums));
	s->found = xcalloc(r->n_rules / 64 + 1, sizeof(*s->found));
	return s;
}

struct scorer *scorer_free(struct scorer *s)
{
	if (!s)
		return NULL;
	match_scratch_free(s->match);
	match_scratch_free(s->cues);
	free(s->spans.list);
	free(s->words.list);
	free(s->sentences.list);
	free(s->tokens.list);
	free(s->sums);
	free(s->found);
	free(s);
	return NULL;
}

static void close_packs(struct scorer *s, struct verdict *v)
{
	for (uint32_t i = 0; i < s->r->n_packs; i++) {
		const struct pack *pack = &s->r->packs[i];
		uint32_t sum = s->sums[i].of_pack;

		if (!s->sums[i].any)
			continue;
		s->sums[i] = (struct sum){0};
		v->score += sum;
		if (s->explainer)
			explain_pack(s, pack, sum);
		if (sum >= pack->alert)
			v->level = VERDICT_ALERT;
		else if (sum >= pack->queue && v->level < VERDICT_QUEUE)
			v->level = VERDICT_QUEUE;
	}
}

static void add_score(struct scorer *s, const struct rule *rule, uint8_t by)
{
	uint32_t score = rule->score, *category, cap, weighed;
	struct sum *sum = &s->sums[rule->pack];

	if (!score)
		return;
	sum->any = true;
	if (rule->priority != 1)
		score = weighed_by(score, by);
	weighed = score;
	category = &sum->by_category[rule->category];
	cap = s->r->packs[rule->pack].caps[rule->category];
	if (score > cap - *category)
		score = cap - *category;
	*category += score;
	if (s->explainer)
		explain_score(s, rule, weighed, score, cap);
	sum->of_pack += score;
}

static void add_name(struct slice *list, uint32_t *n, struct slice name)
{
	for (uint32_t i = 0; i < *n; i++)
		if (slice_equal(list[i], name))
			return;
	if (*n < VERDICT_LIST_MAX)
		list[(*n)++] = name;
}

/* What is most urgent names the comment: an urgence is told by its first category. */
static void put_first(struct slice *list, uint32_t *n, struct slice name)
{
	uint32_t at = 0;

	while (at < *n && !slice_equal(list[at], name))
		at++;
	if (at == *n && *n < VERDICT_LIST_MAX)
		++*n;
	at = at < *n ? at : *n - 1;
	memmove(list + 1, list, at * sizeof(*list));
	list[0] = name;
}

static void add_matches(struct scorer *s, const struct rule *rule, size_t mark, struct verdict *v)
{
	struct slice category =
		rule->topic ? (struct slice){0} : slice_of(categories[rule->category]);

	for (size_t i = mark; i < s->spans.n && v->n_matches < VERDICT_MATCHES_MAX; i++) {
		struct verdict_match *m = &v->matches[v->n_matches++];

		m->rule = rule->id;
		m->category = category;
		text_view_origin(s->views, TEXT_FOLDED, s->spans.list[i].start,
			s->spans.list[i].end, &m->start, &m->end);
	}
}

/* Whether a rule's rate holds: so says who counts. */
static bool is_reached(const struct scorer *s, const struct rule *rule)
{
	for (uint32_t i = 0; i < s->n_holding; i++)
		if (slice_equal(s->holding[i], rule->id))
			return true;
	return false;
}

/* By what reading a match was found: a word that was written out and is not to be trusted is one that was guessed. */
static uint8_t read_by(const struct scorer *s, struct match_span span, enum spell_trust trusted)
{
	enum spell_trust trust =
		s->spelled ? text_spell_trust(s->views, span.start, span.end) : SPELL_SURE;
	bool sure = trust >= trusted;

	if (trust == SPELL_REPAIRED && span.by < MATCH_BY_SQUEEZING)
		return MATCH_BY_SQUEEZING;
	return sure || span.by > MATCH_BY_SOUND ? span.by : MATCH_BY_SOUND;
}

/* Of the surest of the rule's matches. */
static uint8_t surest(const struct scorer *s, size_t mark, enum spell_trust trusted)
{
	uint8_t surest = s->spans.n > mark ? UINT8_MAX : MATCH_BY_TEXT;

	for (size_t i = mark; i < s->spans.n; i++) {
		uint8_t by = read_by(s, s->spans.list[i], trusted);

		surest = by < surest ? by : surest;
	}
	return surest;
}

static void add_rule(struct scorer *s, const struct rule *rule, size_t mark, struct verdict *v)
{
	/* one word in SMS spelling is a habit, several are a text in it: the former counts half */
	uint8_t by = surest(s, mark, SPELL_SURE);

	if (s->explainer)
		explain_spans(s, EXPLAINED_MATCH, mark, s->spans.n);
	/* in observation: told, without any effect; with a rate: told to who counts */
	if (rule->status == RULE_SHADOW) {
		add_name(v->shadows, &v->n_shadows, rule->id);
		return;
	}
	if (rule->rate.at_least)
		add_name(v->rated, &v->n_rated, rule->id);
	if (rule->rate.at_least && !is_reached(s, rule))
		return;
	v->lanes |= rule->lanes & LANE_REPONSE;
	if (rule->topic) {
		add_name(v->topics, &v->n_topics, rule->id);
	} else {
		struct slice name = slice_of(categories[rule->category]);

		if (rule->priority && (!v->priority || rule->priority < v->priority)) {
			v->priority = rule->priority;
			put_first(v->categories, &v->n_categories, name);
		} else {
			add_name(v->categories, &v->n_categories, name);
		}
		add_score(s, rule, by);
	}
	add_matches(s, rule, mark, v);
}

/* What is made of a text when it is first asked for. */
static void start_reading(struct scorer *s, bool spelled)
{
	size_t words;

	s->spelled = spelled;
	s->views = match_views(s->match);
	s->woken = match_owners(s->match, &words);
	s->folded = text_view(s->views, TEXT_FOLDED);
	s->words.built = s->sentences.built = s->tokens.built = false;
	s->spans.n = 0;
}

void begin(struct scorer *s, const struct comment *c)
{
	match_scan(s->match, c->text);
	s->comment = c;
	s->cues_limited = false;
	start_reading(s, false);
}

bool is_in_force(const struct rule *rule, const struct comment *c)
{
	return !rule->expires || c->created_at < rule->expires;
}

/* Whether a rule has a say on this comment. */
static bool is_heard(const struct rule *rule, const struct comment *c)
{
	return (rule->status == RULE_LIVE || rule->status == RULE_SHADOW) && is_in_force(rule, c);
}

static enum explained_outcome outcome_of(
	const struct scorer *s, const struct rule *rule, bool heard, bool found)
{
	if (!heard)
		return OUTCOME_NOT_HEARD;
	if (!found)
		return OUTCOME_NO_MATCH;
	if (rule->status == RULE_SHADOW)
		return OUTCOME_SHADOW;
	return rule->rate.at_least && !is_reached(s, rule) ? OUTCOME_RATED : OUTCOME_COUNTS;
}

static bool matches(struct scorer *s, const struct rule *rule)
{
	/* nobody is called out of bed for a typing error */
	return evaluate(s, rule, 0) &&
		(rule->priority != 1 || surest(s, 0, SPELL_SINGLE) < MATCH_BY_SLIP);
}

static bool is_taken(const struct scorer *s, const struct rule *rule)
{
	size_t at = (size_t)(rule - s->r->rules);

	return s->found[at / 64] >> at % 64 & 1;
}

/* It matched, at all spans that there are. */
static void take_rule(struct scorer *s, const struct rule *rule, struct verdict *v)
{
	size_t at = (size_t)(rule - s->r->rules);

	s->found[at / 64] |= UINT64_C(1) << at % 64;
	add_rule(s, rule, 0, v);
}

/* A candidate: something that it looks for is in the text. */
static void try_rule(struct scorer *s, const struct rule *rule, struct verdict *v)
{
	bool heard = is_heard(rule, s->comment), found;

	if (s->explainer)
		explain_rule(s, rule);
	found = heard && matches(s, rule);
	if (s->explainer)
		explain_outcome(s, outcome_of(s, rule, heard, found));
	if (found)
		take_rule(s, rule, v);
}

/* The first rule from the clause on that is not asleep, or NULL; *at: behind its clauses. */
static const struct rule *next_candidate(const struct scorer *s, uint32_t *at)
{
	const uint32_t end = (uint32_t)s->r->n_clauses, clause = next_woken(s, *at, end);
	const struct rule *rule;

	if (clause == end)
		return NULL;
	rule = &s->r->rules[s->r->clauses[clause]];
	*at = rule->clauses.end;
	return rule;
}

static void try_candidates(struct scorer *s, struct verdict *v)
{
	const struct rule *rule;

	for (uint32_t at = 0; (rule = next_candidate(s, &at));)
		try_rule(s, rule, v);
}

/* Who listens hears also of the rules of which something is there, but not what wakes them. */
static void try_all(struct scorer *s, struct verdict *v)
{
	for (size_t i = 0; i < s->r->n_rules; i++) {
		const struct rule *rule = &s->r->rules[i];

		if (touches(s, rule->when) || (rule->unless && touches(s, rule->unless)))
			try_rule(s, rule, v);
	}
}

/* Whether the rule matches on a word that was written out: else it says no more than of the text as it stands. */
static bool matches_spelled(struct scorer *s, const struct rule *rule)
{
	struct explainer *listener = s->explainer;
	bool spelled = false;

	s->explainer = NULL; /* who listens hears of what counts */
	if (is_heard(rule, s->comment) && matches(s, rule))
		for (size_t i = 0; i < s->spans.n && !spelled; i++)
			spelled = text_spell_trust(s->views, s->spans.list[i].start,
					  s->spans.list[i].end) != SPELL_UNTOUCHED;
	s->explainer = listener;
	return spelled;
}

/* The text a second time, with its SMS spelling written out: the rules that did not match it as it stands. */
static void read_spelled(struct scorer *s, struct verdict *v)
{
	const struct rule *rule;

	if (!match_scan_spelled(s->match))
		return;
	start_reading(s, true);
	if (s->explainer)
		explain_views(s);
	for (uint32_t at = 0; (rule = next_candidate(s, &at));) {
		if (is_taken(s, rule) || !matches_spelled(s, rule))
			continue;
		if (s->explainer)
			try_rule(s, rule, v); /* again, for who listens */
		else
			take_rule(s, rule, v);
	}
}

void scorer_score(struct scorer *s, const struct comment *c, struct verdict *ret)
{
	struct verdict v = {.categories = s->categories,
		.topics = s->topics,
		.matches = s->matches,
		.shadows = s->shadows,
		.rated = s->rated};
	bool limited;

	if (c->type != COMMENT_ITEM) {
		*ret = v;
		return;
	}
	begin(s, c);
	memset(s->found, 0, (s->r->n_rules / 64 + 1) * sizeof(*s->found));
	if (s->explainer) {
		explain_views(s);
		try_all(s, &v);
	} else {
		try_candidates(s, &v);
	}
	limited = match_is_limited(s->match);
	read_spelled(s, &v);
	close_packs(s, &v);
	if (limited || match_is_limited(s->match) || s->cues_limited) {
		v.unscored = UNSCORED_LIMIT;
		if (v.level < VERDICT_QUEUE)
			v.level = VERDICT_QUEUE;
	}
	if (v.level >= VERDICT_QUEUE)
		v.lanes |= LANE_MODERATION;
	*ret = v;
}

void scorer_score_rated(struct scorer *s, const struct comment *c, const struct slice *rules,
	uint32_t n, struct verdict *ret)
{
	s->holding = rules;
	s->n_holding = n;
	scorer_score(s, c, ret);
	s->holding = NULL;
	s->n_holding = 0;
}
