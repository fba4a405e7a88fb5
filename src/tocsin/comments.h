/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comments of a JSON-lines file, or of the stored history, one after the other. */
#ifndef TOCSIN_COMMENTS_H
#define TOCSIN_COMMENTS_H
#include <tocsin/record/comment.h>
#include "command.h"

/* The comment and what it holds live during the call. Not 0: stop. */
typedef int comments_fn(void *user, const struct comment *c);

/* path "-" is standard input. A line that is no comment is said with its place and counted. Returns 0, the exit code,
 * or what the callback returned. */
int comments_each(struct context *x, const char *path, comments_fn *fn, void *user,
	uint64_t *ret_refused) _must_check_;
/* The last word on the lines that were refused; EXIT_PROBLEMS when there were some. */
int comments_refused(struct context *x, uint64_t refused);
#endif
