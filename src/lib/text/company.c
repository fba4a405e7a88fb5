/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the characters around one say of it: a look-alike among Latin letters, two halves of a flag. */
#include "looks.h"
#include "pass.h"
#include "scalar.h"

static unsigned script_of(uint32_t scalar)
{
	if (scalar < 0x400 || (scalar >= 0x1f00 && scalar < 0x2000))
		return GREEK;
	return scalar < 0x530 ? CYRILLIC : OTHER_SCRIPT;
}

/* Counts a character of a word; false when it ends the word. */
static bool add_company(struct state *s, size_t at, struct company *c, size_t *ret_length)
{
	uint32_t scalar = scalar_at(s->in, at, ret_length);
	const struct glyph *g;

	if (scalar < 0x80) {
		bool letter = is_letter((char)(scalar | 0x20));

		c->latin += letter;
		return letter || is_digit((char)scalar) || scalar == '@' || scalar == '$' ||
			scalar == '*' || scalar == '_';
	}
	g = glyph_at(&s->v->tables, scalar);
	if (g->kind == GLYPH_LOOK) {
		c->scripts |= script_of(scalar);
		if (g->look & LOOK_WEAK)
			c->weak++;
		else
			c->strong++;
	} else if (g->flags & GLYPH_LETTER) {
		bool latin = scalar < 0x370 || (g->kind == GLYPH_TEXT && is_letter(*g->plain)) ||
			(scalar >= 0x1e00 && scalar < 0x1f00);

		c->latin += latin;
		c->foreign += !latin;
		if (!latin)
			c->scripts |= script_of(scalar);
	}
	return !(g->flags & GLYPH_STOP);
}

/* The word from `at` on. */
static void count_company(struct state *s, size_t at, struct company *c)
{
	size_t length;

	while (at < s->in.n && add_company(s, at, c, &length))
		at += length;
	c->end = at;
}

/* The scripts that have a word of their own somewhere: « сон » is Russian beside « я иду ». */
static unsigned text_scripts(struct state *s)
{
	size_t at = 0;

	if (s->known.scripts_known)
		return s->known.scripts;
	s->known.scripts_known = true;
	while (at < s->in.n) {
		struct company c = {0};
		size_t length;

		count_company(s, at, &c);
		if (!c.latin && (c.foreign || c.weak))
			s->known.scripts |= c.scripts;
		at = c.end;
		if (at < s->in.n) {
			(void)scalar_at(s->in, at, &length);
			at += length;
		}
	}
	return s->known.scripts;
}

bool is_disguised(struct state *s)
{
	struct company c = {0};
	size_t start = s->at, unused;

	if (s->at < s->known.word_end)
		return s->known.disguised;
	while (start > 0) {
		size_t before = scalar_before(s->in, start);
		struct company none = {0};

		if (!add_company(s, before, &none, &unused))
			break;
		start = before;
	}
	count_company(s, start, &c);
	s->known.word_end = c.end > s->at ? c.end : s->at + 1;
	if (c.latin)
		s->known.disguised = c.foreign <= c.latin;
	else
		s->known.disguised = !c.weak && !c.foreign &&
			((c.scripts & (c.scripts - 1)) || !(text_scripts(s) & c.scripts));
	return s->known.disguised;
}

bool is_flags(struct state *s)
{
	size_t at = s->at, n = 0, length;
	char before = 0;

	if (s->at < s->known.flags_end)
		return s->known.flags;
	s->known.flags = true;
	for (; at < s->in.n; at += length, n++) {
		uint32_t scalar = scalar_at(s->in, at, &length);
		char letter;

		if (scalar < 0x1f1e6 || scalar > 0x1f1ff)
			break;
		letter = (char)('a' + (scalar - 0x1f1e6));
		if (n % 2)
			s->known.flags &= is_region(&s->v->tables, before, letter);
		before = letter;
	}
	s->known.flags_end = at;
	s->known.flags &= n % 2 == 0;
	return s->known.flags;
}
