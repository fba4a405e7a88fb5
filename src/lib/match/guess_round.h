/* SPDX-License-Identifier: GPL-3.0-or-later
 * The round over the words of a text that guess.c makes, for the readings that have a file of their own. */
#ifndef MATCH_GUESS_ROUND_H
#define MATCH_GUESS_ROUND_H
#include <tocsin/text/sound.h>

#include "guess.h"
#include "guess_key.h"
#include "scratch.h"

#define FOUND_MAX 128u /* terms of one word, or of its neighbours */
#define WORD_MAX 40u

/* Words whose hashes are made before they are in question: the dictionary is megabytes, and mostly not in the cache. */
#define AHEAD 32u

struct round {
	struct match_scratch *s;
	const struct guesses *g;
	const struct text_word *words;
	size_t n;
	uint64_t hashes[AHEAD]; /* of the words [at, hashed), each at its number */
	size_t hashed;
	size_t at; /* the word in question */
	struct slice word, plain; /* when it is a strange one, and with its accents */
	char sound[SOUND_MAX]; /* of it */
	size_t n_sound;
	bool known; /* the word at hand, of STRANGE_MIN letters and more */
	size_t signed_end; /* words with signs are read up to here */
	unsigned count; /* of guesses */
};

/* guess.c. The first guess with this hash in the list that is sorted by it, or NULL. */
const struct keyed *find_key(const struct keys *k, uint64_t hash);
/* Those with this key, FOUND_MAX at most; how many. */
unsigned find_keys(const struct keys *k, struct slice key, uint32_t *ids);
/* Hits of those that fit at `own`, which the first of them says; how many. */
unsigned take(
	struct round *r, struct text_word own, const uint32_t *ids, unsigned n, enum match_by by);
/* Of the terms with this word, by its hash: glued to others it is a term by itself. */
unsigned take_words(
	struct round *r, struct slice word, uint64_t hash, struct text_word span, enum match_by by);

/* guess_fragments.c: words in pieces. Each returns how many hits there are. */
unsigned take_joined(struct round *r);
unsigned take_joined_sound(struct round *r);
unsigned take_hyphened(struct round *r);
unsigned take_pair(struct round *r);
/* One of the few short words that people use. */
bool is_small_word(struct slice w);
#endif
