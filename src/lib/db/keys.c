/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keys.h"

#include <errno.h>
#include <tocsin/base/alloc.h>

#define FLUSH_MIN (128u << 10)
#define FLUSH_MAX (1u << 20)
#define BLOOM_MIN (UINT64_C(1) << 26) /* bits: 8 MiB, 5 million keys at 12 bits */
#define BLOOM_BITS_A_KEY 12u
#define BLOOM_PROBES 5u

static uint64_t rotate(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

struct sip {
	uint64_t v[4], tail;
	uint64_t n;
};

static void sip_word(struct sip *s, uint64_t m)
{
	s->v[3] ^= m;
	sip_round(s->v);
	sip_round(s->v);
	s->v[0] ^= m;
}

static void sip_add(struct sip *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		s->tail |= (uint64_t)(unsigned char)p[i] << (8 * (s->n & 7));
		if ((++s->n & 7) == 0) {
			sip_word(s, s->tail);
			s->tail = 0;
		}
	}
}

/* Aumasson and Bernstein, SipHash: a fast short-input PRF (2012). */
uint64_t keys_hash_of(const uint64_t seed[2], struct slice source, struct slice id)
{
	struct sip s = {{seed[0] ^ 0x736f6d6570736575, seed[1] ^ 0x646f72616e646f6d,
				seed[0] ^ 0x6c7967656e657261, seed[1] ^ 0x7465646279746573},
		0, 0};
	uint64_t hash;

	sip_add(&s, source.p, source.n);
	sip_add(&s, "", 1);
	sip_add(&s, id.p, id.n);
	sip_word(&s, s.tail | s.n << 56);
	s.v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(s.v);
	hash = s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
	return hash ? hash : 1;
}

uint64_t keys_hash(const struct keys *k, struct slice source, struct slice id)
{
	return keys_hash_of(k->seed, source, id);
}

/* Putze, Sanders and Singler, Cache-, hash- and space-efficient Bloom filters (2007): all probes of a key are in one block
 * of 512 bits, which is one cache line. */
static uint64_t *bloom_block(const struct keys *k, uint64_t hash)
{
	return k->bloom + (hash & (k->bloom_bits / 512 - 1)) * 8;
}

/* 9 bits a probe from the half of the hash that did not choose the block, stretched. */
static uint64_t bloom_probes(uint64_t hash)
{
	return (hash >> 32 | hash << 32) * 0x9e3779b97f4a7c15 >> 8;
}

static void bloom_add(struct keys *k, uint64_t hash)
{
	uint64_t probes = bloom_probes(hash), *block;

	if (!k->bloom) /* keys_load comes after the first keys */
		return;
	block = bloom_block(k, hash);
	for (unsigned i = 0; i < BLOOM_PROBES; i++, probes >>= 9)
		block[probes >> 6 & 7] |= UINT64_C(1) << (probes & 63);
	k->total++;
}

static bool bloom_has(const struct keys *k, uint64_t hash)
{
	uint64_t probes = bloom_probes(hash);
	const uint64_t *block = bloom_block(k, hash);

	for (unsigned i = 0; i < BLOOM_PROBES; i++, probes >>= 9)
		if (!(block[probes >> 6 & 7] >> (probes & 63) & 1))
			return false;
	return true;
}

void keys_init(struct keys *k, struct sq *q, const uint64_t seed[2])
{
	*k = (struct keys){.q = q, .seed = {seed[0], seed[1]}, .cap = 1024};
	k->slot = xcalloc(k->cap, sizeof(*k->slot));
}

void keys_release(struct keys *k)
{
	free(k->slot);
	free(k->undo);
	free(k->bloom);
	*k = (struct keys){0};
}

/* The old filter stays when reading fails: a filter that forgets would let known comments in as new. */
int keys_load(struct keys *k, struct error *e)
{
	struct keys fresh = *k;
	sqlite3_stmt *s;
	int64_t rows = 0;
	int r = sq_get(k->q, e, &rows, "SELECT count(*) FROM lookup", "");

	if (r < 0)
		return r;
	fresh.bloom_bits = BLOOM_MIN;
	while (fresh.bloom_bits < ((uint64_t)rows + k->n) * 2 * BLOOM_BITS_A_KEY)
		fresh.bloom_bits *= 2;
	fresh.bloom = aligned_alloc(64, fresh.bloom_bits / 8);
	if (!fresh.bloom)
		abort(); /* as the allocators of base do */
	memset(fresh.bloom, 0, fresh.bloom_bits / 8);
	fresh.total = 0;
	for (size_t i = 0; i < k->cap; i++)
		if (k->slot[i].hash)
			bloom_add(&fresh, k->slot[i].hash);
	r = sq_query(k->q, e, &s, "SELECT hash FROM lookup", "");
	while (r == 0) {
		r = sq_step(s, e);
		if (r == 0)
			bloom_add(&fresh, (uint64_t)sq_col_int(s, 0));
	}
	free(r < 0 ? fresh.bloom : k->bloom);
	if (r < 0)
		return r;
	*k = fresh;
	return 0;
}

static struct key_slot *place(const struct keys *k, uint64_t hash)
{
	size_t i = hash & (k->cap - 1);

	while (k->slot[i].hash && k->slot[i].hash != hash)
		i = (i + 1) & (k->cap - 1);
	return &k->slot[i];
}

int keys_find(struct keys *k, uint64_t hash, int64_t *ret, struct error *e)
{
	const struct key_slot *s = place(k, hash);
	int r;

	if (s->hash && s->seq) {
		*ret = s->seq;
		return 0;
	}
	if (!bloom_has(k, hash))
		return KEYS_ABSENT;
	r = sq_get(k->q, e, ret, "SELECT seq FROM lookup WHERE hash = ?", "i", (int64_t)hash);
	return r == SQ_DONE ? KEYS_ABSENT : r;
}

static void grow(struct keys *k)
{
	struct keys bigger = *k;

	bigger.cap = 2 * k->cap;
	bigger.slot = xcalloc(bigger.cap, sizeof(*bigger.slot));
	for (size_t i = 0; i < k->cap; i++)
		if (k->slot[i].hash)
			*place(&bigger, k->slot[i].hash) = k->slot[i];
	free(k->slot);
	k->slot = bigger.slot;
	k->cap = bigger.cap;
}

void keys_put(struct keys *k, uint64_t hash, int64_t seq)
{
	struct key_slot *s;

	if (k->n * 2 >= k->cap)
		grow(k);
	s = place(k, hash);
	k->undo = xgrow(k->undo, k->n_undo, &k->cap_undo, sizeof(*k->undo));
	k->undo[k->n_undo++] = (struct key_slot){hash, s->seq};
	if (!s->hash) {
		s->hash = hash;
		k->n++;
		bloom_add(k, hash);
	}
	s->seq = seq;
}

void keys_commit(struct keys *k)
{
	k->n_undo = 0;
}

void keys_rollback(struct keys *k)
{
	while (k->n_undo) {
		const struct key_slot *u = &k->undo[--k->n_undo];

		place(k, u->hash)->seq = u->seq;
	}
}

bool keys_full(const struct keys *k)
{
	uint64_t at = k->total / 8;

	if (at < FLUSH_MIN)
		at = FLUSH_MIN;
	return k->n >= (at < FLUSH_MAX ? at : FLUSH_MAX);
}

static int by_hash(const void *a, const void *b)
{
	/* as SQLite sorts them: signed */
	int64_t x = (int64_t)((const struct key_slot *)a)->hash;
	int64_t y = (int64_t)((const struct key_slot *)b)->hash;

	return (x > y) - (x < y);
}

int keys_flush(struct keys *k, struct error *e)
{
	_free_ struct key_slot *list = xreallocarray(NULL, k->n + 1, sizeof(*list));
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < k->cap; i++)
		if (k->slot[i].hash && k->slot[i].seq)
			list[n++] = k->slot[i];
	qsort(list, n, sizeof(*list), by_hash);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = sq_do(k->q, e, "INSERT OR REPLACE INTO lookup(hash, seq) VALUES(?, ?)", "ii",
			(int64_t)list[i].hash, list[i].seq);
	return r;
}

int keys_flushed(struct keys *k, struct error *e)
{
	memset(k->slot, 0, k->cap * sizeof(*k->slot));
	k->n = k->n_undo = 0;
	return k->total * BLOOM_BITS_A_KEY > k->bloom_bits ? keys_load(k, e) : 0;
}
