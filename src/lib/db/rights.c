/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an account may do, in the words in which it is given: for the account of what people did. */
#include "rights.h"
#include <tocsin/record/account.h>

int rights_read(struct store *st, struct slice name, struct rights *ret, struct error *e)
{
	_buf_ struct buf roles = {0};
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT roles | held, services, sources FROM account WHERE name = ?", "t", name);

	memset(ret, 0, sizeof(*ret));
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	account_roles_write(&roles, (uint16_t)sq_col_int(s, 0));
	ret->of[RIGHTS_ROLES] = arena_copy(&st->arena, buf_slice(&roles));
	ret->of[RIGHTS_SERVICES] = arena_copy(&st->arena, sq_col(s, 1));
	ret->of[RIGHTS_SOURCES] = arena_copy(&st->arena, sq_col(s, 2));
	sqlite3_reset(s);
	return 0;
}

void rights_say(const struct rights *before, const struct rights *now, struct buf *ret)
{
	static const char *const kinds[RIGHTS] = {[RIGHTS_ROLES] = "rôles",
		[RIGHTS_SERVICES] = "services",
		[RIGHTS_SOURCES] = "sources"};
	static const struct rights none;

	for (size_t i = 0; i < RIGHTS; i++) {
		const struct slice empty = i == RIGHTS_SOURCES ? SLICE("toutes") : SLICE("aucun"),
				   was = (before ? before : &none)->of[i], is = now->of[i];

		if (slice_equal(was, is))
			continue;
		buf_printf(ret, " ; %s : ", kinds[i]);
		if (before) {
			buf_add_slice(ret, was.n ? was : empty);
			buf_add_string(ret, " → ");
		}
		buf_add_slice(ret, is.n ? is : empty);
	}
}
