/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suspects.h"

#include <tocsin/base/lanes.h>

enum { STEP = SUSPECTS_STEP, LAST = SUSPECTS_LAST };

#define NEW ((UINT64_C(1) << (STEP + LAST)) - (1u << LAST))

/* The classes of the bytes, as bits. */
struct classes {
	uint64_t letters, signs, odds, hyphens, same;
};

static inline void classify(struct classes *c, const char *p, unsigned at)
{
	lanes v = lanes_load(p), next = lanes_load(p + 1);
	lanes letter = lanes_range(v, 'a', 'z'), hyphen = v == lanes_all('-');
	/* what people do not put behind a word: figures, # $ % & *, and all beyond ASCII */
	lanes odd = lanes_range(v, '0', '9') | lanes_range(v, '#', '&') | (v == lanes_all('*')) |
		(lanes_all(0) > v);
	/* what stands between the words of honest text: ' , - */
	lanes parting = hyphen | (v == lanes_all('\'')) | (v == lanes_all(','));
	lanes sign = ((v > lanes_all(' ')) & ~(letter | parting)) | odd;

	c->letters |= (uint64_t)lanes_bits(letter) << at;
	c->signs |= (uint64_t)lanes_bits(sign) << at;
	c->odds |= (uint64_t)lanes_bits(odd) << at;
	c->hyphens |= (uint64_t)lanes_bits(hyphen) << at;
	c->same |= (uint64_t)lanes_bits((v == next) & letter) << at;
}

/* The bytes before, below the new ones. */
static inline uint64_t with_last(uint64_t *last, uint64_t bits)
{
	uint64_t all = *last | bits;

	*last = all >> STEP;
	return all;
}

/* The LAST bytes of the look before, each class. */
struct last {
	uint64_t letters, signs, odds, hyphens, alone, same;
};

/* In the words below, x << k is the class of the byte k places before. */
static inline uint64_t look(struct last *last, const char *in)
{
	struct classes c = {0};
	uint64_t l, p, o, dash, same, a;

	for (unsigned i = 0; i < STEP; i += LANES)
		classify(&c, in + i, i + LAST);
	l = with_last(&last->letters, c.letters);
	p = with_last(&last->signs, c.signs);
	o = with_last(&last->odds, c.odds);
	dash = with_last(&last->hyphens, c.hyphens);
	same = with_last(&last->same, c.same);
	/* a letter without another beside it, one place back */
	a = with_last(&last->alone, l << 1 & ~(l << 2) & ~l & NEW);
	return ((l & p << 1 & l << 2) | ((o & l << 1) | (o << 1 & l)) | (o & p << 1 & l << 2) |
		       (same & same << 1) | (a & a << 2 & (a << 4 | p << 2 | dash << 2)) |
		       (a & a << 4 & ~(l << 3)) | (a & dash << 2 & l << 3) | (a << 1 & p << 1 & p) |
		       (l & dash << 1 & dash << 2)) &
		NEW;
}

bool suspects_find(struct slice folded, uint64_t *ret_places)
{
	struct last last = {0};
	size_t looks = suspects_looks(folded.n);
	uint64_t any = 0;

	for (size_t i = 0; i < looks; i++)
		any |= ret_places[i] = look(&last, folded.p + i * STEP);
	return any != 0;
}

/* The word's bytes as bits, one mask a class. */
struct masks {
	uint64_t letters, digits, threes, dollars, marks, joints, under, es, same, beyond;
};

static inline void mask_of(uint64_t *mask, lanes v, unsigned at)
{
	*mask |= (uint64_t)lanes_bits(v) << at;
}

/* `joints` may part an inclusive form, `marks` stand for letters as figures do. */
static void add_masks(struct masks *m, const char *p, unsigned at)
{
	lanes v = lanes_load(p), next = lanes_load(p + 1);
	lanes letter = lanes_range(v, 'a', 'z'), dollar = v == lanes_all('$');
	lanes mark = (v == lanes_all('@')) | dollar | (v == lanes_all('!')) | (v == lanes_all('|'));

	mask_of(&m->letters, letter, at);
	mask_of(&m->digits, lanes_range(v, '0', '9'), at);
	mask_of(&m->threes, v == lanes_all('3'), at);
	mask_of(&m->dollars, dollar, at);
	mask_of(&m->marks, mark, at);
	mask_of(&m->joints, lanes_range(v, '-', '/') | (v == lanes_all('(')), at);
	mask_of(&m->under, v == lanes_all('_'), at);
	mask_of(&m->es, v == lanes_all('e'), at);
	mask_of(&m->same, (v == next) & letter, at);
	mask_of(&m->beyond, v, at);
}

/* Whether signs and figures of the word may stand for letters. */
static bool may_be_leet(const struct masks *m, uint64_t l)
{
	uint64_t s = m->digits | m->marks;
	/* a run of them with letters at both ends: the carry of an addition goes along it */
	uint64_t ends = (s + (s & l << 1)) & ~s & l & s << 1;
	/* one figure or dollar in front of letters; 3 and dollar behind them */
	uint64_t front = (m->digits | m->dollars) & ~(s << 1) & l >> 1;
	uint64_t last = (m->threes | m->dollars) & ~(s >> 1) & l << 1;

	return ends | front | last;
}

bool suspects_confirm(struct slice in, size_t start, size_t end)
{
	size_t n = end - start;
	struct masks m = {0};
	uint64_t all, l, single, row, three;
	char last; /* of the letters: an inclusive form ends on e or s */

	if (n >= 64)
		return true;
	for (size_t i = 0; i < n; i += LANES)
		add_masks(&m, in.p + start + i, (unsigned)i);
	all = (UINT64_C(1) << n) - 1;
	l = m.letters & all;
	m.digits &= all;
	m.marks &= all;
	if (!l)
		return false;
	last = in.p[start + 63 - (size_t)__builtin_clzll(l)];
	single = l & ~((l | m.digits) << 1) & ~((l | m.digits) >> 1);
	row = single & (single << 2 | single << 3 | single << 4 | single << 5);
	three = m.same & m.same >> 1 & all >> 2;
	return may_be_leet(&m, l) || (m.beyond & all & (l << 1 | l >> 1 | m.marks << 1)) || row ||
		(three & ~m.es) || (three & three >> 1) ||
		((last == 'e' || last == 's') && (m.joints & l << 1 & l >> 1 & l << 2)) ||
		/* a part of three letters at most before it */
		(m.under & l << 1 & l >> 1 & ~(l << 2 & l << 3 & l << 4));
}
