/* SPDX-License-Identifier: GPL-3.0-or-later
 * A town for tests: comments in, what was said out. */
#ifndef TEST_TREND_FEED_H
#define TEST_TREND_FEED_H
/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/trend/trend.h>

#define M CLOCK_MINUTE
#define H CLOCK_HOUR
#define D CLOCK_DAY
#define MONDAY INT64_C(1767567600000) /* Monday 2026-01-05 00:00 in Paris */

struct said {
	int64_t minute, at, since;
	enum observe_action action;
	enum incident_kind kind;
	enum town_level level;
	char topic[80];
	uint32_t messages, authors, sources, recent, top5, copied, questions, offences, examples,
		deaf, max_before, engagement, echoed;
	double usual_high, once_in, threshold;
	int64_t example;
	uint64_t terms, curve; /* curve: its sum */
	char last_term[32];
};
struct town {
	struct trend *trend;
	int64_t seq, row;
	struct said *said;
	size_t n, cap;
	int64_t last_minute;
	bool grey; /* silences are kept too: a test's town often stops talking */
};

static inline void town_hear(void *user, const struct observe_request *r)
{
	struct town *t = user;
	assert_true(r->n > 0);
	assert_true(r->minute > t->last_minute);
	t->last_minute = r->minute;
	for (uint32_t i = 0; i < r->n; i++) {
		const struct observation *o = &r->list[i];
		const struct incident_facts *f = &o->facts;
		if (o->kind == INCIDENT_GREY && !t->grey)
			continue;
		if (t->n == t->cap) {
			t->cap = t->cap ? t->cap * 2 : 64;
			t->said = xreallocarray(t->said, t->cap, sizeof(*t->said));
		}
		struct said *s = &t->said[t->n++];
		*s = (struct said){r->minute, f->at, f->since, o->action, o->kind, o->level, "",
			f->messages, f->authors, f->sources, f->recent, f->top5_share, f->copied,
			f->questions, f->offences, f->n_examples, f->n_deaf, f->max_before,
			f->engagement, f->echoed, f->usual_high, f->once_in, f->threshold,
			f->n_examples ? f->examples[0] : 0, f->n_terms, 0, ""};
		snprintf(s->topic, sizeof(s->topic), "%.*s", (int)o->topic.n, o->topic.p);
		if (f->n_terms)
			snprintf(s->last_term, sizeof(s->last_term), "%.*s",
				(int)f->terms[f->n_terms - 1].n, f->terms[f->n_terms - 1].p);
		struct wire w = wire_reader(f->series);
		while (w.p < w.end && !w.bad)
			s->curve += wire_varint(&w);
	}
}

static inline struct town town_new(void)
{
	struct trend_config c = trend_config_default();
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	return (struct town){.trend = trend_new(&c)};
}

static inline void town_free(struct town *t)
{
	trend_free(t->trend);
	free(t->said);
}

struct words {
	const char *topic, *category, *text; /* NULL: none */
	uint8_t lanes;
	int64_t row; /* 0: a new one */
	uint32_t likes;
	uint64_t thread; /* 0: below no post */
};

/* The clock follows the comments, as in event mode. author 0: unknown. */
static inline void town_say(
	struct town *t, int64_t at, const char *source, uint64_t author, struct words w)
{
	struct slice topic = slice_of(w.topic), category = slice_of(w.category);
	struct verdict v = {.lanes = w.lanes,
		.topics = &topic,
		.n_topics = w.topic != NULL,
		.categories = &category,
		.n_categories = w.category != NULL};
	struct trend_fact f = {.seq = ++t->seq,
		.row = w.row ? w.row : ++t->row,
		.at = at,
		.source = slice_of(source),
		.author = author,
		.text = slice_of(w.text),
		.weight = w.likes,
		.thread = w.thread,
		.verdict = &v};
	trend_advance(t->trend, at, town_hear, t);
	trend_add(t->trend, &f);
}

static inline void town_wait(struct town *t, int64_t clock)
{
	trend_advance(t->trend, clock, town_hear, t);
}

/* Days of ordinary life: n comments a day from 7:00 to 22:00, spread over two sources, about `topic`. */
static inline void town_days(struct town *t, int64_t from, int days, int n, const char *topic)
{
	for (int d = 0; d < days; d++)
		for (int i = 0; i < n; i++)
			town_say(t, from + d * D + 7 * H + i * 15 * H / n,
				i % 4 ? "facebook" : "site", (uint64_t)(1000 + (d * 7 + i) % 300),
				(struct words){.topic = topic});
}

/* The first thing said of that kind, topic (NULL: any) and action, or NULL. */
static inline const struct said *town_find(const struct town *t, enum incident_kind kind,
	const char *topic, enum observe_action action)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->said[i].kind == kind && t->said[i].action == action &&
			(!topic || strcmp(t->said[i].topic, topic) == 0))
			return &t->said[i];
	return NULL;
}

static inline size_t town_count(
	const struct town *t, enum incident_kind kind, enum observe_action action)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += t->said[i].kind == kind && t->said[i].action == action;
	return n;
}

static inline enum town_level town_peak(const struct town *t, const char *topic)
{
	enum town_level peak = LEVEL_VERT;
	for (size_t i = 0; i < t->n; i++)
		if (t->said[i].level != LEVEL_GRIS && t->said[i].level > peak &&
			strcmp(t->said[i].topic, topic) == 0)
			peak = t->said[i].level;
	return peak;
}
#endif
