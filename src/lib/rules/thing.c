/* SPDX-License-Identifier: GPL-3.0-or-later
 * Said of a thing, not of a person. */
#include "find.h"

size_t head_of(const struct place *p, size_t noun)
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
		return found_nothing();
	i--;
	if (has(p, i, CUE(THIS)))
		return is_bare(p) ? found(p, i, "dit de « ça »") : found_nothing();
	if (has(p, i, CUE(SECOND)))
		return found_nothing();
	if (has(p, i, CUE(SUBJECT))) {
		/* « elle est pourrie, cette route » */
		size_t k = p->last + 1;

		while (k < p->clause.end && has(p, k, CUE(LINK)))
			k++;
		return k < p->clause.end && has(p, k, CUE(THING)) ? found(p, k, "dit d'une chose")
								  : found_nothing();
	}
	for (size_t steps = 0; steps < 8; i--, steps++) {
		if (has(p, i, CUE(THING) | CUE(PERSON))) {
			size_t head = head_of(p, i);

			return has(p, head, CUE(PERSON)) ? found_nothing()
							 : found(p, head, "dit d'une chose");
		}
		if (i == p->clause.first || has(p, i, CUE(BE)))
			break;
	}
	return found_nothing();
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

struct finding find_thing(const struct place *match)
{
	const struct place whole = list_of(match), *p = &whole;
	size_t left = before_links(p), right = p->last + 1, at;
	bool framed = left != NONE && has(p, left, CUE(FRAME));

	if (is_behind_thing(p, &at))
		return found(p, at, "qualifie une chose");
	if (left != NONE && has(p, left, CUE(THING)) && !has(p, left, CUE(FRAME)) && is_bare(p))
		return found(p, left, "qualifie une chose");
	while (right < p->clause.end && joined_to(p, right) && !has(p, right, CUE(OF)) &&
		(has(p, right, CUE(LINK)) || is_word(p, right, "comme")))
		right++;
	if (!framed && right < p->clause.end && joined_to(p, right) && has(p, right, CUE(THING)))
		return found(p, right, "qualifie une chose");
	if (left == NONE)
		return found_nothing();
	if (has(p, left, CUE(BE)))
		return subject_is_thing(p, left);
	if (has(p, left, CUE(THIS)) && is_bare(p))
		return found(p, left, "dit de « ça »");
	return found_nothing();
}
