/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts of the console. Of who is shut out the roles are 0, so that whatever looks at roles lets him do nothing; those that
 * he had are `held`. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/account.h>
#include <tocsin/record/shortcut.h>

#include "rights.h"
#include "setup.h"

static int check_account(const struct account_request *q, struct error *e)
{
	const struct login *a = &q->account;

	if (!account_name_ok(a->name))
		return error_set(e, -EINVAL,
			"nom de compte refusé : lettres minuscules sans accent, chiffres, et . - _ à"
			" l'intérieur");
	if (a->lang.n && !slice_is(a->lang, "fr") && !slice_is(a->lang, "en"))
		return error_set(e, -EINVAL, "langue inconnue : fr ou en");
	if (!q->who.n || a->secret.n >= DIGEST_PASSWORD ||
		(!q->replace && (!a->roles || !a->secret.n)))
		return error_set(e, -EINVAL, "compte incomplet");
	if (q->link.n &&
		(q->link.n != DIGEST_SIZE || q->link_until <= 0 ||
			!slice_is(a->secret, ACCOUNT_NO_PASSWORD)))
		return error_set(e, -EINVAL, "lien illisible");
	if (!account_services_ok(a->services))
		return error_set(e, -EINVAL,
			"services illisibles : leurs identifiants, séparés par des virgules");
	if (!account_sources_ok(a->sources) &&
		!(q->replace && slice_is(a->sources, ACCOUNT_ALL_SOURCES)))
		return error_set(e, -EINVAL,
			"sources illisibles : leurs identifiants, séparés par des virgules");
	if (!q->replace && !(a->roles & ROLE_SERVICE) != !a->services.n)
		return error_set(e, -EINVAL, "le rôle « service » et des services vont ensemble");
	return 0;
}

/* By what the account is now. */
static int check_limit(struct store *st, struct slice name, struct error *e)
{
	int64_t wrong;
	int r = sq_get(&st->q, e, &wrong,
		"SELECT 1 FROM account WHERE name = ? AND sources <> '' AND (roles | held) & ~? <> 0",
		"ti", name, (int64_t)ROLES_LIMITABLE);

	if (r == 0)
		return error_set(e, -EINVAL,
			"seul un compte de modération ou de juriste, sans autre rôle, se limite à des sources");
	if (r > 0)
		r = sq_get(&st->q, e, &wrong,
			"SELECT 1 FROM account WHERE name = ? AND services = '' AND (roles | held) & ?",
			"ti", name, (int64_t)ROLE_SERVICE);
	if (r == 0)
		return error_set(e, -EINVAL, "le rôle « service » et des services vont ensemble");
	return r < 0 ? r : 0;
}

static int insert(struct store *st, const struct account_request *q, struct error *e)
{
	const struct login *a = &q->account;
	int64_t there;
	int r = sq_get(&st->q, e, &there, "SELECT 1 FROM account WHERE name = ?", "t", a->name);

	if (r == 0)
		return error_set(e, -EEXIST, "un compte de ce nom existe déjà");
	return r < 0 ? r
		     : sq_do(&st->q, e,
			       "INSERT INTO account(name, roles, lang, secret, services, sources,"
			       " changed_at) VALUES(?, ?, ?, ?, ?, ?, ?)",
			       "titttti", a->name, (int64_t)a->roles, a->lang, a->secret,
			       a->services, a->sources, st->wall);
}

static int unknown(struct slice name, struct error *e)
{
	return error_set(e, -ENOENT, "il n'y a pas de compte « %.*s »", (int)name.n, name.p);
}

/* As it was. */
struct standing {
	uint16_t roles, held;
	int64_t raised_at, changed_at; /* 0: there was none */
};

static int read_standing(struct store *st, struct slice name, struct standing *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT roles, held, raised_at, changed_at FROM account WHERE name = ?", "t", name);

	*ret = (struct standing){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	*ret = (struct standing){(uint16_t)sq_col_int(s, 0), (uint16_t)sq_col_int(s, 1),
		sq_col_int(s, 2), sq_col_int(s, 3)};
	sqlite3_reset(s);
	return 0;
}

static bool gives_himself(const struct account_request *q, const struct standing *was)
{
	return q->replace && !q->setup.n && slice_equal(q->who, q->account.name) &&
		q->account.roles & ~(was->roles | was->held);
}

static int update(struct store *st, const struct account_request *q, const struct standing *was,
	struct error *e)
{
	const struct login *a = &q->account;
	const uint16_t roles = a->roles ? a->roles : was->roles | was->held;
	const bool shut = q->door == DOOR_SHUT || (was->held && q->door != DOOR_OPEN);
	const int64_t raised_at = gives_himself(q, was) ? st->wall : a->roles ? 0 : was->raised_at;

	if (!was->changed_at)
		return unknown(a->name, e);
	if (q->known && q->known != was->changed_at)
		return error_set(e, -ESTALE, "le compte a changé entre-temps");
	return sq_do(&st->q, e,
		"UPDATE account SET roles = ?, held = ?, lang = ?,"
		" secret = ifnull(nullif(?, ''), secret),"
		" services = CASE ?5 WHEN 0 THEN '' ELSE ifnull(nullif(?6, ''), services) END,"
		" sources = CASE ?7 WHEN '' THEN sources WHEN '" ACCOUNT_ALL_SOURCES
		"' THEN '' ELSE ?7 END,"
		" raised_at = ?, changed_at = max(?, changed_at + 1) WHERE name = ?",
		"iittittiit", (int64_t)(shut ? 0 : roles), (int64_t)(shut ? roles : 0), a->lang,
		a->secret, (int64_t)(roles & ROLE_SERVICE), a->services, a->sources, raised_at,
		st->wall, a->name);
}

/* The last one of the administration stays. */
static int check_last(
	struct store *st, const struct account_request *q, int64_t before, struct error *e)
{
	int64_t now = 0;
	int r = q->guarded ? setup_administrators(st, &now, e) : 0;

	return r == 0 && q->guarded && before && !now
		? error_set(e, -EBUSY,
			  "« %.*s » est le dernier compte d'administration qui peut entrer",
			  (int)q->account.name.n, q->account.name.p)
		: r;
}

/* Whoever is shut out works on nothing any more. */
static int leave_claims(struct store *st, const struct account_request *q, struct error *e)
{
	return q->door == DOOR_SHUT
		? sq_do(&st->q, e, "DELETE FROM claim WHERE who = ?", "t", q->account.name)
		: 0;
}

static void say_entry(const struct account_request *q, struct buf *why)
{
	char until[CLOCK_TEXT];

	if (q->door != DOOR_AS_IT_IS)
		buf_add_string(why, q->door == DOOR_SHUT ? " ; accès fermé" : " ; accès rouvert");
	if (q->link.n)
		buf_printf(why, " ; lien pour choisir son mot de passe, jusqu'au %.16s",
			clock_format(q->link_until, until));
	else if (q->replace && q->account.secret.n)
		buf_add_string(
			why, q->setup.n ? " ; mot de passe, par son lien" : " ; mot de passe");
}

/* What it may do: all of it, or what changed. */
static int write_down(struct store *st, const struct account_request *q, const struct standing *was,
	const struct rights *before, struct error *e)
{
	_buf_ struct buf why = {0};
	struct rights now;
	int r = rights_read(st, q->account.name, &now, e);

	buf_add_string(&why, q->replace ? "changé" : "ajouté");
	rights_say(q->replace ? before : NULL, &now, &why);
	say_entry(q, &why);
	if (gives_himself(q, was))
		buf_add_string(&why, " ; à soi-même");
	if (q->reason.n)
		buf_printf(&why, " ; %.*s", (int)q->reason.n, q->reason.p);
	return r < 0 ? r : audit(st, q->who, AUDIT_ACCOUNT, q->account.name, buf_slice(&why), e);
}

static int change(struct store *st, const struct account_request *q, struct error *e)
{
	struct standing was = {0};
	struct rights before;
	int64_t administrators = 0;
	int r = rights_read(st, q->account.name, &before, e);

	if (r == 0)
		r = read_standing(st, q->account.name, &was, e);
	if (r == 0)
		r = setup_administrators(st, &administrators, e);
	if (r == 0)
		r = q->replace ? update(st, q, &was, e) : insert(st, q, e);
	if (r == 0)
		r = check_limit(st, q->account.name, e);
	if (r == 0)
		r = setup_keep(st, q, e);
	if (r == 0)
		r = check_last(st, q, administrators, e);
	if (r == 0)
		r = leave_claims(st, q, e);
	return r < 0 ? r : write_down(st, q, &was, &before, e);
}

int request_account(struct store *st, struct slice body, struct error *e)
{
	struct account_request q;
	bool done = false;
	int r;

	arena_clear(&st->arena);
	if (account_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "compte illisible");
	r = check_account(&q, e);
	if (r == 0 && q.setup.n)
		r = setup_check(st, &q, e);
	if (r == 0)
		r = setup_is_there(st, &q, &done, e);
	return r < 0 || done ? r : change(st, &q, e);
}

int request_password(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	struct password_request q;
	int64_t changed_at = 0;
	int r;

	if (password_decode(body, &q) < 0 || !q.secret.n || q.secret.n >= DIGEST_PASSWORD)
		return error_set(e, -EBADMSG, "mot de passe illisible");
	r = sq_get(&st->q, e, &changed_at, "SELECT changed_at FROM account WHERE name = ?", "t",
		q.name);
	if (r > 0)
		return unknown(q.name, e);
	if (r == 0 && changed_at != q.changed_at)
		return error_set(e, -ESTALE, "le compte a changé entre-temps");
	changed_at = st->wall > changed_at ? st->wall : changed_at + 1;
	if (r == 0)
		r = sq_do(&st->q, e, "UPDATE account SET secret = ?, changed_at = ? WHERE name = ?",
			"tit", q.secret, changed_at, q.name);
	if (r == 0)
		r = setup_end(st, q.name, e);
	wire_put_i64(reply, changed_at);
	return r < 0 ? r : audit(st, q.name, AUDIT_ACCOUNT, q.name, SLICE("son mot de passe"), e);
}

int request_account_remove(struct store *st, struct slice body, struct error *e)
{
	struct account_remove_request q;
	int r;

	if (account_remove_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "compte illisible");
	r = sq_do(&st->q, e, "DELETE FROM account WHERE name = ?", "t", q.name);
	if (r == 0 && !sqlite3_changes(st->q.db))
		return unknown(q.name, e);
	if (r == 0)
		r = sq_do(&st->q, e, "DELETE FROM claim WHERE who = ?", "t", q.name);
	if (r == 0)
		r = tokens_end(st, q.name, e);
	if (r == 0)
		r = views_end(st, q.name, e);
	if (r == 0)
		r = setup_end(st, q.name, e);
	return r < 0 ? r : audit(st, q.who, AUDIT_ACCOUNT, q.name, SLICE("retiré"), e);
}

/* Nothing of the account changes: its sessions stay. */
int request_shortcuts(struct store *st, struct slice body, struct error *e)
{
	struct shortcuts_request q;
	int r;

	if (shortcuts_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "raccourcis illisibles");
	r = sq_do(
		&st->q, e, "UPDATE account SET shortcuts = ? WHERE name = ?", "tt", q.text, q.who);
	return r == 0 && !sqlite3_changes(st->q.db) ? unknown(q.who, e) : r;
}
