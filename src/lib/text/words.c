/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of a comment, for the readings that go word by word. */
#include "views.h"

static void make_words(struct text_views *v)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	size_t start = 0;
	bool inside = false;

	v->words.n = 0;
	for (size_t i = 0; i < in.n; i++) {
		bool word = is_letter(in.p[i]) || is_digit(in.p[i]) ||
			((unsigned char)in.p[i] >= 0x80 &&
				(is_inside(in, i) ? inside : text_is_word(in, i)));

		if (word && !inside)
			start = i;
		else if (!word && inside)
			spots_add(&v->words, start, i);
		inside = word;
	}
	if (inside)
		spots_add(&v->words, start, in.n);
	v->words_made = true;
}

size_t text_words(struct text_views *v, const struct text_word **ret_list)
{
	if (!v->words_made)
		make_words(v);
	*ret_list = v->words.list;
	return v->words.n;
}

struct slice text_word_plain(const struct text_views *v, struct text_word word)
{
	size_t start, end;

	text_view_below(v, TEXT_FOLDED, word.start, word.end, &start, &end);
	return (struct slice){v->view[TEXT_PLAIN].p + start, end - start};
}

struct slice text_joined(struct text_views *v, size_t first, size_t n)
{
	const struct text_word *words;
	size_t count = text_words(v, &words), length = 0;

	if (first >= count || n > count - first)
		return (struct slice){v->joined, 0};
	for (size_t i = first; i < first + n; i++) {
		size_t one = words[i].end - words[i].start;

		if (i > first && words[i].start - words[i - 1].end != 1)
			return (struct slice){v->joined, 0};
		if (one > sizeof(v->joined) - length)
			return (struct slice){v->joined, 0};
		memcpy(v->joined + length, v->view[TEXT_FOLDED].p + words[i].start, one);
		length += one;
	}
	return (struct slice){v->joined, length};
}
