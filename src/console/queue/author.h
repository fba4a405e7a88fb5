/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who wrote a comment, as people read it: a name that mixes alphabets is marked as one. */
#ifndef CONSOLE_QUEUE_AUTHOR_H
#define CONSOLE_QUEUE_AUTHOR_H
#include "../console.h"

/* " · ", then the name, else the account; with_account: both, where there are both. Nothing when there is neither. */
void author_put(struct visit *v, const struct comment *c, bool with_account);
#endif
