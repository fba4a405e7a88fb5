/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <tocsin/base/alloc.h>
#include <tocsin/record/comment.h>

#define BLOCK ((size_t)256 << 10)
#define ROOM_MIN ((size_t)64 << 10)

void lines_init(struct lines *l, size_t max)
{
	*l = (struct lines){.cap = max + BLOCK + LINES_TAIL, .max = max};
	l->p = xmalloc(l->cap);
}

void lines_release(struct lines *l)
{
	free(l->p);
	buf_release(&l->head);
	*l = (struct lines){0};
}

void lines_restart(struct lines *l, uint64_t offset, uint64_t number)
{
	l->start = l->scanned = l->end = 0;
	l->skipping = false;
	l->offset = offset;
	l->number = number;
}

char *lines_room(struct lines *l, size_t *ret_n)
{
	size_t keep = l->start < LINES_TAIL ? l->start : LINES_TAIL, shift = l->start - keep;

	if (l->cap - l->end < ROOM_MIN && shift) {
		memmove(l->p, l->p + shift, l->end - shift);
		l->scanned -= shift;
		l->end -= shift;
		l->start = keep;
	}
	*ret_n = l->cap - l->end;
	return l->p + l->end;
}

struct slice lines_tail(const struct lines *l)
{
	size_t n = l->start < LINES_TAIL ? l->start : LINES_TAIL;

	return (struct slice){l->p + l->start - n, n};
}

void lines_added(struct lines *l, size_t n)
{
	l->end += n;
}

static void consume(struct lines *l, size_t n)
{
	l->start += n;
	l->scanned = l->start;
	l->offset += n;
}

void lines_consume(struct lines *l, size_t n)
{
	consume(l, n);
}

/* No end in sight and too much of it already: keeps the head, passes the rest by. */
static void pass_by(struct lines *l)
{
	size_t n = l->end - l->start;

	if (!l->skipping) {
		buf_clear(&l->head);
		buf_add(&l->head, l->p + l->start, n < COMMENT_RAW_MAX ? n : COMMENT_RAW_MAX);
	}
	l->skipping = true;
	consume(l, n);
	l->start = l->scanned = l->end = 0;
}

static enum line take(struct lines *l, size_t n, size_t with_end, struct slice *ret)
{
	*ret = (struct slice){l->p + l->start, n};
	consume(l, with_end);
	l->number++;
	if (l->skipping) {
		l->skipping = false;
		*ret = buf_slice(&l->head);
		return LINE_LONG;
	}
	if (n > l->max) {
		ret->n = n < COMMENT_RAW_MAX ? n : COMMENT_RAW_MAX;
		return LINE_LONG;
	}
	if (n && ret->p[n - 1] == '\r')
		ret->n--;
	return LINE_OK;
}

enum line lines_next(struct lines *l, bool at_end, struct slice *ret)
{
	const char *end =
		l->end > l->scanned ? memchr(l->p + l->scanned, '\n', l->end - l->scanned) : NULL;
	size_t n;

	if (end) {
		n = (size_t)(end - (l->p + l->start));
		return take(l, n, n + 1, ret);
	}
	l->scanned = l->end;
	n = l->end - l->start;
	if (at_end)
		return n || l->skipping ? take(l, n, n, ret) : LINE_NONE;
	if (n > l->max || l->skipping)
		pass_by(l);
	return LINE_NONE;
}
