/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts, and what people decided. */
#include "rd.h"

#define ACCOUNT_COLUMNS \
	"SELECT name, roles, lang, secret, changed_at, services, shortcuts, sources, held, raised_at," \
	" (SELECT until FROM setup WHERE account = name) FROM account "

struct accounts {
	account_fn *fn;
	void *user;
	size_t n;
};

static int hand_account(void *user, sqlite3_stmt *s)
{
	struct accounts *to = user;
	const struct login row = {.name = sq_col(s, 0),
		.roles = (uint16_t)sq_col_int(s, 1),
		.lang = sq_col(s, 2),
		.secret = sq_col(s, 3),
		.changed_at = sq_col_int(s, 4),
		.services = sq_col(s, 5),
		.shortcuts = sq_col(s, 6),
		.sources = sq_col(s, 7),
		.held = (uint16_t)sq_col_int(s, 8),
		.raised_at = sq_col_int(s, 9),
		.link_until = sq_col_int(s, 10)};

	to->n++;
	return to->fn(to->user, &row);
}

int reader_accounts(struct reader *r, account_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct accounts to = {fn, user, 0};
	int code = sq_query(&r->q, e, &s, ACCOUNT_COLUMNS "ORDER BY name", "");

	return code < 0 ? code : sq_each(s, hand_account, &to, e);
}

int reader_account(struct reader *r, struct slice name, account_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct accounts to = {fn, user, 0};
	int code = sq_query(&r->q, e, &s, ACCOUNT_COLUMNS "WHERE name = ?", "t", name);

	if (code == 0)
		code = sq_each(s, hand_account, &to, e);
	return code ? code : to.n ? 0 : READER_END;
}

int reader_link(struct reader *r, struct slice digest, int64_t now, account_fn *fn, void *user,
	struct error *e)
{
	sqlite3_stmt *s;
	struct accounts to = {fn, user, 0};
	int code = sq_query(&r->q, e, &s,
		ACCOUNT_COLUMNS "WHERE held = 0 AND name = (SELECT account FROM setup"
				" WHERE digest = ? AND until > ?)",
		"bi", digest, now);

	if (code == 0)
		code = sq_each(s, hand_account, &to, e);
	return code ? code : to.n ? 0 : READER_END;
}

int reader_history(struct reader *r, int64_t row, int (*fn)(void *user, const struct decision *d),
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT at, decision, who, reason, category, a.text, a.model, f.since, f.until, f.service,"
		" f.state, o.level, o.state, o.attempts, o.sent_at, o.detail, d.bulk FROM decision d"
		" LEFT JOIN answer a ON a.id = d.id LEFT JOIN follow f ON f.id = d.id"
		" LEFT JOIN outbox o ON o.key = 'action/' || d.id"
		" WHERE d.row = ? ORDER BY d.id",
		"i", row);

	while (code == 0) {
		struct decision d;

		code = sq_step(s, e);
		if (code)
			break;
		d = (struct decision){sq_col_int(s, 0), sq_col(s, 1), sq_col(s, 2), sq_col(s, 3),
			sq_col(s, 4), sq_col(s, 5), sq_col(s, 6), sq_col(s, 5).n > 0,
			{sq_col_int(s, 7), sq_col_int(s, 8), sq_col(s, 9),
				(enum follow_state)sq_col_int(s, 10)},
			{(enum outward)sq_col_int(s, 11), (enum outbox_state)sq_col_int(s, 12),
				(uint32_t)sq_col_int(s, 13), sq_col_int(s, 14), sq_col(s, 15)},
			sq_col_int(s, 16)};
		if (d.told && !d.text.p[0]) /* wiped */
			d.text.n = 0;
		code = fn(user, &d);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

struct misses {
	int (*fn)(void *user, const struct missed *m);
	void *user;
};

static int hand_missed(void *user, sqlite3_stmt *s)
{
	const struct misses *to = user;

	return to->fn(to->user,
		&(struct missed){sq_col_int(s, 0), sq_col_int(s, 1), sq_col(s, 2), sq_col(s, 3),
			sq_col(s, 4)});
}

int reader_missed(struct reader *r, int (*fn)(void *user, const struct missed *m), void *user,
	struct error *e)
{
	sqlite3_stmt *s;
	struct misses to = {fn, user};
	int code = sq_query(&r->q, e, &s,
		"SELECT seq, at, who, category, reason FROM (SELECT *, lead(decision) OVER (PARTITION BY row"
		" ORDER BY id) AS next FROM decision) WHERE decision = '" DECISION_MISSED
		"' AND ifnull(next, '') <> 'annuler' AND id NOT IN (SELECT id FROM missed_end) ORDER BY id",
		"");

	return code < 0 ? code : sq_each(s, hand_missed, &to, e);
}
