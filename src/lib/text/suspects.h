/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in a folded view something may be hidden: one look at 48 bytes at a time, too eager but never blind to
 * what squeeze.c and masks.c undo. Ordinary text has a place or none. */
#ifndef TEXT_SUSPECTS_H
#define TEXT_SUSPECTS_H
#include <tocsin/base/slice.h>
#include <stdint.h>

struct suspects {
	struct slice in; /* with TEXT_SLACK blanks behind its end */
	size_t base; /* of the next bytes to look at */
	uint64_t
		found; /* bits of the places of the last ones, the lowest at `base` less STEP and LAST */
	uint64_t letters, signs, odds, hyphens, alone, same; /* the LAST bytes, each class */
};

static inline struct suspects suspects_of(struct slice folded)
{
	return (struct suspects){.in = folded};
}
/* The next place, in order, or the text's length when there are no more. A place is at or up to three bytes
 * around what is hidden. */
size_t suspects_next(struct suspects *s);
/* A closer look at one word [start, end) of the folded view: false when squeeze.c would leave it as it is. A word of one
 * letter may begin a row over blanks: not asked here. */
bool suspects_confirm(struct slice in, size_t start, size_t end);
#endif
