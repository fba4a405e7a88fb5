/* SPDX-License-Identifier: GPL-3.0-or-later
 * Atoms and their terms: what is looked for in each view. */
#include "builder.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "literals.h"

struct match_builder *match_builder_new(void)
{
	struct match_builder *b = xcalloc(1, sizeof(*b));

	b->set = xcalloc(1, sizeof(*b->set));
	arena_init(&b->set->arena, 0);
	arena_init(&b->trees, 0);
	b->views = text_views_new();
	return b;
}

struct match_builder *match_builder_free(struct match_builder *b)
{
	if (!b)
		return NULL;
	match_set_free(b->set);
	text_views_free(b->views);
	arena_release(&b->trees);
	free(b->uses);
	free(b);
	return NULL;
}

uint32_t match_add_atom(struct match_builder *b, uint32_t owner)
{
	struct match_set *s = b->set;

	s->atoms = xgrow(s->atoms, s->n_atoms, &b->cap_atoms, sizeof(*s->atoms));
	s->atoms[s->n_atoms] = (struct atom){.owner = MATCH_NOBODY, .regex = -1};
	if (owner != MATCH_NOBODY)
		match_wake(b, (uint32_t)s->n_atoms, owner);
	return (uint32_t)s->n_atoms++;
}

void match_wake(struct match_builder *b, uint32_t atom, uint32_t owner)
{
	struct match_set *s = b->set;

	s->atoms[atom].owner = owner;
	if (owner >= s->n_owners)
		s->n_owners = owner + (size_t)1;
}

double match_frequency(const struct match_builder *b, uint32_t atom)
{
	return b->set->atoms[atom].frequency;
}

/* About how often the literal is found at a place of French text. */
static double frequency(struct slice literal, uint8_t flags)
{
	char text[MATCH_TERM_MAX + 2];
	size_t n = 0;

	if (literal.n > MATCH_TERM_MAX)
		return 0;
	if (flags & TERM_LEFT)
		text[n++] = EDGE;
	memcpy(text + n, literal.p, literal.n);
	n += literal.n;
	if (flags & TERM_RIGHT)
		text[n++] = EDGE;
	return rarity((struct slice){text, n});
}

void add_use(struct match_builder *b, struct slice literal, struct slice plain, uint8_t endings,
	uint8_t flags, uint32_t atom)
{
	struct arena *a = &b->set->arena;

	b->uses = xgrow(b->uses, b->n_uses, &b->cap_uses, sizeof(*b->uses));
	b->uses[b->n_uses++] = (struct use){arena_copy(a, literal), arena_copy(a, plain),
		literal_key(literal), endings, flags, atom};
	b->set->atoms[atom].frequency += frequency(literal, flags);
}

/* The shapes that exist in the squeezed view only: no doubled letters, no blanks. */
static void add_squeezed(
	struct match_builder *b, struct slice folded, uint8_t endings, uint8_t flags, uint32_t atom)
{
	_buf_ struct buf collapsed = {0}, joined = {0};

	text_collapse(&collapsed, folded);
	if (collapsed.n < folded.n && collapsed.n >= 3)
		add_use(b, buf_slice(&collapsed), (struct slice){0}, endings, flags, atom);
	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ' && folded.p[i] != '\'' && folded.p[i] != '-')
			buf_add_char(&joined, folded.p[i]);
	if (joined.n < folded.n && joined.n >= 5)
		add_use(b, buf_slice(&joined), (struct slice){0}, endings, flags, atom);
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

int match_add_term(
	struct match_builder *b, uint32_t atom, struct slice text, uint8_t flags, uint8_t endings)
{
	struct slice plain, folded;
	uint8_t how = 0;

	/* through the views, as a comment goes: both sides agree by construction */
	text_views_make(b->views, text);
	plain = trimmed(text_view(b->views, TEXT_PLAIN));
	folded = trimmed(text_view(b->views, TEXT_FOLDED));
	if (!folded.n)
		return MATCH_TERM_EMPTY;
	if (folded.n > MATCH_TERM_MAX)
		return MATCH_TERM_LONG;
	if (flags & MATCH_WHOLE) {
		how |= text_is_word(folded, 0) ? TERM_LEFT : 0;
		how |= text_is_word(folded, folded.n - 1) ? TERM_RIGHT : 0;
	}
	if (!(how & TERM_RIGHT))
		endings = 0;
	if (flags & MATCH_DISGUISED)
		how |= TERM_DISGUISED;
	add_use(b, folded, plain, endings, how, atom);
	if ((flags & MATCH_DISGUISED) && (flags & MATCH_WHOLE))
		add_squeezed(b, folded, endings, how | TERM_SQUEEZED, atom);
	return 0;
}
