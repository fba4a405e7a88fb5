/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"
#include <math.h>
#include <tocsin/base/alloc.h>

#define RECENT 15 /* minutes */

bool filter_meets(const struct filter *f, const struct event *e)
{
	if ((f->text && e->text != f->text) || e->at < f->from || e->at >= f->to)
		return false;
	if (!f->authors)
		return true;
	for (uint32_t i = 0; i < f->n_authors; i++)
		if (f->authors[i] == e->author)
			return true;
	return false;
}

void say(struct trend *t, enum observe_action action, enum incident_kind kind,
	enum town_level level, const char *topic, const char *title,
	const struct incident_facts *facts)
{
	if (t->n_said == OBSERVATIONS_MAX)
		return;
	t->said[t->n_said++] = (struct observation){
		.action = action,
		.kind = kind,
		.level = level,
		.topic = arena_copy(&t->arena, slice_of(topic)),
		.title = arena_copy(&t->arena, slice_of(title)),
		.facts = *facts,
	};
}

const struct hits *facts_gather(
	struct trend *t, const struct events *events, const struct filter *f)
{
	struct hits *h = &t->hits;
	uint32_t n = events_since(events, f->from);
	h->n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct event *e = events_back(events, i);
		if (!filter_meets(f, e))
			continue;
		h->list = xgrow(h->list, h->n, &h->cap, sizeof(*h->list));
		h->list[h->n++] = e;
	}
	return h;
}

void facts_curve(struct opened *o, const struct hits *h)
{
	o->beyond = 0;
	if (o->n_curve)
		memset(o->curve, 0, o->n_curve * sizeof(*o->curve));
	for (size_t i = 0; i < h->n; i++)
		opened_count(o, h->list[i]->at);
}

void facts_refill(
	struct trend *t, struct opened *o, const struct events *events, const struct filter *f)
{
	facts_curve(o, facts_gather(t, events, f));
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int64_t facts_since(struct trend *t, const struct series *s, int64_t m, enum window window)
{
	int64_t end = (m + 1) * MINUTE, since = end;
	int64_t from = end - (window == WINDOW_DAY ? 48 : 12) * 60 * MINUTE;
	uint32_t recent = events_since(&s->events, from), n = 0;
	int64_t *at = arena_alloc(&t->arena, sizeof(*at) * (recent + 1));
	for (uint32_t i = 0; i < recent; i++) {
		const struct event *e = events_back(&s->events, i);
		if (e->at < end && e->at >= from)
			at[n++] = e->at;
	}
	qsort(at, n, sizeof(*at), by_time);
	double usual = series_level(s) * rhythm_share(&t->rhythm, t->weekend, t->hour) / 60;
	static const double least[WINDOWS] = {1.0 / 20, 1.0 / 60, 1.0 / 180};
	double drift = fmax(least[window], 2 * usual), sum = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			sum = fmax(0, sum - drift * (double)(at[i] - at[i - 1]) / MINUTE);
		if (sum <= 0)
			since = at[i];
		sum++;
	}
	return since;
}

void facts_usual(struct trend *t, const struct series *s, struct incident_facts *ret)
{
	ret->listening_since = t->first_at;
	if (s->type == SERIES_THREAD)
		return; /* its hours are its first */
	double hour = series_level(s) * rhythm_share(&t->rhythm, t->weekend, t->hour);
	double spread = 1.2816 * sqrt(hour); /* eight hours in ten */
	ret->usual_low = floor(fmax(0, hour - spread));
	ret->usual_high = ceil(hour + spread);
}

static void sources(struct trend *t, const uint32_t count[], struct incident_facts *ret)
{
	ret->per_source = arena_alloc(&t->arena, sizeof(struct slice) * (t->n_sources + 1));
	ret->per_source_count = arena_alloc(&t->arena, sizeof(uint32_t) * (t->n_sources + 1));
	ret->deaf = arena_alloc(&t->arena, sizeof(struct slice) * (t->n_sources + 1));
	for (uint32_t i = 0; i < t->n_sources; i++) {
		struct slice id = slice_of(t->sources[i].id);
		if (count[i]) { /* the loudest first */
			uint32_t k = ret->n_per_source++;
			for (; k > 0 && ret->per_source_count[k - 1] < count[i]; k--) {
				ret->per_source[k] = ret->per_source[k - 1];
				ret->per_source_count[k] = ret->per_source_count[k - 1];
			}
			ret->per_source[k] = id;
			ret->per_source_count[k] = count[i];
		}
		if (t->sources[i].grey)
			ret->deaf[ret->n_deaf++] = id;
	}
	ret->sources = ret->n_per_source;
}

/* Fit to be quoted: what people share and like, one sentence, no offence. */
static double weigh(const struct event *e)
{
	return log2(1.0 + e->weight) + (e->lanes & EVENT_QUOTABLE ? 1.5 : 0) -
		(e->lanes & LANE_MODERATION ? 4 : 0);
}

static bool new_voice(const struct event *const best[], uint32_t n, const struct event *e)
{
	for (uint32_t i = 0; i < n; i++)
		if (best[i]->author == e->author)
			return false;
	return true;
}

/* The first message, then the four that weigh most, newest first among equals, one an author; a question
 * weighs one more, up to two of them. */
#define EXAMPLES 5u
static void examples(struct trend *t, const struct hits *h, struct incident_facts *ret)
{
	const struct event *best[EXAMPLES] = {NULL};
	double *weight = arena_alloc(&t->arena, sizeof(*weight) * (h->n + 1));
	uint32_t questions = 0;
	for (size_t i = 0; i < h->n; i++) {
		weight[i] = weigh(h->list[i]);
		if (!best[0] || h->list[i]->at < best[0]->at)
			best[0] = h->list[i];
	}
	ret->examples = arena_alloc(&t->arena, sizeof(int64_t) * EXAMPLES);
	for (uint32_t k = 0; k < EXAMPLES && best[k]; k++) {
		ret->examples[ret->n_examples++] = best[k]->seq;
		questions += (best[k]->lanes & LANE_REPONSE) != 0;
		double most = -INFINITY;
		for (size_t i = 0; k + 1 < EXAMPLES && i < h->n; i++) {
			const struct event *e = h->list[i];
			double w = weight[i] + (e->lanes & LANE_REPONSE && questions < 2);
			if (w > most && new_voice(best, k + 1, e)) {
				most = w;
				best[k + 1] = e;
			}
		}
	}
}

static void curve(struct trend *t, const struct opened *o, int64_t m, struct incident_facts *ret)
{
	int64_t n = m - o->since / MINUTE + 1;
	n = n > SERIES_CURVE ? SERIES_CURVE : n;
	_buf_ struct buf b = {0};
	for (int64_t i = 0; i < n; i++)
		wire_put_varint(&b, i < o->n_curve ? o->curve[i] : 0);
	ret->series = arena_copy(&t->arena, buf_slice(&b));
}

/* Of a loud series only some events of each minute are kept: what they show stands for all. */
static uint32_t scaled(uint32_t part, uint32_t seen, uint32_t all)
{
	return seen && all > seen ? (uint32_t)((uint64_t)part * all / seen) : part;
}

static void scale(struct incident_facts *f, uint32_t seen)
{
	f->copied = scaled(f->copied, seen, f->messages);
	f->questions = scaled(f->questions, seen, f->messages);
	f->offences = scaled(f->offences, seen, f->messages);
	f->echoed = scaled(f->echoed, seen, f->messages);
	for (uint32_t i = 0; i < f->n_per_source; i++)
		f->per_source_count[i] = scaled(f->per_source_count[i], seen, f->messages);
}

void facts_of(struct trend *t, const struct hits *h, struct opened *o, int64_t m,
	const char *trigger, struct incident_facts *ret)
{
	uint32_t count[TREND_SOURCES_MAX] = {0}, n = (uint32_t)h->n;
	uint64_t engagement = 0;
	*ret = (struct incident_facts){.at = (m + 1) * MINUTE + t->config.late_ms,
		.since = o->since,
		.max_before = o->max_before,
		.usual_low = -1, /* not known */
		.usual_high = -1,
		.trigger = slice_of(trigger)};
	tally_clear(&t->authors);
	tally_clear(&t->texts);
	for (uint32_t i = 0; i < n; i++) {
		const struct event *e = h->list[i];
		tally_add(&t->authors, e->author);
		if (e->text)
			tally_add(&t->texts, e->text);
		count[e->source]++;
		ret->questions += (e->lanes & LANE_REPONSE) != 0;
		ret->offences += (e->lanes & LANE_MODERATION) != 0;
		ret->echoed += e->echo != 0;
		engagement += e->weight;
	}
	ret->engagement = engagement > UINT32_MAX ? UINT32_MAX : (uint32_t)engagement;
	for (uint32_t i = 0; i < t->texts.n; i++)
		if (t->texts.list[i].count > 1)
			ret->copied += t->texts.list[i].count;
	o->authors = o->authors > t->authors.n ? o->authors : t->authors.n;
	ret->authors = o->authors;
	ret->messages = opened_messages(o, m);
	ret->recent = ret->messages - opened_messages(o, m - RECENT);
	ret->top5_share = n ? (tally_top(&t->authors, 5) * 100 + n / 2) / n : 0;
	sources(t, count, ret);
	scale(ret, n);
	examples(t, h, ret);
	curve(t, o, m, ret);
	o->told = ret->messages;
}

void facts_make(struct trend *t, const struct events *events, const struct filter *f,
	struct opened *o, int64_t m, const char *trigger, struct incident_facts *ret)
{
	facts_of(t, facts_gather(t, events, f), o, m, trigger, ret);
}
