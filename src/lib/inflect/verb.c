/* SPDX-License-Identifier: GPL-3.0-or-later
 * Verbs by their infinitive, and what a word is. */
#include "analyse.h"

#include <tocsin/base/utf8.h>

struct phrase {
	struct inflect *i;
	struct slice before, after; /* « en » and its like; what follows the verb */
	struct form_list *out;
	bool any;
};

static bool begins(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.n > n && memcmp(s.p, text, n) == 0;
}

static struct slice without(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return begins(s, text) ? (struct slice){s.p + n, s.n - n} : s;
}

static void add_form(void *arg, struct slice plain)
{
	struct phrase *p = arg;
	_buf_ struct buf text = {0};

	buf_add_slice(&text, p->before);
	buf_add_slice(&text, plain);
	buf_add_slice(&text, p->after);
	form_list_add(p->out, buf_slice(&text));
	p->any = true;
}

static void take_form(void *arg, struct slice form, uint32_t marks)
{
	struct phrase *p = arg;
	_buf_ struct buf plain = {0};

	if (marks & (MARK_PREFIXED | MARK_CLITIC | MARK_ERROR))
		return;
	plain_add(p->i->plain, &plain, form);
	add_form(p, buf_slice(&plain));
}

static bool is_infinitive(const struct entry *entry)
{
	return (entry->marks & MARK_VERB) && !entry->derived;
}

int verb_answer(struct inflect *i, struct slice phrase, struct form_list *out)
{
	struct phrase p = {.i = i, .out = out};
	_buf_ struct buf plain = {0};
	struct slice rest, lemma;
	const char *end;

	plain_add(i->plain, &plain, phrase);
	rest = without(without(buf_slice(&plain), "se "), "s'");
	lemma = begins(rest, "en ") ? without(rest, "en ") : without(rest, "y ");
	p.before = (struct slice){rest.p, rest.n - lemma.n};
	end = lemma.n ? memchr(lemma.p, ' ', lemma.n) : NULL;
	if (end) {
		p.after = (struct slice){end, lemma.n - (size_t)(end - lemma.p)};
		lemma.n = (size_t)(end - lemma.p);
	}
	if (!lemma.n)
		return INFLECT_FIXED;
	for (uint32_t at = dict_find(&i->dict, lemma); at; at = i->dict.entries[at].next)
		if (is_infinitive(&i->dict.entries[at]))
			expand_entry(&i->dict, &i->dict.entries[at], take_form, &p);
	if (p.any)
		return 0;
	if (i->has_dict && is_known(i, lemma))
		return INFLECT_FIXED;
	return inflect_regular_verb(lemma, add_form, &p) ? INFLECT_REGULAR : INFLECT_FIXED;
}

unsigned inflect_kinds(struct inflect *i, struct slice word)
{
	_buf_ struct buf plain = {0};
	unsigned kinds = 0;
	const struct dict *d = &i->dict;

	if (!i->has_dict || word.n > INFLECT_TERM_MAX || !utf8_valid(word))
		return 0;
	plain_add(i->plain, &plain, word);
	for (uint32_t at = dict_find(d, buf_slice(&plain)); at; at = d->entries[at].next) {
		uint32_t marks = d->entries[at].capitals ? 0 : d->entries[at].marks;

		if (d->entries[at].derived || (marks & MARK_ERROR))
			continue;
		kinds |= is_infinitive(&d->entries[at]) ? INFLECT_VERB : 0;
		kinds |= marks & (MARK_NOUN | MARK_ADJ) ? INFLECT_NOUN : 0;
		kinds |= marks & (MARK_NOUN | MARK_ADJ | MARK_VERB) ? 0 : INFLECT_FORM;
	}
	if (!kinds && is_known(i, buf_slice(&plain)))
		kinds = INFLECT_FORM;
	return kinds;
}
