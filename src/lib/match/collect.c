/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an atom has in the text: hits of its terms, or the matches of its expression, which runs only now. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "scratch.h"

void match_spans_push(struct match_spans *s, struct match_span span)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->list = xreallocarray(s->list, s->cap, sizeof(*s->list));
	}
	s->list[s->n++] = span;
}

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

static void push_match(const struct match_scratch *s, const struct regex *re, size_t start,
	size_t end, struct match_spans *out)
{
	if (re->plain) {
		start = text_plain_to_folded(s->views, start);
		end = text_plain_to_folded(s->views, end);
	}
	match_spans_push(out, (struct match_span){(uint32_t)start, (uint32_t)end, false});
}

struct run {
	struct match_scratch *s;
	const struct regex *re;
	struct slice view;
	struct match_spans *out;
	size_t mark; /* of out, before this expression */
};

/* All matches in [at, end) from `from` on; returns where the last one ended. */
static size_t match_piece(struct run *run, size_t at, size_t end, size_t from)
{
	struct match_scratch *s = run->s;
	struct slice view = run->view, piece = {view.p + at, end - at};
	size_t start = from > at ? from - at : 0;
	uint32_t options = (at ? PCRE2_NOTBOL : 0) | (end < view.n ? PCRE2_NOTEOL : 0);

	while (start <= piece.n && !s->limited) {
		int r = matcher_run(&s->matcher, run->re->code, piece, start, options);
		const PCRE2_SIZE *found = pcre2_get_ovector_pointer(s->matcher.data);

		if (r == PCRE2_ERROR_NOMATCH)
			break;
		if (r < 0) {
			s->limited = true;
			break;
		}
		s->limited |= run->out->n - run->mark >= MATCH_HITS_MAX;
		if (found[1] > found[0]) {
			push_match(s, run->re, at + found[0], at + found[1], run->out);
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

static void collect_regex(struct match_scratch *s, const struct regex *re, struct match_spans *out)
{
	struct slice view = text_view(s->views, re->plain ? TEXT_PLAIN : TEXT_FOLDED);
	struct run run = {s, re, view, out, out->n};
	size_t at = 0, done = 0, end, next;

	do {
		end = piece_end(view, at, &next);
		done = match_piece(&run, at, end, done);
		at = next;
	} while (end < view.n);
}

bool match_is_possible(const struct match_scratch *s, uint32_t atom)
{
	return s->atoms[atom].stamp == s->stamp || s->set->atoms[atom].always;
}

void match_collect(struct match_scratch *s, uint32_t atom, struct match_spans *out)
{
	int32_t regex = s->set->atoms[atom].regex;

	if (!match_is_possible(s, atom))
		return;
	if (regex >= 0) {
		collect_regex(s, &s->set->regexes[regex], out);
		return;
	}
	for (uint32_t i = s->atoms[atom].first; i != NO_HIT; i = s->hits[i].next)
		match_spans_push(out, s->hits[i].span);
}
