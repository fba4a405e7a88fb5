/* SPDX-License-Identifier: GPL-3.0-or-later
 * A comment's words, and their hashes as terms. */
#ifndef EMERGENT_TERMS_H
#define EMERGENT_TERMS_H
#include <stdint.h>
#include <tocsin/text/text.h>

#define TEXT_READ 1024u /* bytes of a comment that are read: what it is about stands there */
#define WORDS_MAX 96u
#define PAIR_REACH 2u /* words with a meaning that stand next to each other, or with one between */
#define TERMS_MAX (WORDS_MAX * (1 + PAIR_REACH))

struct word {
	uint64_t hash;
	uint32_t start, end; /* in the folded view */
	bool address; /* of an address (address.h): no topic, and nothing of one */
	bool empty; /* that, or an article, a pronoun, an auxiliary: no topic by itself */
	uint32_t stretch; /* addresses before it: two words of one stretch have none between them */
};

/* The beginning of a text, cut between characters. */
struct slice terms_read(struct slice text);
#define EMPTY_SLOTS 1024u
struct empty_words { /* by hash; 0 = free */
	uint64_t slots[EMPTY_SLOTS];
};
void terms_empty_words(struct empty_words *ret, uint64_t key);
/* Distinct words in order, without single letters and numbers. Returns how many, at most WORDS_MAX. */
size_t terms_words(struct text_views *v, const struct empty_words *empty, uint64_t key,
	struct word ret[static WORDS_MAX]);
/* Two words near each other, in any order. */
uint64_t terms_pair(uint64_t a, uint64_t b);
/* As the author writes it: from the first to the last of two words, with its #. Borrowed of the text. */
struct slice terms_spelling(
	const struct text_views *v, const struct word *first, const struct word *last);
#endif
