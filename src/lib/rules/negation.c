/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a negation denies: the predicate that is nearest to it. */
#include "clause.h"

#define NE_WORDS 4u /* between « ne » and « pas » */

static bool ends(const struct place *p, size_t token, const char *end)
{
	const struct token *t = &p->t->list[token];
	size_t n = strlen(end), length = t->end - t->start;

	return length > n && memcmp(p->text.p + t->end - n, end, n) == 0;
}

static bool is_infinitive(const struct place *p, size_t token)
{
	return ends(p, token, "er") || ends(p, token, "ir") || ends(p, token, "re");
}

/* « ne » a few words before, in the same clause. */
static bool has_ne(const struct place *p, size_t token)
{
	for (size_t back = 1; back <= NE_WORDS && token >= p->clause.first + back; back++)
		if (has(p, token - back, CUE(NE)))
			return true;
	return false;
}

/* « pas », « jamais » …; « plus » and « personne » are one only with « ne ». */
static bool is_particle(const struct place *p, size_t token)
{
	if (!has(p, token, CUE(NO)))
		return false;
	return has_ne(p, token) || !(is_word(p, token, "plus") || is_word(p, token, "personne"));
}

/* The verb that « pas » at `particle` goes with: the word before it, or before « -vous »; NONE: there is none. */
static size_t verb_of(const struct place *p, size_t particle)
{
	size_t i = particle;

	if (i == p->clause.first || !joined_to(p, i))
		return NONE;
	i--;
	if (has(p, i, CUE(SUBJECT)) && i > p->clause.first &&
		has(p, i - 1, CUE(BE) | CUE(HAVE) | CUE(MODAL)))
		i--;
	if (has(p, i, CUE(AND) | CUE(BREAK) | CUE(NE)))
		return NONE;
	return i;
}

/* Whether a particle before the match reaches it: « n'êtes pas un X », « n'a pas X », « ne veut pas X-er ». */
static bool reaches(const struct place *p, size_t particle, size_t first)
{
	size_t verb = verb_of(p, particle);

	if (verb == NONE)
		return true; /* « pas X, ce maire » */
	if (has(p, verb, CUE(BE) | CUE(HAVE)))
		return true;
	return has(p, verb, CUE(MODAL)) && is_infinitive(p, first);
}

/* The match is the verb itself: « ne X pas », « je les X pas ». */
static bool is_negated_verb(const struct place *p, size_t *ret)
{
	size_t next = p->last + 1;

	if (next < p->clause.end && joined_to(p, next) && has(p, next, CUE(SUBJECT)))
		next++; /* « X-t-il pas » */
	if (next >= p->clause.end || !joined_to(p, next))
		return false;
	if (!is_particle(p, next) && !(has(p, next, CUE(NONE)) && has_ne(p, next)))
		return false;
	*ret = next;
	if (has_ne(p, next))
		return true;
	for (size_t i = p->first; i > p->clause.first; i--) {
		if (has(p, i - 1, CUE(SUBJECT)))
			return true;
		if (!has(p, i - 1, CUE(LINK)))
			break;
	}
	return false;
}

/* A negation between the parts of a match that was put together: « déteste pas les X ». */
static bool is_inside(const struct place *p, size_t *ret)
{
	for (size_t i = p->first + 1; i < p->last; i++) {
		size_t verb, next = i + 1;

		if (!is_particle(p, i))
			continue;
		*ret = i;
		verb = verb_of(p, i);
		while (next < p->last && has(p, next, CUE(LINK)))
			next++;
		if (verb != NONE && has(p, verb, CUE(BE) | CUE(HAVE) | CUE(MODAL))) {
			if (next == p->last || has(p, verb, CUE(MODAL)))
				return true;
		} else if (verb != NONE && verb >= p->first) {
			return true;
		}
	}
	return false;
}

/* « Dire que … est raciste », « traiter … de X est un délit ». */
static bool is_condemned(const struct place *p, size_t *ret)
{
	bool said = is_infinitive(p, p->sentence.first);

	for (size_t i = p->sentence.first; i < p->first && !said; i++)
		said = has(p, i, CUE(REPORT));
	for (size_t i = p->last + 1; said && i < p->sentence.end; i++)
		if (has(p, i, CUE(CONDEMN))) {
			*ret = i;
			return true;
		}
	return false;
}

const char *find_negation(const struct place *p, bool joined, size_t *ret_cue)
{
	size_t left = before_links(p);

	for (size_t i = p->first; i-- > p->sentence.first;) {
		*ret_cue = i;
		if (has(p, i, CUE(DENY)))
			return "ce que l'auteur ne dit pas";
		if (has(p, i, CUE(AGAINST)))
			return "contre-discours";
		if (has(p, i, CUE(BREAK)) || (p->t->list[i + 1].gap & GAP_CLAUSE))
			break;
	}
	if (is_condemned(p, ret_cue))
		return "condamné dans la même phrase";
	if (left != NONE) {
		*ret_cue = left;
		if (has(p, left, CUE(NONE))) {
			while (*ret_cue > p->clause.first && has(p, *ret_cue - 1, CUE(NONE)))
				--*ret_cue; /* the first word of « pas un » */
			return "privation";
		}
		if (is_particle(p, left) && reaches(p, left, p->first))
			return "négation devant";
	}
	if (is_negated_verb(p, ret_cue))
		return "verbe nié";
	if (joined && is_inside(p, ret_cue))
		return "négation à l'intérieur";
	return NULL;
}
