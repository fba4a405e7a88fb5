/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/watch/emerging.h>

#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <tocsin/emergent/emergent.h>
#include <tocsin/record/mask.h>

#define PREFIX "emergent:"
#define TITLE_MAX 80u /* bytes */

struct emerging {
	struct emergent *emergent;
	/* what the comment at hand told: */
	uint32_t number; /* 0 nothing */
	double score;
	struct buf id,
		terms; /* id: with the title behind the prefix; terms: each with a zero behind it */
	int64_t seqs[EMERGENT_HEARD];
	uint32_t n_seqs;
};

struct emerging *emerging_new(int64_t a_day)
{
	struct emergent_config config = emergent_config_default();
	struct emerging *g;

	if (a_day == 0)
		return NULL;
	if (a_day > 0)
		config.topics_a_day = (double)a_day;
	g = xcalloc(1, sizeof(*g));
	g->emergent = emergent_new(&config);
	return g;
}

struct emerging *emerging_free(struct emerging *g)
{
	if (!g)
		return NULL;
	emergent_free(g->emergent);
	buf_release(&g->id);
	buf_release(&g->terms);
	free(g);
	return NULL;
}

/* Copied texts are told by the series themselves. */
static void on_topic(void *user, const struct emergent_topic *topic)
{
	struct emerging *g = user;

	if (topic->campaign)
		return;
	g->number = topic->number;
	g->score = topic->score;
	buf_clear(&g->id);
	buf_clear(&g->terms);
	buf_add_string(&g->id, PREFIX);
	/* what citizens wrote becomes a title: on one line, without what turns or hides text, nor a telephone number */
	mask_text(&g->id, topic->terms[0], TITLE_MAX);
	for (size_t i = 1; i < topic->n_terms; i++) {
		mask_text(&g->terms, topic->terms[i], TITLE_MAX);
		buf_add_char(&g->terms, '\0');
	}
	g->n_seqs = 0;
	for (size_t i = 0; i < topic->n_heard; i++)
		if (topic->heard[i].n == sizeof(int64_t))
			memcpy(&g->seqs[g->n_seqs++], topic->heard[i].p, sizeof(int64_t));
}

static void emerge(struct emerging *g, struct trend *t)
{
	struct slice terms[EMERGENT_TERMS], id = buf_slice(&g->id);
	struct trend_emergent e = {.number = g->number,
		.score = g->score,
		.id = id,
		.title = {id.p + strlen(PREFIX), id.n - strlen(PREFIX)},
		.terms = terms,
		.seqs = g->seqs,
		.n_seqs = g->n_seqs};

	for (size_t at = 0; at < g->terms.n; at += terms[e.n_terms++].n + 1)
		terms[e.n_terms] = slice_of(g->terms.p + at);
	trend_emerge(t, &e);
}

void emerging_add(struct emerging *g, struct trend *t, const struct stored_comment *c,
	const struct trend_fact *fact, int64_t clock)
{
	struct trend_fact counted = *fact;
	struct emergent_message m = {.at = fact->at > clock ? clock : fact->at,
		.author = fact->author,
		.id = {(const char *)&c->seq, sizeof(c->seq)},
		.text = fact->text,
		.declared = fact->verdict->n_topics > 0};

	if (comment_is_reported(&c->comment))
		return;
	/* without a clock nobody knows what the date is worth */
	if (!g || !clock || c->gone || !fact->text.n || fact->at < clock - CLOCK_DAY) {
		trend_add(t, fact);
		return;
	}
	g->number = 0;
	counted.emergent = emergent_hear(g->emergent, &m, on_topic, g);
	trend_add(t, &counted);
	if (g->number)
		emerge(g, t);
}
