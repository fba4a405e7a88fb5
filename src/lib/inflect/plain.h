/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plain view of single words, faster than a whole text_views_make for each of half a million forms. */
#ifndef INFLECT_PLAIN_H
#define INFLECT_PLAIN_H
#include <tocsin/base/buf.h>

struct plain;
struct plain *plain_new(void);
struct plain *plain_free(struct plain *p);
/* Appends the plain view of valid UTF-8, blanks around it off. */
void plain_add(struct plain *p, struct buf *out, struct slice text);
/* Appends the folded view. */
void plain_fold(struct plain *p, struct buf *out, struct slice text);
/* True when the word is its own plain view, seen at a glance (small ASCII letters and hyphens). */
bool plain_already(struct slice text);
#endif
