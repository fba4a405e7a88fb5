/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the API. */
#include "rd.h"

#define TOKEN_COLUMNS "SELECT name, account, scopes, digest, made_at, expires_at FROM token "

static int each_token(sqlite3_stmt *s, token_fn *fn, void *user, size_t *n, struct error *e)
{
	int code = 0;

	while (code == 0) {
		struct token t;

		code = sq_step(s, e);
		if (code)
			break;
		t = (struct token){.name = sq_col(s, 0),
			.account = sq_col(s, 1),
			.scopes = (uint8_t)sq_col_int(s, 2),
			.digest = sq_col(s, 3),
			.made_at = sq_col_int(s, 4),
			.expires_at = sq_col_int(s, 5)};
		++*n;
		code = fn(user, &t);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_tokens(struct reader *r, token_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s, TOKEN_COLUMNS "ORDER BY name", "");

	return code < 0 ? code : each_token(s, fn, user, &n, e);
}

int reader_token(struct reader *r, struct slice digest, token_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	size_t n = 0;
	int code = sq_query(&r->q, e, &s, TOKEN_COLUMNS "WHERE digest = ?", "b", digest);

	if (code == 0)
		code = each_token(s, fn, user, &n, e);
	return code ? code : n ? 0 : READER_END;
}
