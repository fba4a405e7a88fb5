/* SPDX-License-Identifier: GPL-3.0-or-later
 * A word's hash, eight bytes at a time. The words that are stored come from rules and dictionaries, not from comments, so
 * nobody can choose them to collide. Not part of any file: it may change. */
#ifndef TOCSIN_BASE_WORDHASH_H
#define TOCSIN_BASE_WORDHASH_H
#include <stdint.h>

#include <tocsin/base/slice.h>

#define WORDHASH_SLACK 8u /* bytes behind a word that wordhash_fast may read */

static inline uint64_t wordhash_step(uint64_t sum, uint64_t bytes)
{
	sum = (sum ^ bytes) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 32;
}

/* The first n <= 8 bytes of those that were loaded, the others zero. */
static inline uint64_t wordhash_cut(uint64_t bytes, size_t n)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return n >= 8 ? bytes : bytes & ((UINT64_C(1) << 8 * n) - 1);
#else
	return n >= 8 ? bytes : n ? bytes & ~(UINT64_MAX >> 8 * n) : 0;
#endif
}

/* Never 0. */
static inline uint64_t wordhash_end(uint64_t sum)
{
	sum *= UINT64_C(0xd6e8feb86659fd93);
	sum ^= sum >> 29;
	return sum ? sum : 1;
}

/* Of a word with WORDHASH_SLACK bytes behind it. */
static inline uint64_t wordhash_fast(const char *p, size_t n)
{
	uint64_t sum = n, bytes;

	for (; n > 8; p += 8, n -= 8) {
		memcpy(&bytes, p, sizeof(bytes));
		sum = wordhash_step(sum, bytes);
	}
	memcpy(&bytes, p, sizeof(bytes));
	return wordhash_end(wordhash_step(sum, wordhash_cut(bytes, n)));
}

/* The same of any word. */
static inline uint64_t wordhash(struct slice word)
{
	uint64_t sum = word.n, bytes = 0;

	for (; word.n > 8; word.p += 8, word.n -= 8) {
		memcpy(&bytes, word.p, sizeof(bytes));
		sum = wordhash_step(sum, bytes);
	}
	bytes = 0;
	if (word.n)
		memcpy(&bytes, word.p, word.n);
	return wordhash_end(wordhash_step(sum, bytes));
}
#endif
