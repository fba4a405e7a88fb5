/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who sees some sources only. */
#ifndef DB_READER_LIMIT_H
#define DB_READER_LIMIT_H
#include "../sq.h"

/* Hides from this connection to the database all that is not of these sources ("facebook,site"; -EINVAL: none, or no ids). */
int limit_views(struct sq *q, struct slice sources, struct error *e) _must_check_;
#endif
