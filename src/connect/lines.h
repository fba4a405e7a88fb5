/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines out of blocks, in bounded memory. A line over the limit is passed by, not cut: its head is kept to
 * show what was refused. */
#ifndef CONNECT_LINES_H
#define CONNECT_LINES_H
#include <stdint.h>
#include <tocsin/base/buf.h>

struct lines {
	char *p;
	size_t start, scanned, end, cap, max;
	bool skipping; /* inside a line that is too long */
	struct buf head; /* … its beginning */
	uint64_t offset; /* bytes consumed: where the next line begins in the input */
	uint64_t number; /* lines consumed */
};
enum line { LINE_NONE, LINE_OK, LINE_LONG };

void lines_init(struct lines *l, size_t max);
void lines_release(struct lines *l);
/* Forgets what was not consumed; counts on from there. */
void lines_restart(struct lines *l, uint64_t offset, uint64_t number);
/* Where the next block goes, at least 64 KiB; lines_added says how much came. */
char *lines_room(struct lines *l, size_t *ret_n);
void lines_added(struct lines *l, size_t n);
/* The next line without its end (LF or CRLF). at_end: nothing more comes, so an unfinished last line counts. The
 * slice lives until lines_room. For LINE_LONG it is the head. */
enum line lines_next(struct lines *l, bool at_end, struct slice *ret);
/* For rows of several lines: what was read and not consumed, and its consuming. Not inside a line that is too long. */
static inline struct slice lines_peek(const struct lines *l)
{
	return (struct slice){l->p + l->start, l->end - l->start};
}
void lines_consume(struct lines *l, size_t n);
/* The last bytes consumed, at most LINES_TAIL. */
#define LINES_TAIL 256u
struct slice lines_tail(const struct lines *l);
/* Bytes that were read and not consumed. */
static inline size_t lines_left(const struct lines *l)
{
	return l->end - l->start;
}
#endif
