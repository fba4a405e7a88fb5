/* SPDX-License-Identifier: GPL-3.0-or-later
 * A growing byte buffer. buf_* append; storage is kept over buf_clear. */
#ifndef TOCSIN_BASE_BUF_H
#define TOCSIN_BASE_BUF_H
#include <tocsin/base/cleanup.h>
#include <tocsin/base/slice.h>

struct buf {
	char *p;
	size_t n, cap;
};

void buf_release(struct buf *b);
static inline void buf_clear(struct buf *b)
{
	b->n = 0;
}
/* Makes the storage hold n more bytes at least; buf_reserve calls it when it must. */
void buf_grow(struct buf *b, size_t n);
/* Room for n more bytes; returns where they start. The caller adds to b->n what it wrote. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	if (__builtin_expect(b->cap - b->n < n || !b->p, 0))
		buf_grow(b, n);
	return b->p + b->n;
}
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(b, n), p, n);
	b->n += n;
}
static inline void buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}
static inline void buf_add_string(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}
static inline void buf_add_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->n++;
}
void buf_printf(struct buf *b, const char *format, ...) _format_(2, 3);
/* NUL-terminates without counting the NUL, and returns the start. */
const char *buf_string(struct buf *b);
static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){b->p, b->n};
}
#define _buf_ _cleanup_(buf_release)
#endif
