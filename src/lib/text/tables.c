/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include <tocsin/base/utf8.h>
#include <utf8proc.h>

struct image {
	uint32_t scalar;
	const char *text;
};

/* Letters that look like a Latin one, whatever their own sound; signs that stand for another.
 * Sorted by scalar. Source: Unicode confusables (UTS 39), only the pairs that a reader would take
 * one for the other at the size of a comment. */
static const struct image images[] = {
	{0x60, "'"},
	{0xb4, "'"},
	{0xb7, "\xc2\xb7"},
	{0xc6, "ae"},
	{0xe6, "ae"},
	{0x131, "i"},
	{0x152, "oe"},
	{0x153, "oe"},
	{0x1c3, "!"},
	{0x251, "a"},
	{0x261, "g"},
	{0x269, "i"},
	{0x26a, "i"},
	{0x274, "n"},
	{0x280, "r"},
	{0x299, "b"},
	{0x29c, "h"},
	{0x29f, "l"},
	{0x2b9, "'"},
	{0x2bb, "'"},
	{0x2bc, "'"},
	{0x2bd, "'"},
	{0x2c8, "'"},
	{0x2ca, "'"},
	{0x2cb, "'"},
	{0x391, "a"},
	{0x392, "b"},
	{0x395, "e"},
	{0x396, "z"},
	{0x397, "h"},
	{0x399, "i"},
	{0x39a, "k"},
	{0x39c, "m"},
	{0x39d, "n"},
	{0x39f, "o"},
	{0x3a1, "p"},
	{0x3a4, "t"},
	{0x3a5, "y"},
	{0x3a7, "x"},
	{0x3b1, "a"},
	{0x3b5, "e"},
	{0x3b7, "n"},
	{0x3b9, "i"},
	{0x3ba, "k"},
	{0x3bd, "v"},
	{0x3bf, "o"},
	{0x3c1, "p"},
	{0x3c4, "t"},
	{0x3c5, "u"},
	{0x3c7, "x"},
	{0x3f2, "c"},
	{0x405, "s"},
	{0x406, "i"},
	{0x408, "j"},
	{0x410, "a"},
	{0x412, "b"},
	{0x415, "e"},
	{0x41a, "k"},
	{0x41c, "m"},
	{0x41d, "h"},
	{0x41e, "o"},
	{0x420, "p"},
	{0x421, "c"},
	{0x422, "t"},
	{0x423, "y"},
	{0x425, "x"},
	{0x430, "a"},
	{0x432, "b"},
	{0x435, "e"},
	{0x43a, "k"},
	{0x43c, "m"},
	{0x43d, "h"},
	{0x43e, "o"},
	{0x440, "p"},
	{0x441, "c"},
	{0x442, "t"},
	{0x443, "y"},
	{0x445, "x"},
	{0x455, "s"},
	{0x456, "i"},
	{0x458, "j"},
	{0x4af, "y"},
	{0x4bb, "h"},
	{0x4cf, "l"},
	{0x501, "d"},
	{0x51b, "q"},
	{0x51d, "w"},
	{0x578, "n"},
	{0x57d, "u"},
	{0x585, "o"},
	{0x1d00, "a"},
	{0x1d04, "c"},
	{0x1d05, "d"},
	{0x1d07, "e"},
	{0x1d0a, "j"},
	{0x1d0b, "k"},
	{0x1d0d, "m"},
	{0x1d0f, "o"},
	{0x1d18, "p"},
	{0x1d1b, "t"},
	{0x1d1c, "u"},
	{0x1d20, "v"},
	{0x1d21, "w"},
	{0x1d22, "z"},
	{0x2010, "-"},
	{0x2011, "-"},
	{0x2012, "-"},
	{0x2013, "-"},
	{0x2014, "-"},
	{0x2015, "-"},
	{0x2018, "'"},
	{0x2019, "'"},
	{0x201a, "'"},
	{0x201b, "'"},
	{0x201c, "\""},
	{0x201d, "\""},
	{0x201e, "\""},
	{0x2022, "\xc2\xb7"},
	{0x2027, "\xc2\xb7"},
	{0x2032, "'"},
	{0x2035, "'"},
	{0x2043, "-"},
	{0x2044, "/"},
	{0x2212, "-"},
	{0x22c5, "\xc2\xb7"},
	{0x2800, " "},
	{0x30fb, "\xc2\xb7"},
	{0xa78c, "'"},
};

/* Letters whose stroke or hook is no combining mark. Sorted. */
static const struct image strokes[] = {
	{0xf0, "d"},
	{0xf8, "o"},
	{0x111, "d"},
	{0x127, "h"},
	{0x142, "l"},
	{0x167, "t"},
	{0x180, "b"},
};

static const char *image_of(const struct image *list, size_t n, uint32_t scalar)
{
	size_t low = 0;

	while (n > low) {
		size_t middle = low + (n - low) / 2;

		if (list[middle].scalar == scalar)
			return list[middle].text;
		if (list[middle].scalar < scalar)
			low = middle + 1;
		else
			n = middle;
	}
	return NULL;
}

/* utf8proc over one scalar; "" when the result does not fit. */
static size_t map_text(const char *text, size_t n, unsigned options, char out[GLYPH_MAX])
{
	utf8proc_uint8_t *result = NULL;
	utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n,
		&result, (utf8proc_option_t)options);

	if (length <= 0 || (size_t)length > GLYPH_MAX)
		length = 0;
	memcpy(out, result ? (const char *)result : "", (size_t)length);
	free(result);
	return (size_t)length;
}

static void set_both(struct glyph *g, const char *text)
{
	size_t n = strlen(text);

	g->kind = GLYPH_TEXT;
	g->n_plain = g->n_folded = (uint8_t)n;
	memcpy(g->plain, text, n);
	memcpy(g->folded, text, n);
}

static bool is_dropped(uint32_t scalar, utf8proc_category_t category)
{
	return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
		(scalar >= 0xfe00 && scalar <= 0xfe0f) ||
		(scalar >= 0xe0100 && scalar <= 0xe01ef) || scalar == 0x34f || scalar == 0x115f ||
		scalar == 0x1160 || scalar == 0x3164 || scalar == 0xffa0 ||
		(scalar >= 0x180b && scalar <= 0x180f);
}

/* What utf8proc made of a compatibility character may itself be a sign that stands for another. */
static void map_images(struct glyph *g)
{
	struct slice s = {g->plain, g->n_plain};
	char out[GLYPH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		uint32_t scalar = utf8_next(s, &i);
		const char *image = image_of(images, sizeof(images) / sizeof(*images), scalar);
		const char *from = image ? image : s.p + start;
		size_t length = image ? strlen(image) : i - start;

		if (n + length > GLYPH_MAX)
			return;
		memcpy(out + n, from, length);
		n += length;
	}
	memcpy(g->plain, out, n);
	g->n_plain = (uint8_t)n;
}

static void fold_accents(struct glyph *g, uint32_t scalar)
{
	const char *stroke;
	uint32_t first;
	size_t at = 0;

	first = utf8_next((struct slice){g->plain, g->n_plain}, &at);
	stroke = at == g->n_plain ? image_of(strokes, sizeof(strokes) / sizeof(*strokes), first)
				  : NULL;
	if (stroke) {
		g->n_folded = 1;
		g->folded[0] = *stroke;
	} else {
		g->n_folded = (uint8_t)map_text(g->plain, g->n_plain,
			UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_STABLE, g->folded);
	}
	if (!g->n_folded) {
		g->n_folded = g->n_plain;
		memcpy(g->folded, g->plain, g->n_plain);
	}
	g->accent = (scalar < 0x250 || (scalar >= 0x1e00 && scalar < 0x1f00)) &&
		(g->n_folded != g->n_plain || memcmp(g->folded, g->plain, g->n_plain) != 0);
}

void glyph_of(uint32_t scalar, struct glyph *ret)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)scalar);
	const char *image = image_of(images, sizeof(images) / sizeof(*images), scalar);
	char own[4];
	size_t n = utf8_put(own, scalar);

	*ret = (struct glyph){.kind = GLYPH_SELF};
	if (image) {
		set_both(ret, image);
		return;
	}
	if (category == UTF8PROC_CATEGORY_ZS || scalar == '\t') {
		set_both(ret, " ");
		return;
	}
	if (category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
		scalar == '\n' || scalar == '\r' || scalar == 0x85) {
		set_both(ret, "\n");
		return;
	}
	if (is_dropped(scalar, category)) {
		ret->kind = GLYPH_DROP;
		return;
	}
	if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME) {
		ret->kind = GLYPH_MARK;
		return;
	}
	ret->n_plain = (uint8_t)map_text(own, n,
		UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE,
		ret->plain);
	/* a spacing accent decomposes to a space and a mark: it stays what it is */
	if (!ret->n_plain || ret->n_plain > GLYPH_GROWTH * n || ret->plain[0] == ' ')
		return;
	ret->kind = GLYPH_TEXT;
	map_images(ret);
	fold_accents(ret, scalar);
}

uint32_t glyph_compose(uint32_t base, uint32_t mark)
{
	char pair[8], out[GLYPH_MAX];
	size_t n = utf8_put(pair, base), at = 0;
	uint32_t scalar;

	n += utf8_put(pair + n, mark);
	n = map_text(pair, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE, out);
	if (!n)
		return 0;
	scalar = utf8_next((struct slice){out, n}, &at);
	return at == n ? scalar : 0;
}

void tables_fill(struct tables *t)
{
	for (uint32_t c = 0; c < 128; c++) {
		struct glyph g;

		glyph_of(c, &g);
		t->ascii[c] = g.kind == GLYPH_TEXT ? (unsigned char)g.plain[0]
			: g.kind == GLYPH_SELF     ? (unsigned char)c
						   : 0;
	}
	for (uint32_t c = LATIN_FIRST; c < LATIN_END; c++)
		glyph_of(c, &t->latin[c - LATIN_FIRST]);
	for (uint32_t c = PUNCT_FIRST; c < PUNCT_END; c++)
		glyph_of(c, &t->punct[c - PUNCT_FIRST]);
}
