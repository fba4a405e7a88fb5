/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in a folded view something may be hidden: one look at 48 bytes at a time, too eager but never blind to
 * what squeeze.c and masks.c undo. Ordinary text has a place or none. */
#ifndef TEXT_SUSPECTS_H
#define TEXT_SUSPECTS_H
#include <tocsin/base/slice.h>
#include <stdint.h>

/* Bytes in one look, and bytes of the one before that it remembers: a bit each in 64. */
#define SUSPECTS_STEP 48u
#define SUSPECTS_LAST 4u

/* The looks that a text of n bytes takes. */
static inline size_t suspects_looks(size_t n)
{
	return n / SUSPECTS_STEP + 1;
}
/* folded has TEXT_SLACK blanks behind its end. Fills suspects_looks() words, a bit a place; false when there is none. */
bool suspects_find(struct slice folded, uint64_t *ret_places);

struct suspects {
	const uint64_t *places;
	size_t n; /* of the text */
	size_t look;
	uint64_t found; /* of this look, still to come */
};

static inline struct suspects suspects_of(const uint64_t *places, size_t n)
{
	return (struct suspects){.places = places, .n = n, .found = *places};
}

/* The next place, in order, or the text's length when there are no more. A place is at or up to three bytes
 * around what is hidden. */
static inline size_t suspects_next(struct suspects *s)
{
	size_t at;

	while (!s->found) {
		if (s->look + 1 == suspects_looks(s->n))
			return s->n;
		s->found = s->places[++s->look];
	}
	at = s->look * SUSPECTS_STEP + (size_t)__builtin_ctzll(s->found) - SUSPECTS_LAST;
	s->found &= s->found - 1;
	return at < s->n ? at : s->n - !!s->n;
}

/* A closer look at one word [start, end) of the folded view: false when squeeze.c would leave it as it is. A word of one
 * letter may begin a row over blanks: not asked here. */
bool suspects_confirm(struct slice in, size_t start, size_t end);
#endif
