/* SPDX-License-Identifier: GPL-3.0-or-later
 * A compiled set of atoms, as the scan walks it.
 *
 *   text ─views─▶ one literal scan ─▶ terms checked at the spot ─▶ hits of atoms
 *
 * A literal is what the scanner looks for; a term is one way to accept it (borders, endings, accents), and serves
 * atoms. */
#ifndef MATCH_SET_H
#define MATCH_SET_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <tocsin/base/arena.h>
#include <tocsin/match/match.h>

#define SLICE_MAX 8192u /* bytes of text given to PCRE2 at once */
#define SLICE_OVERLAP 1024u /* longest match we promise to find across a cut */
#define MATCH_LIMIT 10000u
#define HEAP_LIMIT_KIB 2048u

enum term_flags {
	TERM_LEFT = 1, /* begins at a border */
	TERM_RIGHT = 2, /* ends at a border, after an ending that it allows */
	TERM_SQUEEZED = 4, /* exists in the squeezed view only */
	TERM_REGEX = 8, /* only says that a regex may match */
	TERM_DISGUISED = 16 /* also wanted in the squeezed view */
};

struct term {
	struct slice plain; /* with its accents */
	uint8_t endings, flags;
	uint32_t first_atom, n_atoms; /* in match_set.term_atoms */
};

struct literal {
	uint32_t length;
	uint32_t first_term, n_terms;
	bool left; /* every term of it begins at a border */
};

struct regex {
	pcre2_code *code;
	bool plain; /* runs on the view with accents */
};

struct atom {
	uint32_t owner;
	int32_t regex; /* -1: none */
	bool always; /* a regex that no literal announces */
};

struct match_set {
	struct arena arena;
	struct atom *atoms;
	struct regex *regexes;
	struct literal *literals;
	struct term *terms;
	uint32_t *term_atoms;
	uint32_t *always; /* owners to look at in every text */
	size_t n_atoms, n_regexes, n_literals, n_always, n_owners;
	hs_database_t *scanner; /* NULL without literals */
};
#endif
