/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the author wrote → what is looked for: the term in its views, its inflected forms, and the shapes
 * that it takes in the squeezed view. */
#include "loader.h"

#define TERM_MAX 200u
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
	{"é", ENDING_E | ENDING_S | ENDING_ES, 0, NULL},
	{"eur", ENDING_S, 1, "se"},
	{"eux", 0, 1, "se"},
	{"if", ENDING_S, 1, "ve"},
	{"al", ENDING_S | ENDING_E | ENDING_ES, 1, "ux"},
	{"eau", ENDING_S | ENDING_X, 0, NULL},
	{"au", ENDING_S | ENDING_X, 0, NULL},
	{"eu", ENDING_S | ENDING_X | ENDING_E | ENDING_ES, 0, NULL},
	{"ou", ENDING_S | ENDING_X, 0, NULL},
	{"on", ENDING_S, 0, "ne"},
	{"ien", ENDING_S, 0, "ne"},
	{"el", ENDING_S, 0, "le"},
	{"er", ENDING_S, 2, "ère"},
	{"e", ENDING_S, 0, NULL},
	{"s", ENDING_E | ENDING_ES, 0, NULL},
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

static void add_use(struct loader *l, struct slice literal, struct slice plain, uint8_t endings,
	uint8_t flags, uint32_t atom)
{
	struct use *u = list_add(l, uses);

	*u = (struct use){arena_copy(&l->r->arena, literal), arena_copy(&l->r->arena, plain),
		endings, flags, atom};
}

/* The shapes that exist in the squeezed view only: no doubled letters, no blanks. */
static void add_squeezed(
	struct loader *l, struct slice folded, uint8_t endings, uint8_t flags, uint32_t atom)
{
	_buf_ struct buf collapsed = {0}, joined = {0};

	text_collapse(&collapsed, folded);
	if (collapsed.n < folded.n && collapsed.n >= 3)
		add_use(l, buf_slice(&collapsed), (struct slice){0}, endings, flags, atom);
	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ' && folded.p[i] != '\'' && folded.p[i] != '-')
			buf_add_char(&joined, folded.p[i]);
	if (joined.n < folded.n && joined.n >= 5)
		add_use(l, buf_slice(&joined), (struct slice){0}, endings, flags, atom);
}

/* One form of a term, given as text: through the views, as a comment goes. */
static void add_form(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint8_t endings, uint32_t atom)
{
	struct slice plain, folded;
	uint8_t flags = 0;

	text_views_make(l->views, text);
	plain = trimmed(text_view(l->views, TEXT_PLAIN));
	folded = trimmed(text_view(l->views, TEXT_FOLDED));
	if (!folded.n || folded.n > TERM_MAX) {
		complain(l, node, NULL,
			folded.n ? "terme de plus de %u caractères"
				 : "terme vide (limite : %u caractères)",
			TERM_MAX);
		return;
	}
	if (style != STYLE_CONTAINS) {
		flags |= text_is_word(folded, 0) ? TERM_LEFT : 0;
		flags |= text_is_word(folded, folded.n - 1) ? TERM_RIGHT : 0;
	}
	if (!(flags & TERM_RIGHT))
		endings = 0;
	if (l->r->rules[l->rule].disguise)
		flags |= TERM_DISGUISED;
	add_use(l, folded, plain, endings, flags, atom);
	if ((flags & TERM_DISGUISED) && style != STYLE_CONTAINS)
		add_squeezed(l, folded, endings, flags | TERM_SQUEEZED, atom);
}

void add_term(struct loader *l, const struct yaml_node *node, struct slice text,
	enum term_style style, uint32_t atom)
{
	_buf_ struct buf other = {0}, plain = {0};
	uint8_t endings = ENDING_E | ENDING_S | ENDING_ES;
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
	add_form(l, node, buf_slice(&other), style, ENDING_S, atom);
}
