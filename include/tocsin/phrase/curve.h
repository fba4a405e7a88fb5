/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curve of an incident in a page: drawn, described, and as a table. */
#ifndef TOCSIN_PHRASE_CURVE_H
#define TOCSIN_PHRASE_CURVE_H
#include <tocsin/record/incident.h>
#include <tocsin/words/words.h>

struct chart_series;
/* A <figure> with an <svg> (title, description) and its figures in <details>; nothing when there is no curve. id: a plain
 * word, one a page. */
void curve_html(struct buf *out, const struct incident *i, enum words_lang lang, const char *id);
/* The same of a series. */
void curve_put(struct buf *out, const struct chart_series *s, enum words_lang lang, const char *id);
#endif
