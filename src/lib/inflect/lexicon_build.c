/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lexicon.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <tocsin/base/utf8.h>

#define FORMS_MAX ((size_t)1 << 22)
#define WORK_MAX ((size_t)1 << 26) /* rules tried for the whole dictionary */

/* All forms, one behind the other, and where they are. */
struct word {
	uint64_t head, second; /* eight bytes and the next eight, as numbers that sort like them */
	uint32_t at;
	uint32_t n;
};
struct collector {
	const struct dict *d;
	struct buf text;
	struct word *words;
	size_t n, cap;
};

/* Letters, hyphens, apostrophes of Latin script: what a word of a comment can be. */
static bool is_word(struct slice s)
{
	size_t i = 0, letters = 0;

	while (i < s.n) {
		uint32_t c = utf8_next(s, &i);

		if ((c >= 'a' && c <= 'z') || (c >= 0xDF && c < 0x250 && c != 0xF7))
			letters++;
		else if (c != '-' && c != '\'')
			return false;
	}
	return letters > 0 && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

/* Eight bytes from here on, zeros behind the end. */
static uint64_t bytes_at(struct slice s, size_t from)
{
	uint64_t bytes = 0;

	if (s.n > from)
		memcpy(&bytes, s.p + from, s.n - from < 8 ? s.n - from : 8);
	return be64toh(bytes);
}

/* What most forms are; ret_plain: small letters of ASCII and hyphens, and nothing to be made of them. */
static bool is_plain_word(struct slice s, bool *ret_plain)
{
	bool plain = s.n > 0, letters = false;

	for (size_t i = 0; i < s.n && plain; i++) {
		bool letter = s.p[i] >= 'a' && s.p[i] <= 'z';

		plain = letter || s.p[i] == '-';
		letters |= letter;
	}
	*ret_plain = plain;
	return plain && letters && s.p[0] != '-' && s.p[s.n - 1] != '-' && s.n <= LEXICON_WORD_MAX;
}

/* Appends the form to the text as it is looked for; false: it is no word. */
static bool add_word_text(struct collector *c, struct slice form)
{
	size_t at = c->text.n;
	struct slice plain;
	bool ascii, word = is_plain_word(form, &ascii);

	if (ascii) {
		if (word)
			buf_add_slice(&c->text, form);
		return word;
	}
	plain_add(c->d->plain, &c->text, form);
	plain = (struct slice){c->text.p + at, c->text.n - at};
	if (plain.n && plain.n <= DICT_FORM_MAX && is_word(plain) &&
		utf8_length(plain) <= LEXICON_WORD_MAX)
		return true;
	c->text.n = at;
	return false;
}

static void collect(void *arg, struct slice form, uint32_t marks)
{
	struct collector *c = arg;
	size_t at = c->text.n;
	struct slice plain;

	if ((marks & MARK_ERROR) || c->n == FORMS_MAX || !add_word_text(c, form))
		return;
	plain = (struct slice){c->text.p + at, c->text.n - at};
	c->words = xlarge_grow(c->words, c->n, &c->cap, sizeof(*c->words));
	c->words[c->n++] = (struct word){
		bytes_at(plain, 0), bytes_at(plain, 8), (uint32_t)at, (uint32_t)plain.n};
}

static int by_bytes(const void *x, const void *y, void *text)
{
	const struct word *a = x, *b = y;

	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	if (a->second != b->second)
		return a->second < b->second ? -1 : 1;
	if (a->n <= 16 ||
		b->n <= 16) /* no word has a zero byte, so the numbers tell a short one's length */
		return (a->n > b->n) - (a->n < b->n);
	return slice_compare((struct slice){(char *)text + a->at + 16, a->n - 16},
		(struct slice){(char *)text + b->at + 16, b->n - 16});
}

enum { HEADS = 1 << 16 };

static size_t head_of(const struct word *w)
{
	return w->head >> 48;
}

/* Each to the others with its first two bytes: those that stand in the way change places, so that no second list is
 * needed, which would be the most that loading rules takes. ends: how many words there are of each head and those before. */
static void gather_heads(struct collector *c, const uint32_t *ends)
{
	_free_ uint32_t *next = xcalloc(HEADS, sizeof(*next));

	memcpy(next + 1, ends, (HEADS - 1) * sizeof(*next));
	for (size_t head = 0; head < HEADS; head++)
		while (next[head] < ends[head]) {
			struct word *here = &c->words[next[head]], word = *here;
			struct word *place = &c->words[next[head_of(&word)]++];

			*here = *place; /* itself, when it stands where it should */
			*place = word;
		}
}

/* By their first two bytes into place, then what is left of the work for each of these. */
static void sort_words(struct collector *c)
{
	_free_ uint32_t *ends = xcalloc(HEADS, sizeof(*ends));

	for (size_t i = 0; i < c->n; i++)
		ends[head_of(&c->words[i])]++;
	for (size_t head = 1; head < HEADS; head++)
		ends[head] += ends[head - 1];
	gather_heads(c, ends);
	for (size_t head = 0, first = 0; head < HEADS; first = ends[head++])
		if (ends[head] - first > 1)
			qsort_r(c->words + first, ends[head] - first, sizeof(*c->words), by_bytes,
				c->text.p);
}

/* The letters that occur, in order. */
static int make_symbols(struct lexicon *l, const struct collector *c, struct error *e)
{
	struct symbol *symbols = xcalloc(LEXICON_SYMBOLS_MAX, sizeof(*symbols));
	bool seen[0x250] = {0};
	struct slice text = buf_slice(&c->text);

	l->owned_symbols = symbols;
	l->symbols = symbols;
	for (size_t i = 0; i < text.n;)
		seen[utf8_next(text, &i)] = true; /* is_word let no greater one in */
	for (uint32_t scalar = 0; scalar < 0x250; scalar++) {
		struct symbol *s = &symbols[l->n_symbols];
		_buf_ struct buf folded = {0};

		if (!seen[scalar])
			continue;
		if (l->n_symbols == LEXICON_SYMBOLS_MAX)
			return error_set(e, -E2BIG, "dictionnaire : plus de %u lettres différentes",
				LEXICON_SYMBOLS_MAX);
		s->n_plain = (uint8_t)utf8_put(s->plain, scalar);
		plain_fold(c->d->plain, &folded, (struct slice){s->plain, s->n_plain});
		if (!folded.n || folded.n > SYMBOL_TEXT) { /* nothing to fold it to: itself */
			folded.n = 0;
			buf_add(&folded, s->plain, s->n_plain);
		}
		memcpy(s->folded, folded.p, folded.n);
		s->n_folded = (uint8_t)folded.n;
		l->n_symbols++;
	}
	return 0;
}

/* The nodes on the way to the last word are open; below them all is frozen. */
struct builder {
	uint32_t open[LEXICON_WORD_MAX + 1][LEXICON_SYMBOLS_MAX + 1];
	uint32_t n_open[LEXICON_WORD_MAX + 1];
	uint8_t last[LEXICON_WORD_MAX];
	size_t n_last;
	uint32_t *edges;
	uint32_t n_edges, cap_edges;
	uint32_t *slots; /* frozen nodes by content */
	size_t n_slots, n_nodes;
};

static uint64_t node_hash(const uint32_t *edges, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++)
		h = (h ^ edges[i]) * UINT64_C(0x9E3779B97F4A7C15), h ^= h >> 29;
	return h;
}

static uint32_t node_length(const uint32_t *edges, uint32_t node)
{
	uint32_t n = 1;

	while (!EDGE_LAST(edges[node + n - 1]))
		n++;
	return n;
}

static void grow_slots(struct builder *b)
{
	uint32_t *old = b->slots;
	size_t n_old = b->n_slots;

	b->n_slots *= 2;
	b->slots = xcalloc(b->n_slots, sizeof(*b->slots));
	for (size_t i = 0; i < n_old; i++) {
		size_t at;

		if (!old[i])
			continue;
		at = node_hash(b->edges + old[i], node_length(b->edges, old[i]));
		for (at &= b->n_slots - 1; b->slots[at];)
			at = (at + 1) & (b->n_slots - 1);
		b->slots[at] = old[i];
	}
	free(old);
}

/* Closes the open node of this depth: the place of an equal one, or of itself; 0 without edges; UINT32_MAX when full. */
static uint32_t freeze(struct builder *b, size_t depth)
{
	uint32_t *open = b->open[depth], n = b->n_open[depth];
	size_t at;

	b->n_open[depth] = 0;
	if (!n)
		return 0;
	open[n - 1] |= 1u << 22;
	for (at = node_hash(open, n) & (b->n_slots - 1); b->slots[at];
		at = (at + 1) & (b->n_slots - 1))
		if (node_length(b->edges, b->slots[at]) == n &&
			memcmp(b->edges + b->slots[at], open, n * sizeof(*open)) == 0)
			return b->slots[at];
	if (b->n_edges + n > LEXICON_EDGES_MAX)
		return UINT32_MAX;
	while (b->n_edges + n > b->cap_edges) {
		b->cap_edges *= 2;
		b->edges = xreallocarray(b->edges, b->cap_edges, sizeof(*b->edges));
	}
	memcpy(b->edges + b->n_edges, open, n * sizeof(*open));
	b->slots[at] = b->n_edges;
	b->n_edges += n;
	if (++b->n_nodes * 2 > b->n_slots)
		grow_slots(b);
	return b->n_edges - n;
}

/* Freezes what lies below this depth. */
static int freeze_below(struct builder *b, size_t depth)
{
	for (size_t i = b->n_last; i > depth; i--) {
		uint32_t node = freeze(b, i);

		if (node == UINT32_MAX)
			return -E2BIG;
		b->open[i - 1][b->n_open[i - 1] - 1] |= node;
	}
	return 0;
}

/* Words come sorted, each once. */
static int add_word(struct builder *b, const uint8_t *word, size_t n)
{
	size_t same = 0;

	while (same < n && same < b->n_last && word[same] == b->last[same])
		same++;
	if (freeze_below(b, same) < 0)
		return -E2BIG;
	for (size_t i = same; i < n; i++)
		b->open[i][b->n_open[i]++] = (uint32_t)word[i] << 24 | (i + 1 == n ? 1u << 23 : 0);
	memcpy(b->last + same, word + same, n - same);
	b->n_last = n;
	return 0;
}

static int add_words(struct lexicon *l, struct builder *b, const struct collector *c)
{
	uint8_t symbol_of[0x250] = {0}, symbols[LEXICON_WORD_MAX];
	struct slice before = {0};

	for (uint32_t i = 0; i < l->n_symbols; i++) {
		size_t at = 0;

		symbol_of[utf8_next((struct slice){l->symbols[i].plain, l->symbols[i].n_plain},
			&at)] = (uint8_t)(i + 1);
	}
	for (size_t i = 0; i < c->n; i++) {
		struct slice word = {c->text.p + c->words[i].at, c->words[i].n};
		size_t n = 0;

		if (slice_equal(word, before))
			continue;
		before = word;
		for (size_t at = 0; at < word.n;)
			symbols[n++] = symbol_of[utf8_next(word, &at)];
		if (add_word(b, symbols, n) < 0)
			return -E2BIG;
		l->n_words++;
	}
	if (freeze_below(b, 0) < 0)
		return -E2BIG;
	l->root = freeze(b, 0);
	return l->root == UINT32_MAX ? -E2BIG : 0;
}

static int build(struct lexicon *l, const struct collector *c, struct error *e)
{
	_free_ struct builder *b = xcalloc(1, sizeof(*b));
	int error;

	b->cap_edges = 1 << 14;
	b->edges = xcalloc(b->cap_edges, sizeof(*b->edges));
	b->n_edges = 1;
	b->n_slots = 1 << 14;
	b->slots = xcalloc(b->n_slots, sizeof(*b->slots));
	error = add_words(l, b, c);
	free(b->slots);
	l->owned_edges = b->edges;
	l->edges = b->edges;
	l->n_edges = b->n_edges;
	if (error < 0)
		return error_set(e, error, "dictionnaire : trop de formes différentes");
	return 0;
}

int lexicon_build(struct lexicon *l, const struct dict *d, struct error *e)
{
	struct collector c = {.d = d};
	struct lexicon made = {0};
	size_t work = 0;
	int error = 0;

	buf_reserve(&c.text, 64 * d->n_entries + 1); /* near what French needs */
	for (size_t i = 1; i < d->n_entries && work <= WORK_MAX; i++)
		work += expand_entry(d, &d->entries[i], collect, &c);
	if (work > WORK_MAX || c.n == FORMS_MAX)
		error = error_set(e, -E2BIG, "dictionnaire : trop de formes");
	if (error == 0)
		error = make_symbols(&made, &c, e);
	if (error == 0)
		sort_words(&c);
	if (error == 0)
		error = build(&made, &c, e);
	free(c.words);
	buf_release(&c.text);
	if (error < 0) {
		lexicon_release(&made);
		return error;
	}
	lexicon_check(&made); /* also fills in what is not stored */
	*l = made;
	return 0;
}
