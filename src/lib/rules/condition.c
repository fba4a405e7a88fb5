/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions: any, all, not, near over words, verbs, phrase, regex, contains; and those that have a name. */
#include "lint.h"

#define WITHIN_DEFAULT 5u
#define WITHIN_MAX 50

struct condition *new_condition(struct loader *l, enum condition_type type)
{
	struct condition *c = arena_zero(&l->r->arena, sizeof(*c));

	c->type = type;
	return c;
}

/* --- leaves */

static struct condition *leaf(
	struct loader *l, const struct yaml_node *node, enum term_style style, bool regex)
{
	struct condition *c = new_condition(l, CONDITION_ATOM);

	c->atom = match_add_atom(l->match, MATCH_NOBODY);
	lint_note_atom(l, node, c->atom, style, regex);
	return c;
}

static struct condition *read_words(
	struct loader *l, const struct yaml_node *node, enum term_style style)
{
	struct condition *c = leaf(l, node, style, false);

	add_words(l, node, style, c->atom);
	return c;
}

static struct condition *read_regexes(struct loader *l, const struct yaml_node *node)
{
	struct condition *any;

	if (node->type == YAML_SCALAR) {
		struct condition *c = leaf(l, node, STYLE_PHRASE, true);

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
			complain(l, node->items[i], "entre apostrophes, une par ligne : - '…'",
				"une expression est attendue");
			continue;
		}
		any->children[any->n] = leaf(l, node->items[i], STYLE_PHRASE, true);
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
		struct condition *child = read_condition(l, node->items[i], depth + 1);

		if (child)
			c->children[c->n++] = child;
	}
	return c->n ? c : NULL;
}

uint32_t read_within(struct loader *l, const struct yaml_node *node, uint32_t otherwise)
{
	struct slice s = {0}, unit;
	uint32_t v = 0;
	size_t i = 0;

	if (!node || yaml_string(&l->source->yaml, node, &s, l->p) < 0)
		return otherwise;
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v <= WITHIN_MAX)
		v = 10 * v + (uint32_t)(s.p[i++] - '0');
	unit = (struct slice){s.p + i, s.n - i};
	if (i && v <= WITHIN_MAX &&
		(!unit.n || slice_is(unit, " mots") || slice_is(unit, " mot") ||
			slice_is(unit, " words") || slice_is(unit, " word")))
		return v;
	complain(l, node, "par exemple : distance: 3 mots",
		"une distance de 0 à %d mots est attendue", WITHIN_MAX);
	return otherwise;
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
	check_keys(l, node, &near_keys);
	all = get(node, "all", &near_keys);
	if (!all || all->type != YAML_LIST || all->n < 2) {
		complain(l, all ? all : node, "ensemble: [{mots: …}, {mots: …}]",
			"« proche » rapproche au moins deux conditions");
		return NULL;
	}
	c = read_list(l, all, CONDITION_NEAR, depth);
	if (!c)
		return NULL;
	c->within = read_within(l, get(node, "within", &near_keys), WITHIN_DEFAULT);
	if (yaml_bool(&l->source->yaml, get(node, "ordered", &near_keys), &c->ordered, l->p) < 0)
		c->ordered = false;
	return c;
}

static struct condition *read_not(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	struct condition *c = new_condition(l, CONDITION_NOT);
	bool before = l->within_unless;

	l->within_unless = true;
	c->children = arena_zero(&l->r->arena, sizeof(*c->children));
	c->children[0] = read_condition(l, node, depth + 1);
	l->within_unless = before;
	c->n = c->children[0] ? 1 : 0;
	return c->n ? c : NULL;
}

/* --- macros and named exceptions */

enum named_state { NAMED_UNREAD, NAMED_OPEN, NAMED_READ };

/* Every use reads the named condition again, for what is disguised depends on the rule; its problems are said once. */
static struct condition *read_body(struct loader *l, const struct yaml_node *at,
	const struct yaml_node *body, const struct source *in, bool again, unsigned depth)
{
	const struct source *before = l->source;
	struct problems unsaid = {0}, *said = l->p;
	struct condition *c;

	if (again)
		l->p = &unsaid;
	l->source = in;
	c = read_condition(l, body, depth + 1);
	l->source = before;
	l->p = said;
	/* wrong here alone: nested too deep at this place */
	if (unsaid.errors && !said->errors)
		complain(l, at, unsaid.list[0].hint, "%s", unsaid.list[0].text);
	problems_release(&unsaid);
	return c;
}

static struct condition *read_named(
	struct loader *l, const struct yaml_node *node, const char *kind, unsigned depth)
{
	const struct source *in;
	const struct yaml_node *body;
	struct condition *c;
	struct slice name = {0};
	_buf_ struct buf key = {0};
	uint64_t state;

	if (yaml_string(&l->source->yaml, node, &name, l->p) < 0)
		return NULL;
	body = find_named(l, kind, name, &in);
	if (!body) {
		missing_named(l, node, kind, name);
		return NULL;
	}
	buf_printf(&key, "%s/%s/%.*s", in->name, kind, (int)name.n, name.p);
	state = *map_at(l->named, buf_slice(&key), NULL);
	if (state == NAMED_OPEN) {
		complain(l, node, "retirez de sa définition l'appel à elle-même",
			"« %.*s » ne peut pas se contenir elle-même", (int)name.n, name.p);
		return NULL;
	}
	*map_at(l->named, buf_slice(&key), NULL) = NAMED_OPEN;
	c = read_body(l, node, body, in, state == NAMED_READ, depth);
	*map_at(l->named, buf_slice(&key), NULL) = NAMED_READ;
	return c;
}

static struct condition *read_exception(
	struct loader *l, const struct yaml_node *node, unsigned depth)
{
	if (l->within_unless)
		return read_named(l, node, "exceptions", depth);
	complain(l, node, "une condition à reconnaître se nomme sous « macros »",
		"« exception » ne s'emploie que dans « sauf »");
	return NULL;
}

/* --- a map of keys: all of them hold */

static struct condition *read_key(
	struct loader *l, const struct yaml_node *value, const char *key, unsigned depth)
{
	static const struct {
		const char *key;
		enum term_style style;
	} words[] = {{"words", STYLE_WORDS}, {"verbs", STYLE_VERBS}, {"phrase", STYLE_PHRASE},
		{"contains", STYLE_CONTAINS}};
	static const struct {
		const char *key;
		enum comment_field field;
	} fields[] = {{"source", FIELD_SOURCE}, {"lang", FIELD_LANG}, {"thread", FIELD_THREAD},
		{"author", FIELD_AUTHOR}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(key, words[i].key) == 0)
			return read_words(l, value, words[i].style);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (strcmp(key, fields[i].key) == 0)
			return read_field(l, value, fields[i].field);
	if (strcmp(key, "any") == 0)
		return read_list(l, value, CONDITION_ANY, depth);
	if (strcmp(key, "all") == 0)
		return read_list(l, value, CONDITION_ALL, depth);
	if (strcmp(key, "near") == 0)
		return read_near(l, value, depth);
	if (strcmp(key, "regex") == 0)
		return read_regexes(l, value);
	if (strcmp(key, "count") == 0)
		return read_count(l, value, depth);
	if (strcmp(key, "clues") == 0)
		return read_clues(l, value, depth);
	if (strcmp(key, "macro") == 0)
		return read_named(l, value, "macros", depth);
	if (strcmp(key, "exception") == 0)
		return read_exception(l, value, depth);
	return strcmp(key, "not") == 0 ? read_not(l, value, depth) : NULL;
}

bool finds(const struct condition *c)
{
	bool any = false, all = true;

	if (c->type == CONDITION_ATOM)
		return true;
	if (c->type == CONDITION_NOT || c->type == CONDITION_FIELD)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		bool found = finds(c->children[i]);

		any |= found;
		all &= found;
	}
	return c->type == CONDITION_ALL ? any : all;
}

static struct condition *read_map(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	const struct yaml_node *context = get(node, "context", &condition_keys),
			       *rate = get(node, "rate", &condition_keys);
	struct condition *all = new_condition(l, CONDITION_ALL), *c;
	/* what is missing because of another problem need not be said twice */
	size_t errors = l->p->errors;
	bool quiet;

	check_keys(l, node, &condition_keys);
	all->children = arena_zero(&l->r->arena, condition_keys.n * sizeof(*all->children));
	for (size_t i = 0; i < condition_keys.n; i++) {
		const char *key = condition_keys.keys[i].english;
		const struct yaml_node *value = get(node, key, &condition_keys);

		if (value && (c = read_key(l, value, key, depth)))
			all->children[all->n++] = c;
	}
	if (rate)
		read_rate(l, rate, depth);
	c = all->n > 1 ? all : all->n ? all->children[0] : NULL;
	quiet = !c && (l->p->errors > errors || l->n_broken);
	if (context && !quiet)
		c = read_context(l, context, c);
	else if (!c && rate && !quiet)
		complain(l, node, "ajoutez mots, expression ou proche à côté de « rythme »",
			"il faut quelque chose à compter");
	return c;
}

struct condition *read_condition(struct loader *l, const struct yaml_node *node, unsigned depth)
{
	if (depth > CONDITION_DEPTH_MAX) {
		complain(l, node, "nommez une partie sous « macros », ou simplifiez",
			"conditions imbriquées sur plus de %u niveaux", CONDITION_DEPTH_MAX);
		return NULL;
	}
	if (++l->n_conditions > CONDITIONS_MAX) {
		if (l->n_conditions == CONDITIONS_MAX + 1)
			complain(l, node, "découpez la règle, ou employez une liste de mots",
				"plus de %u conditions dans une règle", CONDITIONS_MAX);
		return NULL;
	}
	if (node->type == YAML_LIST)
		return read_list(l, node, CONDITION_ANY, depth);
	if (node->type != YAML_MAP || !node->n) {
		complain(l, node, "par exemple : {mots: [mot, autre mot]}",
			"une condition est attendue");
		return NULL;
	}
	return read_map(l, node, depth);
}
