/* SPDX-License-Identifier: GPL-3.0-or-later
 * Open addressing, linear probing, removal by shifting back; SipHash-1-3 (Aumasson and Bernstein,
 * 2012) with a random key for each map. Keys of up to INLINE bytes live in the slot. */
#include <tocsin/base/map.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <stdlib.h>
#include <sys/random.h>

enum { INLINE = 24, FIRST = 16 };

struct slot {
	uint64_t hash; /* 0: empty */
	uint64_t value;
	size_t n;
	union {
		char small[INLINE];
		char *big;
	} key;
};
struct map {
	uint64_t k0, k1;
	size_t count, cap; /* cap is a power of two */
	struct slot *slots;
};

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))
#define ROUND \
	do { \
		v0 += v1, v1 = ROTATE(v1, 13) ^ v0, v0 = ROTATE(v0, 32); \
		v2 += v3, v3 = ROTATE(v3, 16) ^ v2; \
		v0 += v3, v3 = ROTATE(v3, 21) ^ v0; \
		v2 += v1, v1 = ROTATE(v1, 17) ^ v2, v2 = ROTATE(v2, 32); \
	} while (0)

static uint64_t hash_of(const struct map *m, struct slice s)
{
	uint64_t v0 = m->k0 ^ UINT64_C(0x736f6d6570736575),
		 v1 = m->k1 ^ UINT64_C(0x646f72616e646f6d);
	uint64_t v2 = m->k0 ^ UINT64_C(0x6c7967656e657261),
		 v3 = m->k1 ^ UINT64_C(0x7465646279746573);
	size_t i = 0;
	uint64_t w;
	for (; s.n - i >= 8; i += 8) {
		memcpy(&w, s.p + i, 8);
		v3 ^= w;
		ROUND;
		v0 ^= w;
	}
	w = 0;
	if (s.n > i)
		memcpy(&w, s.p + i, s.n - i);
	w ^= (uint64_t)s.n << 56;
	v3 ^= w;
	ROUND;
	v0 ^= w;
	v2 ^= 0xff;
	ROUND;
	ROUND;
	ROUND;
	uint64_t h = v0 ^ v1 ^ v2 ^ v3;
	return h ? h : 1;
}

static struct slice key_of(const struct slot *s)
{
	return (struct slice){s->n <= INLINE ? s->key.small : s->key.big, s->n};
}

struct map *map_new(void)
{
	struct map *m = xcalloc(1, sizeof(*m));
	uint64_t seed[2];
	if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		abort(); /* only a kernel without getrandom(2) */
	m->k0 = seed[0];
	m->k1 = seed[1];
	m->cap = FIRST;
	m->slots = xcalloc(m->cap, sizeof(*m->slots));
	return m;
}

static void free_keys(struct map *m)
{
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].hash && m->slots[i].n > INLINE)
			free(m->slots[i].key.big);
}

struct map *map_free(struct map *m)
{
	if (m) {
		free_keys(m);
		free(m->slots);
		free(m);
	}
	return NULL;
}

void map_clear(struct map *m)
{
	free_keys(m);
	memset(m->slots, 0, m->cap * sizeof(*m->slots));
	m->count = 0;
}

size_t map_count(const struct map *m)
{
	return m->count;
}

/* The key's slot, or the empty one where it would go. */
static struct slot *probe(const struct map *m, struct slice key, uint64_t hash)
{
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct slot *s = &m->slots[i];
		if (s->hash == 0 || (s->hash == hash && slice_equal(key_of(s), key)))
			return s;
	}
}

static void grow(struct map *m)
{
	struct slot *old = m->slots;
	size_t n = m->cap;
	m->cap *= 2;
	m->slots = xlarge_zero(m->cap, sizeof(*m->slots));
	for (size_t i = 0; i < n; i++) {
		if (old[i].hash == 0)
			continue;
		size_t at = old[i].hash & (m->cap - 1);
		while (m->slots[at].hash)
			at = (at + 1) & (m->cap - 1);
		m->slots[at] = old[i];
	}
	free(old);
}

uint64_t *map_find(const struct map *m, struct slice key)
{
	struct slot *s = probe(m, key, hash_of(m, key));
	return s->hash ? &s->value : NULL;
}

uint64_t *map_at(struct map *m, struct slice key, bool *ret_new)
{
	uint64_t hash = hash_of(m, key);
	struct slot *s = probe(m, key, hash);
	if (ret_new)
		*ret_new = s->hash == 0;
	if (s->hash)
		return &s->value;
	if ((m->count + 1) * 4 > m->cap * 3) {
		grow(m);
		s = probe(m, key, hash);
	}
	*s = (struct slot){.hash = hash, .n = key.n};
	char *copy = s->key.small;
	if (key.n > INLINE)
		copy = s->key.big = xmalloc(key.n);
	if (key.n)
		memcpy(copy, key.p, key.n);
	m->count++;
	return &s->value;
}

bool map_remove(struct map *m, struct slice key)
{
	struct slot *s = probe(m, key, hash_of(m, key));
	if (s->hash == 0)
		return false;
	if (s->n > INLINE)
		free(s->key.big);
	size_t mask = m->cap - 1, hole = (size_t)(s - m->slots);
	for (size_t i = (hole + 1) & mask; m->slots[i].hash; i = (i + 1) & mask) {
		size_t home = m->slots[i].hash & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole].hash = 0;
	m->count--;
	return true;
}

bool map_each(const struct map *m, size_t *it, struct slice *ret_key, uint64_t **ret_value)
{
	while (*it < m->cap) {
		struct slot *s = &m->slots[(*it)++];
		if (s->hash == 0)
			continue;
		if (ret_key)
			*ret_key = key_of(s);
		if (ret_value)
			*ret_value = &s->value;
		return true;
	}
	return false;
}
