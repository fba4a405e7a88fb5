/* SPDX-License-Identifier: GPL-3.0-or-later
 * From YAML to a ruleset: what the readers of packs, rules, conditions and terms share. */
#ifndef RULES_LOADER_H
#define RULES_LOADER_H
#include <tocsin/base/map.h>
#include <tocsin/yaml/yaml.h>

#include "keys.h"
#include "ruleset.h"

struct source {
	char *name; /* file name, as hashed */
	struct buf bytes;
	struct yaml_file yaml; /* yaml.path is what problems show */
	bool shared; /* its lists serve every pack */
	uint32_t pack;
};

struct loader {
	struct ruleset *r;
	struct problems *p;
	struct match_builder *match;
	struct text_views *views;
	struct map *ids; /* rule id → 1 */
	LIST(struct source, sources);
	/* where the reader is */
	const struct source *source;
	uint32_t rule;
};

/* A problem at a node of the file that is being read. */
#define complain(l, node, hint, ...) \
	yaml_problem(&(l)->source->yaml, (node), (l)->p, (hint), __VA_ARGS__)

/* pack.c: one file → pack, rules, topics. */
void read_pack(struct loader *l, uint32_t source);
void find_shared(struct loader *l);
/* rule.c */
void read_rule(struct loader *l, const struct yaml_node *node, bool topic);
/* condition.c: NULL after a problem. */
struct condition *read_condition(struct loader *l, const struct yaml_node *node);
/* terms.c: what the author wrote, with its inflected forms, into an atom. */
enum term_style { STYLE_WORDS, STYLE_PHRASE, STYLE_CONTAINS };
void add_term(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom);
/* terms.c: makes the atom an expression. */
void add_regex(struct loader *l, const struct yaml_node *node, uint32_t atom);
/* hash.c */
void hash_sources(struct loader *l);
#endif
