/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rise.h"

#include <string.h>

#include "chance.h"

#define COMMON 0.05 /* of all comments: a stop-word */
#define WORTH 1.0 /* a score below is no rise */
#define BOUND 30.0 /* how much more often than by chance two words of one comment meet */
#define PLAIN_MAX 24u /* words of a comment that are looked at two by two */

bool rise_is_common(const struct entry *e, const struct past *past)
{
	return e->past > COMMON * past->heard && past->heard > 100;
}

static void insert(struct rise *r, const struct riser *x)
{
	unsigned at = r->n;

	if (x->score < WORTH || (r->n == RISERS_MAX && x->score <= r->list[r->n - 1].score))
		return;
	if (r->n < RISERS_MAX)
		r->n++;
	else
		at--;
	for (; at > 0 && r->list[at - 1].score < x->score; at--)
		r->list[at] = r->list[at - 1];
	r->list[at] = *x;
}

/* The scan: the number of latest hits whose chance is least. */
static void judge_term(struct rise *r, const struct term *t, const struct past *past, uint32_t now)
{
	const struct entry *e = t->entry;
	struct riser x = {.hash = t->hash, .a = t->a, .b = t->b};
	double before = e->past + 1 - past->discount[e->pair];
	unsigned from = 0;

	for (unsigned i = 0; i + 1 < e->n; i++) {
		double score = chance_of_count(
			e->n - 1u - i, now - e->hits[i], before + i, past->heard + i);
		if (score > x.score) {
			x.score = score;
			from = i;
		}
	}
	x.n = e->n - from;
	memcpy(x.hits, e->hits + from, x.n * sizeof(*x.hits));
	insert(r, &x);
}

static unsigned common_hits(
	const uint32_t *a, unsigned n_a, const uint32_t *b, unsigned n_b, uint32_t ret[static HITS])
{
	unsigned n = 0;

	for (unsigned i = 0, k = 0; i < n_a && k < n_b;) {
		if (a[i] == b[k]) {
			ret[n++] = a[i];
			i++;
			k++;
		} else if ((int32_t)(a[i] - b[k]) < 0) {
			i++;
		} else {
			k++;
		}
	}
	return n;
}

static void judge_two(struct rise *r, const struct term *s, const struct term *t,
	const struct past *past, uint32_t now)
{
	struct riser x = {.a = s->a, .b = t->a, .said_together = true};
	double rate =
		(s->entry->past + 1) * (t->entry->past + 1) / past->heard / past->heard * BOUND;

	x.n = common_hits(s->entry->hits, s->entry->n, t->entry->hits, t->entry->n, x.hits);
	if (x.n < 2)
		return;
	x.score = chance_of_guess(x.n - 1, rate * (now - x.hits[0]));
	x.hash = terms_pair(s->hash, t->hash);
	insert(r, &x);
}

/* A bit for each hit; all bits when two hits would share theirs. */
static uint64_t sieve_of(const struct entry *e)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < e->n; i++)
		bits |= UINT64_C(1) << (e->hits[i] & 63);
	return __builtin_popcountll(bits) == e->n ? bits : UINT64_MAX;
}

static void judge_together(
	struct rise *r, const struct term *terms, size_t n, const struct past *past, uint32_t now)
{
	const struct term *plain[PLAIN_MAX];
	uint64_t sieve[PLAIN_MAX]; /* of hits: few words have two in common */
	unsigned m = 0;

	for (size_t i = 0; i < n && m < PLAIN_MAX; i++)
		if (terms[i].a == terms[i].b && terms[i].entry->n > 1 &&
			terms[i].entry->hits[terms[i].entry->n - 1] == now)
			plain[m++] = &terms[i];
	for (unsigned i = 0; i < m; i++)
		sieve[i] = sieve_of(plain[i]->entry);
	for (unsigned i = 0; i < m; i++)
		for (unsigned k = i + 1; k < m; k++) {
			uint64_t both = sieve[i] & sieve[k];
			if (both & (both - 1))
				judge_two(r, plain[i], plain[k], past, now);
		}
}

void rise_judge(struct rise *ret, const struct term *terms, size_t n, const struct past *past,
	uint32_t ordinal)
{
	ret->n = 0;
	for (size_t i = 0; i < n; i++)
		if (terms[i].entry->n > 1 && terms[i].entry->hits[terms[i].entry->n - 1] == ordinal)
			judge_term(ret, &terms[i], past, ordinal);
	judge_together(ret, terms, n, past, ordinal);
}

static bool shares_word(const struct riser *x, const struct riser *y)
{
	return x->a == y->a || x->a == y->b || x->b == y->a || x->b == y->b;
}

unsigned rise_beside(
	const struct rise *r, const struct riser *seed, const struct riser **ret_with, unsigned max)
{
	unsigned n = 0;
	uint32_t hits[HITS];

	for (unsigned i = 0; i < r->n && n < max; i++) {
		const struct riser *x = &r->list[i];
		bool apart = x != seed && !shares_word(x, seed);
		for (unsigned k = 0; k < n; k++)
			apart &= !shares_word(x, ret_with[k]);
		if (apart && common_hits(x->hits, x->n, seed->hits, seed->n, hits) >= 2)
			ret_with[n++] = x;
	}
	return n;
}
