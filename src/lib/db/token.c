/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the API. Of each only the digest is kept; one ends with its account. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/account.h>
#include <tocsin/record/token.h>

#include "st.h"

static int check_token(struct store *st, const struct token_request *q, struct error *e)
{
	const struct token *t = &q->token;

	if (!account_name_ok(t->name))
		return error_set(e, -EINVAL,
			"nom de jeton refusé : lettres minuscules sans accent, chiffres, et . - _ à l'intérieur");
	if (!t->scopes || t->digest.n != DIGEST_SIZE || !q->who.n)
		return error_set(e, -EINVAL, "jeton incomplet");
	if (!account_sources_ok(t->sources))
		return error_set(e, -EINVAL,
			"sources illisibles : leurs identifiants, séparés par des virgules");
	if (t->sources.n && t->scopes & ~SCOPES_LIMITED)
		return error_set(e, -EACCES,
			"un jeton limité à des sources lit la file et y décide (queue:read, queue:decide) ; le reste parle de toute la ville");
	if (t->expires_at <= st->wall ||
		t->expires_at > st->wall + (TOKEN_DAYS_MAX + 1) * CLOCK_DAY)
		return error_set(e, -EINVAL, "un jeton vaut de 1 à %d jours", TOKEN_DAYS_MAX);
	return 0;
}

/* Its account sees these itself. */
static int check_sources(struct store *st, const struct token *t, struct error *e)
{
	struct slice rest = t->sources, id;
	sqlite3_stmt *s;
	bool sees = true;
	int r = sq_query(
		&st->q, e, &s, "SELECT sources FROM account WHERE name = ?", "t", t->account);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	while (account_source_next(&rest, &id))
		sees = sees && account_sees(sq_col(s, 0), id);
	sqlite3_reset(s);
	return sees ? 0 : error_set(e, -EACCES, "ce compte ne voit pas lui-même ces sources");
}

/* Its owner must be there, and nobody else of its name. */
static int check_place(struct store *st, const struct token *t, struct error *e)
{
	int64_t there, roles = 0;
	int r = sq_get(&st->q, e, &there, "SELECT 1 FROM token WHERE name = ?", "t", t->name);

	if (r == 0)
		return error_set(e, -EEXIST, "un jeton de ce nom existe déjà");
	if (r > 0)
		r = sq_get(&st->q, e, &roles, "SELECT roles FROM account WHERE name = ?", "t",
			t->account);
	if (r > 0)
		return error_set(e, -ENOENT, "il n'y a pas de compte « %.*s »", (int)t->account.n,
			t->account.p);
	if (r == 0 && t->scopes & ~token_scopes_of((uint16_t)roles))
		return error_set(e, -EACCES, "ce compte n'a pas lui-même toutes ces portées");
	return r < 0 ? r : check_sources(st, t, e);
}

/* Whose it is, what it may, until when. */
static int write_down(struct store *st, const struct token_request *q, struct error *e)
{
	const struct token *t = &q->token;
	_buf_ struct buf why = {0};
	char until[CLOCK_TEXT];

	buf_printf(&why, "ajouté ; compte : %.*s ; portées : ", (int)t->account.n, t->account.p);
	token_scopes_write(&why, t->scopes);
	if (t->sources.n)
		buf_printf(&why, " ; sources : %.*s", (int)t->sources.n, t->sources.p);
	buf_printf(&why, " ; jusqu'au %.10s", clock_format(t->expires_at, until));
	return audit(st, q->who, AUDIT_TOKEN, t->name, buf_slice(&why), e);
}

int request_token(struct store *st, struct slice body, struct error *e)
{
	struct token_request q;
	const struct token *t = &q.token;
	int r;

	if (token_decode(body, &q) < 0)
		return error_set(e, -EBADMSG, "jeton illisible");
	r = check_token(st, &q, e);
	if (r == 0)
		r = check_place(st, t, e);
	if (r == 0)
		r = sq_do(&st->q, e,
			"INSERT INTO token(name, account, scopes, digest, made_at, expires_at, sources)"
			" VALUES(?, ?, ?, ?, ?, ?, ?)",
			"ttibiit", t->name, t->account, (int64_t)t->scopes, t->digest, st->wall,
			t->expires_at, t->sources);
	return r < 0 ? r : write_down(st, &q, e);
}

int request_token_revoke(struct store *st, struct slice body, struct error *e)
{
	struct token_revoke_request q;
	int r;

	if (token_revoke_decode(body, &q) < 0 || !q.who.n)
		return error_set(e, -EBADMSG, "jeton illisible");
	r = sq_do(&st->q, e, "DELETE FROM token WHERE name = ?", "t", q.name);
	if (r == 0 && !sqlite3_changes(st->q.db))
		return error_set(
			e, -ENOENT, "il n'y a pas de jeton « %.*s »", (int)q.name.n, q.name.p);
	return r < 0 ? r : audit(st, q.who, AUDIT_TOKEN, q.name, SLICE("retiré"), e);
}

int tokens_end(struct store *st, struct slice account, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM token WHERE account = ?", "t", account);
}
