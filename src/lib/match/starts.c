/* SPDX-License-Identifier: GPL-3.0-or-later
 * The literals of which every term stands at a border on its left: looked up where words begin, so that the forms of a
 * thousand verbs are sorted, and not compiled. The list is sorted by bytes; the first two are a table, and each
 * byte of the text behind them narrows the range by bisection. */
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

void lay_out_starts(struct match_set *s)
{
	size_t at = 0;

	s->starts = arena_alloc(&s->arena, (s->n_literals + 1) * sizeof(*s->starts));
	s->n_starts = 0;
	for (uint32_t i = 0; i < s->n_literals; i++)
		if (is_start(s, i))
			s->starts[s->n_starts++] =
				(struct start){s->literals[i].text, i, s->gates[i].length};
	if (!s->n_starts)
		return;
	s->heads = arena_alloc(&s->arena, (HEADS + 1) * sizeof(*s->heads));
	for (unsigned head = 0; head <= HEADS; head++) {
		while (at < s->n_starts && head_of(s->starts[at].text) < head)
			at++;
		s->heads[head] = (uint32_t)at;
	}
}

/* The first of [low, high) of which the byte at `depth` is `least` or more; all of them are longer than that. */
static uint32_t bisect(
	const struct start *list, uint32_t low, uint32_t high, uint32_t depth, unsigned least)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if ((unsigned char)list[middle].text[depth] < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void find_starts(const struct match_set *s, struct slice text, size_t at, start_fn *fn, void *user)
{
	const struct start *list = s->starts;
	unsigned head;
	uint32_t low, high;

	if (!s->n_starts || text.n - at < HEAD)
		return;
	head = head_of(text.p + at);
	low = s->heads[head];
	high = s->heads[head + 1];
	for (uint32_t depth = HEAD; low < high; depth++) {
		unsigned c;

		/* distinct and sorted: the one that ends here comes first */
		if (list[low].length == depth)
			fn(user, list[low++].literal, at + depth);
		if (low == high || at + depth == text.n)
			return;
		c = (unsigned char)text.p[at + depth];
		low = bisect(list, low, high, depth, c);
		high = bisect(list, low, high, depth, c + 1);
	}
}
