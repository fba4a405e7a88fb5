/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bare.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/wordhash.h>

#include "builder.h"

#define BARE_BITS 65536u

/* A word that has the letters of a term's word, and its accents. */
struct noted {
	uint64_t folded, plain; /* hashes */
};

struct bare {
	uint64_t bits[BARE_BITS /
		64]; /* a bit for some bits of the hash of each word with accents of a term */
	struct noted *list;
	size_t n, cap;
};

/* Both texts of a term, word by word. */
struct parts {
	struct slice folded, plain;
	size_t folded_at, plain_at;
};

static bool is_part(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static struct slice next_part(struct slice text, size_t *at)
{
	size_t start = *at;

	while (start < text.n && !is_part(text.p[start]))
		start++;
	for (*at = start; *at < text.n && is_part(text.p[*at]);)
		++*at;
	return (struct slice){text.p + start, *at - start};
}

/* The next word, and whether it has accents; false at the end. */
static bool next_parts(struct parts *p, struct slice *folded, struct slice *plain)
{
	*folded = next_part(p->folded, &p->folded_at);
	*plain = next_part(p->plain, &p->plain_at);
	return folded->n && plain->n;
}

static size_t bit_of(uint64_t hash)
{
	return (hash ^ hash >> 32) % BARE_BITS;
}

static bool may_be_bare(uint8_t flags)
{
	return !(flags & (TERM_REGEX | TERM_EXACT | TERM_SQUEEZED));
}

struct bare *bare_new(const struct match_builder *b)
{
	struct bare *bare = xcalloc(1, sizeof(*bare));

	for (size_t i = 0; i < b->n_wants; i++) {
		const struct want *w = &b->wants[i];
		struct parts p = {w->literal, w->plain, 0, 0};
		struct slice folded, plain;

		while (may_be_bare(w->flags) && next_parts(&p, &folded, &plain)) {
			size_t bit = bit_of(wordhash(folded));

			if (!slice_equal(folded, plain))
				bare->bits[bit / 64] |= UINT64_C(1) << bit % 64;
		}
	}
	return bare;
}

struct bare *bare_free(struct bare *b)
{
	if (b)
		free(b->list);
	free(b);
	return NULL;
}

void bare_note(struct bare *b, uint64_t hash, struct slice plain)
{
	size_t bit = bit_of(hash);

	if (!(b->bits[bit / 64] >> bit % 64 & 1))
		return;
	b->list = xgrow(b->list, b->n, &b->cap, sizeof(*b->list));
	b->list[b->n++] = (struct noted){hash, wordhash(plain)};
}

static int compare(const void *a, const void *b)
{
	const struct noted *x = a, *y = b;

	return (x->folded > y->folded) - (x->folded < y->folded);
}

/* No word but this one has these letters. */
static bool is_told(const struct bare *b, struct slice folded, struct slice plain)
{
	uint64_t hash = wordhash(folded), own = wordhash(plain);
	size_t low = 0, high = b->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->list[middle].folded < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < b->n && b->list[low].folded == hash; low++)
		if (b->list[low].plain != own)
			return false;
	return true;
}

void bare_mark(const struct bare *b, struct match_set *s)
{
	if (b->n)
		qsort(b->list, b->n, sizeof(*b->list), compare);
	for (size_t l = 0; l < s->n_literals; l++)
		for (uint32_t t = 0; t < s->literals[l].n_terms; t++) {
			struct term *term = &s->terms[s->literals[l].first_term + t];
			struct parts p = {
				{s->literals[l].text, s->gates[l].length}, term->plain, 0, 0};
			struct slice folded, plain;
			bool told = may_be_bare((uint8_t)term->flags) &&
				!slice_equal(p.folded, p.plain);

			while (told && next_parts(&p, &folded, &plain))
				told = slice_equal(folded, plain) || is_told(b, folded, plain);
			if (told)
				term->flags |= TERM_BARE;
		}
}
