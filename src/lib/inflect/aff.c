/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .aff file: options, and affix rules in groups of one flag. */
#include "dict.h"

#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

struct aff {
	struct reader r;
	struct slice flag_text; /* of the group that is being read */
	uint16_t flag;
	size_t due; /* rules that it still announces */
	bool seen_flags; /* FLAG comes too late now */
};

static int announced(struct aff *a, struct slice text, size_t max, size_t *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || n > max)
			return reader_fault(&a->r, "nombre attendu", text);
		n = n * 10 + (size_t)(text.p[i] - '0');
	}
	if (!text.n || n > max)
		return reader_fault(&a->r, "nombre attendu", text);
	*ret = n;
	return 0;
}

/* FLAG, NEEDAFFIX and their like: one flag. */
static int one_flag(struct aff *a, struct slice text, uint16_t *ret)
{
	struct dict *d = a->r.d;
	struct flags f;
	bool declared = d->flags_aliases.declared;
	int error;

	d->flags_aliases.declared = false; /* never by alias here */
	error = reader_flags(&a->r, text, &f);
	d->flags_aliases.declared = declared;
	if (error < 0)
		return error;
	if (f.n != 1)
		return reader_fault(&a->r, "un drapeau, un seul, est attendu", text);
	*ret = d->pool[f.first];
	d->n_pool = f.first;
	a->seen_flags = true;
	return 0;
}

static int flag_kind(struct aff *a, struct slice text)
{
	if (a->seen_flags)
		return reader_fault(&a->r, "FLAG vient après un drapeau", text);
	if (slice_is(text, "long"))
		a->r.d->flag_kind = FLAG_LONG;
	else if (slice_is(text, "num"))
		a->r.d->flag_kind = FLAG_NUM;
	else if (slice_is(text, "UTF-8"))
		a->r.d->flag_kind = FLAG_UTF8;
	else
		return reader_fault(&a->r, "genre de drapeau inconnu", text);
	return 0;
}

/* The first AF or AM line announces how many follow. */
static int alias(struct aff *a, struct aliases *list, struct slice text)
{
	if (!list->declared) {
		list->declared = true;
		return announced(a, text, DICT_RULES_MAX, &list->expected);
	}
	if (list->n == list->expected)
		return reader_fault(&a->r, "plus d'alias qu'annoncé", text);
	list->list = xgrow(list->list, list->n, &list->cap, sizeof(*list->list));
	list->list[list->n++] = text;
	return 0;
}

/* Measures a condition: characters, and whether it is plain text. */
static int condition(struct aff *a, struct slice text, struct rule *rule)
{
	size_t i = 0, length = 0;
	bool literal = true;

	if (slice_is(text, ".") || !text.n)
		text.n = 0;
	while (i < text.n) {
		if (text.p[i] == ']')
			return reader_fault(&a->r, "crochet fermant sans ouvrant", text);
		if (text.p[i] == '[') {
			const char *end = memchr(text.p + i, ']', text.n - i);
			size_t empty = i + 1 < text.n && text.p[i + 1] == '^' ? 2 : 1;

			if (!end || (size_t)(end - text.p) == i + empty)
				return reader_fault(&a->r, "crochets vides ou sans fin", text);
			i = (size_t)(end - text.p) + 1;
			literal = false;
		} else {
			literal &= text.p[i] != '.';
			utf8_next(text, &i);
		}
		if (++length > UINT8_MAX)
			return reader_fault(&a->r, "condition trop longue", text);
	}
	rule->condition = text;
	rule->condition_length = (uint8_t)length;
	rule->literal = literal;
	return 0;
}

static int group_begin(struct aff *a, bool prefix, struct slice flag_text, struct slice rest)
{
	struct dict *d = a->r.d;
	struct slice cross = reader_word(&rest), count = reader_word(&rest);
	int error = one_flag(a, flag_text, &a->flag);

	if (error < 0)
		return error;
	if (!slice_is(cross, "Y") && !slice_is(cross, "N"))
		return reader_fault(&a->r, "Y ou N attendu", cross);
	if (d->group_of[a->flag])
		return reader_fault(&a->r, "groupe déjà défini", flag_text);
	error = announced(a, count, DICT_RULES_MAX, &a->due);
	if (error < 0)
		return error;
	if (d->n_groups == d->cap_groups) {
		d->cap_groups *= 2;
		d->groups = xreallocarray(d->groups, d->cap_groups, sizeof(*d->groups));
	}
	d->groups[d->n_groups] =
		(struct group){(uint32_t)d->n_rules, 0, prefix, slice_is(cross, "Y")};
	d->group_of[a->flag] = (uint16_t)d->n_groups++;
	a->flag_text = flag_text;
	return 0;
}

static struct slice unless_zero(struct slice s)
{
	return slice_is(s, "0") ? (struct slice){s.p, 0} : s;
}

static int rule_line(struct aff *a, struct slice rest)
{
	struct dict *d = a->r.d;
	struct group *g = &d->groups[d->n_groups - 1];
	struct slice strip = reader_word(&rest), add = reader_word(&rest), next = {0}, where;
	const char *slash = add.n ? memchr(add.p, '/', add.n) : NULL;
	struct rule rule = {.flag = a->flag};
	int error;

	if (!strip.n || !add.n)
		return reader_fault(&a->r, "règle incomplète", a->flag_text);
	if (slash) {
		next = (struct slice){slash + 1, add.n - (size_t)(slash - add.p) - 1};
		add.n = (size_t)(slash - add.p);
	}
	rule.strip = unless_zero(strip);
	rule.add = unless_zero(add);
	where = reader_word(&rest);
	error = condition(a, where, &rule);
	if (error == 0)
		error = reader_flags(&a->r, next, &rule.next);
	if (error == 0)
		error = reader_marks(&a->r, rest, &rule.marks, NULL);
	if (error < 0)
		return error;
	rule.off = g->prefix && rule.add.n && memchr(rule.add.p, '\'', rule.add.n);
	if (d->n_rules == DICT_RULES_MAX)
		return error_set(
			a->r.e, -EFBIG, "%s : plus de %zu règles", a->r.name, DICT_RULES_MAX);
	d->rules = xgrow(d->rules, d->n_rules, &d->cap_rules, sizeof(*d->rules));
	d->rules[d->n_rules++] = rule;
	g->n++;
	a->due--;
	return 0;
}

static int affix(struct aff *a, bool prefix, struct slice rest)
{
	struct slice flag_text = reader_word(&rest);

	if (!flag_text.n)
		return reader_fault(&a->r, "drapeau attendu", rest);
	if (!a->due)
		return group_begin(a, prefix, flag_text, rest);
	if (!slice_equal(flag_text, a->flag_text) ||
		a->r.d->groups[a->r.d->n_groups - 1].prefix != prefix)
		return reader_fault(&a->r, "règle d'un autre groupe que celui annoncé", flag_text);
	return rule_line(a, rest);
}

static int line(struct aff *a, struct slice text)
{
	struct dict *d = a->r.d;
	struct slice option = reader_word(&text), rest = text, value = reader_word(&rest);

	if (slice_is(option, "SFX") || slice_is(option, "PFX"))
		return affix(a, *option.p == 'P', text);
	if (slice_is(option, "SET"))
		return slice_is(value, "UTF-8")
			? 0
			: reader_fault(&a->r, "SET UTF-8 est attendu, non", value);
	if (slice_is(option, "FLAG"))
		return flag_kind(a, value);
	if (slice_is(option, "AF"))
		return alias(a, &d->flags_aliases, value);
	if (slice_is(option, "AM")) {
		while (text.n && (*text.p == ' ' || *text.p == '\t'))
			text = (struct slice){text.p + 1, text.n - 1};
		return alias(a, &d->marks_aliases, d->marks_aliases.declared ? text : value);
	}
	if (slice_is(option, "FULLSTRIP"))
		d->full_strip = true;
	if (slice_is(option, "NEEDAFFIX"))
		return one_flag(a, value, &d->needs_affix);
	if (slice_is(option, "FORBIDDENWORD"))
		return one_flag(a, value, &d->forbidden);
	if (slice_is(option, "CIRCUMFIX"))
		return one_flag(a, value, &d->circumfix);
	if (slice_is(option, "ONLYINCOMPOUND"))
		return one_flag(a, value, &d->compound_only);
	return 0;
}

int aff_read(struct dict *d, const char *name, struct error *e)
{
	struct aff a = {.r = {d, name, buf_slice(&d->aff), 0, e}};
	struct slice text;

	d->cap_groups = 64;
	d->groups = xcalloc(d->cap_groups, sizeof(*d->groups));
	d->n_groups = 1;
	d->group_of = xcalloc(UINT16_MAX + 1, sizeof(*d->group_of));
	while (reader_line(&a.r, &text)) {
		int error = line(&a, text);

		if (error < 0)
			return error;
	}
	if (a.due)
		return reader_fault(&a.r, "il manque des règles au groupe", a.flag_text);
	for (size_t i = 0; i < d->n_rules; i++) {
		struct rule *rule = &d->rules[i];

		rule->needs_affix = flags_have(d, rule->next, d->needs_affix);
		rule->off |= flags_have(d, rule->next, d->circumfix) ||
			flags_have(d, rule->next, d->compound_only);
	}
	return 0;
}
