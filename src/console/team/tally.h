/* SPDX-License-Identifier: GPL-3.0-or-later
 * The team's figures, per week and category: how many, how long until the first look, the decision and the answer, how many
 * looked at too late, how many promises and services that ran out. And how many comments came, per week and source. Never per
 * agent, never per citizen. */
#ifndef CONSOLE_TEAM_TALLY_H
#define CONSOLE_TEAM_TALLY_H
#include "../console.h"

enum { TALLY_WEEKS = 12, TALLY_CATEGORY = 40, TALLY_SOURCE = 65 };
#define TALLY_REPORTED "signalements" /* as a category: in no week's sum */
enum tally_wait { WAIT_LOOK, WAIT_DECISION, WAIT_ANSWER, WAITS };
struct tally_times { /* ms; the list goes when its week is counted */
	int64_t *list;
	size_t n, cap;
	int64_t median; /* the middle one; -1: there is none */
};
struct tally_cell {
	int64_t week; /* the local day of its Monday */
	char category[TALLY_CATEGORY]; /* "": all of the week */
	uint64_t flagged, late;
	uint64_t promises, services; /* that ran out: struct handled */
	struct tally_times waits[WAITS];
};
struct tally_source { /* one that sent something that week */
	int64_t week;
	char source[TALLY_SOURCE];
	uint64_t received;
};
struct tally {
	int64_t town; /* town clock, as which it counts */
	int read; /* so many weeks are counted */
	struct handled_at at; /* … and of the next one up to here */
	int day; /* … then the arrivals of so many of its days; -1: not yet */
	size_t from, from_source; /* … its first cells */
	struct tally_cell weeks[TALLY_WEEKS]; /* of all categories, the oldest first */
	struct tally_cell *cells; /* week by week, each by category */
	size_t n, cap;
	/* What came, by the wall clock: under that of the comments it is not counted, for all of it comes at once. */
	bool has_received;
	uint64_t received[TALLY_WEEKS]; /* of all sources, the oldest week first */
	struct tally_source *sources; /* week by week, each by name */
	size_t n_sources, cap_sources;
};
enum { TALLY_DONE = 1 };
/* The weeks up to that moment of the town clock, which is that of the comments when `event` says so. */
struct tally tally_begin(int64_t town, bool event);
/* Counts some more, from c's reader, which is there: 0, TALLY_DONE when that was all, or -errno. */
int tally_step(struct console *c, struct tally *t, struct error *e) _must_check_;
void tally_release(struct tally *t);
#endif
