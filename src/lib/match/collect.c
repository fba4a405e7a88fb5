/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an atom has in the text: hits of its terms, or the matches of its expression, which runs only now. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/lanes.h>

#include "scratch.h"

void match_spans_push(struct match_spans *s, struct match_span span)
{
	s->list = xgrow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n++] = span;
}

/* Long text is cut in pieces. A match belongs to the piece in which it begins; a piece shows PCRE2 as much text
 * before and behind as the longest match and the looks around it need. */
struct piece {
	size_t at, next; /* where its matches begin */
	size_t low, high; /* what PCRE2 sees */
};

static size_t character_start(struct slice view, size_t at)
{
	while (at && at < view.n && ((unsigned char)view.p[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static struct piece piece_at(struct slice view, const struct regex *re, size_t at)
{
	size_t around = (size_t)re->before + re->longest + re->behind;
	struct piece p = {at, view.n, 0, view.n};

	p.low = at > re->before ? character_start(view, at - re->before) : 0;
	if (view.n - p.low <= SLICE_MAX)
		return p;
	p.next = character_start(view, at + SLICE_MAX - around);
	p.high = character_start(view, p.next + re->longest + re->behind);
	return p;
}

static void push_match(const struct match_scratch *s, const struct regex *re, size_t start,
	size_t end, struct match_spans *out)
{
	if (re->plain) {
		start = text_plain_to_folded(s->views, start);
		end = text_plain_to_folded(s->views, end);
	}
	match_spans_push(
		out, (struct match_span){(uint32_t)start, (uint32_t)end, false, MATCH_BY_TEXT});
}

struct run {
	struct match_scratch *s;
	const struct regex *re;
	const pcre2_code *code;
	struct slice view;
	struct match_spans *out;
	size_t stop; /* nothing begins from here on */
};

/* All matches that begin in the piece, from `from` on; returns where the last one ended. */
static size_t match_piece(struct run *run, struct piece p, size_t from)
{
	struct match_scratch *s = run->s;
	struct slice seen = {run->view.p + p.low, p.high - p.low};
	uint32_t options = (p.low ? PCRE2_NOTBOL : 0) | (p.high < run->view.n ? PCRE2_NOTEOL : 0);
	const PCRE2_SIZE *found = matcher_found(&s->matcher);

	while (from < p.next && from < run->stop && !s->limited) {
		int r = matcher_run(&s->matcher, run->code, seen, from - p.low, options);

		if (r == PCRE2_ERROR_NOMATCH)
			break;
		if (r < 0) {
			s->limited = true;
			break;
		}
		if (p.low + found[0] >= p.next)
			break; /* the next piece finds it again */
		push_match(s, run->re, p.low + found[0], p.low + found[1], run->out);
		from = p.low + found[1];
	}
	return from;
}

static bool is_ascii(struct slice s)
{
	lanes bits = {0};
	size_t i = 0;

	for (; s.n - i >= LANES; i += LANES)
		bits |= lanes_load(s.p + i);
	for (; i < s.n; i++)
		bits[0] |= (signed char)s.p[i];
	return !lanes_bits(bits);
}

/* The code for this view. */
static const pcre2_code *code_for(
	struct match_scratch *s, const struct regex *re, enum text_view which, struct slice view)
{
	if (s->widths[which] == WIDTH_UNKNOWN)
		s->widths[which] = is_ascii(view) ? WIDTH_NARROW : WIDTH_WIDE;
	return s->widths[which] == WIDTH_NARROW && re->narrow ? re->narrow : re->code;
}

static void collect_regex(struct match_scratch *s, uint32_t atom, struct match_spans *out)
{
	const struct regex *re = &s->set->regexes[s->set->atoms[atom].regex];
	enum text_view which = re->plain ? TEXT_PLAIN : TEXT_FOLDED;
	struct slice view = text_view(s->views, which);
	struct run run = {s, re, code_for(s, re, which, view), view, out, view.n};
	struct piece p = {0};
	size_t from = 0;

	/* nothing begins further before the first literal than it can reach, nor behind the last */
	if (re->reach != UINT32_MAX && !re->plain) {
		uint32_t first, last;

		told_between(s, atom, &first, &last);
		from = first > re->reach ? character_start(view, first - re->reach) : 0;
		run.stop = last;
	}
	for (size_t at = from; at < view.n && at < run.stop && !s->limited; at = p.next) {
		p = piece_at(view, re, at);
		from = match_piece(&run, p, from > at ? from : at);
	}
}

static int compare_spans(const void *a, const void *b)
{
	const struct match_span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Of the finds of an expression that is only words, those that PCRE2 would reach: what begins first hides what
 * overlaps it. */
static void settle(struct match_spans *out, size_t mark)
{
	size_t n = mark;

	qsort(out->list + mark, out->n - mark, sizeof(*out->list), compare_spans);
	for (size_t i = mark; i < out->n; i++)
		if (n == mark || out->list[i].start >= out->list[n - 1].end)
			out->list[n++] = out->list[i];
	out->n = n;
}

bool match_is_possible(const struct match_scratch *s, uint32_t atom)
{
	return is_found(s, s->set->same[atom]);
}

void match_collect(struct match_scratch *s, uint32_t atom, struct match_spans *out)
{
	size_t mark = out->n;
	int32_t regex;

	if (!match_is_possible(s, atom))
		return;
	atom = s->set->same[atom];
	regex = s->set->atoms[atom].regex;
	if (regex >= 0 && s->set->regexes[regex].code) {
		collect_regex(s, atom, out);
		return;
	}
	for (size_t i = 0; i < s->n_finds; i++)
		if (serves(s, s->finds[i].atoms, atom))
			match_spans_push(out, s->finds[i].span);
	if (regex >= 0 && out->n > mark + 1)
		settle(out, mark);
}
