/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a town must do when a comment may be this: whom to call, whom to tell, what to keep. Facts for people,
 * from French law; amounts and articles are to be read again on Légifrance. Not legal advice. */
#ifndef TOCSIN_PHRASE_DUTIES_H
#define TOCSIN_PHRASE_DUTIES_H
#include <tocsin/base/slice.h>
#include <tocsin/words/words.h>

struct duty {
	const char *label; /* "menace possible": always a supposition */
	const char *call; /* whom to call at once; NULL: nobody */
	const char *todo; /* what to do, by when */
	const char *evidence; /* what to keep */
	const char *law; /* the text */
};
/* The duty of a category id; an unknown category gets the general one. */
struct duty duty_of(enum words_lang lang, struct slice category);
#endif
