/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <stdarg.h>
#include <stdint.h>

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

char *buf_reserve(struct buf *b, size_t n)
{
	if (b->cap - b->n < n || !b->p) {
		size_t need = n > SIZE_MAX - b->n ? SIZE_MAX : b->n + n;
		size_t cap = b->cap ? b->cap : 64;
		while (cap < need && cap < SIZE_MAX / 2)
			cap *= 2;
		b->cap = cap < need ? need : cap;
		b->p = xrealloc(b->p, b->cap);
	}
	return b->p + b->n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n) {
		memcpy(buf_reserve(b, n), p, n);
		b->n += n;
	}
}

void buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

void buf_add_string(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_add_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->n++;
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	char *at = buf_reserve(b, 128);
	size_t room = b->cap - b->n;
	int n = vsnprintf(at, room, format, args);
	if (n >= 0 && (size_t)n >= room) {
		at = buf_reserve(b, (size_t)n + 1);
		vsnprintf(at, (size_t)n + 1, format, again);
	}
	b->n += n < 0 ? 0 : (size_t)n;
	va_end(again);
	va_end(args);
}

const char *buf_string(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}
