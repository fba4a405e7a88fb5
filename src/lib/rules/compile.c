/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uses → literals → terms → atoms, sorted so that each level is a range of the next; and the scanner. */
#include <errno.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "loader.h"

static int compare_uses(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int c = slice_compare(x->literal, y->literal);

	if (!c)
		c = slice_compare(x->plain, y->plain);
	if (!c)
		c = (int)x->endings - (int)y->endings;
	if (!c)
		c = (int)x->flags - (int)y->flags;
	return c ? c : (x->atom > y->atom) - (x->atom < y->atom);
}

static bool same_term(const struct use *a, const struct use *b)
{
	return slice_equal(a->literal, b->literal) && slice_equal(a->plain, b->plain) &&
		a->endings == b->endings && a->flags == b->flags;
}

static void lay_out(struct loader *l)
{
	struct ruleset *r = l->r;
	size_t n_terms = 0, n_atoms = 0;

	if (l->n_uses)
		qsort(l->uses, l->n_uses, sizeof(*l->uses), compare_uses);
	r->literals = arena_alloc(&r->arena, (l->n_uses + 1) * sizeof(*r->literals));
	r->terms = arena_alloc(&r->arena, (l->n_uses + 1) * sizeof(*r->terms));
	r->term_atoms = arena_alloc(&r->arena, (l->n_uses + 1) * sizeof(*r->term_atoms));
	for (size_t i = 0; i < l->n_uses; i++) {
		const struct use *u = &l->uses[i], *before = i ? u - 1 : NULL;

		if (!before || !slice_equal(u->literal, before->literal))
			r->literals[r->n_literals++] = (struct literal){
				(uint32_t)u->literal.n, (uint32_t)n_terms, 0, true};
		if (!before || !same_term(u, before)) {
			struct literal *literal = &r->literals[r->n_literals - 1];

			r->terms[n_terms++] =
				(struct term){u->plain, u->endings, u->flags, (uint32_t)n_atoms, 0};
			literal->n_terms++;
			literal->left = literal->left && (u->flags & TERM_LEFT);
		} else if (u->atom == before->atom) {
			continue; /* written twice */
		}
		r->term_atoms[n_atoms++] = u->atom;
		r->terms[n_terms - 1].n_atoms++;
	}
}

int compile(struct loader *l)
{
	struct ruleset *r = l->r;
	_free_ const char **texts = NULL;
	_free_ size_t *lengths = NULL;
	_free_ unsigned *ids = NULL, *flags = NULL;
	hs_compile_error_t *error = NULL;
	size_t n = 0;

	lay_out(l);
	for (uint32_t i = 0; i < r->n_rules; i++)
		if (r->rules[i].always)
			*list_add(r, always) = i;
	if (!r->n_literals)
		return 0;
	texts = xcalloc(r->n_literals, sizeof(*texts));
	lengths = xcalloc(r->n_literals, sizeof(*lengths));
	ids = xcalloc(r->n_literals, sizeof(*ids));
	flags = xcalloc(r->n_literals, sizeof(*flags));
	for (size_t i = 0; i < l->n_uses; i++)
		if (!i || !slice_equal(l->uses[i].literal, l->uses[i - 1].literal)) {
			texts[n] = l->uses[i].literal.p;
			lengths[n] = l->uses[i].literal.n;
			ids[n] = (unsigned)n;
			n++;
		}
	if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL,
		    &r->scanner, &error) != HS_SUCCESS) {
		problem_add(l->p, PROBLEM_ERROR, "règles", 0, 0, NULL,
			"le moteur refuse les termes : %s", error ? error->message : "?");
		hs_free_compile_error(error);
		return -EINVAL;
	}
	return 0;
}
