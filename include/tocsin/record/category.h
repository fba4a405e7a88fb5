/* SPDX-License-Identifier: GPL-3.0-or-later
 * The categories of a comment: the keys of the French law sheet and three of our own. */
#ifndef TOCSIN_RECORD_CATEGORY_H
#define TOCSIN_RECORD_CATEGORY_H
#include <stdbool.h>
#include <tocsin/base/slice.h>

#define CATEGORIES 18u
extern const char *const categories[CATEGORIES];
/* Protected speech: counted, never scored, and nothing that people reproach a comment with. */
#define CATEGORY_PROTECTED "critique_politique"

/* Whether people may give it to a comment: any but protected speech. */
bool category_known(struct slice category);
/* How urgent it is, 1 to 4, when a human calls a comment so: as the shipped rules have it. */
unsigned category_priority(struct slice category);
#endif
