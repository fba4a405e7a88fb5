/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of this room share: reading one map of the policy. */
#ifndef POLICY_PRIVATE_H
#define POLICY_PRIVATE_H
#include <tocsin/policy/policy.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

struct load {
	const struct yaml_file *f;
	const char *folder;
	struct policy *policy;
	struct problems *p;
};
struct part { /* one map, with its keys */
	struct load *l;
	const struct yaml_node *map;
	const struct yaml_key *keys;
	size_t n_keys;
};

/* Checks that node is a map with known keys; false (said) when it is not. */
bool part_open(struct load *l, const struct yaml_node *node, const struct yaml_key *keys,
	size_t n_keys, const char *what, struct part *ret);
const struct yaml_node *part_get(const struct part *part, const char *english);
/* The text under a key in the policy's arena; fallback when it is absent or (said) wrong. */
const char *part_text(const struct part *part, const char *english, const char *fallback);
/* The same for a file name: relative to the configuration's folder. */
const char *part_path(const struct part *part, const char *english);
/* An id: required, well-formed. NULL when it is not (said). */
const char *part_id(const struct part *part);
/* A duration of at least min_ms; *ret stays when it is absent or (said) wrong. */
void part_duration(const struct part *part, const char *english, int64_t min_ms, int64_t *ret);

void load_hooks(struct load *l, const struct yaml_node *list);
void load_people(struct load *l, const struct yaml_node *list);
void load_levels(struct load *l, const struct yaml_node *map);
void load_settings(struct load *l, const struct yaml_node *map);
/* The receiver with this id by this channel; NULL channel: its first. False when there is none. */
bool load_target(struct load *l, struct slice id, const char *channel, struct policy_target *ret);
/* "did you mean" over the ids of people and hooks; NULL when nothing is near. */
const char *load_nearest(struct load *l, struct slice id);
#endif
