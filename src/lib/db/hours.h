/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a transaction counts by the hour: the ledger's counters, and between which seq the comments of each hour stand. In memory
 * until it is committed. */
#ifndef DB_HOURS_H
#define DB_HOURS_H
#include <stddef.h>

#include "label.h"

enum tally_kind {
	TALLY_FRESH,
	TALLY_VERSION,
	TALLY_DUPLICATE,
	TALLY_TOMBSTONE,
	TALLY_QUARANTINED,
	TALLY_DEAD,
	TALLY_PURGED,
	TALLY_KINDS
};
struct hours { /* all zero: nothing yet */
	struct tally *tallies;
	size_t n_tallies, cap_tallies;
	struct heard *heard;
	size_t n_heard, cap_heard;
};

void hours_release(struct hours *h);
void hours_clear(struct hours *h);
/* One more of its source, in the hour in which it was accepted. */
void hours_tally(struct hours *h, enum tally_kind kind, int64_t accepted, int64_t source);
/* A comment of that time; seq only grows. */
void hours_hear(struct hours *h, int64_t at, int64_t seq);
int hours_write(const struct hours *h, struct sq *q, struct error *e) _must_check_;
#endif
