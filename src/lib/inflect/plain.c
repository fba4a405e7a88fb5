/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <tocsin/text/text.h>

enum { LATIN_FIRST = 0xC0, LATIN_END = 0x250, IMAGE = 7 };

/* The images of the characters that need no neighbour to know theirs: composed Latin letters. */
struct plain {
	struct text_views *views;
	struct {
		uint8_t n;
		char image[IMAGE];
	} latin[LATIN_END - LATIN_FIRST];
};

struct plain *plain_new(void)
{
	struct plain *p = xcalloc(1, sizeof(*p));

	p->views = text_views_new();
	for (uint32_t c = LATIN_FIRST; c < LATIN_END; c++) {
		char own[4];
		struct slice image;

		text_views_make(p->views, (struct slice){own, utf8_put(own, c)});
		image = text_view(p->views, TEXT_PLAIN);
		if (!image.n || image.n > IMAGE)
			continue;
		p->latin[c - LATIN_FIRST].n = (uint8_t)image.n;
		memcpy(p->latin[c - LATIN_FIRST].image, image.p, image.n);
	}
	return p;
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

/* Small and capital ASCII letters, hyphens and composed Latin letters; false when there is anything else. */
static bool add_latin(struct plain *p, struct buf *out, struct slice text)
{
	size_t i = 0;

	while (i < text.n) {
		unsigned char c = (unsigned char)text.p[i];
		uint32_t scalar;

		if (c < 0x80) {
			if (!is_small(c) && !(c >= 'A' && c <= 'Z'))
				return false;
			buf_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
			i++;
			continue;
		}
		scalar = utf8_next(text, &i);
		if (scalar < LATIN_FIRST || scalar >= LATIN_END ||
			!p->latin[scalar - LATIN_FIRST].n)
			return false;
		buf_add(out, p->latin[scalar - LATIN_FIRST].image,
			p->latin[scalar - LATIN_FIRST].n);
	}
	return true;
}

void plain_add(struct plain *p, struct buf *out, struct slice text)
{
	size_t before = out->n;

	if (add_latin(p, out, text))
		return;
	out->n = before;
	text_views_make(p->views, text);
	buf_add_slice(out, trimmed(text_view(p->views, TEXT_PLAIN)));
}

void plain_fold(struct plain *p, struct buf *out, struct slice text)
{
	text_views_make(p->views, text);
	buf_add_slice(out, trimmed(text_view(p->views, TEXT_FOLDED)));
}
