/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an incident is called, in words for people. */
#ifndef TOCSIN_WATCH_TITLES_H
#define TOCSIN_WATCH_TITLES_H
#include <tocsin/base/arena.h>
#include <tocsin/record/request.h>
#include <tocsin/words/words.h>

/* excerpt: the beginning of a copied text (campaigns), else empty; source: its title (grey), else empty.
 * The topic's own title stays where it has one. The answer lives in the arena. */
struct slice title_of(enum words_lang lang, const struct observation *o, struct slice excerpt,
	struct slice source, struct arena *arena);
#endif
