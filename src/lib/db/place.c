/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an item stands in the queue. */
#include "st.h"

/* Between P2 and P3 stands what could not be scored: it may be anything. */
static int64_t rank(const struct verdict *v)
{
	if (v->priority)
		return 2 * v->priority;
	return v->unscored ? 5 : 9;
}

#define RANK_REPORTED 6 /* that of P3 at least: somebody asked for it */

/* Where it stands, and in which files. */
static int settle_place(struct store *st, int64_t row, const struct verdict *v, int64_t *ret_rank,
	int64_t *ret_lanes, struct error *e)
{
	int64_t reported;
	int r = sq_get(&st->q, e, &reported,
		"SELECT 1 FROM item i JOIN source s ON s.id = i.source"
		" WHERE i.seq = ? AND s.name = '" COMMENT_REPORTED "'",
		"i", row);

	*ret_rank = rank(v);
	*ret_lanes = v->lanes ? v->lanes : LANE_MODERATION;
	if (r)
		return r < 0 ? r : 0;
	*ret_rank = *ret_rank > RANK_REPORTED ? RANK_REPORTED : *ret_rank;
	*ret_lanes |= LANE_MODERATION | QUEUE_REPORTED;
	return 0;
}

int queue_add(
	struct store *st, const struct queue_place *p, const struct verdict *v, struct error *e)
{
	_buf_ struct buf tags = {0};
	int64_t place, lanes;
	int r = settle_place(st, p->row, v, &place, &lanes, e);

	if (r < 0)
		return r;
	queue_tags(v, &tags);
	return sq_do(&st->q, e,
		"INSERT INTO queue(row, seq, rank, lanes, flagged_at, reopened, source, category, tags)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, (SELECT source FROM item WHERE seq = ?1), ?7, ?8)"
		" ON CONFLICT DO UPDATE SET seq = excluded.seq,"
		" category = iif(excluded.rank <= rank, excluded.category, category),"
		" tags = iif(instr(tags, excluded.tags), tags,"
		" iif(length(tags) > 2000, '', rtrim(tags)) || excluded.tags),"
		" rank = min(rank, excluded.rank), lanes = lanes | excluded.lanes",
		"iiiiiitt", p->row, p->current, place, lanes,
		st->spec.clock_event ? p->at : st->wall, (int64_t)p->decided, verdict_first(v),
		buf_slice(&tags));
}

int queue_move(
	struct store *st, const struct queue_place *p, const struct verdict *v, struct error *e)
{
	_buf_ struct buf tags = {0};
	int64_t place, lanes;
	int r = settle_place(st, p->row, v, &place, &lanes, e);

	if (r < 0)
		return r;
	queue_tags(v, &tags);
	return sq_do(&st->q, e,
		"UPDATE queue SET rank = ?, lanes = ?, category = ?, tags = ?, flagged_at = ?"
		" WHERE row = ?",
		"iittii", place, lanes, verdict_first(v), buf_slice(&tags), p->at, p->row);
}

int queue_hasten(struct store *st, int64_t row, const struct verdict *v, struct error *e)
{
	int64_t place, lanes;
	int r = settle_place(st, row, v, &place, &lanes, e);

	return r < 0
		? r
		: sq_do(&st->q, e,
			  "UPDATE queue SET rank = min(rank, ?), lanes = lanes | ? WHERE row = ?",
			  "iii", place, lanes, row);
}
