/* SPDX-License-Identifier: GPL-3.0-or-later
 * The literals of which every term stands at a border on its left: looked up where words begin, so that the forms of a
 * thousand verbs are sorted, and not compiled. Every one that the text begins with is also the beginning of the last one
 * that is not behind the text in the order of bytes: that one is found by bisection, and it knows what it begins with.
 *
 * A letter that is a word by itself is found by it. Of the others there are three lists. Most literals are a word, or have a second one behind it: they are in rows under the hash of
 * these words (« words »), and a word of the text that begins none of them costs a bit. The few that may go on inside
 * their first word (« open »), and for a text of glued words all literals (« all »), are looked up by their first two
 * bytes. */
#include <assert.h>
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

/* One bit for at least so many literals, so that few words of a text are there by chance. */
enum { BITS_FEWEST = 1 << 12, BITS_MOST = 1 << 18, BITS_A_LITERAL = 32 };

static uint64_t *make_seen(struct arena *a, size_t n, size_t *ret_mask)
{
	size_t bits = BITS_FEWEST;

	while (bits < BITS_MOST && bits < BITS_A_LITERAL * n)
		bits *= 2;
	*ret_mask = bits - 1;
	return arena_zero(a, bits / 8);
}

/* Of the first n bytes of a key, four at most: those that the shortest literals have are known by two or three. */
static inline size_t first_bit(const struct starts *s, uint64_t key, unsigned n)
{
	return ((key >> (64 - 8 * n)) + n) * UINT64_C(0x9e3779b97f4a7c15) >> 40 & s->seen_mask;
}

static inline bool has_first(const struct starts *s, uint64_t key, unsigned n)
{
	size_t bit = first_bit(s, key, n);

	return s->seen[bit / 64] >> bit % 64 & 1;
}

/* False: no literal begins with what the key does. */
static inline bool may_begin(const struct starts *s, uint64_t key)
{
	return has_first(s, key, 4) | has_first(s, key, 3) | has_first(s, key, 2);
}

static void see_firsts(struct arena *a, struct starts *s)
{
	s->seen = make_seen(a, s->n, &s->seen_mask);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t length = s->list[i].length;
		size_t bit = first_bit(s, s->list[i].key, length < 4 ? length : 4);

		s->seen[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static void find_heads(struct arena *a, struct starts *s)
{
	size_t at = 0;

	if (!s->n)
		return;
	see_firsts(a, s);
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

/* In the bits of a hash: some literal begins with this word and has another one behind it. */
#define PAIRED UINT64_C(0x9e3779b900000000)

static inline size_t seen_bit(const struct start_words *w, uint64_t hash)
{
	return hash >> 32 & w->seen_mask;
}

static inline bool is_seen(const struct start_words *w, uint64_t hash)
{
	size_t bit = seen_bit(w, hash);

	return w->seen[bit / 64] >> bit % 64 & 1;
}

static void see(struct start_words *w, uint64_t hash)
{
	size_t bit = seen_bit(w, hash);

	w->seen[bit / 64] |= UINT64_C(1) << bit % 64;
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
static uint64_t hash_of(struct match_set *s, const struct start *start)
{
	struct slice first = whole_word(s, start, 0), second = {0};
	uint64_t hash = wordhash(first);

	if (!first.n)
		return 0;
	if (first.n < start->length)
		second = whole_word(s, start, first.n + 1);
	if (!second.n)
		return hash;
	see(&s->words, hash ^ PAIRED);
	return pair_hash(hash, start->text[first.n], wordhash(second));
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
	see(w, hash);
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
	w->seen = make_seen(&s->arena, s->all.n, &w->seen_mask);
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

/* Those of list[first..high) that the rest of the text from `at` on begins with; key: of it. */
static void find_in(const struct start *list, uint32_t first, uint32_t high, struct slice rest,
	uint64_t key, size_t at, struct start_call call)
{
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

static inline void find_by_head(
	const struct starts *s, struct slice text, size_t at, struct start_call call)
{
	const struct slice rest = {text.p + at, text.n - at};
	const uint32_t *heads;
	uint64_t key;

	if (!s->n || rest.n < HEAD)
		return;
	key = key_of(rest.p, rest.n);
	if (!may_begin(s, key))
		return;
	heads = s->heads + head_of(rest.p);
	if (heads[0] < heads[1])
		find_in(s->list, heads[0], heads[1], rest, key, at, call);
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
	if (!is_seen(w, hash))
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
		const struct slice rest = {text.p + list[i].at, text.n - list[i].at};

		if (row->n)
			find_in(w->list, row->first, row->first + row->n, rest,
				key_of(rest.p, rest.n), list[i].at, call);
	}
}

/* A look at a part of the text: a bit for each byte that is a letter or figure. */
struct window {
	size_t at;
	uint64_t bits;
};
enum { WINDOW = 4 * LANES };

static_assert(WINDOW <= TEXT_SLACK, "a look may read beyond the text");

static struct window look_at(struct slice text, size_t at)
{
	struct window w = {at, 0};

	for (unsigned i = 0; i < WINDOW; i += LANES) {
		lanes v = lanes_load(text.p + at + i);

		w.bits |= (uint64_t)lanes_bits(lanes_range(v, 'a', 'z') | lanes_range(v, '0', '9'))
			<< i;
	}
	return w;
}

/* Letters and figures of the text, maybe none. */
struct word {
	size_t at, end;
	uint64_t hash;
};

static inline struct word word_at(struct slice text, size_t at, struct window *w)
{
	size_t end = at, from = at - w->at; /* in the window */
	uint64_t others = from < WINDOW ? ~(w->bits >> from) : 0;

	if (at >= text.n)
		return (struct word){at, at, 0};
	/* those behind the window look like others */
	if (!others || from + (size_t)__builtin_ctzll(others) >= WINDOW)
		for (others = 0; !others; end += others ? 0 : WINDOW) {
			*w = look_at(text, end);
			others = ~w->bits;
		}
	end += (size_t)__builtin_ctzll(others);
	return (struct word){at, end, wordhash_fast(text.p + at, end - at)};
}

void find_word_starts(const struct match_set *s, struct slice text, struct start_call call)
{
	struct asked asked[ASKED_MAX];
	struct window window;
	struct word w, next;
	size_t n = 0;

	if (!text.n)
		return;
	window = look_at(text, 0);
	for (w = word_at(text, 0, &window); w.at < text.n; w = next) {
		next = word_at(text, w.end + 1, &window);
		find_by_head(&s->open, text, w.at, call);
		if (w.at == w.end)
			continue;
		if (w.end == w.at + 1)
			find_single(s, text, w.at, call);
		n = ask(&s->words, w.hash, w.at, asked, n);
		if (next.at < next.end && is_seen(&s->words, w.hash ^ PAIRED))
			n = ask(&s->words, pair_hash(w.hash, text.p[w.end], next.hash), w.at, asked,
				n);
		if (n > ASKED_MAX - 2) {
			answer(&s->words, asked, n, text, call);
			n = 0;
		}
	}
	answer(&s->words, asked, n, text, call);
}
