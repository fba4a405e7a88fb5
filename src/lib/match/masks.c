/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words of which letters are hidden: c*n, enc***s, ta g.. . Most comments have none, and then nothing is done. The terms
 * that may be meant are those of which a word begins as the mask does: found by bisection. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/sort.h>
#include <tocsin/base/large.h>

#include "builder.h"
#include "scratch.h"

#define EXACT_LETTERS 2u /* that can be read, where signs and hidden letters are as many */
#define LOOSE_LETTERS 3u
#define ELIDED_MIN 5u /* bytes behind an article that lacks its apostrophe */

/* How the term fits with the ending that makes it fit best. */
static enum text_fit fits(const struct match_scratch *s, const struct text_mask *mask,
	const struct maskable *m, size_t *start, size_t *end)
{
	static const struct {
		const char *text;
		uint8_t ending;
	} endings[] = {{"", 0}, {"s", MATCH_S}, {"e", MATCH_E}, {"es", MATCH_ES}, {"x", MATCH_X}};
	enum text_fit best = TEXT_FIT_NONE;

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		char text[MATCH_TERM_MAX + 4];
		size_t n = strlen(endings[i].text), from, to;
		unsigned letters;
		enum text_fit fit;

		if (endings[i].ending && !(m->endings & endings[i].ending))
			continue;
		if (n) {
			memcpy(text, m->text, m->length);
			memcpy(text + m->length, endings[i].text, n);
		}
		fit = text_mask_fits(s->views, mask,
			(struct slice){n ? text : m->text, m->length + n}, &from, &to, &letters);
		if (fit <= best ||
			letters < (fit == TEXT_FIT_EXACT ? EXACT_LETTERS : LOOSE_LETTERS))
			continue;
		best = fit;
		*start = from;
		*end = to;
		if (best == TEXT_FIT_EXACT)
			break;
	}
	return best;
}

static bool has_hit(const struct match_scratch *s, uint32_t atom, size_t start, size_t end)
{
	if (!is_found(s, atom))
		return false;
	for (size_t i = 0; i < s->n_finds; i++)
		if (s->finds[i].span.end > start && s->finds[i].span.start < end &&
			serves(s, s->finds[i].atoms, atom))
			return true;
	return false;
}

void add_unless_hit(struct match_scratch *s, const struct term *term, size_t start, size_t end,
	enum match_by by)
{
	for (uint32_t i = term->first_atom; i < term->first_atom + term->n_atoms; i++)
		if (!has_hit(s, s->set->term_atoms[i], start, end))
			add_find(s, (struct served){i, 1}, start, end, by);
}

enum { KEY_LETTERS = 8 };

static uint64_t letter_at(char c, unsigned place)
{
	return (uint64_t)(unsigned char)c << (8 * (KEY_LETTERS - 1 - place));
}

static size_t first_from(const struct match_set *set, uint64_t word)
{
	size_t low = 0, high = set->n_maskables;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->maskables[middle].word < word)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The terms of which a word begins with the letters that the mask shows before it hides any: no other one can fit,
 * for a blank of the text is a blank of the term, and what an ending allows hides nothing. */
static void find_maskables(const struct match_scratch *s, const struct text_mask *mask,
	size_t *ret_from, size_t *ret_to)
{
	const char *p = s->folded.p + mask->start;
	size_t length = mask->end - mask->start;
	uint64_t word = 0;
	unsigned n = 0;

	while (n < length && p[n] >= 'a' && p[n] <= 'z')
		n++;
	/* these may be an ending's, which the index does not hold */
	for (unsigned i = 0; i < 2 && n > 1 && strchr("esx", p[n - 1]); i++)
		n--;
	n = n < KEY_LETTERS ? n : KEY_LETTERS;
	for (unsigned i = 0; i < n; i++)
		word |= letter_at(p[i], i);
	*ret_from = first_from(s->set, word);
	*ret_to = first_from(s->set, word + (n ? letter_at(1, n - 1) : 0));
}

static int by_term(const void *a, const void *b)
{
	const struct masked *x = a, *y = b;

	return (x->term > y->term) - (x->term < y->term);
}

/* Whether the sign on one side of the mask, and the letter behind it, are those of the term: its blanks are read one by
 * one, and no letter that is read stands for another. at: of the sign, and step: where that letter is. */
static bool agrees(struct slice view, size_t at, const struct maskable *m, size_t sign, int step)
{
	char letter;

	if (at >= view.n || view.p[at] != m->text[sign])
		return false;
	if (at + (size_t)step >= view.n || sign + (size_t)step >= m->length)
		return true;
	letter = view.p[at + (size_t)step];
	return letter < 'a' || letter > 'z' || letter == m->text[sign + (size_t)step];
}

/* One look that most terms do not survive. The mask stands for the word of `m`: another word of its term is another
 * maskable. */
static bool may_fit(
	const struct match_scratch *s, const struct text_mask *mask, const struct maskable *m)
{
	if ((mask->needed & ~m->letters) ||
		(m->at == 0 && m->end == m->length && mask->letters < EXACT_LETTERS))
		return false;
	/* a place before the text or the term is beyond its end */
	return (!m->at || agrees(s->folded, mask->start - (size_t)1, m, m->at - (size_t)1, -1)) &&
		(m->end == m->length || agrees(s->folded, mask->end, m, m->end, 1));
}

/* Whether any term fits. */
static bool scan_mask(struct match_scratch *s, const struct text_mask *mask)
{
	size_t from, to, n = 0, says = 0;

	find_maskables(s, mask, &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct maskable *m = &s->set->maskables[i];
		size_t start, end;
		enum text_fit fit =
			may_fit(s, mask, m) ? fits(s, mask, m, &start, &end) : TEXT_FIT_NONE;

		if (fit == TEXT_FIT_NONE)
			continue;
		s->masked = xgrow(s->masked, n, &s->cap_masked, sizeof(*s->masked));
		s->masked[n++] = (struct masked){m->term, (uint32_t)start, (uint32_t)end,
			fit == TEXT_FIT_EXACT, {m->text, m->length}};
	}
	/* the first of an atom's terms hides the others */
	sort_few(s->masked, n, sizeof(*s->masked), by_term);
	for (size_t i = 0; i < n; i++) {
		const struct masked *m = &s->masked[i];

		add_unless_hit(s, &s->set->terms[m->term], m->start, m->end, MATCH_BY_MASK);
		if (m->exact && !s->masked[says].exact)
			says = i;
	}
	if (n)
		add_repair(
			s, s->masked[says].start, s->masked[says].end, s->masked[says].says, false);
	return n;
}

/* dabr*ti, linc*pable: the word behind an article without its apostrophe. */
static bool read_elided(
	const struct match_scratch *s, const struct text_mask *mask, struct text_mask *ret)
{
	const char *p = s->folded.p + mask->start;

	if (mask->end - mask->start <= ELIDED_MIN || !strchr("dl", *p) || !strchr("aeiouyh", p[1]))
		return false;
	*ret = *mask;
	ret->start++;
	ret->letters--;
	ret->first = p[1];
	ret->needed &= ~text_letters((struct slice){p, 1});
	return true;
}

void scan_masks(struct match_scratch *s)
{
	const struct text_mask *masks;
	size_t n;

	if (!s->set->n_maskables)
		return;
	n = text_masks(s->views, &masks);
	for (size_t i = 0; i < n; i++) {
		struct text_mask elided;

		if (!scan_mask(s, &masks[i]) && read_elided(s, &masks[i], &elided))
			(void)scan_mask(s, &elided);
	}
}

static bool is_maskable(const struct term *term)
{
	return (term->flags & TERM_LEFT) && (term->flags & TERM_RIGHT) &&
		(term->flags & TERM_DISGUISED) &&
		!(term->flags & (TERM_REGEX | TERM_EXACT | TERM_SQUEEZED));
}

static uint64_t word_at(struct slice text, size_t at)
{
	uint64_t word = 0;

	for (unsigned i = 0; i < KEY_LETTERS && at + i < text.n; i++)
		word |= letter_at(text.p[at + i], i);
	return word;
}

static int by_word(const void *a, const void *b)
{
	const struct maskable *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return (x->term > y->term) - (x->term < y->term);
}

static bool is_parting(char c)
{
	return c == ' ' || c == '-' || c == '\'';
}

static void add_maskables(struct match_set *s, size_t *cap, struct slice text, uint32_t term)
{
	uint8_t endings = s->terms[term].endings;
	uint32_t letters = text_letters(text);

	if (endings)
		letters |= text_letters(SLICE("esx"));
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 'a' && text.p[i] <= 'z' && (i == 0 || is_parting(text.p[i - 1]))) {
			size_t end = i;

			while (end < text.n && !is_parting(text.p[end]))
				end++;
			s->maskables = xlarge_grow(
				s->maskables, s->n_maskables, cap, sizeof(*s->maskables));
			s->maskables[s->n_maskables++] = (struct maskable){word_at(text, i), text.p,
				term, letters, (uint8_t)text.n, (uint8_t)i, (uint8_t)end, endings};
		}
}

void lay_out_masks(struct match_set *s)
{
	size_t cap = 0;

	for (size_t l = 0; l < s->n_literals; l++)
		for (uint32_t t = 0; t < s->literals[l].n_terms; t++) {
			uint32_t term = s->literals[l].first_term + t;
			struct slice text = {s->literals[l].text, s->gates[l].length};

			if (is_maskable(&s->terms[term]))
				add_maskables(s, &cap, text, term);
		}
	if (s->n_maskables)
		qsort(s->maskables, s->n_maskables, sizeof(*s->maskables), by_word);
}
