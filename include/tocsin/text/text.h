/* SPDX-License-Identifier: GPL-3.0-or-later
 * Normalised views of a comment, each with a map back to the original bytes. Sole user of utf8proc.
 * Rules' own terms go through the same function, so both sides agree by construction. */
#ifndef TOCSIN_TEXT_TEXT_H
#define TOCSIN_TEXT_TEXT_H
#include <stdint.h>
#include <tocsin/base/buf.h>

enum text_view {
	TEXT_PLAIN, /* NFC, case-folded, invisibles dropped, look-alikes, apostrophes and ligatures unified; accents kept */
	TEXT_FOLDED, /* plain with accents off */
	TEXT_SQUEEZED, /* folded with leet, separators between single letters and stretched letters undone */
	TEXT_VIEWS
};

struct text_views; /* reused for each comment; holds the three views and what the maps need */
struct text_views *text_views_new(void);
struct text_views *text_views_free(struct text_views *v);
/* original must be valid UTF-8. The views live until the next text_views_make. */
void text_views_make(struct text_views *v, struct slice original);
struct slice text_original(const struct text_views *v);
struct slice text_view(const struct text_views *v, enum text_view which);
/* Bytes [start, end) of a view → bytes in the original, widened to whole characters. */
void text_view_origin(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end);
/* The same, one view down: squeezed → folded → plain → original. */
void text_view_below(const struct text_views *v, enum text_view which, size_t start, size_t end,
	size_t *ret_start, size_t *ret_end);
/* A place of the plain view in the folded one. */
size_t text_plain_to_folded(const struct text_views *v, size_t at);
/* True when the squeezed view is not simply the folded one. */
bool text_is_squeezed(const struct text_views *v);
/* True when a Latin letter of the text carries an accent. */
bool text_has_accents(const struct text_views *v);
/* True at a word border: between a letter or digit and neither, in a view. */
bool text_is_border(struct slice view, size_t at);
/* True when the character at (or around) this byte of a view is a letter or a digit. */
bool text_is_word(struct slice view, size_t at);
/* Appends a folded term with doubled letters made single, as stretched words are in the squeezed view. */
void text_collapse(struct buf *out, struct slice folded);
/* Version of the tables and of the library, part of a bundle's hash. */
const char *text_version(void);
#endif
