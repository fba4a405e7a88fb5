/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is a person, and which rule names one: while packs are read, each word that an author wrote is held against the names that are
 * known. A name in capitals is sought as it is written (« Petit » is one, « petit » is none), a small one only when no word of the
 * language is spelt so. It finds what slips in; it is no guard against who hides a name. */
#ifndef RULES_PERSONS_H
#define RULES_PERSONS_H
#include <tocsin/rules/nominative.h>

#include "loader.h"

struct persons;
/* The names of « personnes » and of the elected officials, of all packs; NULL when there are none. */
struct persons *persons_find(struct loader *l);
struct persons *persons_free(struct persons *p);
/* « personnes » of the pack that is being read: each with names and a mandate. */
void check_persons(struct loader *l, const struct yaml_node *root);
/* The names that a declared person of that key of a pack goes by; NULL when there is none. */
const struct yaml_node *person_names(const struct yaml_node *root, struct slice key);
/* A rule begins; a word of it; an expression of it. */
void persons_begin(struct loader *l);
void persons_note(struct loader *l, struct slice text);
void persons_note_regex(struct loader *l, struct slice text);
/* Once its conditions are read: what it names, and what its author says of that (« nominatif »). */
void read_nominative(struct loader *l, const struct yaml_node *map, const struct key_table *keys);
/* For `rules check`: what is refused, 0 or -EINVAL; then what is doubtful. */
int check_nominative(struct loader *l) _must_check_;
void lint_nominative(struct loader *l);
void lint_elected(struct loader *l);
/* Those that the rule at hand names, in the ruleset's arena; whether it takes the list of all elected officials. */
const struct named_person *persons_named(struct loader *l, size_t *ret_n);
bool persons_elected(const struct loader *l);

/* seal.c: what a jurist signs of the rule at hand: its conditions with the macros and lists of its own pack and the names of persons,
 * however they are spelt; lists and macros that all packs share count by their names. */
void seal_of(struct loader *l, const struct yaml_node *map, const struct key_table *keys,
	char ret[static SEAL_TEXT]);
#endif
