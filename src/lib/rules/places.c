/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words and sentences of the folded view, counted only when a condition asks. */
#include <tocsin/base/alloc.h>

#include "scorer.h"

static void add(struct offsets *o, size_t at)
{
	o->list = xgrow(o->list, o->n, &o->cap, sizeof(*o->list));
	o->list[o->n++] = (uint32_t)at;
}

/* How many of the offsets are before `at`. */
static uint32_t before(const struct offsets *o, uint32_t at)
{
	size_t low = 0, high = o->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->list[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

static void build_words(struct scorer *s)
{
	bool inside = false;

	s->words.n = 0;
	s->words.built = true;
	for (size_t i = 0; i < s->folded.n; i++) {
		bool word = text_is_word(s->folded, i);

		if (word && !inside)
			add(&s->words, i);
		inside = word;
	}
}

/* « M. le maire », « Mme. », « av. Foch »: a full stop that ends no sentence. */
static bool is_abbreviation(struct slice text, size_t stop)
{
	static const char *const words[] = {
		"mr", "mme", "mm", "dr", "st", "ste", "av", "bd", "art", "n", "cf"};
	size_t start = stop;

	while (start && text.p[start - 1] >= 'a' && text.p[start - 1] <= 'z')
		start--;
	if (stop - start == 1)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_is((struct slice){text.p + start, stop - start}, words[i]))
			return true;
	return false;
}

static bool ends_sentence(struct slice text, size_t at)
{
	char c = text.p[at], next = at + 1 < text.n ? text.p[at + 1] : '\n';

	if (c == '\n' || c == '!' || c == '?')
		return true;
	return c == '.' && (next == ' ' || next == '\n' || next == '"') &&
		!is_abbreviation(text, at);
}

static void build_sentences(struct scorer *s)
{
	s->sentences.n = 0;
	s->sentences.built = true;
	for (size_t i = 0; i < s->folded.n; i++)
		if (ends_sentence(s->folded, i))
			add(&s->sentences, i);
}

uint32_t words_between(struct scorer *s, uint32_t end, uint32_t start)
{
	if (!s->words.built)
		build_words(s);
	return before(&s->words, start) - before(&s->words, end);
}

uint32_t sentence_of(struct scorer *s, uint32_t at)
{
	if (!s->sentences.built)
		build_sentences(s);
	return before(&s->sentences, at);
}
