/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions over hits. Every condition pushes the spans that it found; a caller that does not want them
 * cuts the stack back to its mark. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "scorer.h"

static bool eval(struct scorer *s, const struct condition *c);

void push_span(struct scorer *s, struct span span)
{
	if (s->n_spans == s->cap_spans) {
		s->cap_spans = s->cap_spans ? 2 * s->cap_spans : 256;
		s->spans = xreallocarray(s->spans, s->cap_spans, sizeof(*s->spans));
	}
	s->spans[s->n_spans++] = span;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	/* the longer first, so that what it contains follows it */
	return (x->end < y->end) - (x->end > y->end);
}

static void sort_range(struct scorer *s, size_t first, size_t end)
{
	for (size_t i = first + 1; i < end; i++)
		if (compare_spans(&s->spans[i - 1], &s->spans[i]) > 0) {
			qsort(s->spans + first, end - first, sizeof(*s->spans), compare_spans);
			return;
		}
}

/* --- regex */

/* Where the piece of text that starts at `at` ends, and where the next one starts: at a blank, so that no
 * word is cut. A run of more than a piece without a blank is cut where it must be. */
static size_t piece_end(struct slice view, size_t at, size_t *next)
{
	size_t end = at + SLICE_MAX, back;

	if (end >= view.n) {
		*next = view.n;
		return view.n;
	}
	while (((unsigned char)view.p[end] & 0xc0) == 0x80)
		end--;
	for (back = end - SLICE_OVERLAP; back < end && view.p[back] != ' '; back++)
		;
	if (back == end)
		for (back = end - SLICE_OVERLAP; ((unsigned char)view.p[back] & 0xc0) == 0x80;
			back++)
			;
	*next = back;
	return end;
}

static void push_match(struct scorer *s, const struct regex *re, size_t start, size_t end)
{
	if (re->plain) {
		start = text_plain_to_folded(s->views, start);
		end = text_plain_to_folded(s->views, end);
	}
	push_span(s, (struct span){(uint32_t)start, (uint32_t)end, false});
}

/* All matches in [at, end) from `from` on; returns where the last one ended. */
static size_t match_piece(struct scorer *s, const struct regex *re, struct slice view, size_t at,
	size_t end, size_t from)
{
	struct slice piece = {view.p + at, end - at};
	size_t start = from > at ? from - at : 0;
	uint32_t options = (at ? PCRE2_NOTBOL : 0) | (end < view.n ? PCRE2_NOTEOL : 0);

	while (start <= piece.n && !s->limited) {
		int r = matcher_run(&s->matcher, re->code, piece, start, options);
		const PCRE2_SIZE *found = pcre2_get_ovector_pointer(s->matcher.data);

		if (r == PCRE2_ERROR_NOMATCH)
			break;
		if (r < 0) {
			s->limited = true;
			break;
		}
		s->limited |= s->n_spans >= HITS_MAX;
		if (found[1] > found[0]) {
			push_match(s, re, at + found[0], at + found[1]);
			from = at + found[1];
			start = found[1];
		} else {
			/* an empty match says nothing: step over one character */
			for (start = found[1] + 1;
				start < piece.n && ((unsigned char)piece.p[start] & 0xc0) == 0x80;)
				start++;
		}
	}
	return from;
}

static void eval_regex(struct scorer *s, const struct regex *re)
{
	struct slice view = text_view(s->views, re->plain ? TEXT_PLAIN : TEXT_FOLDED);
	size_t at = 0, done = 0, end, next;

	do {
		end = piece_end(view, at, &next);
		done = match_piece(s, re, view, at, end, done);
		at = next;
	} while (end < view.n);
}

static bool eval_atom(struct scorer *s, uint32_t atom)
{
	const struct atom_hits *a = &s->atoms[atom];
	int32_t regex = s->r->atoms[atom].regex;
	size_t mark = s->n_spans;

	if (regex >= 0) {
		if (a->stamp == s->stamp || s->r->atoms[atom].always)
			eval_regex(s, &s->r->regexes[regex]);
		return s->n_spans > mark;
	}
	if (a->stamp != s->stamp)
		return false;
	for (uint32_t i = a->first; i != NO_HIT; i = s->hits[i].next)
		push_span(s, s->hits[i].span);
	return true;
}

/* --- all and near */

/* Whether a condition could hold, by a look at which atoms have hits: most candidates end here. */
static bool is_possible(const struct scorer *s, const struct condition *c)
{
	bool every = c->type == CONDITION_ALL || c->type == CONDITION_NEAR;

	if (c->type == CONDITION_ATOM)
		return s->atoms[c->atom].stamp == s->stamp || s->r->atoms[c->atom].always;
	if (c->type == CONDITION_NOT)
		return true;
	for (size_t k = 0; k < c->n; k++)
		if (is_possible(s, c->children[k]) != every)
			return !every;
	return every;
}

/* True when b may stand behind a: no overlap, few words between, in one sentence. */
static bool follows(struct scorer *s, struct span a, struct span b, uint32_t within)
{
	return b.start >= a.end && words_between(s, a.end, b.start) <= within &&
		sentence_of(s, a.start) == sentence_of(s, b.start);
}

/* First of the sorted spans [low, high) that starts at or behind `at`. */
static size_t first_from(const struct scorer *s, size_t low, size_t high, uint32_t at)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->spans[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The neighbour of `a` among [low, high): the next one behind it, or, where order is free, the one before. */
static bool neighbour(struct scorer *s, struct span a, size_t low, size_t high,
	const struct condition *c, struct span *ret)
{
	size_t i = first_from(s, low, high, a.end);

	if (i < high && follows(s, a, s->spans[i], c->within)) {
		*ret = s->spans[i];
		return true;
	}
	i = first_from(s, low, high, a.start);
	/* the nearest before may overlap: a few steps back suffice, for spans are short */
	for (unsigned tries = 0; !c->ordered && i > low && tries < 8; i--, tries++)
		if (follows(s, s->spans[i - 1], a, c->within)) {
			*ret = s->spans[i - 1];
			return true;
		}
	return false;
}

#define NEAR_MAX 16u

static bool eval_near(struct scorer *s, const struct condition *c)
{
	size_t mark = s->n_spans, bounds[NEAR_MAX + 1] = {0}, out, n = 0;

	for (size_t k = 0; k < c->n; k++) {
		bounds[k] = s->n_spans;
		if (!eval(s, c->children[k]) || s->n_spans == bounds[k]) {
			s->n_spans = mark;
			return false;
		}
		sort_range(s, bounds[k], s->n_spans);
	}
	bounds[c->n] = out = s->n_spans;
	for (size_t i = bounds[0]; i < bounds[1]; i++) {
		struct span whole = s->spans[i], from = whole, next;
		size_t k = 1;

		for (; k < c->n && neighbour(s, from, bounds[k], bounds[k + 1], c, &next); k++) {
			whole.start = next.start < whole.start ? next.start : whole.start;
			whole.end = next.end > whole.end ? next.end : whole.end;
			whole.squeezed |= next.squeezed;
			if (c->ordered)
				from = next;
		}
		if (k == c->n) {
			push_span(s, whole);
			n++;
		}
	}
	memmove(s->spans + mark, s->spans + out, n * sizeof(*s->spans));
	s->n_spans = mark + n;
	return n > 0;
}

/* --- the rest */

static bool eval_any(struct scorer *s, const struct condition *c)
{
	bool found = false;

	for (size_t k = 0; k < c->n; k++)
		found |= eval(s, c->children[k]);
	return found;
}

static bool eval_all(struct scorer *s, const struct condition *c)
{
	size_t mark = s->n_spans;

	for (size_t k = 0; k < c->n; k++)
		if (!eval(s, c->children[k])) {
			s->n_spans = mark;
			return false;
		}
	return true;
}

static bool eval(struct scorer *s, const struct condition *c)
{
	size_t mark = s->n_spans;
	bool found;

	if ((c->type == CONDITION_ALL || c->type == CONDITION_NEAR) && !is_possible(s, c))
		return false;
	switch (c->type) {
	case CONDITION_ATOM: return eval_atom(s, c->atom);
	case CONDITION_ANY: return eval_any(s, c);
	case CONDITION_ALL: return eval_all(s, c);
	case CONDITION_NEAR: return eval_near(s, c);
	case CONDITION_NOT: break;
	}
	found = eval(s, c->children[0]);
	s->n_spans = mark;
	return !found;
}

/* Takes away the matches [mark, exceptions) that share a sentence with an exception [exceptions, n_spans). */
static void clear_excused(struct scorer *s, size_t mark, size_t exceptions)
{
	size_t kept = mark, k = exceptions;

	sort_range(s, mark, exceptions);
	sort_range(s, exceptions, s->n_spans);
	for (size_t i = mark; i < exceptions; i++) {
		uint32_t sentence = sentence_of(s, s->spans[i].start);

		while (k < s->n_spans && sentence_of(s, s->spans[k].start) < sentence)
			k++;
		if (k == s->n_spans || sentence_of(s, s->spans[k].start) != sentence)
			s->spans[kept++] = s->spans[i];
	}
	s->n_spans = kept;
}

bool evaluate(struct scorer *s, const struct rule *rule, size_t mark)
{
	size_t found, kept = mark;

	s->n_spans = mark;
	if (!eval(s, rule->when))
		return false;
	found = s->n_spans;
	if (rule->unless && eval(s, rule->unless)) {
		if (s->n_spans == found) /* an exception without a place excuses everything */
			s->n_spans = mark;
		else
			clear_excused(s, mark, found);
	} else {
		s->n_spans = found;
	}
	sort_range(s, mark, s->n_spans);
	/* what lies inside a longer match is no match of its own */
	for (size_t i = mark; i < s->n_spans; i++)
		if (kept == mark || s->spans[i].end > s->spans[kept - 1].end)
			s->spans[kept++] = s->spans[i];
	s->n_spans = kept;
	return kept > mark;
}
