/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sixteen bytes at a time, by the compiler's vectors: SSE2, NEON or whatever the machine has. */
#ifndef TOCSIN_BASE_LANES_H
#define TOCSIN_BASE_LANES_H
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__) && !defined(LANES_PLAIN)
#include <emmintrin.h>
#endif

#define LANES 16u

typedef signed char lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_load(const void *p)
{
	lanes v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline void lanes_store(void *p, lanes v)
{
	memcpy(p, &v, sizeof(v));
}

static inline lanes lanes_all(char c)
{
	return (lanes){0} + (signed char)c;
}

/* All bits set where first <= v <= last, both ASCII. Machines compare for greater only. */
static inline lanes lanes_range(lanes v, char first, char last)
{
	return (v > lanes_all((char)(first - 1))) & (lanes_all((char)(last + 1)) > v);
}

/* One bit a lane, the first one lowest. */
static inline uint32_t lanes_bits(lanes v)
{
#if defined(__SSE2__) && !defined(LANES_PLAIN)
	return (uint32_t)_mm_movemask_epi8((__m128i)v);
#else
	uint64_t half[2];
	uint32_t bits = 0;

	memcpy(half, &v, sizeof(half));
	for (unsigned i = 0; i < 2; i++) {
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
		half[i] = __builtin_bswap64(half[i]);
#endif
		bits |= (uint32_t)(((half[i] & UINT64_C(0x8080808080808080)) >> 7) *
					UINT64_C(0x0102040810204080) >>
				56)
			<< 8 * i;
	}
	return bits;
#endif
}
#endif
