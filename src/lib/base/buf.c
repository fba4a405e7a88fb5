/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/buf.h>
#include <tocsin/base/alloc.h>
#include <stdarg.h>
#include <stdint.h>

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void buf_grow(struct buf *b, size_t n)
{
	size_t want;
	if (__builtin_add_overflow(b->n, n, &want))
		want = SIZE_MAX; /* dies in xrealloc */
	size_t cap = b->cap < 64 ? 64 : b->cap;
	while (cap < want)
		cap = cap > SIZE_MAX / 2 ? want : cap * 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	size_t room = b->cap - b->n;
	va_start(ap, format);
	int n = vsnprintf(room ? b->p + b->n : NULL, room, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		buf_reserve(b, (size_t)n + 1);
		va_start(ap, format);
		vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
}

const char *buf_string(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}
