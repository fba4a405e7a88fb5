/* SPDX-License-Identifier: GPL-3.0-or-later
 * One decision on many: a list in which comments are chosen, what would come of it, the decision, its end. */
#ifndef CONSOLE_BULK_H
#define CONSOLE_BULK_H
#include <tocsin/record/bulk.h>
#include "card.h"

/* Whether the list is one to choose from (?choisir=1), with all of it chosen at first (?choisir=tout); false: it says neither. */
bool bulk_read(struct visit *v, bool *ret_picking, bool *ret_all);
/* The form around the list; listed: what bulk_list made. query: of the list's address, with & behind it, or empty. */
void bulk_put_begin(struct visit *v, const char *path, struct slice query);
void bulk_put_end(struct visit *v, struct slice listed);
/* One more that can be chosen, with the last decision that is known of it. */
void bulk_list(struct buf *listed, const struct queue_item *q);
/* Its box, in the card. */
void bulk_put_box(struct visit *v, const struct card *c);
/* The way there from an ordinary list. */
void bulk_put_way(struct visit *v, const char *path, struct slice query);
#endif
