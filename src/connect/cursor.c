/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cursor.h"

#include <sys/stat.h>

void cursor_print(struct buf *out, const struct cursor *c)
{
	buf_printf(out, "1 %llu %llu %llu %llu %u %llu", (unsigned long long)c->dev,
		(unsigned long long)c->inode, (unsigned long long)c->offset,
		(unsigned long long)c->line, c->tail_n, (unsigned long long)c->tail_hash);
}

bool cursor_parse(struct slice s, struct cursor *ret)
{
	unsigned long long dev, inode, offset, line, hash;
	char text[160];
	unsigned n;

	if (s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	if (sscanf(text, "1 %llu %llu %llu %llu %u %llu", &dev, &inode, &offset, &line, &n,
		    &hash) != 6 ||
		n > CURSOR_TAIL || n > offset)
		return false;
	*ret = (struct cursor){dev, inode, offset, line, n, hash};
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
