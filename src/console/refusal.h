/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages in place of the one that was asked for: why not, and where to go instead. */
#ifndef CONSOLE_REFUSAL_H
#define CONSOLE_REFUSAL_H
#include "console.h"

/* The page of visit_problem, not sent yet. */
void refusal_write(struct visit *v, unsigned status);
/* What speaks of the whole town, for who sees some sources only: why not. */
void refusal_limited(struct visit *v);
/* A form whose page is too old to say who sends it. */
void refusal_stale(struct visit *v);
/* A form of somebody whose session ended, or of before the console began anew. */
void refusal_signed_out(struct visit *v);
#endif
