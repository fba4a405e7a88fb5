/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file of the folder: its header, thresholds and caps, then its rules and topics. */
#include "loader.h"

#define FORMAT_VERSION 1
#define QUEUE_DEFAULT 3
#define ALERT_DEFAULT 7
#define CAP_DEFAULT 10
#define SUM_MAX 100

static uint32_t points(struct loader *l, const struct yaml_node *node, int64_t otherwise)
{
	int64_t v = otherwise;

	if (yaml_int(&l->source->yaml, node, 1, SUM_MAX, &v, l->p) < 0)
		v = otherwise;
	return (uint32_t)v * SCORE_ONE;
}

static void read_thresholds(struct loader *l, const struct yaml_node *root, struct pack *pack)
{
	const struct yaml_node *map = get(root, "thresholds", &pack_keys);

	if (map && map->type != YAML_MAP) {
		complain(l, map, "par exemple : seuils: {file: 3, alerte: 7}",
			"les seuils sont une table");
		map = NULL;
	}
	if (map)
		yaml_check_keys(&l->source->yaml, map, threshold_keys.keys, threshold_keys.n, l->p);
	pack->queue = points(l, map ? get(map, "queue", &threshold_keys) : NULL, QUEUE_DEFAULT);
	pack->alert = points(l, map ? get(map, "alert", &threshold_keys) : NULL, ALERT_DEFAULT);
	if (pack->alert < pack->queue)
		complain(l, map, NULL, "le seuil d'alerte est plus bas que le seuil de la file");
}

static void read_caps(struct loader *l, const struct yaml_node *root, struct pack *pack)
{
	const struct yaml_node *map = get(root, "caps", &pack_keys);
	struct yaml_key keys[CATEGORIES];

	pack->caps = arena_alloc(&l->r->arena, CATEGORIES * sizeof(*pack->caps));
	for (size_t i = 0; i < CATEGORIES; i++) {
		pack->caps[i] = CAP_DEFAULT * SCORE_ONE;
		keys[i] = (struct yaml_key){categories[i], NULL};
	}
	if (!map)
		return;
	if (map->type != YAML_MAP) {
		complain(l, map, "par exemple : plafonds: {injure_publique: 8}",
			"les plafonds sont une table de catégories");
		return;
	}
	yaml_check_keys(&l->source->yaml, map, keys, CATEGORIES, l->p);
	for (size_t i = 0; i < CATEGORIES; i++)
		pack->caps[i] =
			points(l, yaml_get(map, categories[i], keys, CATEGORIES), CAP_DEFAULT);
}

static void read_entries(
	struct loader *l, const struct yaml_node *root, const char *key, bool topic)
{
	const struct yaml_node *list = get(root, key, &pack_keys);

	if (!list)
		return;
	if (list->type != YAML_LIST) {
		complain(l, list, "chaque élément commence par un tiret : « - id: … »",
			"une liste est attendue ici");
		return;
	}
	for (size_t i = 0; i < list->n; i++)
		read_rule(l, list->items[i], topic);
}

static void check_lists(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *lists = get(root, "lists", &pack_keys);

	if (!lists)
		return;
	if (lists->type != YAML_MAP) {
		complain(l, lists, "par exemple : listes: {fortes: [mot, autre mot]}",
			"les listes sont une table : un nom, puis des mots");
		return;
	}
	for (size_t i = 0; i < lists->n; i++)
		if (lists->items[i]->type != YAML_LIST)
			complain(l, lists->items[i],
				"entourez les mots de crochets : [mot, autre mot]",
				"la liste « %.*s » n'est pas une liste",
				(int)lists->keys[i]->text.n, lists->keys[i]->text.p);
}

void find_shared(struct loader *l)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct yaml_node *root = l->sources[i].yaml.root;

		if (root && root->type == YAML_MAP &&
			yaml_bool(&l->sources[i].yaml, get(root, "shared", &pack_keys),
				&l->sources[i].shared, l->p) < 0)
			l->sources[i].shared = false;
	}
}

static void check_version(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *node = get(root, "tocsin", &pack_keys);
	int64_t version = FORMAT_VERSION;

	if (!node)
		complain(l, root, "ajoutez « tocsin: 1 » en première ligne",
			"la version du format manque");
	else if (yaml_int(&l->source->yaml, node, FORMAT_VERSION, FORMAT_VERSION, &version, l->p) <
		0)
		return; /* said */
}

void read_pack(struct loader *l, uint32_t index)
{
	struct source *s = &l->sources[index];
	const struct yaml_node *root = s->yaml.root, *id;
	struct slice owner, name = {0};
	struct pack *pack;

	l->source = s;
	if (!root) {
		/* a pack cut down to nothing would take its rules away without a word */
		problem_add(l->p, PROBLEM_ERROR, s->yaml.path, 0, 0,
			"commencez par « tocsin: 1 », ou retirez le fichier",
			"le fichier est vide");
		return;
	}
	if (root->type != YAML_MAP) {
		complain(l, root, "un paquet commence par « tocsin: 1 » puis « pack: … »",
			"ce fichier n'est pas un paquet de règles");
		return;
	}
	yaml_check_keys(&s->yaml, root, pack_keys.keys, pack_keys.n, l->p);
	check_version(l, root);
	id = get(root, "pack", &pack_keys);
	if (!id)
		complain(l, root, "ajoutez « pack: nom »", "le nom du paquet manque");
	else if (yaml_string(&s->yaml, id, &name, l->p) == 0 && !name.n)
		complain(l, id, NULL, "le nom du paquet est vide");
	if (yaml_string(&s->yaml, get(root, "owner", &pack_keys), &owner, l->p) < 0)
		owner = (struct slice){0};
	s->pack = (uint32_t)l->r->n_packs;
	pack = list_add(l->r, packs);
	pack->id = arena_copy(&l->r->arena, name);
	for (uint32_t i = 0; name.n && i < s->pack; i++)
		if (slice_equal(l->r->packs[i].id, name))
			complain(l, id, NULL, "deux paquets portent le nom « %.*s »", (int)name.n,
				name.p);
	read_thresholds(l, root, pack);
	read_caps(l, root, pack);
	check_lists(l, root);
	read_entries(l, root, "rules", false);
	read_entries(l, root, "topics", true);
}
