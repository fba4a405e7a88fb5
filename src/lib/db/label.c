/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label.h"

#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/verdict.h>

enum { MOST = 6 }; /* categories, and topics */

void label_name(struct buf *out, struct slice category, struct slice topic, int64_t source)
{
	if (category.n)
		buf_printf(out, "c:%.*s ", (int)category.n, category.p);
	if (topic.n)
		buf_printf(out, "t:%.*s ", (int)topic.n, topic.p);
	if (source)
		buf_printf(out, "s:%lld ", (long long)source);
}

/* One version on its way into its lists. */
struct adding {
	struct sq *q;
	struct map *known;
	int64_t seq, source;
};

static int find_label(const struct adding *a, struct slice name, int64_t *ret, struct error *e)
{
	const uint64_t *known = map_find(a->known, name);
	int r;

	if (known) {
		*ret = (int64_t)*known;
		return 0;
	}
	r = sq_get(a->q, e, ret, "SELECT id FROM label WHERE name = ?", "t", name);
	if (r == SQ_DONE) {
		r = sq_do(a->q, e, "INSERT INTO label(name) VALUES(?)", "t", name);
		*ret = sqlite3_last_insert_rowid(a->q->db);
	}
	if (r == 0)
		*map_at(a->known, name, NULL) = (uint64_t)*ret;
	return r;
}

static int add_under(const struct adding *a, struct slice name, struct error *e)
{
	int64_t label;
	int r = find_label(a, name, &label, e);

	return r < 0 ? r
		     : sq_do(a->q, e, "INSERT OR IGNORE INTO labelled(label, seq) VALUES(?, ?)",
			       "ii", label, a->seq);
}

/* With its source and without: either may be asked for. */
static int add(const struct adding *a, struct slice category, struct slice topic, struct error *e)
{
	_buf_ struct buf name = {0};
	int r;

	label_name(&name, category, topic, 0);
	if (!name.n)
		return 0;
	r = add_under(a, buf_slice(&name), e);
	label_name(&name, (struct slice){0}, (struct slice){0}, a->source);
	return r < 0 ? r : add_under(a, buf_slice(&name), e);
}

int labels_add(struct sq *q, struct map *known, int64_t seq, int64_t source,
	const struct verdict *v, struct error *e)
{
	const uint32_t categories = v->n_categories < MOST ? v->n_categories : MOST;
	const uint32_t topics = v->n_topics < MOST ? v->n_topics : MOST;
	const struct adding a = {q, known, seq, source};
	const struct slice none = {0};
	int r = 0;

	for (uint32_t c = 0; r == 0 && c <= categories; c++)
		for (uint32_t t = 0; r == 0 && t <= topics; t++)
			r = add(&a, c ? v->categories[c - 1] : none, t ? v->topics[t - 1] : none,
				e);
	return r;
}

static int fill_from(struct sq *q, struct map *known, struct arena *arena, struct error *e)
{
	sqlite3_stmt *s = NULL;
	int r = sq_prepare(q->db,
		"SELECT i.seq, i.source, ifnull((SELECT verdict FROM revision r WHERE r.seq = i.seq),"
		" i.verdict) FROM item i ORDER BY i.seq",
		&s, e);

	while (r == 0) {
		struct verdict v;

		r = sq_step(s, e);
		if (r)
			break;
		arena_clear(arena);
		if (verdict_decode(sq_col(s, 2), arena, &v) == 0)
			r = labels_add(q, known, sq_col_int(s, 0), sq_col_int(s, 1), &v, e);
	}
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

int labels_fill(sqlite3 *db, struct error *e)
{
	struct sq q = {.db = db};
	struct map *known = map_new();
	struct arena arena;
	int r;

	arena_init(&arena, 0);
	r = fill_from(&q, known, &arena, e);
	map_free(known);
	arena_release(&arena);
	q.db = NULL; /* whose it is closes it */
	sq_release(&q);
	return r < 0
		? r
		: sq_exec(db,
			  "INSERT INTO heard SELECT accepted - accepted % 3600000, min(seq), max(seq)"
			  " FROM item GROUP BY 1",
			  e);
}

int heard_write(struct sq *q, const struct heard *h, struct error *e)
{
	return sq_do(q, e,
		"INSERT INTO heard(hour, first, last) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET"
		" first = min(first, excluded.first), last = max(last, excluded.last)",
		"iii", h->hour, h->first, h->last);
}

int heard_between(struct sq *q, int64_t from, int64_t to, int64_t *ret_first, int64_t *ret_end,
	struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(q, e, &s,
		"SELECT ifnull(min(first), 0), ifnull(max(last) + 1, 0) FROM heard WHERE hour > ? AND hour < ?",
		"ii", from ? from - CLOCK_HOUR : INT64_MIN, to ? to : INT64_MAX);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	*ret_first = sq_col_int(s, 0);
	*ret_end = sq_col_int(s, 1);
	sqlite3_reset(s);
	return 0;
}
