/* SPDX-License-Identifier: GPL-3.0-or-later
 * Table setup has one row an account that has a link; '' is the way to the first account. A row whose time is over stays until
 * there is a password: its owner cannot come in. */
#include "setup.h"
#include <errno.h>

static int count_accounts(struct store *st, int64_t *ret, struct error *e)
{
	int r = sq_get(&st->q, e, ret, "SELECT count(*) FROM account", "");

	return r < 0 ? r : 0;
}

static struct slice digest_of(struct slice secret, unsigned char ret[static DIGEST_SIZE])
{
	digest_sha256(secret, ret);
	return (struct slice){(const char *)ret, DIGEST_SIZE};
}

static int check_first(
	struct store *st, const struct account_request *q, bool *ret, struct error *e)
{
	unsigned char digest[DIGEST_SIZE];
	int64_t found = 0, accounts = 0;
	int r = count_accounts(st, &accounts, e);

	if (r == 0)
		r = sq_get(&st->q, e, &found,
			"SELECT 1 FROM setup WHERE account = '' AND digest = ?", "b",
			digest_of(q->setup, digest));
	*ret = !accounts && found;
	return r < 0 ? r : 0;
}

static int check_own(struct store *st, const struct account_request *q, bool *ret, struct error *e)
{
	const struct login *a = &q->account;
	const bool password_alone = !a->roles && !a->services.n && !a->sources.n && !q->link.n &&
		q->door == DOOR_AS_IT_IS && slice_equal(q->who, a->name);
	unsigned char digest[DIGEST_SIZE];
	int64_t found = 0;
	int r = sq_get(&st->q, e, &found,
		"SELECT 1 FROM setup s JOIN account a ON a.name = s.account"
		" WHERE s.account = ? AND s.digest = ? AND s.until > ? AND a.held = 0",
		"tbi", a->name, digest_of(q->setup, digest), st->wall);

	*ret = found && password_alone && a->secret.n;
	return r < 0 ? r : 0;
}

int setup_check(struct store *st, const struct account_request *q, struct error *e)
{
	bool open = false;
	int r = (q->replace ? check_own : check_first)(st, q, &open, e);

	return r == 0 && !open ? error_set(e, -EACCES, "ce lien ne sert plus") : r;
}

int setup_is_there(struct store *st, const struct account_request *q, bool *ret, struct error *e)
{
	int64_t found = 0;
	int r = sq_get(&st->q, e, &found, "SELECT 1 FROM setup WHERE account = ? AND digest = ?",
		"tb", q->account.name, q->link);

	*ret = q->link.n && found;
	return r < 0 ? r : 0;
}

int setup_end(struct store *st, struct slice account, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM setup WHERE account = ?", "t", account);
}

int setup_keep(struct store *st, const struct account_request *q, struct error *e)
{
	const struct login *a = &q->account;
	int r = setup_end(st, SLICE(""), e);

	if (r == 0 && q->link.n)
		return sq_do(&st->q, e,
			"INSERT OR REPLACE INTO setup(account, digest, until) VALUES(?, ?, ?)",
			"tbi", a->name, q->link, q->link_until);
	if (r == 0 && q->door == DOOR_SHUT)
		return sq_do(
			&st->q, e, "UPDATE setup SET until = 1 WHERE account = ?", "t", a->name);
	return r == 0 && a->secret.n ? setup_end(st, a->name, e) : r;
}

int setup_administrators(struct store *st, int64_t *ret, struct error *e)
{
	int r = sq_get(&st->q, e, ret,
		"SELECT count(*) FROM account a WHERE roles & ?"
		" AND NOT EXISTS (SELECT 1 FROM setup s WHERE s.account = a.name)",
		"i", (int64_t)ROLE_ADMIN);

	return r < 0 ? r : 0;
}

int request_setup(struct store *st, struct slice body, struct buf *reply, struct error *e)
{
	unsigned char digest[DIGEST_SIZE];
	int64_t accounts = 0;
	int r = count_accounts(st, &accounts, e);

	if (body.n != SETUP_SECRET)
		return error_set(e, -EBADMSG, "secret illisible");
	if (r == 0 && !accounts)
		r = sq_do(&st->q, e,
			"INSERT OR REPLACE INTO setup(account, digest, until) VALUES('', ?, 0)",
			"b", digest_of(body, digest));
	wire_put_u8(reply, !accounts);
	return r;
}
