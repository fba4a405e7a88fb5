/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "context.h"

#include "clause.h"

#define FRAME_WORDS 3u /* between an insult's frame and the insult */
#define PERSON_WORDS 6u /* between a person's name and what is said of them */
#define SCARE_WORDS 3u /* quotation marks around so few words may only stress them */

static struct finding no(void)
{
	return (struct finding){.why = ""};
}

static struct finding yes(const struct place *p, size_t token, const char *why)
{
	const struct token *t = &p->t->list[token];

	return (struct finding){true, why, t->start, t->end};
}

/* --- a thing */

/* The noun that heads « la décision du maire »: the leftmost of a chain that prepositions hold together. */
static size_t head_of(const struct place *p, size_t noun)
{
	size_t head = noun;
	bool chained = false;

	for (size_t i = noun, steps = 0; i-- > p->clause.first && steps < 8; steps++) {
		uint32_t cues = p->t->list[i].cues;

		if (cues & (CUE(OF) | CUE(THAT))) {
			chained = true;
		} else if (cues & (CUE(THING) | CUE(PERSON))) {
			if (!chained)
				break;
			head = i;
			chained = false;
		}
	}
	return head;
}

/* What the copula at `be` is said of. */
static struct finding subject_is_thing(const struct place *p, size_t be)
{
	size_t i = be;

	while (i > p->clause.first && has(p, i - 1, CUE(NE) | CUE(NO) | CUE(BE)))
		i--;
	if (i == p->clause.first)
		return no();
	i--;
	if (has(p, i, CUE(THIS)))
		return is_bare(p) ? yes(p, i, "dit de « ça »") : no();
	if (has(p, i, CUE(SECOND)))
		return no();
	if (has(p, i, CUE(SUBJECT))) {
		/* « elle est pourrie, cette route » */
		size_t k = p->last + 1;

		while (k < p->clause.end && has(p, k, CUE(LINK)))
			k++;
		return k < p->clause.end && has(p, k, CUE(THING)) ? yes(p, k, "dit d'une chose")
								  : no();
	}
	for (size_t steps = 0; steps < 8; i--, steps++) {
		if (has(p, i, CUE(THING) | CUE(PERSON))) {
			size_t head = head_of(p, i);

			return has(p, head, CUE(PERSON)) ? no() : yes(p, head, "dit d'une chose");
		}
		if (i == p->clause.first || has(p, i, CUE(BE)))
			break;
	}
	return no();
}

/* « projet de merde », « idée à la con »: a thing, a bare preposition, the match. */
static bool is_behind_thing(const struct place *p, size_t *ret)
{
	size_t i = p->first;

	if (i >= p->clause.first + 2 && joined_to(p, i) && joined_to(p, i - 1) &&
		is_word(p, i - 1, "de") && has(p, i - 2, CUE(THING))) {
		*ret = i - 2;
		return true;
	}
	if (i >= p->clause.first + 3 && joined_to(p, i) && joined_to(p, i - 1) &&
		is_word(p, i - 1, "la") && is_word(p, i - 2, "a") && has(p, i - 3, CUE(THING))) {
		*ret = i - 3;
		return true;
	}
	return false;
}

static struct finding find_thing(const struct place *p)
{
	size_t left = before_links(p), right = p->last + 1, at;
	bool framed = left != NONE && has(p, left, CUE(FRAME));

	if (is_behind_thing(p, &at))
		return yes(p, at, "qualifie une chose");
	if (left != NONE && has(p, left, CUE(THING)) && !has(p, left, CUE(FRAME)) && is_bare(p))
		return yes(p, left, "qualifie une chose");
	while (right < p->clause.end && joined_to(p, right) &&
		(has(p, right, CUE(LINK)) || is_word(p, right, "comme")))
		right++;
	if (!framed && right < p->clause.end && joined_to(p, right) && has(p, right, CUE(THING)))
		return yes(p, right, "qualifie une chose");
	if (left == NONE)
		return no();
	if (has(p, left, CUE(BE)))
		return subject_is_thing(p, left);
	if (has(p, left, CUE(THIS)) && is_bare(p))
		return yes(p, left, "dit de « ça »");
	return no();
}

/* --- addressed */

static struct finding find_frame(const struct place *p)
{
	size_t i = p->first;

	for (unsigned steps = 0; steps < FRAME_WORDS && i > p->clause.first && joined_to(p, i);
		steps++)
		if (has(p, --i, CUE(FRAME) | CUE(EPITHET)))
			return yes(p, i, "cadre d'injure");
	return no();
}

/* « que » opens a clause of its own (je vous dis que …), but not in « vous n'êtes qu'un … ». */
static bool opens_clause(const struct place *p, size_t i)
{
	if (!has(p, i, CUE(THAT)))
		return false;
	for (size_t back = 1; back <= 4 && i >= p->clause.first + back; back++)
		if (has(p, i - back, CUE(NE)))
			return false;
	return true;
}

static struct finding find_second(const struct place *p)
{
	for (size_t i = p->first; i-- > p->clause.first;) {
		if (opens_clause(p, i))
			break;
		if (has(p, i, CUE(SECOND)) && !has(p, i, CUE(FRAME)))
			return yes(p, i, "s'adresse à quelqu'un");
	}
	for (size_t i = p->last + 1; i < p->clause.end && !opens_clause(p, i); i++)
		if (has(p, i, CUE(SECOND)))
			return yes(p, i, "s'adresse à quelqu'un");
	return no();
}

static struct finding find_person(const struct place *p)
{
	size_t first = dislocated(p), left = p->first, right = p->last;

	for (unsigned steps = 0; steps <= PERSON_WORDS && left > first; steps++)
		if (has(p, --left, CUE(PERSON)))
			return yes(p, left, "une personne est nommée");
	for (unsigned steps = 0; steps <= PERSON_WORDS && ++right < p->clause.end; steps++)
		if (has(p, right, CUE(PERSON)))
			return yes(p, right, "une personne est nommée");
	return no();
}

static struct finding find_mention(const struct place *p)
{
	for (size_t i = p->sentence.first; i < p->sentence.end; i++)
		if (p->t->list[i].gap & GAP_MENTION)
			return yes(p, i, "@mention");
	return no();
}

static struct finding find_addressed(const struct place *p)
{
	size_t left = before_links(p);
	struct finding f;

	/* « je suis nul en maths » */
	if (left != NONE && has(p, left, CUE(SELF)))
		return no();
	f = find_second(p);
	if (!f.holds)
		f = find_mention(p);
	if (f.holds || find_thing(p).holds)
		return f;
	f = find_frame(p);
	return f.holds ? f : find_person(p);
}

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
		return yes(p, p->first, "entre guillemets");
	for (size_t i = p->first; i-- > p->clause.first;)
		if (has(p, i, CUE(REPORT)))
			return yes(p, i, "parole rapportée");
	return no();
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
			return yes(p, i, "tour interrogatif");
	}
	return no();
}

struct finding context_find(
	struct scorer *s, enum context_operator op, struct match_span span, bool joined)
{
	struct place p;

	if (!place_of(s, span, &p))
		return no();
	switch (op) {
	case CONTEXT_ADDRESSED: return find_addressed(&p);
	case CONTEXT_QUOTED: return find_quoted(&p);
	case CONTEXT_NEGATED: {
		struct finding f = no();
		size_t cue;
		const char *why = find_negation(&p, joined, &cue);

		if (why)
			f = yes(&p, cue, why);
		return f;
	}
	case CONTEXT_THING: return find_thing(&p);
	case CONTEXT_QUESTION: return find_question(&p);
	case CONTEXT_OPERATORS: break;
	}
	return no();
}
