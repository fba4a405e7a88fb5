/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text from outside in a page: escaped, what is invisible made visible, its direction of writing kept to itself. Pure.
 *
 * Invisible are controls, what changes the direction of writing, spaces without width, fillers and tags; not what joins an
 * emoji. Each is shown as its number. Of marks piled upon one letter four are shown and the others counted. Line feeds stay;
 * what is no UTF-8 becomes U+FFFD. */
#ifndef TOCSIN_HTML_HTML_H
#define TOCSIN_HTML_HTML_H
#include <stdint.h>
#include <tocsin/base/buf.h>

/* For an element's content or an attribute in quotes: an invisible character becomes "‹U+202E›". */
void html_text(struct buf *out, struct slice text);
void html_string(struct buf *out, const char *text);
/* For a <textarea>, whose text comes back: escaped, and nothing else is changed. */
void html_kept(struct buf *out, struct slice text);
/* For an element's content alone: the text in <bdi>, each invisible character in <span class="inv">. */
void html_shown(struct buf *out, struct slice text);

struct html_span {
	size_t start, end; /* bytes of the text */
	struct slice label; /* becomes the mark's title; may be empty */
};
#define HTML_SPANS_MAX 256u
/* The same with <mark> around the spans, which may come in any order, overlap (then they are one, with the first's label),
 * and lie outside the text or inside a character (then they are cut, or grow to the character's border). What is beyond
 * HTML_SPANS_MAX is not marked. */
void html_marked(struct buf *out, struct slice text, const struct html_span *spans, size_t n);
#endif
