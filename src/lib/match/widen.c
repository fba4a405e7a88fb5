/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cover of an expression. It matches in every text of a view in which the expression matches:
 *	- looks and most assertions are left out, high counts have no end, a back reference is any text;
 *	- a character beyond ASCII is any character beyond ASCII, so that no two libraries need agree on Unicode;
 *	- \b stays where a letter, figure or underscore of ASCII surely stands at one side of it: PCRE2 then asks that no
 *	  word character of Unicode stand at the other, RE2 that none of ASCII does. */
#include "widen.h"

#define COUNT_CHARS 3u /* counts that are kept */
#define COUNT_GROUPS 2u
#define ANY_WIDE "[\\xc2-\\xf4][\\x80-\\xbf]*"

static void put_byte(struct buf *out, unsigned b)
{
	if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == ' ')
		buf_add_char(out, (char)b);
	else
		buf_printf(out, "\\x%02x", b);
}

static void widen_chars(const struct chars *c, struct buf *out)
{
	struct chars set = *c;
	bool ascii, wide = c->other || c->latin;

	/* no view has capitals */
	for (unsigned a = 'A'; a <= 'Z'; a++)
		set.ascii[a / 64] &= ~(UINT64_C(1) << (a % 64));
	ascii = set.ascii[0] || set.ascii[1];
	if (wide && ascii)
		buf_add_string(out, "(?:");
	if (ascii) {
		buf_add_char(out, '[');
		for (unsigned a = 0, last; a < 0x80; a++) {
			if (!chars_has(&set, (unsigned char)a))
				continue;
			for (last = a; last < 0x7f && chars_has(&set, (unsigned char)(last + 1));
				last++)
				;
			put_byte(out, a);
			if (last > a) {
				buf_add_char(out, '-');
				put_byte(out, last);
			}
			a = last;
		}
		buf_add_char(out, ']');
	}
	if (wide && ascii)
		buf_add_string(out, "|" ANY_WIDE ")");
	else if (wide)
		buf_add_string(out, "(?:" ANY_WIDE ")");
	else if (!ascii)
		buf_add_string(out, "[^\\x00-\\xff]");
}

/* The outermost character at that side is surely a letter, figure or underscore of ASCII. */
static bool edge_is_word(const struct node *n, bool last);

/* Of the parts of a sequence: those that may be outermost. list is in the order in which they may be. */
static bool parts_are_words(const struct node *const *list, size_t n, bool last)
{
	for (size_t i = 0; i < n; i++) {
		const struct node *part = list[i];

		if (part->kind == NODE_ASSERT || part->kind == NODE_LOOK)
			continue;
		if (node_extent(part).min)
			return edge_is_word(part, last);
		if (part->kind != NODE_REPEAT || !edge_is_word(part->child, last))
			return false;
	}
	return false;
}

#define PARTS_MAX 16u

/* From `from` on, or up to it, as far as PARTS_MAX parts. */
static bool run_is_word(const struct node *first, const struct node *end, bool last)
{
	const struct node *list[PARTS_MAX];
	size_t n = 0;

	if (!last) {
		for (const struct node *c = first; c != end && n < PARTS_MAX; c = c->next)
			list[n++] = c;
		return parts_are_words(list, n, last);
	}
	for (const struct node *c = first; c != end; c = c->next) {
		memmove(list + 1, list, (PARTS_MAX - 1) * sizeof(*list));
		list[0] = c;
		n += n < PARTS_MAX;
	}
	return parts_are_words(list, n, last);
}

static bool edge_is_word(const struct node *n, bool last)
{
	switch (n->kind) {
	case NODE_CHARS: return chars_are_words(&n->chars);
	case NODE_REPEAT: return n->min && edge_is_word(n->child, last);
	case NODE_SEQUENCE: return run_is_word(n->child, NULL, last);
	case NODE_ALTERNATION:
		for (const struct node *c = n->child; c; c = c->next)
			if (!edge_is_word(c, last))
				return false;
		return true;
	case NODE_EMPTY:
	case NODE_ASSERT:
	case NODE_LOOK:
	case NODE_TEXT:
	default: return false;
	}
}

static void widen(const struct node *n, struct buf *out);

static void widen_repeat(const struct node *n, struct buf *out)
{
	uint32_t most = n->child->kind == NODE_CHARS ? COUNT_CHARS : COUNT_GROUPS;
	uint32_t min = n->min < most ? n->min : most;

	buf_add_string(out, "(?:");
	widen(n->child, out);
	if (n->max <= most)
		buf_printf(out, "){%u,%u}", min, n->max);
	else if (min == 0)
		buf_add_string(out, ")*");
	else
		buf_printf(out, "){%u,}", min);
}

static void widen_sequence(const struct node *n, struct buf *out)
{
	buf_add_string(out, "(?:");
	for (const struct node *c = n->child; c; c = c->next) {
		if (c->kind != NODE_ASSERT)
			widen(c, out);
		else if (c->assertion == 'b' &&
			(run_is_word(n->child, c, true) || run_is_word(c->next, NULL, false)))
			buf_add_string(out, "\\b");
	}
	buf_add_char(out, ')');
}

static void widen(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_CHARS: widen_chars(&n->chars, out); break;
	case NODE_SEQUENCE: widen_sequence(n, out); break;
	case NODE_REPEAT: widen_repeat(n, out); break;
	case NODE_TEXT: buf_add_string(out, "(?s:.*)"); break;
	case NODE_ALTERNATION:
		buf_add_string(out, "(?:");
		for (const struct node *c = n->child; c; c = c->next) {
			widen(c, out);
			if (c->next)
				buf_add_char(out, '|');
		}
		buf_add_char(out, ')');
		break;
	case NODE_EMPTY:
	case NODE_ASSERT:
	case NODE_LOOK:
	default: buf_add_string(out, "(?:)"); break;
	}
}

void tree_widen(const struct tree *tree, struct buf *out)
{
	widen(tree->root, out);
}
