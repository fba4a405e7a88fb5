/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asking the automaton. lexicon_build.c makes it. */
#include "lexicon.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

/* Steps of one search: far more than any word of a language needs; a hostile file ends here. */
#define SEARCH_WORK 4096u

void lexicon_release(struct lexicon *l)
{
	free(l->owned_symbols);
	free(l->owned_edges);
	*l = (struct lexicon){0};
}

static bool check_symbols(struct lexicon *l)
{
	struct slice before = {0};

	memset(l->ascii, 0, sizeof(l->ascii));
	if (l->n_symbols > LEXICON_SYMBOLS_MAX)
		return false;
	for (uint32_t i = 0; i < l->n_symbols; i++) {
		const struct symbol *s = &l->symbols[i];
		struct slice plain = {s->plain, s->n_plain}, folded = {s->folded, s->n_folded};

		if (!plain.n || plain.n > SYMBOL_TEXT || !folded.n || folded.n > SYMBOL_TEXT ||
			!utf8_valid(plain) || !utf8_valid(folded) || utf8_length(plain) != 1 ||
			slice_compare(before, plain) >= 0)
			return false;
		before = plain;
		if (plain.n == 1)
			l->ascii[(unsigned char)*plain.p] = (uint8_t)(i + 1);
	}
	return true;
}

/* Edges lead downwards, so one pass counts the words; sums stay below 2^64 as each is cut at 2^32. */
bool lexicon_check(struct lexicon *l)
{
	_free_ uint32_t *words =
		NULL; /* by edge: words that begin with it or one after it in its node */

	if (!check_symbols(l) || l->n_edges == 0 || l->n_edges > LEXICON_EDGES_MAX ||
		l->root >= l->n_edges)
		return false;
	words = xcalloc(l->n_edges, sizeof(*words));
	for (uint32_t at = 1, first = 1; at < l->n_edges; at++) {
		uint32_t edge = l->edges[at], target = EDGE_TARGET(edge),
			 symbol = EDGE_SYMBOL(edge);

		if (target >= first || symbol == 0 || symbol > l->n_symbols ||
			(at > first && symbol <= EDGE_SYMBOL(l->edges[at - 1])) ||
			(target > 1 && !EDGE_LAST(l->edges[target - 1])))
			return false;
		if (!EDGE_LAST(edge))
			continue;
		for (uint32_t i = at; i >= first; i--) { /* a node's edges, from its last */
			uint64_t sum = (uint64_t)EDGE_ACCEPTS(l->edges[i]) +
				(EDGE_TARGET(l->edges[i]) ? words[EDGE_TARGET(l->edges[i])] : 0) +
				(i < at ? words[i + 1] : 0);

			words[i] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
		}
		first = at + 1;
	}
	if (l->n_edges > 1 && !EDGE_LAST(l->edges[l->n_edges - 1]))
		return false;
	if (l->root > 1 && !EDGE_LAST(l->edges[l->root - 1]))
		return false;
	return (l->root ? words[l->root] : 0) == l->n_words;
}

/* The symbol that a word's next letter is, 0: none. */
static uint32_t symbol_at(const struct lexicon *l, struct slice word, size_t *at)
{
	size_t from = *at;
	uint32_t low = 0, high = l->n_symbols;
	struct slice letter;

	utf8_next(word, at);
	if (*at == from + 1)
		return l->ascii[(unsigned char)word.p[from] & 0x7F];
	letter = (struct slice){word.p + from, *at - from};
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		const struct symbol *s = &l->symbols[middle];
		int order = slice_compare((struct slice){s->plain, s->n_plain}, letter);

		if (order == 0)
			return middle + 1;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static bool has_plain(const struct lexicon *l, struct slice word)
{
	uint32_t node = l->root, edge = 0;
	size_t at = 0;

	while (at < word.n) {
		uint32_t symbol = symbol_at(l, word, &at), i = node;

		if (!symbol || !node)
			return false;
		while (EDGE_SYMBOL(l->edges[i]) != symbol && !EDGE_LAST(l->edges[i]))
			i++;
		edge = l->edges[i];
		if (EDGE_SYMBOL(edge) != symbol)
			return false;
		node = EDGE_TARGET(edge);
	}
	return EDGE_ACCEPTS(edge);
}

/* Depth first over all edges whose letter reads so with its accents off. */
static bool has_folded(
	const struct lexicon *l, uint32_t node, struct slice rest, unsigned *work, unsigned depth)
{
	if (!node || depth == LEXICON_WORD_MAX)
		return false;
	for (uint32_t i = node;; i++) {
		uint32_t edge = l->edges[i];
		const struct symbol *s = &l->symbols[EDGE_SYMBOL(edge) - 1];

		if (++*work > SEARCH_WORK)
			return false;
		if (s->n_folded <= rest.n && memcmp(s->folded, rest.p, s->n_folded) == 0) {
			struct slice after = {rest.p + s->n_folded, rest.n - s->n_folded};

			if (after.n == 0 && EDGE_ACCEPTS(edge))
				return true;
			if (after.n && has_folded(l, EDGE_TARGET(edge), after, work, depth + 1))
				return true;
		}
		if (EDGE_LAST(edge))
			return false;
	}
}

bool lexicon_has(const struct lexicon *l, struct slice word, enum inflect_view view)
{
	unsigned work = 0;

	if (!word.n || word.n > DICT_FORM_MAX || !utf8_valid(word))
		return false;
	if (view == INFLECT_FOLDED)
		return has_folded(l, l->root, word, &work, 0);
	return has_plain(l, word);
}

static bool each_below(const struct lexicon *l, uint32_t node, char *word, size_t n, unsigned depth,
	inflect_each_fn *fn, void *arg)
{
	if (!node || depth == LEXICON_WORD_MAX)
		return true;
	for (uint32_t i = node;; i++) {
		uint32_t edge = l->edges[i];
		const struct symbol *s = &l->symbols[EDGE_SYMBOL(edge) - 1];

		memcpy(word + n, s->plain, s->n_plain);
		if (EDGE_ACCEPTS(edge) && !fn(arg, (struct slice){word, n + s->n_plain}))
			return false;
		if (!each_below(l, EDGE_TARGET(edge), word, n + s->n_plain, depth + 1, fn, arg))
			return false;
		if (EDGE_LAST(edge))
			return true;
	}
}

void lexicon_each(const struct lexicon *l, inflect_each_fn *fn, void *arg)
{
	char word[LEXICON_WORD_MAX * SYMBOL_TEXT];

	each_below(l, l->root, word, 0, 0, fn, arg);
}
