/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the author wrote → what the engine looks for: the term in its inflected forms, or an expression. */
#include "loader.h"

#define ACRONYM_MAX 6u

/* Regular inflection: a term that ends so … */
struct inflection {
	const char *end; /* of the plain form */
	uint8_t endings; /* what may follow it */
	uint8_t cut; /* bytes of it that give way … */
	const char *other; /* … to this other form (NULL: none), which takes a plural -s */
};

/* First line that fits wins: longer ends first. */
static const struct inflection inflections[] = {
	{"é", MATCH_E | MATCH_S | MATCH_ES, 0, NULL},
	{"eur", MATCH_S, 1, "se"},
	{"eux", 0, 1, "se"},
	{"if", MATCH_S, 1, "ve"},
	{"al", MATCH_S | MATCH_E | MATCH_ES, 1, "ux"},
	{"eau", MATCH_S | MATCH_X, 0, NULL},
	{"au", MATCH_S | MATCH_X, 0, NULL},
	{"eu", MATCH_S | MATCH_X | MATCH_E | MATCH_ES, 0, NULL},
	{"ou", MATCH_S | MATCH_X, 0, NULL},
	{"on", MATCH_S, 0, "ne"},
	{"ien", MATCH_S, 0, "ne"},
	{"el", MATCH_S, 0, "le"},
	{"er", MATCH_S, 2, "ère"},
	{"e", MATCH_S, 0, NULL},
	{"s", MATCH_E | MATCH_ES, 0, NULL},
	{"x", 0, 0, NULL},
	{"z", 0, 0, NULL},
};

static bool ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
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

static struct slice trimmed(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\n')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
		s.n--;
	return s;
}

/* One form of a term, given as text. */
static void add_form(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint8_t endings, uint32_t atom)
{
	uint8_t flags = style == STYLE_CONTAINS ? 0 : MATCH_WHOLE;

	if (l->disguise)
		flags |= MATCH_DISGUISED;
	switch (match_add_term(l->match, atom, text, flags, endings)) {
	case MATCH_TERM_EMPTY: complain(l, node, NULL, "terme vide"); break;
	case MATCH_TERM_LONG:
		complain(l, node, NULL, "terme de plus de %u caractères", MATCH_TERM_MAX);
		break;
	default: break;
	}
}

void add_term(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	_buf_ struct buf other = {0}, plain = {0};
	uint8_t endings = MATCH_E | MATCH_S | MATCH_ES;
	const struct inflection *f = NULL;

	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20) {
			complain(l, node,
				"dans des guillemets doubles, \\b est un retour arrière : "
				"employez des apostrophes",
				"caractère de contrôle dans un terme");
			return;
		}
	if (style != STYLE_WORDS || is_acronym(text)) {
		add_form(l, node, text, style, 0, atom);
		return;
	}
	text_views_make(l->views, text);
	buf_add_slice(&plain, trimmed(text_view(l->views, TEXT_PLAIN)));
	for (size_t i = 0; i < sizeof(inflections) / sizeof(*inflections) && !f; i++)
		if (ends_with(buf_slice(&plain), inflections[i].end))
			f = &inflections[i];
	if (f)
		endings = f->endings;
	add_form(l, node, text, style, endings, atom);
	if (!f || !f->other)
		return;
	buf_add(&other, plain.p, plain.n - f->cut);
	buf_add_string(&other, f->other);
	add_form(l, node, buf_slice(&other), style, MATCH_S, atom);
}

void add_regex(struct loader *l, const struct yaml_node *node, uint32_t atom)
{
	struct match_fault fault;

	if (match_add_regex(l->match, atom, node->text, &fault) == MATCH_REGEX_REFUSED)
		complain(l, node, fault.hint, "%s", fault.text);
	else if (match_is_always(l->match, atom))
		problem_add(l->p, PROBLEM_WARNING, l->source->yaml.path, node->line, node->column,
			"mettez au moins deux lettres qui se suivent et qui soient obligatoires",
			"expression sans mot obligatoire : elle sera essayée sur chaque commentaire");
}
