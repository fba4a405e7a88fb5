/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything that was received, or the part of it that is asked for, the newest first: read from its own list (label.h). */
#include "../label.h"
#include "rd.h"

static const char between[] =
	"SELECT " ITEM_COLUMNS
	" FROM item i WHERE i.seq >= ? AND i.seq < ? AND i.state & 1 = 0 ORDER BY i.seq DESC";

const char *const reader_recent_queries[] = {labels_chunk_query, between, NULL};

enum { ENOUGH = 1 };

struct handing {
	const struct recent_query *q;
	comment_fn *fn;
	void *user;
	uint32_t n;
	int stopped; /* by fn */
};

/* Between two seq of an hour others may stand, that came late. */
static bool is_of_its_time(const struct recent_query *q, const struct stored_comment *c)
{
	const int64_t at =
		q->event && c->comment.created_at ? c->comment.created_at : c->accepted_at;

	return (!q->from || at >= q->from) && (!q->to || at < q->to);
}

static bool is_among(const struct slice *list, uint32_t n, struct slice wanted)
{
	uint32_t i = 0;

	while (i < n && !slice_equal(list[i], wanted))
		i++;
	return i < n || !wanted.n;
}

/* Others stand in its block. */
static bool is_of_its_label(const struct recent_query *q, const struct stored_comment *c)
{
	return (!q->source.n || slice_equal(q->source, c->comment.source)) &&
		is_among(c->verdict.categories, c->verdict.n_categories, q->category) &&
		is_among(c->verdict.topics, c->verdict.n_topics, q->topic);
}

bool recent_has(const struct recent_query *q, const struct stored_comment *c)
{
	return is_of_its_time(q, c) && is_of_its_label(q, c);
}

static int hand(void *user, const struct stored_comment *c)
{
	struct handing *to = user;

	if (to->q->left && !*to->q->left)
		return to->stopped = READER_END;
	if (to->q->left)
		--*to->q->left;
	if (!recent_has(to->q, c))
		return 0;
	to->stopped = to->fn(to->user, c);
	return to->stopped ? to->stopped : ++to->n == to->q->limit ? ENOUGH : 0;
}

/* The label: 0, or SQ_DONE when nothing has it. Id 0: all that there is. */
static int find_label(struct reader *r, const struct recent_query *q, int64_t *ret, struct error *e)
{
	_buf_ struct buf name = {0};
	int64_t source = 0;
	int code = 0;

	if (q->source.n)
		code = sq_get(
			&r->q, e, &source, "SELECT id FROM source WHERE name = ?", "t", q->source);
	*ret = 0;
	label_name(&name, q->category, q->topic, source);
	if (code || !name.n)
		return code;
	return sq_get(&r->q, e, ret, "SELECT id FROM label WHERE name = ?", "t", buf_slice(&name));
}

/* first <= seq < end: 0, or why it was left off. */
static int read_rows(
	struct reader *r, struct handing *to, int64_t first, int64_t end, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, between, "ii", first, end);

	return code < 0 ? code : reader_each(r, s, !to->q->bare, hand, to, e);
}

/* The blocks of a chunk, the last first; those that follow each other at once. */
static int read_blocks(struct reader *r, struct handing *to, int64_t base,
	const uint64_t blocks[static LABEL_WORDS], int64_t first, int64_t end, struct error *e)
{
	int code = 0;

	for (int top = LABEL_WORDS * 64 - 1, low; code == 0 && top >= 0; top = low - 1) {
		int64_t from, to_seq = base + (int64_t)(top + 1) * LABEL_BLOCK;

		for (low = top; low >= 0 && blocks[low / 64] >> low % 64 & 1;)
			low--;
		from = base + (int64_t)(low + 1) * LABEL_BLOCK;
		from = from > first ? from : first;
		to_seq = to_seq < end ? to_seq : end;
		if (from < to_seq)
			code = read_rows(r, to, from, to_seq, e);
	}
	return code;
}

static int read_label(struct reader *r, struct handing *to, int64_t label, int64_t first,
	int64_t end, struct error *e)
{
	uint64_t blocks[LABEL_WORDS];
	int64_t chunk = 0;
	int code = 0;

	while (code == 0 && end > first) {
		code = labels_chunk(&r->q, label, first, end, &chunk, blocks, e);
		if (code == 0)
			code = read_blocks(r, to, chunk * LABEL_CHUNK, blocks, first, end, e);
		end = chunk * LABEL_CHUNK;
	}
	return code;
}

int reader_recent_find(
	struct reader *r, const struct recent_query *q, comment_fn *fn, void *user, struct error *e)
{
	struct handing to = {q, fn, user, 0, 0};
	int64_t label, first = 0, end = INT64_MAX;
	int code = find_label(r, q, &label, e);

	if (code == 0 && (q->from || q->to))
		code = heard_between(&r->q, q->from, q->to, &first, &end, e);
	if (code)
		return code < 0 ? code : 0;
	if (q->before > 0 && q->before < end)
		end = q->before;
	code = label ? read_label(r, &to, label, first, end, e) : read_rows(r, &to, first, end, e);
	return to.stopped || code < 0 ? code : 0;
}
