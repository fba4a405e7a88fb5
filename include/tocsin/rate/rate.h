/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counters of rule hits by author or thread: « cinq fois en une heure, du même compte ». Pure; event time.
 *
 * A *limit* is a rule's condition: at_least hits of one key within within_ms. Each hit is told how full the fullest
 * window around it is; a hit that finds at_least or more has *reached* its limit. Hits may come in any order (late
 * ones count where they belong), and a comment counts once, however often it is edited.
 *
 * Memory is bounded: keys_max keys (a limit and an author or thread), each with its latest 2 × at_least − 1 hits, so
 * that a late hit still finds every window that it could fill with them. One that is older than all of these is told of
 * the window that begins with it, and not kept: in a flood whose newest part comes first, each still reaches the limit.
 * Beyond keys_max, the key that was hit least recently is forgotten, and counted as such. */
#ifndef TOCSIN_RATE_RATE_H
#define TOCSIN_RATE_RATE_H
#include <stddef.h>
#include <stdint.h>

#define RATE_LEAST_MAX 64u /* highest at_least */
#define RATE_KEYS_MAX 65536u

enum rate_by { RATE_AUTHOR, RATE_THREAD };
struct rate_limit {
	uint32_t at_least; /* 2 … RATE_LEAST_MAX */
	int64_t within_ms; /* > 0 */
};

struct rate;
/* limits are copied; keys_max 0: RATE_KEYS_MAX. */
struct rate *rate_new(const struct rate_limit *limits, size_t n, uint32_t keys_max);
struct rate *rate_free(struct rate *r); /* returns NULL */

struct rate_hit {
	uint32_t limit; /* index in limits */
	uint64_t key; /* keyed hash of the author or thread; 0 = unknown, never counted */
	int64_t row; /* names the comment over its versions */
	int64_t at; /* event time, ms */
};
/* Counts a hit. Returns the number of hits in the fullest window of within_ms that holds it (at most
 * 2 × at_least); 0 when the key is unknown or its comment was counted already (and is still kept). O(at_least). */
uint32_t rate_count(struct rate *r, const struct rate_hit *hit);

struct rate_status {
	uint32_t keys;
	uint64_t forgotten; /* keys that gave way to others */
};
struct rate_status rate_status(const struct rate *r);
#endif
