/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences that people entered. One that is over goes a month later: it is a fact about an agent. */
#include <errno.h>
#include <tocsin/record/absence.h>
#include <tocsin/record/account.h>

#include "st.h"

#define KEPT_MS (31 * CLOCK_DAY)

static int check(const struct absence *a, struct error *e)
{
	if (!account_name_ok(a->person) || (a->substitute.n && !account_name_ok(a->substitute)) ||
		!a->who.n)
		return error_set(e, -EINVAL, "absence incomplète");
	if (slice_equal(a->person, a->substitute))
		return error_set(e, -EINVAL, "personne ne se remplace soi-même");
	if (a->from <= 0 || a->to <= a->from || a->to - a->from > ABSENCE_DAYS_MAX * CLOCK_DAY)
		return error_set(
			e, -EINVAL, "une absence dure de la minute à %d jours", ABSENCE_DAYS_MAX);
	return 0;
}

static int has_room(struct store *st, struct error *e)
{
	int64_t n = 0;
	int r = sq_get(&st->q, e, &n, "SELECT count(*) FROM absence", "");

	return r < 0               ? r
		: n < ABSENCES_MAX ? 0
				   : error_set(e, -ENOSPC, "trop d'absences sont saisies");
}

int request_absence(struct store *st, struct slice body, struct error *e)
{
	struct absence a;
	int r;

	if (absence_decode(body, &a) < 0)
		return error_set(e, -EBADMSG, "absence illisible");
	r = check(&a, e);
	if (r == 0)
		r = sq_do(&st->q, e, "DELETE FROM absence WHERE until < ?", "i",
			town_now(st) - KEPT_MS);
	if (r == 0)
		r = has_room(st, e);
	if (r == 0)
		r = sq_do(&st->q, e,
			"INSERT INTO absence(person, substitute, since, until, who, at)"
			" VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			"ttiiti", a.person, a.substitute, a.from, a.to, a.who, st->wall);
	return r < 0 || !sqlite3_changes(st->q.db)
		? r
		: audit(st, a.who, AUDIT_ABSENCE, a.person, SLICE("saisie"), e);
}

int request_absence_remove(struct store *st, struct slice body, struct error *e)
{
	struct absence_remove_request q;
	struct slice person = {0};
	sqlite3_stmt *s;
	int r;

	if (absence_remove_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "absence illisible");
	arena_clear(&st->arena);
	r = sq_query(&st->q, e, &s, "SELECT person FROM absence WHERE id = ?", "i", q.id);
	if (r == 0)
		r = sq_step(s, e);
	if (r == 0) {
		person = arena_copy(&st->arena, sq_col(s, 0));
		sqlite3_reset(s);
	}
	if (r > 0)
		return error_set(e, -ENOENT, "cette absence n'est plus là");
	if (r == 0)
		r = sq_do(&st->q, e, "DELETE FROM absence WHERE id = ?", "i", q.id);
	return r < 0 ? r : audit(st, q.who, AUDIT_ABSENCE, person, SLICE("retirée"), e);
}
