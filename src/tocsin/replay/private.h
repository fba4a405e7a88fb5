/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of a town share. */
#ifndef TOCSIN_REPLAY_PRIVATE_H
#define TOCSIN_REPLAY_PRIVATE_H
#include <tocsin/db/store.h>
#include <tocsin/record/event_clock.h>
#include <tocsin/watch/emerging.h>
#include <tocsin/watch/fact.h>
#include <tocsin/watch/reach.h>
#include "folder.h"
#include "town.h"

struct town {
	struct town_spec spec;
	struct folder folder;
	struct store *store;
	struct reader *reader, *aside; /* aside: while the other one reads */
	struct scorer *scorer;
	struct trend *trend;
	struct reach *reach;
	struct emerging *emerging;
	struct event_clock event;
	int64_t clock;
	int64_t after; /* last seq that was counted */
	int64_t entry; /* last entry of a main courante that was looked at */
	struct buf items, verdicts, one, body, reply;
	uint32_t waiting; /* comments in items */
	int64_t accepted_at; /* theirs */
	uint64_t batch, heard;
	struct arena scratch, kept;
	struct alarm *alarms;
	size_t n, cap;
	struct error *e; /* of the call under way … */
	int fault; /* … and its code */
};

/* count.c: what is stored and not yet counted. */
int count(struct town *t) _must_check_;
/* The clock is here now: closes what is behind it. */
int count_until(struct town *t, int64_t clock) _must_check_;
/* rung.c: what opened or rose since the last call joins the alarms. */
int take_alarms(struct town *t) _must_check_;
#endif
