/* SPDX-License-Identifier: GPL-3.0-or-later
 * Atoms that ask for the same terms are one: thirty rules that look for a determiner beside something find it once.
 * The first one of them has the terms and wakes the owners of all. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>

#include "builder.h"

/* The terms of an atom, in the order of the uses. */
struct list {
	uint32_t atom, first, n; /* in lists.terms */
	uint64_t hash;
};

struct lists {
	struct list *list; /* one an atom */
	uint32_t *terms;
};

static bool is_again(const struct use *uses, size_t i)
{
	return i && uses[i].want == uses[i - 1].want && uses[i].atom == uses[i - 1].atom;
}

static void gather(const struct match_builder *b, struct lists *l)
{
	uint32_t first = 0;

	for (size_t i = 0; i < b->n_uses; i++)
		l->list[b->uses[i].atom].n += !is_again(b->uses, i);
	for (uint32_t a = 0; a < b->set->n_atoms; a++) {
		l->list[a].atom = a;
		l->list[a].first = first;
		first += l->list[a].n;
		l->list[a].n = 0;
	}
	for (size_t i = 0; i < b->n_uses; i++) {
		struct list *list = &l->list[b->uses[i].atom];
		uint32_t term = b->uses[i].want;

		if (is_again(b->uses, i))
			continue;
		l->terms[list->first + list->n++] = term;
		list->hash = (list->hash ^ term) * UINT64_C(0x9e3779b97f4a7c15);
	}
}

/* Those that may be the same side by side, the first atom first. */
static int compare_lists(const void *a, const void *b)
{
	const struct list *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->atom > y->atom) - (x->atom < y->atom);
}

static bool is_same(const struct match_set *s, const struct lists *l, const struct list *a,
	const struct list *b)
{
	return a->n == b->n && s->atoms[a->atom].regex < 0 && s->atoms[b->atom].regex < 0 &&
		memcmp(l->terms + a->first, l->terms + b->first, a->n * sizeof(*l->terms)) == 0;
}

/* Atoms that are the same in a row of l->list; each finds the owners of its row. */
static void unite(struct match_set *s, const struct lists *l)
{
	size_t n = 0;

	s->owners = arena_alloc(&s->arena, (s->n_atoms + 1) * sizeof(*s->owners));
	for (size_t i = 0, next; i < s->n_atoms; i = next) {
		struct atom *first = &s->atoms[l->list[i].atom];

		first->first_owner = (uint32_t)n;
		for (next = i; next < s->n_atoms &&
			(next == i || is_same(s, l, &l->list[i], &l->list[next]));
			next++) {
			struct atom *atom = &s->atoms[l->list[next].atom];

			atom->same = l->list[i].atom;
			if (atom->owner != MATCH_NOBODY)
				s->owners[n++] = atom->owner;
		}
		first->n_owners = (uint32_t)n - first->first_owner;
	}
}

void share_atoms(struct match_builder *b)
{
	struct match_set *s = b->set;
	_free_ struct list *list = xcalloc(s->n_atoms + 1, sizeof(*list));
	_free_ uint32_t *terms = xlarge_zero(b->n_uses + 1, sizeof(*terms));
	struct lists l = {list, terms};
	size_t n = 0;

	gather(b, &l);
	qsort(list, s->n_atoms, sizeof(*list), compare_lists);
	unite(s, &l);
	for (size_t i = 0; i < b->n_uses; i++)
		if (s->atoms[b->uses[i].atom].same == b->uses[i].atom)
			b->uses[n++] = b->uses[i];
	b->n_uses = n;
}
