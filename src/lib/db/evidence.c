/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chain goes in the order of flagging. Most links are made with their row, in the order of seq; that of a comment
 * which is flagged later (a revised verdict) stands in evidence_late too: it comes behind all that were there then. */
#include "evidence.h"

#include <errno.h>

#include "st.h"

/* The hash of a newest link, when its place is not before `last`. */
static int load_last(struct store *st, const char *sql, int64_t *last, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, sql, "");

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	if (sq_col_int(s, 0) >= *last && sq_col(s, 1).n == DIGEST_SIZE) {
		memcpy(st->now.chain, sq_col(s, 1).p, DIGEST_SIZE);
		*last = sq_col_int(s, 0);
	}
	sqlite3_reset(s);
	return 0;
}

int evidence_load(struct store *st, struct error *e)
{
	int64_t last = -1;
	int r = load_last(st,
		"SELECT seq, hash FROM evidence e WHERE NOT EXISTS"
		" (SELECT 1 FROM evidence_late l WHERE l.seq = e.seq) ORDER BY seq DESC LIMIT 1",
		&last, e);

	return r < 0
		? r
		: load_last(st,
			  "SELECT after, hash FROM evidence_late l JOIN evidence e ON e.seq = l.seq"
			  " ORDER BY number DESC LIMIT 1",
			  &last, e);
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
	if (r == 0 && seq < st->now.next_seq)
		r = sq_do(&st->q, e, "INSERT INTO evidence_late(seq, after) VALUES(?, ?)", "ii",
			seq, st->now.next_seq - 1);
	if (r == 0)
		memcpy(st->now.chain, link, sizeof(link));
	return r;
}

int evidence_keep(struct store *st, int64_t seq, struct error *e)
{
	_buf_ struct buf handle = {0}, body = {0};
	int64_t accepted;
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT accepted, handle, body FROM item i WHERE seq = ? AND state & ? = 0"
		" AND NOT EXISTS(SELECT 1 FROM evidence v WHERE v.seq = i.seq)",
		"ii", seq, (int64_t)ITEM_GONE);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	accepted = sq_col_int(s, 0);
	buf_add_slice(&handle, sq_col(s, 1));
	buf_add_slice(&body, sq_col(s, 2));
	sqlite3_reset(s);
	return evidence_add(st, seq, accepted, buf_slice(&handle), buf_slice(&body), e);
}

int evidence_forget(struct store *st, int64_t seq, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE evidence SET salt = zeroblob(length(salt)) WHERE seq = ?",
		"i", seq);
}
