/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#define RUN 6u /* words; as many as two texts share by copying only */
#define RUNS_MAX (2 * RUN) /* around two words */

struct passages { /* of one comment: its runs of words around the term */
	uint64_t runs[RUNS_MAX];
	unsigned n;
};

static void add_runs(struct passages *p, const struct word *words, size_t n, size_t at)
{
	for (size_t from = at < RUN ? 0 : at - RUN + 1; from <= at && from + RUN <= n; from++) {
		uint64_t run = words[from].hash;
		for (size_t i = from + 1; i < from + RUN; i++)
			run = run * UINT64_C(0x9e3779b97f4a7c15) + words[i].hash;
		if (p->n < RUNS_MAX)
			p->runs[p->n++] = run;
	}
}

static bool share_one(const struct passages *a, const struct passages *b)
{
	for (unsigned i = 0; i < a->n; i++)
		for (unsigned k = 0; k < b->n; k++)
			if (a->runs[i] == b->runs[k])
				return true;
	return false;
}

unsigned passages_own(struct emergent *e, const struct riser *x, unsigned *ret_most)
{
	struct passages of[HITS];
	struct word words[WORDS_MAX];
	unsigned own = 0, said[HITS] = {0};

	*ret_most = 0;

	for (unsigned i = 0; i < x->n; i++) {
		struct passages *p = &of[own];
		unsigned same = 0;
		p->n = 0;
		text_views_make(e->label_views, heard_text(heard_at(e, x->hits[i])));
		size_t n = terms_words(e->label_views, &e->empty, e->config.key, words);
		for (size_t at = 0; at < n; at++)
			if (words[at].hash == x->a->hash || words[at].hash == x->b->hash)
				add_runs(p, words, n, at);
		while (same < own && !share_one(&of[same], p))
			same++;
		own += same == own;
		said[same]++;
		*ret_most = said[same] > *ret_most ? said[same] : *ret_most;
	}
	return own;
}
