/* SPDX-License-Identifier: GPL-3.0-or-later
 * (source, native id) → seq of the newest version, by a keyed 64-bit hash that the caller verifies against the row.
 *
 * Random keys written one by one into a B-tree cost a page each. So new keys gather in memory and go into the table
 * `lookup` sorted, in large groups; until then the rows of `item` themselves are their durable form, and a start reads
 * those above the note 'looked_up' again. A Bloom filter over all keys answers most "never seen" without a read. */
#ifndef DB_KEYS_H
#define DB_KEYS_H
#include <stdbool.h>

#include "sq.h"

struct key_slot {
	uint64_t hash; /* 0: free */
	int64_t seq; /* 0: absent (put and undone) */
};
struct keys {
	struct sq *q;
	uint64_t seed[2];
	struct key_slot *slot, *undo;
	size_t cap, n, n_undo, cap_undo;
	uint64_t *bloom;
	uint64_t bloom_bits; /* power of two */
	uint64_t total; /* keys in the filter, about */
};

void keys_init(struct keys *k, struct sq *q, const uint64_t seed[2]);
void keys_release(struct keys *k);
/* Fills the filter from the table; expected keys to come count too. */
int keys_load(struct keys *k, struct error *e) _must_check_;
/* Never 0. SipHash-2-4 of source NUL id. */
uint64_t keys_hash(const struct keys *k, struct slice source, struct slice id);
uint64_t keys_hash_of(const uint64_t seed[2], struct slice source, struct slice id);
/* Two that share a hash stand in neighbouring places. */
static inline uint64_t keys_next(uint64_t hash)
{
	return hash + (hash + 1 ? 1 : 2);
}
/* 0, or KEYS_ABSENT. */
enum { KEYS_ABSENT = 1 };
int keys_find(struct keys *k, uint64_t hash, int64_t *ret, struct error *e) _must_check_;
/* In memory; undone by keys_rollback until keys_commit. */
void keys_put(struct keys *k, uint64_t hash, int64_t seq);
void keys_commit(struct keys *k);
void keys_rollback(struct keys *k);
/* Whether enough gathered to be worth writing. */
bool keys_full(const struct keys *k);
/* Writes what gathered, inside the caller's transaction; keys_flushed after its commit. */
int keys_flush(struct keys *k, struct error *e) _must_check_;
int keys_flushed(struct keys *k, struct error *e) _must_check_;
#endif
