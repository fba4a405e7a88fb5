/* SPDX-License-Identifier: GPL-3.0-or-later
 * The names of the communes of France (rules/communes.txt), compiled in: they say what a comment means, and so every
 * machine with the same tocsin has the same ones. Words of such a name are no slip of an insult, and `rules check` says
 * which rules such a name sets off. */
#ifndef RULES_COMMUNES_H
#define RULES_COMMUNES_H
#include <tocsin/base/slice.h>

extern const struct slice communes; /* one name a line, in byte order */
/* The next name from *at on; empty at the end. */
struct slice communes_next(size_t *at);
#endif
