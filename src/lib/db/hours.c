/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hours.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

struct tally {
	int64_t hour, source;
	uint64_t n[TALLY_KINDS];
};

void hours_release(struct hours *h)
{
	free(h->tallies);
	free(h->heard);
	*h = (struct hours){0};
}

void hours_clear(struct hours *h)
{
	h->n_tallies = h->n_heard = 0;
}

void hours_tally(struct hours *h, enum tally_kind kind, int64_t accepted, int64_t source)
{
	const int64_t hour = accepted - accepted % CLOCK_HOUR;
	size_t i = h->n_tallies;

	while (i && (h->tallies[i - 1].hour != hour || h->tallies[i - 1].source != source))
		i--;
	if (!i) {
		h->tallies = xgrow(h->tallies, h->n_tallies, &h->cap_tallies, sizeof(*h->tallies));
		h->tallies[h->n_tallies++] = (struct tally){hour, source, {0}};
		i = h->n_tallies;
	}
	h->tallies[i - 1].n[kind]++;
}

void hours_hear(struct hours *h, int64_t at, int64_t seq)
{
	const int64_t hour = at - at % CLOCK_HOUR;
	size_t i = h->n_heard;

	while (i && h->heard[i - 1].hour != hour)
		i--;
	if (!i) {
		h->heard = xgrow(h->heard, h->n_heard, &h->cap_heard, sizeof(*h->heard));
		h->heard[h->n_heard++] = (struct heard){hour, seq, seq};
	} else {
		h->heard[i - 1].last = seq;
	}
}

static int write_tally(const struct tally *t, struct sq *q, struct error *e)
{
	return sq_do(q, e,
		"INSERT INTO ledger VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
		" fresh = fresh + excluded.fresh, version = version + excluded.version,"
		" duplicate = duplicate + excluded.duplicate,"
		" tombstone = tombstone + excluded.tombstone,"
		" quarantined = quarantined + excluded.quarantined,"
		" dead = dead + excluded.dead, purged = purged + excluded.purged",
		"iiiiiiiii", t->hour, t->source, (int64_t)t->n[TALLY_FRESH],
		(int64_t)t->n[TALLY_VERSION], (int64_t)t->n[TALLY_DUPLICATE],
		(int64_t)t->n[TALLY_TOMBSTONE], (int64_t)t->n[TALLY_QUARANTINED],
		(int64_t)t->n[TALLY_DEAD], (int64_t)t->n[TALLY_PURGED]);
}

int hours_write(const struct hours *h, struct sq *q, struct error *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < h->n_tallies; i++)
		r = write_tally(&h->tallies[i], q, e);
	for (size_t i = 0; r == 0 && i < h->n_heard; i++)
		r = heard_write(q, &h->heard[i], e);
	return r;
}
