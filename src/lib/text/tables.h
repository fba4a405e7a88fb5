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
	GLYPH_LOOK, /* becomes plain[] and folded[], or `look` where the word around it says so */
	GLYPH_FLAG, /* regional indicator: two are a flag and stay, others are the letter `look` */
};

enum glyph_flags {
	GLYPH_ACCENT = 1, /* a Latin letter that loses an accent when folded */
	GLYPH_LETTER = 2,
	GLYPH_STOP = 4 /* punctuation or blank: ends a word */
};

#define GLYPH_MAX 6u
/* No character's image is longer than this many times the character. */
#define GLYPH_GROWTH 3u

struct glyph {
	uint8_t kind; /* enum glyph_kind */
	uint8_t flags; /* enum glyph_flags */
	uint8_t look; /* see looks.h */
	uint8_t n_plain : 4, n_folded : 4;
	char plain[GLYPH_MAX], folded[GLYPH_MAX];
};

#define LATIN_FIRST 0x80u /* two-byte UTF-8 */
#define LATIN_END 0x800u
#define PUNCT_FIRST 0x2000u
#define PUNCT_END 0x2070u
#define CACHED 512u /* glyphs; a power of two */
#define PAIRS 256u /* base and mark; a power of two */

struct pair {
	uint32_t base, mark, composed; /* 0: they make no character */
};

struct tables {
	struct glyph latin[LATIN_END - LATIN_FIRST];
	struct glyph punct[PUNCT_END - PUNCT_FIRST];
	/* the last ones asked for: a text keeps to its emoji and its alphabet */
	uint32_t cached[CACHED];
	struct glyph cache[CACHED];
	struct pair pairs[PAIRS];
	uint32_t regions[26]; /* second letters of ISO 3166 codes by their first */
};

void tables_fill(struct tables *t);
/* Any scalar, without the tables: slower by a factor of fifty. */
void glyph_of(uint32_t scalar, struct glyph *ret);
const struct glyph *glyph_cached(struct tables *t, uint32_t scalar);
/* The one scalar that base and mark make together, or 0. */
uint32_t glyph_compose(struct tables *t, uint32_t base, uint32_t mark);
/* True for the two letters of a country's flag. */
static inline bool is_region(const struct tables *t, char first, char second)
{
	return t->regions[first - 'a'] >> (second - 'a') & 1;
}

static inline const struct glyph *glyph_at(struct tables *t, uint32_t scalar)
{
	if (scalar >= LATIN_FIRST && scalar < LATIN_END)
		return &t->latin[scalar - LATIN_FIRST];
	if (scalar >= PUNCT_FIRST && scalar < PUNCT_END)
		return &t->punct[scalar - PUNCT_FIRST];
	return glyph_cached(t, scalar);
}
#endif
