/* SPDX-License-Identifier: GPL-3.0-or-later
 * The hash of a word or of its sound (FNV-1a, 64 bits): one letter more is one step more. */
#ifndef MATCH_GUESS_KEY_H
#define MATCH_GUESS_KEY_H
#include <stdint.h>
#include <tocsin/base/slice.h>

#define KEY_BITS 65536u
#define KEY_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t key_step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}

static inline uint64_t key_hash(struct slice text)
{
	uint64_t hash = KEY_START;

	for (size_t i = 0; i < text.n; i++)
		hash = key_step(hash, text.p[i]);
	return hash;
}

static inline size_t key_bit(uint64_t hash)
{
	return (hash ^ hash >> 32) % KEY_BITS;
}
#endif
