/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rules that can never match, and rules that say the same. A condition is told from another by a number (a hash of what
 * it means: words in any order, lists in place); words that an exception always takes away are found by asking the
 * engine. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "lint.h"
#include "scorer.h"

#define SHOWN 4u /* words named in one warning */

/* --- what a condition means, as a number */

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
	return h * 0xD6E8FEB86659FD93u;
}

static uint64_t of_text(struct slice s)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3u;
	return h;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Of a set: in any order, each once. */
static uint64_t of_set(uint64_t seed, uint64_t *list, size_t n)
{
	if (n)
		qsort(list, n, sizeof(*list), compare_numbers);
	for (size_t i = 0; i < n; i++)
		if (!i || list[i] != list[i - 1])
			seed = mix(seed, list[i]);
	return seed;
}

static uint64_t of_atom(const struct linter *k, uint32_t number, bool disguise)
{
	const struct lint_atom *a = lint_atom_of(k, number);
	uint64_t *list, h;

	if (!a)
		return mix(7, number);
	list = xcalloc(a->n_terms + 1, sizeof(*list));
	for (size_t i = 0; i < a->n_terms; i++)
		list[i] = of_text(k->terms[a->first_term + i]);
	h = of_set(mix(11, 4u * a->style + 2u * a->regex + disguise), list, a->n_terms);
	free(list);
	return h;
}

static uint64_t of_values(const struct condition *c)
{
	uint64_t *list = xcalloc(c->n_values + 1, sizeof(*list)), h;

	for (size_t i = 0; i < c->n_values; i++)
		list[i] = of_text(c->values[i]);
	h = of_set(mix(13, c->field), list, c->n_values);
	free(list);
	return h;
}

static uint64_t meaning(const struct linter *k, const struct condition *c, bool disguise)
{
	uint64_t *list, h = mix(c->type, c->within);

	if (c->type == CONDITION_ATOM)
		return of_atom(k, c->atom, disguise);
	if (c->type == CONDITION_FIELD)
		return of_values(c);
	if (c->n == 1 && (c->type == CONDITION_ANY || c->type == CONDITION_ALL))
		return meaning(k, c->children[0], disguise);
	list = xcalloc(c->n + 1, sizeof(*list));
	for (size_t i = 0; i < c->n; i++)
		list[i] = mix(
			meaning(k, c->children[i], disguise), c->worth ? (uint8_t)c->worth[i] : 0);
	h = mix(h, c->ordered | c->distinct << 1 | c->asked << 2 | (uint64_t)c->wanted << 10);
	h = mix(mix(h, c->at_least), c->at_most);
	if (c->ordered) {
		for (size_t i = 0; i < c->n; i++)
			h = mix(h, list[i]);
	} else {
		h = of_set(h, list, c->n);
	}
	free(list);
	return h;
}

/* --- rules that say the same */

static bool is_same(const struct linter *k, const struct rule *a, const struct rule *b)
{
	if (a->topic != b->topic || !a->unless != !b->unless ||
		a->rate.at_least != b->rate.at_least)
		return false;
	return meaning(k, a->when, a->disguise) == meaning(k, b->when, b->disguise) &&
		(!a->unless ||
			meaning(k, a->unless, a->disguise) == meaning(k, b->unless, b->disguise));
}

struct seen {
	uint64_t when;
	uint32_t rule;
};

static int by_meaning(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static void check_same(struct loader *l)
{
	const struct rule *rules = l->r->rules;
	struct seen *list = xcalloc(l->r->n_rules + 1, sizeof(*list));
	size_t n = 0;

	for (uint32_t i = 0; i < l->r->n_rules; i++)
		if (rules[i].status != RULE_RETIRED)
			list[n++] = (struct seen){
				meaning(l->lint, rules[i].when, rules[i].disguise), i};
	qsort(list, n, sizeof(*list), by_meaning);
	for (size_t i = 1; i < n; i++) {
		const struct rule *a = &rules[list[i - 1].rule], *b = &rules[list[i].rule];
		struct rule_place at = place_of(b);

		if (list[i - 1].when == list[i].when && is_same(l->lint, a, b))
			lint_say(l->lint, LINT_DUPLICATE, list[i].rule, &at,
				"gardez-en une ; voulu : admis: {doublon: pourquoi}",
				"« %.*s » a la même condition que « %.*s » (%s:%u)", (int)b->id.n,
				b->id.p, (int)a->id.n, a->id.p, a->path, a->line);
	}
	free(list);
}

/* --- rules that can never match */

/* Whether an exception holds wherever the condition does: it is the condition, or one of what makes it up. */
static bool excuses(const struct linter *k, const struct condition *unless,
	const struct condition *when, bool disguise)
{
	if (unless->type == CONDITION_ANY || (unless->type == CONDITION_ALL && unless->n == 1)) {
		for (size_t i = 0; i < unless->n; i++)
			if (excuses(k, unless->children[i], when, disguise))
				return true;
		return false;
	}
	if (meaning(k, unless, disguise) == meaning(k, when, disguise))
		return true;
	if (when->type != CONDITION_NEAR && when->type != CONDITION_CONTEXT &&
		when->type != CONDITION_COUNT)
		return false;
	for (size_t i = 0; i < when->n; i++)
		if (excuses(k, unless, when->children[i], disguise))
			return true;
	return false;
}

static bool has_value(const struct condition *c, struct slice value)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (slice_equal(c->values[i], value))
			return true;
	return false;
}

/* Two fields that no comment has together: of one kind, and no value is common (or each is forbidden). */
static bool exclude(const struct condition *a, const struct condition *b, bool forbidden)
{
	if (a->type != CONDITION_FIELD || b->type != CONDITION_FIELD || a->field != b->field)
		return false;
	for (size_t i = 0; i < a->n_values; i++)
		if (has_value(b, a->values[i]) != forbidden)
			return false;
	return true;
}

static bool forbids(const struct linter *k, const struct condition * not, const struct condition *c,
	bool disguise)
{
	return excuses(k, not ->children[0], c, disguise) || exclude(c, not ->children[0], true);
}

#define TOGETHER_MAX 64u /* conditions of one « ensemble », nested ones counted */

/* The conditions that must all hold: of an « ensemble », with those of the ones inside it. */
static size_t together(const struct condition *c, const struct condition **list, size_t n)
{
	if (c->type != CONDITION_ALL) {
		if (n < TOGETHER_MAX)
			list[n++] = c;
		return n;
	}
	for (size_t i = 0; i < c->n; i++)
		n = together(c->children[i], list, n);
	return n;
}

static bool any_excluded(const struct linter *k, const struct condition *c, bool disguise)
{
	const struct condition *list[TOGETHER_MAX];
	size_t n = together(c, list, 0);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (i != j &&
				(exclude(list[i], list[j], false) ||
					(list[j]->type == CONDITION_NOT &&
						forbids(k, list[j], list[i], disguise))))
				return true;
	return false;
}

/* Whether a condition can never hold. */
static bool contradicts(const struct linter *k, const struct condition *c, bool disguise)
{
	size_t n = 0;

	if (c->type == CONDITION_NOT)
		return false;
	if (c->type == CONDITION_ALL && any_excluded(k, c, disguise))
		return true;
	for (size_t i = 0; i < c->n; i++)
		n += contradicts(k, c->children[i], disguise);
	return c->type == CONDITION_ANY || c->type == CONDITION_CLUES ? n && n == c->n : n > 0;
}

static bool check_conditions(struct loader *l, uint32_t i)
{
	const struct rule *rule = &l->r->rules[i];
	struct rule_place at = place_of(rule);

	if (rule->unless && excuses(l->lint, rule->unless, rule->when, rule->disguise))
		lint_say(l->lint, LINT_IMPOSSIBLE, i, &at,
			"ôtez de « sauf » ce que « quand » demande",
			"« %.*s » ne reconnaît jamais rien : « sauf » efface tout ce que « quand » trouve",
			(int)rule->id.n, rule->id.p);
	else if (contradicts(l->lint, rule->when, rule->disguise))
		lint_say(l->lint, LINT_IMPOSSIBLE, i, &at,
			"« ensemble » et les clés d'une même table doivent toutes tenir : au choix, « au_choix »",
			"« %.*s » ne reconnaît jamais rien : ses conditions s'excluent",
			(int)rule->id.n, rule->id.p);
	else
		return false;
	return true;
}

/* --- words that an exception always takes away */

/* Words and neighbours alone: what they find in a term they find wherever the term stands. */
static bool is_plain(const struct condition *c)
{
	if (c->type != CONDITION_ATOM && c->type != CONDITION_ANY && c->type != CONDITION_NEAR)
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (!is_plain(c->children[i]))
			return false;
	return true;
}

static bool is_dead(struct scorer *s, const struct rule *rule, struct slice term)
{
	struct comment c = {.source = SLICE("x"), .id = SLICE("1"), .text = term};
	struct rule bare = *rule;

	begin(s, &c);
	if (evaluate(s, rule, 0))
		return false;
	bare.unless = NULL;
	return evaluate(s, &bare, 0);
}

static void check_terms(struct loader *l, struct scorer *s, const struct lint_atom *a)
{
	const struct rule *rule = &l->r->rules[a->rule];
	struct rule_place at = {.path = a->path, .line = a->line, .column = a->column};
	_buf_ struct buf shown = {0};
	unsigned n = 0;

	for (size_t i = 0; i < a->n_terms; i++) {
		struct slice term = l->lint->terms[a->first_term + i];

		if (is_dead(s, rule, term) && n++ < SHOWN)
			buf_printf(&shown, "%s%.*s", n > 1 ? ", " : "", (int)term.n, term.p);
	}
	if (n)
		lint_say(l->lint, LINT_IMPOSSIBLE, a->rule, &at,
			"ôtez-les d'ici ou de « sauf » ; voulu : admis: {impossible: pourquoi}",
			"« %.*s » ne reconnaît jamais « %s%s » : « sauf » l'efface toujours",
			(int)rule->id.n, rule->id.p, buf_string(&shown), n > SHOWN ? "…" : "");
}

void lint_logic(struct loader *l, struct scorer *s)
{
	bool *said = xcalloc(l->r->n_rules + 1, sizeof(*said));

	check_same(l);
	for (uint32_t i = 0; i < l->r->n_rules; i++)
		said[i] = l->r->rules[i].status == RULE_RETIRED || check_conditions(l, i);
	for (size_t i = 0; i < l->lint->n_atoms; i++) {
		const struct lint_atom *a = &l->lint->atoms[i];
		const struct condition *unless = l->r->rules[a->rule].unless;

		if (a->alone && !a->regex && unless && !said[a->rule] && is_plain(unless))
			check_terms(l, s, a);
	}
	free(said);
}
