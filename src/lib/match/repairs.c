/* SPDX-License-Identifier: GPL-3.0-or-later
 * What disguised words say, for the text to be read once more with them written out: an expression reads no other view, and
 * what is behind one disguise may be another. */
#include <tocsin/base/alloc.h>
#include <tocsin/base/sort.h>

#include "guess.h"
#include "scratch.h"

#define REPAIRS_MAX 64u /* of one text, as of masks */
#define LETTERS_MIN 3u

void add_repair(struct match_scratch *s, size_t start, size_t end, struct slice says, bool guessed)
{
	bool free = s->n_repairs < REPAIRS_MAX;

	for (size_t i = 0; i < s->n_repairs && free; i++)
		free = s->repairs[i].end <= start || end <= s->repairs[i].start;
	if (!free)
		return;
	s->repairs = xgrow(s->repairs, s->n_repairs, &s->cap_repairs, sizeof(*s->repairs));
	s->repairs[s->n_repairs++] =
		(struct text_repair){(uint32_t)start, (uint32_t)end, says, guessed};
}

static bool has_letters(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < LETTERS_MIN; i++)
		n = text.p[i] >= 'a' && text.p[i] <= 'z' ? n + 1 : 0;
	return n == LETTERS_MIN;
}

/* All its words are known, or single letters: d'. */
static bool is_known(const struct match_scratch *s, struct slice text)
{
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		for (end = at; end < text.n && is_figure_or_letter(text.p[end]);)
			end++;
		if (end > at + 1 &&
			!wordset_has(s->set->guesses->known, (struct slice){text.p + at, end - at}))
			return false;
	}
	return true;
}

void add_undone(struct match_scratch *s, bool known)
{
	const struct text_undone *list;
	size_t n = s->set->guesses ? text_undone(s->views, &list) : 0;

	for (size_t i = 0; i < n; i++) {
		struct slice says = {text_view(s->views, TEXT_SQUEEZED).p + list[i].says,
			list[i].says_end - list[i].says};

		if (has_letters(says) && is_known(s, says) == known)
			add_repair(s, list[i].start, list[i].end, says, false);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct text_repair *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

void sort_repairs(struct match_scratch *s)
{
	sort_few(s->repairs, s->n_repairs, sizeof(*s->repairs), by_place);
}
