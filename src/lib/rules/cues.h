/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cue words of the context operators: reserved lists of the shared packs (rules/fr/langue.yaml), which become atoms
 * of a set of their own. A list of a reserved name in several shared packs is their union, so that a town adds its own. */
#ifndef RULES_CUES_H
#define RULES_CUES_H
#include <stdbool.h>
#include <stdint.h>

/* Each is a bit of a token; cue_lists[] has their names. */
enum cue {
	CUE_SECOND, /* tu, vous, dégage */
	CUE_FRAME, /* espèce de, bande de */
	CUE_EPITHET, /* quel, sale, gros, pauvre */
	CUE_PERSON, /* maire, agent, the town's own names */
	CUE_SELF, /* je suis, on est */
	CUE_REPORT, /* traité de, il paraît que */
	CUE_AGAINST, /* stop aux, arrêtez de dire */
	CUE_CONDEMN, /* est raciste, est inadmissible */
	CUE_DENY, /* je ne dis pas que */
	CUE_NO, /* pas, jamais, plus, rien */
	CUE_NONE, /* sans, aucun, ni */
	CUE_NE, /* ne, n' */
	CUE_BE, /* est, êtes, était */
	CUE_HAVE, /* a, avez */
	CUE_MODAL, /* vais, veux, faut */
	CUE_LINK, /* what may stand between: un, vraiment, gros */
	CUE_DETERMINER, /* un, une, des, les */
	CUE_THING, /* projet, route, décision */
	CUE_THIS, /* c', ce, ça */
	CUE_OF, /* de, du, à, pour */
	CUE_BREAK, /* mais, car, parce que */
	CUE_AND, /* et, ou, puis */
	CUE_SUBJECT, /* je, tu, il, on */
	CUE_THAT, /* que, qu' */
	CUE_QUESTION, /* pourquoi, est-ce que */
	CUES
};
#define CUE(name) (UINT32_C(1) << CUE_##name)

enum context_operator {
	CONTEXT_ADDRESSED,
	CONTEXT_QUOTED,
	CONTEXT_NEGATED,
	CONTEXT_THING,
	CONTEXT_QUESTION,
	CONTEXT_OPERATORS
};

struct cue_list {
	const char *name;
	bool inflected; /* as « mots », else as « expression » */
};
extern const struct cue_list cue_lists[CUES];
/* The cues that an operator looks at. */
uint32_t cues_of(enum context_operator op);
#endif
