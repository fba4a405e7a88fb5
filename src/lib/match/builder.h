/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is gathered before a set is compiled. */
#ifndef MATCH_BUILDER_H
#define MATCH_BUILDER_H
#include <tocsin/base/map.h>

#include "bare.h"
#include "set.h"

/* A literal with one way to accept it. Many atoms ask for the same, and it is kept once. */
struct want {
	struct slice literal, plain;
	uint64_t key; /* the literal's first eight bytes, for the sorting */
	double frequency; /* about how often it is found at a place of French text */
	uint8_t endings, flags;
};
struct want_slot {
	uint32_t hash;
	uint32_t place; /* 1 + that of a want, 0: free */
};
/* An atom asks for it: compile.c sorts these into literals and terms. */
struct use {
	uint32_t want, atom;
};

/* An expression that was added: another atom that asks for it gets the same. */
struct expression {
	int32_t regex; /* in match_set.regexes */
	size_t from, to; /* marks around its literals */
	bool besides; /* of its atom */
};

struct match_builder {
	struct match_set *set; /* being made; gone after match_compile */
	struct text_views *views;
	struct arena trees; /* of one expression */
	struct want *wants;
	size_t n_wants, cap_wants;
	struct want_slot *slots; /* open addressing */
	size_t n_slots;
	struct use *uses;
	size_t n_uses, cap_uses, cap_atoms, cap_regexes;
	struct map *patterns; /* → 1 + the place of an expression */
	struct expression *expressions;
	size_t n_expressions, cap_expressions;
	struct bare *bare; /* NULL: no word of the language was given */
};

/* want: literal, plain, endings and flags; the texts are copied. */
void add_use(struct match_builder *b, struct want want, uint32_t atom);
/* starts.c: the first eight bytes as a number in their order, zeros behind a shorter text. */
uint64_t literal_key(struct slice text);
/* share.c: finds the atoms that ask for the same, and leaves out the uses of all but the first. uses: sorted. */
void share_atoms(struct match_builder *b);
/* The index of the literals that stand at the start of a word, and whether a literal is one of them. */
void lay_out_starts(struct match_set *s);
bool is_start(const struct match_set *s, uint32_t literal);
/* Sorts the set's terms by the letters with which a masked word may begin. */
void lay_out_masks(struct match_set *s);
#endif
