/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page without its tree: for what is too deep or too big for one. Every word is kept, also of elements that no page shows;
 * blocks begin and end lines, links and pictures are only their words. */
#include "private.h"
#include <libxml/HTMLparser.h>
#include <tocsin/base/utf8.h>

#define WORD_MAX 32u /* bytes of an element's name, or behind "&", that can mean something */

struct strip {
	struct slice html;
	size_t i, start; /* start: where our text begins in out */
	bool no_tag_ends, no_comment_ends; /* from here on: looked for once, not for each "<" */
	bool blank, line; /* due before the next word */
	struct buf *out;
};

static struct slice rest_of(const struct strip *s)
{
	return (struct slice){s->html.p + s->i, s->html.n - s->i};
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static void add(struct strip *s, const char *p, size_t n)
{
	if (s->out->n > s->start && (s->line || s->blank))
		buf_add_char(s->out, s->line ? '\n' : ' ');
	s->line = s->blank = false;
	buf_add(s->out, p, n);
}

/* What begins at "<" as a tag or a comment does: its bytes. 0: a mere sign, or it never ends, so that it is words. */
static size_t tag_length(struct strip *s)
{
	const struct slice t = rest_of(s);
	const bool comment = slice_begins(t, "<!--");
	bool *none = comment ? &s->no_comment_ends : &s->no_tag_ends;
	const char *end;
	if (*none || t.n < 3 || !(is_letter(t.p[1]) || strchr("/!?", t.p[1])))
		return 0;
	end = comment ? memmem(t.p, t.n, "-->", 3) : memchr(t.p, '>', t.n);
	*none = !end;
	return end ? (size_t)(end - t.p) + (comment ? 3 : 1) : 0;
}

static void pass_tag(struct strip *s, size_t n)
{
	const size_t from = s->html.p[s->i + 1] == '/' ? 2 : 1;
	char name[WORD_MAX];
	size_t length = 0;
	for (const char *p = s->html.p + s->i + from; length < sizeof(name); p++, length++) {
		const bool digit = length && *p >= '0' && *p <= '9';
		if (!is_letter(*p) && !digit)
			break;
		name[length] = (char)(digit ? *p : *p | 32);
	}
	s->line |= page_is_block((struct slice){name, length});
	s->i += n;
}

/* The character behind "&#", or behind "&" and a name that HTML knows; 0: none. */
static uint32_t reference(struct slice name)
{
	char text[WORD_MAX];
	const htmlEntityDesc *known;
	unsigned long value;
	char *end;
	memcpy(text, name.p, name.n);
	text[name.n] = 0;
	if (text[0] != '#') {
		known = htmlEntityLookup((const xmlChar *)text);
		return known ? known->value : 0;
	}
	const bool hex = (text[1] | 32) == 'x';
	value = strtoul(text + (hex ? 2 : 1), &end, hex ? 16 : 10);
	return *end || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ? 0
										: (uint32_t)value;
}

static void take_reference(struct strip *s)
{
	const struct slice t = rest_of(s);
	const char *end = memchr(t.p, ';', t.n < WORD_MAX ? t.n : WORD_MAX);
	const size_t n = end ? (size_t)(end - t.p) : 0;
	const uint32_t c = n > 1 ? reference((struct slice){t.p + 1, n - 1}) : 0;
	char utf8[4];
	s->i += c ? n + 1 : 1;
	if (c)
		add(s, utf8, utf8_put(utf8, c));
	else
		add(s, "&", 1);
}

void strip_text(struct slice html, struct buf *out)
{
	struct strip s = {.html = html, .start = out->n, .out = out};
	while (s.i < html.n) {
		const char c = html.p[s.i];
		const size_t tag = c == '<' ? tag_length(&s) : 0;
		if (tag) {
			pass_tag(&s, tag);
		} else if (c == '&') {
			take_reference(&s);
		} else {
			if (strchr(" \t\r\n\f", c))
				s.blank = true;
			else
				add(&s, &c, 1);
			s.i++;
		}
	}
}
