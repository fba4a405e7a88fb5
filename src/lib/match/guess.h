/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last readings, of words that are none of the language and that nothing else recognised: in two fragments, glued to
 * words, one letter wrong, or written as they sound. Most comments have no such word, and pay a probe a word. */
#ifndef MATCH_GUESS_H
#define MATCH_GUESS_H
#include <tocsin/text/near.h>
#include <tocsin/text/spell.h>

#include "set.h"

/* A word of a term. */
struct guess {
	struct slice text; /* the term, folded */
	uint32_t at, n; /* the word in it */
	uint32_t term;
};

/* Guesses by the hash of a word or of its sound. */
struct keyed {
	uint64_t hash;
	uint32_t guess;
};
struct keys {
	struct keyed *list; /* sorted by hash */
	size_t n, cap;
	uint64_t *seen; /* a bit for some bits of each hash: most questions end here */
};

#define FRESH_MAX 64u
struct guesses {
	struct wordset *known; /* words that are no slips: the language's, and those of all terms */
	uint64_t fresh[FRESH_MAX]; /* hashes that are on their way to it */
	size_t n_fresh, n_known; /* n_known: that were added */
	struct guess *list;
	size_t n, cap;
	struct near *near;
	struct keys sounds, words; /* words: of terms of one word */
	/* by the first and the last letter of those, and by the first two: a bit a length */
	uint32_t ends[26][26], heads[26][26];
	struct keys looks; /* by what they look like (guess_look.h) */
	struct spelling *spelling; /* what SMS spelling is written out to: the words of all terms */
};

struct guesses *guesses_new(void);
struct guesses *guesses_free(struct guesses *g); /* NULL is fine */
/* Indexes the set's terms that may be disguised. */
void lay_out_guesses(struct match_set *s);
#endif
