/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terms.h"

#include <ctype.h>

#define STEM_MIN 4u /* letters that remain */

static uint64_t stir(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

uint64_t terms_pair(uint64_t a, uint64_t b)
{
	return stir(a + b);
}

struct slice terms_read(struct slice text)
{
	if (text.n > TEXT_READ) {
		text.n = TEXT_READ;
		while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	return text;
}

/* Without the ending that only number and gender change: vendu, vendue, vendus, vendues. */
static struct slice stem(struct slice w)
{
	if (w.n > STEM_MIN && (w.p[w.n - 1] == 's' || w.p[w.n - 1] == 'x'))
		w.n--;
	while (w.n > STEM_MIN && w.p[w.n - 1] == 'e')
		w.n--;
	return w;
}

static bool is_number(struct slice w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!isdigit((unsigned char)w.p[i]))
			return false;
	return true;
}

static uint64_t hash_of(struct slice w, uint64_t key)
{
	uint64_t h = key;

	for (size_t i = 0; i < w.n; i++)
		h = (h ^ (unsigned char)w.p[i]) * UINT64_C(0x100000001b3);
	return stir(h);
}

size_t terms_words(struct text_views *v, uint64_t key, struct word ret[static WORDS_MAX])
{
	struct slice view = text_view(v, TEXT_FOLDED);
	const struct text_word *list;
	size_t n_list = text_words(v, &list), n = 0;
	uint64_t seen = 0; /* a sieve: most words are new to it */

	for (size_t i = 0; i < n_list && n < WORDS_MAX; i++) {
		struct slice w = {view.p + list[i].start, list[i].end - list[i].start};
		struct word word = {.start = list[i].start, .end = list[i].end};
		bool twice = false;
		if (w.n < 2 || is_number(w))
			continue;
		word.hash = hash_of(stem(w), key);
		for (size_t k = 0; seen >> (word.hash & 63) & 1 && k < n; k++)
			twice |= ret[k].hash == word.hash;
		seen |= UINT64_C(1) << (word.hash & 63);
		if (!twice)
			ret[n++] = word;
	}
	return n;
}

struct slice terms_spelling(
	const struct text_views *v, const struct word *first, const struct word *last)
{
	struct slice text = text_original(v);
	uint32_t start, end, ignored;

	text_view_origin(v, TEXT_FOLDED, first->start, first->start + 1, &start, &ignored);
	text_view_origin(v, TEXT_FOLDED, last->end - 1, last->end, &ignored, &end);
	if (start > 0 && (text.p[start - 1] == '#' || text.p[start - 1] == '@'))
		start--;
	return (struct slice){text.p + start, end - start};
}
