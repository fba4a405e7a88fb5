/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file of the folder: its header, thresholds and caps, then its rules and topics. */
#include "persons.h"

#define FORMAT_VERSION 1
#define QUEUE_DEFAULT 3
#define ALERT_DEFAULT 7
#define CAP_DEFAULT 10
#define SUM_MAX 100

/* A sum under a key of thresholds or caps: the pack's, or what a file that adapts it puts in its place. */
static uint32_t points(struct loader *l, const char *key, const char *inner, int64_t otherwise)
{
	const struct source *pack = l->source, *in;
	const struct yaml_node *node = overridden(l, key, inner, &in);
	int64_t v = otherwise;

	l->source = in;
	if (yaml_int(&in->yaml, node, 1, SUM_MAX, &v, l->p) < 0)
		v = otherwise;
	l->source = pack;
	return (uint32_t)v * SCORE_ONE;
}

static void check_table(struct loader *l, const struct yaml_node *map, const struct yaml_key *keys,
	size_t n, const char *hint, const char *text)
{
	if (map && map->type != YAML_MAP)
		complain(l, map, hint, "%s", text);
	else if (map)
		yaml_check_keys(&l->source->yaml, map, keys, n, l->p);
}

/* Thresholds and caps of a pack or of a file that adapts one: the keys of both tables are the same. */
static void check_sums(struct loader *l, const struct yaml_node *root)
{
	struct yaml_key keys[CATEGORIES];

	for (size_t i = 0; i < CATEGORIES; i++)
		keys[i] = (struct yaml_key){categories[i], NULL};
	check_table(l, get(root, "thresholds", &pack_keys), threshold_keys.keys, threshold_keys.n,
		"par exemple : seuils: {file: 3, alerte: 7}", "les seuils sont une table");
	check_table(l, get(root, "caps", &pack_keys), keys, CATEGORIES,
		"par exemple : plafonds: {injure_publique: 8}",
		"les plafonds sont une table de catégories");
}

static void read_sums(struct loader *l, const struct yaml_node *root, struct pack *pack)
{
	pack->queue = points(l, "thresholds", "queue", QUEUE_DEFAULT);
	pack->alert = points(l, "thresholds", "alert", ALERT_DEFAULT);
	if (pack->alert < pack->queue)
		complain(l, get(root, "thresholds", &pack_keys),
			"par exemple seuils: {file: 3, alerte: 7}",
			"le seuil d'alerte est plus bas que le seuil de la file");
	pack->caps = arena_alloc(&l->r->arena, CATEGORIES * sizeof(*pack->caps));
	for (size_t i = 0; i < CATEGORIES; i++)
		pack->caps[i] = points(l, "caps", categories[i], CAP_DEFAULT);
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

/* Named lists, macros, exceptions: a table of them. */
static void check_named(struct loader *l, const struct yaml_node *root, const char *key)
{
	const struct yaml_node *map = get(root, key, &pack_keys);
	bool words = strcmp(key, "lists") == 0;

	if (!map)
		return;
	if (map->type != YAML_MAP) {
		complain(l, map,
			words ? "par exemple : listes: {fortes: [mot, autre mot]}"
			      : "par exemple : macros: {vise_un_elu: {mots: $elus}}",
			words ? "les listes sont une table : un nom, puis des mots"
			      : "une table est attendue : un nom, puis une condition");
		return;
	}
	for (size_t i = 0; words && i < map->n; i++)
		if (map->items[i]->type != YAML_LIST)
			complain(l, map->items[i],
				"entourez les mots de crochets : [mot, autre mot]",
				"la liste « %.*s » n'est pas une liste", (int)map->keys[i]->text.n,
				map->keys[i]->text.p);
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

void check_version(struct loader *l, const struct yaml_node *root)
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
	struct slice owner = {0}, name = {0};
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
	if (s->is_cases)
		return; /* they are read when all packs are */
	if (s->is_override) {
		check_version(l, root);
		check_override(l, s);
		check_sums(l, root);
		return;
	}
	check_keys(l, root, &pack_keys);
	check_version(l, root);
	id = get(root, "pack", &pack_keys);
	if (!id)
		complain(l, root, "ajoutez « pack: nom »", "le nom du paquet manque");
	else if (yaml_string(&s->yaml, id, &name, l->p) == 0 && !name.n)
		complain(l, id, "pack: un nom court, sans accent ni espace",
			"le nom du paquet est vide");
	if (yaml_string(&s->yaml, get(root, "owner", &pack_keys), &owner, l->p) < 0)
		owner = (struct slice){0};
	s->pack = (uint32_t)l->r->n_packs;
	pack = list_add(l->r, packs);
	pack->id = arena_copy(&l->r->arena, name);
	for (uint32_t i = 0; name.n && i < s->pack; i++)
		if (slice_equal(l->r->packs[i].id, name))
			complain(l, id, "changez « pack » (paquet) dans l'un des deux fichiers",
				"deux paquets portent le nom « %.*s »", (int)name.n, name.p);
	pack->owner = owner.n ? arena_copy(&l->r->arena, owner) : (struct slice){0};
	check_sums(l, root);
	read_sums(l, root, pack);
	check_named(l, root, "lists");
	check_persons(l, root);
	check_named(l, root, "macros");
	check_named(l, root, "exceptions");
	read_entries(l, root, "rules", false);
	read_entries(l, root, "topics", true);
}
