/* SPDX-License-Identifier: GPL-3.0-or-later
 * The seal below a signature: a condition as a number that changes when it does, and not when it is only spelt otherwise (keys in
 * English, « oui » or « yes », blanks). */
#include "persons.h"

enum { DEPTH = 32, NODES = 100000 };

struct sealing {
	struct digest_state st;
	struct loader *l;
	size_t nodes;
};

static void seal_node(
	struct sealing *s, const struct yaml_node *node, const char *type, unsigned depth);

static const struct key_table *const tables[] = {&condition_keys, &near_keys, &context_keys,
	&count_keys, &clues_keys, &clue_keys, &rate_keys, &verb_keys};

/* The English spelling of a key, and the type of what stands below it. */
static const char *canonical(struct slice key, const char **ret_type)
{
	*ret_type = "";
	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct yaml_key *k = &tables[t]->keys[i];

			if (slice_is(key, k->english) || (k->french && slice_is(key, k->french))) {
				*ret_type = tables[t]->docs[i].type;
				return k->english;
			}
		}
	return "";
}

/* Choices and units that have two spellings. */
static struct slice plain(struct slice text, const char *type)
{
	size_t n = 0;

	if (strcmp(type, "yes_no") == 0)
		return slice_is(text, "oui") || slice_is(text, "yes") || slice_is(text, "vrai") ||
				slice_is(text, "true")
			? SLICE("yes")
			: SLICE("no");
	for (size_t i = 0; strcmp(type, "rate_by") == 0 && i < RATE_CHOICES; i++)
		if (slice_is(text, rate_choices[i]))
			return slice_of(rate_choices[i & ~(size_t)1]);
	while (strcmp(type, "distance") == 0 && n < text.n && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	return n ? (struct slice){text.p, n} : text;
}

/* What this pack, or who adapts it, says below a name counts whole; what packs share by its name alone; a person's names always. */
static void seal_named(
	struct sealing *s, const char *kind, struct slice name, const char *type, unsigned depth)
{
	struct loader *l = s->l;
	const struct source *in = NULL, *before = l->source;
	const struct yaml_node *node = find_named(l, kind, name, &in);

	digest_part(&s->st, name);
	if (!node ||
		(in != before && in != before->target && person_names(in->yaml.root, name) != node))
		return;
	l->source = in;
	seal_node(s, node, type, depth + 1);
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct yaml_node *root = l->sources[i].yaml.root;

		for (unsigned k = 0; l->sources[i].target == in && k < 2; k++) {
			const struct yaml_node *map =
				get(root, k ? "replace" : "append", &override_keys);
			const struct yaml_node *other = map && map->type == YAML_MAP
				? yaml_get(map, arena_string(&l->r->arena, name), NULL, 0)
				: NULL;

			if (other && strcmp(kind, "lists") == 0)
				seal_node(s, other, type, depth + 1);
		}
	}
	l->source = before;
}

static void seal_map(struct sealing *s, const struct yaml_node *map, unsigned depth)
{
	for (size_t i = 0; i < map->n; i++) {
		const char *type, *key = canonical(map->keys[i]->text, &type);
		const struct yaml_node *value = map->items[i];
		const bool macro = strcmp(key, "macro") == 0;

		digest_part(&s->st, slice_of(key));
		if ((macro || strcmp(key, "exception") == 0) && value->type == YAML_SCALAR)
			seal_named(s, macro ? "macros" : "exceptions", value->text, "", depth);
		else
			seal_node(s, value, type, depth + 1);
	}
}

static void seal_node(
	struct sealing *s, const struct yaml_node *node, const char *type, unsigned depth)
{
	if (depth > DEPTH ||
		++s->nodes > NODES) /* a list or a macro that holds itself: said elsewhere */
		return;
	digest_part(&s->st,
		slice_of(node->type == YAML_MAP           ? "{"
				: node->type == YAML_LIST ? "["
							  : ""));
	if (node->type == YAML_MAP)
		seal_map(s, node, depth);
	for (size_t i = 0; node->type == YAML_LIST && i < node->n; i++)
		seal_node(s, node->items[i], type, depth + 1);
	if (node->type == YAML_LIST)
		digest_part(&s->st, SLICE("]"));
	if (node->type != YAML_SCALAR)
		return;
	if (node->text.n > 1 && node->text.p[0] == '$' && !node->quoted)
		seal_named(s, "lists", (struct slice){node->text.p + 1, node->text.n - 1}, type,
			depth);
	else
		digest_part(&s->st, plain(node->text, type));
}

void seal_of(struct loader *l, const struct yaml_node *map, const struct key_table *keys,
	char ret[static SEAL_TEXT])
{
	const struct yaml_node *when = get(map, "when", keys), *unless = get(map, "unless", keys);
	struct sealing s = {.l = l};
	unsigned char digest[DIGEST_SIZE];

	digest_begin(&s.st);
	digest_part(&s.st, l->r->rules[l->rule].id);
	if (when)
		seal_node(&s, when, "", 0);
	digest_part(&s.st, SLICE("unless"));
	if (unless)
		seal_node(&s, unless, "", 0);
	digest_end(&s.st, digest);
	digest_hex(digest, (SEAL_TEXT - 1) / 2, ret);
}
