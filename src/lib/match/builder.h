/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is gathered before a set is compiled. */
#ifndef MATCH_BUILDER_H
#define MATCH_BUILDER_H
#include "set.h"

/* A literal with one way to accept it, for one atom: compile.c sorts them into literals and terms. */
struct use {
	struct slice literal, plain;
	uint64_t key; /* the literal's first eight bytes, for the sorting */
	uint8_t endings, flags;
	uint32_t atom;
};

struct match_builder {
	struct match_set *set; /* being made; gone after match_compile */
	struct text_views *views;
	struct arena trees; /* of one expression */
	struct use *uses;
	size_t n_uses, cap_uses, cap_atoms, cap_regexes;
};

/* literal and plain are copied. */
void add_use(struct match_builder *b, struct slice literal, struct slice plain, uint8_t endings,
	uint8_t flags, uint32_t atom);
/* starts.c: the first eight bytes as a number in their order, zeros behind a shorter text. */
uint64_t literal_key(struct slice text);
/* share.c: finds the atoms that ask for the same, and leaves out the uses of all but the first. uses: sorted. */
void share_atoms(struct match_builder *b);
bool same_term(const struct use *a, const struct use *b);
/* The index of the literals that stand at the start of a word, and whether a literal is one of them. */
void lay_out_starts(struct match_set *s);
bool is_start(const struct match_set *s, uint32_t literal);
/* Sorts the set's terms by the letters with which a masked word may begin. */
void lay_out_masks(struct match_set *s);
#endif
