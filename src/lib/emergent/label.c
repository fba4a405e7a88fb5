/* SPDX-License-Identifier: GPL-3.0-or-later
 * A topic in people's own words: of each term the spelling that most of its comments use. */
#include "state.h"

#define PHRASE_MAX 60u /* bytes from the first to the last of two words: more is no phrase */
#define ASKED_MAX EMERGENT_TERMS

struct asked { /* a term whose spelling is wanted */
	uint64_t a, b;
	struct slice found[HITS];
	unsigned n;
};

static const struct word *find(const struct word *words, size_t n, uint64_t hash)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].hash == hash)
			return &words[i];
	return NULL;
}

static void look_in(struct emergent *e, const struct heard *h, struct asked *asked, unsigned n)
{
	struct word words[WORDS_MAX];
	size_t n_words;

	text_views_make(e->label_views, heard_text(h));
	n_words = terms_words(e->label_views, e->config.key, words);
	for (unsigned i = 0; i < n; i++) {
		const struct word *a = find(words, n_words, asked[i].a);
		const struct word *b = find(words, n_words, asked[i].b);
		if (a && b)
			asked[i].found[asked[i].n++] =
				terms_spelling(e->label_views, a < b ? a : b, a < b ? b : a);
	}
}

/* The spelling found most often, the shorter of equals; nothing when all are long. */
static struct slice usual(const struct asked *q)
{
	struct slice best = {0};
	unsigned most = 0;

	for (unsigned i = 0; i < q->n; i++) {
		unsigned same = 0;
		for (unsigned k = 0; k < q->n; k++)
			same += slice_equal(q->found[i], q->found[k]);
		if (q->found[i].n <= PHRASE_MAX &&
			(same > most || (same == most && q->found[i].n < best.n))) {
			best = q->found[i];
			most = same;
		}
	}
	return best;
}

/* A pair is asked for as a phrase, words said together each by itself. */
static unsigned ask(struct asked *asked, unsigned n, const struct riser *x)
{
	if (x->a != x->b && !x->said_together && n < ASKED_MAX)
		asked[n++] = (struct asked){.a = x->a->hash, .b = x->b->hash};
	if ((x->a == x->b || x->said_together) && n < ASKED_MAX)
		asked[n++] = (struct asked){.a = x->a->hash, .b = x->a->hash};
	if (x->said_together && n < ASKED_MAX)
		asked[n++] = (struct asked){.a = x->b->hash, .b = x->b->hash};
	return n;
}

static void add_term(struct emergent_topic *topic, struct slice term)
{
	for (size_t i = 0; i < topic->n_terms; i++)
		if (slice_equal(topic->terms[i], term))
			return;
	if (term.n)
		topic->terms[topic->n_terms++] = term;
}

void label_topic(struct emergent *e, struct emergent_topic *topic, const struct riser *seed,
	const struct riser *const *with, unsigned n_with)
{
	struct asked asked[ASKED_MAX];
	unsigned n = ask(asked, 0, seed);

	for (unsigned i = 0; i < n_with; i++)
		n = ask(asked, n, with[i]);
	for (unsigned i = 0; i < seed->n; i++)
		look_in(e, heard_at(e, seed->hits[i]), asked, n);
	for (unsigned i = 0; i < n; i++)
		add_term(topic, usual(&asked[i]));
	if (topic->n_terms == 0)
		add_term(topic, terms_spelling(e->views, seed->a, seed->a));
	for (unsigned i = seed->n; i-- > 0 && topic->n_examples < EMERGENT_EXAMPLES;) {
		const struct heard *h = heard_at(e, seed->hits[i]);
		topic->examples[topic->n_examples++] = (struct slice){h->id, h->id_n};
	}
}
