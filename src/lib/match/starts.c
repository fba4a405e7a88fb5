/* SPDX-License-Identifier: GPL-3.0-or-later
 * The literals of which every term stands at a border on its left: looked up where words begin, so that the forms of a
 * thousand verbs are sorted, and not compiled. Every one that the text begins with is also the beginning of the last one
 * that is not behind the text in the order of bytes: that one is found by bisection, and it knows what it begins with.
 *
 * A letter that is a word by itself is found by it. Of the others there are three lists. Most literals are a word, or have a second one behind it: they are in rows under the hash of
 * these words (« words »), and a word of the text that begins none of them costs a bit. The few that may go on inside
 * their first word (« open »), and for a text of glued words all literals (« all »), are looked up by their first two
 * bytes. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/lanes.h>
#include <tocsin/base/wordhash.h>

#include "builder.h"
#include "scratch.h"

enum { HEAD = 2, HEADS = 1 << 16 };

static unsigned head_of(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

/* A letter or figure that is a word by itself: these are looked up by it. */
static bool is_single(const struct match_set *s, uint32_t literal)
{
	const struct gate *gate = &s->gates[literal];

	return gate->left && gate->right && gate->length == 1 &&
		is_figure_or_letter(*s->literals[literal].text);
}

bool is_start(const struct match_set *s, uint32_t literal)
{
	return (s->gates[literal].left && s->gates[literal].length >= HEAD) ||
		is_single(s, literal);
}

/* Eight bytes are there to be read; those behind the first n count as zeros. */
static uint64_t key_of(const char *p, size_t n)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	bytes = wordhash_cut(bytes, n);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return bytes;
}

uint64_t literal_key(struct slice text)
{
	char bytes[sizeof(uint64_t)] = {0};

	memcpy(bytes, text.p, text.n < sizeof(bytes) ? text.n : sizeof(bytes));
	return key_of(bytes, sizeof(bytes));
}

/* key: of the text */
static bool begins(struct slice text, uint64_t key, const struct start *s)
{
	if (s->length > text.n)
		return false;
	if (s->length <= sizeof(key))
		return (key ^ s->key) >> (8 * (sizeof(key) - s->length)) == 0;
	return key == s->key && memcmp(text.p, s->text, s->length) == 0;
}

/* --- laying out */

/* What each one begins with: what it does not begin with cannot be the beginning of a later one either. */
static void find_inner(struct start *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct slice text = {list[i].text, list[i].length};
		uint32_t inner = (uint32_t)i;

		while (inner && !begins(text, list[i].key, &list[inner - 1]))
			inner = list[inner - 1].inner;
		list[i].inner = inner;
	}
}

static void find_heads(struct arena *a, struct starts *s)
{
	size_t at = 0;

	if (!s->n)
		return;
	s->heads = arena_alloc(a, (HEADS + 1) * sizeof(*s->heads));
	for (unsigned head = 0; head <= HEADS; head++) {
		while (at < s->n && head_of(s->list[at].text) < head)
			at++;
		s->heads[head] = (uint32_t)at;
	}
}

/* Two words with a byte between them. */
static uint64_t pair_hash(uint64_t first, char between, uint64_t second)
{
	return wordhash_end(wordhash_step(wordhash_step(first, (unsigned char)between), second));
}

/* The letters and figures at `at`; empty: none, or those of a text that it begins may be more. */
static struct slice whole_word(const struct match_set *s, const struct start *start, size_t at)
{
	size_t end = at;

	while (end < start->length && is_figure_or_letter(start->text[end]))
		end++;
	if (end >= start->length && !s->gates[start->literal].right)
		end = at;
	return (struct slice){start->text + at, end - at};
}

/* By its first two words, or its first; 0: it is an open one. */
static uint64_t hash_of(const struct match_set *s, const struct start *start)
{
	struct slice first = whole_word(s, start, 0), second = {0};
	uint64_t hash = wordhash(first);

	if (!first.n)
		return 0;
	if (first.n < start->length)
		second = whole_word(s, start, first.n + 1);
	return second.n ? pair_hash(hash, start->text[first.n], wordhash(second)) : hash;
}

static struct start_row *row_of(const struct start_words *w, uint64_t hash)
{
	size_t i = hash & (w->cap - 1);

	while (w->rows[i].hash && w->rows[i].hash != hash)
		i = (i + 1) & (w->cap - 1);
	return &w->rows[i];
}

static void count(struct start_words *w, uint64_t hash)
{
	struct start_row *row = row_of(w, hash);

	row->hash = hash;
	row->n++;
	w->seen[start_bit(hash) / 64] |= UINT64_C(1) << start_bit(hash) % 64;
}

/* Gives each row as many places as it counted, and forgets the count. */
static void place_rows(struct start_words *w)
{
	uint32_t first = 0;

	for (size_t i = 0; i < w->cap; i++) {
		w->rows[i].first = first;
		first += w->rows[i].n;
		w->rows[i].n = 0;
	}
}

/* The rows keep the order of `all`: by bytes. */
static void lay_out_words(struct match_set *s)
{
	struct start_words *w = &s->words;
	_free_ uint64_t *hashes = xcalloc(s->all.n + 1, sizeof(*hashes));
	size_t n_open = 0;

	for (w->cap = 64; w->cap < s->all.n + s->all.n / 2;)
		w->cap *= 2;
	w->rows = arena_zero(&s->arena, w->cap * sizeof(*w->rows));
	w->seen = arena_zero(&s->arena, START_BITS / 8);
	for (size_t i = 0; i < s->all.n; i++) {
		hashes[i] = hash_of(s, &s->all.list[i]);
		if (hashes[i])
			count(w, hashes[i]);
		else
			s->open.n++;
	}
	w->list = arena_alloc(&s->arena, (s->all.n - s->open.n + 1) * sizeof(*w->list));
	s->open.list = arena_alloc(&s->arena, (s->open.n + 1) * sizeof(*s->open.list));
	place_rows(w);
	for (size_t i = 0; i < s->all.n; i++) {
		struct start_row *row = hashes[i] ? row_of(w, hashes[i]) : NULL;

		if (row)
			w->list[row->first + row->n++] = s->all.list[i];
		else
			s->open.list[n_open++] = s->all.list[i];
	}
	find_inner(w->list, s->all.n - s->open.n);
}

void lay_out_starts(struct match_set *s)
{
	s->all.list = arena_alloc(&s->arena, (s->n_literals + 1) * sizeof(*s->all.list));
	for (uint32_t i = 0; i < s->n_literals; i++)
		if (is_single(s, i)) {
			s->singles[(unsigned char)*s->literals[i].text] = i + 1;
		} else if (is_start(s, i)) {
			struct slice text = {s->literals[i].text, s->gates[i].length};

			s->all.list[s->all.n++] =
				(struct start){literal_key(text), text.p, i, s->gates[i].length, 0};
		}
	find_inner(s->all.list, s->all.n);
	find_heads(&s->arena, &s->all);
	lay_out_words(s);
	find_inner(s->open.list, s->open.n);
	find_heads(&s->arena, &s->open);
}

/* --- finding */

/* True when a literal stands behind the text in the order of bytes. */
static bool is_behind(const struct start *s, struct slice text, uint64_t key)
{
	size_t n = s->length < text.n ? s->length : text.n;
	int c;

	if (s->key != key)
		return s->key > key;
	c = n > sizeof(key) ? memcmp(s->text + sizeof(key), text.p + sizeof(key), n - sizeof(key))
			    : 0;
	return c ? c > 0 : s->length > text.n;
}

/* Those of list[first..high) that the text begins with at `at`. */
static void find_in(const struct start *list, uint32_t first, uint32_t high, struct slice text,
	size_t at, struct start_call call)
{
	struct slice rest = {text.p + at, text.n - at};
	uint64_t key = key_of(rest.p, rest.n);
	uint32_t found[MATCH_TERM_MAX], n = 0, low = first;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (is_behind(&list[middle], rest, key))
			high = middle;
		else
			low = middle + 1;
	}
	/* low is 1 + the last one that is not behind; those before `first` begin otherwise */
	for (uint32_t i = low; i > first; i = list[i - 1].inner) {
		if (!begins(rest, key, &list[i - 1]))
			continue;
		if (n < MATCH_TERM_MAX)
			found[n++] = i - 1;
		else
			call.fn(call.user, list[i - 1].literal, at + list[i - 1].length);
	}
	while (n--) /* the shortest first */
		call.fn(call.user, list[found[n]].literal, at + list[found[n]].length);
}

static void find_by_head(
	const struct starts *s, struct slice text, size_t at, struct start_call call)
{
	const uint32_t *heads;

	if (!s->n || text.n - at < HEAD)
		return;
	heads = s->heads + head_of(text.p + at);
	if (heads[0] < heads[1])
		find_in(s->list, heads[0], heads[1], text, at, call);
}

static void find_single(
	const struct match_set *s, struct slice text, size_t at, struct start_call call)
{
	uint32_t literal = s->singles[(unsigned char)text.p[at]];

	if (literal)
		call.fn(call.user, literal - 1, at + 1);
}

void find_starts(const struct match_set *s, struct slice text, size_t at, struct start_call call)
{
	find_single(s, text, at, call);
	find_by_head(&s->all, text, at, call);
}

/* The rows and their lists are megabytes, and mostly not in the cache: many are asked for before the first one is
 * looked at. */
struct asked {
	uint64_t hash;
	size_t at; /* in the text */
	const struct start_row *row;
};
enum { ASKED_MAX = 64 };

/* Returns the new length of the list. */
static size_t ask(
	const struct start_words *w, uint64_t hash, size_t at, struct asked *list, size_t n)
{
	if (!(w->seen[start_bit(hash) / 64] >> start_bit(hash) % 64 & 1))
		return n;
	__builtin_prefetch(&w->rows[hash & (w->cap - 1)]);
	list[n] = (struct asked){hash, at, NULL};
	return n + 1;
}

static void answer(const struct start_words *w, struct asked *list, size_t n, struct slice text,
	struct start_call call)
{
	for (size_t i = 0; i < n; i++) {
		const struct start_row *row = row_of(w, list[i].hash);

		list[i].row = row;
		__builtin_prefetch(&w->list[row->first + row->n / 2]);
	}
	for (size_t i = 0; i < n; i++) {
		const struct start_row *row = list[i].row;

		if (row->n)
			find_in(w->list, row->first, row->first + row->n, text, list[i].at, call);
	}
}

/* Letters and figures of the text, maybe none. */
struct word {
	size_t at, end;
	uint64_t hash;
};

static struct word word_at(struct slice text, size_t at)
{
	struct word w = {at, at, 0};

	for (;; w.end += LANES) {
		lanes v = lanes_load(text.p + w.end);
		uint32_t bits = lanes_bits(lanes_range(v, 'a', 'z') | lanes_range(v, '0', '9'));

		if (bits != (UINT32_C(1) << LANES) - 1) {
			w.end += (size_t)__builtin_ctz(~bits);
			break;
		}
	}
	w.hash = wordhash_fast(text.p + at, w.end - at);
	return w;
}

void find_word_starts(const struct match_set *s, struct slice text, struct start_call call)
{
	struct asked asked[ASKED_MAX];
	struct word w, next;
	size_t n = 0;

	if (!text.n)
		return;
	for (w = word_at(text, 0); w.at < text.n; w = next) {
		/* at the end of the text: in its slack */
		next = word_at(text, w.end + 1);
		find_by_head(&s->open, text, w.at, call);
		if (w.at == w.end)
			continue;
		if (w.end == w.at + 1)
			find_single(s, text, w.at, call);
		n = ask(&s->words, w.hash, w.at, asked, n);
		if (next.at < next.end)
			n = ask(&s->words, pair_hash(w.hash, text.p[w.end], next.hash), w.at, asked,
				n);
		if (n > ASKED_MAX - 2) {
			answer(&s->words, asked, n, text, call);
			n = 0;
		}
	}
	answer(&s->words, asked, n, text, call);
}
