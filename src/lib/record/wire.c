/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/wire.h>

#define VARINT_MAX 10u /* bytes of the longest 64-bit LEB128 */

static const unsigned char *take(struct wire *w, uint64_t n)
{
	const unsigned char *p = w->p;

	if (w->bad || n > (uint64_t)(w->end - w->p)) {
		w->bad = true;
		return NULL;
	}
	w->p += n;
	return p;
}

static uint64_t fixed(struct wire *w, unsigned n)
{
	const unsigned char *p = take(w, n);
	uint64_t v = 0;

	for (unsigned i = 0; p && i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint8_t wire_u8(struct wire *w)
{
	return (uint8_t)fixed(w, 1);
}

uint32_t wire_u32(struct wire *w)
{
	return (uint32_t)fixed(w, 4);
}

uint64_t wire_u64(struct wire *w)
{
	return fixed(w, 8);
}

int64_t wire_i64(struct wire *w)
{
	return (int64_t)fixed(w, 8);
}

uint64_t wire_varint(struct wire *w)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < VARINT_MAX; i++) {
		const unsigned char *p = take(w, 1);

		if (!p)
			return 0;
		/* the tenth byte holds one bit; more would be a number of 65 bits */
		if (i == VARINT_MAX - 1 && *p > 1)
			break;
		v |= (uint64_t)(*p & 0x7f) << (7 * i);
		if (!(*p & 0x80))
			return v;
	}
	w->bad = true;
	return 0;
}

struct slice wire_bytes(struct wire *w)
{
	uint64_t n = wire_varint(w);
	const unsigned char *p = take(w, n);

	return p ? (struct slice){(const char *)p, n} : (struct slice){0};
}

static void put_fixed(struct buf *b, uint64_t v, unsigned n)
{
	char *p = buf_reserve(b, n);

	for (unsigned i = 0; i < n; i++)
		p[i] = (char)(unsigned char)(v >> (8 * i));
	b->n += n;
}

void wire_put_u8(struct buf *b, uint8_t v)
{
	put_fixed(b, v, 1);
}

void wire_put_u32(struct buf *b, uint32_t v)
{
	put_fixed(b, v, 4);
}

void wire_put_u64(struct buf *b, uint64_t v)
{
	put_fixed(b, v, 8);
}

void wire_put_i64(struct buf *b, int64_t v)
{
	put_fixed(b, (uint64_t)v, 8);
}

void wire_put_varint(struct buf *b, uint64_t v)
{
	char *p = buf_reserve(b, VARINT_MAX);
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		p[n++] = (char)(unsigned char)(v | 0x80);
	p[n++] = (char)v;
	b->n += n;
}

void wire_put_bytes(struct buf *b, struct slice s)
{
	wire_put_varint(b, s.n);
	if (s.n)
		buf_add(b, s.p, s.n);
}
