/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over all literals, then each find is checked where it stands: borders, endings, accents. */
#include "scratch.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

struct pass {
	struct match_scratch *s;
	struct slice view;
	enum text_view which;
};

static bool is_word(struct slice view, size_t at)
{
	unsigned char c = (unsigned char)view.p[at];

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	return text_is_word(view, at);
}

/* Where a term that ends at `end` may end inside its word, or 0 when what follows is no ending of it. */
static size_t word_end(struct slice view, size_t end, uint8_t endings)
{
	size_t n = 0;
	const char *p = view.p + end;
	bool ok;

	while (n < 3 && end + n < view.n && is_word(view, end + n))
		n++;
	if (n == 0)
		return end;
	if (n == 1)
		ok = (*p == 'e' && (endings & MATCH_E)) || (*p == 's' && (endings & MATCH_S)) ||
			(*p == 'x' && (endings & MATCH_X));
	else
		ok = n == 2 && p[0] == 'e' && p[1] == 's' && (endings & MATCH_ES);
	return ok ? end + n : 0;
}

/* The accents of the term against those of the text at [start, end) of the folded view. In a text without
 * any accent nobody can tell; a capital may lack its accent, as is the custom. */
static bool accents_agree(
	const struct match_scratch *s, struct slice term, size_t start, size_t end, size_t term_end)
{
	struct slice plain = text_view(s->views, TEXT_PLAIN), original;
	size_t from, to, i = 0, at;
	uint32_t a, b;

	text_view_below(s->views, TEXT_FOLDED, start, end, &from, &to);
	/* the ending is plain letters: as many bytes in both views */
	if (to - from == term.n + (end - term_end) && memcmp(plain.p + from, term.p, term.n) == 0)
		return true;
	for (at = from; i < term.n && at < to; at++, i++) {
		if (plain.p[at] == term.p[i])
			continue;
		if ((unsigned char)plain.p[at] >= 0x80 || (unsigned char)term.p[i] < 0x80)
			return false; /* an accent too many, or another one */
		text_view_origin(s->views, TEXT_PLAIN, at, at + 1, &a, &b);
		original = (struct slice){text_original(s->views).p + a, b - a};
		if (original.n != 1 || *original.p < 'A' || *original.p > 'Z')
			return false;
		while (i + 1 < term.n && ((unsigned char)term.p[i + 1] & 0xc0) == 0x80)
			i++;
	}
	return i == term.n && to - at == end - term_end;
}

/* True when this part of the squeezed view reads the same in the folded one: found there already. */
static bool is_unchanged(const struct pass *p, size_t start, size_t end, size_t *from, size_t *to)
{
	text_view_below(p->s->views, TEXT_SQUEEZED, start, end, from, to);
	return *to - *from == end - start &&
		memcmp(p->s->folded.p + *from, p->view.p + start, end - start) == 0;
}

static void add_hit(struct match_scratch *s, uint32_t atom, struct match_span span)
{
	struct atom_hits *a = &s->atoms[atom];
	uint32_t owner = s->set->atoms[atom].owner;
	uint32_t i;

	s->owners[owner / 64] |= UINT64_C(1) << (owner % 64);
	if (s->n_hits == MATCH_HITS_MAX) {
		s->limited = true;
		return;
	}
	i = s->n_hits++;
	s->hits[i] = (struct hit){span, NO_HIT};
	if (a->stamp != s->stamp)
		*a = (struct atom_hits){s->stamp, i, i};
	else
		s->hits[a->last].next = i;
	a->last = i;
}

static void announce(struct match_scratch *s, uint32_t atom)
{
	uint32_t owner = s->set->atoms[atom].owner;

	s->owners[owner / 64] |= UINT64_C(1) << (owner % 64);
	s->atoms[atom] = (struct atom_hits){s->stamp, NO_HIT, NO_HIT};
}

static void accept(const struct pass *p, const struct term *term, size_t start, size_t end)
{
	struct match_scratch *s = p->s;
	const uint32_t *atoms = s->set->term_atoms + term->first_atom;
	size_t stop = end, from = start, to;
	bool squeezed = p->which == TEXT_SQUEEZED;

	if (term->flags & TERM_REGEX) {
		for (uint32_t i = 0; !squeezed && i < term->n_atoms; i++)
			announce(s, atoms[i]);
		return;
	}
	if (squeezed ? !(term->flags & TERM_DISGUISED) : (term->flags & TERM_SQUEEZED) != 0)
		return;
	if ((term->flags & TERM_LEFT) && start && is_word(p->view, start - 1))
		return;
	if (term->flags & TERM_RIGHT) {
		stop = word_end(p->view, end, term->endings);
		if (!stop)
			return;
	}
	to = stop;
	if (squeezed) {
		if (is_unchanged(p, start, stop, &from, &to))
			return;
	} else if (text_has_accents(s->views) && !accents_agree(s, term->plain, start, stop, end)) {
		return;
	}
	for (uint32_t i = 0; i < term->n_atoms; i++)
		add_hit(s, atoms[i], (struct match_span){(uint32_t)from, (uint32_t)to, squeezed});
}

static int on_literal(
	unsigned id, unsigned long long unused, unsigned long long to, unsigned flags, void *user)
{
	const struct pass *p = user;
	const struct match_set *set = p->s->set;
	const struct literal *literal = &set->literals[id];
	size_t end = (size_t)to, start = end - literal->length;

	(void)unused;
	(void)flags;
	if (literal->left && start && is_word(p->view, start - 1))
		return 0;
	for (uint32_t i = 0; i < literal->n_terms; i++)
		accept(p, &set->terms[literal->first_term + i], start, end);
	return 0;
}

static void scan_view(struct match_scratch *s, enum text_view which)
{
	struct pass p = {s, text_view(s->views, which), which};

	if (hs_scan(s->set->scanner, p.view.p, (unsigned)p.view.n, 0, s->scratch, on_literal, &p) !=
		HS_SUCCESS)
		s->limited = true;
}

struct match_scratch *match_scratch_new(const struct match_set *set)
{
	struct match_scratch *s = xcalloc(1, sizeof(*s));

	s->set = set;
	s->views = text_views_new();
	s->n_words = (set->n_owners + 63) / 64;
	s->atoms = xcalloc(set->n_atoms + 1, sizeof(*s->atoms));
	s->owners = xcalloc(s->n_words + 1, sizeof(*s->owners));
	matcher_init(&s->matcher);
	if (set->scanner && hs_alloc_scratch(set->scanner, &s->scratch) != HS_SUCCESS)
		abort(); /* out of memory, as in xmalloc */
	return s;
}

struct match_scratch *match_scratch_free(struct match_scratch *s)
{
	if (!s)
		return NULL;
	hs_free_scratch(s->scratch);
	matcher_release(&s->matcher);
	text_views_free(s->views);
	free(s->atoms);
	free(s->owners);
	free(s);
	return NULL;
}

void match_scan(struct match_scratch *s, struct slice text)
{
	text_views_make(s->views, text);
	s->folded = text_view(s->views, TEXT_FOLDED);
	s->n_hits = 0;
	s->limited = false;
	if (++s->stamp == 0) {
		memset(s->atoms, 0, s->set->n_atoms * sizeof(*s->atoms));
		s->stamp = 1;
	}
	memset(s->owners, 0, s->n_words * sizeof(*s->owners));
	for (size_t i = 0; i < s->set->n_always; i++)
		s->owners[s->set->always[i] / 64] |= UINT64_C(1) << (s->set->always[i] % 64);
	if (!s->set->scanner || !s->folded.n)
		return;
	scan_view(s, TEXT_FOLDED);
	if (text_is_squeezed(s->views))
		scan_view(s, TEXT_SQUEEZED);
}

const struct text_views *match_views(const struct match_scratch *s)
{
	return s->views;
}

const uint64_t *match_owners(const struct match_scratch *s, size_t *ret_words)
{
	*ret_words = s->n_words;
	return s->owners;
}

bool match_is_limited(const struct match_scratch *s)
{
	return s->limited;
}

void match_version(struct buf *out)
{
	char pcre2[64];

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	buf_printf(out, "pcre2 %s, vectorscan %s", pcre2, hs_version());
}
