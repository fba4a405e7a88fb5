/* SPDX-License-Identifier: GPL-3.0-or-later
 * What spell.c looks up and spell_out.c writes with. */
#ifndef TEXT_SPELLING_H
#define TEXT_SPELLING_H
#include <tocsin/base/arena.h>
#include <tocsin/text/sound.h>
#include <tocsin/text/spell.h>

#include "sms.h"

#define SPELL_BITS 65536u
#define SPELL_SLOTS 4096u /* a power of two, well above the entries of the table */
/* With fewer sounds or letters a word is believed only beside others. */
#define SPELL_ALONE 4u
#define SPELL_LEAST 3u
#define SPELL_CONTEXT 12u /* bytes of the longest word that says what ending the next has */

/* An entry of the table, by its folded form. */
struct sms_place {
	uint64_t hash; /* 0: free */
	struct slice folded;
	const struct sms *entry;
};

/* A word of the rules, by its sound. */
struct sounded {
	uint64_t hash;
	struct slice word;
};

struct spelling {
	const struct wordset *french;
	struct arena arena;
	struct sms_place table[SPELL_SLOTS];
	struct wordset *
		strange; /* words of sure entries that tell them: the first that is no French one */
	uint64_t tells[SPELL_BITS / 64]; /* a bit for some bits of the hash of each */
	uint64_t firsts[SPELL_BITS / 64]; /* the same of the first words of all entries */
	struct wordset *added;
	struct sounded *sounds; /* sorted by hash */
	size_t n, cap;
	uint64_t heard[SPELL_BITS / 64];
};

static inline size_t spell_bit(uint64_t hash)
{
	return (hash ^ hash >> 32) % SPELL_BITS;
}

static inline bool spell_has_bit(const uint64_t bits[SPELL_BITS / 64], uint64_t hash)
{
	return bits[spell_bit(hash) / 64] >> spell_bit(hash) % 64 & 1;
}

/* The words of the rules that sound like this one; how many. ret_sounds: of the word. */
size_t spelling_sounds(const struct spelling *s, struct slice plain, const struct sounded **ret,
	size_t *ret_sounds);
/* Letters at the start that have lost their apostrophe or e: 0 none, else how many; *ret_full: what they are. The rest
 * is French, or sounds like a word of the rules. */
size_t spelling_glue(
	const struct spelling *s, struct slice folded, struct slice plain, const char **ret_full);
/* The word that ends before *at, on the same side of any punctuation; moves *at before it. Empty when there is none, or one
 * longer than any that says something of the next: so long a row of letters is not walked through. */
struct slice spelling_before(struct slice text, size_t *at);
#endif
