/* SPDX-License-Identifier: GPL-3.0-or-later
 * From an entry to its forms, and from a form back to entries. */
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

static bool condition_fits(const struct rule *rule, bool prefix, struct slice text)
{
	struct slice c = rule->condition;
	size_t at = 0, i = 0;

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

static unsigned last_byte(struct slice s)
{
	return s.n ? (unsigned char)s.p[s.n - 1] : 0;
}

void index_suffixes(struct dict *d)
{
	uint32_t *from = d->suffixes_from, n[256] = {0};

	d->suffixes = xcalloc(d->n_rules + 1, sizeof(*d->suffixes));
	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 1; i < d->n_groups; i++) {
			const struct group *g = &d->groups[i];

			for (uint32_t r = g->first; !g->prefix && r < g->first + g->n; r++) {
				unsigned byte = last_byte(d->rules[r].add);

				if (d->rules[r].off)
					continue;
				if (pass)
					d->suffixes[from[byte] + n[byte]] = r;
				n[byte]++;
			}
		}
		for (unsigned byte = 0; byte < 256 && !pass; byte++) {
			from[byte + 1] = from[byte] + n[byte];
			n[byte] = 0;
		}
	}
}

static void unfix_with(
	const struct dict *d, const struct rule *r, struct slice word, entry_fn *fn, void *arg)
{
	char stem[2 * DICT_FORM_MAX];
	size_t kept = word.n - r->add.n;
	struct slice base = {stem, 0};

	if (word.n < r->add.n || word.n > DICT_FORM_MAX || r->strip.n > DICT_FORM_MAX ||
		(r->add.n && memcmp(word.p + kept, r->add.p, r->add.n) != 0))
		return;
	if (kept)
		memcpy(stem, word.p, kept);
	if (r->strip.n)
		memcpy(stem + kept, r->strip.p, r->strip.n);
	base.n = kept + r->strip.n;
	if (!condition_fits(r, false, base))
		return;
	for (uint32_t at = dict_find(d, base); at; at = d->entries[at].next)
		if (flags_have(d, d->entries[at].flags, r->flag))
			fn(arg, &d->entries[at]);
}

/* The rules that add nothing, and those that end as the word does, in the order of the file. */
void unfix_word(const struct dict *d, struct slice word, entry_fn *fn, void *arg)
{
	unsigned last = last_byte(word);
	uint32_t bare = d->suffixes_from[0], bare_end = d->suffixes_from[1];
	uint32_t at = d->suffixes_from[last], end = last ? d->suffixes_from[last + 1] : at;

	while (bare < bare_end || at < end) {
		bool is_bare =
			at == end || (bare < bare_end && d->suffixes[bare] < d->suffixes[at]);

		unfix_with(d, &d->rules[d->suffixes[is_bare ? bare++ : at++]], word, fn, arg);
	}
}
