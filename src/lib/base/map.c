/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/map.h>
#include <stdlib.h>
#include <sys/random.h>

struct entry {
	uint64_t hash; /* 0 = free, 1 = removed */
	uint64_t value;
	char *key;
	size_t n;
};
struct map {
	struct entry *entries;
	size_t cap, count, used; /* used counts removed ones too */
	uint64_t seed[2];
};

static inline uint64_t rotate(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

#define SIP_ROUND(v) \
	do { \
		v[0] += v[1], v[2] += v[3]; \
		v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2]; \
		v[0] = rotate(v[0], 32); \
		v[2] += v[1], v[0] += v[3]; \
		v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0]; \
		v[2] = rotate(v[2], 32); \
	} while (0)

/* SipHash-1-3 (Aumasson, Bernstein 2012, with fewer rounds as hash tables use it). */
static uint64_t hash_of(const struct map *m, struct slice key)
{
	uint64_t v[4] = {m->seed[0] ^ 0x736f6d6570736575, m->seed[1] ^ 0x646f72616e646f6d,
		m->seed[0] ^ 0x6c7967656e657261, m->seed[1] ^ 0x7465646279746573};
	const char *p = key.p;
	size_t left = key.n;
	for (uint64_t w; left >= 8; p += 8, left -= 8) {
		memcpy(&w, p, 8);
		v[3] ^= w;
		SIP_ROUND(v);
		v[0] ^= w;
	}
	uint64_t w = 0;
	if (left)
		memcpy(&w, p, left);
	w |= (uint64_t)key.n << 56;
	v[3] ^= w;
	SIP_ROUND(v);
	v[0] ^= w;
	v[2] ^= 0xff;
	SIP_ROUND(v);
	SIP_ROUND(v);
	SIP_ROUND(v);
	uint64_t h = v[0] ^ v[1] ^ v[2] ^ v[3];
	return h < 2 ? h + 2 : h;
}

struct map *map_new(void)
{
	struct map *m = xcalloc(1, sizeof(*m));
	if (getrandom(m->seed, sizeof(m->seed), GRND_NONBLOCK) < 0)
		m->seed[0] = (uint64_t)(uintptr_t)m;
	return m;
}

void map_clear(struct map *m)
{
	for (size_t i = 0; i < m->cap; i++)
		if (m->entries[i].hash > 1)
			free(m->entries[i].key);
	free(m->entries);
	m->entries = NULL;
	m->cap = m->count = m->used = 0;
}

struct map *map_free(struct map *m)
{
	if (m) {
		map_clear(m);
		free(m);
	}
	return NULL;
}

size_t map_count(const struct map *m)
{
	return m->count;
}

static struct entry *lookup(const struct map *m, struct slice key, uint64_t hash)
{
	if (!m->cap)
		return NULL;
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct entry *e = &m->entries[i];
		if (!e->hash)
			return NULL;
		if (e->hash == hash && slice_equal((struct slice){e->key, e->n}, key))
			return e;
	}
}

static void place(struct map *m, struct entry e)
{
	size_t i = e.hash & (m->cap - 1);
	while (m->entries[i].hash)
		i = (i + 1) & (m->cap - 1);
	m->entries[i] = e;
}

static void grow(struct map *m)
{
	struct entry *old = m->entries;
	size_t old_cap = m->cap;
	m->cap = m->count * 2 < 8 ? 16 : old_cap;
	while (m->cap < m->count * 3)
		m->cap *= 2;
	m->entries = xcalloc(m->cap, sizeof(*m->entries));
	m->used = m->count;
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].hash > 1)
			place(m, old[i]);
	free(old);
}

uint64_t *map_find(const struct map *m, struct slice key)
{
	struct entry *e = lookup(m, key, hash_of(m, key));
	return e ? &e->value : NULL;
}

uint64_t *map_at(struct map *m, struct slice key, bool *ret_new)
{
	uint64_t hash = hash_of(m, key);
	struct entry *e = lookup(m, key, hash);
	if (ret_new)
		*ret_new = !e;
	if (e)
		return &e->value;
	if ((m->used + 1) * 4 > m->cap * 3)
		grow(m);
	size_t i = hash & (m->cap - 1);
	while (m->entries[i].hash)
		i = (i + 1) & (m->cap - 1);
	m->entries[i] = (struct entry){hash, 0, xstrndup(key.p, key.n), key.n};
	m->count++;
	m->used++;
	return &m->entries[i].value;
}

bool map_remove(struct map *m, struct slice key)
{
	struct entry *e = lookup(m, key, hash_of(m, key));
	if (!e)
		return false;
	free(e->key);
	*e = (struct entry){.hash = 1};
	m->count--;
	return true;
}

bool map_each(const struct map *m, size_t *it, struct slice *ret_key, uint64_t **ret_value)
{
	for (; *it < m->cap; ++*it) {
		struct entry *e = &m->entries[*it];
		if (e->hash > 1) {
			if (ret_key)
				*ret_key = (struct slice){e->key, e->n};
			if (ret_value)
				*ret_value = &e->value;
			++*it;
			return true;
		}
	}
	return false;
}
