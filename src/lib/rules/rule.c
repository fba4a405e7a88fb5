/* SPDX-License-Identifier: GPL-3.0-or-later
 * One rule or one topic. */
#include <tocsin/base/clock.h>

#include "persons.h"

#define SCORE_MAX 10
#define ID_MAX 64u

struct slice read_text(struct loader *l, const struct yaml_node *map, const char *key,
	const struct key_table *keys)
{
	struct slice s = {0};

	if (yaml_string(&l->source->yaml, get(map, key, keys), &s, l->p) < 0)
		return (struct slice){0};
	return s.n ? arena_copy(&l->r->arena, s) : (struct slice){0};
}

size_t read_choice(struct loader *l, const struct yaml_node *node, const char *const *words,
	size_t n, size_t otherwise)
{
	size_t i = 2 * otherwise;

	if (yaml_choice(&l->source->yaml, node, words, n, &i, l->p) < 0)
		return otherwise;
	return i / 2;
}

int64_t read_date(struct loader *l, const struct yaml_node *node, struct slice *ret_text)
{
	struct slice s = {0};
	int64_t at;

	*ret_text = (struct slice){0};
	if (!node || yaml_string(&l->source->yaml, node, &s, l->p) < 0)
		return 0;
	if (s.n == 10) {
		char whole[] = "0000-00-00T00:00:00Z";

		memcpy(whole, s.p, s.n);
		if (clock_parse(slice_of(whole), &at) == 0) {
			*ret_text = arena_copy(&l->r->arena, s);
			return at;
		}
	}
	complain(l, node, "par exemple 2027-06-30", "une date est attendue : année-mois-jour");
	return 0;
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
		complain(l, node, "un nom court, par exemple injure.adressee",
			"un identifiant a de 1 à %u caractères", ID_MAX);
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
		complain(l, node, "donnez un autre « id » à l'une des deux règles",
			"l'identifiant « %.*s » est déjà pris", (int)id.n, id.p);
	rule->id = arena_copy(&l->r->arena, id);
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

void read_priority(struct loader *l, const struct yaml_node *node, struct rule *rule)
{
	static const char *const words[] = {"P1", "P2", "P3", "P4"};
	size_t i;

	if (node && yaml_choice(&l->source->yaml, node, words, 4, &i, l->p) == 0)
		rule->priority = (uint8_t)(i + 1);
}

void read_score(struct loader *l, const struct yaml_node *node, struct rule *rule)
{
	int64_t value = 0;

	if (node && yaml_int(&l->source->yaml, node, 0, SCORE_MAX, &value, l->p) == 0)
		rule->score = (uint32_t)value * SCORE_ONE;
}

/* What only a rule has: category, priority, score, law. */
static void read_weight(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	read_category(l, map, rule);
	read_priority(l, get(map, "priority", &rule_keys), rule);
	read_score(l, get(map, "score", &rule_keys), rule);
	rule->law = read_text(l, map, "law", &rule_keys);
}

/* What must hold of a rule's weight, once the town has had its say. */
static void check_weight(struct loader *l, const struct yaml_node *map, const struct rule *rule)
{
	const struct yaml_node *score = get(map, "score", &rule_keys);
	const struct pack *pack = &l->r->packs[rule->pack];

	if (rule->score && slice_is(slice_of(categories[rule->category]), CATEGORY_PROTECTED))
		complain(l, score ? score : map,
			"laissez le score à 0 : on compte, on ne signale pas",
			"la critique politique est une parole protégée");
	if (rule->priority == 1 && rule->score < pack->alert)
		complain(l, score ? score : map, "augmentez le score, ou passez la règle en P2",
			"une règle P1 doit alerter seule : score d'au moins %u",
			pack->alert / SCORE_ONE);
}

/* Who answers for it, until when, and where its comments go. */
static void read_care(struct loader *l, const struct yaml_node *map, const struct key_table *keys,
	struct rule *rule)
{
	struct slice unused;

	rule->service = read_text(l, map, "service", keys);
	rule->reply = read_text(l, map, "reply", keys);
	rule->owner = read_text(l, map, "owner", keys);
	(void)read_date(l, get(map, "review_by", keys), &rule->review_by);
	rule->expires = read_date(l, get(map, "expires", keys), &unused);
}

static void read_topic(struct loader *l, const struct yaml_node *map, struct rule *rule)
{
	static const char *const spikes[] = {"low", "normal", "high", "off"};
	const struct yaml_node *spike = get(map, "spike", &topic_keys), *level = NULL;

	rule->category = -1;
	rule->escalate = read_text(l, map, "escalate", &topic_keys);
	if (spike && spike->type == YAML_MAP) {
		check_keys(l, spike, &spike_keys);
		level = get(spike, "sensitivity", &spike_keys);
	} else if (spike) {
		complain(l, spike, "par exemple : pic: {sensibilité: forte}",
			"« pic » est une table");
	}
	rule->spike = slice_of(spikes[read_choice(l, level, spike_choices, SPIKE_CHOICES, 1)]);
}

/* « mots » beside « quand », not below it: a matter of two blanks. */
static bool has_condition_key(const struct yaml_node *rule)
{
	for (size_t i = 0; i < condition_keys.n; i++)
		if (get(rule, condition_keys.keys[i].english, &condition_keys))
			return true;
	return false;
}

static void read_conditions(
	struct loader *l, const struct yaml_node *node, const struct key_table *keys)
{
	const struct yaml_node *when = get(node, "when", keys), *unless = get(node, "unless", keys);
	struct condition *c;

	if (when && when->type == YAML_SCALAR && has_condition_key(node))
		complain(l, when,
			"décalez de deux espaces ce qui suit « quand » : sa condition est dessous",
			"« quand » est vide");
	else if (!when)
		complain(l, node, "par exemple : quand: {mots: [mot, autre mot]}",
			"la condition (quand) manque");
	else if ((c = read_condition(l, when, 0))) {
		l->r->rules[l->rule].when = c;
		if (!finds(c))
			complain(l, when, "ajoutez des mots à côté de « sans »",
				"il faut quelque chose à trouver : « sans » seul ne montre rien");
		l->r->rules[l->rule].clauses = set_triggers(l, c);
	}
	if (!unless)
		return;
	l->within_unless = true;
	l->r->rules[l->rule].unless = read_condition(l, unless, 0);
	l->within_unless = false;
}

void read_rule(struct loader *l, const struct yaml_node *node, bool topic)
{
	const struct key_table *keys = topic ? &topic_keys : &rule_keys;
	struct rule rule = {.topic = topic,
		.disguise = !topic,
		.pack = l->source->pack,
		.line = node->line,
		.column = node->column};

	if (node->type != YAML_MAP) {
		complain(l, node, "commencez par « - id: … »", "une règle est une table");
		return;
	}
	check_keys(l, node, keys);
	rule.path = arena_string(&l->r->arena, slice_of(l->source->yaml.path));
	read_id(l, node, &rule);
	rule.title = read_text(l, node, "title", keys);
	if (!rule.title.n)
		complain(l, node, "ce que lira le modérateur", "le titre manque");
	rule.status = (enum rule_status)read_choice(
		l, get(node, "status", keys), status_choices, STATUS_CHOICES, RULE_LIVE);
	if (yaml_bool(&l->source->yaml, get(node, "disguise", keys), &rule.disguise, l->p) < 0)
		rule.disguise = !topic;
	(void)read_text(l, node, "false_positives", keys);
	(void)read_text(l, node, "note", keys);
	if (topic)
		read_topic(l, node, &rule);
	else
		read_weight(l, node, &rule);
	read_care(l, node, keys, &rule);
	override_rule(l, &rule);
	if (!topic)
		check_weight(l, node, &rule);
	rule.lanes = (uint8_t)read_choice(l, get(node, "lane", keys), lane_choices, LANE_CHOICES,
		rule.score ? LANE_MODERATION : 0);
	if (!rule.owner.n)
		rule.owner = l->r->packs[rule.pack].owner;
	l->disguise = rule.disguise;
	l->n_conditions = l->n_words = 0;
	persons_begin(l);

	l->rule = (uint32_t)l->r->n_rules;
	*list_add(l->r, rules) = rule;
	read_accepted(l, node, keys);
	read_conditions(l, node, keys);
	read_nominative(l, node, keys);
	read_samples(l, node);
}
