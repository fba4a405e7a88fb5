/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page that must go over the whole database is made in steps from the loop, so that nobody waits for it but who asked. */
#ifndef CONSOLE_CONFORMITY_STINT_H
#define CONSOLE_CONFORMITY_STINT_H
#include "../console.h"

#define STINTS_MAX 12u /* at a time */
#define STINTS_EACH 4u /* of one session */
#define STINT_ROWS 2000u /* of the database in one step */

enum { STINT_DONE = 1 };
struct stint {
	void *state; /* the page's own */
	/* 0: again, STINT_DONE, or -errno. */
	int (*step)(struct visit *v, void *state, struct error *e);
	/* Once, with r 0 or -errno: answers. The session is there again, unless it ended: then nothing is called. */
	void (*end)(struct visit *v, void *state, int r, const struct error *e);
	void (*release)(void *state); /* always, at the very end */
};
/* Takes the visit up, and answers it: now, when it is short, or later. */
void stint_begin(struct visit *v, const struct stint *w);
/* Answers with a file, piece by piece as the peer takes it: 0, STINT_DONE or -errno from each step, whose piece is appended. */
struct outflow {
	const char *type, *name;
	void *state;
	int (*step)(struct visit *v, void *state, struct buf *piece, struct error *e);
	void (*release)(void *state);
};
void stint_stream(struct visit *v, const struct outflow *o);
/* At the console's end. */
void stints_end(struct console *c);
#endif
