/* SPDX-License-Identifier: GPL-3.0-or-later
 * A YAML file as a tree with places. Every scalar is a string until a schema types it (no Norway
 * problem). Anchors, aliases, tags, merge keys, several documents, duplicate keys, tabs for
 * indentation, depth > YAML_DEPTH and files > YAML_MAX are errors. Sole user of libyaml. */
#ifndef TOCSIN_YAML_YAML_H
#define TOCSIN_YAML_YAML_H
#include <stdint.h>
#include <tocsin/base/problem.h>

#define YAML_DEPTH 32
#define YAML_MAX (4u << 20)

enum yaml_type { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	unsigned line, column; /* of the value, from 1 */
	struct slice text; /* scalar */
	bool quoted; /* scalar in quotes or a block: "" and '' are text, a bare empty is absent */
	struct yaml_node **items; /* list items, or map values */
	struct yaml_node **keys; /* map keys (scalars) */
	size_t n;
};
struct yaml_file {
	const char *path; /* as shown in problems */
	struct yaml_node *root; /* NULL when the file is empty or broken */
	struct yaml_file_private *private_;
};

/* Reads a file; every problem goes to p with its place. Returns 0 or -EINVAL/-errno (also said in p). */
int yaml_read(const char *path, struct yaml_file *ret, struct problems *p) _must_check_;
int yaml_read_text(const char *path, struct slice text, struct yaml_file *ret, struct problems *p)
	_must_check_;
void yaml_release(struct yaml_file *f);

/* A key may have two spellings; readers ask with the English one. */
struct yaml_key {
	const char *english, *french; /* french may be NULL */
};
/* Value under a key of a map, or NULL. Accepts both spellings of keys[] when the table is given. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *english,
	const struct yaml_key *keys, size_t n_keys);
/* Says "unknown key … did you mean …" for each key that is not in the table, and both-spellings-at-once. */
void yaml_check_keys(const struct yaml_file *f, const struct yaml_node *map,
	const struct yaml_key *keys, size_t n_keys, struct problems *p);

/* Typed scalars. Each returns 0, or -EINVAL after adding a problem at the node. node NULL → default, 0. */
int yaml_string(const struct yaml_file *f, const struct yaml_node *node, struct slice *ret,
	struct problems *p) _must_check_;
int yaml_int(const struct yaml_file *f, const struct yaml_node *node, int64_t min, int64_t max,
	int64_t *ret, struct problems *p) _must_check_;
int yaml_bool(const struct yaml_file *f, const struct yaml_node *node, bool *ret,
	struct problems *p) _must_check_; /* yes/no/oui/non/true/false */
/* "90 s", "15 min", "2 h", "35 j"/"35 d", "13 mois"/"13 months" (30 days each) → ms */
int yaml_duration(const struct yaml_file *f, const struct yaml_node *node, int64_t *ret_ms,
	struct problems *p) _must_check_;
/* One of words[] (index out); "did you mean" otherwise. */
int yaml_choice(const struct yaml_file *f, const struct yaml_node *node, const char *const *words,
	size_t n, size_t *ret, struct problems *p) _must_check_;
#define YAML_ID_MAX 48u /* bytes */
/* A text that names a thing to others of the file: letters without accents, digits, - _ and .; NULL when it is none. */
const char *yaml_id(const struct yaml_file *f, const struct yaml_node *node, const char *id,
	struct problems *p);
void yaml_problem(const struct yaml_file *f, const struct yaml_node *node, struct problems *p,
	const char *hint, const char *format, ...) _format_(5, 6);
#endif
