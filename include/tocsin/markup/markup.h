/* SPDX-License-Identifier: GPL-3.0-or-later
 * XML and HTML of somebody else. Nothing is fetched, no entity but HTML's own is known, a document that declares one is
 * refused; size and depth are bounded. Sole user of libxml2. */
#ifndef TOCSIN_MARKUP_MARKUP_H
#define TOCSIN_MARKUP_MARKUP_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define MARKUP_MAX (16u << 20) /* bytes of a document */
#define MARKUP_NODES \
	(256u << 10) /* its elements and attributes: each costs far more memory than the bytes that write it */
#define MARKUP_DEPTH 200 /* elements in one another; deeper ones count as their words alone */

struct xml;
struct xml_node; /* an element; lives as long as its document */

/* A whole, well-formed document. HTML's named entities are known, characters that XML forbids are dropped and bytes that are no
 * UTF-8 become U+FFFD, for feeds are full of them. 0;
 * -EINVAL (cut off, malformed, declares entities: e says it in French, with the line) or -EFBIG. */
int xml_parse(struct slice document, struct xml **ret, struct error *e) _must_check_;
struct xml *xml_free(struct xml *x);

const struct xml_node *xml_root(const struct xml *x);
/* The first element in a node, and the one after a node; NULL at the end. */
const struct xml_node *xml_first(const struct xml_node *n);
const struct xml_node *xml_next(const struct xml_node *n);
/* Its name without a prefix. */
bool xml_is(const struct xml_node *n, const char *name);
/* The namespace behind its prefix; "" when none. */
const char *xml_space(const struct xml_node *n);
/* An attribute (any namespace), or empty; lives as long as the document. */
struct slice xml_attribute(const struct xml_node *n, const char *name);
/* All the text in it, as it stands, appended. */
void xml_text(const struct xml_node *n, struct buf *out);
/* The text in it as a reader of a page sees it (Atom's type="xhtml"), as html_text gives it. */
void xml_page_text(const struct xml_node *n, struct buf *out);

/* HTML as text, appended: paragraphs and line breaks are lines, the address of a link stands behind its words unless they
 * show it or are a mention (@) or a hashtag, pictures are what their alt says, scripts and styles are nothing. Any bytes
 * will do; the result is valid UTF-8 without control characters but tab and newline. */
void html_text(struct slice html, struct buf *out);
#endif
