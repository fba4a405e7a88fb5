/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each character becomes in the plain and the folded view. The tables are filled at start by the
 * same function that answers for the characters they do not hold, so the two cannot disagree. */
#ifndef TEXT_TABLES_H
#define TEXT_TABLES_H
#include <stdbool.h>
#include <stdint.h>

enum glyph_kind {
	GLYPH_SELF, /* goes through unchanged */
	GLYPH_TEXT, /* becomes plain[] and folded[] */
	GLYPH_DROP, /* invisible */
	GLYPH_MARK, /* combining: belongs to the character before it */
};

#define GLYPH_MAX 6u
/* No character's image is longer than this many times the character. */
#define GLYPH_GROWTH 3u

struct glyph {
	uint8_t kind; /* enum glyph_kind */
	bool accent; /* a Latin letter that loses an accent when folded */
	uint8_t n_plain, n_folded;
	char plain[GLYPH_MAX], folded[GLYPH_MAX];
};

#define LATIN_FIRST 0x80u /* two-byte UTF-8 */
#define LATIN_END 0x800u
#define PUNCT_FIRST 0x2000u
#define PUNCT_END 0x2070u

struct tables {
	unsigned char ascii[128]; /* image of an ASCII character, 0 to drop it */
	struct glyph latin[LATIN_END - LATIN_FIRST];
	struct glyph punct[PUNCT_END - PUNCT_FIRST];
};

void tables_fill(struct tables *t);
/* Any scalar, without the tables: slower by a factor of thirty. */
void glyph_of(uint32_t scalar, struct glyph *ret);
/* The one scalar that base and mark make together, or 0. */
uint32_t glyph_compose(uint32_t base, uint32_t mark);

static inline void glyph_lookup(const struct tables *t, uint32_t scalar, struct glyph *ret)
{
	if (scalar >= LATIN_FIRST && scalar < LATIN_END)
		*ret = t->latin[scalar - LATIN_FIRST];
	else if (scalar >= PUNCT_FIRST && scalar < PUNCT_END)
		*ret = t->punct[scalar - PUNCT_FIRST];
	else if (scalar >= 0x1f200 && scalar < 0x1fb00)
		ret->kind = GLYPH_SELF; /* emoji: frequent, and nothing to do */
	else
		glyph_of(scalar, ret);
}
#endif
