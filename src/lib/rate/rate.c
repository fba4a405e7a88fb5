/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys in a chained hash table over a fixed pool, and in a list from the least to the most recently hit. */
#include <tocsin/rate/rate.h>

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/base/alloc.h>

#define NONE UINT32_MAX

struct moment {
	int64_t at, row;
};

struct entry {
	uint64_t key;
	uint32_t limit;
	uint32_t chain; /* next of the same bucket */
	uint32_t older, newer; /* neighbours in order of last hit */
	uint32_t n, cap;
	struct moment *hits; /* by time */
};

struct rate {
	struct rate_limit *limits;
	size_t n_limits;
	struct entry *entries;
	uint32_t *buckets;
	uint32_t n, cap, mask;
	uint32_t oldest, newest;
	uint64_t forgotten;
};

struct rate *rate_new(const struct rate_limit *limits, size_t n, uint32_t keys_max)
{
	struct rate *r = xcalloc(1, sizeof(*r));
	uint32_t buckets = 1;

	for (size_t i = 0; i < n; i++)
		assert(limits[i].at_least >= 2 && limits[i].at_least <= RATE_LEAST_MAX &&
			limits[i].within_ms > 0);
	r->limits = xcalloc(n + 1, sizeof(*r->limits));
	if (n)
		memcpy(r->limits, limits, n * sizeof(*limits));
	r->n_limits = n;
	r->cap = keys_max ? keys_max : RATE_KEYS_MAX;
	while (buckets < r->cap)
		buckets *= 2;
	r->mask = buckets - 1;
	r->entries = xcalloc(r->cap, sizeof(*r->entries));
	r->buckets = xcalloc(buckets, sizeof(*r->buckets));
	memset(r->buckets, 0xff, buckets * sizeof(*r->buckets));
	r->oldest = r->newest = NONE;
	return r;
}

struct rate *rate_free(struct rate *r)
{
	if (!r)
		return NULL;
	for (uint32_t i = 0; i < r->n; i++)
		free(r->entries[i].hits);
	free(r->entries);
	free(r->buckets);
	free(r->limits);
	free(r);
	return NULL;
}

static uint32_t *bucket_of(struct rate *r, uint32_t limit, uint64_t key)
{
	uint64_t h = (key ^ limit) * UINT64_C(0x9e3779b97f4a7c15);

	return &r->buckets[(h >> 32) & r->mask];
}

/* --- the order of last hits */

static void unlink_entry(struct rate *r, uint32_t i)
{
	struct entry *e = &r->entries[i];

	if (e->older == NONE)
		r->oldest = e->newer;
	else
		r->entries[e->older].newer = e->newer;
	if (e->newer == NONE)
		r->newest = e->older;
	else
		r->entries[e->newer].older = e->older;
}

static void link_newest(struct rate *r, uint32_t i)
{
	r->entries[i].older = r->newest;
	r->entries[i].newer = NONE;
	if (r->newest == NONE)
		r->oldest = i;
	else
		r->entries[r->newest].newer = i;
	r->newest = i;
}

/* --- the table */

static uint32_t find(struct rate *r, uint32_t limit, uint64_t key)
{
	uint32_t i = *bucket_of(r, limit, key);

	while (i != NONE && (r->entries[i].key != key || r->entries[i].limit != limit))
		i = r->entries[i].chain;
	return i;
}

/* Takes the least recently hit key out; its entry is free, its memory of hits stays for the next. */
static uint32_t forget(struct rate *r)
{
	uint32_t i = r->oldest;
	uint32_t *at = bucket_of(r, r->entries[i].limit, r->entries[i].key);

	while (*at != i)
		at = &r->entries[*at].chain;
	*at = r->entries[i].chain;
	unlink_entry(r, i);
	r->forgotten++;
	return i;
}

static uint32_t add(struct rate *r, uint32_t limit, uint64_t key)
{
	uint32_t i = r->n < r->cap ? r->n++ : forget(r);
	uint32_t *bucket = bucket_of(r, limit, key);
	struct entry *e = &r->entries[i];

	e->key = key;
	e->limit = limit;
	e->n = 0;
	e->chain = *bucket;
	*bucket = i;
	link_newest(r, i);
	return i;
}

/* --- one key's hits */

static bool has(const struct entry *e, int64_t row)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (e->hits[i].row == row)
			return true;
	return false;
}

/* Puts a hit in its place; the oldest gives way. Returns its index, or NONE when it is older than all that are kept. */
static uint32_t insert(struct entry *e, const struct moment *hit, uint32_t most)
{
	uint32_t at;

	for (at = e->n; at && e->hits[at - 1].at > hit->at; at--)
		;
	if (e->n == most) {
		if (at == 0)
			return NONE;
		memmove(e->hits, e->hits + 1, --at * sizeof(*e->hits));
		e->hits[at] = *hit;
		return at;
	}
	if (e->n == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 4;
		e->hits = xreallocarray(e->hits, e->cap, sizeof(*e->hits));
	}
	memmove(e->hits + at + 1, e->hits + at, (e->n - at) * sizeof(*e->hits));
	e->hits[at] = *hit;
	e->n++;
	return at;
}

/* Hits in the fullest window that holds hit `at`. */
static uint32_t fullest(const struct entry *e, uint32_t at, int64_t within)
{
	uint32_t most = 0, end = at;

	for (uint32_t first = 0; first <= at; first++) {
		if (e->hits[at].at - e->hits[first].at >= within)
			continue;
		while (end + 1 < e->n && e->hits[end + 1].at - e->hits[first].at < within)
			end++;
		if (end - first + 1 > most)
			most = end - first + 1;
	}
	return most;
}

/* Hits in the window that begins with one at `at`, older than all that are kept. */
static uint32_t beginning(const struct entry *e, int64_t at, int64_t within)
{
	uint32_t n = 0;

	while (n < e->n && e->hits[n].at - at < within)
		n++;
	return n + 1;
}

uint32_t rate_count(struct rate *r, const struct rate_hit *hit)
{
	const struct rate_limit *limit;
	struct moment moment = {hit->at, hit->row};
	uint32_t i, at;

	assert(hit->limit < r->n_limits);
	if (!hit->key)
		return 0;
	limit = &r->limits[hit->limit];
	i = find(r, hit->limit, hit->key);
	if (i == NONE) {
		i = add(r, hit->limit, hit->key);
	} else {
		unlink_entry(r, i);
		link_newest(r, i);
	}
	if (has(&r->entries[i], hit->row))
		return 0;
	at = insert(&r->entries[i], &moment, 2 * limit->at_least - 1);
	return at == NONE ? beginning(&r->entries[i], hit->at, limit->within_ms)
			  : fullest(&r->entries[i], at, limit->within_ms);
}

struct rate_status rate_status(const struct rate *r)
{
	return (struct rate_status){r->n, r->forgotten};
}
