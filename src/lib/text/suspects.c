/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suspects.h"

#include "lanes.h"

/* Bytes in one look, and bytes of the one before that it remembers: a bit each in 64. */
enum { STEP = 3 * LANES, LAST = 4 };

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

/* In the words below, x << k is the class of the byte k places before. */
static inline void look(struct suspects *s)
{
	struct classes c = {0};
	uint64_t l, p, o, dash, same, a;

	for (unsigned i = 0; i < STEP; i += LANES)
		classify(&c, s->in.p + s->base + i, i + LAST);
	l = with_last(&s->letters, c.letters);
	p = with_last(&s->signs, c.signs);
	o = with_last(&s->odds, c.odds);
	dash = with_last(&s->hyphens, c.hyphens);
	same = with_last(&s->same, c.same);
	/* a letter without another beside it, one place back */
	a = with_last(&s->alone, l << 1 & ~(l << 2) & ~l & NEW);
	s->found = ((l & p << 1 & l << 2) | ((o & l << 1) | (o << 1 & l)) | (same & same << 1) |
			   (a & a << 2 & (a << 4 | p << 2 | dash << 2)) | (a & a << 4 & ~(l << 3)) |
			   (a & dash << 2 & l << 3) | (a << 1 & p << 1 & p) |
			   (l & dash << 1 & dash << 2)) &
		NEW;
	s->base += STEP;
}

size_t suspects_next(struct suspects *s)
{
	size_t at;

	if (!s->found) {
		struct suspects own = *s; /* in registers */

		while (!own.found && own.base <= own.in.n)
			look(&own);
		*s = own;
		if (!own.found)
			return own.in.n;
	}
	at = s->base - STEP - LAST + (size_t)__builtin_ctzll(s->found);
	s->found &= s->found - 1;
	return at < s->in.n ? at : s->in.n - !!s->in.n;
}

/* The word's bytes as bits, one mask a class. */
struct masks {
	uint64_t letters, digits, threes, marks, joints, under, same, beyond;
};

/* `joints` may part an inclusive form, `marks` stand for letters as figures do. */
static void add_masks(struct masks *m, const char *p, unsigned at)
{
	lanes v = lanes_load(p), next = lanes_load(p + 1);
	lanes letter = lanes_range(v, 'a', 'z'), digit = lanes_range(v, '0', '9');
	lanes mark = (v == lanes_all('@')) | (v == lanes_all('$')) | (v == lanes_all('!')) |
		(v == lanes_all('|'));
	lanes joint = lanes_range(v, '-', '/') | (v == lanes_all('('));

	m->letters |= (uint64_t)lanes_bits(letter) << at;
	m->digits |= (uint64_t)lanes_bits(digit) << at;
	m->threes |= (uint64_t)lanes_bits(v == lanes_all('3')) << at;
	m->marks |= (uint64_t)lanes_bits(mark) << at;
	m->joints |= (uint64_t)lanes_bits(joint) << at;
	m->under |= (uint64_t)lanes_bits(v == lanes_all('_')) << at;
	m->same |= (uint64_t)lanes_bits((v == next) & letter) << at;
	m->beyond |= (uint64_t)lanes_bits(v) << at;
}

bool suspects_confirm(struct slice in, size_t start, size_t end)
{
	size_t n = end - start;
	struct masks m = {0};
	char last; /* of the letters: an inclusive form ends on e or s */
	uint64_t all, l, s, single, between;

	if (n >= 64)
		return true;
	for (size_t i = 0; i < n; i += LANES)
		add_masks(&m, in.p + start + i, (unsigned)i);
	all = (UINT64_C(1) << n) - 1;
	l = m.letters & all;
	if (!l)
		return false;
	last = in.p[start + 63 - (size_t)__builtin_clzll(l)];
	s = (m.digits | m.marks) & all;
	single = l & ~((l | m.digits) << 1) & ~((l | m.digits) >> 1);
	/* runs of signs with a letter at both ends: the carry of an addition runs along them */
	between = (s + (s & l << 1)) & ~s & l & ~(l & ~(s << 1));
	return between || (m.beyond & all & (l << 1 | l >> 1)) ||
		(m.same & m.same >> 1 & all >> 1) ||
		((last == 'e' || last == 's') && (m.joints & l << 1 & l >> 1 & l << 2)) ||
		/* a part of three letters at most before it */
		(m.under & l << 1 & l >> 1 & ~(l << 2 & l << 3 & l << 4)) ||
		(single & (single - 1)) ||
		/* one figure or dollar in front of letters; 3 and dollar behind them */
		(s & ~(s << 1) & l >> 1) ||
		(((m.threes | (m.marks & ~m.digits)) & all) & ~(s >> 1) & l << 1);
}
