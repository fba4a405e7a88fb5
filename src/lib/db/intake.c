/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/record/wire.h>

void intake_release(struct intake *in)
{
	free(in->list);
	*in = (struct intake){0};
}

static void push(struct intake *in, uint32_t first, uint32_t end)
{
	in->list = xgrow(in->list, in->n, &in->cap, sizeof(*in->list));
	in->list[in->n++] = (struct intake_range){first, end};
}

int intake_decode(struct slice s, struct intake *ret)
{
	struct wire w = wire_reader(s);

	while (!w.bad && w.p < w.end) {
		uint64_t first = wire_varint(&w), end = wire_varint(&w);

		if (w.bad || first >= end || end > UINT32_MAX)
			return -EBADMSG;
		push(ret, (uint32_t)first, (uint32_t)end);
	}
	return 0;
}

int intake_read(struct sq *q, int64_t batch, struct intake *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(q, e, &s, "SELECT done FROM intake WHERE batch = ?", "i", batch);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	r = intake_decode(sq_col(s, 0), ret);
	sqlite3_reset(s);
	return r < 0 ? error_set(e, -EPROTO, "table intake illisible") : 0;
}

int intake_write(struct sq *q, int64_t batch, const struct intake *in, struct error *e)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < in->n; i++) {
		wire_put_varint(&b, in->list[i].first);
		wire_put_varint(&b, in->list[i].end);
	}
	return sq_do(q, e, "INSERT OR REPLACE INTO intake(batch, done) VALUES(?, ?)", "ib", batch,
		buf_slice(&b));
}

bool intake_covers(const struct intake *in, uint32_t first, uint32_t count)
{
	for (size_t i = 0; i < in->n; i++)
		if (in->list[i].first <= first && first + count <= in->list[i].end)
			return true;
	return false;
}

bool intake_has(const struct intake *in, uint32_t place)
{
	return intake_covers(in, place, 1);
}

void intake_add(struct intake *in, uint32_t first, uint32_t count)
{
	struct intake out = {0};
	struct intake_range add = {first, first + count};
	bool placed = !count;

	for (size_t i = 0; i < in->n; i++) {
		struct intake_range x = in->list[i];

		if (!placed && x.first <= add.end && add.first <= x.end) {
			add.first = x.first < add.first ? x.first : add.first;
			add.end = x.end > add.end ? x.end : add.end;
			continue;
		}
		if (!placed && x.first > add.end) {
			push(&out, add.first, add.end);
			placed = true;
		}
		push(&out, x.first, x.end);
	}
	if (!placed)
		push(&out, add.first, add.end);
	intake_release(in);
	*in = out;
}
