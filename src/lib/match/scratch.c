/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "cover.h"
#include "set.h"

struct match_scratch *match_scratch_new(const struct match_set *set)
{
	struct match_scratch *s = xcalloc(1, sizeof(*s));

	s->set = set;
	s->views = s->own = text_views_new();
	if (set->guesses)
		s->spelled = text_views_new();
	s->n_words = (set->n_owners + 63) / 64;
	s->atom_words = (set->n_atoms + 63) / 64;
	s->found = xcalloc(s->atom_words + 1, sizeof(*s->found));
	s->found_besides = xcalloc(s->atom_words + 1, sizeof(*s->found_besides));
	s->owners = xcalloc(s->n_words + 1, sizeof(*s->owners));
	s->cover = cover_scratch_new();
	matcher_init(&s->matcher);
	if (set->scanner && hs_alloc_scratch(set->scanner, &s->scratch) != HS_SUCCESS)
		abort(); /* out of memory, as in xmalloc */
	return s;
}

struct match_scratch *match_scratch_free(struct match_scratch *s)
{
	if (!s)
		return NULL;
	hs_free_scratch(s->scratch);
	cover_scratch_free(s->cover);
	matcher_release(&s->matcher);
	text_views_free(s->own);
	text_views_free(s->spelled);
	buf_release(&s->flat);
	buf_release(&s->gist);
	free(s->places);
	free(s->finds);
	free(s->told);
	free(s->found);
	free(s->found_besides);
	free(s->taken);
	free(s->masked);
	free(s->repairs);
	free(s->owners);
	free(s);
	return NULL;
}

/* max_hits belongs to the text, not to the longest one before: the same text has the same hits. */
void scratch_begin(struct match_scratch *s)
{
	size_t max = s->folded.n > MATCH_HITS_MAX ? s->folded.n : MATCH_HITS_MAX;

	if (max > s->cap_finds) {
		s->cap_finds = max;
		s->finds = xreallocarray(s->finds, max, sizeof(*s->finds));
		s->taken = xreallocarray(s->taken, max / 64 + 1, sizeof(*s->taken));
	}
	s->widths[TEXT_PLAIN] = s->widths[TEXT_FOLDED] = WIDTH_UNKNOWN;
	s->max_hits = (uint32_t)max;
	s->n_hits = 0;
	s->n_finds = s->n_told = s->n_repairs = 0;
	memset(s->served, 0, sizeof(s->served));
	memset(s->found, 0, s->atom_words * sizeof(*s->found));
	memset(s->found_besides, 0, s->atom_words * sizeof(*s->found_besides));
	memset(s->owners, 0, s->n_words * sizeof(*s->owners));
	memset(s->taken, 0, (s->folded.n / 64 + 1) * sizeof(*s->taken));
}

/* The bits of [start, end) that are in the word of `start`; *end_of: up to where that is. */
static uint64_t bits_from(size_t start, size_t end, size_t *end_of)
{
	size_t stop = (start / 64 + 1) * 64;

	*end_of = end < stop ? end : stop;
	return ~UINT64_C(0) >> (64 - (*end_of - start)) << start % 64;
}

void take_bytes(struct match_scratch *s, size_t start, size_t end)
{
	for (size_t at = start, next; at < end; at = next)
		s->taken[at / 64] |= bits_from(at, end, &next);
}

bool is_taken(const struct match_scratch *s, size_t start, size_t end)
{
	for (size_t at = start, next; at < end; at = next)
		if (s->taken[at / 64] & bits_from(at, end, &next))
			return true;
	return false;
}
