/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long texts may stay. */
#ifndef TOCSIN_RECORD_KEEP_H
#define TOCSIN_RECORD_KEEP_H
#include <stddef.h>
#include <stdint.h>
#include <tocsin/base/slice.h>

/* What a source's owner allows: nothing of it stays longer. */
struct keep_source {
	struct slice id;
	int64_t ms;
};
struct keep { /* ms from a comment's event time; what is held in a dossier stays */
	int64_t unflagged_ms, flagged_ms, discriminatory_ms;
	const struct keep_source *sources; /* those that have a limit of their own */
	size_t n_sources;
	void *copied; /* what keep_copy took */
};

/* The limit of a source's own; INT64_MAX: none. */
int64_t keep_source_ms(const struct keep *k, struct slice source);

/* All of it copied, for who outlives the settings. */
void keep_copy(struct keep *to, const struct keep *from);
void keep_release(struct keep *k);
#endif
