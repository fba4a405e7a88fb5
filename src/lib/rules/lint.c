/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "persons.h"

struct linter *lint_new(int64_t now)
{
	struct linter *k = xcalloc(1, sizeof(*k));

	k->now = now;
	k->used = map_new();
	return k;
}

struct linter *lint_free(struct linter *k)
{
	if (!k)
		return NULL;
	free(k->atoms);
	free(k->terms);
	free(k->rules);
	map_free(k->used);
	problems_release(&k->found);
	free(k);
	return NULL;
}

/* --- what is kept while packs are read */

void lint_note_atom(struct loader *l, const struct yaml_node *node, uint32_t atom,
	enum term_style style, bool regex)
{
	struct linter *k = l->lint;
	struct lint_atom *a;

	if (!k)
		return;
	a = list_add(k, atoms);
	*a = (struct lint_atom){.rule = l->rule,
		.atom = atom,
		.regex = regex,
		.style = style,
		.path = arena_string(&l->r->arena, slice_of(l->source->yaml.path)),
		.line = node->line,
		.column = node->column,
		.first_term = k->n_terms};
}

void lint_note_term(struct loader *l, struct slice text)
{
	struct linter *k = l->lint;

	if (!k || !k->n_atoms)
		return;
	*list_add(k, terms) = arena_copy(&l->r->arena, text);
	k->atoms[k->n_atoms - 1].n_terms++;
}

void lint_note_cost(struct loader *l, uint32_t atom)
{
	struct match_cost cost;

	if (!l->lint)
		return;
	match_cost(l->match, atom, &cost);
	l->lint->atoms[l->lint->n_atoms - 1].way = cost.way;
	l->lint->atoms[l->lint->n_atoms - 1].rate = cost.rate;
}

void lint_note_guessed(struct loader *l, struct slice text, const struct inflect_forms *forms)
{
	struct lint_atom *a =
		l->lint && l->lint->n_atoms ? &l->lint->atoms[l->lint->n_atoms - 1] : NULL;

	for (size_t i = 0; a && !a->guessed.n && i < forms->n; i++) {
		struct slice form = forms->list[i];

		if (slice_equal(form, text) || !inflect_is_word(l->inflect, form, INFLECT_PLAIN))
			continue;
		a->guessed = arena_copy(&l->r->arena, text);
		a->guessed_form = arena_copy(&l->r->arena, form);
	}
}

static struct slice named_key(
	struct buf *key, const struct source *in, const char *kind, struct slice name)
{
	buf_clear(key);
	buf_printf(key, "%s/%s/%.*s", in->name, kind, (int)name.n, name.p);
	return buf_slice(key);
}

void lint_note_named(
	const struct loader *l, const struct source *in, const char *kind, struct slice name)
{
	_buf_ struct buf key = {0};

	if (l->lint)
		*map_at(l->lint->used, named_key(&key, in, kind, name), NULL) = 1;
}

void read_accepted(struct loader *l, const struct yaml_node *map, const struct key_table *keys)
{
	const struct yaml_node *node = get(map, "accepted", keys), *value;
	struct lint_rule kept = {.false_positives = get(map, "false_positives", keys) != NULL};
	struct slice why;

	if (node && node->type != YAML_MAP) {
		complain(l, node,
			"par exemple : admis: {communes: \"le nom ne vient jamais seul\"}",
			"« admis » est une table : un contrôle, puis la raison");
	} else if (node) {
		check_keys(l, node, &accept_keys);
		kept.line = node->line;
		kept.column = node->column;
		for (size_t i = 0; i < LINTS; i++) {
			value = get(node, accept_keys.keys[i].english, &accept_keys);
			why = (struct slice){0};
			if (!value || yaml_string(&l->source->yaml, value, &why, l->p) < 0)
				continue;
			kept.accepted[i] = true;
			if (!why.n)
				complain(l, value,
					"écrivez derrière les deux-points pourquoi c'est voulu",
					"la raison manque");
		}
	}
	if (l->lint)
		*list_add(l->lint, rules) = kept;
}

struct lint_atom *lint_atom_of(const struct linter *k, uint32_t atom)
{
	for (size_t low = 0, high = k->n_atoms; low < high;) { /* they come in their order */
		size_t middle = low + (high - low) / 2;

		if (k->atoms[middle].atom == atom)
			return &k->atoms[middle];
		if (k->atoms[middle].atom < atom)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Which atoms are a match of their rule by themselves: no other condition must find something too. */
static void mark_alone(struct linter *k, const struct condition *c, bool alone)
{
	struct lint_atom *a = c->type == CONDITION_ATOM ? lint_atom_of(k, c->atom) : NULL;
	size_t finding = 0;

	if (c->type == CONDITION_NOT)
		return;
	if (a) {
		a->in_when = true;
		a->alone = alone;
	}
	for (size_t i = 0; i < c->n; i++)
		finding += finds(c->children[i]);
	alone &= c->type != CONDITION_NEAR && c->type != CONDITION_CLUES &&
		(c->type != CONDITION_COUNT || c->at_least < 2) &&
		(c->type != CONDITION_ALL || finding < 2);
	for (size_t i = 0; i < c->n; i++)
		mark_alone(k, c->children[i], alone);
}

/* --- what is said */

void lint_say(struct linter *k, enum lint lint, uint32_t rule, const struct rule_place *at,
	const char *hint, const char *format, ...)
{
	_free_ char *text = NULL;
	va_list ap;

	k->rules[rule].met[lint] = true;
	if (k->rules[rule].accepted[lint])
		return;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text)
		problem_add(&k->found, PROBLEM_WARNING, at->path, at->line, at->column, hint, "%s",
			text);
}

static void warn(struct linter *k, const struct rule *rule, const char *hint, const char *text)
{
	problem_add(&k->found, PROBLEM_WARNING, rule->path, rule->line, rule->column, hint,
		"« %.*s » %s", (int)rule->id.n, rule->id.p, text);
}

static void check_examples(struct loader *l)
{
	struct linter *k = l->lint;
	bool(*has)[2] = xcalloc(l->r->n_rules + 1, sizeof(*has));

	for (size_t i = 0; i < l->r->n_samples; i++)
		if (l->r->samples[i].kind != SAMPLE_TODO)
			has[l->r->samples[i].rule][l->r->samples[i].kind == SAMPLE_NO_MATCH] = true;
	for (size_t i = 0; i < l->r->n_rules; i++) {
		const struct rule *rule = &l->r->rules[i];

		if (rule->status == RULE_RETIRED)
			continue;
		if (!has[i][0] || !has[i][1])
			warn(k, rule, "exemples: {oui: ['…', '…'], non: ['…', '…']}",
				has[i][0]
					? "n'a pas d'exemple « non » : une phrase voisine à laisser"
					: has[i][1]
					? "n'a pas d'exemple « oui » : une phrase à reconnaître"
					: "n'a pas d'exemples");
		if (!rule->topic && !k->rules[i].false_positives)
			warn(k, rule,
				"faux_positifs: ce qui pourrait tromper la règle, en une phrase",
				"ne dit pas ce qui pourrait la tromper");
	}
	free(has);
}

static void check_dates(struct loader *l)
{
	char today[CLOCK_TEXT];

	clock_format(l->lint->now, today);
	for (size_t i = 0; i < l->r->n_rules; i++) {
		const struct rule *rule = &l->r->rules[i];

		if (rule->status == RULE_RETIRED)
			continue;
		if (rule->expires && rule->expires <= l->lint->now)
			warn(l->lint, rule, "reculez « expire_le », ou « statut: retirée »",
				"a expiré : elle ne reconnaît plus rien");
		if (rule->review_by.n &&
			slice_compare(rule->review_by, (struct slice){today, 10}) < 0)
			warn(l->lint, rule, "relisez la règle, puis reculez « revoir_avant »",
				"devait être relue avant une date qui est passée");
	}
}

/* Names that the engine's own readers look up: no rule need name them. */
static bool is_reserved(struct slice name)
{
	for (size_t i = 0; i < CUES; i++)
		if (slice_is(name, cue_lists[i].name))
			return true;
	return slice_is(name, "comptes_officiels");
}

static void check_used(struct loader *l, const struct source *s, const char *kind, const char *what)
{
	const struct yaml_node *map = get(s->yaml.root, kind, &pack_keys);
	_buf_ struct buf key = {0};

	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++) {
		struct slice name = map->keys[i]->text;

		if (!is_reserved(name) && !map_find(l->lint->used, named_key(&key, s, kind, name)))
			problem_add(&l->lint->found, PROBLEM_WARNING, s->yaml.path,
				map->keys[i]->line, map->keys[i]->column,
				"supprimez-la, ou corrigez le nom là où elle devait servir",
				"%s « %.*s » ne sert à aucune règle", what, (int)name.n, name.p);
	}
}

static void check_names(struct loader *l)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct source *s = &l->sources[i];

		if (s->shared || s->is_override || s->is_cases ||
			!s->yaml.root) /* shared: for whoever comes */
			continue;
		check_used(l, s, "lists", "la liste");
		check_used(l, s, "macros", "la macro");
		check_used(l, s, "exceptions", "l'exception");
	}
}

static void check_accepted(struct loader *l)
{
	for (size_t i = 0; i < l->r->n_rules; i++) {
		const struct lint_rule *rule = &l->lint->rules[i];

		for (size_t k = 0; k < LINTS; k++)
			if (rule->accepted[k] && !rule->met[k] &&
				(k != LINT_DICTIONARY || inflect_count(l->inflect)))
				problem_add(&l->lint->found, PROBLEM_WARNING, l->r->rules[i].path,
					rule->line, rule->column, "retirez-le de « admis »",
					"« %s » n'a plus lieu d'être : ce contrôle ne trouve rien",
					accept_keys.keys[k].french ? accept_keys.keys[k].french
								   : accept_keys.keys[k].english);
	}
}

/* --- all of them */

static int by_place(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	if (c)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* In the order of the files; what a macro has is said once, however many rules use it. */
static void hand_over(struct linter *k, struct problems *to)
{
	struct problem *list = k->found.list;

	if (k->found.n)
		qsort(list, k->found.n, sizeof(*list), by_place);
	for (size_t i = 0; i < k->found.n; i++)
		if (!i || by_place(&list[i - 1], &list[i]) != 0)
			problem_add(to, PROBLEM_WARNING, list[i].path, list[i].line, list[i].column,
				list[i].hint, "%s", list[i].text);
}

void lint(struct loader *l)
{
	struct scorer *s = scorer_new(l->r);

	for (size_t i = 0; i < l->r->n_rules; i++)
		if (l->r->rules[i].status != RULE_RETIRED)
			mark_alone(l->lint, l->r->rules[i].when, true);
	check_examples(l);
	check_dates(l);
	check_names(l);
	lint_logic(l, s);
	lint_words(l, s);
	lint_cost(l);
	check_accepted(l);
	lint_nominative(l);
	hand_over(l->lint, l->p);
	scorer_free(s);
}
