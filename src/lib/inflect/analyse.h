/* SPDX-License-Identifier: GPL-3.0-or-later
 * One word of a term: the forms that it may take beside others. */
#ifndef INFLECT_ANALYSE_H
#define INFLECT_ANALYSE_H
#include "handle.h"

#define CHOICES_MAX 48u
#define MARK_CELLS (MARK_GENDER | MARK_NUMBER)

struct choice {
	struct slice text; /* plain, in the arena */
	uint32_t marks; /* genders and numbers that it can have */
};
struct token {
	struct slice text; /* plain */
	struct slice
		before; /* what separates it from the one before: blank, hyphen, apostrophe, nothing */
	struct choice choices[CHOICES_MAX];
	size_t n;
	bool inflects; /* else it stays as it is */
	bool regular; /* by the regular rules */
	bool boundary; /* a preposition: what follows agrees on its own */
	uint32_t allowed; /* genders and numbers that it leaves to those beside it */
};
/* Fills in the rest of a token whose texts are set. alone: the term is this word. may_guess: regular rules for what no
 * dictionary knows. */
void analyse(struct inflect *i, struct token *t, struct arena *arena, bool alone, bool may_guess);
/* True when the dictionary knows this plain word, in any form. */
bool is_known(struct inflect *i, struct slice plain);
#endif
