/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of the rule language: every key and every choice in English and in French, in one table. */
#ifndef RULES_KEYS_H
#define RULES_KEYS_H
#include <tocsin/yaml/yaml.h>

struct key_table {
	const struct yaml_key *keys;
	size_t n;
};
extern const struct key_table pack_keys, threshold_keys, rule_keys, topic_keys, spike_keys,
	sample_keys, condition_keys, near_keys;

/* Choices come in pairs, English then French: index / 2 is the value. */
#define STATUS_CHOICES 8u
extern const char *const status_choices[STATUS_CHOICES]; /* enum rule_status */
#define LANE_CHOICES 8u
extern const char *const lane_choices[LANE_CHOICES]; /* bits of enum verdict_lane */
#define SPIKE_CHOICES 8u
extern const char *const spike_choices[SPIKE_CHOICES]; /* low, normal, high, off */

/* Categories: the keys of the French law sheet and three of our own. */
#define CATEGORIES 18u
extern const char *const categories[CATEGORIES];
/* Protected speech: counted, never scored. */
#define CATEGORY_PROTECTED "critique_politique"

static inline const struct yaml_node *get(
	const struct yaml_node *map, const char *english, const struct key_table *t)
{
	return yaml_get(map, english, t->keys, t->n);
}
#endif
