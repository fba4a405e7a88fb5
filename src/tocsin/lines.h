/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of a file or of standard input, read in pieces: a line may be long, the memory stays bounded. */
#ifndef TOCSIN_LINES_H
#define TOCSIN_LINES_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct lines {
	int fd;
	size_t max; /* bytes of a line */
	struct buf buf;
	size_t start; /* of what is not yet given out */
	uint64_t number; /* of the line given last, from 1 */
	bool ended;
};

/* path "-" is standard input. 0 or -errno. */
int lines_open(struct lines *l, const char *path, size_t max, struct error *e) _must_check_;
void lines_close(struct lines *l);
/* 1 and a line (borrowed until the next call), LINES_LONG for one that is over the limit and was skipped, 0 at the
 * end, -errno. */
enum { LINES_LINE = 1, LINES_LONG = 2 };
int lines_next(struct lines *l, struct slice *ret) _must_check_;
#endif
