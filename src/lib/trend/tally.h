/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts by key, reused: distinct authors, copies of a text. */
#ifndef TREND_TALLY_H
#define TREND_TALLY_H
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct tally_slot {
	uint64_t key;
	uint32_t round, count; /* round tells whether the slot is of this use */
	uint64_t mark; /* the caller's own */
};
struct tally {
	struct tally_slot *slots;
	uint32_t bits, round, n;
};
void tally_release(struct tally *t);
void tally_clear(struct tally *t);
/* Adds one to the key's count (new: count 1, mark 0). Grows as needed; the slot lives until the next call. */
struct tally_slot *tally_add(struct tally *t, uint64_t key);
/* NULL when absent. */
const struct tally_slot *tally_find(const struct tally *t, uint64_t key);
/* Sum of the k largest counts, k at most 8. */
uint32_t tally_top(const struct tally *t, uint32_t k);
#endif
