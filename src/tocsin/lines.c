/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>

enum { PIECE = 1 << 16 };

int lines_open(struct lines *l, const char *path, size_t max, struct error *e)
{
	*l = (struct lines){.max = max};
	l->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (l->fd < 0)
		return error_set(e, -errno, "%s : %s", path, strerror(errno));
	return 0;
}

void lines_close(struct lines *l)
{
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	buf_release(&l->buf);
}

/* Reads one piece more behind what is there. */
static int fill(struct lines *l)
{
	if (l->start && l->buf.p) {
		memmove(l->buf.p, l->buf.p + l->start, l->buf.n - l->start);
		l->buf.n -= l->start;
		l->start = 0;
	}
	ssize_t n;
	do {
		n = read(l->fd, buf_reserve(&l->buf, PIECE), PIECE);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	l->buf.n += (size_t)n;
	l->ended = n == 0;
	return 0;
}

int lines_next(struct lines *l, struct slice *ret)
{
	size_t looked = l->start; /* no line break before here */
	bool skipping = false;

	for (;;) {
		const char *from = l->buf.p ? l->buf.p + looked : NULL;
		const char *end = from ? memchr(from, '\n', l->buf.n - looked) : NULL;
		size_t n = (end ? (size_t)(end - l->buf.p) : l->buf.n) - l->start;

		if (n > l->max)
			skipping = true;
		if (end || (l->ended && (n || skipping))) {
			*ret = (struct slice){l->buf.p + l->start, skipping ? 0 : n};
			l->start += n + (end ? 1 : 0);
			l->number++;
			return skipping ? LINES_LONG : LINES_LINE;
		}
		if (l->ended)
			return 0;
		if (skipping)
			l->start = l->buf.n; /* what was read of it is forgotten */
		looked = l->buf.n - l->start;
		int r = fill(l);
		if (r < 0)
			return r;
	}
}
