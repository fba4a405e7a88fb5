/* SPDX-License-Identifier: GPL-3.0-or-later
 * One rule or one topic. */
#include <stdio.h>

#include "loader.h"

#define SCORE_MAX 10
#define ID_MAX 64u

/* Returns "" when absent or wrong; wrong is said. */
static struct slice text_of(struct loader *l, const struct yaml_node *map, const char *key,
	const struct key_table *keys)
{
	struct slice s = {0};

	if (yaml_string(&l->source->yaml, get(map, key, keys), &s, l->p) < 0)
		return (struct slice){0};
	return s.n ? arena_copy(&l->r->arena, s) : (struct slice){0};
}

/* The value of a choice given in pairs English, French. */
static size_t choice(struct loader *l, const struct yaml_node *node, const char *const *words,
	size_t n, size_t otherwise)
{
	size_t i = 2 * otherwise;

	if (yaml_choice(&l->source->yaml, node, words, n, &i, l->p) < 0)
		return otherwise;
	return i / 2;
}

static void read_id(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	const struct yaml_node *node = get(map, "id", &rule_keys);
	struct slice id = {0};
	bool fresh;

	if (!node) {
		complain(l, map, "par exemple : id: injure.adressee", "l'identifiant (id) manque");
		return;
	}
	if (yaml_string(&l->source->yaml, node, &id, l->p) < 0)
		return;
	if (!id.n || id.n > ID_MAX) {
		complain(l, node, NULL, "un identifiant a de 1 à %u caractères", ID_MAX);
		return;
	}
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
			    c == '-')) {
			complain(l, node,
				"minuscules sans accent, chiffres, point, tiret, souligné",
				"caractère interdit dans l'identifiant « %.*s »", (int)id.n, id.p);
			return;
		}
	}
	++*map_at(l->ids, id, &fresh);
	if (!fresh)
		complain(l, node, NULL, "l'identifiant « %.*s » est déjà pris", (int)id.n, id.p);
	rule->id = arena_copy(&l->r->arena, id);
}

static void read_samples(struct loader *l, const struct yaml_node *map)
{
	static const char *const kinds[] = {"match", "no_match", "todo"};
	const struct yaml_node *tests = get(map, "tests", &rule_keys), *list;

	if (!tests)
		return;
	if (tests->type != YAML_MAP) {
		complain(l, tests, "par exemple : exemples: {oui: ['…'], non: ['…']}",
			"les exemples sont une table : oui, non, à_faire");
		return;
	}
	yaml_check_keys(&l->source->yaml, tests, sample_keys.keys, sample_keys.n, l->p);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		list = get(tests, kinds[k], &sample_keys);
		if (list && list->type != YAML_LIST) {
			complain(l, list, "entourez les phrases de crochets",
				"une liste de phrases est attendue");
			continue;
		}
		for (size_t i = 0; list && i < list->n; i++) {
			struct slice text;
			struct sample *s;

			if (yaml_string(&l->source->yaml, list->items[i], &text, l->p) < 0)
				continue;
			s = list_add(l->r, samples);
			s->kind = (enum sample_kind)k;
			s->rule = l->rule;
			s->text = arena_copy(&l->r->arena, text);
			s->path = arena_string(&l->r->arena, slice_of(l->source->yaml.path));
			s->line = list->items[i]->line;
			s->column = list->items[i]->column;
		}
	}
}

static void read_category(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	const struct yaml_node *node = get(map, "category", &rule_keys);
	size_t category;

	rule->category = 0;
	if (!node)
		complain(l, map, "par exemple : catégorie: injure_publique", "la catégorie manque");
	else if (yaml_choice(&l->source->yaml, node, categories, CATEGORIES, &category, l->p) == 0)
		rule->category = (int)category;
}

static void read_priority(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	static const char *const words[] = {"P1", "P2", "P3", "P4"};
	const struct yaml_node *node = get(map, "priority", &rule_keys);
	size_t i;

	if (node && yaml_choice(&l->source->yaml, node, words, 4, &i, l->p) == 0)
		rule->priority = (uint8_t)(i + 1);
}

/* What only a rule has: category, priority, score, lane. */
static void read_weight(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	const struct yaml_node *score = get(map, "score", &rule_keys);
	const struct pack *pack = &l->r->packs[rule->pack];
	int64_t value = 0;

	read_category(l, map, rule);
	read_priority(l, map, rule);
	if (yaml_int(&l->source->yaml, score, 0, SCORE_MAX, &value, l->p) == 0)
		rule->score = (uint32_t)value * SCORE_ONE;
	rule->lanes = (uint8_t)choice(l, get(map, "lane", &rule_keys), lane_choices, LANE_CHOICES,
		rule->score ? LANE_MODERATION : 0);
	if (rule->score && slice_is(slice_of(categories[rule->category]), CATEGORY_PROTECTED))
		complain(l, score, "laissez le score à 0 : on compte, on ne signale pas",
			"la critique politique est une parole protégée");
	if (rule->priority == 1 && rule->score < pack->alert)
		complain(l, score ? score : map, NULL,
			"une règle P1 doit alerter seule : score d'au moins %u",
			pack->alert / SCORE_ONE);
}

static void read_topic(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	static const char *const spikes[] = {"low", "normal", "high", "off"};
	const struct yaml_node *spike = get(map, "spike", &topic_keys), *level = NULL;

	rule->category = -1;
	rule->lanes =
		(uint8_t)choice(l, get(map, "lane", &topic_keys), lane_choices, LANE_CHOICES, 0);
	rule->service = text_of(l, map, "service", &topic_keys);
	rule->reply = text_of(l, map, "reply", &topic_keys);
	rule->escalate = text_of(l, map, "escalate", &topic_keys);
	(void)text_of(l, map, "review_by", &topic_keys);
	if (spike && spike->type == YAML_MAP) {
		yaml_check_keys(&l->source->yaml, spike, spike_keys.keys, spike_keys.n, l->p);
		level = get(spike, "sensitivity", &spike_keys);
	} else if (spike) {
		complain(l, spike, "par exemple : pic: {sensibilité: forte}",
			"« pic » est une table");
	}
	rule->spike = slice_of(spikes[choice(l, level, spike_choices, SPIKE_CHOICES, 1)]);
}

/* Whether a condition that holds always has a place in the text to show. */
static bool finds(const struct condition *c)
{
	bool any = false, all = true;

	if (c->type == CONDITION_ATOM || c->type == CONDITION_NOT)
		return c->type == CONDITION_ATOM;
	for (size_t i = 0; i < c->n; i++) {
		bool found = finds(c->children[i]);

		any |= found;
		all &= found;
	}
	return c->type == CONDITION_ALL ? any : all;
}

static void read_conditions(
	struct loader *l, const struct yaml_node *node, const struct key_table *keys)
{
	const struct yaml_node *when = get(node, "when", keys), *unless = get(node, "unless", keys);
	struct condition *c;

	if (!when)
		complain(l, node, "par exemple : quand: {mots: [mot, autre mot]}",
			"la condition (quand) manque");
	else if ((c = read_condition(l, when))) {
		l->r->rules[l->rule].when = c;
		if (!finds(c))
			complain(l, when, "ajoutez des mots à côté de « sans »",
				"il faut quelque chose à trouver : « sans » seul ne montre rien");
	}
	if (unless)
		l->r->rules[l->rule].unless = read_condition(l, unless);
}

void read_rule(struct loader *l, const struct yaml_node *node, bool topic)
{
	const struct key_table *keys = topic ? &topic_keys : &rule_keys;
	struct rule rule = {.topic = topic, .disguise = !topic, .pack = l->source->pack};

	if (node->type != YAML_MAP) {
		complain(l, node, "commencez par « - id: … »", "une règle est une table");
		return;
	}
	yaml_check_keys(&l->source->yaml, node, keys->keys, keys->n, l->p);
	read_id(l, node, &rule);
	rule.title = text_of(l, node, "title", keys);
	if (!rule.title.n)
		complain(l, node, "ce que lira le modérateur", "le titre manque");
	rule.status = (enum rule_status)choice(
		l, get(node, "status", keys), status_choices, STATUS_CHOICES, RULE_LIVE);
	if (yaml_bool(&l->source->yaml, get(node, "disguise", keys), &rule.disguise, l->p) < 0)
		rule.disguise = !topic;
	(void)text_of(l, node, "false_positives", keys);
	(void)text_of(l, node, "note", keys);
	if (topic)
		read_topic(l, node, &rule);
	else
		read_weight(l, node, &rule);

	l->rule = (uint32_t)l->r->n_rules;
	*list_add(l->r, rules) = rule;
	read_conditions(l, node, keys);
	read_samples(l, node);
}
