/* SPDX-License-Identifier: GPL-3.0-or-later
 * A compiled set of atoms, as the scan walks it.
 *
 *   text ─views─▶ literals looked up at the starts of words ─▶ terms checked at the spot ─▶ hits of atoms
 *              ├▶ one scan of the other literals ─▶ the same
 *              └▶ one scan of the text's gist, one of covers ─▶ expressions announced
 *
 * A literal is what the scanner looks for; a term is one way to accept it (borders, endings, accents), and serves
 * atoms. An expression that is only words is terms too; of another one, literals, its gist or its cover announce that it
 * may match, and PCRE2 says whether it does. */
#ifndef MATCH_SET_H
#define MATCH_SET_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <tocsin/base/arena.h>
#include <tocsin/match/match.h>

#include "cover.h"
#include "gist.h"
#include "opening.h"

#define SLICE_MAX 8192u /* bytes of text given to PCRE2 at once */
#define EXTENT_MAX 7168u /* longest match, with what is looked at around it */
#define MATCH_LIMIT 10000u
#define HEAP_LIMIT_KIB 2048u

enum term_flags {
	TERM_LEFT = 1, /* begins at a border */
	TERM_RIGHT = 2, /* ends at a border, after an ending that it allows */
	TERM_SQUEEZED = 4, /* exists in the squeezed view only */
	TERM_REGEX = 8, /* only says that a regex may match */
	TERM_DISGUISED = 16, /* also wanted in the squeezed view */
	TERM_EXACT =
		32, /* a match of an expression: borders are PCRE2's, accents and blanks are minded */
	TERM_PLAIN = 64, /* of an expression that runs on the view with accents */
	TERM_BESIDES = 128, /* of TERM_REGEX: the second of two literals that must both be there */
	TERM_BARE = 256 /* no other word is it without its accents (bare.h) */
};

struct term {
	struct slice
		plain; /* with its accents; of an exact one the string of the expression (literals.h) */
	uint8_t endings;
	uint16_t flags;
	uint32_t first_atom, n_atoms; /* in match_set.term_atoms */
};

struct literal {
	const char *text;
	uint32_t first_term, n_terms;
};

/* What is looked at first when a literal is found, and mostly last: small, so that all of them stay in the cache. */
struct gate {
	uint16_t length : 14;
	uint16_t left : 1,
		right : 1; /* every term of it stands at a border there, and has no ending */
};

/* A literal that is looked for where words begin (starts.c). */
struct start {
	uint64_t key; /* its first eight bytes, big-endian, zeros behind them */
	const char *text;
	uint32_t literal, length;
	uint32_t
		inner; /* 1 + the place in its list of the longest one that it begins with, 0 none */
};

/* Sorted by bytes. */
struct starts {
	struct start *list;
	uint32_t *heads; /* by the first two bytes: where they begin in the list */
	size_t n;
	uint64_t *
		seen; /* a bit for each of their first bytes (starts.c), which stays in the cache */
	size_t seen_mask;
};

/* Those that begin with the same words, behind each other in start_words.list, by bytes. */
struct start_row {
	uint64_t hash; /* of the words; 0: a free place */
	uint32_t first, n;
};
struct start_words {
	struct start_row *rows; /* open addressing */
	size_t cap; /* a power of two, at most two thirds full */
	struct start *list;
	uint64_t *seen; /* a bit for some bits of each hash: most words of a text end here */
	size_t seen_mask; /* these bits */
};

struct regex {
	pcre2_code *code; /* NULL: only words, which are terms */
	pcre2_code *narrow; /* for a view of ASCII alone; or NULL */
	bool plain; /* runs on the view with accents */
	enum match_way way;
	uint32_t reach; /* bytes from a match's start to the literal's end at most, or UINT32_MAX */
	uint32_t before, behind; /* bytes that it looks at beside a match */
	uint32_t longest; /* bytes of a match */
	double rate;
	struct slice *literals;
	size_t n_literals;
};

/* A term as masks ask for it, once for each of its words. */
struct maskable {
	uint64_t word; /* its first eight letters, the first one on top */
	const char *text; /* of the whole term, folded */
	uint32_t term;
	uint32_t letters; /* of it and its endings */
	uint8_t length; /* of text */
	uint8_t at, end; /* of the word in it */
	uint8_t endings;
};

struct atom {
	uint32_t
		same; /* the first atom that asks for the same, often itself: only that one has hits */
	uint32_t owner; /* or MATCH_NOBODY */
	uint32_t first_owner, n_owners; /* in match_set.owners: of all that are the same */
	int32_t regex; /* -1: none */
	bool besides; /* it must be announced by literals that stand besides, too */
	double frequency; /* about how often it is found at a place of French text */
};

/* The expressions that only a cover announces, of one view. */
struct shared {
	struct cover *cover; /* NULL without any */
	struct opening
		*openings[COVER_FEW / OPENING_MAX]; /* of the first ones; NULL: none so far */
	uint32_t *atoms; /* by the numbers of the cover */
	size_t n, cap;
};

struct guesses; /* guess.h */

struct match_set {
	struct arena arena;
	struct atom *atoms;
	uint32_t *owners; /* of the atoms, each with some others in a row */
	/* a bit an atom: has owners; is an expression that literals must announce which stand besides */
	uint64_t *waking, *besides;
	uint32_t *same; /* atoms[i].same, small: rules ask for atoms all the time */
	struct regex *regexes;
	struct literal *literals;
	struct gate *gates; /* one a literal */
	struct term *terms;
	uint32_t *term_atoms;
	struct maskable *maskables; /* sorted by their word, then by their term */
	size_t n_maskables;
	size_t n_atoms, n_regexes, n_literals, n_owners;
	struct starts all, open; /* starts.c */
	uint32_t singles[256]; /* by a letter: 1 + the literal that it is as a word, 0 none */
	struct start_words words;
	hs_database_t *scanner; /* of the other literals; NULL without any */
	struct gists *gists;
	struct shared shared[2]; /* of TEXT_PLAIN, TEXT_FOLDED: what has no gist */
	struct guesses *guesses; /* NULL: no words are known */
	pcre2_code *word; /* \w: what PCRE2 holds for a word's character */
};
#endif
