/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/remind.h>

#include <errno.h>

#include "list.h"

void remind_encode(struct buf *out, const struct remind_request *q)
{
	_buf_ struct buf rows = {0};

	wire_put_i64(out, q->today);
	wire_put_varint(out, q->n);
	for (uint32_t i = 0; i < q->n; i++) {
		wire_put_i64(out, q->marks[i].row);
		wire_put_i64(out, q->marks[i].day);
		wire_put_u8(out, q->marks[i].before);
	}
	outbox_rows_encode(&rows, q->rows, q->n_rows);
	wire_put_bytes(out, buf_slice(&rows));
}

int remind_decode(struct slice s, struct arena *a, struct remind_request *ret)
{
	struct wire w = wire_reader(s);
	struct remind_request q = {.today = wire_i64(&w)};
	struct slice rows;

	q.n = list_count(&w);
	if (q.n > REMIND_MAX)
		return -EBADMSG;
	q.marks = list_alloc(a, q.n, sizeof(*q.marks));
	for (uint32_t i = 0; i < q.n && !w.bad; i++)
		q.marks[i] = (struct remind_mark){wire_i64(&w), wire_i64(&w), wire_u8(&w)};
	rows = wire_bytes(&w);
	if (!wire_done(&w) || outbox_rows_decode(rows, a, &q.rows, &q.n_rows) < 0)
		return -EBADMSG;
	*ret = q;
	return 0;
}
