/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose words the title of a comment in a feed is: its author's, or made by what prints the feed. Only what is surely made is left
 * out: words of the public are lost for the rules else. Pure. */
#ifndef CONNECT_HEADLINE_H
#define CONNECT_HEADLINE_H
#include <tocsin/base/buf.h>
#include <tocsin/base/map.h>

struct headline {
	struct slice title, name; /* name: of the comment's author; empty: he has none */
	struct slice feed, thread; /* the feed's own title; the address of what is commented */
	const struct map *titles; /* of the articles beside it, as headline_key() has them */
};
/* "Par : Odile", "Comment on La piscine by Odile", as WordPress says it; "Re: La piscine" where that is an article beside it, or where
 * the feed or the address of the page says it. A name that only stands in a title, be it a letter, does not make it another's words, nor
 * does a "Re:" before words that nothing else says. */
bool headline_is_made(const struct headline *h);
/* A title as it is compared: without "Re:", in small letters, no blank twice. Appended. */
void headline_key(struct slice title, struct buf *out);
bool headline_answers(struct slice title); /* it begins with "Re:" */
#endif
