/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions over hits. Every condition pushes the spans that it found; a caller that does not want them
 * cuts the stack back to its mark. */
#include <stdlib.h>

#include "context.h"
#include "explain.h"

static bool eval(struct scorer *s, const struct condition *c);

static int compare_spans(const void *a, const void *b)
{
	const struct match_span *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	/* the longer first, so that what it contains follows it */
	return (x->end < y->end) - (x->end > y->end);
}

static void sort_range(struct scorer *s, size_t first, size_t end)
{
	for (size_t i = first + 1; i < end; i++)
		if (compare_spans(&s->spans.list[i - 1], &s->spans.list[i]) > 0) {
			qsort(s->spans.list + first, end - first, sizeof(*s->spans.list),
				compare_spans);
			return;
		}
}

/* --- leaves */

static bool eval_atom(struct scorer *s, uint32_t atom)
{
	size_t mark = s->spans.n;

	match_collect(s->match, atom, &s->spans);
	return s->spans.n > mark;
}

/* --- fields */

static bool eval_field(const struct scorer *s, const struct condition *c)
{
	const struct comment *m = s->comment;
	struct slice value = {0};

	switch (c->field) {
	case FIELD_SOURCE: value = m->source; break;
	case FIELD_LANG: value = m->lang; break;
	case FIELD_THREAD: value = m->thread; break;
	case FIELD_AUTHOR: value = m->author; break;
	}
	for (size_t i = 0; i < c->n_values; i++)
		if (slice_equal(c->values[i], value))
			return true;
	return false;
}

/* --- all and near */

static bool is_possible(const struct scorer *s, const struct condition *c);

/* What the clues that may be there are worth, if those against it are not. */
static int32_t worth_possible(const struct scorer *s, const struct condition *c)
{
	int32_t sum = 0;

	for (size_t k = 0; k < c->n; k++)
		if (c->worth[k] > 0 && is_possible(s, c->children[k]))
			sum += c->worth[k];
	return sum;
}

/* Whether a condition could hold, by a look at which atoms have hits: most candidates end here. */
static bool is_possible(const struct scorer *s, const struct condition *c)
{
	bool every = c->type == CONDITION_ALL || c->type == CONDITION_NEAR;

	if (c->type == CONDITION_ATOM)
		return match_is_possible(s->match, c->atom);
	if (c->type == CONDITION_FIELD)
		return eval_field(s, c);
	if (c->type == CONDITION_NOT)
		return true;
	if (c->type == CONDITION_CLUES)
		return worth_possible(s, c) >= (int32_t)c->at_least;
	every |= c->type == CONDITION_CONTEXT || c->type == CONDITION_COUNT; /* one child */
	if (c->firsts)
		return next_woken(s, c->firsts[0], c->firsts[c->n]) < c->firsts[c->n];
	for (size_t k = 0; k < c->n; k++)
		if (is_possible(s, c->children[k]) != every)
			return !every;
	return every;
}

bool touches(const struct scorer *s, const struct condition *c)
{
	if (c->type == CONDITION_ATOM)
		return match_is_possible(s->match, c->atom);
	for (size_t k = 0; k < c->n; k++)
		if (touches(s, c->children[k]))
			return true;
	return false;
}

/* True when b may stand behind a: no overlap, few words between, in one sentence. */
static bool follows(struct scorer *s, struct match_span a, struct match_span b, uint32_t within)
{
	return b.start >= a.end && words_between(s, a.end, b.start) <= within &&
		sentence_of(s, a.start) == sentence_of(s, b.start);
}

/* First of the sorted spans [low, high) that starts at or behind `at`. */
static size_t first_from(const struct scorer *s, size_t low, size_t high, uint32_t at)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->spans.list[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The neighbour of `a` among [low, high): the next one behind it, or, where order is free, the one before. */
static bool neighbour(struct scorer *s, struct match_span a, size_t low, size_t high,
	const struct condition *c, struct match_span *ret)
{
	size_t i = first_from(s, low, high, a.end);

	if (i < high && follows(s, a, s->spans.list[i], c->within)) {
		*ret = s->spans.list[i];
		return true;
	}
	i = first_from(s, low, high, a.start);
	/* the nearest before may overlap: a few steps back suffice, for spans are short */
	for (unsigned tries = 0; !c->ordered && i > low && tries < 8; i--, tries++)
		if (follows(s, s->spans.list[i - 1], a, c->within)) {
			*ret = s->spans.list[i - 1];
			return true;
		}
	return false;
}

#define NEAR_MAX 16u

static bool eval_near(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n, bounds[NEAR_MAX + 1] = {0}, out, n = 0;

	for (size_t k = 0; k < c->n; k++) {
		bounds[k] = s->spans.n;
		if (!eval(s, c->children[k]) || s->spans.n == bounds[k]) {
			s->spans.n = mark;
			return false;
		}
		sort_range(s, bounds[k], s->spans.n);
	}
	bounds[c->n] = out = s->spans.n;
	for (size_t i = bounds[0]; i < bounds[1]; i++) {
		struct match_span whole = s->spans.list[i], from = whole, next;
		size_t k = 1;

		for (; k < c->n && neighbour(s, from, bounds[k], bounds[k + 1], c, &next); k++) {
			whole.start = next.start < whole.start ? next.start : whole.start;
			whole.end = next.end > whole.end ? next.end : whole.end;
			whole.squeezed |= next.squeezed;
			whole.by = next.by > whole.by ? next.by : whole.by;
			if (c->ordered)
				from = next;
		}
		if (k == c->n) {
			match_spans_push(&s->spans, whole);
			n++;
		}
	}
	memmove(s->spans.list + mark, s->spans.list + out, n * sizeof(*s->spans.list));
	s->spans.n = mark + n;
	return n > 0;
}

/* The clue k that stands within reach of the span, behind it or in it, if there is one and it speaks for. */
static bool clue_within(struct scorer *s, const struct condition *c, const size_t *bounds, size_t k,
	struct match_span from, struct match_span *ret)
{
	size_t i = first_from(s, bounds[k], bounds[k + 1], from.start);

	if (c->worth[k] <= 0 || i == bounds[k + 1])
		return false;
	*ret = s->spans.list[i];
	return ret->start <= from.end || words_between(s, from.end, ret->start) <= c->within;
}

/* What these clues are worth; *whole grows over them. */
static int32_t worth_from(struct scorer *s, const struct condition *c, const size_t *bounds,
	struct match_span from, struct match_span *whole)
{
	int32_t sum = 0;

	*whole = from;
	for (size_t k = 0; k < c->n; k++) {
		struct match_span clue;

		if (!clue_within(s, c, bounds, k, from, &clue))
			continue;
		sum += c->worth[k];
		whole->end = clue.end > whole->end ? clue.end : whole->end;
		whole->squeezed |= clue.squeezed;
		whole->by = clue.by > whole->by ? clue.by : whole->by;
	}
	return sum;
}

/* What the clues could be worth at most, those against it counted. */
static int32_t worth_at_most(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n;
	int32_t sum = worth_possible(s, c);

	for (size_t k = 0; k < c->n && sum >= (int32_t)c->at_least; k++)
		if (c->worth[k] < 0 && is_possible(s, c->children[k]) && eval(s, c->children[k]))
			sum += c->worth[k];
	s->spans.n = mark;
	return sum;
}

/* Those that were counted, and those against, wherever they are. */
static void tell_clues(
	struct scorer *s, const struct condition *c, const size_t *bounds, struct match_span from)
{
	struct explainer *explainer = s->explainer;
	size_t mark = s->spans.n;
	struct match_span clue;

	for (size_t k = 0; k < c->n; k++) {
		bool there = clue_within(s, c, bounds, k, from, &clue);

		if (c->worth[k] < 0 && is_possible(s, c->children[k])) {
			s->explainer = NULL; /* it was told of its contexts before */
			there = eval(s, c->children[k]) && s->spans.n > mark;
			s->explainer = explainer;
			clue = there ? s->spans.list[mark] : from;
			s->spans.n = mark;
		}
		if (there)
			explain_clue(s, clue, c->worth[k]);
	}
}

/* The window of words in which the clues are worth most. */
static bool eval_clues(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n, bounds[CLUES_MAX + 1];
	int32_t lost, best = 0, most = worth_at_most(s, c);
	struct match_span found = {0}, first = {0}, whole;

	if (most < (int32_t)c->at_least)
		return false;
	lost = most;
	for (size_t k = 0; k < c->n; k++) {
		bool possible = c->worth[k] > 0 && is_possible(s, c->children[k]);

		bounds[k] = s->spans.n;
		lost -= possible ? c->worth[k] : 0;
		if (possible && eval(s, c->children[k]))
			sort_range(s, bounds[k], s->spans.n);
	}
	bounds[c->n] = s->spans.n;
	for (size_t k = 0; k < c->n; k++)
		for (size_t i = bounds[k]; i < bounds[k + 1]; i++) {
			int32_t sum = worth_from(s, c, bounds, s->spans.list[i], &whole) + lost;

			if (sum > best) {
				best = sum;
				found = whole;
				first = s->spans.list[i];
			}
		}
	if (s->explainer && best >= (int32_t)c->at_least)
		tell_clues(s, c, bounds, first);
	s->spans.n = mark;
	if (best < (int32_t)c->at_least)
		return false;
	match_spans_push(&s->spans, found);
	return true;
}

/* A guess, a mask among them, excuses and forbids nothing: what is left of [mark, n_spans) was read. Returns whether
 * there was nothing but guesses. */
static bool drop_guesses(struct scorer *s, size_t mark)
{
	size_t kept = mark, n = s->spans.n;

	for (size_t i = mark; i < n; i++)
		if (s->spans.list[i].by < MATCH_BY_MASK)
			s->spans.list[kept++] = s->spans.list[i];
	s->spans.n = kept;
	return n > mark && kept == mark;
}

/* --- the rest */

/* Of children that may all sleep, those that do not. */
static bool eval_woken(struct scorer *s, const struct condition *c)
{
	const uint32_t *firsts = c->firsts, end = firsts[c->n];
	bool found = false;
	size_t k = 0;

	for (uint32_t at = firsts[0]; (at = next_woken(s, at, end)) < end; at = firsts[k + 1]) {
		size_t low = k, high = c->n - 1; /* the last one that begins no later */

		while (low < high) {
			size_t middle = (low + high + 1) / 2;

			if (firsts[middle] <= at)
				low = middle;
			else
				high = middle - 1;
		}
		k = low;
		found |= eval(s, c->children[k]);
	}
	return found;
}

static bool eval_any(struct scorer *s, const struct condition *c)
{
	bool found = false;

	if (c->firsts)
		return eval_woken(s, c);
	for (size_t k = 0; k < c->n; k++)
		found |= eval(s, c->children[k]);
	return found;
}

static bool eval_all(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n;

	for (size_t k = 0; k < c->n; k++)
		if (!eval(s, c->children[k])) {
			s->spans.n = mark;
			return false;
		}
	return true;
}

/* --- what others found, kept or counted */

static bool allows(struct scorer *s, const struct condition *c, struct match_span span)
{
	for (unsigned op = 0; op < CONTEXT_OPERATORS; op++) {
		struct finding f;

		if (!(c->asked & 1u << op))
			continue;
		f = context_find(s, (enum context_operator)op, span, c->joined);
		if (s->explainer)
			explain_context(s, (enum context_operator)op, span, &f,
				f.holds == ((c->wanted >> op & 1u) != 0));
		if (f.holds != ((c->wanted >> op & 1u) != 0))
			return false;
	}
	return true;
}

static bool eval_context(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n, kept = mark;

	if (!eval(s, c->children[0]))
		return false;
	for (size_t i = mark; i < s->spans.n; i++) {
		struct match_span span = s->spans.list[i];

		/* context_find uses the stack above what we still have to read */
		if (allows(s, c, span))
			s->spans.list[kept++] = span;
	}
	s->spans.n = kept;
	return kept > mark;
}

static bool same_text(const struct scorer *s, struct match_span a, struct match_span b)
{
	return a.end - a.start == b.end - b.start &&
		memcmp(s->folded.p + a.start, s->folded.p + b.start, a.end - a.start) == 0;
}

#define DISTINCT_MAX 64u /* of which texts are compared; more are as good as different */

static bool eval_count(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n, last = mark, seen[DISTINCT_MAX], n_seen = 0;
	uint32_t n = 0;

	if (!eval(s, c->children[0]))
		return false;
	sort_range(s, mark, s->spans.n);
	for (size_t i = mark; i < s->spans.n; i++) {
		bool fresh = i == mark || s->spans.list[i].start >= s->spans.list[last].end;

		if (!fresh)
			continue; /* inside the one before */
		last = i;
		for (size_t k = 0; c->distinct && fresh && k < n_seen; k++)
			fresh = !same_text(s, s->spans.list[seen[k]], s->spans.list[i]);
		if (fresh && c->distinct && n_seen < DISTINCT_MAX)
			seen[n_seen++] = i;
		n += fresh;
	}
	if (n >= c->at_least && n <= c->at_most)
		return true;
	s->spans.n = mark;
	return false;
}

static bool eval(struct scorer *s, const struct condition *c)
{
	size_t mark = s->spans.n;
	bool found;

	if ((c->type == CONDITION_ALL || c->type == CONDITION_NEAR) && !is_possible(s, c))
		return false;
	switch (c->type) {
	case CONDITION_ATOM: return eval_atom(s, c->atom);
	case CONDITION_ANY: return eval_any(s, c);
	case CONDITION_ALL: return eval_all(s, c);
	case CONDITION_NEAR: return eval_near(s, c);
	case CONDITION_CONTEXT: return eval_context(s, c);
	case CONDITION_COUNT: return eval_count(s, c);
	case CONDITION_CLUES: return eval_clues(s, c);
	case CONDITION_FIELD: return eval_field(s, c);
	case CONDITION_NOT: break;
	}
	found = eval(s, c->children[0]) && !drop_guesses(s, mark);
	s->spans.n = mark;
	return !found;
}

/* Takes away the matches [mark, exceptions) that share a sentence with an exception [exceptions, n_spans). */
static void clear_excused(struct scorer *s, size_t mark, size_t exceptions)
{
	size_t kept = mark, k = exceptions;

	sort_range(s, mark, exceptions);
	sort_range(s, exceptions, s->spans.n);
	for (size_t i = mark; i < exceptions; i++) {
		uint32_t sentence = sentence_of(s, s->spans.list[i].start);

		while (k < s->spans.n && sentence_of(s, s->spans.list[k].start) < sentence)
			k++;
		if (k == s->spans.n || sentence_of(s, s->spans.list[k].start) != sentence)
			s->spans.list[kept++] = s->spans.list[i];
		else if (s->explainer)
			explain_spans(s, EXPLAINED_EXCUSED, i, i + 1);
	}
	s->spans.n = kept;
}

bool evaluate(struct scorer *s, const struct rule *rule, size_t mark)
{
	size_t found, kept = mark;

	s->spans.n = mark;
	if (!eval(s, rule->when))
		return false;
	found = s->spans.n;
	if (rule->unless && eval(s, rule->unless) && !drop_guesses(s, found)) {
		if (s->spans.n > found) {
			clear_excused(s, mark, found);
		} else { /* an exception without a place excuses everything */
			if (s->explainer)
				explain_spans(s, EXPLAINED_EXCUSED, mark, found);
			s->spans.n = mark;
		}
	} else {
		s->spans.n = found;
	}
	sort_range(s, mark, s->spans.n);
	/* what lies inside a longer match is no match of its own */
	for (size_t i = mark; i < s->spans.n; i++)
		if (kept == mark || s->spans.list[i].end > s->spans.list[kept - 1].end)
			s->spans.list[kept++] = s->spans.list[i];
	s->spans.n = kept;
	return kept > mark;
}
