/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words that a rule matches without meaning them: « con » anywhere in a word is in 10,000 of them, and Condom is a town.
 *
 * All forms of the dictionary go through the engine once, many in a text (a line each, words without an accent apart from
 * those with one, for accents count in a text that has one). Where an atom finds part of a word, or an expression finds a
 * word that no example says yes to, the rule itself is asked about this word alone. Then the communes, each in a
 * sentence: whatever a rule that needs nothing else finds there is an accident. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <tocsin/base/alloc.h>

#include "communes.h"
#include "lint.h"
#include "scorer.h"

#define BATCH (8u << 10)
#define SHOWN 4u
#define PATTERN_SHOWN 40u

/* What one atom finds. */
struct tally {
	uint32_t n;
	struct slice what, words[SHOWN];
	uint32_t rank[SHOWN]; /* of words, the best first */
};
struct candidate {
	uint32_t atom, line;
};
struct pass {
	struct loader *l;
	struct scorer *s;
	enum lint lint;
	const char *before, *after; /* of a word, in its line */
	struct tally *tallies; /* an atom of the linter */
	struct buf text;
	LIST(struct slice, lines); /* the words, as the texts have them: borrowed from text */
	LIST(uint32_t, starts); /* of the lines, in the folded view */
	LIST(struct candidate, candidates);
	struct map *wanted; /* rule and word of its examples */
};

/* --- what an author means: the words of the examples « oui », in all their forms */

static struct slice wanted_key(struct buf *key, uint32_t rule, struct slice word)
{
	buf_clear(key);
	buf_printf(key, "%u/", rule);
	buf_add_slice(key, word);
	return buf_slice(key);
}

static void want(struct pass *p, uint32_t rule, struct slice word)
{
	struct inflect_forms forms = {0};
	_buf_ struct buf key = {0};

	(void)inflect_words(p->l->inflect, word, &forms);
	for (size_t i = 0; i < forms.n; i++)
		*map_at(p->wanted, wanted_key(&key, rule, forms.list[i]), NULL) = 1;
}

static bool is_part(char c)
{
	return c == '-' || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void want_examples(struct pass *p, uint32_t rule)
{
	struct text_views *views = text_views_new();

	for (size_t i = 0; i < p->l->r->n_samples; i++) {
		const struct sample *sample = &p->l->r->samples[i];
		struct slice plain;

		if (sample->rule != rule || sample->kind != SAMPLE_MATCH)
			continue;
		text_views_make(views, sample->comment.text);
		plain = text_view(views, TEXT_PLAIN);
		for (size_t at = 0, start; at < plain.n;) {
			while (at < plain.n && !is_part(plain.p[at]))
				at++;
			for (start = at; at < plain.n && is_part(plain.p[at]);)
				at++;
			if (at > start)
				want(p, rule, (struct slice){plain.p + start, at - start});
		}
	}
	text_views_free(views);
}

static bool is_wanted(struct pass *p, uint32_t rule, struct slice word)
{
	struct lint_rule *of = &p->l->lint->rules[rule];
	_buf_ struct buf key = {0};

	if (!of->wanted_read)
		want_examples(p, rule);
	of->wanted_read = true;
	return map_find(p->wanted, wanted_key(&key, rule, word)) != NULL;
}

/* --- one word alone */

/* As the rule's first example comes: from that source, in that thread. */
static struct comment comment_of(const struct pass *p, uint32_t rule, struct slice text)
{
	struct comment c = {.source = SLICE("x"), .id = SLICE("1")};

	for (size_t i = 0; i < p->l->r->n_samples; i++)
		if (p->l->r->samples[i].rule == rule && p->l->r->samples[i].kind == SAMPLE_MATCH) {
			c = p->l->r->samples[i].comment;
			break;
		}
	c.text = text;
	return c;
}

/* Whether a match begins in the word of a line [from, to) of the folded view, not in what stands around it. Of what
 * stands before it, « à » is the one letter that is shorter folded. */
static bool begins_within(const struct pass *p, struct match_span span, uint32_t from, uint32_t to)
{
	size_t before = strlen(p->before), after = strlen(p->after);

	return span.start >= from + before - (before > 0) && span.start < to - after;
}

static bool matches_word(struct pass *p, const struct lint_atom *a, struct slice word)
{
	_buf_ struct buf text = {0};
	struct comment c;

	if (!a->alone)
		return true; /* what else it needs is not there to be asked */
	buf_printf(&text, "%s%.*s%s", p->before, (int)word.n, word.p, p->after);
	c = comment_of(p, a->rule, buf_slice(&text));
	begin(p->s, &c);
	if (!evaluate(p->s, &p->l->r->rules[a->rule], 0))
		return false;
	for (size_t i = 0; i < p->s->spans.n; i++)
		if (begins_within(p, p->s->spans.list[i], 0, (uint32_t)p->s->folded.n))
			return true;
	return false;
}

/* The words that say most to a reader: nouns that begin with what was found in them, and are a little longer. */
static uint32_t rank_of(struct pass *p, const struct tally *t, struct slice word)
{
	unsigned kinds = p->lint == LINT_DICTIONARY ? inflect_kinds(p->l->inflect, word) : 0;
	size_t ideal = t->what.n + 4;
	bool begins = word.n >= t->what.n && strncasecmp(word.p, t->what.p, t->what.n) == 0;

	return (kinds & INFLECT_NOUN ? 0 : 100) + (begins ? 0 : 50) +
		(uint32_t)(word.n > ideal ? word.n - ideal : ideal - word.n);
}

static void count(struct pass *p, struct tally *t, struct slice word)
{
	uint32_t rank = rank_of(p, t, word);
	size_t at = t->n < SHOWN ? t->n : SHOWN;

	t->n++;
	while (at && rank < t->rank[at - 1])
		at--;
	if (at == SHOWN)
		return;
	memmove(t->words + at + 1, t->words + at, (SHOWN - 1 - at) * sizeof(*t->words));
	memmove(t->rank + at + 1, t->rank + at, (SHOWN - 1 - at) * sizeof(*t->rank));
	t->words[at] = arena_copy(&p->l->r->arena, word);
	t->rank[at] = rank;
}

/* --- a text of many words */

static size_t line_of(const struct pass *p, uint32_t at)
{
	size_t low = 0, high = p->n_starts;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (p->starts[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void find_lines(struct pass *p)
{
	struct slice folded = p->s->folded;

	p->n_starts = 0;
	for (size_t at = 0; at < folded.n; at++)
		if (!at || folded.p[at - 1] == '\n')
			*list_add(p, starts) = (uint32_t)at;
	*list_add(p, starts) = (uint32_t)folded.n;
}

/* Whether what an atom found is not simply one of its words. */
static bool is_surprise(
	const struct pass *p, const struct lint_atom *a, struct match_span span, size_t *ret_line)
{
	size_t line = line_of(p, span.start);
	uint32_t from = p->starts[line], to = p->starts[line + 1];

	*ret_line = line;
	if (span.end >= to)
		return false; /* over the border of two words */
	to--; /* the end of the line */
	if (p->lint == LINT_COMMUNES)
		return begins_within(p, span, from, to);
	to -= (uint32_t)strlen(p->after);
	return a->regex || span.start > from || span.end < to;
}

/* Part of a word is found by what is no whole word; a whole one inside another (marie-salope, pique-nique) is an accident
 * of an offence, while a topic means it (sac-poubelle). */
static bool is_asked(const struct pass *p, const struct lint_atom *a)
{
	bool part = a->regex || a->style == STYLE_CONTAINS;

	if (p->lint == LINT_COMMUNES)
		return a->in_when && a->alone;
	return a->in_when && (part || (a->alone && !p->l->r->rules[a->rule].topic));
}

static void collect_atom(struct pass *p, uint32_t i)
{
	const struct lint_atom *a = &p->l->lint->atoms[i];
	size_t line;

	if (!is_asked(p, a) || !match_is_possible(p->s->match, a->atom))
		return;
	p->s->spans.n = 0;
	match_collect(p->s->match, a->atom, &p->s->spans);
	for (size_t k = 0; k < p->s->spans.n; k++)
		if (is_surprise(p, a, p->s->spans.list[k], &line)) {
			struct match_span span = p->s->spans.list[k];

			if (!p->tallies[i].what.n)
				p->tallies[i].what = arena_copy(&p->l->r->arena,
					(struct slice){p->s->folded.p + span.start,
						span.end - span.start});
			*list_add(p, candidates) = (struct candidate){i, (uint32_t)line};
		}
}

static int by_atom_and_line(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->atom != y->atom)
		return x->atom < y->atom ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static void flush(struct pass *p)
{
	struct comment c = {.source = SLICE("x"), .id = SLICE("1"), .text = buf_slice(&p->text)};

	if (!p->n_lines)
		return;
	begin(p->s, &c);
	find_lines(p);
	p->n_candidates = 0;
	for (uint32_t i = 0; p->n_starts == p->n_lines + 1 && i < p->l->lint->n_atoms; i++)
		collect_atom(p, i);
	if (p->n_candidates)
		qsort(p->candidates, p->n_candidates, sizeof(*p->candidates), by_atom_and_line);
	for (size_t i = 0; i < p->n_candidates; i++) {
		const struct candidate *at = &p->candidates[i];
		const struct lint_atom *a = &p->l->lint->atoms[at->atom];
		struct slice word = p->lines[at->line];

		if (i && by_atom_and_line(at - 1, at) == 0)
			continue;
		if (!is_wanted(p, a->rule, word) && matches_word(p, a, word))
			count(p, &p->tallies[at->atom], word);
	}
	buf_clear(&p->text);
	p->n_lines = 0;
}

/* A line of its own. The buffer holds a batch without growing, so that the words stay where they are. */
static void add(struct pass *p, struct slice word)
{
	size_t from;

	if (p->text.n + word.n + 64 > BATCH)
		flush(p);
	buf_add_string(&p->text, p->before);
	from = p->text.n;
	buf_add_slice(&p->text, word);
	*list_add(p, lines) = (struct slice){p->text.p + from, word.n};
	buf_add_string(&p->text, p->after);
	buf_add_char(&p->text, '\n');
}

/* --- what is said */

static void say(struct pass *p)
{
	static const char *const of[] = {
		[LINT_DICTIONARY] = "du dictionnaire", [LINT_COMMUNES] = "de commune"};
	static const char *const kinds[] = {[LINT_DICTIONARY] = "mot", [LINT_COMMUNES] = "nom"};
	static const char *const hints[] = {
		[LINT_DICTIONARY] =
			"cherchez des mots entiers (« mots »), ou excusez ceux-là (« sauf ») ; voulu : admis: {dictionnaire: pourquoi}",
		[LINT_COMMUNES] =
			"excusez-les (« sauf ») ou demandez un contexte ; voulu : admis: {communes: pourquoi}"};

	for (size_t i = 0; i < p->l->lint->n_atoms; i++) {
		const struct lint_atom *a = &p->l->lint->atoms[i];
		const struct tally *t = &p->tallies[i];
		struct rule_place at = {.path = a->path, .line = a->line, .column = a->column};
		struct slice what = a->n_terms ? p->l->lint->terms[a->first_term] : t->what;
		_buf_ struct buf shown = {0}, named = {0};

		if (!t->n)
			continue;
		for (size_t k = 0; k < SHOWN && k < t->n; k++)
			buf_printf(
				&shown, "%s%.*s", k ? ", " : "", (int)t->words[k].n, t->words[k].p);
		buf_printf(&named, a->n_terms > 1 ? "cette liste (« %.*s »…)" : "« %.*s »",
			(int)(what.n > PATTERN_SHOWN ? PATTERN_SHOWN : what.n), what.p);
		lint_say(p->l->lint, p->lint, a->rule, &at, hints[p->lint],
			"%s reconnaît aussi %u %s%s %s : %s%s", buf_string(&named), t->n,
			kinds[p->lint], t->n > 1 ? "s" : "", of[p->lint], buf_string(&shown),
			t->n > SHOWN ? "…" : "");
	}
}

static void say_guessed(struct pass *p)
{
	for (size_t i = 0; i < p->l->lint->n_atoms; i++) {
		const struct lint_atom *a = &p->l->lint->atoms[i];
		struct rule_place at = {.path = a->path, .line = a->line, .column = a->column};

		if (a->alone && a->guessed.n)
			lint_say(p->l->lint, LINT_DICTIONARY, a->rule, &at,
				"« expression » le prend tel quel ; voulu : admis: {dictionnaire: pourquoi}",
				"« %.*s » n'est pas au dictionnaire ; accordé, il reconnaît aussi « %.*s », qui en est un autre mot",
				(int)a->guessed.n, a->guessed.p, (int)a->guessed_form.n,
				a->guessed_form.p);
	}
}

/* Words of one kind: plain ASCII, or with accents. */
struct sieve {
	struct pass *pass;
	bool ascii;
};

static bool add_form(void *arg, struct slice form)
{
	const struct sieve *sieve = arg;
	bool ascii = true;

	for (size_t i = 0; i < form.n; i++)
		ascii &= (unsigned char)form.p[i] < 0x80;
	if (ascii == sieve->ascii && form.n < 64)
		add(sieve->pass, form);
	return true;
}

static void pass_dictionary(struct pass *p)
{
	for (unsigned ascii = 0; ascii < 2; ascii++) {
		struct sieve sieve = {p, ascii};

		inflect_each(p->l->inflect, add_form, &sieve);
		flush(p);
	}
}

static void pass_communes(struct pass *p)
{
	size_t at = 0;

	for (struct slice name = communes_next(&at); name.n; name = communes_next(&at))
		add(p, name);
	flush(p);
}

static void run(struct pass *p, void (*words)(struct pass *p))
{
	p->tallies = xcalloc(p->l->lint->n_atoms + 1, sizeof(*p->tallies));
	words(p);
	say(p);
	free(p->tallies);
}

void lint_words(struct loader *l, struct scorer *s)
{
	struct pass p = {.l = l, .s = s, .lint = LINT_DICTIONARY, .before = "", .after = "."};

	(void)buf_reserve(&p.text, BATCH + 256);
	p.wanted = map_new();
	run(&p, pass_dictionary);
	say_guessed(&p);
	p.lint = LINT_COMMUNES;
	p.before = "J'habite à ";
	p.after = " depuis dix ans.";
	run(&p, pass_communes);
	map_free(p.wanted);
	buf_release(&p.text);
	free(p.lines);
	free(p.starts);
	free(p.candidates);
}
