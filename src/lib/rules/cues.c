/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cues.h"

#include <errno.h>

#include "loader.h"

const struct cue_list cue_lists[CUES] = {
	[CUE_SECOND] = {"adresse_2e", false},
	[CUE_FRAME] = {"cadres_injure", false},
	[CUE_EPITHET] = {"epithetes", false},
	[CUE_PERSON] = {"personnes", true},
	[CUE_SELF] = {"premiere_personne", false},
	[CUE_REPORT] = {"citation", false},
	[CUE_AGAINST] = {"contre_discours", false},
	[CUE_CONDEMN] = {"condamne", false},
	[CUE_DENY] = {"nie_que", false},
	[CUE_NO] = {"negations", false},
	[CUE_NONE] = {"privations", false},
	[CUE_NE] = {"ne", false},
	[CUE_BE] = {"etre", false},
	[CUE_HAVE] = {"avoir", false},
	[CUE_MODAL] = {"modaux", false},
	[CUE_LINK] = {"liaisons", false},
	[CUE_DETERMINER] = {"articles", false},
	[CUE_THING] = {"choses", true},
	[CUE_THIS] = {"impersonnels", false},
	[CUE_OF] = {"prepositions", false},
	[CUE_BREAK] = {"coupures", false},
	[CUE_AND] = {"coordinations", false},
	[CUE_SUBJECT] = {"sujets_verbe", false},
	[CUE_THAT] = {"que", false},
	[CUE_QUESTION] = {"interrogatifs", false},
};

void need_cues(struct loader *l, const struct yaml_node *node)
{
	_buf_ struct buf missing = {0};

	for (unsigned cue = 0; cue < CUES; cue++)
		if (!has_shared_list(l, cue_lists[cue].name))
			buf_printf(&missing, "%s%s", missing.n ? ", " : "", cue_lists[cue].name);
	if (missing.n && !l->n_broken)
		complain(l, node, "reprenez langue.yaml des règles livrées, à côté des vôtres",
			"les listes réservées manquent : %s", buf_string(&missing));
	l->needs_cues = true;
}

/* An atom for each list: all of them, so that what an operator finds never depends on the others in use. */
static void add_atoms(struct loader *l)
{
	for (unsigned cue = 0; cue < CUES; cue++) {
		l->r->cue_atoms[cue] = match_add_atom(l->match, MATCH_NOBODY);
		add_shared_list(l, cue_lists[cue].name,
			cue_lists[cue].inflected ? STYLE_WORDS : STYLE_PHRASE,
			l->r->cue_atoms[cue]);
	}
}

int compile_cues(struct loader *l)
{
	struct match_builder *rules = l->match;
	struct term_memos *memos = l->memos;
	struct linter *lint = l->lint;
	size_t errors = l->p->errors;
	struct error e;
	int r;

	if (!l->needs_cues)
		return 0;
	l->disguise = false;
	l->n_words = 0;
	l->match = match_builder_new();
	l->memos = term_memos_new();
	l->lint = NULL; /* it looks at the rules' atoms */
	add_atoms(l);
	r = l->p->errors > errors ? -EINVAL : match_compile(l->match, &l->r->cues, &e);
	if (r < 0 && l->p->errors == errors)
		problem_add(l->p, PROBLEM_ERROR, "règles", 0, 0,
			"une expression est trop lourde : retirez la dernière ajoutée, puis relancez",
			"%s", e.text);
	match_builder_free(l->match);
	term_memos_free(l->memos);
	l->match = rules;
	l->memos = memos;
	l->lint = lint;
	return r;
}
