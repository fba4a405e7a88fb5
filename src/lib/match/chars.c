/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sets of characters, without regard to capitals, as PCRE2 has them under UTF, UCP and CASELESS. */
#include "ast.h"

static const struct chars all = {{~UINT64_C(0), ~UINT64_C(0)}, UINT32_MAX, .other = true};

#define DIVISION (0xf7 - 0xe0) /* of the Latin ones the only sign */

static void set_ascii(struct chars *c, unsigned char a)
{
	c->ascii[a / 64] |= UINT64_C(1) << (a % 64);
}

static void set_folded(struct chars *c, unsigned char a)
{
	set_ascii(c, a);
	if ((a | 0x20) >= 'a' && (a | 0x20) <= 'z')
		set_ascii(c, a ^ 0x20);
}

void chars_add(struct chars *c, uint32_t first, uint32_t last)
{
	/* ſ and K, and the letters whose forms they are */
	static const uint32_t forms[][2] = {{0x17f, 's'}, {0x212a, 'k'}};

	for (uint32_t i = first; i <= last && i < 0x80; i++)
		set_folded(c, (unsigned char)i);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (first <= forms[i][0] && forms[i][0] <= last) {
			set_folded(c, (unsigned char)forms[i][1]);
			c->loose = true;
		}
	for (uint32_t i = first < 0x80 ? 0x80 : first; i <= last; i++) {
		uint32_t small = i | 0x20;

		if (i < 0xc0 || i > 0xff || i == 0xd7 || i == 0xdf || i == 0xf7) {
			c->other = true;
			c->signs = false;
			if (i > 0xff)
				break;
		} else {
			c->latin |= UINT32_C(1) << (small - 0xe0);
		}
	}
	/* Å of ångström and capital ÿ are among the others; the views know only å and ÿ */
	if (last > 0xff)
		c->latin |= UINT32_C(1) << (0xe5 - 0xe0) | UINT32_C(1) << (0xff - 0xe0);
}

void chars_join(struct chars *c, const struct chars *other)
{
	c->ascii[0] |= other->ascii[0];
	c->ascii[1] |= other->ascii[1];
	c->latin |= other->latin;
	c->signs = (c->signs || !c->other) && (other->signs || !other->other);
	c->other |= other->other;
	c->loose |= other->loose;
}

void chars_negate(struct chars *c)
{
	if (c->loose) {
		*c = all;
		c->loose = true;
		return;
	}
	/* beyond ASCII the set may hold too many, so its complement is taken to hold all */
	c->ascii[0] = ~c->ascii[0];
	c->ascii[1] = ~c->ascii[1];
	c->latin = UINT32_MAX;
	c->other = true;
	c->signs = false;
}

bool chars_overlap(const struct chars *a, const struct chars *b)
{
	return (a->ascii[0] & b->ascii[0]) || (a->ascii[1] & b->ascii[1]) ||
		(a->latin & b->latin) || (a->other && b->other);
}

static void add_text(struct chars *c, const char *text)
{
	for (; *text; text++)
		set_ascii(c, (unsigned char)*text);
}

bool chars_of_letter(char letter, struct chars *ret)
{
	bool negated = letter < 'a';
	struct chars c = {0};

	switch (letter) {
	case 'd':
	case 'D':
		chars_add(&c, '0', '9');
		c.other = true;
		break;
	case 'w':
	case 'W':
		chars_add(&c, '0', '9');
		chars_add(&c, 'a', 'z');
		add_text(&c, "_");
		c.latin = UINT32_MAX;
		c.other = true;
		break;
	case 's':
	case 'S': add_text(&c, " \t\n\v\f\r"); break;
	case 'h':
	case 'H': add_text(&c, " \t"); break;
	case 'v':
	case 'V': add_text(&c, "\n\v\f\r"); break;
	case 'N': *ret = all; return true;
	default: return false;
	}
	if (negated)
		chars_negate(&c);
	if (letter == 'W') {
		c.latin = UINT32_C(1) << DIVISION;
		c.signs = true;
	}
	*ret = c;
	return true;
}

bool chars_are_words(const struct chars *c)
{
	struct chars word = {0};

	chars_add(&word, '0', '9');
	chars_add(&word, 'a', 'z');
	add_text(&word, "_");
	return !c->other && !c->latin && !(c->ascii[0] & ~word.ascii[0]) &&
		!(c->ascii[1] & ~word.ascii[1]);
}

bool chars_are_gap(const struct chars *c)
{
	unsigned letters = 0;

	for (unsigned a = 'a'; a <= 'z'; a++)
		letters += chars_has(c, a);
	return letters >= 20 && chars_has(c, ' ');
}

size_t chars_list(const struct chars *c, char ret[static CHARS_FEW][4])
{
	size_t n = 0;

	if (c->other)
		return 0;
	for (unsigned char a = 0; a < 0x80; a++) {
		/* no view has capitals, or control characters but the line feed */
		if (!chars_has(c, a) || (a >= 'A' && a <= 'Z') || (a < ' ' && a != '\n'))
			continue;
		if (n == CHARS_FEW)
			return 0;
		memset(ret[n], 0, sizeof(*ret));
		ret[n++][0] = (char)a;
	}
	for (unsigned i = 0; i < 32; i++) {
		if (!(c->latin >> i & 1))
			continue;
		if (n == CHARS_FEW)
			return 0;
		memset(ret[n], 0, sizeof(*ret));
		ret[n][0] = (char)0xc3;
		ret[n++][1] = (char)(0xa0 + i);
	}
	return n;
}
