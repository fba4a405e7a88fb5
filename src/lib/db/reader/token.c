/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the API. */
#include "rd.h"

#define TOKEN_COLUMNS \
	"SELECT name, account, scopes, digest, made_at, expires_at, sources FROM token "

struct tokens {
	token_fn *fn;
	void *user;
	size_t n;
};

static int hand_token(void *user, sqlite3_stmt *s)
{
	struct tokens *to = user;
	const struct token row = {.name = sq_col(s, 0),
		.account = sq_col(s, 1),
		.scopes = (uint8_t)sq_col_int(s, 2),
		.digest = sq_col(s, 3),
		.made_at = sq_col_int(s, 4),
		.expires_at = sq_col_int(s, 5),
		.sources = sq_col(s, 6)};

	to->n++;
	return to->fn(to->user, &row);
}

int reader_tokens(struct reader *r, token_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct tokens to = {fn, user, 0};
	int code = sq_query(&r->q, e, &s, TOKEN_COLUMNS "ORDER BY name", "");

	return code < 0 ? code : sq_each(s, hand_token, &to, e);
}

int reader_token(struct reader *r, struct slice digest, token_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	struct tokens to = {fn, user, 0};
	int code = sq_query(&r->q, e, &s, TOKEN_COLUMNS "WHERE digest = ?", "b", digest);

	if (code == 0)
		code = sq_each(s, hand_token, &to, e);
	return code ? code : to.n ? 0 : READER_END;
}
