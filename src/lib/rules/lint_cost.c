/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expressions that run in nearly every comment, and what they cost: how often they wake. */
#include "lint.h"

#define COMMENT 120u /* characters of an ordinary comment */
#define OFTEN 0.5 /* share of the comments from which on it is worth a word */

static void say(struct loader *l, const struct lint_atom *a, const char *why, double share)
{
	struct rule_place at = {.path = a->path, .line = a->line, .column = a->column};
	struct slice pattern = a->n_terms ? l->lint->terms[a->first_term] : (struct slice){0};

	lint_say(l->lint, LINT_COST, a->rule, &at,
		"ajoutez-lui un mot rare et obligatoire, ou remplacez-la par « mots » ; voulu : admis: {coût: pourquoi}",
		"l'expression « %.*s » %s : elle est essayée dans %.0f commentaires sur 100",
		(int)(pattern.n > 60 ? 60 : pattern.n), pattern.p, why, 100 * share);
}

void lint_cost(struct loader *l)
{
	for (size_t i = 0; i < l->lint->n_atoms; i++) {
		const struct lint_atom *a = &l->lint->atoms[i];
		double share;

		if (!a->regex)
			continue;
		share = a->rate * COMMENT > 1 ? 1 : a->rate * COMMENT;
		if (a->way == MATCH_BY_SHARED_SCAN)
			say(l, a, "n'a pas de mot obligatoire", 1);
		else if (a->way == MATCH_BY_LITERALS && share >= OFTEN)
			say(l, a, "n'a que des lettres courantes d'obligatoires", share);
	}
}
