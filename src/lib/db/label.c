/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label.h"

#include <string.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

enum { MOST = 6 /* categories, and topics */, KNOWN_MAX = 20000 };

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

struct label {
	int64_t id, chunk;
	uint64_t blocks[LABEL_WORDS]; /* of that chunk */
	bool dirty;
};
struct labels {
	struct map *known; /* name → place in list */
	struct label *list;
	size_t n, cap;
	struct buf name; /* of the one that is looked for */
};

struct labels *labels_new(void)
{
	struct labels *l = xcalloc(1, sizeof(*l));

	l->known = map_new();
	return l;
}

struct labels *labels_free(struct labels *l)
{
	if (!l)
		return NULL;
	map_free(l->known);
	free(l->list);
	buf_release(&l->name);
	free(l);
	return NULL;
}

void labels_clear(struct labels *l)
{
	map_clear(l->known);
	l->n = 0;
}

static int find_id(struct sq *q, struct slice name, int64_t *ret, struct error *e)
{
	int r = sq_get(q, e, ret, "SELECT id FROM label WHERE name = ?", "t", name);

	if (r == SQ_DONE) {
		r = sq_do(q, e, "INSERT INTO label(name) VALUES(?)", "t", name);
		*ret = sqlite3_last_insert_rowid(q->db);
	}
	return r;
}

const char labels_chunk_query[] =
	"SELECT chunk, blocks FROM labelled WHERE label = ? AND chunk >= ? AND chunk <= ?"
	" ORDER BY chunk DESC LIMIT 1";

int labels_chunk(struct sq *q, int64_t label, int64_t first, int64_t end, int64_t *ret_chunk,
	uint64_t ret_blocks[static LABEL_WORDS], struct error *e)
{
	const size_t size = LABEL_WORDS * sizeof(*ret_blocks);
	sqlite3_stmt *s;
	int r = sq_query(q, e, &s, labels_chunk_query, "iii", label, first / LABEL_CHUNK,
		(end - 1) / LABEL_CHUNK);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret_chunk = sq_col_int(s, 0);
	if (sq_col(s, 1).n == size)
		memcpy(ret_blocks, sq_col(s, 1).p, size);
	else
		memset(ret_blocks, 0xff, size); /* unreadable: any block may have one */
	sqlite3_reset(s);
	return 0;
}

static int write_one(struct sq *q, struct label *x, struct error *e)
{
	int r = sq_do(q, e, "INSERT OR REPLACE INTO labelled(label, chunk, blocks) VALUES(?, ?, ?)",
		"iib", x->id, x->chunk, (struct slice){(const char *)x->blocks, sizeof(x->blocks)});

	if (r == 0)
		x->dirty = false;
	return r;
}

/* Another chunk: as it is written. */
static int turn_to(struct sq *q, struct label *x, int64_t chunk, struct error *e)
{
	int64_t ignored;
	int r = x->dirty ? write_one(q, x, e) : 0;

	if (r < 0)
		return r;
	x->chunk = chunk;
	r = labels_chunk(
		q, x->id, chunk * LABEL_CHUNK, (chunk + 1) * LABEL_CHUNK, &ignored, x->blocks, e);
	if (r == SQ_DONE)
		memset(x->blocks, 0, sizeof(x->blocks));
	return r < 0 ? r : 0;
}

/* The label of l->name. */
static int find_label(struct labels *l, struct sq *q, struct label **ret, struct error *e)
{
	const struct slice name = buf_slice(&l->name);
	const uint64_t *known = map_find(l->known, name);
	struct label new = {.chunk = -1};
	int r;

	if (known) {
		*ret = &l->list[*known];
		return 0;
	}
	r = find_id(q, name, &new.id, e);
	if (r < 0)
		return r;
	l->list = xgrow(l->list, l->n, &l->cap, sizeof(*l->list));
	*map_at(l->known, name, NULL) = l->n;
	l->list[l->n] = new;
	*ret = &l->list[l->n++];
	return 0;
}

static int add(struct labels *l, struct sq *q, int64_t seq, struct error *e)
{
	const int64_t chunk = seq / LABEL_CHUNK, block = seq % LABEL_CHUNK / LABEL_BLOCK;
	const uint64_t bit = UINT64_C(1) << block % 64;
	struct label *x;
	int r = l->name.n ? find_label(l, q, &x, e) : SQ_DONE;

	if (r == 0 && x->chunk != chunk)
		r = turn_to(q, x, chunk, e);
	if (r == 0 && !(x->blocks[block / 64] & bit)) {
		x->blocks[block / 64] |= bit;
		x->dirty = true;
	}
	return r < 0 ? r : 0;
}

int labels_add(struct labels *l, struct sq *q, int64_t seq, int64_t source, const struct verdict *v,
	struct error *e)
{
	const uint32_t categories = v->n_categories < MOST ? v->n_categories : MOST;
	const uint32_t topics = v->n_topics < MOST ? v->n_topics : MOST;
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < (categories + 1) * (topics + 1); i++) {
		const uint32_t c = i / (topics + 1), t = i % (topics + 1);

		buf_clear(&l->name);
		label_name(&l->name, c ? v->categories[c - 1] : (struct slice){0},
			t ? v->topics[t - 1] : (struct slice){0}, 0);
		r = add(l, q, seq, e); /* either may be asked for */
		label_name(&l->name, (struct slice){0}, (struct slice){0}, source);
		if (r == 0)
			r = add(l, q, seq, e);
	}
	return r;
}

int labels_write(struct labels *l, struct sq *q, struct error *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->n; i++)
		if (l->list[i].dirty)
			r = write_one(q, &l->list[i], e);
	if (r == 0 && l->n > KNOWN_MAX)
		labels_clear(l);
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

static int fill_from(struct sq *q, struct labels *known, struct arena *arena, struct error *e)
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
			r = labels_add(known, q, sq_col_int(s, 0), sq_col_int(s, 1), &v, e);
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
	struct labels *known = labels_new();
	struct arena arena;
	int r;

	arena_init(&arena, 0);
	r = fill_from(&q, known, &arena, e);
	if (r == 0)
		r = labels_write(known, &q, e);
	labels_free(known);
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
