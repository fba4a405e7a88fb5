/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uses → literals → terms → atoms, sorted so that each level is a range of the next; and the scanner. */
#include <errno.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>

#include "builder.h"
#include "guess.h"
#include "regex.h"

/* A want on its way to its place. */
struct moved {
	uint64_t key;
	uint32_t from;
};

static int compare_moved(const void *a, const void *b, void *wants)
{
	const struct moved *m = a, *n = b;
	const struct want *list = wants, *x = &list[m->from], *y = &list[n->from];
	int c;

	if (m->key != n->key)
		return m->key < n->key ? -1 : 1;
	c = slice_compare(x->literal, y->literal);
	if (!c)
		c = slice_compare(x->plain, y->plain);
	if (!c)
		c = (int)x->endings - (int)y->endings;
	return c ? c : (int)x->flags - (int)y->flags;
}

/* Sorts the wants; the uses follow them to their new places. */
static void sort_wants(struct match_builder *b)
{
	_free_ struct moved *moved = xlarge_zero(b->n_wants + 1, sizeof(*moved));
	_free_ uint32_t *places = xlarge_zero(b->n_wants + 1, sizeof(*places));
	struct want *sorted = xlarge_zero(b->n_wants + 1, sizeof(*sorted));

	for (uint32_t i = 0; i < b->n_wants; i++)
		moved[i] = (struct moved){b->wants[i].key, i};
	qsort_r(moved, b->n_wants, sizeof(*moved), compare_moved, b->wants);
	for (uint32_t i = 0; i < b->n_wants; i++) {
		sorted[i] = b->wants[moved[i].from];
		places[moved[i].from] = i;
	}
	for (size_t i = 0; i < b->n_uses; i++)
		b->uses[i].want = places[b->uses[i].want];
	free(b->wants);
	b->wants = sorted;
	b->cap_wants = b->n_wants + 1;
}

static uint32_t key_of(const struct use *u, bool by_atom)
{
	return by_atom ? u->atom : u->want;
}

/* By counting, for there are far more uses than atoms or wants; those of one key stay in their order. */
static void sort_uses_by(struct match_builder *b, size_t n_keys, bool by_atom)
{
	_free_ uint32_t *ends = xlarge_zero(n_keys + 1, sizeof(*ends));
	struct use *sorted = xlarge_zero(b->n_uses + 1, sizeof(*sorted));

	for (size_t i = 0; i < b->n_uses; i++)
		ends[key_of(&b->uses[i], by_atom)]++;
	for (size_t i = 1; i < n_keys; i++)
		ends[i] += ends[i - 1];
	for (size_t i = b->n_uses; i-- > 0;)
		sorted[--ends[key_of(&b->uses[i], by_atom)]] = b->uses[i];
	free(b->uses);
	b->uses = sorted;
	b->cap_uses = b->n_uses + 1;
}

/* By want, then by atom. */
static void sort_uses(struct match_builder *b)
{
	sort_wants(b);
	sort_uses_by(b, b->set->n_atoms, true);
	sort_uses_by(b, b->n_wants, false);
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

/* Whether a letter or figure beside it rules the use out. */
static bool needs_left(const struct want *w)
{
	return (w->flags & TERM_LEFT) &&
		(!(w->flags & (TERM_REGEX | TERM_EXACT)) || is_word_byte(*w->literal.p));
}

static bool needs_right(const struct want *w)
{
	return (w->flags & TERM_RIGHT) && !w->endings &&
		(!(w->flags & (TERM_REGEX | TERM_EXACT)) ||
			is_word_byte(w->literal.p[w->literal.n - 1]));
}

static void new_literal(struct match_set *s, struct slice text, uint32_t first_term)
{
	s->literals[s->n_literals] = (struct literal){text.p, first_term, 0};
	s->gates[s->n_literals++] = (struct gate){(uint16_t)(text.n & 0x3fff), 1, 1};
}

static void lay_out(struct match_builder *l)
{
	struct match_set *r = l->set;
	size_t n_terms = 0, n_atoms = 0;

	sort_uses(l);
	share_atoms(l);
	r->literals = arena_alloc(&r->arena, (l->n_wants + 1) * sizeof(*r->literals));
	r->gates = arena_alloc(&r->arena, (l->n_wants + 1) * sizeof(*r->gates));
	r->terms = arena_alloc(&r->arena, (l->n_wants + 1) * sizeof(*r->terms));
	r->term_atoms = arena_alloc(&r->arena, (l->n_uses + 1) * sizeof(*r->term_atoms));
	for (size_t i = 0; i < l->n_uses; i++) {
		const struct use *u = &l->uses[i], *before = i ? u - 1 : NULL;
		const struct want *w = &l->wants[u->want];

		if (!before || !slice_equal(w->literal, l->wants[before->want].literal))
			new_literal(r, w->literal, (uint32_t)n_terms);
		if (!before || u->want != before->want) {
			struct literal *literal = &r->literals[r->n_literals - 1];
			struct gate *gate = &r->gates[r->n_literals - 1];

			r->terms[n_terms++] =
				(struct term){w->plain, w->endings, w->flags, (uint32_t)n_atoms, 0};
			literal->n_terms++;
			gate->left = gate->left && needs_left(w);
			gate->right = gate->right && needs_right(w);
		} else if (u->atom == before->atom) {
			continue; /* written twice */
		}
		r->term_atoms[n_atoms++] = u->atom;
		r->terms[n_terms - 1].n_atoms++;
	}
}

/* They are megabytes, and the tables that come now take their place. */
static void forget_uses(struct match_builder *b)
{
	free(b->wants);
	free(b->slots);
	free(b->uses);
	b->wants = NULL;
	b->slots = NULL;
	b->uses = NULL;
}

/* What is asked of atoms in every text. */
static void lay_out_flags(struct match_set *s)
{
	size_t words = s->n_atoms / 64 + 1;

	s->waking = arena_zero(&s->arena, words * sizeof(*s->waking));
	s->besides = arena_zero(&s->arena, words * sizeof(*s->besides));
	s->same = arena_alloc(&s->arena, (s->n_atoms + 1) * sizeof(*s->same));
	for (size_t i = 0; i < s->n_atoms; i++) {
		uint64_t bit = UINT64_C(1) << i % 64;

		s->same[i] = s->atoms[i].same;
		s->waking[i / 64] |= s->atoms[i].n_owners ? bit : 0;
		s->besides[i / 64] |= s->atoms[i].besides ? bit : 0;
	}
}

static int compile_scanner(struct match_set *s, struct error *e)
{
	_free_ const char **texts = xcalloc(s->n_literals + 1, sizeof(*texts));
	_free_ size_t *lengths = xcalloc(s->n_literals + 1, sizeof(*lengths));
	_free_ unsigned *ids = xcalloc(s->n_literals + 1, sizeof(*ids));
	_free_ unsigned *flags = xcalloc(s->n_literals + 1, sizeof(*flags));
	hs_compile_error_t *error = NULL;
	size_t n = 0;

	for (size_t i = 0; i < s->n_literals; i++)
		if (!is_start(s, (uint32_t)i)) {
			texts[n] = s->literals[i].text;
			lengths[n] = s->gates[i].length;
			ids[n++] = (unsigned)i;
		}
	if (!n)
		return 0;
	if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL,
		    &s->scanner, &error) != HS_SUCCESS) {
		error_set(e, -EINVAL, "le moteur refuse les termes : %s",
			error ? error->message : "?");
		hs_free_compile_error(error);
		return -EINVAL;
	}
	return 0;
}

static int compile_covers(struct match_set *s, struct error *e)
{
	for (size_t i = 0; i < 2; i++)
		if (s->shared[i].cover && !cover_compile(s->shared[i].cover)) {
			error_set(e, -EINVAL,
				"les expressions sans mot obligatoire sont trop nombreuses");
			return -EINVAL;
		}
	return 0;
}

static int compile_word(struct match_set *s, struct error *e)
{
	struct match_fault f;

	s->word = regex_compile(SLICE("\\w"), &f);
	if (s->word && regex_ready(s->word, &f))
		return 0;
	error_set(e, -EINVAL, "%s", f.text);
	return -EINVAL;
}

int match_compile(struct match_builder *b, struct match_set **ret, struct error *e)
{
	int r;

	lay_out(b);
	forget_uses(b);
	lay_out_flags(b->set);
	lay_out_masks(b->set);
	lay_out_guesses(b->set);
	if (b->bare)
		bare_mark(b->bare, b->set);
	lay_out_starts(b->set);
	gists_seal(b->set->gists);
	r = compile_scanner(b->set, e);
	if (r == 0)
		r = compile_covers(b->set, e);
	if (r == 0)
		r = compile_word(b->set, e);
	if (r < 0)
		return r;
	*ret = b->set;
	b->set = NULL;
	return 0;
}

struct match_set *match_set_free(struct match_set *s)
{
	if (!s)
		return NULL;
	for (size_t i = 0; i < s->n_regexes; i++) {
		pcre2_code_free(s->regexes[i].code);
		pcre2_code_free(s->regexes[i].narrow);
	}
	pcre2_code_free(s->word);
	for (size_t i = 0; i < 2; i++) {
		cover_free(s->shared[i].cover);
		for (size_t k = 0; k < COVER_FEW / OPENING_MAX; k++)
			opening_free(s->shared[i].openings[k]);
		free(s->shared[i].atoms);
	}
	gists_free(s->gists);
	hs_free_database(s->scanner);
	guesses_free(s->guesses);
	free(s->maskables);
	free(s->atoms);
	free(s->regexes);
	arena_release(&s->arena);
	free(s);
	return NULL;
}
