/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plain list of what the database holds: a table for people, with --json a line each. */
#ifndef TOCSIN_LISTING_H
#define TOCSIN_LISTING_H
#include "command.h"
#include "table.h"

struct listing {
	struct context *x;
	struct table table;
};
/* Hands each row to a function that gets l and adds its cells, or prints its line. */
typedef int listing_fn(struct listing *l, struct error *e);
/* names: as of table_init. The exit code. */
int listing_show(struct context *x, const char *const *names, listing_fn *read) _must_check_;
#endif
