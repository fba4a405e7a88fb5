/* SPDX-License-Identifier: GPL-3.0-or-later
 * A topic in people's own words: of each term the spelling that most of its comments use. */
#include "state.h"

#define PHRASE_LEAST \
	2u /* comments that spell two words alike: then it is what the thing is called */
#define PHRASE_MAX 60u /* bytes from the first to the last of two words: more is no phrase */
#define ASKED_MAX (EMERGENT_TERMS + 1)

struct asked { /* a term whose spelling is wanted */
	uint64_t a, b;
	struct slice found[HITS];
	unsigned n;
};

static const struct word *find(const struct word *words, size_t n, uint64_t hash)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].hash == hash && !words[i].address)
			return &words[i];
	return NULL;
}

static void look_in(struct emergent *e, const struct heard *h, struct asked *asked, unsigned n)
{
	struct word words[WORDS_MAX];
	size_t n_words;

	text_views_make(e->label_views, heard_text(h));
	n_words = terms_words(e->label_views, &e->empty, e->config.key, words);
	for (unsigned i = 0; i < n; i++) {
		const struct word *a = find(words, n_words, asked[i].a);
		const struct word *b = find(words, n_words, asked[i].b);
		if (a && b && a->stretch == b->stretch)
			asked[i].found[asked[i].n++] =
				terms_spelling(e->label_views, a < b ? a : b, a < b ? b : a);
	}
}

/* The spelling found most often, the shorter of equals; nothing when all are long, or none is found `least` times. */
static struct slice usual(const struct asked *q, unsigned least)
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
	return most >= least ? best : (struct slice){0};
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

/* Two words of which the topic is made, when they stand near each other: passerelle, Halles → passerelle des Halles. */
static unsigned ask_phrase(struct asked *asked, const struct riser *seed,
	const struct riser *const *with, unsigned n_with)
{
	const struct word *other = seed->b;

	if (seed->a == seed->b && n_with > 0)
		other = with[0]->a;
	if (other == seed->a)
		return 0;
	asked[0] = (struct asked){.a = seed->a->hash, .b = other->hash};
	return 1;
}

/* Unless a term before it says so already. */
static void add_term(struct emergent_topic *topic, struct slice term)
{
	if (!term.n || !term.p)
		return;
	for (size_t i = 0; i < topic->n_terms; i++)
		if (memmem(topic->terms[i].p, topic->terms[i].n, term.p, term.n))
			return;
	if (topic->n_terms < EMERGENT_TERMS)
		topic->terms[topic->n_terms++] = term;
}

void label_topic(struct emergent *e, struct emergent_topic *topic, const struct riser *seed,
	const struct riser *const *with, unsigned n_with)
{
	struct asked asked[ASKED_MAX];
	unsigned n_phrases = ask_phrase(asked, seed, with, n_with);
	unsigned n = ask(asked, n_phrases, seed);

	for (unsigned i = 0; i < n_with; i++)
		n = ask(asked, n, with[i]);
	for (unsigned i = 0; i < seed->n; i++)
		look_in(e, heard_at(e, seed->hits[i]), asked, n);
	for (unsigned i = 0; i < n; i++)
		add_term(topic, usual(&asked[i], i < n_phrases ? PHRASE_LEAST : 1));
	if (topic->n_terms == 0)
		add_term(topic, terms_spelling(e->views, seed->a, seed->a));
	for (unsigned i = seed->n; i-- > 0 && topic->n_examples < EMERGENT_EXAMPLES;) {
		const struct heard *h = heard_at(e, seed->hits[i]);
		topic->examples[topic->n_examples++] = (struct slice){h->id, h->id_n};
	}
}
