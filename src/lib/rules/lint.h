/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is no error but doubtful, for `rules check`: while packs are read, what the lints need to know is kept; once the
 * engine is compiled they look, and add warnings. A rule may accept a lint, with a reason (« admis »).
 *
 *   lint.c        what is kept; examples that miss, dates gone by, names that nobody uses, reasons without need
 *   lint_logic.c  rules that can never match, and rules that say the same
 *   lint_words.c  words of the dictionary and communes that a rule matches without meaning them
 *   lint_cost.c   expressions that run in nearly every comment */
#ifndef RULES_LINT_H
#define RULES_LINT_H
#include "loader.h"

/* In the order of accept_keys. */
enum lint { LINT_DICTIONARY, LINT_COMMUNES, LINT_COST, LINT_DUPLICATE, LINT_IMPOSSIBLE, LINTS };

struct lint_atom {
	uint32_t rule, atom;
	enum term_style style;
	bool regex;
	bool in_when;
	bool alone; /* in_when, and a match of this atom is one of the rule: nothing else must be there */
	const char *path;
	unsigned line, column;
	size_t first_term, n_terms; /* in terms: what the author wrote, lists in place */
	struct slice guessed, guessed_form; /* the first of its terms that becomes another word */
	enum match_way way; /* of an expression: how it is found … */
	double rate; /* … and how often it wakes at a place of a text */
};
struct lint_rule {
	bool accepted[LINTS], met[LINTS];
	unsigned line, column; /* of « admis » */
	bool false_positives, wanted_read;
};
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): one a load, in the order of thought */
struct linter {
	int64_t now;
	LIST(struct lint_atom, atoms);
	LIST(struct slice, terms);
	LIST(struct lint_rule, rules); /* as many as rules, in their order */
	struct map *used; /* "file/lists/nom" of what some rule names */
	struct problems found;
};

/* Recorders; each does nothing when nobody lints. */
void lint_note_atom(struct loader *l, const struct yaml_node *node, uint32_t atom,
	enum term_style style, bool regex);
void lint_note_term(struct loader *l, struct slice text);
void lint_note_cost(struct loader *l, uint32_t atom);
void lint_note_named(
	const struct loader *l, const struct source *in, const char *kind, struct slice name);

/* Adds a warning, unless the rule accepts that lint. */
void lint_say(struct linter *k, enum lint lint, uint32_t rule, const struct rule_place *at,
	const char *hint, const char *format, ...) _format_(6, 7);
static inline struct rule_place place_of(const struct rule *rule)
{
	return (struct rule_place){.path = rule->path, .line = rule->line, .column = rule->column};
}

/* Forms that the regular rules made of a word which the dictionary does not know, and which are words of it: tass →
 * tasse. */
void lint_note_guessed(struct loader *l, struct slice text, const struct inflect_forms *forms);
/* NULL: an atom of no rule. */
struct lint_atom *lint_atom_of(const struct linter *k, uint32_t atom);

void lint_logic(struct loader *l, struct scorer *s);
void lint_words(struct loader *l, struct scorer *s);
void lint_cost(struct loader *l);
#endif
