/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands around a comment (db/nearby.h): the post, what it answers, its neighbours in the thread; what its author wrote
 * of late. Inside the reader's callback that has the comment. */
#ifndef CONSOLE_AROUND_H
#define CONSOLE_AROUND_H
#include "../console.h"

/* On its own page. `fil` in the address: around which comment the thread is shown. */
void around_put(struct visit *v, const struct stored_comment *c);
/* On a card: the first words of what it answers, when that is not far. */
void around_put_parent(struct visit *v, const struct stored_comment *c);
#endif
