/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gists are looked up by their first four letters, at each place of the text's gist. */
#include "gist.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "literals.h"

enum {
	GRAM = 4, /* letters of a look-up */
	LETTER_BITS = 5,
	GRAMS = 1 << (GRAM * LETTER_BITS),
	SEEN = 1 << 16, /* bits that say whether any gist begins so */
	GIST_MAX = 24, /* letters of one that are minded */
	GAP_MAX = 3, /* signs between two letters of a match */
	MAYBE = 0x80 /* of a letter: it may be left out */
};
/* A gist that stands at more places than this announces too often. */
#define RATE_MAX 3e-4

/* Of an expression. */
struct gist {
	uint32_t gram; /* of its first letters */
	uint32_t atom;
	size_t n;
	uint8_t letters[GIST_MAX]; /* 1 is a */
};

struct gists {
	uint8_t letters[256]; /* of each byte of a folded view: 1 is a, 0 none; MAYBE besides */
	uint64_t seen[SEEN / 64];
	struct gist *list; /* sealed: sorted by gram */
	size_t n, cap;
};

static uint8_t letter_of(char c)
{
	return (uint8_t)(c - 'a' + 1);
}

struct gists *gists_new(void)
{
	static const char figures[] = "oizeasgtbg";
	static const char signs[][2] = {{'@', 'a'}, {'$', 's'}, {'!', 'i'}, {'|', 'l'}};
	struct gists *g = xcalloc(1, sizeof(*g));

	for (unsigned c = 'a'; c <= 'z'; c++)
		g->letters[c] = letter_of((char)c);
	for (size_t i = 0; i < 10; i++)
		g->letters['0' + i] = letter_of(figures[i]);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		g->letters[(unsigned char)signs[i][0]] = letter_of(signs[i][1]) | MAYBE;
	return g;
}

struct gists *gists_free(struct gists *g)
{
	if (g)
		free(g->list);
	free(g);
	return NULL;
}

/* --- of an expression */

/* What a set of characters is in a gist. */
enum part {
	PART_LETTER, /* each of them the same letter */
	PART_GAP, /* none is a letter, but some are signs that may be */
	PART_NOTHING, /* none is a letter */
	PART_ANY /* none of the above */
};

struct walk {
	const struct gists *g;
	struct gist now, best;
	double rate; /* of the best one */
	uint32_t gap; /* signs since the last letter */
};

/* Letters U+00E0 to U+00FF as the folded view has them; blank: no letter; a question mark: it is not that simple. */
static const char latin[] = "aaaaaa?ceeeeiiii?nooooo ouuuuy?y";

static enum part part_of(const struct gists *g, const struct chars *c, uint8_t *ret)
{
	uint8_t letter = 0;
	bool nothing = c->other, maybe = false, several = c->other && !c->signs;

	for (unsigned a = 0; a < 0x80; a++) {
		uint8_t one = g->letters[a] & (MAYBE - 1);

		if (!chars_has(c, (unsigned char)a) ||
			(a >= 'A' && a <= 'Z')) /* no view has them */
			continue;
		nothing |= !one;
		maybe |= g->letters[a] & MAYBE;
		several |= one && letter && one != letter && !(g->letters[a] & MAYBE);
		letter = one && !(g->letters[a] & MAYBE) ? one : letter;
	}
	for (unsigned i = 0; i < 32; i++) {
		uint8_t one = latin[i] == ' ' ? 0 : letter_of(latin[i]);

		if (!(c->latin >> i & 1))
			continue;
		nothing |= !one;
		several |= latin[i] == '?' || (one && letter && one != letter);
		letter = one ? one : letter;
	}
	if (several || (letter && nothing))
		return PART_ANY;
	if (!letter)
		return nothing ? maybe ? PART_GAP : PART_NOTHING : PART_ANY;
	for (unsigned a = 0; a < 0x80; a++) /* signs of another letter */
		if (chars_has(c, (unsigned char)a) && (g->letters[a] & MAYBE) &&
			(g->letters[a] & (MAYBE - 1)) != letter)
			return PART_ANY;
	*ret = letter;
	return PART_LETTER;
}

static double rate_of(const struct gist *gist)
{
	char text[GIST_MAX];

	for (size_t i = 0; i < gist->n; i++)
		text[i] = (char)('a' + gist->letters[i] - 1);
	return rarity((struct slice){text, gist->n});
}

/* Anything may follow: what was gathered is a gist, maybe the best. */
static void finish(struct walk *w)
{
	if (w->now.n >= GRAM) {
		double rate = rate_of(&w->now);

		if (!w->best.n || rate < w->rate) {
			w->best = w->now;
			w->rate = rate;
		}
	}
	w->now.n = 0;
	w->gap = 0;
}

static void add_letter(struct walk *w, uint8_t letter)
{
	struct gist *gist = &w->now;

	w->gap = 0;
	if (gist->n && gist->letters[gist->n - 1] == letter)
		return;
	if (gist->n == GIST_MAX)
		finish(w);
	gist->letters[gist->n++] = letter;
}

/* So many of these characters. */
static void walk_chars(struct walk *w, const struct chars *c, uint32_t min, uint32_t max)
{
	uint8_t letter;

	switch (part_of(w->g, c, &letter)) {
	case PART_LETTER:
		if (min)
			add_letter(w, letter);
		else
			finish(w);
		break;
	case PART_GAP:
		if (max > GAP_MAX - w->gap)
			finish(w);
		else
			w->gap += max;
		break;
	case PART_NOTHING: break;
	case PART_ANY: finish(w); break;
	}
}

static void walk(struct walk *w, const struct node *n)
{
	switch (n->kind) {
	case NODE_CHARS: walk_chars(w, &n->chars, 1, 1); break;
	case NODE_SEQUENCE:
		for (const struct node *c = n->child; c; c = c->next)
			walk(w, c);
		break;
	case NODE_REPEAT:
		if (n->child->kind == NODE_CHARS) {
			walk_chars(w, &n->child->chars, n->min, n->max);
			break;
		}
		finish(w);
		if (n->min)
			walk(w, n->child);
		finish(w);
		break;
	case NODE_ALTERNATION:
	case NODE_TEXT: finish(w); break;
	case NODE_EMPTY:
	case NODE_ASSERT:
	case NODE_LOOK:
	default: break;
	}
}

bool gists_add(struct gists *g, const struct tree *t, uint32_t atom)
{
	struct walk w = {.g = g};

	walk(&w, t->root);
	finish(&w);
	if (!w.best.n || w.rate > RATE_MAX)
		return false;
	for (size_t i = 0; i < GRAM; i++)
		w.best.gram = w.best.gram << LETTER_BITS | w.best.letters[i];
	w.best.atom = atom;
	g->list = xgrow(g->list, g->n, &g->cap, sizeof(*g->list));
	g->list[g->n++] = w.best;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct gist *x = a, *y = b;

	if (x->gram != y->gram)
		return x->gram < y->gram ? -1 : 1;
	return (x->atom > y->atom) - (x->atom < y->atom);
}

/* Letters before those of the gram are shifted out. */
static inline uint32_t seen_bit(uint32_t gram)
{
	return gram * (UINT32_C(0x9e3779b1) << (32 - GRAM * LETTER_BITS)) >> 16;
}

static inline bool is_seen(const struct gists *g, uint32_t gram)
{
	return g->seen[seen_bit(gram) / 64] >> seen_bit(gram) % 64 & 1;
}

void gists_seal(struct gists *g)
{
	if (g->n)
		qsort(g->list, g->n, sizeof(*g->list), compare);
	for (size_t i = 0; i < g->n; i++)
		g->seen[seen_bit(g->list[i].gram) / 64] |= UINT64_C(1)
			<< seen_bit(g->list[i].gram) % 64;
}

/* --- of a text */

struct search {
	const struct gists *g;
	const uint8_t *text; /* the gist of the text */
	size_t n;
	struct gist_call call;
};

static const struct gist *first_with(const struct gists *g, uint32_t gram)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->list[middle].gram < gram)
			low = middle + 1;
		else
			high = middle;
	}
	return g->list + low;
}

/* Whether the gist may stand at `at`, where its first letters do; where a letter may be left out nobody looks further. */
static bool stands(const struct search *s, const struct gist *gist, size_t at)
{
	for (size_t i = GRAM; i < gist->n; i++) {
		if (at + i >= s->n)
			return false;
		if (s->text[at + i] & MAYBE)
			return true;
		if (s->text[at + i] != gist->letters[i])
			return false;
	}
	return true;
}

/* Those with these first letters, seldom any; sure: they stand at `at`, without one that may be left out. */
static void tell(const struct search *s, uint32_t gram, size_t at, bool sure)
{
	for (const struct gist *gist = first_with(s->g, gram);
		gist < s->g->list + s->g->n && gist->gram == gram; gist++)
		if (!sure || stands(s, gist, at))
			s->call.fn(s->call.user, gist->atom);
}

static inline void look_up(const struct search *s, uint32_t gram, size_t at, bool sure)
{
	if (is_seen(s->g, gram))
		tell(s, gram, at, sure);
}

/* A way to read the letters from `at` on. */
struct reading {
	size_t at;
	uint32_t gram;
	unsigned n, skipped; /* letters of the gram; those left out since the last one */
	uint8_t last;
};

/* All ways on from this one: each letter that may be left out is, or is not. */
static void read_on(const struct search *s, struct reading r)
{
	for (; r.at < s->n && r.n < GRAM; r.at++) {
		uint8_t letter = s->text[r.at] & (MAYBE - 1);

		if (letter == r.last)
			continue;
		if (s->text[r.at] & MAYBE) {
			struct reading without = r;

			without.at++;
			if (r.n && ++without.skipped <= GAP_MAX)
				read_on(s, without);
		}
		r.gram = r.gram << LETTER_BITS | letter;
		r.n++;
		r.skipped = 0;
		r.last = letter;
	}
	if (r.n == GRAM)
		look_up(s, r.gram, r.at, false);
}

/* The letters of a text, and where the grams end that some gist begins with. */
struct heard {
	uint8_t *text;
	uint32_t *ends;
	size_t n, n_ends;
	bool maybe; /* some of its letters may be left out: the grams say nothing */
};

/* Without a branch at what is left out, which nobody foresees: it is written over. */
static void hear(const struct gists *g, struct slice folded, struct heard *h)
{
	/* a byte that is written may be any of those that are read, unless it is told */
	uint8_t *restrict text = h->text;
	uint32_t *restrict ends = h->ends;
	size_t n = 0, n_ends = 0;
	uint32_t gram = 0;
	uint8_t last = 0, any = 0;

	for (size_t i = 0; i < folded.n; i++) {
		uint8_t letter = g->letters[(unsigned char)folded.p[i]];
		uint32_t next = (letter != 0) & (letter != last), mask = 0 - next;

		text[n] = letter;
		n += next;
		last = (last & (uint8_t)(0 - (letter == 0))) | letter;
		any |= letter;
		gram = gram << (LETTER_BITS & mask) | (letter & mask);
		if (next & (uint32_t)is_seen(g, gram)) /* seldom */
			ends[n_ends++] = (uint32_t)n;
	}
	h->n = n;
	h->n_ends = n_ends;
	h->maybe = any & MAYBE;
}

static uint32_t gram_at(const uint8_t *text, uint32_t *ret_maybe)
{
	uint32_t gram = 0, maybe = 0;

	for (size_t i = 0; i < GRAM; i++) {
		gram = gram << LETTER_BITS | (text[i] & (MAYBE - 1));
		maybe |= text[i] & MAYBE;
	}
	*ret_maybe = maybe;
	return gram;
}

static void look_at(const struct search *s, size_t at)
{
	uint32_t maybe, gram = gram_at(s->text + at, &maybe);

	if (!maybe)
		look_up(s, gram, at, true);
	else
		read_on(s, (struct reading){.at = at});
}

void gists_find(
	const struct gists *g, struct slice folded, struct buf *letters, struct gist_call call)
{
	struct search s = {.g = g, .call = call};
	struct heard h;

	if (!g->n)
		return;
	buf_clear(letters);
	h.ends = (uint32_t *)(void *)buf_reserve(
		letters, (folded.n + 1) * (sizeof(*h.ends) + sizeof(*h.text)));
	h.text = (uint8_t *)(h.ends + folded.n + 1);
	hear(g, folded, &h);
	s.text = h.text;
	s.n = h.n;
	for (size_t i = 0; !h.maybe && i < h.n_ends; i++)
		if (h.ends[i] >= GRAM)
			look_at(&s, h.ends[i] - GRAM);
	for (size_t at = 0; h.maybe && at + GRAM <= s.n; at++)
		look_at(&s, at);
}
