/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copied texts: a comment's four smallest hashes of neighbouring words; two texts share them with the probability of
 * their share of common runs (Broder 1997). Two of four the same: a copy. The very text again is known by itself. */
#ifndef EMERGENT_COPIES_H
#define EMERGENT_COPIES_H
#include <stdint.h>
#include "memory.h"
#include "terms.h"

struct campaign { /* of one text */
	uint32_t root; /* ordinal of its first comment */
	uint32_t last; /* of its latest */
	uint32_t messages, authors;
	uint16_t known[16]; /* authors; beyond, each message is one */
	bool told;
};

struct copies;
struct copies *copies_new(void);
struct copies *copies_free(struct copies *c);
/* The campaign of a text that was heard as it stands, letter by letter, by its hash: its words need not be looked at.
 * NULL: not known. */
struct campaign *copies_again(struct copies *c, uint64_t text, const struct moment *now);
/* The campaign that this comment copies, or NULL when it is a text of its own (and is remembered). Texts of fewer than
 * eight words are never copies. */
struct campaign *copies_find(struct copies *c, const struct word *words, size_t n, uint64_t text,
	const struct moment *now);
#endif
