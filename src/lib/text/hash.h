/* SPDX-License-Identifier: GPL-3.0-or-later
 * A word's hash, that can also be had of the word without one of its bytes at the price of an addition: a polynomial over
 * 2^64, stirred at the end. The words come from rules, not from comments, so nobody can choose them to collide. */
#ifndef TEXT_HASH_H
#define TEXT_HASH_H
#include <tocsin/base/slice.h>
#include <stdint.h>

#define HASH_BASE UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t hash_add(uint64_t sum, char c)
{
	return (sum + (unsigned char)c + 1) * HASH_BASE;
}

/* Never 0. */
static inline uint64_t hash_end(uint64_t sum)
{
	sum ^= sum >> 32;
	sum *= UINT64_C(0xd6e8feb86659fd93);
	sum ^= sum >> 29;
	return sum ? sum : 1;
}
#endif
