/* SPDX-License-Identifier: GPL-3.0-or-later
 * What looks like a person's name, taken out of a sentence that others will read. By its letters alone: it takes a word too many
 * rather than one too few, and a name may remain where a sentence begins, without a capital, or where all is in capitals and no title
 * stands before it. Pure. */
#ifndef TOCSIN_RULES_NAMES_H
#define TOCSIN_RULES_NAMES_H
#include <tocsin/base/buf.h>

/* Appends the text with "[…]" for each, and a blank for each control character. */
void names_hide(struct buf *out, struct slice text);
#endif
