/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parts of the files that people keep under a name: owner '' is the team. */
#include <errno.h>
#include <tocsin/record/account.h>
#include <tocsin/record/view.h>

#include "st.h"

static int may_share(struct store *st, struct slice who, struct error *e)
{
	int64_t one;
	int r = sq_get(&st->q, e, &one, "SELECT 1 FROM account WHERE name = ? AND roles & ?", "ti",
		who, (int64_t)ROLE_DIRCOM);

	return r == SQ_DONE
		? error_set(e, -EPERM, "seule la direction de la communication partage une vue")
		: r;
}

static int has_room(struct store *st, struct slice owner, struct slice name, struct error *e)
{
	int64_t n = 0;
	int r = sq_get(&st->q, e, &n, "SELECT count(*) FROM view WHERE owner = ? AND name <> ?",
		"tt", owner, name);

	return r < 0 || n < VIEWS_MAX ? r : error_set(e, -E2BIG, "%u vues au plus", VIEWS_MAX);
}

int request_view(struct store *st, struct slice body, struct error *e)
{
	struct view_request q;
	struct slice owner;
	int r;

	if (view_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "vue illisible");
	owner = q.shared ? SLICE("") : q.who;
	r = q.shared ? may_share(st, q.who, e) : 0;
	if (r == 0)
		r = has_room(st, owner, q.name, e);
	return r < 0
		? r
		: sq_do(&st->q, e,
			  "INSERT INTO view(owner, name, address, who, at) VALUES(?, ?, ?, ?, ?)"
			  " ON CONFLICT DO UPDATE SET address = excluded.address,"
			  " who = excluded.who, at = excluded.at",
			  "tttti", owner, q.name, q.address, q.who, st->wall);
}

int request_view_remove(struct store *st, struct slice body, struct error *e)
{
	struct view_remove q;
	int64_t shared = 0;
	int r;

	if (view_remove_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "demande illisible");
	r = sq_get(&st->q, e, &shared,
		"SELECT owner = '' FROM view WHERE id = ? AND owner IN ('', ?)", "it", q.id, q.who);
	if (r == SQ_DONE)
		return error_set(e, -ENOENT, "il n'y a pas de vue sous ce numéro");
	if (r == 0 && shared)
		r = may_share(st, q.who, e);
	return r < 0 ? r : sq_do(&st->q, e, "DELETE FROM view WHERE id = ?", "i", q.id);
}

int views_end(struct store *st, struct slice account, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM view WHERE owner = ?", "t", account);
}
