/* SPDX-License-Identifier: GPL-3.0-or-later
 * The team's figures as they were counted last. Counted behind the pages, from the loop, a millisecond at a time, and never for more
 * than a hundredth of the time: a page or a program that asks for them waits for none of it. Of a small town they are counted
 * anew at once. */
#ifndef CONSOLE_TEAM_FIGURES_H
#define CONSOLE_TEAM_FIGURES_H
#include "tally.h"

/* NULL: not counted so far, ask again in a moment. They hold until the loop goes on. */
const struct tally *figures_now(struct visit *v);
/* Now and then, when nobody asks. */
void figures_tick(struct console *c);
void figures_end(struct console *c);
#endif
