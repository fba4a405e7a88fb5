/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clause.h"

#define DISLOCATED_WORDS 6u
/* A sentence goes no further than this to either side of the match: what is longer is a text without full stops, and
 * each of its matches would read all of it. */
#define SENTENCE_WORDS 150u

/* A clause begins at this token. */
static bool begins_clause(const struct tokens *t, size_t i)
{
	const struct token *token = &t->list[i], *before = token - 1;

	if (token->gap & (GAP_SENTENCE | GAP_CLAUSE))
		return true;
	if ((token->cues & CUE(BREAK)) && !(before->cues & CUE(BREAK)))
		return true;
	return (token->cues & CUE(SUBJECT)) &&
		((token->gap & GAP_COMMA) || (before->cues & CUE(AND)));
}

bool place_of(struct scorer *s, struct match_span span, struct place *ret)
{
	const struct tokens *t = tokens_of(s);
	struct place p = {.t = t, .text = s->folded};
	size_t i, low, high;

	p.first = token_at(t, span.start);
	if (p.first == t->n || t->list[p.first].start >= span.end)
		return false;
	for (p.last = p.first; p.last + 1 < t->n && t->list[p.last + 1].start < span.end;)
		p.last++;
	low = p.first > SENTENCE_WORDS ? p.first - SENTENCE_WORDS : 0;
	high = t->n - p.last > SENTENCE_WORDS ? p.last + SENTENCE_WORDS : t->n;
	for (i = p.first; i > low && !begins_clause(t, i); i--)
		;
	p.clause.first = i;
	for (; i > low && !(t->list[i].gap & GAP_SENTENCE); i--)
		;
	p.sentence.first = i;
	for (i = p.last + 1; i < high && !begins_clause(t, i); i++)
		;
	p.clause.end = i;
	for (; i < high && !(t->list[i].gap & GAP_SENTENCE); i++)
		;
	p.sentence.end = i;
	*ret = p;
	return true;
}

bool is_word(const struct place *p, size_t token, const char *word)
{
	const struct token *t = &p->t->list[token];

	return slice_is((struct slice){p->text.p + t->start, t->end - t->start}, word);
}

bool joined_to(const struct place *p, size_t token)
{
	return !(p->t->list[token].gap & (GAP_SENTENCE | GAP_CLAUSE | GAP_COMMA | GAP_COLON));
}

size_t before_links(const struct place *p)
{
	size_t i = p->first;

	while (i > p->clause.first && joined_to(p, i)) {
		i--;
		/* a word that is more than a link: « que » of « est-ce que », « bande » of « bande de » */
		if (!has(p, i, CUE(LINK)) ||
			has(p, i,
				CUE(SECOND) | CUE(FRAME) | CUE(SELF) | CUE(BE) | CUE(NO) |
					CUE(NONE) | CUE(THING)))
			return i;
	}
	return NONE;
}

bool is_bare(const struct place *p)
{
	for (size_t i = p->first;
		i > p->clause.first && joined_to(p, i) && has(p, i - 1, CUE(LINK)); i--)
		if (has(p, i - 1, CUE(DETERMINER)))
			return false;
	return true;
}

#define LIST_WORDS 3u

struct place list_of(const struct place *p)
{
	struct place list = *p;

	for (unsigned steps = 0; steps < LIST_WORDS; steps++) {
		size_t and = before_links(&list);

		if (and == NONE || !has(p, and, CUE(AND)) || and == p->clause.first ||
			has(p, and-1, CUE(PERSON) | CUE(THING) | CUE(BE) | CUE(SECOND)))
			break;
		list.first = and-1;
	}
	return list;
}

size_t dislocated(const struct place *p)
{
	size_t i = p->clause.first;

	if (i == p->sentence.first || !(p->t->list[i].gap & GAP_COMMA))
		return i;
	for (unsigned steps = 0; steps < DISLOCATED_WORDS && i > p->sentence.first; steps++) {
		if (has(p, i - 1, CUE(BE) | CUE(HAVE) | CUE(SUBJECT) | CUE(BREAK)))
			return p->clause.first;
		i--;
		if (p->t->list[i].gap & (GAP_SENTENCE | GAP_CLAUSE | GAP_COMMA))
			return i;
	}
	return p->clause.first;
}
