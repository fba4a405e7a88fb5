/* SPDX-License-Identifier: GPL-3.0-or-later
 * The literals of which every term stands at a border on its left: looked up where words begin, so that the forms of a
 * thousand verbs are sorted, and not compiled. The list is sorted by bytes, and the first two are a table. Every one
 * that the text begins with is also the beginning of the last one that is not behind the text: that one is found by
 * bisection, and it knows what it begins with. */
#include "builder.h"
#include "scratch.h"

enum { HEAD = 2, HEADS = 1 << 16 };

static unsigned head_of(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

bool is_start(const struct match_set *s, uint32_t literal)
{
	return s->gates[literal].left && s->gates[literal].length >= HEAD;
}

static uint64_t key_of(const char *p, size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < sizeof(key); i++)
		key = key << 8 | (i < n ? (unsigned char)p[i] : 0);
	return key;
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

/* What each one begins with: what it does not begin with cannot be the beginning of a later one either. */
static void find_inner(struct match_set *s)
{
	for (size_t i = 1; i < s->n_starts; i++) {
		struct slice text = {s->starts[i].text, s->starts[i].length};
		uint32_t inner = (uint32_t)i;

		while (inner && !begins(text, s->starts[i].key, &s->starts[inner - 1]))
			inner = s->starts[inner - 1].inner;
		s->starts[i].inner = inner;
	}
}

void lay_out_starts(struct match_set *s)
{
	size_t at = 0;

	s->starts = arena_alloc(&s->arena, (s->n_literals + 1) * sizeof(*s->starts));
	s->n_starts = 0;
	for (uint32_t i = 0; i < s->n_literals; i++)
		if (is_start(s, i))
			s->starts[s->n_starts++] =
				(struct start){key_of(s->literals[i].text, s->gates[i].length),
					s->literals[i].text, i, s->gates[i].length, 0};
	if (!s->n_starts)
		return;
	find_inner(s);
	s->heads = arena_alloc(&s->arena, (HEADS + 1) * sizeof(*s->heads));
	for (unsigned head = 0; head <= HEADS; head++) {
		while (at < s->n_starts && head_of(s->starts[at].text) < head)
			at++;
		s->heads[head] = (uint32_t)at;
	}
}

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

void find_starts(const struct match_set *s, struct slice text, size_t at, start_fn *fn, void *user)
{
	struct slice rest = {text.p + at, text.n - at};
	uint32_t found[MATCH_TERM_MAX], n = 0, low, high, first;
	uint64_t key;

	if (!s->n_starts || rest.n < HEAD)
		return;
	first = low = s->heads[head_of(rest.p)];
	high = s->heads[head_of(rest.p) + 1];
	if (low == high)
		return;
	key = key_of(rest.p, rest.n);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (is_behind(&s->starts[middle], rest, key))
			high = middle;
		else
			low = middle + 1;
	}
	/* low is 1 + the last one that is not behind; those before `first` begin otherwise */
	for (uint32_t i = low; i > first; i = s->starts[i - 1].inner) {
		if (!begins(rest, key, &s->starts[i - 1]))
			continue;
		if (n < MATCH_TERM_MAX)
			found[n++] = i - 1;
		else
			fn(user, s->starts[i - 1].literal, at + s->starts[i - 1].length);
	}
	while (n--) /* the shortest first */
		fn(user, s->starts[found[n]].literal, at + s->starts[found[n]].length);
}
