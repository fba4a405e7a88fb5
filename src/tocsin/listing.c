/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "listing.h"

int listing_show(struct context *x, const char *const *names, listing_fn *read)
{
	struct listing l = {.x = x};
	struct error e = {0};
	_buf_ struct buf out = {0};
	int r = need_reader(x);
	if (r)
		return r;
	table_init(&l.table, names);
	if (read(&l, &e) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (r == 0 && !x->json)
		table_print(&l.table, x->terminal, &out);
	put_text(buf_slice(&out), stdout);
	table_release(&l.table);
	return r;
}
