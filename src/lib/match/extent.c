/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long a match may be, how far an expression looks around it, and whether its time may run away. */
#include "ast.h"

#define LENGTH_MAX (1u << 24)

static uint32_t capped(uint64_t n)
{
	return n < LENGTH_MAX ? (uint32_t)n : LENGTH_MAX;
}

static uint32_t widest(const struct chars *c)
{
	return c->other ? 4 : c->latin ? 2 : 1;
}

static uint32_t narrowest(const struct chars *c)
{
	return c->ascii[0] || c->ascii[1] ? 1 : 2;
}

static struct extent of_repeat(const struct node *n)
{
	struct extent e = node_extent(n->child);

	e.min = capped((uint64_t)e.min * n->min);
	if (n->max == REPEAT_INF) {
		uint32_t times = n->min > REPEAT_COUNTS ? n->min : REPEAT_COUNTS;

		/* a group that repeats counts as so many characters, not as so many of its longest */
		if (n->child->kind == NODE_CHARS)
			e.max = capped((uint64_t)e.max * times);
		else
			e.max = capped((uint64_t)e.max * (n->min + 1u) + 4 * REPEAT_COUNTS);
		e.exact = false;
	} else {
		e.max = capped((uint64_t)e.max * n->max);
	}
	return e;
}

struct extent node_extent(const struct node *n)
{
	struct extent e = {0, 0, true}, part;

	switch (n->kind) {
	case NODE_CHARS: return (struct extent){narrowest(&n->chars), widest(&n->chars), true};
	case NODE_REPEAT: return of_repeat(n);
	case NODE_TEXT: return (struct extent){0, 4 * REPEAT_COUNTS, false};
	case NODE_SEQUENCE:
		for (const struct node *c = n->child; c; c = c->next) {
			part = node_extent(c);
			e.min = capped((uint64_t)e.min + part.min);
			e.max = capped((uint64_t)e.max + part.max);
			e.exact = e.exact && part.exact;
		}
		return e;
	case NODE_ALTERNATION:
		e.min = LENGTH_MAX;
		for (const struct node *c = n->child; c; c = c->next) {
			part = node_extent(c);
			e.min = part.min < e.min ? part.min : e.min;
			e.max = part.max > e.max ? part.max : e.max;
			e.exact = e.exact && part.exact;
		}
		return e;
	case NODE_EMPTY:
	case NODE_ASSERT:
	case NODE_LOOK:
	default: return e;
	}
}

uint32_t tree_outlook(const struct node *n, bool behind)
{
	uint32_t most = 0;

	if (n->kind == NODE_ASSERT)
		return 4; /* one character */
	if (n->kind == NODE_LOOK && n->behind == behind)
		most = node_extent(n->child).max;
	for (const struct node *c = n->child; c; c = c->next) {
		uint32_t inner = tree_outlook(c, behind);

		if (n->kind == NODE_LOOK)
			inner = capped((uint64_t)inner + node_extent(n->child).max);
		most = inner > most ? inner : most;
	}
	return most;
}

/* All that the node may hold, whatever its order. */
static void gather(const struct node *n, struct chars *all)
{
	if (n->kind == NODE_CHARS)
		chars_join(all, &n->chars);
	if (n->kind == NODE_TEXT)
		(void)chars_of_letter('N', all);
	if (n->kind != NODE_LOOK)
		for (const struct node *c = n->child; c; c = c->next)
			gather(c, all);
}

const struct node *tree_gap(const struct node *n)
{
	struct chars all = {0};

	/* what a back reference repeats was bounded where it was read first */
	if (n->kind == NODE_REPEAT && n->max == REPEAT_INF && n->child->assertion != '1') {
		gather(n->child, &all);
		if (chars_are_gap(&all))
			return n;
	}
	for (const struct node *c = n->child; c; c = c->next) {
		const struct node *gap = tree_gap(c);

		if (gap)
			return gap;
	}
	return NULL;
}

static bool varies(const struct node *n)
{
	return n->kind == NODE_REPEAT && n->max != n->min && n->max > 1;
}

/* A varying repetition anywhere inside. */
static bool has_varying(const struct node *n)
{
	if (varies(n))
		return true;
	for (const struct node *c = n->child; c; c = c->next)
		if (has_varying(c))
			return true;
	return false;
}

/* Two repetitions that may share out the same characters between them: how much they multiply. */
static bool neighbours(const struct node *n)
{
	for (const struct node *a = n->child; a; a = a->next) {
		struct chars of_a = {0};
		unsigned shares = 0;

		if (!varies(a) || a->max < 16)
			continue;
		gather(a->child, &of_a);
		for (const struct node *b = a->next; b; b = b->next) {
			struct chars of_b = {0};

			gather(b, &of_b);
			if (!chars_overlap(&of_a, &of_b) && node_extent(b).min)
				break;
			shares += has_varying(b) && chars_overlap(&of_a, &of_b);
		}
		if (shares)
			return true;
	}
	return false;
}

bool tree_is_risky(const struct node *n)
{
	if (n->kind == NODE_TEXT)
		return true;
	if (n->kind == NODE_REPEAT && n->max > 1 && n->max != n->min &&
		n->child->kind != NODE_CHARS)
		return true;
	if (n->kind == NODE_REPEAT && n->max > 1 && has_varying(n->child))
		return true;
	if (n->kind == NODE_SEQUENCE && neighbours(n))
		return true;
	for (const struct node *c = n->child; c; c = c->next)
		if (tree_is_risky(c))
			return true;
	return false;
}
