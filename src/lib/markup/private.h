/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of this room share. */
#ifndef MARKUP_PRIVATE_H
#define MARKUP_PRIVATE_H
#include <libxml/tree.h>
#include <tocsin/markup/markup.h>

/* libxml2 writes some of its complaints to standard error by itself: no more. */
void markup_silence(void);
/* The text below a node as a page shows it, appended. */
void page_text(const xmlNode *top, struct buf *out);
/* Whether an element (small letters) begins and ends a line. */
bool page_is_block(struct slice name);
/* Valid HTML's words without their tags, appended; in linear time and no memory beside out. */
void strip_text(struct slice html, struct buf *out);
/* The node behind n in document order below top, without going into n when deep is false. NULL at the end. Each node that
 * is left by going up is told. */
const xmlNode *node_after(const xmlNode *top, const xmlNode *n, bool deep,
	void (*leave)(void *user, const xmlNode *n), void *user);
#endif
