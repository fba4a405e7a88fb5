/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of the rule language: every key and every choice in English and in French, in one table that the
 * reader, the messages and rules/schema.json share. */
#ifndef RULES_KEYS_H
#define RULES_KEYS_H
#include <tocsin/record/category.h>
#include <tocsin/yaml/yaml.h>

/* What the schema says of a key. */
struct key_doc {
	const char *type; /* a definition of the schema: a table's name, or a type of schema.c */
	bool required;
	const char *text; /* French, for the editor */
};
struct key_table {
	const char *name;
	const struct yaml_key *keys;
	const struct key_doc *docs; /* as many as keys */
	size_t n;
};
extern const struct key_table pack_keys, person_keys, nominative_keys, override_keys,
	threshold_keys, rule_keys, topic_keys, rule_override_keys, spike_keys, sample_keys,
	sample_text_keys, condition_keys, near_keys, context_keys, count_keys, clues_keys,
	clue_keys, rate_keys, verb_keys, accept_keys, cases_keys, case_keys, case_comment_keys,
	expect_keys;
/* All of them. */
#define KEY_TABLES 24u
extern const struct key_table *const key_tables[KEY_TABLES];

/* Choices come in pairs, English then French: index / 2 is the value. */
#define STATUS_CHOICES 8u
extern const char *const status_choices[STATUS_CHOICES]; /* enum rule_status */
#define LANE_CHOICES 8u
extern const char *const lane_choices[LANE_CHOICES]; /* bits of enum verdict_lane */
#define SPIKE_CHOICES 8u
extern const char *const spike_choices[SPIKE_CHOICES]; /* low, normal, high, off */
#define RATE_CHOICES 4u
extern const char *const rate_choices[RATE_CHOICES]; /* enum rule_rate_by, from 1 */

#define LEVEL_CHOICES 6u
extern const char *const level_choices[LEVEL_CHOICES]; /* enum verdict_level */

static inline const struct yaml_node *get(
	const struct yaml_node *map, const char *english, const struct key_table *t)
{
	return yaml_get(map, english, t->keys, t->n);
}
#endif
