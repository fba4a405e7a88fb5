/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts of the console, and the way to the first one: a secret whose digest stands in note 'setup' until an account is
 * there. */
#include <errno.h>
#include <tocsin/record/account.h>
#include <tocsin/record/shortcut.h>

#include "rights.h"
#include "st.h"

static int count_accounts(struct store *st, int64_t *ret, struct error *e)
{
	int r = sq_get(&st->q, e, ret, "SELECT count(*) FROM account", "");

	return r < 0 ? r : 0;
}

static int check_setup(struct store *st, struct slice secret, struct error *e)
{
	unsigned char digest[DIGEST_SIZE];
	int64_t found = 0, accounts = 0;
	int r = count_accounts(st, &accounts, e);

	digest_sha256(secret, digest);
	if (r == 0)
		r = sq_get(&st->q, e, &found,
			"SELECT 1 FROM note WHERE key = 'setup' AND value = ?", "b",
			(struct slice){(const char *)digest, sizeof(digest)});
	if (r < 0)
		return r;
	return accounts || !found ? error_set(e, -EACCES, "ce lien ne sert plus") : 0;
}

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
		"SELECT 1 FROM account WHERE name = ? AND sources <> '' AND roles & ~? <> 0", "ti",
		name, (int64_t)ROLES_LIMITABLE);

	if (r == 0)
		return error_set(e, -EINVAL,
			"seul un compte de modération ou de juriste, sans autre rôle, se limite à des sources");
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

static int is_known(struct store *st, const struct account_request *q, struct error *e)
{
	int64_t changed_at = 0;
	int r = sq_get(&st->q, e, &changed_at, "SELECT changed_at FROM account WHERE name = ?", "t",
		q->account.name);

	if (r > 0)
		return unknown(q->account.name, e);
	return r < 0 || !q->known || q->known == changed_at
		? r
		: error_set(e, -ESTALE, "le compte a changé entre-temps");
}

static int update(struct store *st, const struct account_request *q, struct error *e)
{
	const struct login *a = &q->account;
	int r = is_known(st, q, e);

	return r < 0
		? r
		: sq_do(&st->q, e,
			  "UPDATE account SET roles = ifnull(nullif(?, 0), roles), lang = ?,"
			  " secret = ifnull(nullif(?, ''), secret), services = ifnull(nullif(?, ''), services),"
			  " sources = CASE ?5 WHEN '' THEN sources WHEN '" ACCOUNT_ALL_SOURCES
			  "' THEN '' ELSE ?5 END,"
			  " changed_at = max(?, changed_at + 1) WHERE name = ?",
			  "ittttit", (int64_t)a->roles, a->lang, a->secret, a->services, a->sources,
			  st->wall, a->name);
}

/* What it may do: all of it, or what changed. */
static int write_down(struct store *st, const struct account_request *q,
	const struct rights *before, struct error *e)
{
	_buf_ struct buf why = {0};
	struct rights now;
	int r = rights_read(st, q->account.name, &now, e);

	buf_add_string(&why, q->replace ? "changé" : "ajouté");
	rights_say(q->replace ? before : NULL, &now, &why);
	if (q->replace && q->account.secret.n)
		buf_add_string(&why, " ; mot de passe");
	if (q->reason.n)
		buf_printf(&why, " ; %.*s", (int)q->reason.n, q->reason.p);
	return r < 0 ? r : audit(st, q->who, AUDIT_ACCOUNT, q->account.name, buf_slice(&why), e);
}

int request_account(struct store *st, struct slice body, struct error *e)
{
	struct account_request q;
	struct rights before;
	int r;

	arena_clear(&st->arena);
	if (account_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "compte illisible");
	r = check_account(&q, e);
	if (r == 0 && q.setup.n)
		r = check_setup(st, q.setup, e);
	if (r == 0)
		r = rights_read(st, q.account.name, &before, e);
	if (r == 0)
		r = q.replace ? update(st, &q, e) : insert(st, &q, e);
	if (r == 0)
		r = check_limit(st, q.account.name, e);
	if (r == 0)
		r = sq_do(&st->q, e, "DELETE FROM note WHERE key = 'setup'", "");
	return r < 0 ? r : write_down(st, &q, &before, e);
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

int request_setup(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	unsigned char digest[DIGEST_SIZE];
	int64_t accounts = 0;
	int r = count_accounts(st, &accounts, e);

	if (body.n != SETUP_SECRET)
		return error_set(e, -EBADMSG, "secret illisible");
	digest_sha256(body, digest);
	if (r == 0 && !accounts)
		r = sq_do(&st->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES('setup', ?)",
			"b", (struct slice){(const char *)digest, sizeof(digest)});
	wire_put_u8(reply, !accounts);
	return r;
}
