/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions: any, all, not, near over words, phrase, regex, contains. */
#include "loader.h"

#define DEPTH_MAX 12u
#define LIST_DEPTH_MAX 8u
#define WITHIN_DEFAULT 5u
#define WITHIN_MAX 50

static struct condition *read_at(struct loader *l, const struct yaml_node *node, unsigned depth);

static struct condition *new_condition(struct loader *l, enum condition_type type)
{
	struct condition *c = arena_zero(&l->r->arena, sizeof(*c));

	c->type = type;
	return c;
}

/* --- lists of words, with $names in them */

static const struct yaml_node *find_list(struct loader *l, struct slice name)
{
	const struct yaml_node *found = NULL;

	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < l->n_sources; i++) {
			const struct source *s = &l->sources[i];
			const struct yaml_node *root = s->yaml.root, *lists;

			/* first one's own pack, then the shared ones */
			if ((pass == 0) != (s == l->source) || (pass && !s->shared) || !root ||
				root->type != YAML_MAP)
				continue;
			lists = get(root, "lists", &pack_keys);
			for (size_t k = 0; lists && lists->type == YAML_MAP && k < lists->n; k++)
				if (slice_equal(lists->keys[k]->text, name))
					found = lists->items[k];
			if (found)
				return found;
		}
	return NULL;
}

static void missing_list(struct loader *l, const struct yaml_node *node, struct slice name)
{
	const char *known[64], *near;
	size_t n = 0;
	char hint[128] = "";

	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];
		const struct yaml_node *root = s->yaml.root;
		const struct yaml_node *lists =
			root && root->type == YAML_MAP && (s == l->source || s->shared)
			? get(root, "lists", &pack_keys)
			: NULL;

		for (size_t k = 0; lists && lists->type == YAML_MAP && k < lists->n && n < 64; k++)
			known[n++] = arena_string(&l->r->arena, lists->keys[k]->text);
	}
	near = problem_did_you_mean(name, known, n);
	if (near)
		snprintf(hint, sizeof(hint), "vouliez-vous dire « $%s » ?", near);
	complain(l, node, near ? hint : "une liste se déclare sous « listes »",
		"la liste « $%.*s » n'existe pas", (int)name.n, name.p);
}

static void add_words(struct loader *l, const struct yaml_node *at, const struct yaml_node *node,
	enum term_style style, uint32_t atom, unsigned depth)
{
	struct slice name;

	if (depth > LIST_DEPTH_MAX) {
		complain(l, at, NULL, "des listes se contiennent l'une l'autre");
		return;
	}
	if (node->type == YAML_LIST) {
		for (size_t i = 0; i < node->n; i++)
			add_words(l, depth ? at : node->items[i], node->items[i], style, atom,
				depth + 1);
		if (!node->n)
			complain(l, at, NULL, "la liste est vide");
		return;
	}
	if (node->type != YAML_SCALAR) {
		complain(l, at, "mettez entre guillemets ce qui contient un deux-points",
			"un mot ou une liste de mots est attendu");
		return;
	}
	if (node->text.n > 1 && node->text.p[0] == '$' && !node->quoted) {
		const struct yaml_node *list;

		name = (struct slice){node->text.p + 1, node->text.n - 1};
		list = find_list(l, name);
		if (list)
			add_words(l, at, list, style, atom, depth + 1);
		else
			missing_list(l, at, name);
		return;
	}
	add_term(l, at, node->text, style, atom);
}

/* --- leaves */

static struct condition *leaf(struct loader *l)
{
	struct condition *c = new_condition(l, CONDITION_ATOM);

	c->atom = match_add_atom(l->match, l->rule);
	return c;
}

static struct condition *read_words(
	struct loader *l, const struct yaml_node *node, enum term_style style)
{
	struct condition *c = leaf(l);

	add_words(l, node, node, style, c->atom, 0);
	return c;
}

static struct condition *read_regexes(struct loader *l, const struct yaml_node *node)
{
	struct condition *any;

	if (node->type == YAML_SCALAR) {
		struct condition *c = leaf(l);

		add_regex(l, node, c->atom);
		return c;
	}
	if (node->type != YAML_LIST || !node->n) {
		complain(l, node, "entre apostrophes : regex: '…'", "une expression est attendue");
		return NULL;
	}
	any = new_condition(l, CONDITION_ANY);
	any->children = arena_zero(&l->r->arena, node->n * sizeof(*any->children));
	for (size_t i = 0; i < node->n; i++) {
		if (node->items[i]->type != YAML_SCALAR) {
			complain(l, node->items[i], NULL, "une expression est attendue");
			continue;
		}
		any->children[any->n] = leaf(l);
		add_regex(l, node->items[i], any->children[any->n]->atom);
		any->n++;
	}
	return any;
}

/* --- branches */

static struct condition *read_list(
	struct loader *l, const struct yaml_node *node, enum condition_type type, unsigned depth)
{
	struct condition *c = new_condition(l, type);

	if (node->type != YAML_LIST || !node->n) {
		complain(l, node, "chaque condition commence par un tiret",
			"une liste de conditions est attendue");
		return NULL;
	}
	c->children = arena_zero(&l->r->arena, node->n * sizeof(*c->children));
	for (size_t i = 0; i < node->n; i++) {
		struct condition *child = read_at(l, node->items[i], depth + 1);

		if (child)
			c->children[c->n++] = child;
	}
	return c->n ? c : NULL;
}

/* "3 mots", "3 words", "3" */
static uint32_t read_within(struct loader *l, const struct yaml_node *node)
{
	struct slice s = {0}, unit;
	uint32_t v = 0;
	size_t i = 0;

	if (!node)
		return WITHIN_DEFAULT;
	if (yaml_string(&l->source->yaml, node, &s, l->p) < 0)
		return WITHIN_DEFAULT;
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v <= WITHIN_MAX)
		v = 10 * v + (uint32_t)(s.p[i++] - '0');
	unit = (struct slice){s.p + i, s.n - i};
	if (i && v <= WITHIN_MAX &&
		(!unit.n || slice_is(unit, " mots") || slice_is(unit, " mot") ||
			slice_is(unit, " words") || slice_is(unit, " word")))
		return v;
	complain(l, node, "par exemple : distance: 3 mots",
		"une distance de 0 à %d mots est attendue", WITHIN_MAX);
	return WITHIN_DEFAULT;
}

static struct condition *read_near(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	const struct yaml_node *all;
	struct condition *c;

	if (node->type != YAML_MAP) {
		complain(l, node,
			"par exemple : proche: {distance: 3 mots, ensemble: [{mots: …}, {mots: …}]}",
			"« proche » est une table");
		return NULL;
	}
	yaml_check_keys(&l->source->yaml, node, near_keys.keys, near_keys.n, l->p);
	all = get(node, "all", &near_keys);
	if (!all || all->type != YAML_LIST || all->n < 2) {
		complain(l, all ? all : node, "ensemble: [{mots: …}, {mots: …}]",
			"« proche » rapproche au moins deux conditions");
		return NULL;
	}
	c = read_list(l, all, CONDITION_NEAR, depth);
	if (!c)
		return NULL;
	c->within = read_within(l, get(node, "within", &near_keys));
	if (yaml_bool(&l->source->yaml, get(node, "ordered", &near_keys), &c->ordered, l->p) < 0)
		c->ordered = false;
	return c;
}

static struct condition *read_key(
	struct loader *l, const struct yaml_node *value, const char *key, unsigned depth)
{
	struct condition *c;

	if (strcmp(key, "any") == 0)
		return read_list(l, value, CONDITION_ANY, depth);
	if (strcmp(key, "all") == 0)
		return read_list(l, value, CONDITION_ALL, depth);
	if (strcmp(key, "near") == 0)
		return read_near(l, value, depth);
	if (strcmp(key, "words") == 0)
		return read_words(l, value, STYLE_WORDS);
	if (strcmp(key, "phrase") == 0)
		return read_words(l, value, STYLE_PHRASE);
	if (strcmp(key, "contains") == 0)
		return read_words(l, value, STYLE_CONTAINS);
	if (strcmp(key, "regex") == 0)
		return read_regexes(l, value);
	c = new_condition(l, CONDITION_NOT);
	c->children = arena_zero(&l->r->arena, sizeof(*c->children));
	c->children[0] = read_at(l, value, depth + 1);
	c->n = c->children[0] ? 1 : 0;
	return c->n ? c : NULL;
}

static struct condition *read_at(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	struct condition *all, *c;

	if (depth > DEPTH_MAX) {
		complain(l, node, NULL, "conditions imbriquées sur plus de %u niveaux", DEPTH_MAX);
		return NULL;
	}
	if (node->type == YAML_LIST)
		return read_list(l, node, CONDITION_ANY, depth);
	if (node->type != YAML_MAP || !node->n) {
		complain(l, node, "par exemple : {mots: [mot, autre mot]}",
			"une condition est attendue");
		return NULL;
	}
	yaml_check_keys(&l->source->yaml, node, condition_keys.keys, condition_keys.n, l->p);
	all = new_condition(l, CONDITION_ALL);
	all->children = arena_zero(&l->r->arena, condition_keys.n * sizeof(*all->children));
	for (size_t i = 0; i < condition_keys.n; i++) {
		const char *key = condition_keys.keys[i].english;
		const struct yaml_node *value = get(node, key, &condition_keys);

		if (value && (c = read_key(l, value, key, depth)))
			all->children[all->n++] = c;
	}
	return all->n > 1 ? all : all->n ? all->children[0] : NULL;
}

struct condition *read_condition(struct loader *l, const struct yaml_node *node)
{
	return read_at(l, node, 0);
}
