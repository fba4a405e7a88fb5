/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts by key, reused: distinct authors, copies of a text. Every minute asks for some thousands of them anew, of tables
 * that were filled by a louder hour: only what is counted now is walked, and the table that finds it is small. */
#ifndef TREND_TALLY_H
#define TREND_TALLY_H
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct tally_count {
	uint64_t key;
	uint32_t count;
	uint32_t mark; /* the caller's own */
};
struct tally_place;
struct tally {
	struct tally_count *list; /* n of them, in the order of their first coming */
	uint32_t n;
	struct tally_place *places; /* open addressing, half of them free */
	uint32_t bits, round;
};
void tally_release(struct tally *t);
void tally_clear(struct tally *t);
/* The key will be asked for soon. */
void tally_expect(const struct tally *t, uint64_t key);
/* Adds one to the key's count (new: count 1, mark 0). Grows as needed; the count lives until the next call. */
struct tally_count *tally_add(struct tally *t, uint64_t key);
/* The same, but only for a key that is known already; else NULL. */
struct tally_count *tally_add_known(struct tally *t, uint64_t key);
/* Sum of the k largest counts, k at most 8. */
uint32_t tally_top(const struct tally *t, uint32_t k);
#endif
