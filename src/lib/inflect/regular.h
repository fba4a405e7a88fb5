/* SPDX-License-Identifier: GPL-3.0-or-later
 * The regular rules, with the marks of each form, for the agreement of several words. */
#ifndef INFLECT_REGULAR_H
#define INFLECT_REGULAR_H
#include "dict.h"

/* The word itself is called back too. */
void regular_word(struct slice word, form_fn *fn, void *arg);
#endif
