/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tables.h"

#include <string.h>

#include <tocsin/base/utf8.h>
#include <utf8proc.h>

#include "looks.h"

struct image {
	uint32_t scalar;
	const char *text;
};

/* Signs and ligatures that stand for others. Sorted by scalar. */
static const struct image images[] = {
	{0x60, "'"},
	{0xb4, "'"},
	{0xb7, "\xc2\xb7"},
	{0xc6, "ae"},
	{0xe6, "ae"},
	{0x152, "oe"},
	{0x153, "oe"},
	{0x1c3, "!"},
	{0x2b9, "'"},
	{0x2bb, "'"},
	{0x2bc, "'"},
	{0x2bd, "'"},
	{0x2c8, "'"},
	{0x2ca, "'"},
	{0x2cb, "'"},
	{0x387, "\xc2\xb7"},
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
	{0x201f, "\""},
	{0x2022, "\xc2\xb7"},
	{0x2027, "\xc2\xb7"},
	{0x2032, "'"},
	{0x2035, "'"},
	{0x2043, "-"},
	{0x2044, "/"},
	{0x204e, "*"},
	{0x2212, "-"},
	{0x2215, "/"},
	{0x2217, "*"},
	{0x2219, "\xc2\xb7"},
	{0x22c5, "\xc2\xb7"},
	{0x22c6, "*"},
	{0x2588, "*"}, /* full block and black circle, as used to hide letters */
	{0x25cf, "*"},
	{0x2605, "*"},
	{0x2606, "*"},
	{0x2731, "*"},
	{0x2800, " "},
	{0x30fb, "\xc2\xb7"},
	{0xa78c, "'"},
};

static const char *image_of(uint32_t scalar)
{
	size_t low = 0, n = sizeof(images) / sizeof(*images);

	while (n > low) {
		size_t middle = low + (n - low) / 2;

		if (images[middle].scalar == scalar)
			return images[middle].text;
		if (images[middle].scalar < scalar)
			low = middle + 1;
		else
			n = middle;
	}
	return NULL;
}

/* utf8proc over a few scalars; 0 when the result does not fit. */
static size_t map_text(const char *text, size_t n, unsigned options, char out[GLYPH_MAX])
{
	enum { ROOM = 32 }; /* scalars; the longest decomposition of one is 18 */
	utf8proc_int32_t scalars[ROOM + 1];
	utf8proc_ssize_t length = utf8proc_decompose((const utf8proc_uint8_t *)text,
		(utf8proc_ssize_t)n, scalars, ROOM, (utf8proc_option_t)options);

	if (length <= 0 || length > ROOM)
		return 0;
	length = utf8proc_reencode(scalars, length, (utf8proc_option_t)options);
	if (length <= 0 || (size_t)length > GLYPH_MAX)
		return 0;
	memcpy(out, scalars, (size_t)length);
	return (size_t)length;
}

static void set_both(struct glyph *g, const char *text)
{
	size_t n = strlen(text);

	g->kind = GLYPH_TEXT;
	g->n_plain = g->n_folded = (unsigned)n & 0xf;
	memcpy(g->plain, text, n);
	memcpy(g->folded, text, n);
}

static bool is_dropped(uint32_t scalar, utf8proc_category_t category)
{
	return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
		(scalar >= 0xfe00 && scalar <= 0xfe0f) ||
		(scalar >= 0xe0000 && scalar <= 0xe01ef) || scalar == 0x34f || scalar == 0x115f ||
		scalar == 0x1160 || scalar == 0x3164 || scalar == 0xffa0 || scalar == 0x17b4 ||
		scalar == 0x17b5 || (scalar >= 0x180b && scalar <= 0x180f);
}

/* The image that stands for a character whatever its company, "" for none. */
static void fixed_image(uint32_t scalar, char ret[GLYPH_MAX])
{
	const char *image = image_of(scalar);

	memset(ret, 0, GLYPH_MAX);
	if (image)
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a slice has no end mark */
		memcpy(ret, image, strlen(image));
	else if ((scalar >= 0x1f150 && scalar <= 0x1f169)) /* white on a black disc */
		ret[0] = (char)('a' + (scalar - 0x1f150));
	else if ((scalar >= 0x1f170 && scalar <= 0x1f189)) /* and on a square: 🅰 */
		ret[0] = (char)('a' + (scalar - 0x1f170));
	else if (scalar >= 0x80)
		ret[0] = look_latin(scalar);
}

/* What utf8proc made of a compatibility character may itself be a sign that stands for another. */
static void map_images(struct glyph *g)
{
	struct slice s = {g->plain, g->n_plain};
	char out[GLYPH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		char image[GLYPH_MAX];
		const char *from = image;
		size_t length;

		fixed_image(utf8_next(s, &i), image);
		length = strlen(image);
		if (!length) {
			from = s.p + start;
			length = i - start;
		}
		if (n + length > GLYPH_MAX)
			return;
		memcpy(out + n, from, length);
		n += length;
	}
	memcpy(g->plain, out, n);
	g->n_plain = n & 0xf;
}

/* A letter of the French alphabet with its accent: àâäæçèéêëîïôöùûüÿ, and their capitals. */
static bool is_french(uint32_t scalar)
{
	static const uint32_t places = 0x9a50cfd5; /* from à on, a bit a letter */
	uint32_t small = scalar == 0x178 ? 0xff : scalar | 0x20;

	return small >= 0xe0 && small <= 0xff && (places >> (small - 0xe0) & 1);
}

/* cønnard, coñard: an accent that French has not changes no French word. */
static void drop_foreign(struct glyph *g, uint32_t scalar)
{
	if (!(g->flags & GLYPH_ACCENT) || is_french(scalar))
		return;
	g->n_plain = g->n_folded;
	memcpy(g->plain, g->folded, GLYPH_MAX);
	g->flags &= (uint8_t)~GLYPH_ACCENT;
}

static void fold_accents(struct glyph *g, uint32_t scalar)
{
	char stroke;
	uint32_t first;
	size_t at = 0;

	first = utf8_next((struct slice){g->plain, g->n_plain}, &at);
	stroke = at == g->n_plain ? look_stroke(first) : 0;
	if (stroke) {
		g->n_folded = 1;
		g->folded[0] = stroke;
	} else {
		g->n_folded = map_text(g->plain, g->n_plain,
				      UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_STABLE,
				      g->folded) &
			0xf;
	}
	if (!g->n_folded) {
		g->n_folded = g->n_plain;
		memcpy(g->folded, g->plain, g->n_plain);
	}
	if ((scalar < 0x250 || (scalar >= 0x1e00 && scalar < 0x1f00)) &&
		(g->n_folded != g->n_plain || memcmp(g->folded, g->plain, g->n_plain) != 0))
		g->flags |= GLYPH_ACCENT;
}

/* A letter that looks like a Latin one, by itself or under its accent (ї). */
static void find_look(struct glyph *g, uint32_t scalar)
{
	utf8proc_int32_t parts[4];
	int unused = 0;
	utf8proc_ssize_t n;

	g->look = look_of(scalar);
	if (!g->look && scalar >= 0x370) {
		n = utf8proc_decompose_char((utf8proc_int32_t)scalar, parts, 4,
			UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &unused);
		if (n >= 2 && n <= 4)
			g->look = look_of((uint32_t)parts[0]);
	}
	if (!g->look)
		return;
	if (g->kind == GLYPH_SELF) {
		g->n_plain = g->n_folded = utf8_put(g->plain, scalar) & 0xf;
		memcpy(g->folded, g->plain, g->n_plain);
	}
	g->kind = GLYPH_LOOK;
}

static uint8_t flags_of(utf8proc_category_t c)
{
	if (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO)
		return GLYPH_LETTER;
	if ((c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO) ||
		(c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP))
		return GLYPH_STOP;
	return 0;
}

/* Blanks, line ends, invisibles, marks: true when that is what it is. */
static bool is_no_letter(struct glyph *g, uint32_t scalar, utf8proc_category_t category)
{
	if (category == UTF8PROC_CATEGORY_ZS || scalar == '\t')
		set_both(g, " ");
	else if (category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
		scalar == '\n' || scalar == '\r' || scalar == 0x85)
		set_both(g, "\n");
	else if (is_dropped(scalar, category))
		g->kind = GLYPH_DROP;
	else if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME)
		g->kind = GLYPH_MARK;
	else
		return false;
	return true;
}

void glyph_of(uint32_t scalar, struct glyph *ret)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)scalar);
	char own[4], image[GLYPH_MAX];
	size_t n = utf8_put(own, scalar);

	*ret = (struct glyph){.kind = GLYPH_SELF, .flags = flags_of(category)};
	fixed_image(scalar, image);
	if (*image) {
		set_both(ret, image);
		return;
	}
	if (scalar >= 0x1f1e6 && scalar <= 0x1f1ff) {
		ret->kind = GLYPH_FLAG;
		ret->look = (uint8_t)('a' + (scalar - 0x1f1e6));
		return;
	}
	if (is_no_letter(ret, scalar, category))
		return;
	/* ideographs and Hangul syllables: frequent in their texts, and nothing to do */
	if ((scalar >= 0x3400 && scalar < 0xa000) || (scalar >= 0xac00 && scalar < 0xd7a4))
		return;
	ret->n_plain =
		map_text(own, n,
			UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE,
			ret->plain) &
		0xf;
	/* a spacing accent decomposes to a space and a mark: it stays what it is */
	if (ret->n_plain && ret->n_plain <= GLYPH_GROWTH * n && ret->plain[0] != ' ') {
		ret->kind = GLYPH_TEXT;
		map_images(ret);
		fold_accents(ret, scalar);
		drop_foreign(ret, scalar);
	}
	find_look(ret, scalar);
}

const struct glyph *glyph_cached(struct tables *t, uint32_t scalar)
{
	uint32_t slot = (scalar ^ scalar >> 9) % CACHED;

	if (t->cached[slot] != scalar) {
		glyph_of(scalar, &t->cache[slot]);
		t->cached[slot] = scalar;
	}
	return &t->cache[slot];
}

static uint32_t compose(uint32_t base, uint32_t mark)
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

uint32_t glyph_compose(struct tables *t, uint32_t base, uint32_t mark)
{
	struct pair *p = &t->pairs[(base * 31 + mark) % PAIRS];

	if (p->base != base || p->mark != mark)
		*p = (struct pair){base, mark, compose(base, mark)};
	return p->composed;
}

static void fill_regions(struct tables *t)
{
	static const char codes[] =
		"acadaeafagaialamaoaqarasatauawaxazbabbbdbebfbgbhbibjblbmbnbobqbrbsbtbvbwbybzca"
		"cccdcfcgchcickclcmcncocpcrcucvcwcxcyczdedgdjdkdmdodzeaeceeegehereseteufifjfkfm"
		"fofrgagbgdgegfggghgiglgmgngpgqgrgsgtgugwgyhkhmhnhrhthuicidieiliminioiqirisitje"
		"jmjojpkekgkhkikmknkpkrkwkykzlalblclilklrlsltlulvlymamcmdmemfmgmhmkmlmmmnmompmq"
		"mrmsmtmumvmwmxmymznancnenfngninlnonpnrnunzompapepfpgphpkplpmpnprpsptpwpyqarero"
		"rsrurwsasbscsdsesgshsisjskslsmsnsosrssstsvsxsysztatctdtftgthtjtktltmtntotrtttv"
		"twtzuaugumunusuyuzvavcvevgvivnvuwfwsxkyeytzazmzw";

	for (const char *p = codes; *p; p += 2)
		t->regions[p[0] - 'a'] |= 1u << (p[1] - 'a');
}

void tables_fill(struct tables *t)
{
	for (uint32_t c = LATIN_FIRST; c < LATIN_END; c++)
		glyph_of(c, &t->latin[c - LATIN_FIRST]);
	for (uint32_t c = PUNCT_FIRST; c < PUNCT_END; c++)
		glyph_of(c, &t->punct[c - PUNCT_FIRST]);
	/* nobody asks the cache for a character that the tables hold */
	fill_regions(t);
}
