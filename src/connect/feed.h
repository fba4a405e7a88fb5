/* SPDX-License-Identifier: GPL-3.0-or-later
 * A feed as comments: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom (RFC 4287) with threads (RFC 4685) and deletions (RFC 6721),
 * and the comment feeds that WordPress makes of them. Pure. */
#ifndef CONNECT_FEED_H
#define CONNECT_FEED_H
#include <tocsin/record/comment.h>

typedef void feed_fn(void *user, const struct comment *c);
/* Calls each for every item that has an identity, in the document's order: a comment (source empty; its slices live until the
 * call ends), or the tombstone of one. next, appended: the address of the feed's next page (RFC 5005), if it says so.
 *
 * id       guid, Atom's id, rdf:about, else the link, else a hash of title, date and text; over-long ones as their hash
 * text     the title and the content, else the longest summary, as people read them; the title is left out when the text begins with
 *          it, and for a comment, when it only says who wrote under what (headline.h)
 * thread   the page that is commented, parent: the comment that is answered
 * kind     "comment" or "article"
 *
 * 0, or -EINVAL or -EFBIG with the reason in French. */
int feed_read(struct slice document, feed_fn *each, void *user, struct buf *next, struct error *e)
	_must_check_;
#endif
