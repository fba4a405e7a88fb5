/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cursor.h"

#include <sys/stat.h>

void cursor_print(struct buf *out, const struct cursor *c)
{
	buf_printf(out, "1 %llu %llu %llu %llu %u %llu", (unsigned long long)c->dev,
		(unsigned long long)c->inode, (unsigned long long)c->offset,
		(unsigned long long)c->line, c->tail_n, (unsigned long long)c->tail_hash);
}

/* A decimal number and the space before it. */
static bool take_number(struct slice *s, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i = 1;

	if (s->n < 2 || s->p[0] != ' ')
		return false;
	for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s->p[i] - '0'), &v))
			return false;
	*s = (struct slice){s->p + i, s->n - i};
	*ret = v;
	return i > 1;
}

bool cursor_parse(struct slice s, struct cursor *ret)
{
	struct cursor c;
	uint64_t tail_n;

	if (!s.n || s.p[0] != '1')
		return false;
	s = (struct slice){s.p + 1, s.n - 1};
	if (!take_number(&s, &c.dev) || !take_number(&s, &c.inode) || !take_number(&s, &c.offset) ||
		!take_number(&s, &c.line) || !take_number(&s, &tail_n) ||
		!take_number(&s, &c.tail_hash) || s.n)
		return false;
	if (tail_n > CURSOR_TAIL || tail_n > c.offset || c.offset > INT64_MAX)
		return false;
	c.tail_n = (uint32_t)tail_n;
	*ret = c;
	return true;
}

static uint64_t fnv(const char *p, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	return h;
}

void cursor_tail(struct cursor *c, struct slice tail)
{
	if (tail.n > CURSOR_TAIL)
		tail = (struct slice){tail.p + tail.n - CURSOR_TAIL, CURSOR_TAIL};
	c->tail_n = (uint32_t)tail.n;
	c->tail_hash = fnv(tail.p, tail.n);
}

bool cursor_matches(const struct cursor *c, int fd)
{
	char tail[CURSOR_TAIL];
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_dev != c->dev || st.st_ino != c->inode ||
		(uint64_t)st.st_size < c->offset)
		return false;
	return pread(fd, tail, c->tail_n, (off_t)(c->offset - c->tail_n)) == (ssize_t)c->tail_n &&
		fnv(tail, c->tail_n) == c->tail_hash;
}
