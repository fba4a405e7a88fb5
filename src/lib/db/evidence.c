/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chain goes in the order of flagging. Most links are made with their row, in the order of seq; that of a comment
 * which is flagged later (a revised verdict) stands in evidence_late too: it comes behind all that were there then. */
#include "evidence.h"

#include <errno.h>

#include "rd.h"
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

/* Columns: seq, salt, mark, hash, accepted, handle, body, state; these four are NULL when the row is gone. */
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

#define LINK "SELECT e.seq, salt, mark, hash, accepted, handle, body, state, "
#define OF_ITEM " LEFT JOIN item i ON i.seq = e.seq "

/* The two rows of links, each in its order; there: its statement stands on a link. */
struct links {
	sqlite3_stmt *s;
	bool there;
};

static int next(struct links *l, struct error *e)
{
	int r = sq_step(l->s, e);

	l->there = r == 0;
	return r < 0 ? r : 0;
}

static void judge(sqlite3_stmt *s, unsigned char chain[static DIGEST_SIZE], struct evidence *v)
{
	bool wiped, ok = holds(s, chain, &wiped);

	v->links++;
	v->proven += ok && !wiped;
	v->wiped += ok && wiped;
	v->broken += !ok;
	if (!ok && !v->first_broken)
		v->first_broken = sq_col_int(s, 0);
}

/* Merged here, for a sorter would put the texts into a file of its own. */
int reader_evidence(struct reader *r, struct evidence *ret, struct error *e)
{
	unsigned char chain[DIGEST_SIZE] = {0};
	struct links own = {0}, late = {0};
	struct evidence v = {0};
	int code = sq_query(&r->q, e, &own.s,
		LINK
		"e.seq FROM evidence e" OF_ITEM
		"WHERE NOT EXISTS (SELECT 1 FROM evidence_late l WHERE l.seq = e.seq) ORDER BY e.seq",
		"");

	if (code == 0)
		code = sq_query(&r->q, e, &late.s,
			LINK "after FROM evidence_late l JOIN evidence e ON e.seq = l.seq" OF_ITEM
			     "ORDER BY number",
			"");
	if (code == 0)
		code = next(&own, e);
	if (code == 0)
		code = next(&late, e);
	while (code == 0 && (own.there || late.there)) {
		bool first =
			own.there && (!late.there || sq_col_int(own.s, 8) <= sq_col_int(late.s, 8));
		struct links *l = first ? &own : &late;

		judge(l->s, chain, &v);
		code = next(l, e);
	}
	if (own.there)
		sqlite3_reset(own.s);
	if (late.there)
		sqlite3_reset(late.s);
	if (code < 0)
		return code;
	*ret = v;
	return 0;
}
