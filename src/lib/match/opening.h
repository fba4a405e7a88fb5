/* SPDX-License-Identifier: GPL-3.0-or-later
 * With what the matches of expressions may begin: a look at each place of a text that says which of them are worth asking
 * for. Sixty-four expressions are looked for at once, a bit each: what they may have at a place and behind it is read from
 * tables by pairs of characters, as in Teddy (Wang et al., « Hyperscan », NSDI 2019). It errs on the side of asking. */
#ifndef MATCH_OPENING_H
#define MATCH_OPENING_H
#include "ast.h"

#define OPENING_MAX 64u /* expressions of one */

struct opening;
struct opening *opening_new(void);
struct opening *opening_free(struct opening *o); /* NULL is fine */
/* number: below OPENING_MAX. */
void opening_add(struct opening *o, unsigned number, const struct tree *t);
/* The numbers of those that may match somewhere in the view, a bit each. */
uint64_t opening_find(const struct opening *o, struct slice view);
#endif
