/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys of a condition that find nothing by themselves: they keep, count or hold back what others find. */
#include <tocsin/base/clock.h>

#include "loader.h"

#define COUNT_MAX 1000
#define RATE_WINDOW_MAX (7 * CLOCK_DAY)
/* Whom a rule may name: the authority's own accounts and those of elected officials, never a citizen's. */
#define OFFICIAL_ACCOUNTS "comptes_officiels"

static const char *const operators[CONTEXT_OPERATORS] = {
	"addressed", "quoted", "negated", "thing", "question"};

struct condition *read_context(
	struct loader *l, const struct yaml_node *node, struct condition *found)
{
	struct condition *c;

	if (node->type != YAML_MAP || !node->n) {
		complain(l, node, "par exemple : contexte: {adressé: oui, cité: non}",
			"« contexte » est une table");
		return found;
	}
	check_keys(l, node, &context_keys);
	if (!found || !finds(found)) {
		complain(l, node, "ajoutez mots, expression ou proche à côté de « contexte »",
			"« contexte » choisit parmi ce que les autres clés trouvent : il n'y a rien ici");
		return NULL;
	}
	c = new_condition(l, CONDITION_CONTEXT);
	for (unsigned op = 0; op < CONTEXT_OPERATORS; op++) {
		const struct yaml_node *value = get(node, operators[op], &context_keys);
		bool wanted;

		if (!value || yaml_bool(&l->source->yaml, value, &wanted, l->p) < 0)
			continue;
		c->asked |= (uint8_t)(1u << op);
		c->wanted |= (uint8_t)(wanted ? 1u << op : 0);
		need_cues(l, value);
	}
	c->children = arena_zero(&l->r->arena, sizeof(*c->children));
	c->children[c->n++] = found;
	c->joined = found->type == CONDITION_NEAR;
	return c;
}

static uint32_t number(struct loader *l, const struct yaml_node *map, const char *key,
	const struct key_table *keys, int64_t least, int64_t most, int64_t otherwise)
{
	int64_t v = otherwise;

	if (yaml_int(&l->source->yaml, get(map, key, keys), least, most, &v, l->p) < 0)
		v = otherwise;
	return (uint32_t)v;
}

struct condition *read_count(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	const struct yaml_node *of;
	struct condition *c, *child;

	if (node->type != YAML_MAP) {
		complain(l, node, "par exemple : compte: {au_moins: 3, de: {mots: […]}}",
			"« compte » est une table");
		return NULL;
	}
	check_keys(l, node, &count_keys);
	of = get(node, "of", &count_keys);
	if (!of) {
		complain(l, node, "par exemple : compte: {au_moins: 3, de: {mots: […]}}",
			"« compte » ne dit pas de quoi");
		return NULL;
	}
	child = read_condition(l, of, depth + 1);
	if (!child)
		return NULL;
	if (!finds(child))
		complain(
			l, of, "ajoutez mots, expression ou proche", "il n'y a rien à compter ici");
	c = new_condition(l, CONDITION_COUNT);
	c->at_least = number(l, node, "at_least", &count_keys, 1, COUNT_MAX, 1);
	c->at_most = number(l, node, "at_most", &count_keys, 1, COUNT_MAX, COUNT_MAX);
	if (c->at_most == COUNT_MAX && !get(node, "at_most", &count_keys))
		c->at_most = UINT32_MAX;
	if (c->at_most < c->at_least)
		complain(l, node, "« au_moins » vaut 1 quand il manque",
			"« au_plus » est plus petit que « au_moins »");
	if (yaml_bool(&l->source->yaml, get(node, "distinct", &count_keys), &c->distinct, l->p) < 0)
		c->distinct = false;
	c->children = arena_zero(&l->r->arena, sizeof(*c->children));
	c->children[c->n++] = child;
	return c;
}

#define CLUES_WITHIN 25u

static struct condition *read_clue(
	struct loader *l, const struct yaml_node *node, unsigned depth, int8_t *ret_worth)
{
	const struct yaml_node *when;
	struct condition *c;
	int64_t worth = 1;

	if (node->type != YAML_MAP) {
		complain(l, node, "par exemple : {vaut: 2, quand: {mots: […]}}",
			"un indice est une table");
		return NULL;
	}
	check_keys(l, node, &clue_keys);
	when = get(node, "when", &clue_keys);
	if (!when || !get(node, "worth", &clue_keys)) {
		complain(l, node, "par exemple : {vaut: 2, quand: {mots: […]}}",
			"un indice dit ce qu'il vaut et ce qui est reconnu");
		return NULL;
	}
	if (yaml_int(&l->source->yaml, get(node, "worth", &clue_keys), -10, 10, &worth, l->p) < 0)
		return NULL;
	c = read_condition(l, when, depth + 2);
	if (c && !finds(c))
		complain(l, when, "ajoutez mots, expression ou proche",
			"cet indice n'a pas de place dans le texte");
	*ret_worth = (int8_t)worth;
	return c;
}

struct condition *read_clues(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	const struct yaml_node *of = node->type == YAML_MAP ? get(node, "of", &clues_keys) : NULL;
	struct condition *c = new_condition(l, CONDITION_CLUES);
	uint32_t most = 0;

	if (node->type == YAML_MAP)
		check_keys(l, node, &clues_keys);
	if (!of || of->type != YAML_LIST || of->n < 2 || of->n > CLUES_MAX ||
		!get(node, "at_least", &clues_keys)) {
		complain(l, of ? of : node,
			"par exemple : indices: {au_moins: 5, de: [{vaut: 3, quand: {mots: […]}}, …]}",
			"« indices » dit combien de points il faut, et de 2 à %u indices",
			CLUES_MAX);
		return NULL;
	}
	c->at_least = number(l, node, "at_least", &clues_keys, 1, COUNT_MAX, 1);
	c->within = read_within(l, get(node, "within", &clues_keys), CLUES_WITHIN);
	c->children = arena_zero(&l->r->arena, of->n * sizeof(*c->children));
	c->worth = arena_zero(&l->r->arena, of->n);
	for (size_t i = 0; i < of->n; i++) {
		c->children[c->n] = read_clue(l, of->items[i], depth, &c->worth[c->n]);
		if (!c->children[c->n])
			continue;
		most += c->worth[c->n] > 0 ? (uint32_t)c->worth[c->n] : 0;
		c->n++;
	}
	if (c->n == of->n && !most)
		complain(l, of, "donnez à un indice au moins de 1 à 10 points",
			"aucun indice ne vaut de points : rien ne serait reconnu");
	else if (c->n == of->n && most < c->at_least)
		complain(l, node, "diminuez « au_moins »",
			"tous les indices ensemble ne valent que %u points", most);
	return c->n ? c : NULL;
}

/* Only accounts that a shared list declares as official: rules do not follow citizens. */
static void check_accounts(
	struct loader *l, const struct yaml_node *node, const struct condition *c)
{
	const struct source *in;
	const struct yaml_node *list = find_named(l, "lists", SLICE(OFFICIAL_ACCOUNTS), &in);
	struct slice *official;
	size_t n = 0;

	if (!list && l->n_broken)
		return;
	if (!list) {
		complain(l, node,
			"déclarez sous « listes » ceux de la collectivité et des élus : "
			"comptes_officiels: ['@mairie']",
			"la liste « " OFFICIAL_ACCOUNTS " » manque");
		return;
	}
	official = read_values(l, list, &n);
	for (size_t i = 0; i < c->n_values; i++) {
		size_t k = 0;

		while (k < n && !slice_equal(official[k], c->values[i]))
			k++;
		if (k == n)
			complain(l, node,
				"une règle ne suit pas un habitant : seuls les comptes de la collectivité et "
				"des élus, de la liste comptes_officiels",
				"« %.*s » n'est pas un compte officiel", (int)c->values[i].n,
				c->values[i].p);
	}
}

struct condition *read_field(
	struct loader *l, const struct yaml_node *node, enum comment_field field)
{
	struct condition *c = new_condition(l, CONDITION_FIELD);

	c->field = field;
	c->values = read_values(l, node, &c->n_values);
	if (!c->n_values && !l->n_broken)
		complain(l, node, "écrivez au moins une valeur : [a, b]", "la liste est vide");
	for (size_t i = 0; i < c->n_values; i++)
		if (!c->values[i].n)
			complain(l, node, "retirez les guillemets vides, ou écrivez la valeur",
				"valeur vide");
	if (field == FIELD_AUTHOR)
		check_accounts(l, node, c);
	return c;
}

void read_rate(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	struct rule *rule = &l->r->rules[l->rule];
	const struct yaml_node *by, *least, *within;

	if (l->within_unless) {
		complain(l, node, "placez « rythme » directement sous « quand »",
			"« rythme » ne s'emploie ni dans « sauf » ni dans « sans »");
		return;
	}
	if (depth) {
		complain(l, node, "placez « rythme » directement sous « quand », une seule fois",
			"« rythme » compte la règle entière");
		return;
	}
	if (node->type != YAML_MAP) {
		complain(l, node, "par exemple : rythme: {par: auteur, au_moins: 5, en: 1 h}",
			"« rythme » est une table");
		return;
	}
	check_keys(l, node, &rate_keys);
	by = get(node, "by", &rate_keys);
	least = get(node, "at_least", &rate_keys);
	within = get(node, "within", &rate_keys);
	if (!by || !least || !within)
		complain(l, node, "par exemple : rythme: {par: auteur, au_moins: 5, en: 1 h}",
			"« rythme » demande « par », « au_moins » et « en »");
	rule->rate.by = (enum rule_rate_by)read_choice(l, by, rate_choices, RATE_CHOICES, 0);
	rule->rate.at_least = number(l, node, "at_least", &rate_keys, 2, RULE_RATE_MAX, 2);
	rule->rate.within_ms = CLOCK_HOUR;
	if (within && yaml_duration(&l->source->yaml, within, &rule->rate.within_ms, l->p) == 0 &&
		(rule->rate.within_ms <= 0 || rule->rate.within_ms > RATE_WINDOW_MAX))
		complain(l, within, "par exemple 10 min, 2 h ou 3 j", "de 1 seconde à 7 jours");
}
