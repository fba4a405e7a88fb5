/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <tocsin/text/text.h>

enum { LATIN_FIRST = 0xC0, LATIN_END = 0x250, IMAGE = 7, NO_IMAGE = 255 };

/* The images of the characters that need no neighbour to know theirs: composed Latin letters, asked of the text room
 * when they first come; so are its views made. */
struct plain {
	struct text_views *views;
	struct {
		uint8_t n; /* 0: not asked yet; NO_IMAGE */
		char image[IMAGE];
	} latin[LATIN_END - LATIN_FIRST];
};

struct plain *plain_new(void)
{
	return xcalloc(1, sizeof(struct plain));
}

static struct text_views *views_of(struct plain *p)
{
	if (!p->views)
		p->views = text_views_new();
	return p->views;
}

/* The accented small letters of French are their own image; what they are with the accent off, 0: another letter. */
static char letter_below(uint32_t scalar)
{
	static const char letters[] = "a a    ceeee  ii    o    u uu   "; /* à is the first */

	if (scalar < 0xE0 || scalar > 0xFF || letters[scalar - 0xE0] == ' ')
		return 0;
	return letters[scalar - 0xE0];
}

static struct slice image_of(struct plain *p, uint32_t scalar)
{
	struct slice image;
	uint8_t *n = &p->latin[scalar - LATIN_FIRST].n;
	char own[4];

	if (*n == 0) {
		image = (struct slice){own, utf8_put(own, scalar)};
		if (!letter_below(scalar)) {
			text_views_make(views_of(p), image);
			image = text_view(p->views, TEXT_PLAIN);
		}
		*n = image.n && image.n <= IMAGE ? (uint8_t)image.n : NO_IMAGE;
		if (*n != NO_IMAGE)
			memcpy(p->latin[scalar - LATIN_FIRST].image, image.p, image.n);
	}
	if (*n == NO_IMAGE)
		return (struct slice){0};
	return (struct slice){p->latin[scalar - LATIN_FIRST].image, *n};
}

struct plain *plain_free(struct plain *p)
{
	if (p)
		text_views_free(p->views);
	free(p);
	return NULL;
}

static bool is_small(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || c == '-';
}

bool plain_already(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_small((unsigned char)text.p[i]))
			return false;
	return true;
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

/* A blank between two other characters. */
static bool is_single_blank(struct slice text, size_t i)
{
	return text.p[i] == ' ' && i > 0 && i + 1 < text.n && text.p[i - 1] != ' ' &&
		text.p[i + 1] != ' ';
}

/* ASCII letters, hyphens, apostrophes, single blanks and composed Latin letters; false when there is anything else, or an
 * I within a word, which may stand for an l. */
static bool add_latin(struct plain *p, struct buf *out, struct slice text)
{
	size_t i = 0;

	while (i < text.n) {
		unsigned char c = (unsigned char)text.p[i];
		uint32_t scalar;
		struct slice image;

		if (c < 0x80) {
			if (!is_small(c) && !(c >= 'A' && c <= 'Z') && c != '\'' &&
				!is_single_blank(text, i))
				return false;
			if (c == 'I' && i > 0)
				return false;
			buf_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
			i++;
			continue;
		}
		scalar = utf8_next(text, &i);
		if (scalar < LATIN_FIRST || scalar >= LATIN_END)
			return false;
		image = image_of(p, scalar);
		if (!image.n)
			return false;
		buf_add_slice(out, image);
	}
	return true;
}

void plain_add(struct plain *p, struct buf *out, struct slice text)
{
	size_t before = out->n;

	if (add_latin(p, out, text))
		return;
	out->n = before;
	text_views_make(views_of(p), text);
	buf_add_slice(out, trimmed(text_view(p->views, TEXT_PLAIN)));
}

void plain_fold(struct plain *p, struct buf *out, struct slice text)
{
	size_t at = 0;
	char below;

	if (plain_already(text)) {
		buf_add_slice(out, text);
		return;
	}
	below = letter_below(utf8_next(text, &at));
	if (below && at == text.n) {
		buf_add_char(out, below);
		return;
	}
	text_views_make(views_of(p), text);
	buf_add_slice(out, trimmed(text_view(p->views, TEXT_FOLDED)));
}
