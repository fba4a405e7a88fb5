/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label.h"

#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

enum { MOST = 6 }; /* categories, and topics */

void label_name(struct buf *out, struct slice category, struct slice topic, int64_t source)
{
	if (category.n) {
		buf_add_string(out, "c:");
		buf_add_slice(out, category);
		buf_add_string(out, " ");
	}
	if (topic.n) {
		buf_add_string(out, "t:");
		buf_add_slice(out, topic);
		buf_add_string(out, " ");
	}
	if (source)
		buf_printf(out, "s:%lld", (long long)source);
}

/* A label in `known`: its id, and above it the block + 1 that was written last. */
#define ID_BITS 24
#define ID_MASK ((UINT64_C(1) << ID_BITS) - 1)

/* One version on its way into its lists. */
struct adding {
	struct sq *q;
	struct map *known;
	int64_t block, source;
	struct buf name;
};

static int find_label(const struct adding *a, int64_t *ret, struct error *e)
{
	const struct slice name = buf_slice(&a->name);
	int r = sq_get(a->q, e, ret, "SELECT id FROM label WHERE name = ?", "t", name);

	if (r == SQ_DONE) {
		r = sq_do(a->q, e, "INSERT INTO label(name) VALUES(?)", "t", name);
		*ret = sqlite3_last_insert_rowid(a->q->db);
	}
	return r;
}

static int add(struct adding *a, struct slice category, struct slice topic, int64_t source,
	struct error *e)
{
	const uint64_t *known;
	int64_t label;
	int r = 0;

	buf_clear(&a->name);
	label_name(&a->name, category, topic, source);
	known = a->name.n ? map_find(a->known, buf_slice(&a->name)) : NULL;
	if (!a->name.n || (known && (int64_t)(*known >> ID_BITS) == a->block + 1))
		return 0;
	label = known ? (int64_t)(*known & ID_MASK) : 0;
	if (!label)
		r = find_label(a, &label, e);
	if (r == 0)
		r = sq_do(a->q, e, "INSERT OR IGNORE INTO labelled(label, block) VALUES(?, ?)",
			"ii", label, a->block);
	if (r == 0 && (uint64_t)label <= ID_MASK)
		*map_at(a->known, buf_slice(&a->name), NULL) =
			(uint64_t)(a->block + 1) << ID_BITS | (uint64_t)label;
	return r;
}

int labels_add(struct sq *q, struct map *known, int64_t seq, int64_t source,
	const struct verdict *v, struct error *e)
{
	const uint32_t categories = v->n_categories < MOST ? v->n_categories : MOST;
	const uint32_t topics = v->n_topics < MOST ? v->n_topics : MOST;
	struct adding a = {q, known, seq / LABEL_BLOCK, source, {0}};
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < (categories + 1) * (topics + 1); i++) {
		const uint32_t c = i / (topics + 1), t = i % (topics + 1);
		const struct slice category = c ? v->categories[c - 1] : (struct slice){0};
		const struct slice topic = t ? v->topics[t - 1] : (struct slice){0};

		r = add(&a, category, topic, 0, e); /* either may be asked for */
		if (r == 0)
			r = add(&a, category, topic, source, e);
	}
	buf_release(&a.name);
	return r;
}

int heard_write(struct sq *q, const struct heard *h, struct error *e)
{
	return sq_do(q, e,
		"INSERT INTO heard(hour, first, last) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET"
		" first = min(first, excluded.first), last = max(last, excluded.last)",
		"iii", h->hour, h->first, h->last);
}

/* Rows of one hour that follow each other are written as one; last 0: none so far. */
static int hear(struct sq *q, struct heard *run, int64_t at, int64_t seq, struct error *e)
{
	const int64_t hour = at - at % CLOCK_HOUR;
	int r = 0;

	if (run->last && run->hour == hour) {
		run->last = seq;
		return 0;
	}
	if (run->last)
		r = heard_write(q, run, e);
	*run = (struct heard){hour, seq, seq};
	return r;
}

static int fill_from(struct sq *q, struct map *known, struct arena *arena, struct error *e)
{
	struct heard came = {0}, said = {0};
	sqlite3_stmt *s = NULL;
	int r = sq_prepare(q->db,
		"SELECT i.seq, i.source, ifnull((SELECT verdict FROM revision r WHERE r.seq = i.seq),"
		" i.verdict), i.accepted, i.body FROM item i ORDER BY i.seq",
		&s, e);

	while (r == 0) {
		struct verdict v;
		struct comment c;

		r = sq_step(s, e);
		if (r)
			break;
		arena_clear(arena);
		if (verdict_decode(sq_col(s, 2), arena, &v) == 0)
			r = labels_add(q, known, sq_col_int(s, 0), sq_col_int(s, 1), &v, e);
		if (r == 0)
			r = hear(q, &came, sq_col_int(s, 3), sq_col_int(s, 0), e);
		/* the town clock may be either */
		if (r == 0 && comment_decode(sq_col(s, 4), &c) == 0 && c.created_at)
			r = hear(q, &said, c.created_at, sq_col_int(s, 0), e);
	}
	sqlite3_finalize(s);
	if (r >= 0 && came.last)
		r = heard_write(q, &came, e);
	if (r >= 0 && said.last)
		r = heard_write(q, &said, e);
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
	return r;
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
