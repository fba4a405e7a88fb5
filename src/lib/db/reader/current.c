/* SPDX-License-Identifier: GPL-3.0-or-later
 * The version of a comment that people see. The table of ids tells those that were written into it; what came after that is
 * looked through by its numbers alone. */
#include <tocsin/db/nearby.h>

#include "rd.h"

struct naming {
	struct buf source, id;
};

static void naming_release(struct naming *n)
{
	buf_release(&n->source);
	buf_release(&n->id);
}

static int take_name(void *user, const struct stored_comment *c)
{
	struct naming *n = user;

	buf_add_slice(&n->source, c->comment.source);
	buf_add_slice(&n->id, c->comment.id);
	return 0;
}

static int take_seq(void *user, const struct nearby *n)
{
	int64_t *seq = user;

	*seq = n->seq;
	return 0;
}

/* 0, or SQ_DONE: not that one. */
static int is_current(struct reader *r, int64_t row, int64_t seq, struct error *e)
{
	int64_t one;

	return sq_get(&r->q, e, &one,
		"SELECT 1 FROM item WHERE seq = ? AND ifnull(first, seq) = ? AND state & 1 = 0",
		"ii", seq, row);
}

static int by_name(struct reader *r, int64_t row, int64_t *ret, struct error *e)
{
	_cleanup_(naming_release) struct naming n = {0};
	struct named_query q = {.at = row};
	int code = reader_comment(r, row, take_name, &n, e);

	q.source = buf_slice(&n.source);
	q.id = buf_slice(&n.id);
	if (code == 0)
		code = reader_named(r, &q, take_seq, ret, e);
	if (code == 0)
		code = is_current(r, row, *ret, e);
	return code;
}

/* Behind those that the table tells. */
static int by_number(struct reader *r, int64_t row, int64_t *ret, struct error *e)
{
	return sq_get(&r->q, e, ret,
		"SELECT seq FROM item WHERE seq > max(?1, ifnull((SELECT value FROM note"
		" WHERE key = 'looked_up'), 0)) AND first = ?1 AND state & 1 = 0 LIMIT 1",
		"i", row);
}

static int find_newer(struct reader *r, int64_t row, int64_t *ret, struct error *e)
{
	int64_t one;
	int code = sq_get(
		&r->q, e, &one, "SELECT 1 FROM item WHERE seq = ? AND first IS NULL", "i", row);

	if (code)
		return code;
	code = by_name(r, row, ret, e);
	return code > 0 ? by_number(r, row, ret, e) : code;
}

int reader_current(struct reader *r, int64_t row, int64_t *ret, struct error *e)
{
	int64_t seq = row;
	int code = is_current(r, row, row, e);

	if (code == SQ_DONE)
		code = find_newer(r, row, &seq, e);
	if (code == 0)
		*ret = seq;
	return code > 0 ? READER_END : code;
}
