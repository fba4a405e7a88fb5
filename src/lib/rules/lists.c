/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of words with $names in them, and what else a pack names: macros, exceptions. A file that adapts a pack
 * (« surcharge ») adds to its lists or replaces them. */
#include <stdio.h>

#include "lint.h"
#include "persons.h"

#define LIST_DEPTH_MAX 8u
#define SHOWN_MAX 64u /* names that a suggestion is sought among */
#define VALUES_MAX 256u
#define WORDS_MAX 100000u /* of a rule; the communes of France are 35,000 */

static const struct yaml_node *named_in(
	const struct source *s, const char *kind, struct slice name, const struct key_table *keys)
{
	const struct yaml_node *root = s->yaml.root, *map;

	if (!root || root->type != YAML_MAP)
		return NULL;
	map = get(root, kind, keys);
	for (size_t k = 0; map && map->type == YAML_MAP && k < map->n; k++)
		if (slice_equal(map->keys[k]->text, name))
			return map->items[k];
	/* a person is a list of names */
	return keys == &pack_keys && strcmp(kind, "lists") == 0 ? person_names(root, name) : NULL;
}

/* Whether a file's names can be used where the reader is: its own pack's, and the shared ones'. */
static bool serves(const struct loader *l, const struct source *s, bool own)
{
	return !s->is_override &&
		(own ? s == l->source || s == l->source->target : s->shared && s != l->source);
}

const struct yaml_node *find_named(
	struct loader *l, const char *kind, struct slice name, const struct source **ret_in)
{
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < l->n_sources; i++) {
			const struct source *s = &l->sources[i];
			const struct yaml_node *found = serves(l, s, pass == 0)
				? named_in(s, kind, name, &pack_keys)
				: NULL;

			if (found) {
				lint_note_named(l, s, kind, name);
				*ret_in = s;
				return found;
			}
		}
	return NULL;
}

void missing_named(
	struct loader *l, const struct yaml_node *node, const char *kind, struct slice name)
{
	static const struct {
		const char *kind, *what, *sign, *where;
	} said[] = {{"lists", "la liste", "$", "une liste se déclare sous « listes »"},
		{"macros", "la macro", "", "une macro se déclare sous « macros »"},
		{"exceptions", "l'exception", "",
			"une exception nommée se déclare sous « exceptions »"}};
	const char *known[SHOWN_MAX], *near;
	size_t n = 0, k = 0;
	char hint[128] = "";

	if (l->n_broken)
		return;
	while (strcmp(said[k].kind, kind) != 0)
		k++;
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];
		const struct yaml_node *root = s->yaml.root,
				       *map = root && root->type == YAML_MAP &&
				(serves(l, s, true) || serves(l, s, false))
			? get(root, kind, &pack_keys)
			: NULL;

		for (size_t j = 0; map && map->type == YAML_MAP && j < map->n && n < SHOWN_MAX; j++)
			known[n++] = arena_string(&l->r->arena, map->keys[j]->text);
	}
	near = problem_did_you_mean(name, known, n);
	if (near)
		snprintf(hint, sizeof(hint), "vouliez-vous dire « %s%s » ?", said[k].sign, near);
	complain(l, node, near ? hint : said[k].where, "%s « %s%.*s » n'existe pas", said[k].what,
		said[k].sign, (int)name.n, name.p);
}

/* --- words */

struct words {
	struct loader *l;
	const struct yaml_node *at; /* where problems are said: in the file that is being read */
	enum term_style style;
	uint32_t atom;
};

static void add_at(const struct words *w, const struct yaml_node *node, unsigned depth);

/* The list, or what replaces it, and what is added to it. */
static void add_list(const struct words *w, const struct source *in, struct slice name,
	const struct yaml_node *list, unsigned depth)
{
	const struct loader *l = w->l;
	const struct yaml_node *other;

	for (size_t i = 0; i < l->n_sources; i++)
		if (l->sources[i].target == in &&
			(other = named_in(&l->sources[i], "replace", name, &override_keys)))
			list = other;
	w->l->all_alike += slice_is(name, ELECTED_LIST);
	add_at(w, list, depth);
	for (size_t i = 0; i < l->n_sources; i++)
		if (l->sources[i].target == in &&
			(other = named_in(&l->sources[i], "append", name, &override_keys)))
			add_at(w, other, depth);
	w->l->all_alike -= slice_is(name, ELECTED_LIST);
}

static bool is_name(const struct yaml_node *node)
{
	return node->type == YAML_SCALAR && node->text.n > 1 && node->text.p[0] == '$' &&
		!node->quoted;
}

static void add_verb(const struct words *w, const struct yaml_node *map)
{
	const struct yaml_node *verb;
	struct slice text = {0};

	yaml_check_keys(&w->l->source->yaml, map, verb_keys.keys, verb_keys.n, w->l->p);
	verb = get(map, "verb", &verb_keys);
	if (verb && yaml_string(&w->l->source->yaml, verb, &text, w->l->p) == 0)
		add_term(w->l, w->at, text, STYLE_VERBS, w->atom);
}

static void add_at(const struct words *w, const struct yaml_node *node, unsigned depth)
{
	struct loader *l = w->l;
	struct words item = *w;

	if (++l->n_words > WORDS_MAX) {
		if (l->n_words == WORDS_MAX + 1)
			complain(l, w->at, "les listes contiennent des listes : vérifiez-les",
				"plus de %u mots dans une règle", WORDS_MAX);
		return;
	}
	if (depth > LIST_DEPTH_MAX) {
		complain(l, w->at,
			"suivez les $noms d'une liste à l'autre, et retirez celui qui revient au départ",
			"des listes se contiennent l'une l'autre");
		l->n_words = WORDS_MAX + 1; /* said once is enough */
	} else if (node->type == YAML_LIST) {
		for (size_t i = 0; i < node->n; i++) {
			item.at = depth ? w->at : node->items[i];
			add_at(&item, node->items[i], depth + 1);
		}
		if (!node->n)
			complain(l, w->at, "écrivez au moins un mot : [mot, 'deux mots']",
				"la liste est vide");
	} else if (node->type == YAML_MAP && (w->style == STYLE_WORDS || w->style == STYLE_VERBS) &&
		node->n && get(node, "verb", &verb_keys)) {
		add_verb(w, node);
	} else if (node->type != YAML_SCALAR) {
		complain(l, w->at, "mettez entre guillemets ce qui contient un deux-points",
			"un mot ou une liste de mots est attendu");
	} else if (is_name(node)) {
		struct slice name = {node->text.p + 1, node->text.n - 1};
		const struct source *in;
		const struct yaml_node *list = find_named(l, "lists", name, &in);

		if (list)
			add_list(w, in, name, list, depth + 1);
		else
			missing_named(l, w->at, "lists", name);
	} else {
		add_term(l, w->at, node->text, w->style, w->atom);
	}
}

void add_words(struct loader *l, const struct yaml_node *node, enum term_style style, uint32_t atom)
{
	const struct words w = {l, node, style, atom};

	add_at(&w, node, 0);
}

bool has_shared_list(const struct loader *l, const char *name)
{
	for (size_t i = 0; i < l->n_sources; i++)
		if (l->sources[i].shared &&
			named_in(&l->sources[i], "lists", slice_of(name), &pack_keys))
			return true;
	return false;
}

void add_shared_list(struct loader *l, const char *name, enum term_style style, uint32_t atom)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];
		const struct yaml_node *list =
			s->shared ? named_in(s, "lists", slice_of(name), &pack_keys) : NULL;
		const struct words w = {l, list, style, atom};

		if (!list)
			continue;
		l->source = s;
		add_list(&w, s, slice_of(name), list, 1);
	}
}

/* --- values of fields */

static void add_value(struct loader *l, const struct yaml_node *at, const struct yaml_node *node,
	struct slice *list, size_t *n, unsigned depth)
{
	const struct source *in;

	if (node->type == YAML_LIST && depth <= LIST_DEPTH_MAX) {
		for (size_t i = 0; i < node->n; i++)
			add_value(
				l, depth ? at : node->items[i], node->items[i], list, n, depth + 1);
	} else if (node->type != YAML_SCALAR || depth > LIST_DEPTH_MAX) {
		complain(l, at, "par exemple a, ou [a, b], ou $une_liste",
			"une valeur ou une liste de valeurs est attendue");
	} else if (is_name(node)) {
		struct slice name = {node->text.p + 1, node->text.n - 1};

		node = find_named(l, "lists", name, &in);
		if (node)
			add_value(l, at, node, list, n, depth + 1);
		else
			missing_named(l, at, "lists", name);
	} else if (*n == VALUES_MAX) {
		complain(l, at, "coupez la liste en deux, une règle chacune", "plus de %u valeurs",
			VALUES_MAX);
	} else {
		list[(*n)++] = arena_copy(&l->r->arena, node->text);
	}
}

struct slice *read_values(struct loader *l, const struct yaml_node *node, size_t *ret_n)
{
	struct slice list[VALUES_MAX], *copy;

	*ret_n = 0;
	add_value(l, node, node, list, ret_n, 0);
	copy = arena_alloc(&l->r->arena, (*ret_n + 1) * sizeof(*copy));
	memcpy(copy, list, *ret_n * sizeof(*copy));
	return copy;
}
