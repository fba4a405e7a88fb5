/* SPDX-License-Identifier: GPL-3.0-or-later
 * The compact binary form in which records travel and are journalled. Integers are little-endian or
 * LEB128 varints; byte strings are a varint length and the bytes. Reading never leaves the slice:
 * the first short read sets bad and every later read returns zero, so one check at the end is enough. */
#ifndef TOCSIN_RECORD_WIRE_H
#define TOCSIN_RECORD_WIRE_H
#include <stdint.h>
#include <tocsin/base/buf.h>

struct wire {
	const unsigned char *p, *end;
	bool bad;
};

static inline struct wire wire_reader(struct slice s)
{
	return (struct wire){(const unsigned char *)s.p, (const unsigned char *)s.p + s.n, false};
}
uint8_t wire_u8(struct wire *w);
uint32_t wire_u32(struct wire *w);
uint64_t wire_u64(struct wire *w);
uint64_t wire_varint(struct wire *w);
int64_t wire_i64(struct wire *w); /* fixed 8 bytes */
struct slice wire_bytes(struct wire *w); /* borrowed from the input */
static inline bool wire_done(const struct wire *w)
{
	return !w->bad && w->p == w->end;
}

void wire_put_u8(struct buf *b, uint8_t v);
void wire_put_u32(struct buf *b, uint32_t v);
void wire_put_u64(struct buf *b, uint64_t v);
void wire_put_varint(struct buf *b, uint64_t v);
void wire_put_i64(struct buf *b, int64_t v);
void wire_put_bytes(struct buf *b, struct slice s);
#endif
