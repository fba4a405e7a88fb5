/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an incident is called, in words for people. */
#ifndef TOCSIN_WATCH_TITLES_H
#define TOCSIN_WATCH_TITLES_H
#include <tocsin/base/arena.h>
#include <tocsin/db/reader.h>
#include <tocsin/words/words.h>

/* excerpt: the beginning of a copied text (campaigns) or what a post is about, else empty; source: its title (grey, a
 * source or a post that is loud), else empty.
 * The topic's own title stays where it has one. The answer lives in the arena. */
struct slice title_of(enum words_lang lang, const struct observation *o, struct slice excerpt,
	struct slice source, struct arena *arena);

struct title_source {
	enum words_lang lang;
	struct reader
		*reader; /* for a copied text or a post; not one that is handing out a comment */
	struct slice (*source_title)(
		const void *user, struct slice id); /* the id itself when it has none */
	const void *user;
};
/* Writes o->title, into the arena. A copied text that is gone, or cannot be read, leaves the title without it. */
void title_give(const struct title_source *from, struct observation *o, struct arena *arena);
#endif
