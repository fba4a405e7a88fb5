/* SPDX-License-Identifier: GPL-3.0-or-later
 * Said to a person, or of one. */
#include "find.h"

#define FRAME_WORDS 3u /* between an insult's frame and the insult */
#define PERSON_WORDS 6u /* between a person and what is said of them */

static struct finding find_frame(const struct place *p)
{
	size_t i = p->first;

	for (unsigned steps = 0; steps < FRAME_WORDS && i > p->clause.first && joined_to(p, i);
		steps++)
		if (has(p, --i, CUE(FRAME) | CUE(EPITHET)))
			return found(p, i, "cadre d'injure");
	return found_nothing();
}

/* « que » opens a clause of its own (je vous dis que …), but not in « vous n'êtes qu'un … », « t'es qu'un … ». */
static bool opens_clause(const struct place *p, size_t i)
{
	if (!has(p, i, CUE(THAT)) || (i > p->clause.first && has(p, i - 1, CUE(BE))))
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
			return found(p, i, "s'adresse à quelqu'un");
	}
	for (size_t i = p->last + 1; i < p->clause.end && !opens_clause(p, i); i++)
		if (has(p, i, CUE(SECOND)))
			return found(p, i, "s'adresse à quelqu'un");
	return found_nothing();
}

/* A person within a few words before `from`, who heads what stands there (not « la décision du maire »). */
static struct finding person_before(const struct place *p, size_t from)
{
	size_t first = dislocated(p), i = from;

	for (unsigned steps = 0; steps < PERSON_WORDS && i > first; steps++) {
		if (!has(p, --i, CUE(PERSON) | CUE(THING)))
			continue;
		i = head_of(p, i);
		return has(p, i, CUE(PERSON)) ? found(p, i, "dit d'une personne") : found_nothing();
	}
	return found_nothing();
}

/* The words before the match reach a comma: « le pire maire de tous, incapable », « ces élus, tous des X »; not
 * « demandez au maire, le X ». */
static bool is_apposed(const struct place *p)
{
	size_t i = p->first;
	bool all = false,
	     one = i > p->clause.first && (is_word(p, i - 1, "un") || is_word(p, i - 1, "une"));

	while (i > p->clause.first && joined_to(p, i) && has(p, i - 1, CUE(LINK))) {
		i--;
		all |= is_word(p, i, "tous") || is_word(p, i, "toutes");
	}
	return (is_bare(p) || one || all) && i > p->clause.first && (p->t->list[i].gap & GAP_COMMA);
}

/* « clown de maire », « nul le maire », « un clown, ce maire » */
static struct finding person_behind(const struct place *p)
{
	size_t i = p->last + 1;

	if (i < p->clause.end && (p->t->list[i].gap & GAP_COMMA) && has(p, i, CUE(LINK)))
		i++;
	while (i < p->clause.end && joined_to(p, i) && has(p, i, CUE(LINK)) &&
		!has(p, i, CUE(PERSON)))
		i++;
	if (i < p->clause.end && has(p, i, CUE(PERSON)) &&
		(joined_to(p, i) || (i == p->last + 1 && (p->t->list[i].gap & GAP_COMMA))))
		return found(p, i, "dit d'une personne");
	return found_nothing();
}

/* The match is tied to a person: beside them, said of them (est, comme un), or apposed. */
static struct finding find_person(const struct place *match)
{
	const struct place whole = list_of(match), *p = &whole;
	size_t left = before_links(p);

	if (left != NONE && has(p, left, CUE(PERSON)))
		return found(p, left, "dit d'une personne");
	if (left != NONE && (has(p, left, CUE(BE)) || is_word(p, left, "comme")))
		return person_before(p, left);
	if (is_apposed(p)) {
		struct finding f = person_before(p, p->first);

		if (f.holds)
			return f;
	}
	return person_behind(p);
}

static struct finding find_mention(const struct place *p)
{
	for (size_t i = p->sentence.first; i < p->sentence.end; i++)
		if (p->t->list[i].gap & GAP_MENTION)
			return found(p, i, "@mention");
	return found_nothing();
}

struct finding find_addressed(const struct place *p)
{
	size_t left = before_links(p);
	struct finding f;

	/* « je suis nul en maths » */
	if (left != NONE && has(p, left, CUE(SELF)))
		return found_nothing();
	f = find_second(p);
	if (!f.holds)
		f = find_mention(p);
	if (f.holds || find_thing(p).holds)
		return f;
	f = find_frame(p);
	return f.holds ? f : find_person(p);
}
