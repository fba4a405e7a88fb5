/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the author wrote → what the engine looks for: the term in its inflected forms, or an expression. */
#include "lint.h"

#define ACRONYM_MAX 6u

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

/* One form of a term, given as text. */
static void add_form(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	uint8_t flags = style == STYLE_CONTAINS ? 0 : MATCH_WHOLE;

	if (l->disguise)
		flags |= MATCH_DISGUISED;
	switch (match_add_term(l->match, atom, text, flags, 0)) {
	case MATCH_TERM_EMPTY: complain(l, node, NULL, "terme vide"); break;
	case MATCH_TERM_LONG:
		complain(l, node, NULL, "terme de plus de %u caractères", MATCH_TERM_MAX);
		break;
	default: break;
	}
}

/* A verb that is none gives no form but itself: said, for nobody means that. */
static void doubt_verb(struct loader *l, const struct yaml_node *node, struct slice text)
{
	if (l->has_dictionary)
		complain(l, node, "écrivez l'infinitif : insulter, s'en prendre",
			"« %.*s » n'est pas un verbe connu", (int)text.n, text.p);
}

static void add_forms(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	struct inflect_forms forms = {0};
	int r = style == STYLE_VERBS ? inflect_verb(l->inflect, text, &forms)
				     : inflect_words(l->inflect, text, &forms);

	if (style == STYLE_VERBS && r == INFLECT_FIXED)
		doubt_verb(l, node, text);
	if (style == STYLE_WORDS && r == INFLECT_REGULAR)
		lint_note_guessed(l, text, &forms);
	digest_part(&l->forms, text);
	for (size_t i = 0; i < forms.n; i++) {
		digest_part(&l->forms, forms.list[i]);
		add_form(l, node, forms.list[i], style, atom);
	}
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

	if (l->names)
		return;
	if (match_add_regex(l->match, atom, node->text, &fault) == MATCH_REGEX_REFUSED)
		complain(l, node, fault.hint, "%s", fault.text);
	lint_note_term(l, node->text);
	lint_note_cost(l, atom);
}
