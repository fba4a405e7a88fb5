/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file that adapts a shipped pack to the town: words added to its lists or put in their place, the status, score and
 * priority of its rules, its thresholds and caps. The pack itself stays as shipped, so that it can be upgraded. */
#include "loader.h"

#define SHOWN_MAX 64u

static struct slice name_of(const struct source *s, bool override)
{
	const struct yaml_node *root = s->yaml.root,
			       *node = root && root->type == YAML_MAP
		? (override ? get(root, "override", &override_keys) : get(root, "pack", &pack_keys))
		: NULL;

	return node && node->type == YAML_SCALAR ? node->text : (struct slice){0};
}

void find_overrides(struct loader *l)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct yaml_node *root = l->sources[i].yaml.root;

		l->sources[i].is_override =
			root && root->type == YAML_MAP && get(root, "override", &override_keys);
	}
	for (size_t i = 0; i < l->n_sources; i++) {
		struct source *s = &l->sources[i];
		struct slice name = name_of(s, true);

		for (size_t k = 0; s->is_override && name.n && k < l->n_sources; k++)
			if (!l->sources[k].is_override &&
				slice_equal(name_of(&l->sources[k], false), name))
				s->target = &l->sources[k];
	}
}

/* « vouliez-vous dire » among names that a map or a list of rules has. */
struct known {
	const char *names[SHOWN_MAX];
	size_t n;
};

static void add_known(struct loader *l, struct known *k, const struct yaml_node *node)
{
	if (node && node->type == YAML_SCALAR && k->n < SHOWN_MAX)
		k->names[k->n++] = arena_string(&l->r->arena, node->text);
}

static void missing(struct loader *l, const struct yaml_node *at, const struct known *k,
	const char *what, struct slice name)
{
	const char *near = problem_did_you_mean(name, k->names, k->n);
	_buf_ struct buf hint = {0};

	if (near)
		buf_printf(&hint, "vouliez-vous dire « %s » ?", near);
	complain(l, at, near ? buf_string(&hint) : "tocsin rules list montre ce qui existe",
		"%s « %.*s » n'existe pas", what, (int)name.n, name.p);
}

static void check_lists(struct loader *l, const struct source *s, const char *key)
{
	const struct yaml_node *map = get(s->yaml.root, key, &override_keys);
	const struct yaml_node *lists = get(s->target->yaml.root, "lists", &pack_keys);
	struct known known = {.n = 0};

	if (!map)
		return;
	if (map->type != YAML_MAP) {
		complain(l, map, "par exemple : ajouter: {fortes: [mot, autre mot]}",
			"une table est attendue : un nom de liste, puis des mots");
		return;
	}
	for (size_t i = 0; lists && lists->type == YAML_MAP && i < lists->n; i++)
		add_known(l, &known, lists->keys[i]);
	for (size_t i = 0; i < map->n; i++) {
		size_t k = 0;

		while (lists && lists->type == YAML_MAP && k < lists->n &&
			!slice_equal(lists->keys[k]->text, map->keys[i]->text))
			k++;
		if (!lists || lists->type != YAML_MAP || k == lists->n)
			missing(l, map->keys[i], &known, "dans ce paquet, la liste",
				map->keys[i]->text);
		if (map->items[i]->type != YAML_LIST || !map->items[i]->n)
			complain(l, map->items[i],
				"entourez les mots de crochets : [mot, autre mot]",
				"une liste de mots est attendue");
	}
}

static const struct yaml_node *entry_of(
	const struct source *s, const char *key, const struct key_table *keys, struct slice id)
{
	const struct yaml_node *root = s->yaml.root,
			       *list = root && root->type == YAML_MAP ? get(root, key, keys) : NULL;

	for (size_t i = 0; list && list->type == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *node = get(list->items[i], "id", &rule_override_keys);

		if (node && node->type == YAML_SCALAR && slice_equal(node->text, id))
			return list->items[i];
	}
	return NULL;
}

static void check_entries(struct loader *l, const struct source *s, const char *key)
{
	const struct yaml_node *list = get(s->yaml.root, key, &override_keys), *there;
	struct known known = {.n = 0};

	if (!list)
		return;
	if (list->type != YAML_LIST) {
		complain(l, list, "chaque élément commence par un tiret : « - id: … »",
			"une liste est attendue ici");
		return;
	}
	there = get(s->target->yaml.root, key, &pack_keys);
	for (size_t i = 0; there && there->type == YAML_LIST && i < there->n; i++)
		add_known(l, &known, get(there->items[i], "id", &rule_keys));
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *id = get(list->items[i], "id", &rule_override_keys);

		if (list->items[i]->type != YAML_MAP) {
			complain(l, list->items[i], "commencez par « - id: … »",
				"une règle est une table");
			continue;
		}
		check_keys(l, list->items[i], &rule_override_keys);
		if (!id || id->type != YAML_SCALAR)
			complain(l, list->items[i], "l'identifiant d'une règle du paquet",
				"l'identifiant (id) manque");
		else if (!entry_of(s->target, key, &pack_keys, id->text))
			missing(l, id, &known, "dans ce paquet, la règle ou le sujet", id->text);
		else if (entry_of(s, key, &override_keys, id->text) != list->items[i])
			complain(l, id, "gardez-en une seule", "« %.*s » est changée deux fois",
				(int)id->text.n, id->text.p);
	}
}

void check_override(struct loader *l, const struct source *s)
{
	const struct yaml_node *root = s->yaml.root, *node = get(root, "override", &override_keys);
	struct known known = {.n = 0};

	l->source = s;
	check_keys(l, root, &override_keys);
	if (s->target) {
		check_lists(l, s, "append");
		check_lists(l, s, "replace");
		check_entries(l, s, "rules");
		check_entries(l, s, "topics");
		return;
	}
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct yaml_node *other = l->sources[i].yaml.root;

		if (!l->sources[i].is_override && other && other->type == YAML_MAP)
			add_known(l, &known, get(other, "pack", &pack_keys));
	}
	if (!l->n_broken)
		missing(l, node, &known, "le paquet", node->text);
}

void override_rule(struct loader *l, struct rule *rule)
{
	const struct source *pack = l->source;

	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];
		const struct yaml_node *entry = s->target == pack
			? entry_of(s, rule->topic ? "topics" : "rules", &override_keys, rule->id)
			: NULL;

		if (!entry)
			continue;
		l->source = s;
		rule->status =
			(enum rule_status)read_choice(l, get(entry, "status", &rule_override_keys),
				status_choices, STATUS_CHOICES, rule->status);
		if (rule->topic &&
			(get(entry, "score", &rule_override_keys) ||
				get(entry, "priority", &rule_override_keys)))
			complain(l, entry, "un sujet compte, il ne signale pas",
				"un sujet n'a ni score ni priorité");
		read_priority(l, get(entry, "priority", &rule_override_keys), rule);
		read_score(l, get(entry, "score", &rule_override_keys), rule);
		l->source = pack;
	}
}

const struct yaml_node *overridden(
	struct loader *l, const char *key, const char *inner, const struct source **ret_in)
{
	const struct key_table *keys = strcmp(key, "thresholds") == 0 ? &threshold_keys : NULL;
	const struct yaml_node *map = get(l->source->yaml.root, key, &pack_keys), *value;

	*ret_in = l->source;
	value = map && map->type == YAML_MAP
		? yaml_get(map, inner, keys ? keys->keys : NULL, keys ? keys->n : 0)
		: NULL;
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];
		const struct yaml_node *own,
			*other = s->target == l->source ? get(s->yaml.root, key, &override_keys)
							: NULL;

		own = other && other->type == YAML_MAP
			? yaml_get(other, inner, keys ? keys->keys : NULL, keys ? keys->n : 0)
			: NULL;
		if (own) {
			value = own;
			*ret_in = s;
		}
	}
	return value;
}
