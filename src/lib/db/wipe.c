/* SPDX-License-Identifier: GPL-3.0-or-later
 * Overwriting what a row says without changing its length: SQLite then writes the same cell in place, and no copy of the
 * old bytes is left on another page. */
#include <errno.h>
#include <tocsin/db/search.h>
#include <tocsin/record/comment.h>

#include "caller.h"
#include "st.h"

void text_mark(const struct store *st, struct slice text, unsigned char out[static TEXT_MARK])
{
	unsigned char digest[16];

	digest_pseudonym(st->author_key, text, digest);
	memcpy(out, digest, TEXT_MARK);
}

void author_pseudonym(
	struct store *st, struct slice source, struct slice author, unsigned char out[static 16])
{
	buf_clear(&st->scratch);
	buf_add_slice(&st->scratch, source);
	buf_add_char(&st->scratch, 0);
	if (slice_is(source, COMMENT_REPORTED))
		caller_form(author, &st->scratch);
	else
		buf_add_slice(&st->scratch, author);
	digest_pseudonym(st->author_key, buf_slice(&st->scratch), out);
}

static void blank(struct buf *b, struct slice s)
{
	if (s.n)
		memset(b->p + (s.p - b->p), 0, s.n);
}

/* b holds a comment in wire form. */
static void blank_comment(const struct store *st, struct buf *b, enum wipe what)
{
	unsigned char mark[TEXT_MARK];
	struct comment c;

	if (comment_decode(buf_slice(b), &c) < 0) {
		memset(b->p, 0, b->n);
		return;
	}
	text_mark(st, c.text, mark);
	blank(b, c.text);
	blank(b, c.url);
	blank(b, c.extra);
	blank(b, c.author);
	blank(b, c.author_name);
	if (what != WIPE_TEXT) { /* each may hold the author's name */
		blank(b, c.thread);
		blank(b, c.parent);
		blank(b, c.channel);
	}
	if (what == WIPE_ALL)
		blank(b, c.id);
	else if (c.text.n >= TEXT_MARK)
		memcpy(b->p + (c.text.p - b->p), mark, TEXT_MARK);
}

void item_blank(const struct store *st, struct buf *body)
{
	blank_comment(st, body, WIPE_OPPOSED);
}

/* Search builds the shard anew; one row a shard and transaction is enough. */
static int tell_search(struct store *st, int64_t seq, struct error *e)
{
	int64_t shard = seq / SEARCH_SHARD;
	int r;

	if (st->now.removal_shard == shard + 1)
		return 0;
	r = sq_do(&st->q, e, "INSERT INTO removal(shard) VALUES(?)", "i", shard);
	if (r == 0)
		st->now.removal_shard = shard + 1;
	return r;
}

int item_wipe(struct store *st, int64_t seq, enum wipe what, int state, struct error *e)
{
	sqlite3_stmt *s;
	int64_t handle, old;
	int r = sq_query(&st->q, e, &s,
		"SELECT body, ifnull(length(handle), 0), state FROM item WHERE seq = ?", "i", seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	buf_clear(&st->scratch);
	buf_add_slice(&st->scratch, sq_col(s, 0));
	handle = sq_col_int(s, 1);
	old = sq_col_int(s, 2);
	sqlite3_reset(s);
	if (old & ITEM_HELD)
		return 0;
	if (old & ITEM_OPPOSED && what == WIPE_TEXT)
		what = WIPE_OPPOSED;
	r = tell_search(st, seq, e);
	if (r == 0)
		r = evidence_forget(st, seq, e);
	if (r == 0)
		r = caller_forget(st, seq, e);
	if (r < 0)
		return r;
	/* a second wipe must not put the digest of a digest in place of the first */
	if (!(old & ITEM_GONE) || what == WIPE_ALL)
		blank_comment(st, &st->scratch, what);
	r = sq_do(&st->q, e, "UPDATE item SET state = state | ?, body = ? WHERE seq = ?", "ibi",
		(int64_t)state, buf_slice(&st->scratch), seq);
	if (r == 0 && handle)
		r = sq_do(&st->q, e, "UPDATE item SET handle = ? WHERE seq = ?", "zi", handle, seq);
	if (r == 0 && what == WIPE_ALL)
		r = sq_do(&st->q, e,
			"UPDATE item SET author = zeroblob(16) WHERE seq = ? AND author IS NOT NULL",
			"i", seq);
	return r;
}

int item_wipe_all(struct store *st, int64_t seq, enum wipe what, int state, struct error *e)
{
	int64_t row = seq;
	int r = sq_get(&st->q, e, &row, "SELECT first FROM item WHERE seq = ?", "i", seq);

	if (r >= 0)
		r = row_forget(st, row, e);
	while (r == 0) {
		r = item_wipe(st, seq, what, state, e);
		if (r == 0)
			r = sq_get(
				&st->q, e, &seq, "SELECT prev FROM item WHERE seq = ?", "i", seq);
	}
	return r < 0 ? r : 0;
}
