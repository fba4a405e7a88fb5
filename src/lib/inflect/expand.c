/* SPDX-License-Identifier: GPL-3.0-or-later
 * From an entry to its forms. */
#include "dict.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

#define DEPTH_MAX 2u /* a suffix behind a suffix, as Hunspell */

struct expansion {
	const struct dict *d;
	const struct entry *entry;
	form_fn *fn;
	void *arg;
	unsigned work;
};

static bool character_fits(struct slice condition, size_t *i, struct slice text, size_t *at)
{
	size_t from = *at, in = *i + 1, until = *i, c = 0;
	bool negated, found = false;

	utf8_next(text, at);
	if (condition.p[*i] == '.') {
		++*i;
		return true;
	}
	if (condition.p[*i] != '[') {
		utf8_next(condition, &until);
		c = until - *i;
		found = c == *at - from && memcmp(condition.p + *i, text.p + from, c) == 0;
		*i = until;
		return found;
	}
	negated = condition.p[in] == '^';
	in += negated;
	while (condition.p[in] != ']') {
		until = in;
		utf8_next(condition, &until);
		c = until - in;
		found |= c == *at - from && memcmp(condition.p + in, text.p + from, c) == 0;
		in = until;
	}
	*i = in + 1;
	return found != negated;
}

/* The byte at which an affix stands: most rules are ruled out by it, without a call. */
static char edge(struct slice s, bool prefix)
{
	return s.p[prefix ? 0 : s.n - 1];
}

bool condition_fits(const struct rule *rule, bool prefix, struct slice text)
{
	struct slice c = rule->condition;
	size_t at = 0, i = 0;

	if (rule->literal && c.n && text.n && edge(text, prefix) != edge(c, prefix))
		return false;
	if (rule->literal)
		return text.n >= c.n && memcmp(text.p + (prefix ? 0 : text.n - c.n), c.p, c.n) == 0;
	if (!prefix) {
		at = text.n;
		for (unsigned n = rule->condition_length; n; n--) {
			if (at == 0)
				return false;
			do
				at--;
			while (at && ((unsigned char)text.p[at] & 0xC0) == 0x80);
		}
	}
	while (i < c.n)
		if (at == text.n || !character_fits(c, &i, text, &at))
			return false;
	return true;
}

/* Writes the word with the affix; empty when the rule does not fit. */
static struct slice affixed(const struct dict *d, const struct rule *rule, bool prefix,
	struct slice word, char out[static DICT_FORM_MAX])
{
	struct slice none = {0}, strip = rule->strip, add = rule->add;
	size_t kept;

	if (word.n < strip.n || (word.n == strip.n && !d->full_strip))
		return none;
	if (strip.n && edge(word, prefix) != edge(strip, prefix))
		return none;
	kept = word.n - strip.n;
	if (kept + add.n > DICT_FORM_MAX || kept + add.n == 0)
		return none;
	if (strip.n && memcmp(word.p + (prefix ? 0 : kept), strip.p, strip.n) != 0)
		return none;
	if (!condition_fits(rule, prefix, word))
		return none;
	if (kept)
		memcpy(out + (prefix ? add.n : 0), word.p + (prefix ? strip.n : 0), kept);
	if (add.n)
		memcpy(out + (prefix ? 0 : kept), add.p, add.n);
	return (struct slice){out, kept + add.n};
}

/* Every suffix that the flags allow; of groups that may stand beside a prefix only, when crossed. */
static void suffixes(struct expansion *x, struct slice word, struct flags flags, uint32_t marks,
	bool crossed, unsigned depth)
{
	const struct dict *d = x->d;
	char out[DICT_FORM_MAX];

	for (size_t f = 0; f < flags.n; f++) {
		uint16_t at = d->group_of[d->pool[flags.first + f]];
		const struct group *g = &d->groups[at];

		if (!at || g->prefix || (crossed && !g->cross))
			continue;
		for (const struct rule *r = d->rules + g->first, *end = r + g->n; r < end; r++) {
			struct slice form;

			if (++x->work > DICT_ENTRY_WORK)
				return;
			form = r->off ? (struct slice){0} : affixed(d, r, false, word, out);
			if (!form.n)
				continue;
			if (!r->needs_affix)
				x->fn(x->arg, form, marks | r->marks);
			if (r->next.n && depth < DEPTH_MAX)
				suffixes(x, form, r->next, marks | r->marks, crossed, depth + 1);
		}
	}
}

static void prefixes(struct expansion *x)
{
	const struct dict *d = x->d;
	const struct entry *entry = x->entry;
	char out[DICT_FORM_MAX];

	for (size_t f = 0; f < entry->flags.n; f++) {
		uint16_t at = d->group_of[d->pool[entry->flags.first + f]];
		const struct group *g = &d->groups[at];

		if (!at || !g->prefix)
			continue;
		for (const struct rule *r = d->rules + g->first, *end = r + g->n; r < end; r++) {
			struct slice form;
			uint32_t marks = entry->marks | r->marks | MARK_PREFIXED;

			if (++x->work > DICT_ENTRY_WORK)
				return;
			form = r->off ? (struct slice){0} : affixed(d, r, true, entry->stem, out);
			if (!form.n)
				continue;
			if (!r->needs_affix)
				x->fn(x->arg, form, marks);
			suffixes(x, form, r->next, marks, false, 1);
			if (g->cross)
				suffixes(x, form, entry->flags, marks, true, 1);
		}
	}
}

unsigned expand_entry(const struct dict *d, const struct entry *entry, form_fn *fn, void *arg)
{
	struct expansion x = {d, entry, fn, arg, 0};

	if (flags_have(d, entry->flags, d->forbidden) ||
		flags_have(d, entry->flags, d->compound_only) || (entry->marks & MARK_ERROR))
		return 1;
	if (!flags_have(d, entry->flags, d->needs_affix))
		fn(arg, entry->stem, entry->marks | MARK_STEM);
	suffixes(&x, entry->stem, entry->flags, entry->marks, false, 1);
	prefixes(&x);
	return x.work + 1;
}
