/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokens.h"

#include <tocsin/base/alloc.h>

#include "scorer.h"

/* A quotation longer than this is a mark that somebody forgot to close. */
#define QUOTE_MAX 600u

static struct token *add(struct tokens *t)
{
	t->list = xgrow(t->list, t->n, &t->cap, sizeof(*t->list));
	t->list[t->n] = (struct token){0};
	return &t->list[t->n++];
}

enum quote { QUOTE_NONE, QUOTE_OPENS, QUOTE_CLOSES, QUOTE_EITHER };

/* The quotation mark at `at`, and its length. */
static enum quote quote_at(struct slice s, size_t at, size_t *ret_length)
{
	static const struct {
		const char *mark;
		enum quote quote;
	} marks[] = {{"\"", QUOTE_EITHER}, {"«", QUOTE_OPENS}, {"»", QUOTE_CLOSES},
		{"“", QUOTE_OPENS}, {"„", QUOTE_OPENS}, {"”", QUOTE_CLOSES}};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = strlen(marks[i].mark);

		if (at + n <= s.n && memcmp(s.p + at, marks[i].mark, n) == 0) {
			*ret_length = n;
			return marks[i].quote;
		}
	}
	return QUOTE_NONE;
}

static uint8_t gap_of(char c, char before, char after)
{
	switch (c) {
	case ';':
	case '(':
	case ')': return GAP_CLAUSE;
	case ',': return GAP_COMMA;
	case ':': return GAP_COLON;
	case '-': return before == ' ' && after == ' ' ? GAP_COMMA : 0;
	case '@': return GAP_MENTION;
	default: return 0;
	}
}

/* Where the reader stands in the text. */
struct reading {
	struct scorer *s;
	struct tokens *t;
	uint8_t gap; /* gathered since the last word */
	size_t open_token; /* first token behind the mark that opened a quotation */
	size_t open_at;
	bool open;
};

static void close_quote(struct reading *r, size_t at)
{
	if (at - r->open_at <= QUOTE_MAX)
		for (size_t i = r->open_token; i < r->t->n; i++)
			r->t->list[i].quoted = true;
	r->open = false;
}

/* One step through what is no word; returns its length. */
static size_t step(struct reading *r, size_t at)
{
	struct slice text = r->s->folded;
	size_t n = 1;
	enum quote quote = quote_at(text, at, &n);

	if (quote == QUOTE_NONE) {
		r->gap |= gap_of(text.p[at], at ? text.p[at - 1] : ' ',
			at + 1 < text.n ? text.p[at + 1] : ' ');
		if (at + 2 < text.n && memcmp(text.p + at, "\xe2\x80\x94", 3) == 0)
			r->gap |= GAP_COMMA; /* an em dash */
		return 1;
	}
	r->gap |= GAP_QUOTE;
	if (quote == QUOTE_CLOSES || (quote == QUOTE_EITHER && r->open)) {
		if (r->open)
			close_quote(r, at);
	} else {
		r->open = true;
		r->open_at = at;
		r->open_token = r->t->n;
	}
	return n;
}

static void read_words(struct reading *r)
{
	struct slice text = r->s->folded;
	bool inside = false;

	for (size_t i = 0; i < text.n;) {
		if (text_is_word(text, i)) {
			if (!inside) {
				struct token *token = add(r->t);

				token->start = (uint32_t)i;
				token->gap = r->gap;
				r->gap = 0;
			}
			inside = true;
			i++;
			r->t->list[r->t->n - 1].end = (uint32_t)i;
		} else {
			inside = false;
			i += step(r, i);
		}
	}
}

static void mark_sentences(struct scorer *s, struct tokens *t)
{
	uint32_t before = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t sentence = sentence_of(s, t->list[i].start);

		if (!i || sentence != before)
			t->list[i].gap |= GAP_SENTENCE;
		before = sentence;
	}
}

size_t token_at(const struct tokens *t, uint32_t at)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->list[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void mark_cues(struct scorer *s, struct tokens *t)
{
	size_t mark = s->spans.n;

	match_scan(s->cues, text_original(s->views));
	s->cues_limited |= match_is_limited(s->cues);
	for (unsigned cue = 0; cue < CUES; cue++) {
		match_collect(s->cues, s->r->cue_atoms[cue], &s->spans);
		for (size_t k = mark; k < s->spans.n; k++)
			for (size_t i = token_at(t, s->spans.list[k].start);
				i < t->n && t->list[i].start < s->spans.list[k].end; i++)
				t->list[i].cues |= UINT32_C(1) << cue;
		s->spans.n = mark;
	}
}

const struct tokens *tokens_of(struct scorer *s)
{
	struct tokens *t = &s->tokens;
	struct reading r = {.s = s, .t = t};

	if (t->built)
		return t;
	t->n = 0;
	t->built = true;
	read_words(&r);
	mark_sentences(s, t);
	mark_cues(s, t);
	return t;
}
