/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the author wrote → what the engine looks for: the term in its inflected forms, or an expression. */
#include "lint.h"
#include "persons.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#define ACRONYM_MAX 6u

/* A term with its forms, as it was added to the engine. */
struct term_memo {
	struct inflect_forms forms;
	int outcome; /* of inflect */
	size_t from, to; /* marks of the engine */
	struct slice digested; /* what the hash of the rules takes of it */
	bool again; /* nothing was to be said of its forms: they can be added without a look */
};

struct term_memos {
	struct map *places; /* style, disguise and term → 1 + its place in the list */
	LIST(struct term_memo, list);
	struct arena arena;
};

struct term_memos *term_memos_new(void)
{
	struct term_memos *m = xcalloc(1, sizeof(*m));

	m->places = map_new();
	arena_init(&m->arena, 0);
	return m;
}

struct term_memos *term_memos_free(struct term_memos *m)
{
	if (!m)
		return NULL;
	map_free(m->places);
	free(m->list);
	arena_release(&m->arena);
	free(m);
	return NULL;
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
	return upper && s.n <= ACRONYM_MAX;
}

/* One form of a term, given as text. False when there is something to say of it. */
static bool add_form(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	uint8_t flags = style == STYLE_CONTAINS ? 0 : MATCH_WHOLE;

	if (l->disguise)
		flags |= MATCH_DISGUISED;
	switch (match_add_term(l->match, atom, text, flags, 0)) {
	case MATCH_TERM_EMPTY:
		complain(l, node, "retirez les guillemets vides, ou écrivez le mot", "terme vide");
		return false;
	case MATCH_TERM_LONG:
		complain(l, node,
			"gardez les premiers mots, ou cherchez-les ensemble avec « near » (proche)",
			"terme de plus de %u caractères", MATCH_TERM_MAX);
		return false;
	default: return true;
	}
}

/* A verb that is none gives no form but itself: said, for nobody means that. */
static void doubt_verb(struct loader *l, const struct yaml_node *node, struct slice text)
{
	if (l->has_dictionary)
		complain(l, node, "écrivez l'infinitif : insulter, s'en prendre",
			"« %.*s » n'est pas un verbe connu", (int)text.n, text.p);
}

static struct term_memo *memo_of(struct loader *l, struct slice text, enum term_style style)
{
	struct term_memos *m = l->memos;
	_buf_ struct buf key = {0};
	uint64_t *place;

	buf_add_char(&key, (char)('0' + style));
	buf_add_char(&key, l->disguise ? 'd' : ' ');
	buf_add_slice(&key, text);
	place = map_at(m->places, buf_slice(&key), NULL);
	if (!*place) {
		struct term_memo *new = list_add(m, list);

		new->outcome = style == STYLE_VERBS ? inflect_verb(l->inflect, text, &new->forms)
						    : inflect_words(l->inflect, text, &new->forms);
		*place = m->n_list;
	}
	return &m->list[*place - 1];
}

static void add_new_forms(struct loader *l, const struct yaml_node *node, struct term_memo *m,
	struct slice text, enum term_style style, uint32_t atom)
{
	_buf_ struct buf digested = {0};

	m->from = match_mark(l->match);
	m->again = true;
	add_part(&digested, text);
	for (size_t i = 0; i < m->forms.n; i++) {
		add_part(&digested, m->forms.list[i]);
		m->again &= add_form(l, node, m->forms.list[i], style, atom);
	}
	m->to = match_mark(l->match);
	m->digested = arena_copy(&l->memos->arena, buf_slice(&digested));
}

static void add_forms(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	struct term_memo *m = memo_of(l, text, style);

	if (style == STYLE_VERBS && m->outcome == INFLECT_FIXED)
		doubt_verb(l, node, text);
	if (style == STYLE_WORDS && m->outcome == INFLECT_REGULAR)
		lint_note_guessed(l, text, &m->forms);
	if (m->again)
		match_add_again(l->match, atom, m->from, m->to);
	else
		add_new_forms(l, node, m, text, style, atom);
	digest_add(&l->forms, m->digested);
}

/* What a word processor makes of quotes: in YAML they are letters of the word, and nobody means that. */
static void doubt_quotes(struct loader *l, const struct yaml_node *node, struct slice text)
{
	static const char *const pairs[][2] = {{"“", "”"}, {"«", "»"}, {"‘", "’"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		size_t open = strlen(pairs[i][0]), close = strlen(pairs[i][1]);

		if (text.n > open + close && memcmp(text.p, pairs[i][0], open) == 0 &&
			memcmp(text.p + text.n - close, pairs[i][1], close) == 0)
			complain(l, node, "employez ' ou \", les guillemets droits",
				"les guillemets de « %.*s » feraient partie du mot", (int)text.n,
				text.p);
	}
}

void add_term(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20) {
			complain(l, node,
				"dans des guillemets doubles, \\b est un retour arrière : "
				"employez des apostrophes",
				"caractère de contrôle dans un terme");
			return;
		}
	doubt_quotes(l, node, text);
	persons_note(l, text);
	if (l->names)
		return;
	lint_note_term(l, text);
	if (style == STYLE_VERBS || (style == STYLE_WORDS && text.n && !is_acronym(text)))
		add_forms(l, node, text, style, atom);
	else
		add_form(l, node, text, style, atom);
}

void add_regex(struct loader *l, const struct yaml_node *node, uint32_t atom)
{
	struct match_fault fault;

	persons_note_regex(l, node->text);
	if (l->names)
		return;
	if (match_add_regex(l->match, atom, node->text, &fault) == MATCH_REGEX_REFUSED)
		complain(l, node, fault.hint, "%s", fault.text);
	lint_note_term(l, node->text);
	lint_note_cost(l, atom);
}
