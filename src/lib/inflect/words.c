/* SPDX-License-Identifier: GPL-3.0-or-later
 * Terms of one or several words, and verbs: agreement and order. */
#include "analyse.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>

#define TOKENS_MAX 12u
#define ACRONYM_MAX 6u
#define PIECES_MAX INFLECT_FORMS_MAX

void form_list_add(struct form_list *l, struct slice form)
{
	for (size_t n = 0; n < l->n; n++)
		if (slice_equal(l->list[n], form))
			return;
	if (l->n == INFLECT_FORMS_MAX) {
		l->full = true;
		return;
	}
	l->list = xgrow(l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = arena_copy(l->arena, form);
}

static void form_list_release(struct form_list *l)
{
	free(l->list);
	l->list = NULL;
	l->n = l->cap = 0;
}

/* « PLU », « PAI », « HLM »: an acronym is not inflected, or « plus » and « paie » would be forms of it. */
static bool is_acronym(struct slice s)
{
	bool upper = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return false;
		upper |= s.p[i] >= 'A' && s.p[i] <= 'Z';
	}
	return upper && s.n > 1 && s.n <= ACRONYM_MAX;
}

struct term {
	struct inflect *i;
	struct arena arena; /* of this question alone */
	struct token *tokens;
	bool acronym[TOKENS_MAX];
	size_t n;
};

/* Takes the next word off the raw text: up to a blank; up to a hyphen or an apostrophe when the whole is no word. */
static struct slice take_word(struct term *t, struct slice *rest)
{
	struct slice word = *rest;
	const char *end = memchr(word.p, ' ', word.n);
	_buf_ struct buf plain = {0};
	size_t cut;

	if (end)
		word.n = (size_t)(end - word.p);
	plain_add(t->i->plain, &plain, word);
	for (cut = 1; cut < word.n; cut++)
		if (word.p[cut] == '-' || word.p[cut] == '\'' ||
			(word.n - cut >= 3 && memcmp(word.p + cut, "’", 3) == 0))
			break;
	if (cut < word.n && !is_known(t->i, buf_slice(&plain)))
		word.n = cut;
	rest->p += word.n;
	rest->n -= word.n;
	return word;
}

/* What separates two words: a blank, a hyphen, an apostrophe; the blanks around it are one. */
static struct slice take_separator(struct slice *rest)
{
	struct slice s = SLICE(" ");

	if (!rest->n || *rest->p == ' ') {
		while (rest->n && *rest->p == ' ') {
			rest->p++;
			rest->n--;
		}
		return s;
	}
	s = *rest->p == '-' ? SLICE("-") : SLICE("'");
	rest->n -= *rest->p == '-' || *rest->p == '\'' ? 1 : 3;
	rest->p += *rest->p == '-' || *rest->p == '\'' ? 1 : 3;
	return s;
}

static bool cut_term(struct term *t, struct slice rest)
{
	struct slice separator = {0};

	while (rest.n && *rest.p == ' ') {
		rest.p++;
		rest.n--;
	}
	while (rest.n) {
		struct slice word = take_word(t, &rest);
		_buf_ struct buf plain = {0};

		if (t->n == TOKENS_MAX)
			return false;
		plain_add(t->i->plain, &plain, word);
		t->acronym[t->n] = is_acronym(word);
		t->tokens[t->n].text = arena_copy(&t->arena, buf_slice(&plain));
		t->tokens[t->n++].before = separator;
		if (rest.n)
			separator = take_separator(&rest);
	}
	return t->n > 0;
}

static bool has_letters_only(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x80 && !(s.p[i] >= 'a' && s.p[i] <= 'z') &&
			s.p[i] != '-' && s.p[i] != '\'')
			return false;
	return s.n > 1;
}

/* Without a dictionary only the last word inflects: nothing says what the others are. */
static void analyse_tokens(struct term *t)
{
	for (size_t n = 0; n < t->n; n++) {
		bool may_guess = t->i->has_dict || n + 1 == t->n;

		t->tokens[n].allowed = MARK_CELLS;
		if (!t->acronym[n] && (has_letters_only(t->tokens[n].text) || t->n > 1))
			analyse(t->i, &t->tokens[n], &t->arena, t->n == 1,
				may_guess && has_letters_only(t->tokens[n].text));
	}
}

static const uint32_t cells[] = {
	MARK_MAS | MARK_SG, MARK_MAS | MARK_PL, MARK_FEM | MARK_SG, MARK_FEM | MARK_PL};

/* All ways to say tokens [from, to) in one cell, behind each way to say what comes before. */
static void say(const struct term *t, size_t from, size_t to, uint32_t cell, struct buf *text,
	struct form_list *out)
{
	const struct token *token = &t->tokens[from];
	size_t before = text->n;

	if (from == to) {
		form_list_add(out, buf_slice(text));
		return;
	}
	buf_add_slice(text, token->before);
	if (!token->inflects) {
		buf_add_slice(text, token->text);
		say(t, from + 1, to, cell, text, out);
	}
	for (size_t n = 0; token->inflects && n < token->n && !out->full; n++) {
		size_t here = text->n;

		if ((token->choices[n].marks & cell) != cell)
			continue;
		buf_add_slice(text, token->choices[n].text);
		say(t, from + 1, to, cell, text, out);
		text->n = here;
	}
	text->n = before;
}

/* A group as it stands. */
static void say_plainly(const struct term *t, size_t from, size_t to, struct form_list *out)
{
	_buf_ struct buf text = {0};

	for (size_t n = from; n < to; n++) {
		buf_add_slice(&text, t->tokens[n].before);
		buf_add_slice(&text, t->tokens[n].text);
	}
	form_list_add(out, buf_slice(&text));
}

static void say_group(const struct term *t, size_t from, size_t to, struct form_list *out)
{
	uint32_t allowed = MARK_CELLS;

	say_plainly(t, from, to, out);
	for (size_t n = from; n < to; n++)
		allowed &= t->tokens[n].allowed;
	for (size_t c = 0; c < sizeof(cells) / sizeof(*cells); c++) {
		_buf_ struct buf text = {0};

		if ((allowed & cells[c]) == cells[c])
			say(t, from, to, cells[c], &text, out);
	}
	if (out->full) { /* too many: as it stands */
		form_list_release(out);
		out->full = false;
		say_plainly(t, from, to, out);
	}
}

/* Each of the heads with each of the tails. */
static void join(struct form_list *heads, const struct form_list *tails)
{
	struct form_list both = {.arena = heads->arena};
	_buf_ struct buf text = {0};

	for (size_t h = 0; h < heads->n; h++)
		for (size_t n = 0; n < tails->n; n++) {
			text.n = 0;
			buf_add_slice(&text, heads->list[h]);
			buf_add_slice(&text, tails->list[n]);
			form_list_add(&both, buf_slice(&text));
		}
	form_list_release(heads);
	*heads = both;
}

/* Group by group; a group ends before a preposition. first_only: the others stay as they stand. */
static bool say_term(const struct term *t, bool first_only, struct form_list *out)
{
	struct form_list all = {.arena = out->arena};
	bool fits = true;

	for (size_t from = 0, to; from < t->n; from = to) {
		struct form_list group = {.arena = out->arena};

		for (to = from + 1; to < t->n && !t->tokens[to].boundary;)
			to++;
		if (from > 0 && first_only)
			say_plainly(t, from, to, &group);
		else
			say_group(t, from, to, &group);
		if (from == 0)
			all = group;
		else
			join(&all, &group);
		if (from > 0)
			form_list_release(&group);
		fits &= !all.full;
	}
	for (size_t n = 0; fits && n < all.n; n++)
		form_list_add(out, all.list[n]);
	fits &= !out->full;
	form_list_release(&all);
	return fits;
}

int words_answer(struct inflect *i, struct slice term, struct form_list *out)
{
	struct term t = {.i = i};
	int outcome = INFLECT_FIXED;

	if (is_acronym(term))
		return INFLECT_FIXED;
	arena_init(&t.arena, 0);
	t.tokens = arena_zero(&t.arena, TOKENS_MAX * sizeof(*t.tokens));
	if (cut_term(&t, term)) {
		analyse_tokens(&t);
		for (size_t n = 0; n < t.n; n++)
			if (t.tokens[n].inflects && outcome != INFLECT_REGULAR)
				outcome = t.tokens[n].regular ? INFLECT_REGULAR : 0;
		if (outcome != INFLECT_FIXED && !say_term(&t, false, out))
			(void)say_term(&t, true, out);
	}
	arena_release(&t.arena);
	return outcome;
}
