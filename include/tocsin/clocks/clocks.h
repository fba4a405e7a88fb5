/* SPDX-License-Identifier: GPL-3.0-or-later
 * The short clocks of the law that run: of what was flagged and nobody left online, when the time to act ends.
 * The console lists them, escalate reminds of them. */
#ifndef TOCSIN_CLOCKS_CLOCKS_H
#define TOCSIN_CLOCKS_CLOCKS_H
#include <tocsin/db/kept.h>
#include <tocsin/db/reader.h>

enum { CLOCKS_MAX = 300, CLOCKS_SOON = 7, CLOCKS_WARN = 30, CLOCKS_CATEGORY = 40 };

struct clock_of { /* one comment */
	int64_t row, seq, said_at, day; /* day: the local day on which it ends */
	char category[CLOCKS_CATEGORY], decision[CLOCKS_CATEGORY];
	bool held;
};
/* Whether this one is to be listed. */
typedef bool clocks_fn(void *user, int64_t row, int64_t day);
struct clocks { /* begin with all zero but today, and wants when not all are listed */
	int64_t today, seq; /* local day; looked at up to here */
	struct clock_of list[CLOCKS_MAX]; /* within CLOCKS_WARN days */
	size_t n;
	uint64_t beyond; /* … for which the list has no room */
	uint64_t later;
	uint64_t soon; /* of all: within CLOCKS_SOON days */
	clocks_fn *wants;
	void *user;
};
/* Looks at some more: 0, or READER_END when it has seen all. */
int clocks_step(struct reader *r, struct clocks *c, struct error *e) _must_check_;
/* The soonest first. */
void clocks_sort(struct clocks *c);
#endif
