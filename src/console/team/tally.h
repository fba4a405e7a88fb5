/* SPDX-License-Identifier: GPL-3.0-or-later
 * The team's figures, per week and category: how many, how long until the first look, the decision and the answer, how many
 * looked at too late. Never per agent, never per citizen. */
#ifndef CONSOLE_TEAM_TALLY_H
#define CONSOLE_TEAM_TALLY_H
#include "../console.h"

enum { TALLY_WEEKS = 12, TALLY_CATEGORY = 40 };
enum tally_wait { WAIT_LOOK, WAIT_DECISION, WAIT_ANSWER, WAITS };
struct tally_times { /* ms; sorted once its week is read */
	int64_t *list;
	size_t n, cap;
};
struct tally_cell {
	int64_t week; /* the local day of its Monday */
	char category[TALLY_CATEGORY]; /* "": all of the week */
	uint64_t flagged, late;
	struct tally_times waits[WAITS];
};
struct tally {
	int64_t first; /* the Monday of its first week */
	int read; /* so many weeks are read */
	struct tally_cell weeks[TALLY_WEEKS]; /* of all categories, the oldest first */
	struct tally_cell *cells; /* week by week, each by category */
	size_t n, cap;
};
enum { TALLY_DONE = 1 };
/* The weeks up to the one of v's town clock. */
struct tally tally_begin(const struct visit *v);
/* Reads one more: 0, TALLY_DONE when it was the last, or -errno. */
int tally_step(struct visit *v, struct tally *t, struct error *e) _must_check_;
void tally_release(struct tally *t);
/* The middle one; -1: there is none. */
int64_t tally_median(const struct tally_times *t);
#endif
