/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"

#define SCARE_WORDS 3u /* quotation marks around so few words may only stress them */

/* --- quoted */

/* « vous êtes un "clown" »: the marks stress, they quote nobody. */
static bool is_scare_quote(const struct place *p)
{
	size_t first = p->first, last = p->last, k;

	while (first > p->sentence.first && !(p->t->list[first].gap & GAP_QUOTE))
		first--;
	while (last + 1 < p->sentence.end && !(p->t->list[last + 1].gap & GAP_QUOTE))
		last++;
	if (last - first + 1 > SCARE_WORDS)
		return false;
	for (k = first; k > p->sentence.first && has(p, k - 1, CUE(LINK)) &&
		!has(p, k - 1, CUE(BE) | CUE(SECOND));)
		k--;
	return k >= p->sentence.first + 2 && has(p, k - 1, CUE(BE)) && has(p, k - 2, CUE(SECOND));
}

static struct finding find_quoted(const struct place *p)
{
	if (p->t->list[p->first].quoted && p->t->list[p->last].quoted && !is_scare_quote(p))
		return found(p, p->first, "entre guillemets");
	for (size_t i = p->first; i-- > p->clause.first;)
		if (has(p, i, CUE(REPORT)))
			return found(p, i, "parole rapportée");
	return found_nothing();
}

/* --- question */

static struct finding find_question(const struct place *p)
{
	struct slice text = p->text;
	size_t at = p->t->list[p->sentence.end - 1].end;

	for (; at < text.n && !text_is_word(text, at); at++)
		if (text.p[at] == '?')
			return (struct finding){
				true, "point d'interrogation", (uint32_t)at, (uint32_t)at + 1};
	for (size_t i = p->sentence.first; i < p->sentence.end; i++) {
		bool first = i <= p->sentence.first + 1 || (p->t->list[i].gap & GAP_COMMA);

		if (first && has(p, i, CUE(QUESTION)))
			return found(p, i, "tour interrogatif");
	}
	return found_nothing();
}

struct finding context_find(
	struct scorer *s, enum context_operator op, struct match_span span, bool joined)
{
	struct place p;

	if (!place_of(s, span, &p))
		return found_nothing();
	switch (op) {
	case CONTEXT_ADDRESSED: return find_addressed(&p);
	case CONTEXT_QUOTED: return find_quoted(&p);
	case CONTEXT_NEGATED: {
		struct finding f = found_nothing();
		size_t cue;
		const char *why = find_negation(&p, joined, &cue);

		if (why)
			f = found(&p, cue, why);
		return f;
	}
	case CONTEXT_THING: return find_thing(&p);
	case CONTEXT_QUESTION: return find_question(&p);
	case CONTEXT_OPERATORS: break;
	}
	return found_nothing();
}
