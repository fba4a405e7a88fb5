/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind rss: feeds of articles and of comments. */
#include <tocsin/base/clock.h>

#include "feed.h"
#include "poller.h"

static void add(void *user, const struct comment *c)
{
	pass_add(user, c);
}

static int map(struct pass *p, const struct page *page, struct error *e)
{
	_buf_ struct buf next = {0};
	int r = feed_read(page->body, add, p, &next, e);

	if (r == 0 && next.n)
		pass_next(p, buf_slice(&next));
	return r;
}

const struct poller poller_rss = {
	.name = "rss",
	.accept = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, "
		  "application/xml;q=0.8, text/xml;q=0.8",
	.types =
		" application/rss+xml application/atom+xml application/rdf+xml application/xml text/xml ",
	.terms = WORDS_MARK(
		"un flux est publié pour être relu : pas plus d'une fois par minute, et moins si le serveur le demande"),
	.every_ms = 5 * CLOCK_MINUTE,
	.every_min_ms = CLOCK_MINUTE,
	.max = 8u << 20,
	.pages = 20,
	.map = map,
};
