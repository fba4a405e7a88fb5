/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything that was received, or the part of it that is asked for, the newest first: read from its own list (label.h). */
#include "label.h"
#include "rd.h"

#define SELECT "SELECT " ITEM_COLUMNS " FROM "
#define BOUNDS "i.seq < ?2 AND i.seq >= ?3 AND i.state & 1 = 0"
#define BLOCK TEXT_OF(LABEL_BLOCK)
#define TEXT_OF(x) TEXT_OF_(x)
#define TEXT_OF_(x) #x
static const char by_label[] = SELECT
	"labelled l CROSS JOIN item i ON i.seq >= l.block * " BLOCK " AND i.seq < l.block * " BLOCK
	" + " BLOCK " WHERE l.label = ?1 AND l.block <= ?2 / " BLOCK " AND l.block >= ?3 / " BLOCK
	" AND " BOUNDS " ORDER BY l.block DESC, i.seq DESC";
static const char by_time[] = SELECT "item i WHERE ?1 = 0 AND " BOUNDS " ORDER BY i.seq DESC";

const char *const reader_recent_queries[] = {by_label, by_time, NULL};

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

static int hand(void *user, const struct stored_comment *c)
{
	struct handing *to = user;

	if (!is_of_its_time(to->q, c) || !is_of_its_label(to->q, c))
		return 0;
	to->stopped = to->fn(to->user, c);
	return to->stopped ? to->stopped : ++to->n == to->q->limit ? ENOUGH : 0;
}

/* The list: 0, or SQ_DONE when nothing is in it. */
static int find_list(struct reader *r, const struct recent_query *q, const char **ret_sql,
	int64_t *ret_key, struct error *e)
{
	_buf_ struct buf name = {0};
	int64_t source = 0;
	int code = 0;

	if (q->source.n)
		code = sq_get(
			&r->q, e, &source, "SELECT id FROM source WHERE name = ?", "t", q->source);
	*ret_key = 0;
	*ret_sql = by_time;
	label_name(&name, q->category, q->topic, source);
	if (code || !name.n)
		return code;
	*ret_sql = by_label;
	return sq_get(
		&r->q, e, ret_key, "SELECT id FROM label WHERE name = ?", "t", buf_slice(&name));
}

int reader_recent_find(
	struct reader *r, const struct recent_query *q, comment_fn *fn, void *user, struct error *e)
{
	struct handing to = {q, fn, user, 0, 0};
	int64_t key, first = 0, end = INT64_MAX;
	const char *sql;
	sqlite3_stmt *s;
	int code = find_list(r, q, &sql, &key, e);

	if (code == 0 && (q->from || q->to))
		code = heard_between(&r->q, q->from, q->to, &first, &end, e);
	if (code)
		return code < 0 ? code : 0;
	if (q->before > 0 && q->before < end)
		end = q->before;
	code = sq_query(&r->q, e, &s, sql, "iii", key, end, first);
	if (code == 0)
		code = reader_each(r, s, true, hand, &to, e);
	return to.stopped || code < 0 ? code : 0;
}
