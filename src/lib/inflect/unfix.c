/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a form back to entries. Most rules add an ending that a word has not: the few others are found by their ending. */
#include "dict.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>

/* Of an ending, from its last byte on, so that a longer one goes on where a shorter one stopped. */
#define ENDING_START UINT64_C(0xcbf29ce484222325) /* FNV-1a */
static uint64_t ending_step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}

static uint64_t ending_hash(struct slice add)
{
	uint64_t hash = ENDING_START;

	for (size_t i = add.n; i-- > 0;)
		hash = ending_step(hash, add.p[i]);
	return hash;
}

static size_t slot_of(const struct suffix_index *x, uint64_t hash)
{
	return (hash ^ hash >> 32) & (x->n_slots - 1);
}

static int by_ending(const void *a, const void *b, void *rules)
{
	const uint32_t *x = a, *y = b;
	const struct rule *list = rules;
	int c = slice_compare(list[*x].add, list[*y].add);

	return c ? c : (*x > *y) - (*x < *y);
}

/* The rules that can be undone, sorted by what they add, then in the order of the file. */
static void sort_rules(struct dict *d)
{
	struct suffix_index *x = &d->suffixes;

	x->rules = xcalloc(d->n_rules + 1, sizeof(*x->rules));
	for (size_t i = 1; i < d->n_groups; i++) {
		const struct group *g = &d->groups[i];

		for (uint32_t r = g->first; !g->prefix && r < g->first + g->n; r++)
			if (!d->rules[r].off && d->rules[r].add.n <= DICT_FORM_MAX)
				x->rules[x->n++] = r;
	}
	qsort_r(x->rules, x->n, sizeof(*x->rules), by_ending, d->rules);
}

void index_suffixes(struct dict *d)
{
	struct suffix_index *x = &d->suffixes;

	sort_rules(d);
	for (x->n_slots = 16; x->n_slots < 2 * x->n;)
		x->n_slots *= 2;
	x->slots = xcalloc(x->n_slots, sizeof(*x->slots));
	for (uint32_t first = 0, end; first < x->n; first = end) {
		struct slice add = d->rules[x->rules[first]].add;
		size_t slot = slot_of(x, ending_hash(add));

		for (end = first; end < x->n && slice_equal(d->rules[x->rules[end]].add, add);)
			end++;
		while (x->slots[slot].end)
			slot = (slot + 1) & (x->n_slots - 1);
		x->slots[slot] = (struct suffix_run){first, end};
		x->longest = add.n > x->longest ? add.n : x->longest;
	}
}

/* The rules that add this; hash: of it. */
static struct suffix_run run_of(const struct dict *d, struct slice add, uint64_t hash)
{
	const struct suffix_index *x = &d->suffixes;
	size_t slot = slot_of(x, hash);

	while (x->slots[slot].end &&
		!slice_equal(d->rules[x->rules[x->slots[slot].first]].add, add))
		slot = (slot + 1) & (x->n_slots - 1);
	return x->slots[slot];
}

static void unfix_with(
	const struct dict *d, const struct rule *r, struct slice word, entry_fn *fn, void *arg)
{
	char stem[2 * DICT_FORM_MAX];
	size_t kept = word.n - r->add.n;
	struct slice base = {stem, kept + r->strip.n};

	if (r->strip.n > DICT_FORM_MAX)
		return;
	if (kept)
		memcpy(stem, word.p, kept);
	if (r->strip.n)
		memcpy(stem + kept, r->strip.p, r->strip.n);
	if (!condition_fits(r, false, base))
		return;
	for (uint32_t at = dict_find(d, base); at; at = d->entries[at].next)
		if (flags_have(d, d->entries[at].flags, r->flag))
			fn(arg, &d->entries[at]);
}

void unfix_word(const struct dict *d, struct slice word, entry_fn *fn, void *arg)
{
	const uint32_t *rules = d->suffixes.rules;
	struct suffix_run runs[DICT_FORM_MAX + 1];
	uint64_t hash = ENDING_START;
	size_t n = 0;

	if (word.n > DICT_FORM_MAX || !d->suffixes.n)
		return;
	for (size_t length = 0; length <= word.n && length <= d->suffixes.longest; length++) {
		struct slice add = {word.p + word.n - length, length};

		if (length)
			hash = ending_step(hash, *add.p);
		runs[n] = run_of(d, add, hash);
		n += runs[n].end > 0;
	}
	while (n) { /* in the order of the file */
		size_t next = 0;

		for (size_t i = 1; i < n; i++)
			if (rules[runs[i].first] < rules[runs[next].first])
				next = i;
		unfix_with(d, &d->rules[rules[runs[next].first]], word, fn, arg);
		if (++runs[next].first == runs[next].end)
			runs[next] = runs[--n];
	}
}
