/* SPDX-License-Identifier: GPL-3.0-or-later
 * From YAML to a ruleset: what the readers of packs, rules, conditions and terms share. */
#ifndef RULES_LOADER_H
#define RULES_LOADER_H
#include <tocsin/base/map.h>
#include <tocsin/inflect/inflect.h>
#include <tocsin/yaml/yaml.h>

#include "keys.h"
#include "ruleset.h"

struct linter;
struct persons;
struct source {
	char *name; /* file name, as hashed */
	struct buf bytes;
	struct yaml_file yaml; /* yaml.path is what problems show */
	bool shared; /* its lists, macros and exceptions serve every pack */
	uint32_t pack;
	bool broken; /* no YAML, or unreadable: said */
	bool is_cases; /* comments to try, no pack */
	bool is_override; /* adapts the pack of … */
	const struct source *target; /* … this one; NULL when there is none such */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): one a load, in the order of thought */
struct loader {
	struct ruleset *r;
	struct problems *p;
	struct match_builder *match;
	struct inflect *inflect;
	bool keeps_forms; /* inflect is asked again once the engine is compiled */
	bool has_dictionary; /* the machine's, not what a bundle carries and not the regular rules alone */
	struct digest_state
		forms; /* of all answers that inflect gave: they are part of what the rules mean */
	struct term_memos *memos; /* of what was added to match */
	struct map *ids; /* rule id → 1 */
	struct map *named; /* "file/macros/nom" → enum named_state of condition.c */
	LIST(struct source, sources);
	size_t n_broken; /* sources; what they would name is unknown, so nothing is missing while there is one */
	/* where the reader is */
	const struct source *source;
	uint32_t rule;
	bool disguise; /* its words are looked for under disguises too */
	size_t n_conditions, n_words; /* of this rule: lists and macros may multiply */
	struct persons *persons; /* whose names are known; NULL: nobody's */
	unsigned all_alike; /* reads the list of all elected officials */
	struct linter *lint; /* NULL: nobody asks for what is no error */
	bool needs_cues; /* a rule asks for a context */
	bool names; /* what scoring needs is left out: forms, engine, hash */
	const char *
		path; /* of the packs, while the forms of their words may still be asked for; NULL */
	bool seals; /* of every rule */
	bool within_unless; /* reads « sauf » or « sans » */
};

/* A problem at a node of the file that is being read. */
#define complain(l, node, hint, ...) \
	yaml_problem(&(l)->source->yaml, (node), (l)->p, (hint), __VA_ARGS__)
/* yaml_check_keys with a table, in the file that is being read. */
#define check_keys(l, map, table) \
	yaml_check_keys(&(l)->source->yaml, (map), (table)->keys, (table)->n, (l)->p)

/* pack.c: one file → pack, rules, topics. */
void read_pack(struct loader *l, uint32_t source);
void find_shared(struct loader *l);
/* override.c: which file adapts which; then what it asks of a rule that was just read. */
void find_overrides(struct loader *l);
void check_override(struct loader *l, const struct source *s);
void override_rule(struct loader *l, struct rule *rule);
/* The map under a key of the pack that is being read (thresholds, caps), or of the file that adapts it; *ret_in is
 * the file that the map stands in. */
const struct yaml_node *overridden(
	struct loader *l, const char *key, const char *inner, const struct source **ret_in);
/* cases.c: which files are cases; one of them, once every pack is read. */
void find_cases(struct loader *l);
void read_cases(struct loader *l, const struct source *s);
void check_version(struct loader *l, const struct yaml_node *root); /* pack.c */
/* rule.c */
void read_rule(struct loader *l, const struct yaml_node *node, bool topic);
/* lint.c: what is doubtful, once everything is read and compiled. « admis » is read whoever asks. */
struct linter *lint_new(int64_t now);
struct linter *lint_free(struct linter *k);
void read_accepted(struct loader *l, const struct yaml_node *map, const struct key_table *keys);
void lint(struct loader *l);
/* example.c */
void read_samples(struct loader *l, const struct yaml_node *map);
/* rule.c: "2027-06-30" → that day's start in universal time, ms; 0 when absent or wrong. */
int64_t read_date(struct loader *l, const struct yaml_node *node, struct slice *ret_text);
/* The text of a key, in the ruleset's arena; "" when absent or wrong, wrong is said. */
struct slice read_text(struct loader *l, const struct yaml_node *map, const char *key,
	const struct key_table *keys);
/* The value of a choice given in pairs English, French; otherwise when absent or wrong. */
size_t read_choice(struct loader *l, const struct yaml_node *node, const char *const *words,
	size_t n, size_t otherwise);
void read_priority(struct loader *l, const struct yaml_node *node, struct rule *rule);
void read_score(struct loader *l, const struct yaml_node *node, struct rule *rule);
/* condition.c: NULL after a problem. */
#define CONDITION_DEPTH_MAX 12u
#define CONDITIONS_MAX 2000u /* of a rule, macros counted each time */
struct condition *new_condition(struct loader *l, enum condition_type type);
struct condition *read_condition(struct loader *l, const struct yaml_node *node, unsigned depth);
/* Whether a condition that holds always has a place in the text to show. */
bool finds(const struct condition *c);
/* filter.c: the keys of a condition that find nothing by themselves. */
struct condition *read_context(
	struct loader *l, const struct yaml_node *node, struct condition *found);
struct condition *read_count(struct loader *l, const struct yaml_node *node, unsigned depth);
struct condition *read_clues(struct loader *l, const struct yaml_node *node, unsigned depth);
/* "3 mots", "3 words", "3"; when node is NULL, or wrong, `otherwise`. */
uint32_t read_within(struct loader *l, const struct yaml_node *node, uint32_t otherwise);
struct condition *read_field(
	struct loader *l, const struct yaml_node *node, enum comment_field field);
void read_rate(struct loader *l, const struct yaml_node *node, unsigned depth);
/* triggers.c: lets the condition's atoms wake the rule that is being read, and those of its clauses that they are in. */
struct clauses set_triggers(struct loader *l, struct condition *c);
/* required.c: bits of the clues without one of which the others cannot come to `at_least` points (1 or more); those found
 * most often are left out. `n` is CLUES_MAX at most, frequencies are finite. */
uint64_t required_clues(const int8_t *worth, const double *frequency, size_t n, uint32_t at_least);
/* lists.c */
/* What a pack or a shared one has under "lists", "macros" or "exceptions" by a name; NULL when there is none.
 * ret_in: the file that holds it. */
const struct yaml_node *find_named(
	struct loader *l, const char *kind, struct slice name, const struct source **ret_in);
/* Says that there is none such, with the nearest that there is. */
void missing_named(
	struct loader *l, const struct yaml_node *node, const char *kind, struct slice name);
/* What a bundle carries beside its packs: the forms of their words, so that every machine agrees on them. */
#define FORMS_FILE "formes.bin"
int open_forms(struct loader *l, const char *path) _must_check_; /* ruleset.c */
/* ruleset.c: ruleset_load, and more when asked. */
struct load_more {
	struct buf *packed; /* gets the bytes of FORMS_FILE */
	bool lint, names;
	bool persons; /* with names: who is named is looked for as a check does */
	int64_t now; /* of the lints */
};
int load_rules(
	const char *path, struct ruleset **ret, const struct load_more *more, struct problems *p);
/* publish.c: length and bytes, so that parts cannot run together. */
void add_part(struct buf *out, struct slice s);
void digest_part(struct digest_state *st, struct slice s);
/* terms.c: what the author wrote, with its inflected forms, into an atom. A term that was inflected once for a builder of
 * the engine is remembered, for rules share their lists: memos and builder belong together. */
struct term_memos;
struct term_memos *term_memos_new(void);
struct term_memos *term_memos_free(struct term_memos *m);
enum term_style { STYLE_WORDS, STYLE_PHRASE, STYLE_CONTAINS, STYLE_VERBS };
void add_term(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom);
/* lists.c: words, lists of words and $names. */
void add_words(
	struct loader *l, const struct yaml_node *node, enum term_style style, uint32_t atom);
/* The union of the shared packs' lists of that name. */
bool has_shared_list(const struct loader *l, const char *name);
void add_shared_list(struct loader *l, const char *name, enum term_style style, uint32_t atom);
/* The plain texts of a list of words, for fields. */
struct slice *read_values(struct loader *l, const struct yaml_node *node, size_t *ret_n);
/* terms.c: makes the atom an expression. */
void add_regex(struct loader *l, const struct yaml_node *node, uint32_t atom);
/* cues.c */
void need_cues(struct loader *l, const struct yaml_node *node);
int compile_cues(struct loader *l);
/* publish.c */
void hash_sources(struct loader *l);
#endif
