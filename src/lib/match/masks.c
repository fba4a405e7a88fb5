/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words of which letters are hidden: c*n, enc***s, ta g.. . Most comments have none, and then nothing is done. The terms
 * that may be meant are those of which a word begins with the mask's letter. */
#include <stdlib.h>

#include "builder.h"
#include "scratch.h"

#define EXACT_LETTERS 2u /* that can be read, where signs and hidden letters are as many */
#define LOOSE_LETTERS 3u

/* The term with the ending that makes it fit best; 0 when none does. */
static bool fits(const struct match_scratch *s, const struct text_mask *mask,
	const struct maskable *m, size_t *start, size_t *end)
{
	static const struct {
		const char *text;
		uint8_t ending;
	} endings[] = {{"", 0}, {"s", MATCH_S}, {"e", MATCH_E}, {"es", MATCH_ES}, {"x", MATCH_X}};

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		char text[MATCH_TERM_MAX + 4];
		size_t n = strlen(endings[i].text);
		unsigned letters;
		enum text_fit fit;

		if (endings[i].ending && !(m->endings & endings[i].ending))
			continue;
		memcpy(text, m->text.p, m->text.n);
		memcpy(text + m->text.n, endings[i].text, n);
		fit = text_mask_fits(
			s->views, mask, (struct slice){text, m->text.n + n}, start, end, &letters);
		if ((fit == TEXT_FIT_EXACT && letters >= EXACT_LETTERS) ||
			(fit == TEXT_FIT_LOOSE && letters >= LOOSE_LETTERS))
			return true;
	}
	return false;
}

void add_unless_hit(struct match_scratch *s, const struct term *term, size_t start, size_t end,
	enum match_by by)
{
	for (uint32_t a = 0; a < term->n_atoms; a++) {
		uint32_t atom = s->set->term_atoms[term->first_atom + a], hit = NO_HIT;

		if (s->atoms[atom].stamp == s->stamp)
			hit = s->atoms[atom].first;
		while (hit != NO_HIT &&
			(s->hits[hit].span.end <= start || s->hits[hit].span.start >= end))
			hit = s->hits[hit].next;
		if (hit == NO_HIT)
			add_hit(s, atom, start, end, by);
	}
}

void scan_masks(struct match_scratch *s)
{
	const struct match_set *set = s->set;
	const struct text_mask *masks;
	size_t n;

	if (!set->masks_from[26])
		return;
	n = text_masks(s->views, &masks);
	for (size_t i = 0; i < n; i++) {
		unsigned letter = (unsigned)(masks[i].first - 'a');

		if (letter >= 26)
			continue;
		for (uint32_t k = set->masks_from[letter]; k < set->masks_from[letter + 1]; k++) {
			const struct maskable *m = &set->maskables[k];
			const struct term *term = &set->terms[m->term];
			size_t start, end;

			if (fits(s, &masks[i], m, &start, &end))
				add_unless_hit(s, term, start, end, MATCH_BY_MASK);
		}
	}
}

static bool is_maskable(const struct term *term)
{
	return (term->flags & TERM_LEFT) && (term->flags & TERM_RIGHT) &&
		(term->flags & TERM_DISGUISED) &&
		!(term->flags & (TERM_REGEX | TERM_EXACT | TERM_SQUEEZED));
}

/* The letters with which words of the text begin, a bit each. */
static uint32_t initials(struct slice text)
{
	uint32_t letters = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned letter = (unsigned)(text.p[i] - 'a');

		if (letter < 26 && (i == 0 || memchr(" -'", text.p[i - 1], 3)))
			letters |= UINT32_C(1) << letter;
	}
	return letters;
}

void lay_out_masks(struct match_set *s)
{
	struct maskable *list = NULL;
	size_t n = 0, cap = 0;

	for (unsigned letter = 0; letter < 26; letter++) {
		s->masks_from[letter] = (uint32_t)n;
		for (size_t l = 0; l < s->n_literals; l++) {
			struct slice text = {s->literals[l].text, s->gates[l].length};

			if (!(initials(text) >> letter & 1))
				continue;
			for (uint32_t t = 0; t < s->literals[l].n_terms; t++) {
				uint32_t id = s->literals[l].first_term + t;

				if (!is_maskable(&s->terms[id]))
					continue;
				list = array_grow(list, n, &cap, sizeof(*list));
				list[n++] = (struct maskable){text, id, s->terms[id].endings};
			}
		}
	}
	s->masks_from[26] = (uint32_t)n;
	s->maskables = list;
}
