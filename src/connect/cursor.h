/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far a file was read, in a form that survives rotation and notices another file in its place. */
#ifndef CONNECT_CURSOR_H
#define CONNECT_CURSOR_H
#include <stdint.h>
#include <tocsin/base/buf.h>

#define CURSOR_TAIL 256u
struct cursor {
	uint64_t dev, inode, offset, line;
	uint32_t tail_n; /* so many bytes before offset … */
	uint64_t tail_hash; /* … have this FNV-1a hash */
};
void cursor_print(struct buf *out, const struct cursor *c);
bool cursor_parse(struct slice s, struct cursor *ret);
/* The last bytes consumed. */
void cursor_tail(struct cursor *c, struct slice tail);
/* True when fd is that file and still holds what was read of it. */
bool cursor_matches(const struct cursor *c, int fd);
#endif
