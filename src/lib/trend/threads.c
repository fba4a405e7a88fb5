/* SPDX-License-Identifier: GPL-3.0-or-later
 * Posts and what is said below them. A post lives a day or two: its own past says little. So it is held against the
 * loudest post of each past day, and rings when no post was as loud for long. */
#include "state.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define THREAD_EXPLAINED 4u /* so many of its messages on one subject, one in four, are a post's */
#define THREAD_DAY (24 * 60 * MINUTE)
#define THREAD_BESIDE 240 /* minutes for which that is known: the longest window but the day's */

void threads_init(struct threads *p, double peak)
{
	rarity_init(&p->loudest, 0, peak);
}

/* Its place, or the one for a new one: free, else of the post that was silent longest and is not open. */
static struct thread *place_of(struct trend *t, uint32_t thread)
{
	struct threads *p = &t->threads;
	struct thread *best = NULL;
	for (uint32_t i = 0; i < p->n; i++)
		if (p->list[i].thread == thread)
			return &p->list[i];
	if (p->n < THREADS && t->n_series < TREND_SERIES_MAX)
		return &p->list[p->n++];
	for (uint32_t i = 0; i < p->n; i++)
		if (p->list[i].series->open.level == LEVEL_VERT &&
			(!best || p->list[i].last < best->last))
			best = &p->list[i];
	return best;
}

uint32_t threads_key(const struct trend *t, const struct event *e)
{
	uint32_t key = e->thread ^ t->sources[e->source].salt;
	return e->thread ? key + !key : 0;
}

struct series *threads_series(struct trend *t, uint32_t thread, int64_t at)
{
	struct thread *x = place_of(t, thread);
	char id[24];
	if (!x)
		return NULL;
	x->last = at > x->last ? at : x->last;
	if (x->thread == thread)
		return x->series;
	snprintf(id, sizeof(id), INCIDENT_THREAD_TOPIC "%08" PRIx32, thread);
	if (x->series) {
		series_reuse(x->series, slice_of(id));
		t->measured.series = NULL;
	} else {
		x->series = trend_series_add(t, slice_of(id), SERIES_THREAD);
	}
	series_past(x->series, t->whole->days, rhythm_peak(&t->rhythm));
	x->thread = thread;
	x->last = at;
	return x->series;
}

const struct series *threads_find(const struct trend *t, uint32_t thread)
{
	for (uint32_t i = 0; thread && i < t->threads.n; i++)
		if (t->threads.list[i].thread == thread)
			return t->threads.list[i].series;
	return NULL;
}

void threads_at(struct trend *t, struct series *s)
{
	struct threads *p = &t->threads;
	if (rarity_at(&p->loudest, t->hour_of_week))
		for (int w = 0; w < WINDOWS; w++)
			p->q[w] = series_volume(&p->loudest, w, 1);
	memcpy(s->q, p->q, sizeof(s->q));
}

void threads_note(struct trend *t, const struct series *s, int64_t m)
{
	struct threads *p = &t->threads;
	for (int w = 0; w < WINDOWS; w++)
		rarity_note(&p->loudest, w, series_window(s, w, m));
	uint32_t hour = counts_sum(&s->counts, m, 60);
	p->today_hour = hour > p->today_hour ? hour : p->today_hour;
}

void threads_hour(struct trend *t, int64_t m, double share)
{
	uint32_t most = 0;
	for (uint32_t i = 0; i < t->threads.n; i++) {
		uint32_t count = counts_sum(&t->threads.list[i].series->counts, m - 1, 60);
		most = count > most ? count : most;
	}
	rarity_hour(&t->threads.loudest, t->hour_of_week, most, share);
}

void threads_day(struct threads *p)
{
	rarity_day(&p->loudest);
	p->hour_max = p->today_hour > p->hour_max ? p->today_hour : p->hour_max;
	p->today_hour = 0;
}

/* Messages below the post that speak of an open topic or category since `from`, as far as they count. A raid or a copied
 * text explains its own only: it is not what the others speak of. */
static uint32_t spoken_of(struct trend *t, const struct series *s, int64_t from, uint32_t *ret_all)
{
	uint32_t n = events_since(&s->events, from), found = 0;
	*ret_all = 0;
	tally_clear(&t->authors);
	for (uint32_t i = 0; i < n; i++) {
		const struct event *e = events_back(&s->events, i);
		if (e->at < from || tally_add(&t->authors, e->author)->count > PER_AUTHOR)
			continue;
		++*ret_all;
		found += has_subject(t, e);
	}
	return found;
}

/* Whether a topic that emerged and is open is this post's: half of what is known of it was said here. It knows only some
 * of the words, so that what share of the post it makes up says little. */
static bool emerged_here(const struct trend *t, uint32_t thread, int64_t from)
{
	for (uint32_t k = 0; k < EMERGENCES; k++) {
		const struct events *list = &t->emergences[k].events;
		uint32_t here = 0, all = 0;
		for (uint32_t i = 0; t->emergences[k].open.level && i < list->n; i++) {
			bool counts = list->list[i].at >= from;
			all += counts;
			here += counts && list->list[i].thread == thread;
		}
		if (all && 2 * here >= all)
			return true;
	}
	return false;
}

bool threads_beside(struct trend *t, struct series *s, int64_t m)
{
	int64_t from = (m + 1) * MINUTE - THREAD_DAY;
	uint32_t all, found = spoken_of(t, s, from, &all);
	if (all == 0)
		return false;
	if (found * THREAD_EXPLAINED < all &&
		!emerged_here(t, events_back(&s->events, 0)->thread, from))
		return false;
	s->beside = m + THREAD_BESIDE;
	series_told(s, (m + 1) * MINUTE, t->through_seq); /* by another name */
	return true;
}
