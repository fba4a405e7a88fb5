/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long to wait before a process is started again. Pure: time is an argument.
 * The first five restarts within a minute come after at most 200 ms (a comment that crashes scorers must reach
 * its last attempt quickly); then the pause doubles from 400 ms to 10 s. A life of 10 s forgives what was before; so
 * does a minute since the first of them, when this life was at least 2 s. */
#ifndef TOCSIN_BACKOFF_H
#define TOCSIN_BACKOFF_H
#include <stdint.h>

struct backoff {
	int64_t window_start; /* ms; when the current minute of fast restarts began */
	unsigned fast; /* fast restarts in it */
	unsigned slow; /* doublings since */
};
/* now and lived in ms; returns ms to wait. */
int64_t backoff_next(struct backoff *b, int64_t now, int64_t lived);
#endif
