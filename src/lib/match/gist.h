/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expressions against disguise, which no literal announces: p+i+s+s+e+r+, [s5$][\W_]{0,2}[a4@][\W_]{0,2}l[\W_]{0,2}e.
 * They hold a literal all the same, in the gist of a text:
 *
 *	« P1SSSER, s @-le ! »   the text
 *	  p i s e r s a   l e i   its gist: the letters of its folded view, figures and some signs as the letters that they
 *	                      stand for, doubled ones single, all else left out
 *
 * A sign of these (@ $ ! |) may also be one that is put between letters: in the gist it is a letter that may be left out.
 * The gist of an expression is one string that the gist of every match holds. It errs on the side of announcing. */
#ifndef MATCH_GIST_H
#define MATCH_GIST_H
#include <tocsin/base/buf.h>

#include "ast.h"

struct gists;
struct gists *gists_new(void);
struct gists *gists_free(struct gists *g); /* NULL is fine */
/* False: the expression has no gist, or one that stands in too many texts. */
bool gists_add(struct gists *g, const struct tree *t, uint32_t atom);
/* Nothing is added any more. */
void gists_seal(struct gists *g);
/* Calls back the atoms of the expressions that may match, some several times. folded: of the text; letters: scratch. */
struct gist_call {
	void (*fn)(void *user, uint32_t atom);
	void *user;
};
void gists_find(
	const struct gists *g, struct slice folded, struct buf *letters, struct gist_call call);
#endif
