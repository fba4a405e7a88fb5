/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was found in a text. A find serves all atoms of its term at once: « les » is in a hundred lists, and few of them
 * are ever asked for. So a find is kept once, each of its atoms costs a bit, and an atom's hits are picked out of the
 * finds when somebody asks for them. */
#include <tocsin/base/alloc.h>

#include "scratch.h"

static void wake(struct match_scratch *s, uint32_t atom)
{
	const struct atom *of = &s->set->atoms[atom];
	const uint32_t *owners = s->set->owners + of->first_owner;

	for (uint32_t i = 0; i < of->n_owners; i++)
		s->owners[owners[i] / 64] |= UINT64_C(1) << (owners[i] % 64);
}

static void set_bits(uint64_t *bits, const uint32_t *atoms, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		bits[atoms[i] / 64] |= UINT64_C(1) << atoms[i] % 64;
}

bool serves(const struct match_scratch *s, struct served served, uint32_t atom)
{
	const uint32_t *atoms = s->set->term_atoms + served.first;

	if (atom < atoms[0] || atom > atoms[served.n - 1])
		return false;
	while (*atoms < atom)
		atoms++;
	return *atoms == atom;
}

void add_find(
	struct match_scratch *s, struct served atoms, size_t start, size_t end, enum match_by by)
{
	struct match_span span = {(uint32_t)start, (uint32_t)end, by != MATCH_BY_TEXT, (uint8_t)by};
	const uint32_t *list = s->set->term_atoms + atoms.first;
	uint32_t left = s->max_hits - s->n_hits, kept = atoms.n < left ? atoms.n : left;
	uint32_t *told = &s->served[atoms.first % SERVED_LAST];

	s->limited |= kept < atoms.n;
	if (*told != atoms.first + 1) {
		set_bits(s->found, list, kept);
		for (uint32_t i = kept; i < atoms.n; i++)
			wake(s, list[i]);
		*told = atoms.first + 1;
	}
	if (!kept)
		return;
	s->n_hits += kept;
	s->finds[s->n_finds++] = (struct find){span, {atoms.first, kept}};
	take_bytes(s, start, end);
}

void announce(struct match_scratch *s, const struct term *term, size_t end)
{
	if (term->flags & TERM_BESIDES) {
		set_bits(s->found_besides, s->set->term_atoms + term->first_atom, term->n_atoms);
		return;
	}
	set_bits(s->found, s->set->term_atoms + term->first_atom, term->n_atoms);
	s->told = xgrow(s->told, s->n_told, &s->cap_told, sizeof(*s->told));
	s->told[s->n_told++] = (struct told){(uint32_t)end, served_by(term)};
}

void announce_all(struct match_scratch *s, uint32_t atom)
{
	set_bits(s->found, &atom, 1);
}

void wake_owners(struct match_scratch *s)
{
	for (size_t w = 0; w < s->atom_words; w++) {
		uint64_t bits;

		s->found[w] &= s->found_besides[w] | ~s->set->besides[w];
		for (bits = s->found[w] & s->set->waking[w]; bits; bits &= bits - 1)
			wake(s, (uint32_t)(64 * w + (size_t)__builtin_ctzll(bits)));
	}
}

void told_between(
	const struct match_scratch *s, uint32_t atom, uint32_t *ret_first, uint32_t *ret_last)
{
	*ret_first = UINT32_MAX;
	*ret_last = 0;
	for (size_t i = 0; i < s->n_told; i++) {
		uint32_t end = s->told[i].end;

		if (!serves(s, s->told[i].atoms, atom))
			continue;
		*ret_first = end < *ret_first ? end : *ret_first;
		*ret_last = end > *ret_last ? end : *ret_last;
	}
}
