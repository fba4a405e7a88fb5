/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of a comment, for the readings that go word by word. */
#include "views.h"

#include <assert.h>

#include <tocsin/base/lanes.h>

enum { STEP = 4 * LANES }; /* bytes of one look: a bit each in 64 */

static_assert(STEP <= TEXT_SLACK, "a look may read beyond the view");

/* The bytes from `at` on that belong to words. inside: the byte before does. */
static uint64_t word_bits(struct slice in, size_t at, uint64_t inside)
{
	uint64_t bits = 0, wide = 0;

	for (unsigned i = 0; i < STEP; i += LANES) {
		lanes v = lanes_load(in.p + at + i);

		bits |= (uint64_t)lanes_bits(lanes_range(v, 'a', 'z') | lanes_range(v, '0', '9'))
			<< i;
		wide |= (uint64_t)lanes_bits(v) << i;
	}
	for (; wide;
		wide &= wide - 1) { /* in order: what is inside a character is as the byte before */
		unsigned i = (unsigned)__builtin_ctzll(wide);
		bool before = i ? bits >> (i - 1) & 1 : inside;

		if (is_inside(in, at + i) ? before : text_is_word(in, at + i))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

static void make_words(struct text_views *v)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	uint64_t inside = 0; /* 1: the byte before is of a word */
	size_t start = 0;

	v->words.n = 0;
	for (size_t at = 0; at < in.n; at += STEP) {
		uint64_t bits = word_bits(in, at, inside), edges = bits ^ (bits << 1 | inside);

		for (; edges; edges &= edges - 1) {
			unsigned i = (unsigned)__builtin_ctzll(edges);

			if (bits >> i & 1)
				start = at + i;
			else
				spots_add(&v->words, start, at + i);
		}
		inside = bits >> (STEP - 1);
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

	/* the same bytes, and no map is needed */
	if (!text_is_changed(v, word.start, word.end))
		return (struct slice){v->view[TEXT_FOLDED].p + word.start, word.end - word.start};
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

/* Whether a byte beside the word says that it is no word: a mail or web address, a name of the net, a mask. */
static bool is_odd_beside(struct slice view, size_t at, bool behind)
{
	char c = view.p[at];

	if (c == '.' || c == '/' || c == ':')
		return at + 1 < view.n && at && is_letter(view.p[behind ? at + 1 : at - 1]);
	return c == '@' || c == '#' || c == '_' || c == '*' || c == '&' || c == '%' || c == '\\' ||
		c == '=' || c == '$' || c == '+';
}

bool text_word_is_free(const struct text_views *v, struct text_word word)
{
	struct slice view = buf_slice(&v->view[TEXT_FOLDED]);

	return !(word.start && is_odd_beside(view, word.start - 1, false)) &&
		(word.end == view.n || !is_odd_beside(view, word.end, true));
}

bool text_word_is_hyphened(const struct text_views *v, struct text_word word)
{
	struct slice view = buf_slice(&v->view[TEXT_FOLDED]);

	return (word.start && view.p[word.start - 1] == '-') ||
		(word.end < view.n && view.p[word.end] == '-');
}

bool text_word_is_capital(const struct text_views *v, struct text_word word)
{
	struct slice original = v->original;
	size_t start =
		text_start_below(v, TEXT_PLAIN, text_start_below(v, TEXT_FOLDED, word.start));

	original.p += start;
	original.n -= start;
	/* as in Élan: the second byte of a capital beyond ASCII */
	if (original.n > 2 && *original.p == '\xc3' && (unsigned char)original.p[1] < 0x9f)
		return original.p[2] < 'A' || original.p[2] > 'Z';
	return original.n > 1 && *original.p >= 'A' && *original.p <= 'Z' &&
		(original.p[1] < 'A' || original.p[1] > 'Z');
}

bool text_word_is_name(const struct text_views *v, struct text_word word)
{
	struct slice view = buf_slice(&v->view[TEXT_FOLDED]);
	size_t at = word.start;

	while (at && (view.p[at - 1] == ' ' || view.p[at - 1] == '"'))
		at--;
	/* where the word stands costs nothing, and its capital a map */
	return at && !strchr(".!?\n:", view.p[at - 1]) && text_word_is_capital(v, word);
}
