/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

#include <errno.h>

#include "rd.h"
#include "st.h"

int evidence_load(struct store *st, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT hash FROM evidence ORDER BY seq DESC LIMIT 1", "");

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	if (sq_col(s, 0).n == DIGEST_SIZE)
		memcpy(st->now.chain, sq_col(s, 0).p, DIGEST_SIZE);
	sqlite3_reset(s);
	return 0;
}

int evidence_add(struct store *st, int64_t seq, int64_t accepted, struct slice handle,
	struct slice body, struct error *e)
{
	unsigned char salt[EVIDENCE_SALT], mark[DIGEST_SIZE], link[DIGEST_SIZE];
	struct slice m = {(const char *)mark, sizeof(mark)};
	int r;

	digest_random(salt, sizeof(salt));
	evidence_mark(
		(struct slice){(const char *)salt, sizeof(salt)}, accepted, handle, body, mark);
	evidence_link(st->now.chain, m, seq, accepted, link);
	r = sq_do(&st->q, e, "INSERT INTO evidence(seq, salt, mark, hash) VALUES(?, ?, ?, ?)",
		"ibbb", seq, (struct slice){(const char *)salt, sizeof(salt)}, m,
		(struct slice){(const char *)link, sizeof(link)});
	if (r == 0)
		memcpy(st->now.chain, link, sizeof(link));
	return r;
}

int evidence_forget(struct store *st, int64_t seq, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE evidence SET salt = zeroblob(length(salt)) WHERE seq = ?",
		"i", seq);
}

static bool is_zero(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

/* Columns: seq, salt, mark, hash, accepted, handle, body, state; the last four are NULL when the row is gone. */
static bool holds(sqlite3_stmt *s, unsigned char chain[static DIGEST_SIZE], bool *ret_wiped)
{
	struct slice salt = sq_col(s, 1), mark = sq_col(s, 2), hash = sq_col(s, 3);
	unsigned char link[DIGEST_SIZE], own[DIGEST_SIZE];
	bool ok;

	evidence_link(chain, mark, sq_col_int(s, 0), sq_col_int(s, 4), link);
	ok = hash.n == sizeof(link) && !memcmp(hash.p, link, sizeof(link));
	/* one broken link must not break all that follow */
	if (hash.n == sizeof(link))
		memcpy(chain, hash.p, sizeof(link));
	*ret_wiped = is_zero(salt);
	if (*ret_wiped)
		return ok && sq_col_int(s, 7) & ITEM_GONE;
	evidence_mark(salt, sq_col_int(s, 4), sq_col(s, 5), sq_col(s, 6), own);
	return ok && mark.n == sizeof(own) && !memcmp(mark.p, own, sizeof(own));
}

int reader_evidence(struct reader *r, struct evidence *ret, struct error *e)
{
	unsigned char chain[DIGEST_SIZE] = {0};
	struct evidence v = {0};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT e.seq, salt, mark, hash, accepted, handle, body, state"
		" FROM evidence e LEFT JOIN item i ON i.seq = e.seq ORDER BY e.seq",
		"");

	while (code == 0) {
		bool wiped, ok;

		code = sq_step(s, e);
		if (code)
			break;
		ok = holds(s, chain, &wiped);
		v.links++;
		v.proven += ok && !wiped;
		v.wiped += ok && wiped;
		v.broken += !ok;
		if (!ok && !v.first_broken)
			v.first_broken = sq_col_int(s, 0);
	}
	if (code < 0)
		return code;
	*ret = v;
	return 0;
}
