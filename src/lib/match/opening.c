/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opening.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#define LENGTH 4u /* characters of a way to begin */
#define WAYS_MAX 1024u /* of a part of an expression */
#define ANY UINT32_MAX
#define LATIN_LEAD 0xc3 /* the first byte of U+00C0 to U+00FF; small letters follow with a0 to bf */
#define DIVISION '\xb7' /* but for ÷ */

/* Characters fall into few classes, so that the tables are small. */
enum {
	FIGURE = 26,
	BLANK,
	SIGN,
	LATIN,
	WIDE,
	INSIDE /* of a character of several bytes */,
	CLASSES
};
#define WORDS ((UINT32_C(1) << (FIGURE + 1)) - 1)

/* Of a pair of characters that stands at one place of a way of so many: those expressions that have one. */
struct pair {
	uint64_t two, three[2], four[3];
};

struct opening {
	uint8_t classes[256];
	uint64_t before[CLASSES]; /* by the character before: those that may begin behind it */
	uint64_t one[CLASSES]; /* those of which we know no more than the first character */
	struct pair pairs[CLASSES][CLASSES];
};

/* A way to begin: sets of classes. */
struct way {
	uint32_t sets[LENGTH];
	unsigned n;
	bool border; /* \b stands before it */
	bool open; /* anything may follow: we do not know, or do not mind */
};

struct ways {
	struct way list[WAYS_MAX];
	size_t n;
	bool full; /* there were too many */
};

static uint8_t class_of(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '0' && c <= '9')
		return FIGURE;
	if (c == ' ')
		return BLANK;
	if (c < 0x80)
		return SIGN;
	if (c < 0xc0)
		return INSIDE;
	return c == LATIN_LEAD ? LATIN : WIDE;
}

/* The class of the character at `at`: of a letter of French beyond ASCII LATIN, of others of its block WIDE. */
static uint8_t class_at(const struct opening *o, struct slice view, size_t at)
{
	uint8_t class;

	if (at >= view.n)
		return BLANK;
	class = o->classes[(unsigned char)view.p[at]];
	if (class != LATIN)
		return class;
	at++;
	return at < view.n && (unsigned char)view.p[at] >= 0xa0 && view.p[at] != DIVISION ? LATIN
											  : WIDE;
}

struct opening *opening_new(void)
{
	struct opening *o = xcalloc(1, sizeof(*o));

	for (unsigned c = 0; c < 256; c++)
		o->classes[c] = class_of((unsigned char)c);
	return o;
}

struct opening *opening_free(struct opening *o)
{
	free(o);
	return NULL;
}

/* --- the ways of an expression */

static bool is_same(const struct way *a, const struct way *b)
{
	return a->n == b->n && a->border == b->border && a->open == b->open &&
		memcmp(a->sets, b->sets, sizeof(a->sets)) == 0;
}

static void add_way(struct ways *w, const struct way *way)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_same(&w->list[i], way))
			return;
	if (w->n < WAYS_MAX)
		w->list[w->n++] = *way;
	else
		w->full = true;
}

static void add_all(struct ways *w, const struct ways *more)
{
	for (size_t i = 0; i < more->n; i++)
		add_way(w, &more->list[i]);
	w->full |= more->full;
}

static bool is_complete(const struct way *w)
{
	return w->open || w->n == LENGTH;
}

static struct way joined(const struct way *a, const struct way *b)
{
	struct way r = *a;

	r.border |= !a->n && b->border;
	for (unsigned i = 0; i < b->n && r.n < LENGTH; i++)
		r.sets[r.n++] = b->sets[i];
	r.open = b->open && r.n < LENGTH;
	return r;
}

/* Behind each way of `w`, each way of `next`; anything, when there are too many. */
static void follow(struct ways *w, const struct ways *next)
{
	struct ways *r = xcalloc(1, sizeof(*r));

	r->full = next->full;
	for (size_t i = 0; i < w->n && !r->full; i++) {
		if (is_complete(&w->list[i]))
			add_way(r, &w->list[i]);
		for (size_t k = 0; k < next->n && !is_complete(&w->list[i]); k++) {
			struct way way = joined(&w->list[i], &next->list[k]);

			add_way(r, &way);
		}
	}
	for (size_t i = 0; i < w->n && r->full; i++)
		w->list[i].open |= w->list[i].n < LENGTH;
	if (!r->full)
		*w = *r;
	free(r);
}

static void ways_of_chars(const struct chars *c, struct ways *ret)
{
	struct way narrow = {.n = 1}, wide = {.n = 1, .open = true};

	for (unsigned a = 0; a < 0x80; a++)
		if (chars_has(c, (unsigned char)a) &&
			!(a >= 'A' && a <= 'Z')) /* no view has them */
			narrow.sets[0] |= UINT32_C(1) << class_of((unsigned char)a);
	if (narrow.sets[0])
		add_way(ret, &narrow);
	/* of several bytes: what is behind the first one is open */
	wide.sets[0] = (c->latin ? UINT32_C(1) << LATIN : 0) | (c->other ? UINT32_C(1) << WIDE : 0);
	if (wide.sets[0])
		add_way(ret, &wide);
}

static void ways_of(const struct node *n, struct ways *ret);

static void ways_of_sequence(const struct node *n, struct ways *ret)
{
	const struct way none = {0};

	add_way(ret, &none);
	for (const struct node *c = n->child; c; c = c->next) {
		struct ways *part = xcalloc(1, sizeof(*part));

		ways_of(c, part);
		follow(ret, part);
		free(part);
	}
}

static void ways_of_repeat(const struct node *n, struct ways *ret)
{
	struct ways *child = xcalloc(1, sizeof(*child)), *power = xcalloc(1, sizeof(*power));
	const struct way none = {0};

	ways_of(n->child, child);
	add_way(power, &none);
	/* each round that reads anything reads a character: LENGTH of them are enough */
	for (uint32_t i = 0; i <= LENGTH; i++) {
		if (i >= n->min || i == LENGTH)
			add_all(ret, power);
		if (i == n->max)
			break;
		follow(power, child);
	}
	free(child);
	free(power);
}

static void ways_of(const struct node *n, struct ways *ret)
{
	struct way way = {0};

	switch (n->kind) {
	case NODE_CHARS: ways_of_chars(&n->chars, ret); break;
	case NODE_SEQUENCE: ways_of_sequence(n, ret); break;
	case NODE_REPEAT: ways_of_repeat(n, ret); break;
	case NODE_ALTERNATION:
		for (const struct node *c = n->child; c; c = c->next) {
			struct ways *branch = xcalloc(1, sizeof(*branch));

			ways_of(c, branch);
			add_all(ret, branch);
			free(branch);
		}
		break;
	case NODE_ASSERT:
		way.border = n->assertion == 'b';
		add_way(ret, &way);
		break;
	case NODE_TEXT:
		way.open = true;
		add_way(ret, &way);
		break;
	case NODE_EMPTY:
	case NODE_LOOK:
	default: add_way(ret, &way); break;
	}
}

/* --- the tables */

static void allow_pairs(struct opening *o, uint64_t bit, const struct way *w, unsigned at)
{
	for (unsigned a = 0; a < CLASSES; a++)
		for (unsigned b = 0; b < CLASSES; b++) {
			struct pair *pair = &o->pairs[a][b];

			if (!(w->sets[at] >> a & 1) || !(w->sets[at + 1] >> b & 1))
				continue;
			if (w->n == 2)
				pair->two |= bit;
			else if (w->n == 3)
				pair->three[at] |= bit;
			else
				pair->four[at] |= bit;
		}
}

static void allow(struct opening *o, uint64_t bit, const struct way *w)
{
	bool border = w->border && w->n && !(w->sets[0] & ~WORDS);

	/* PCRE2 holds more for words than ASCII: beyond it we do not say */
	for (unsigned a = 0; a < CLASSES; a++) {
		if (!border || !(WORDS >> a & 1))
			o->before[a] |= bit;
		if (w->n == 0 || (w->n == 1 && (w->sets[0] >> a & 1)))
			o->one[a] |= bit;
	}
	for (unsigned at = 0; at + 1 < w->n; at++)
		allow_pairs(o, bit, w, at);
}

void opening_add(struct opening *o, unsigned number, const struct tree *t)
{
	const struct way anything = {0};
	struct ways *w = xcalloc(1, sizeof(*w));

	ways_of(t->root, w);
	if (w->full)
		allow(o, UINT64_C(1) << number, &anything);
	for (size_t i = 0; i < w->n && !w->full; i++)
		allow(o, UINT64_C(1) << number, &w->list[i]);
	free(w);
}

uint64_t opening_find(const struct opening *o, struct slice view)
{
	uint8_t before = BLANK, c = class_at(o, view, 0), c1 = class_at(o, view, 1),
		c2 = class_at(o, view, 2);
	const struct pair *p = &o->pairs[c][c1], *p1 = &o->pairs[c1][c2];
	uint64_t found = 0;

	for (size_t at = 0; at < view.n; at++) {
		uint8_t c3 = class_at(o, view, at + 3);
		const struct pair *p2 = &o->pairs[c2][c3];

		found |= o->before[before] &
			(o->one[c] | p->two | (p->three[0] & p1->three[1]) |
				(p->four[0] & p1->four[1] & p2->four[2]));
		before = c;
		c = c1;
		c1 = c2;
		c2 = c3;
		p = p1;
		p1 = p2;
	}
	return found;
}
