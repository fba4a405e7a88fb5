/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words that are one slip away from another: a letter dropped, added, replaced, or two neighbours swapped
 * (Damerau-Levenshtein distance 1; Damerau, CACM 7(3), 1964). And sets of words, among them those of the
 * language, which are no slips of anything.
 * All words are folded ones: bytes are letters, so text beyond ASCII is compared by byte. */
#ifndef TOCSIN_TEXT_NEAR_H
#define TOCSIN_TEXT_NEAR_H
#include <stdint.h>
#include <tocsin/base/slice.h>

/* Shorter words have too many neighbours, longer ones are no words. */
#define NEAR_MIN 6u
#define NEAR_MAX 40u

/* True when a becomes b by exactly one slip; false when they are equal. Linear, no table. */
bool near_is_slip(struct slice a, struct slice b);

/* An index over a lexicon: fill, then ask. Each word is held by the hashes of itself and of its deletions
 * (Mor and Fraenkel, 1982), about 16 bytes a letter; a question costs a hash probe a letter. */
struct near;
struct near *near_new(void);
struct near *near_free(struct near *n);
/* The id comes back from near_find. Words outside NEAR_MIN..NEAR_MAX are left out. The word is copied. */
void near_add(struct near *n, struct slice word, uint32_t id);
/* Makes room for words of so many letters in all, so that little moves while they are added. */
void near_reserve(struct near *n, size_t letters);
/* Ids of words that are one slip from this one (never the word itself), at most max, each once for each time it was
 * added. Returns how many. Cost: 0.1 to 0.2 µs when there is none. */
size_t near_find(const struct near *n, struct slice word, uint32_t *ret_ids, size_t max);

/* A set of words by their 64-bit hashes: 12 to 24 bytes a word, no false friend in 10^12 questions. Sealed it takes half
 * of that, and has one false friend in some 10^9. */
struct wordset;
struct wordset *wordset_new(void);
struct wordset *wordset_free(struct wordset *w);
void wordset_add(struct wordset *w, struct slice word);
/* The same of many words, by their hashes: faster, for the memory is asked for them all before it is waited for. */
void wordset_add_hashes(struct wordset *w, const uint64_t *hashes, size_t n);
/* Makes room for so many words. */
void wordset_reserve(struct wordset *w, size_t words);
/* Nothing is added any more. */
void wordset_seal(struct wordset *w);
bool wordset_has(const struct wordset *w, struct slice word);
/* The same by the word's hash (wordhash.h). */
bool wordset_has_hash(const struct wordset *w, uint64_t hash);
/* Soon somebody will ask for this hash: asks for the memory. */
void wordset_prefetch(const struct wordset *w, uint64_t hash);
/* True when the text is words of the set written together (« salecon » is sale and con). At least `shortest` letters a
 * word. Text longer than 64 bytes: false. */
bool wordset_cover(const struct wordset *w, struct slice text, size_t shortest);
#endif
